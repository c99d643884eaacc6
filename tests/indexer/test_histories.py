"""Random histories: whatever befalls the files and the runs, the index follows the files.

A history writes, changes, moves and removes the files of a small folder, and in between
runs the indexer: on all of it or a part, reading anew or not, with large batches or tiny
ones, to the end or killed on the way. It removes articles from the index, and restores
them. After every run that ends, the engine, the ledger, the manifest and the files have to
agree, and nothing that was removed may be searched; at the end of the history, when all is
restored, the index has to be the one that a single run makes of the same files.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from msgspec.structs import replace

from newsidx.app import Index
from newsidx.article import Article
from newsidx.engines.whoosh.writer import WhooshWriter
from newsidx.errors import Refused
from newsidx.index.ledger import Ledger
from newsidx.index.manifest import Manifest, read_manifest, write_manifest
from newsidx.index.outcomes import status_for
from newsidx.index.removals import met
from newsidx.index.rows import FileRow, LiveArticle, Place, Root, key_of
from newsidx.indexer import parts, worker
from newsidx.indexer.extract import extract, job_for
from newsidx.indexer.removal import remove, restore
from newsidx.indexer.resolve import first_with_body, resolve
from newsidx.indexer.run import RunOptions, run
from newsidx.indexer.writing import Writing, create_index
from newsidx.refine.identity import body_hash, hashes, own_identity
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

stories = st.builds(
    lambda title, text, **fields: story(
        title, text, language="en", **{name: value for name, value in fields.items() if value}
    ),
    st.sampled_from(TITLES),
    st.sampled_from(TEXTS),
    url=st.sampled_from((None, None, *URLS)),
    id=st.sampled_from((None, None, None, *IDS)),
    source=st.sampled_from((None, "Courier", "Ledger")),
    date=st.sampled_from((None, "2016-11-08", "2016-11")),
    author=st.sampled_from((None, None, "Ann Lee")),
)
some_file = st.integers(0, len(PATHS) - 1)
STEPS: tuple[tuple[Any, str], ...] = (
    (worker, "extract"),
    (Ledger, "save_file"),
    (Ledger, "set_intent"),
    (WhooshWriter, "commit"),
    (Ledger, "clear_intent"),
    (Ledger, "set_meta"),
    (Writing, "publish"),
)
some_step = st.one_of(
    st.none(),
    st.tuples(st.sampled_from(STEPS), st.integers(1, 3), st.booleans()).map(
        lambda drawn: (*drawn[0], *drawn[1:])
    ),
)
OPTIONS = (
    RunOptions(),
    RunOptions(reread=True),
    RunOptions(rehash=True),
    RunOptions(reread=True, rebuild=True),
)


class Killed(BaseException):
    """As sudden as a signal: nothing in newsidx catches it."""


@contextmanager
def killed_at(owner: Any, name: str, number: int, after: bool) -> Iterator[None]:
    """Let the run die before or after the so-manieth call of a function."""
    method, calls = getattr(owner, name), count(1)

    def step(*args: Any, **options: Any) -> Any:
        due = next(calls) == number
        if due and not after:
            raise Killed
        result = method(*args, **options)
        if due:
            raise Killed
        return result

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(owner, name, step)
        yield


@dataclass
class Snapshot:
    """All that an index holds. Files go by their paths below the root, `press`."""

    articles: list[Article]
    live: dict[str, LiveArticle]
    root: Root
    rows: dict[str, FileRow]
    places: dict[int, Place]
    marks: dict[bytes, str]
    bad: Counter[int]
    intent: list[str]
    manifest: Manifest
    warnings: tuple[str, ...]

    @classmethod
    def of(cls, path: Path) -> Snapshot:
        with Index(path) as index:
            articles, warnings, manifest = list(index.engine.scan()), index.warnings, index.manifest
            ledger = index.ledger()
        try:
            ids = [key for (key,) in ledger.db.execute("SELECT id FROM articles")]
            (root,) = ledger.roots()
            rows = ledger.files(root.id)
            places = ledger.places_by("file", [row.id for row in rows.values()])
            bad = Counter(key for (key,) in ledger.db.execute("SELECT file FROM bad_records"))
            return cls(
                articles, ledger.live(ids), root, rows, {place.id: place for place in places},
                met(ledger, places), bad, ledger.intent(), manifest, warnings,
            )  # fmt: skip
        finally:
            ledger.close()

    def places_of(self, row: FileRow) -> list[Place]:
        found = [place for place in self.places.values() if place.file == row.id]
        return sorted(found, key=lambda place: place.position)

    def check_agreement(self) -> None:
        """The engine, the ledger and the manifest say the same."""
        assert self.intent == []
        assert self.warnings == ()
        indexed = [place for place in self.places.values() if place.status == "indexed"]
        ids = sorted(self.live)
        assert sorted(article.id for article in self.articles) == ids
        assert sorted(str(place.article) for place in indexed) == ids
        assert {(p.article, p.id) for p in indexed} == {(a.id, a.place) for a in self.live.values()}
        for article in self.articles:
            known, sums = self.live[article.id], hashes(article)
            assert (known.facts, known.stored) == (sums.facts, sums.stored)
            assert known.same_text == article.same_text
        share = (
            hashlib.blake2b(a.id.encode() + hashes(a).facts, digest_size=16) for a in self.articles
        )
        state = sum(int.from_bytes(part.digest(), "big") for part in share) % (1 << 128)
        assert self.manifest.state == f"{state:032x}"
        assert self.manifest.articles == len(self.articles)

    def check_outcomes(self) -> None:
        """What became of each place, and of each file, follows from the places alone."""
        outcomes = resolve(self.places.values(), self.marks)
        for key, place in self.places.items():
            outcome = outcomes[key]
            assert (place.status, place.article) == (outcome.status, outcome.article)
            if place.status == "indexed":
                assert self.live[outcome.article].identity == outcome.identity
        for row in self.rows.values():
            became = {place.status for place in self.places_of(row)}
            order = ("indexed", "duplicate", "superseded", "removed")
            best = next((status for status in order if status in became), None)
            assert row.status == (status_for(row.reason) if row.reason else best)
        origins = Counter(row.origin for row in self.rows.values())
        assert set(origins.values()) <= {1}, f"two files are one: {origins}"

    def check_same_text(self) -> None:
        """All but the first article with a body name the first."""
        prints: dict[bytes, list[Article]] = defaultdict(list)
        for article in self.articles:
            body = body_hash(article.body)
            if body is None:
                assert article.same_text is None
            else:
                prints[body].append(article)
        for group in prints.values():
            first = first_with_body(self.places[self.live[article.id].place] for article in group)
            for article in group:
                expected = None if article.id == first.article else first.article
                assert article.same_text == expected

    def check_files(self, press: Path, part: str) -> None:
        """Every file below a part of the root is known, as it is now."""
        files = {path for path in files_below(press) if is_part(path, part)}
        assert {path for path in self.rows if is_part(path, part)} == files
        texts = {article.id: article for article in self.articles}
        for path in files:
            row = self.rows[path]
            assert row.recorded is not None
            (found,) = extract(job_for(self.root, path))
            first_bad = found.bad[0].reason if found.bad and not found.items else None
            assert (row.digest, row.reason) == (found.digest, found.reason or first_bad)
            assert row.bad == len(found.bad) == self.bad[row.id or 0]
            places = self.places_of(row)
            assert [place.position for place in places] == list(range(len(found.items)))
            for place, item in zip(places, found.items, strict=True):
                sums, several = item.hashes, len(found.items) > 1
                assert place.url_key == (key_of(item.url) if item.url else None)
                own = own_identity(row.origin, item.article.record, several, sums.content)
                assert place.own_key == key_of(own)
                known = (place.url_identity, place.own_identity)
                assert known == (item.url, own) or (
                    place.status in ("removed", "superseded") and known == (None, "")
                )
                assert (place.stored, place.content) == (sums.stored, sums.content)
                if place.status == "indexed":
                    text = texts[str(place.article)]
                    assert replace(text, id="", same_text=None) == item.article

    def answers(self) -> dict[tuple[str, int], Article]:
        """The searched articles, by where they stand."""
        places = {key: self.places[article.place] for key, article in self.live.items()}
        return {(a.path, places[a.id].position): a for a in self.articles}

    def outcomes(self) -> dict[str, tuple[str, str | None, int]]:
        return {path: (row.status, row.reason, row.bad) for path, row in self.rows.items()}


def files_below(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def is_part(path: str, part: str) -> bool:
    return not part or path == part or path.startswith(part + "/")


class Histories(RuleBasedStateMachine):
    """What can happen to a folder of articles and its index."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.archive = Archive(Path(self.folder.name))
        self.press = self.archive.press
        self.stories: dict[str, list[dict[str, Any]]] = {}
        self.past: set[str] = set()
        # When a file's text was written, where its version must follow from that alone.
        self.written: dict[str, int] = {}
        self.sound = False
        # What was removed and not restored: id -> hash of what the article said.
        self.removed: dict[str, bytes] = {}

    def teardown(self) -> None:
        try:
            if self.sound:
                self.index("")
                restore(self.archive.path, list(self.removed))
                self.removed.clear()
                self.index("")
                self.compare_with_one_run()
        finally:
            self.folder.cleanup()

    # Files

    @property
    def files(self) -> list[str]:
        return files_below(self.press)

    def file(self, which: int) -> str:
        return self.files[which % len(self.files)]

    def write_text(self, path: str, text: str) -> None:
        self.archive.write(path, text)
        self.written[path] = self.archive.clock
        if text in self.past:
            # It may be taken for unchanged, or for another file that was moved.
            del self.written[path]
        self.past.add(text)

    def write_stories(self, path: str, records: list[dict[str, Any]]) -> None:
        self.stories[path] = records
        if path.endswith(".txt"):
            text = f"{records[0]['title']}\n\n{records[0]['text'] or TEXTS[0]}\n"
        elif path.endswith(".jsonl"):
            text = "".join(json.dumps(record) + "\n" for record in records)
        else:
            text = json.dumps(records if len(records) > 1 else records[0])
        self.write_text(path, text)

    def moved(self, path: str, to: str) -> None:
        for known in (self.stories, self.written):
            known.pop(to, None)
        self.written.pop(path, None)
        if path in self.stories:
            self.stories[to] = self.stories[path]

    @rule(path=st.sampled_from(PATHS), records=st.lists(stories, min_size=1, max_size=3))
    def write(self, path: str, records: list[dict[str, Any]]) -> None:
        self.write_stories(path, records)

    @rule(path=st.sampled_from(PATHS), text=st.sampled_from(BROKEN))
    def write_what_is_broken(self, path: str, text: str) -> None:
        self.write_text(path, text)

    @rule(path=st.sampled_from(PATHS), number=st.integers(2, 5), first=stories)
    def write_many_titles_under_one_url(
        self, path: str, number: int, first: dict[str, Any]
    ) -> None:
        records = [{**first, "title": title, "url": URLS[1]} for title in TITLES[:number]]
        self.write_stories(path, records)

    @precondition(lambda self: self.files)
    @rule(which=some_file)
    def write_it_again(self, which: int) -> None:
        path = self.file(which)
        if path in self.stories:
            self.write_stories(path, self.stories[path])

    @precondition(lambda self: self.files)
    @rule(which=some_file, record=stories)
    def insert_a_record_at_the_top(self, which: int, record: dict[str, Any]) -> None:
        path = self.file(which)
        self.write_stories(path, [record, *self.stories.get(path, [])])

    @precondition(lambda self: self.files)
    @rule(which=some_file)
    def delete_the_first_record(self, which: int) -> None:
        path = self.file(which)
        if len(self.stories.get(path, [])) > 1:
            self.write_stories(path, self.stories[path][1:])

    @precondition(lambda self: self.files)
    @rule(which=some_file, to=st.sampled_from(PATHS), change=stories, key=st.sampled_from(
        ("text", "title", "source", "date", "author", "url")))  # fmt: skip
    def write_it_elsewhere_with_a_change(
        self, which: int, to: str, change: dict[str, Any], key: str
    ) -> None:
        """A newer version, where the URL stays; else another print of the text."""
        records = self.stories.get(self.file(which), [])
        if records:
            first = {"url": URLS[0], **records[0]} if key == "text" else records[0]
            self.write_stories(to, [{**first, key: change.get(key)}])

    @precondition(lambda self: self.files)
    @rule(which=some_file)
    def touch(self, which: int) -> None:
        path = self.file(which)
        self.archive.clock += 10
        os.utime(self.press / path, (self.archive.clock, self.archive.clock))
        self.written.pop(path, None)

    @precondition(lambda self: self.files)
    @rule(which=some_file)
    def delete(self, which: int) -> None:
        path = self.file(which)
        (self.press / path).unlink()
        self.written.pop(path, None)

    @precondition(lambda self: self.files)
    @rule(which=some_file, to=st.sampled_from(PATHS))
    def copy(self, which: int, to: str) -> None:
        path = self.file(which)
        if path != to:
            text = (self.press / path).read_text()
            self.moved(path, to)
            self.write_text(to, text)

    @precondition(lambda self: self.files)
    @rule(which=some_file, to=st.sampled_from(PATHS))
    def rename(self, which: int, to: str) -> None:
        path = self.file(which)
        if path != to:
            (self.press / to).parent.mkdir(parents=True, exist_ok=True)
            (self.press / path).replace(self.press / to)
            self.moved(path, to)

    @precondition(lambda self: self.files)
    @rule(folder=st.sampled_from(FOLDERS), to=st.sampled_from(FOLDERS))
    def rename_a_folder(self, folder: str, to: str) -> None:
        if not (self.press / folder).is_dir() or (self.press / to).exists() or is_part(to, folder):
            return
        inside = [path for path in self.files if is_part(path, folder)]
        (self.press / to).parent.mkdir(parents=True, exist_ok=True)
        (self.press / folder).rename(self.press / to)
        for path in inside:
            self.moved(path, to + path.removeprefix(folder))

    # Runs

    def index(self, part: str, options: RunOptions = OPTIONS[0]) -> None:
        """Run to the end, and check what must hold then."""
        self.sound = False
        run(self.archive.path, [str(self.press / part)], options)
        found = Snapshot.of(self.archive.path)
        found.check_agreement()
        found.check_outcomes()
        found.check_same_text()
        found.check_files(self.press, part)
        self.check_removed(found.articles)
        if part:
            # What was written outside of it is first seen later than it was written.
            self.written.clear()
        self.sound = True

    @contextmanager
    def batches(self, small: bool) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patched:
            if small:
                patched.setattr(parts, "PART_ARTICLES", 1)
            yield

    @initialize()
    def the_folder_is_a_root(self) -> None:
        self.index("")

    @rule(small=st.booleans())
    def run_all(self, small: bool) -> None:
        with self.batches(small):
            self.index("")

    @rule(options=st.sampled_from(OPTIONS), small=st.booleans())
    def run_with_options(self, options: RunOptions, small: bool) -> None:
        with self.batches(small):
            self.index("", options)

    @rule(part=st.sampled_from((*FOLDERS, *PATHS)), small=st.booleans())
    def run_a_part(self, part: str, small: bool) -> None:
        if (self.press / part).exists():
            with self.batches(small):
                self.index(part)

    @rule(
        part=st.sampled_from(("", "", "", *FOLDERS)),
        options=st.sampled_from(OPTIONS),
        small=st.booleans(),
        step=st.sampled_from(STEPS),
        number=st.integers(1, 4),
        after=st.booleans(),
    )
    def run_killed(
        self,
        part: str,
        options: RunOptions,
        small: bool,
        step: tuple[Any, str],
        number: int,
        after: bool,
    ) -> None:
        if not (self.press / part).exists() or (part and options.rebuild):
            return
        self.sound = False
        if part:
            self.written.clear()
        try:
            with self.batches(small), killed_at(*step, number, after):
                run(self.archive.path, [str(self.press / part)], options)
        except Killed:
            with Index(self.archive.path) as index:
                answers = list(index.engine.scan())
            assert len({article.id for article in answers}) == len(answers)
        self.sound = True

    # Removals

    def check_removed(self, articles: list[Article]) -> None:
        said = {hashes(article).content for article in articles}
        assert said.isdisjoint(self.removed.values())

    def removing(self, change: Any, step: tuple[Any, ...] | None) -> None:
        """Remove or restore, perhaps killed on the way, and see what is known afterwards."""
        try:
            with killed_at(*step) if step else nullcontext():
                change()
        except Refused:
            done = False  # it has to be built anew first
        except Killed:
            done = False
        else:
            done = True
        with Index(self.archive.path) as index:
            known = {removal.id for removal in index.removals()}
            articles = list(index.engine.scan())
        self.removed = {key: said for key, said in self.removed.items() if key in known}
        if done:
            self.check_removed(articles)

    @rule(which=st.lists(st.integers(0, 20), min_size=1, max_size=3), step=some_step)
    def remove_articles(self, which: list[int], step: tuple[Any, ...] | None) -> None:
        with Index(self.archive.path) as index:
            articles = list(index.engine.scan())
        chosen = [articles[n % len(articles)] for n in which] if articles else []
        self.removed |= {article.id: hashes(article).content for article in chosen}
        self.removing(lambda: remove(self.archive.path, [a.id for a in chosen]), step)

    @precondition(lambda self: self.removed)
    @rule(which=st.integers(0, 20), step=some_step)
    def restore_an_article(self, which: int, step: tuple[Any, ...] | None) -> None:
        key = sorted(self.removed)[which % len(self.removed)]
        self.removing(lambda: restore(self.archive.path, [key]), step)

    @rule()
    def words_are_cut_anew(self) -> None:
        """The index is that of an older newsidx, which the next run makes anew."""
        manifest = read_manifest(self.archive.path)
        write_manifest(self.archive.path, replace(manifest, tokens=manifest.tokens - 1))

    def compare_with_one_run(self) -> None:
        """Hold the index against a new one of the same files, dated in the order of versions."""
        found = Snapshot.of(self.archive.path)
        versions = {
            path: places[0].version[:-1]
            for path, row in found.rows.items()
            if (places := found.places_of(row))
        }
        order = sorted(versions, key=lambda path: versions[path])
        plain = [path for path in order if path in self.written]
        assert plain == sorted(plain, key=lambda path: self.written[path])
        for number, path in enumerate(order):
            os.utime(self.press / path, (1_400_000_000 + number, 1_400_000_000 + number))
        other = Path(self.folder.name) / "other"
        create_index(other, "whoosh", "en")
        run(other, [str(self.press)], RunOptions())
        fresh = Snapshot.of(other)
        assert found.outcomes() == fresh.outcomes()
        ours, theirs = found.answers(), fresh.answers()
        assert ours.keys() == theirs.keys()
        for key, article in ours.items():
            same = replace(theirs[key], id=article.id, same_text=article.same_text)
            assert article == same
            if found.rows[article.path].origin == f"{article.root}/{article.path}":
                assert article.id == theirs[key].id
        shutil.rmtree(other)


def test_the_index_follows_the_files_whatever_happens() -> None:
    run_state_machine_as_test(Histories, settings=settings(max_examples=25, stateful_step_count=20))
