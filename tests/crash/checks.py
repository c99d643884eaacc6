"""What must hold of an index after a kill, and after the next run."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsidx.app import Index
from newsidx.article import Article
from newsidx.errors import IndexNotFound
from newsidx.index.ledger import Ledger
from newsidx.index.manifest import engine_directory, read_manifest
from newsidx.index.outcomes import PASSING
from newsidx.index.rows import Place
from newsidx.indexer.resolve import resolve
from newsidx.refine.identity import hashes
from tests.crash.steps import ids_print, print_of
from tests.crash.victim import processes_of

__all__ = [
    "Portrait",
    "check_agreement",
    "check_answers",
    "check_ledger_is_sound",
    "check_leftovers",
    "check_no_orphans",
    "committed",
    "note_state",
    "print_of_articles",
    "state_of",
]

QUERIES = ("bridge", '"old bridge"', "harbour OR museum", "story1*", "source:courier -bridge",
           "title:ferry", "date>=2008", "council NEAR/5 bridge", "has more", "story17")  # fmt: skip
# Seconds until a worker has to have noticed that its parent is gone.
_PATIENCE = 60


def print_of_articles(articles: list[Article]) -> str:
    """As the ledger's articles are noted, of those that the engine holds."""
    return print_of((a.id, hashes(a).stored, a.same_text) for a in articles)


def state_of(articles: list[Article]) -> str:
    """The state that an index of some articles has."""
    shares = (
        hashlib.blake2b(a.id.encode() + hashes(a).facts, digest_size=16).digest() for a in articles
    )
    return f"{sum(int.from_bytes(share, 'big') for share in shares) % (1 << 128):032x}"


def committed(log: Path) -> list[dict[str, Any]]:
    """The states that were noted before they were committed."""
    lines = log.read_text().splitlines() if log.exists() else []
    return [record for line in lines if "print" in (record := json.loads(line))]


def note_state(path: Path, log: Path) -> None:
    """Note the state in which an index is."""
    with Index(path) as index:
        articles, number, state = list(index.engine.scan()), index.manifest.number, None
        state = index.manifest.state
    record = {
        "engine": number,
        "state": state,
        "articles": len(articles),
        "ids": ids_print(a.id for a in articles),
        "print": print_of_articles(articles),
    }
    with log.open("a") as file:
        file.write(json.dumps(record) + "\n")


def check_answers(path: Path, log: Path, queries: Sequence[str] = QUERIES) -> int:
    """The index opens and answers as of a commit, whatever it is asked; gives the answers.

    Args:
        path: The index.
        log: Where its states were noted.
    """
    if not (path / "manifest.json").exists():
        try:
            Index(path)
        except IndexNotFound:
            return 1
    with Index(path) as index:
        articles, manifest = list(index.engine.scan()), index.manifest
        known = {
            record["print"] for record in committed(log) if record["engine"] == manifest.number
        }
        assert print_of_articles(articles) in known, f"{len(articles)} articles, never committed so"
        assert len({article.id for article in articles}) == len(articles)
        if index.engine.commit == manifest.commit:
            assert manifest.state == state_of(articles), "the manifest has another state"
            assert manifest.articles == len(articles)
        else:
            assert index.warnings, "the manifest is of another commit, and nobody says so"
        for article in articles:
            assert index.get(article.id) == article
        answers = {query: _answer(index, query) for query in queries}
    with Index(path, "memory") as oracle:
        for query, answer in answers.items():
            assert answer == _answer(oracle, query), query
    return 1 + len(answers)


def _answer(index: Index, query: str) -> tuple[int, set[str]]:
    page = index.search(query, limit=None, snippets=0, suggest=False)
    return page.total, {hit.article.id for hit in page.hits}


def check_agreement(path: Path) -> None:
    """After a run that ended, the engine, the ledger and the manifest say the same."""
    with Index(path) as index:
        articles, manifest, warnings = list(index.engine.scan()), index.manifest, index.warnings
        ledger = index.ledger()
    try:
        live = ledger.live([key for (key,) in ledger.db.execute("SELECT id FROM articles")])
        files = [key for (key,) in ledger.db.execute("SELECT id FROM files")]
        places = {place.id: place for place in ledger.places_by("file", files)}
        rows = [ledger.file(key) for key in files]
        marks = _removed(ledger, places.values())
        assert ledger.intent() == []
    finally:
        ledger.close()
    assert warnings == ()
    assert manifest.finished
    assert manifest.state == state_of(articles)
    assert manifest.articles == len(articles) == len(live)
    for article in articles:
        known, sums = live[article.id], hashes(article)
        assert (known.facts, known.stored) == (sums.facts, sums.stored)
        assert known.same_text == article.same_text
    indexed = {(p.article, p.id) for p in places.values() if p.status == "indexed"}
    assert indexed == {(article.id, article.place) for article in live.values()}
    for key, outcome in resolve(places.values(), *marks).items():
        assert (places[key].status, places[key].article) == (outcome.status, outcome.article)
    for row in rows:
        assert row.recorded is not None or row.reason in PASSING, f"{row.path} is not done"


