"""Random histories: whatever befalls the files and the runs, the index follows the files.

A history writes, changes, moves and removes the files of a small folder, and in between
runs the indexer: on all of it or a part, reading anew or not, with large batches or tiny
ones, to the end or killed on the way. After every run that ends, the engine, the ledger,
the manifest and the files have to agree; at the end of the history, the index has to be
the one that a single run makes of the same files.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.app import Index
from newsidx.article import Article
from newsidx.engines.whoosh.writer import WhooshWriter
from newsidx.index.ledger import FileRow, Ledger, Place
from newsidx.index.manifest import engine_directory, read_manifest, write_manifest
from newsidx.index.outcomes import status_for
from newsidx.indexer import run as run_module
from newsidx.indexer import workers, writing
from newsidx.indexer.discover import IGNORE_FILE, discover
from newsidx.indexer.extract import extract, job_for
from newsidx.indexer.options import RootOptions
from newsidx.indexer.resolve import first_with_body, resolve
from newsidx.indexer.run import RunOptions, run
from newsidx.indexer.writing import Writing, create_index
from newsidx.refine.identity import body_hash, hashes, own_identity
from newsidx.text.tokens import TOKEN_VERSION
from tests.indexer.archive import Archive, story

# Few of everything, so that copies, versions and first prints meet all the time.
PATHS = ("a.json", "b.jsonl", "m.txt", "x/c.json", "x/y/d.jsonl", "y/e.json", "z.json")
FOLDERS = ("x", "x/y", "y", "y/z")
TITLES = ("Bridge", "Bridge shut", "Harbour", "Storm", "Lighthouse")
TEXTS = (
    "The council voted on Tuesday to close the old bridge. Work begins in spring.",
    "The council voted on Tuesday to close the old bridge.\n\nWork begins in spring.",
    "A strong wind blew over the hills. Trees fell on the road to the lighthouse.",
    "",
)
URLS = ("https://courier.example/bridge", "https://courier.example/story.php?print=1")
IDS = ("1", "urn:uuid:8d7a35c2-52dd-4f5c-9bb0-0d5c2d5b1d11")
BROKEN = ('{"title": "Half a', " \n", '{"title": "Whole", "text": "One."}\n{"title": "Ha', "[]")
RUNS = {
    "plain": RunOptions(),
    "reread": RunOptions(reread=True),
    "rehash": RunOptions(rehash=True),
    "rebuild": RunOptions(reread=True, rebuild=True),
    "titles from authors": RunOptions(roots=RootOptions(fields={"title": "author"})),
    "titles from titles": RunOptions(roots=RootOptions()),
}
STEPS: dict[str, Any] = {
    "extract": workers,
    "save_file": Ledger,
    "set_intent": Ledger,
    "commit": WhooshWriter,
    "clear_intent": Ledger,
    "set_meta": Ledger,
    "publish": Writing,
    "write_manifest": writing,
}


class Killed(BaseException):
    """As sudden as a signal: nothing in newsidx catches it."""


@contextmanager
def killed_at(name: str, number: int, after: bool) -> Iterator[None]:
    """Let a run die before or after one of the calls of a function."""
    method, calls = getattr(STEPS[name], name), count(1)

    def step(*args: Any, **options: Any) -> Any:
        due = next(calls) == number
        if due and not after:
            raise Killed
        result = method(*args, **options)
        if due:
            raise Killed
        return result

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(STEPS[name], name, step)
        yield


def is_part(path: str, part: str) -> bool:
    return not part or path == part or path.startswith(part + "/")


class Contents:
    """All that an index of one root holds, and what must be true of it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with Index(path) as index:
            self.articles = list(index.engine.scan())
            self.manifest, self.warnings = index.manifest, index.warnings
            ledger = index.ledger()
        (self.root,) = ledger.roots()
        self.rows = ledger.files(self.root.id)
        ids = [key for (key,) in ledger.db.execute("SELECT id FROM articles")]
        keys = [key for (key,) in ledger.db.execute("SELECT id FROM places")]
        self.live = ledger.live(ids)
        self.places = {place.id: place for place in ledger.places_by("id", keys)}
        self.bad = Counter(key for (key,) in ledger.db.execute("SELECT file FROM bad_records"))
        self.intent = ledger.intent()
        ledger.close()

    def places_of(self, row: FileRow) -> list[Place]:
        found = [place for place in self.places.values() if place.file == row.id]
        return sorted(found, key=lambda place: place.position)

    def check_agreement(self) -> None:
        """The engine, the ledger and the manifest say the same, and nothing is left over."""
        assert self.intent == []
        assert self.warnings == ()
        live = engine_directory(self.path, self.manifest)
        assert list(live.parent.iterdir()) == [live]
        indexed = [place for place in self.places.values() if place.status == "indexed"]
        ids = sorted(self.live)
        assert sorted(article.id for article in self.articles) == ids
        assert sorted(str(place.article) for place in indexed) == ids
        assert {(p.article, p.id) for p in indexed} == {(a.id, a.place) for a in self.live.values()}
        state = 0
        for article in self.articles:
            known, sums = self.live[article.id], hashes(article)
            assert (known.facts, known.stored) == (sums.facts, sums.stored)
            assert known.same_text == article.same_text
            share = hashlib.blake2b(article.id.encode() + sums.facts, digest_size=16)
            state += int.from_bytes(share.digest(), "big")
        assert self.manifest.state == f"{state % (1 << 128):032x}"
        assert self.manifest.articles == len(self.articles)

    def check_outcomes(self) -> None:
        """What became of each place, and of each file, follows from the places alone."""
        outcomes = resolve(self.places.values())
        for key, place in self.places.items():
            outcome = outcomes[key]
            assert (place.status, place.article) == (outcome.status, outcome.article)
            if place.status == "indexed":
                assert self.live[outcome.article].identity == outcome.identity
        for row in self.rows.values():
            became = {place.status for place in self.places_of(row)}
            best = [s for s in ("indexed", "duplicate", "superseded") if s in became]
            assert [row.status] == ([status_for(row.reason)] if row.reason else best[:1])
        origins = [row.origin for row in self.rows.values()]
        assert len(set(origins)) == len(origins), "two files have one identity"

    def check_same_text(self) -> None:
        """All but the first of the articles with one body name the first."""
        prints: dict[bytes | None, list[Article]] = defaultdict(list)
        for article in self.articles:
            prints[body_hash(article.body)].append(article)
        assert all(article.same_text is None for article in prints.pop(None, []))
        for group in prints.values():
            first = first_with_body(self.places[self.live[article.id].place] for article in group)
            for article in group:
                expected = None if article.id == first.article else first.article
                assert article.same_text == expected

    def check_files(self, part: str) -> None:
        """Every file below a part of the root is known, as it is now."""
        options = RootOptions.from_json(self.root.options)
        seen = {p for p in discover(self.root.base, options).files if is_part(p, part)}
        assert {path for path in self.rows if is_part(path, part)} == seen
        texts = {article.id: article for article in self.articles}
        for path in seen:
            row, found = self.rows[path], extract(job_for(self.root, path))
            reason = found.reason or (found.bad[0].reason if not found.items else None)
            assert row.recorded is not None
            assert (row.digest, row.reason) == (found.digest, reason)
            assert row.bad == len(found.bad) == self.bad[row.id or 0]
            known = self.places_of(row)
            assert [place.position for place in known] == list(range(len(found.items)))
            for place, item in zip(known, found.items, strict=True):
                sums, several = item.hashes, len(found.items) > 1
                own = own_identity(row.origin, item.article.record, several, sums.content)
                assert (place.url_identity, place.own_identity) == (item.url, own)
                assert (place.stored, place.content) == (sums.stored, sums.content)
                if place.status == "indexed":
                    stored = texts[str(place.article)]
                    assert replace(stored, id="", same_text=None) == item.article

    def answers(self) -> dict[tuple[str, int], Article]:
        """The searched articles, by where they stand."""
        return {(a.path, self.places[self.live[a.id].place].position): a for a in self.articles}

    def outcomes(self) -> dict[str, tuple[str, str | None, int]]:
        return {path: (row.status, row.reason, row.bad) for path, row in self.rows.items()}

    def by_version(self) -> list[str]:
        """The files that hold articles, those with older versions first."""
        versions = {place.key[1]: place.version[:-1] for place in self.places.values()}
        return sorted(versions, key=lambda path: versions[path])


