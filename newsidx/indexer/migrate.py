"""Moving an index to another engine, without its source files.

What the new engine holds is copied from the old one, and compared with it; the ledger,
which knows files, copies, removals and roots, belongs to both. The manifest names the new
engine last: until then the old one answers, and a run that is cut off leaves nothing but
files that the next writer clears away.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from newsidx.article import Article
from newsidx.engines.base import BUILDING, Engine, Preparer, SearchRequest
from newsidx.engines.registry import factory
from newsidx.engines.transaction import transaction
from newsidx.errors import EngineError, UsageError
from newsidx.index.database import connected
from newsidx.index.failures import explaining
from newsidx.index.ledger import Ledger
from newsidx.index.lock import ALERTS, FROZEN, HOLDER, writer_lock
from newsidx.index.manifest import Manifest, engine_directory, write_manifest
from newsidx.indexer.parts import PART_ARTICLES
from newsidx.indexer.received import RECEIVED
from newsidx.indexer.writing import Writing, create_engine, describe, discard, writing
from newsidx.query import bound
from newsidx.schema import TEXT_FIELDS
from newsidx.text.tokens import forms, lowered

__all__ = ["Copying", "Migrated", "migrate"]

# So many articles are compared word by word, and make as many queries of each kind.
_SAMPLE = 12

# What a part may take in memory while it is gathered, in bytes.
_MEMORY = 300_000_000

# Lies in a new directory for as long as it is no index.
_UNFINISHED = "migrating"
# What may lie in one that a migration was cut off in, before it has its manifest.
_MADE = {_UNFINISHED, RECEIVED, ALERTS, FROZEN, HOLDER}
_MADE |= {"engine", "lock", "ledger.db", "ledger.db-journal"}


class Copying(Struct):
    """How far it is, in articles."""

    done: int = 0
    total: int = 0


class Migrated(Struct, frozen=True):
    """An index that has moved.

    Attributes:
        path: Where it is.
        engines: The old and the new one.
        size: Bytes that each takes.
        sampled: Articles that were compared.
        queries: Queries that both answered alike.
    """

    path: Path
    articles: int
    engines: tuple[str, str]
    size: tuple[int, int]
    sampled: int
    queries: int


Tell = Callable[[Copying], None]


def migrate(
    directory: Path,
    engine: str,
    options: Mapping[str, Any] | None = None,
    *,
    to_index: Path | None = None,
    wait: float = 0.0,
    progress: Tell = lambda _: None,
) -> Migrated:
    """Let another engine hold an index.

    Args:
        engine: By its name.
        options: What the engine wants to know; the manifest keeps them.
        to_index: Leave the index as it is, and make another in this directory, with all
            that it knows.
        wait: Seconds to wait for another writer.
        progress: Called often, with the same object each time.

    Raises:
        UsageError: It is held by that engine already, or there is something in `to_index`.
        Refused: The index has to be built anew first.
        EngineError: Both don't say the same; nothing was changed.
    """
    settled = factory(engine).settled(options or {})
    with writing(directory, wait=wait) as held:
        held.refuse_while_rebuilding()
        if to_index is not None:
            return _to_another(held, to_index, engine, settled, progress)
        if held.live.engine == engine:
            raise UsageError(
                f"The index at {directory} is held by {engine} already.",
                "Name another engine with --to, or another index with --to-index.",
            )
        return _in_place(held, engine, settled, progress)


def _in_place(held: Writing, engine: str, options: dict[str, Any], tell: Tell) -> Migrated:
    directory, old = held.directory, held.live
    # Its number stays that of which the ledger tells.
    new = replace(held.manifest, engine=engine, options=options)
    create_engine(directory, new)
    try:
        sampled, queries = _filled(held, directory, new, tell)
    except BaseException:
        discard(engine_directory(directory, new))
        raise
    homes = [engine_directory(directory, each) for each in (old, new)]
    size = _size(homes[0]), _size(homes[1])
    held.switch(new)
    return Migrated(directory, held.manifest.articles, (old.engine, engine), size, sampled, queries)


def _filled(held: Writing, directory: Path, new: Manifest, tell: Tell) -> tuple[int, int]:
    """Copy all articles, and compare; gives how many, and with how many queries."""
    wanted = {key for (key,) in held.ledger.db.execute("SELECT id FROM articles")}
    home = engine_directory(directory, new)
    with closing(held.open_engine()) as source:
        tell(copying := Copying(total=len(wanted)))
        articles = _told((each for each in source.scan() if each.id in wanted), copying, tell)
        _copy(articles, home, new)
        with closing(factory(new.engine).open(home, new.language)) as target:
            return _compare(source, target, sorted(wanted))


def _told(articles: Iterable[Article], copying: Copying, tell: Tell) -> Iterator[Article]:
    for article in articles:
        yield article
        copying.done += 1
        tell(copying)


def _copy(articles: Iterable[Article], home: Path, new: Manifest) -> None:
    maker = factory(new.engine)
    with closing(maker.open(home, new.language)) as engine, transaction(engine) as writer:
        preparer: Preparer | None = None
        held = 0
        for article in articles:
            preparer = preparer or maker.preparer(home, new.language)
            if preparer is None:
                writer.add(article)
                continue
            held = preparer.add(article) + 1
            if held >= PART_ARTICLES or preparer.memory >= _MEMORY:
                writer.adopt(preparer.finish(), ())
                preparer = None
        if preparer is not None:
            writer.adopt(preparer.finish(), ())
    shutil.rmtree(home / BUILDING, ignore_errors=True)
    for key, reason in writer.rejected.items():
        raise EngineError(f"{new.engine} would not take the article {key}: {reason}")


# Comparing


def _compare(source: Engine, target: Engine, ids: list[str]) -> tuple[int, int]:
    """See that two engines hold the same, and answer alike.

    Raises:
        EngineError: They don't.
    """
    if target.own_ids() != ids:
        raise _differs("the ids of their articles")
    sample = ids[:: max(1, len(ids) // _SAMPLE)]
    articles = source.get(sample)
    if target.get(sample) != articles:
        raise _differs("the text of an article")
    queries = list(dict.fromkeys(tree for each in articles.values() for tree in _queries(each)))
    for tree in queries:
        request = SearchRequest(bound.BoundQuery(tree, ()), "oldest", None, scores=False)
        held = set(ids)
        found = [
            [h.id for h in each.search(request).hits if h.id in held] for each in (source, target)
        ]
        if found[0] != found[1]:
            raise _differs(f"what matches {tree!r}")
    return len(articles), len(queries)


def _queries(article: Article) -> Iterator[bound.Bound]:
    """Some queries that find an article: of a word, a phrase, a pattern, a value and a date."""
    words = lowered(article.title) or lowered(article.body)
    if words:
        word = max(words, key=len)
        (form, *_) = forms(word) or [word]
        yield bound.Term(TEXT_FIELDS, word, form)
        yield bound.Wildcard(TEXT_FIELDS, form[:4] + "*")
    if phrase := tuple(forms(article.body)[:3]):
        yield bound.Phrase(TEXT_FIELDS, phrase)
    if article.source and (source := tuple(forms(article.source))):
        yield bound.Whole("source", source)
    if article.published:
        days = article.published.first.toordinal(), article.published.last.toordinal()
        yield bound.Range("published", *days)


def _differs(what: str) -> EngineError:
    return EngineError(
        f"The copy is not what it was made of: they differ in {what}. Nothing was changed.",
        "See whether the index is sound: newsidx verify",
    )


# Into another directory


def _to_another(
    held: Writing, path: Path, engine: str, options: dict[str, Any], tell: Tell
) -> Migrated:
    _make_room(path)
    new = replace(held.manifest, engine=engine, options=options, number=1, generation=1)
    with explaining(path), writer_lock(path):
        roots = _copy_around(held, path)
        create_engine(path, new)
        sampled, queries = _filled(held, path, new, tell)
        home = engine_directory(path, new)
        factory(engine).publish(home)
        ledger = Ledger(path / "ledger.db", writable=True)
        try:
            describe(ledger, new)
        finally:
            ledger.close()
        commit = factory(engine).latest(home)
        write_manifest(path, replace(new, commit=commit, roots={**new.roots, **roots}))
        (path / _UNFINISHED).unlink()
    size = _size(engine_directory(held.directory, held.live)), _size(home)
    engines = held.live.engine, engine
    return Migrated(path, new.articles, engines, size, sampled, queries)


def _make_room(path: Path) -> None:
    """An empty directory; what a migration that was cut off left in it goes."""
    inside = {each.name for each in path.iterdir()} if path.is_dir() else set()
    # Nothing is removed from a folder that holds anything but this.
    if _UNFINISHED in inside <= _MADE:
        shutil.rmtree(path)
    if path.exists() and any(path.iterdir()):
        raise UsageError(f"{path} is not empty.", "Name a new directory with --to-index.")
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    (path / _UNFINISHED).touch()


def _copy_around(held: Writing, path: Path) -> dict[str, str]:
    """Copy all but the engine and the manifest; gives roots that are elsewhere now."""
    for name in (RECEIVED, ALERTS, FROZEN):
        if (held.directory / name).is_dir():
            shutil.copytree(held.directory / name, path / name)
    copy = connected(path / "ledger.db", "rwc")
    try:
        held.ledger.db.backup(copy)
    finally:
        copy.close()
    ledger = Ledger(path / "ledger.db", writable=True)
    moved = {}
    try:
        for root in ledger.roots():
            here = path.resolve() / RECEIVED / Path(root.base).name
            if Path(root.base).parent.name == RECEIVED and here.is_dir():
                moved[root.label] = root.base = str(here)
                ledger.save_root(root)
    finally:
        ledger.close()
    return moved


def _size(home: Path) -> int:
    return sum(path.stat().st_size for path in home.rglob("*") if path.is_file())
