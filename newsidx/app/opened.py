"""An index directory, opened: its manifest, its engine, its ledger."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from newsidx.article import Article
from newsidx.engines.base import Engine
from newsidx.engines.registry import factory
from newsidx.errors import (
    ArticleNotFound,
    EngineError,
    IndexDamaged,
    IndexVersionError,
    NewsidxError,
)
from newsidx.index.lock import HOLDER
from newsidx.index.manifest import FORMAT, Manifest, engine_directory, manifest_stamp, read_manifest
from newsidx.results import IndexInfo, Searched
from newsidx.searcher.search import find_article, located

if TYPE_CHECKING:
    from newsidx.index.frozen import Holding
    from newsidx.index.ledger import Ledger
    from newsidx.index.removals import Removal
    from newsidx.query.bound import Bound

__all__ = ["NOTHING_YET", "NOT_FINISHED", "Opened"]

_Told = TypeVar("_Told")

NOT_FINISHED = (
    "The last run of newsidx index did not finish, or is still at work: articles may be "
    "missing, and the state and the number of articles may be those before it. If it is over, "
    "run newsidx index to complete it."
)

NOTHING_YET = (
    "Nothing has been indexed into this index yet, or the first run of newsidx index did not "
    "finish: run newsidx index DIR."
)

# A writer may commit, or replace the engine, while a reader opens the index: so often is
# it looked at again, and so long, in seconds, apart.
_TRIES = 3
_PAUSE = 0.05

# Of an id, this many characters have to be given.
_SHORTEST_ID = 4


class Opened:
    """An open index, as of its last commit. A context manager."""

    def __init__(self, path: Path, engine: str | None = None) -> None:
        self.path = path
        self._stamp = manifest_stamp(path)
        self.manifest: Manifest = read_manifest(path)
        if self.manifest.format < FORMAT:
            raise IndexVersionError.older(path)
        self._engine_name = engine or self.manifest.engine
        self._engine: Engine | None = None
        self._covered: dict[tuple[Bound, ...], Searched] = {}
        self._known: dict[str, Holding] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of files."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None

    @property
    def engine(self) -> Engine:
        """The engine, opened at first use. The manifest is then the one that names it."""
        if self._engine is None:
            self._engine = self._open_engine()
        return self._engine

    def _open_engine(self) -> Engine:
        live, manifest = self._open_live(), self.manifest
        if self._engine_name == manifest.engine:
            return live
        if self._engine_name != "memory":
            live.close()
            raise EngineError(
                f"This index was built with {manifest.engine}, not {self._engine_name}.",
                f"Leave --engine out, or use {manifest.engine} or memory.",
            )
        from newsidx.engines.memory import MemoryEngine

        try:
            return MemoryEngine(live.scan(), manifest.language, live.round_length)
        finally:
            live.close()

    def _open_live(self) -> Engine:
        """The engine that the manifest names; a writer may change both meanwhile."""
        tries = 0
        while True:
            tries += 1
            manifest = self.manifest
            home = engine_directory(self.path, manifest)
            try:
                live = factory(manifest.engine).open(home, manifest.language)
            except IndexDamaged:
                if tries == _TRIES:
                    raise
                time.sleep(_PAUSE)
                self.manifest = read_manifest(self.path)
                continue
            self.manifest = read_manifest(self.path)
            if self.manifest == manifest or tries == _TRIES:
                return live
            if self.manifest.number == manifest.number and self.manifest.commit == live.commit:
                return live
            live.close()

    @property
    def outdated(self) -> bool:
        """Whether there was a commit since it was opened: cheap enough to ask before each query."""
        return manifest_stamp(self.path) not in (self._stamp, None)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What should be known of the index itself before its numbers are quoted."""
        engine = self.engine
        manifest = self.manifest
        outdated = engine.name == manifest.engine and engine.commit != manifest.commit
        if outdated or not manifest.finished or (self.path / HOLDER).exists():
            return (NOT_FINISHED,)
        shared = engine.capabilities.shared and engine.statistics().articles
        return () if manifest.generation or shared else (NOTHING_YET,)

    @property
    def info(self) -> IndexInfo:
        """Which archive this is."""
        articles, own = self.articles, self.manifest
        state = own.state if articles == own.articles else ""  # of others' nobody keeps it
        return IndexInfo(str(self.path), self._engine_name, articles, state)

    @property
    def articles(self) -> int:
        """How many there are: of an index that others fill as well, with theirs."""
        if self.engine.capabilities.shared:
            return self.engine.statistics().articles
        return self.manifest.articles

    def get(self, article_id: str) -> Article:
        """The article with an id, of which any unambiguous prefix of four characters serves.

        Raises:
            ArticleNotFound: None has it, or several begin so.
        """
        from newsidx.output.safe import valid

        article_id = valid(article_id)
        try:
            return find_article(self.engine, article_id)
        except ArticleNotFound:
            wanted = article_id.strip().lower()
            if len(wanted) >= _SHORTEST_ID and not self.engine.ids(wanted):
                self._say_if_removed(wanted)
            raise

    def _say_if_removed(self, prefix: str) -> None:
        """Raise a better error where ids begin so, and their articles were removed."""
        for removal in self.removals(prefix)[:1]:
            day = datetime.fromtimestamp(removal.moment / 1e9, tz=UTC).date()
            raise ArticleNotFound(
                f"Article {removal.id} was removed on {day}.",
                f"Get it back with: newsidx restore {removal.id}",
            )

    def path_of(self, article: Article) -> str:
        """Where an article's source file is now."""
        return self.located(article.root, article.path)

    def located(self, label: str, path: str) -> str:
        """Where a file below the root with a label is now."""
        return located(self.manifest.roots, label, path)

    def ledger(self) -> Ledger:
        """The index's ledger, for reading; the caller closes it."""
        from newsidx.index.ledger import Ledger

        return Ledger(self.path / "ledger.db")

    def _told_by_ledger(self, read: Callable[[Ledger], _Told]) -> _Told | None:
        """What the ledger has to say.

        None while a writer holds it, and where it can't be read: a search does not need it,
        and must not fail for it.
        """
        import sqlite3

        from newsidx.index.lock import writer_at_work

        if writer_at_work(self.path):
            return None
        try:
            ledger = self.ledger()
            try:
                return read(ledger)
            finally:
                ledger.close()
        except (NewsidxError, sqlite3.Error):
            return None

    def removals(self, prefix: str = "") -> list[Removal]:
        """What was removed and not restored, with ids that begin with a prefix."""
        from newsidx.index.removals import removals

        ledger = self.ledger()
        try:
            return removals(ledger, prefix)
        finally:
            ledger.close()

    def identities(self, ids: Collection[str]) -> dict[str, str]:
        """By what articles are known: id -> what it is a hash of."""
        ledger = self.ledger()
        try:
            return {key: article.identity for key, article in ledger.live(ids).items()}
        finally:
            ledger.close()