class History:
    """A folder of articles with its index, and what can happen to them."""

    def __init__(self, folder: Path) -> None:
        self.archive = Archive(folder)
        self.press = self.archive.press
        self.other = folder / "other"
        self.stories: dict[str, list[dict[str, Any]]] = {}
        self.texts: set[str] = set()
        # Files whose versions must be in the order in which they were written.
        self.written: dict[str, int] = {}

    def play(self, steps: Iterable[tuple[Any, ...]]) -> None:
        """Let steps happen: the name of one, and with what; a number means one of the files."""
        for name, *arguments in steps:
            if arguments and isinstance(arguments[0], int):
                if not self.files:
                    continue
                arguments[0] = self.files[arguments[0] % len(self.files)]
            getattr(self, name)(*arguments)

    # What happens to files

    @property
    def files(self) -> list[str]:
        found = (path for path in self.press.rglob("*.*") if path.is_file())
        return sorted(str(p.relative_to(self.press)) for p in found if p.name != IGNORE_FILE)

    def write_text(self, path: str, text: str) -> None:
        self.archive.write(path, text)
        self.written[path] = self.archive.clock
        if text in self.texts:
            # It may be taken for unchanged, or for another file that was moved.
            del self.written[path]
        self.texts.add(text)

    def write(self, path: str, *records: dict[str, Any]) -> None:
        self.stories[path] = list(records)
        if path.endswith(".txt"):
            text = f"{records[0]['title']}\n\n{records[0]['text'] or TEXTS[0]}\n"
        elif path.endswith(".jsonl"):
            text = "".join(json.dumps(record) + "\n" for record in records)
        else:
            text = json.dumps(records if len(records) > 1 else records[0])
        self.write_text(path, text)

    def write_many_titles(self, path: str, number: int, first: dict[str, Any]) -> None:
        """Several records under one URL, which is then none that can be trusted."""
        self.write(path, *({**first, "title": title, "url": URLS[1]} for title in TITLES[:number]))

    def write_elsewhere(self, file: str, to: str, change: dict[str, Any], name: str) -> None:
        """With another text, which is a newer version; or as the same text in another print."""
        for record in self.stories.get(file, [])[:1]:
            first = {"url": URLS[0], **record} if name == "text" else record
            self.write(to, {**first, name: change.get(name)})

    def write_again(self, file: str) -> None:
        if self.stories.get(file):
            self.write(file, *self.stories[file])

    def insert_on_top(self, file: str, record: dict[str, Any]) -> None:
        self.write(file, record, *self.stories.get(file, []))

    def delete_the_first(self, file: str) -> None:
        if len(self.stories.get(file, [])) > 1:
            self.write(file, *self.stories[file][1:])

    def touch(self, file: str) -> None:
        self.archive.clock += 10
        os.utime(self.press / file, (self.archive.clock, self.archive.clock))
        self.written.pop(file, None)

    def delete(self, file: str) -> None:
        (self.press / file).unlink()
        self.written.pop(file, None)

    def copy(self, file: str, to: str) -> None:
        self.stories[to] = self.stories.get(file, [])
        self.write_text(to, (self.press / file).read_text())

    def rename(self, file: str, to: str) -> None:
        (self.press / to).parent.mkdir(parents=True, exist_ok=True)
        (self.press / file).replace(self.press / to)
        self._moved(file, to)

    def rename_folder(self, folder: str, to: str) -> None:
        if not (self.press / folder).is_dir() or (self.press / to).exists() or is_part(to, folder):
            return
        inside = [path for path in self.files if is_part(path, folder)]
        (self.press / to).parent.mkdir(parents=True, exist_ok=True)
        (self.press / folder).rename(self.press / to)
        for path in inside:
            self._moved(path, to + path.removeprefix(folder))

    def _moved(self, path: str, to: str) -> None:
        self.stories[to] = self.stories.get(path, [])
        self.written.pop(path, None)
        self.written.pop(to, None)

    def ignore(self, folder: str, rules: str) -> None:
        if (self.press / folder).is_dir():
            (self.press / folder / IGNORE_FILE).write_text(rules)
            # What comes back is first seen later than it was written.
            self.written.clear()

    # What happens to the index

    def age(self) -> None:
        """It is that of an older newsidx, and the next run makes it anew."""
        manifest = read_manifest(self.archive.path)
        write_manifest(self.archive.path, replace(manifest, tokens=manifest.tokens - 1))

    def run(self, part: str = "", kind: str = "plain", small: bool = False) -> None:
        """Run to the end, and check what must hold then."""
        self._run(part, kind, small)
        found = Contents(self.archive.path)
        found.check_agreement()
        found.check_outcomes()
        found.check_same_text()
        found.check_files(part)

    def run_around(self, file: str, folder: bool, kind: str = "plain", small: bool = False) -> None:
        """Run on a file alone, or on its folder."""
        self.run(file.rpartition("/")[0] if folder else file, kind, small)

    def run_killed(
        self, part: str, kind: str, small: bool, step: str, number: int, after: bool
    ) -> None:
        """Run, and die on the way; the index still answers, as it did while it is made anew."""
        if not (self.press / part).exists():
            return
        with Index(self.archive.path) as index:
            before, articles = index.manifest, sorted(a.id for a in index.engine.scan())
        with suppress(Killed), killed_at(step, number, after):
            self._run(part, kind, small)
        found = Contents(self.archive.path)
        ids = sorted(article.id for article in found.articles)
        assert len(set(ids)) == len(ids)
        if found.manifest.number != before.number:
            assert all(row.recorded is not None for row in found.rows.values())
        elif RUNS[kind].rebuild or before.tokens != TOKEN_VERSION:
            assert ids == articles

    def _run(self, part: str, kind: str, small: bool) -> None:
        if part:
            # What was written outside of it is first seen later than it was written.
            self.written.clear()
        with pytest.MonkeyPatch.context() as patched:
            if small:
                patched.setattr(run_module, "BATCH_ARTICLES", 1)
            run(self.archive.path, [str(self.press / part)], RUNS[kind])

    def compare_with_one_run(self) -> None:
        """Hold the index against a new one of the same files, dated in the order of versions."""
        found = Contents(self.archive.path)
        order = found.by_version()
        plain = [path for path in order if path in self.written]
        assert plain == sorted(plain, key=lambda path: self.written[path])
        for number, path in enumerate(order):
            os.utime(self.press / path, (1_400_000_000 + number, 1_400_000_000 + number))
        create_index(self.other, "whoosh", "en")
        options = RunOptions(RootOptions.from_json(found.root.options))
        run(self.other, [str(self.press)], options)
        fresh = Contents(self.other)
        assert found.outcomes() == fresh.outcomes()
        ours, theirs = found.answers(), fresh.answers()
        assert ours.keys() == theirs.keys()
        for key, article in ours.items():
            twin = theirs[key]
            assert article == replace(twin, id=article.id, same_text=article.same_text)
            if found.rows[article.path].origin == f"{article.root}/{article.path}":
                assert article.id == twin.id