def _removed(ledger: Ledger, places: Collection[Place]) -> list[Any]:
    """What `resolve` has to know of what was removed, where that is possible."""
    try:
        from newsidx.index import removals
    except ImportError:
        return []
    return [removals.met(ledger, places)]


@dataclass(frozen=True)
class Portrait:
    """All of an index that must not depend on how it came to be."""

    state: str
    articles: dict[str, dict[str, Any]]
    files: dict[tuple[str, str], tuple[Any, ...]]
    places: dict[tuple[str, int], tuple[Any, ...]]

    @classmethod
    def of(cls, path: Path) -> Portrait:
        with Index(path) as index:
            articles = {article.id: article.to_dict() for article in index.engine.scan()}
            state = index.manifest.state
            ledger = index.ledger()
        try:
            files = ledger.db.execute(
                "SELECT r.label, f.path, f.origin, f.size, f.mtime, f.digest, f.status, f.reason,"
                " f.reader, f.bad, c.path FROM files f JOIN roots r ON r.id = f.root"
                " LEFT JOIN files c ON c.id = f.container"
            ).fetchall()
            places = ledger.db.execute(
                "SELECT f.path, p.position, p.own_identity, p.url_identity, p.stored, p.status,"
                " p.article FROM places p JOIN files f ON f.id = p.file"
            ).fetchall()
        finally:
            ledger.close()
        return cls(
            state,
            articles,
            {(label, name): tuple(rest) for label, name, *rest in files},
            {(name, position): tuple(rest) for name, position, *rest in places},
        )

    def check_same(self, calm: Portrait) -> None:
        """It is that of an index that was never disturbed."""
        for name in ("files", "places", "articles"):
            differing = _difference(getattr(self, name), getattr(calm, name))
            assert not differing, f"{name}, ours and those of the calm one: {differing}"
        assert self.state == calm.state


def _difference(ours: dict[Any, Any], theirs: dict[Any, Any]) -> dict[Any, Any]:
    keys = [key for key in ours.keys() | theirs.keys() if ours.get(key) != theirs.get(key)]
    return {key: (ours.get(key), theirs.get(key)) for key in keys[:5]}


def check_leftovers(path: Path, calm: Path) -> None:
    """No file lies about that an index that was never disturbed does not have as well."""
    ours, theirs = ({p.name for p in one.iterdir()} for one in (path, calm))
    assert ours <= theirs, f"left lying in the index: {sorted(ours - theirs)}"
    engines = [home.name for home in (path / "engine").iterdir()]
    home = engine_directory(path, read_manifest(path))
    assert engines == [home.name], f"engines: {engines}"
    strange = _unnamed(home) - _unnamed(engine_directory(calm, read_manifest(calm)))
    assert not strange, f"left lying in the engine's directory: {dict(strange)}"
    tables = [p.name for p in home.iterdir() if p.suffix == ".toc"]
    assert len(tables) <= 2, f"more than two generations: {tables}"


def _unnamed(home: Path) -> Counter[str]:
    """The files of a Whoosh index that none of its tables of contents names, by kind."""
    from whoosh.filedb.filestore import FileStorage
    from whoosh.index import TOC

    storage = FileStorage(str(home), readonly=True)
    names: set[str] = set()
    for path in home.iterdir():
        if found := re.fullmatch(r"_MAIN_(\d+)\.toc", path.name):
            table: Any = TOC.read(storage, "MAIN", gen=int(found[1]))
            names |= {segment.segment_id() for segment in table.segments}
    files = (str(p.relative_to(home)) for p in home.rglob("*"))
    loose = (name for name in files if name.split(".")[0].split("/")[0] not in names)
    return Counter(re.sub(r"MAIN_[0-9a-z]{8,}|\d+", "#", name) for name in loose)


def check_no_orphans(group: int) -> float:
    """Every process of a group ends soon; gives the seconds that it took."""
    begun = time.monotonic()
    while left := processes_of(group):
        assert time.monotonic() - begun < _PATIENCE, f"processes outlive their parent: {left}"
        time.sleep(0.1)
    return time.monotonic() - begun


def check_ledger_is_sound(path: Path) -> None:
    """SQLite finds nothing wrong with it."""
    ledger = Ledger(path / "ledger.db", writable=True)
    try:
        assert ledger.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert ledger.db.execute("PRAGMA foreign_key_check").fetchall() == []
    finally:
        ledger.close()