def play_to_the_end(steps: Iterable[tuple[Any, ...]]) -> None:
    # In memory where that can be had: a history waits for the disk hundreds of times.
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        history = History(Path(folder))
        history.run()
        history.play(steps)
        history.run()
        history.compare_with_one_run()


# Histories at random: some files are written, then come rounds of changes and a run.

some = st.sampled_from


def a_step(name: str, *arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.tuples(st.just(name), *arguments)


a_story = st.builds(
    lambda title, text, **fields: story(title, text, **{k: v for k, v in fields.items() if v}),
    some(TITLES[:2]),
    some(TEXTS),
    url=some((None, URLS[0], *URLS)),
    id=some((None, None, None, *IDS)),
    source=some((None, "Courier", "Ledger")),
    date=some((None, "2016-11-08", "2016-11")),
    author=some((None, "Ann Lee", "Bo Diaz")),
)
a_file = st.integers(0, len(PATHS) - 1)
a_path, a_folder = some(PATHS), some(FOLDERS)
a_name = some(("text", "text", "source", "date", "url", "author"))
# Runs that read everything anew would put right what the others get wrong.
a_kind = some(("plain",) * 8 + (*RUNS,))
a_write = st.one_of(
    a_step("write", a_path, a_story),
    a_step("write", a_path, a_story, a_story),
)
a_change = st.one_of(
    a_write,
    a_step("write_text", a_path, some(BROKEN)),
    a_step("write_many_titles", a_path, st.integers(2, 5), a_story),
    a_step("write_elsewhere", a_file, a_path, a_story, a_name),
    a_step("write_again", a_file),
    a_step("insert_on_top", a_file, a_story),
    a_step("delete_the_first", a_file),
    a_step("touch", a_file),
    a_step("delete", a_file),
    a_step("copy", a_file, a_path),
    a_step("rename", a_file, a_path),
    a_step("rename_folder", a_folder, a_folder),
    a_step("ignore", some(("", *FOLDERS)), some(("", "y\n", "*.json*\n"))),
    a_step("age"),
)
a_killed_run = a_step(
    "run_killed",
    some(("", "", "x", "y")),
    a_kind,
    st.booleans(),
    some(("commit", "clear_intent", *STEPS)),
    some((1, 1, 2, 3, 5)),
    st.booleans(),
)
a_run = st.one_of(
    a_step("run", st.just(""), a_kind, st.booleans()),
    a_step("run_around", a_file, st.booleans(), a_kind, st.booleans()),
    a_killed_run,
    a_killed_run,
)
a_round = st.tuples(st.lists(a_change, max_size=5), a_run).map(lambda pair: [*pair[0], pair[1]])


@settings(max_examples=120)
@given(st.lists(a_write, max_size=8), st.lists(a_round, max_size=10))
def test_the_index_follows_the_files_whatever_happens(
    beginning: list[tuple[Any, ...]], rounds: list[list[tuple[Any, ...]]]
) -> None:
    play_to_the_end([*beginning, *(step for steps in rounds for step in steps)])
