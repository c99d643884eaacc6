"""The composition root: an index directory becomes an open `Index`."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from newsidx.article import Article
from newsidx.engines.base import Engine
from newsidx.engines.registry import factory
from newsidx.errors import ArticleNotFound, EngineError, IndexDamaged, IndexVersionError
from newsidx.index.lock import HOLDER
from newsidx.index.manifest import FORMAT, Manifest, engine_directory, read_manifest
from newsidx.results import Correction, Explanation, Hit, IndexInfo, Leaf, Page
from newsidx.searcher.filters import filters_of
from newsidx.searcher.question import Ask, Understood, notes, understand
from newsidx.searcher.search import ask, find_article, located

if TYPE_CHECKING:
    from newsidx.index.ledger import Ledger
    from newsidx.index.removals import Removal

__all__ = ["Index", "open"]

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

# So many articles are taken from the engine at once.
_PORTION = 256

# Of an id, this many characters have to be given.
_SHORTEST_ID = 4


def open(path: str | os.PathLike[str], engine: str | None = None) -> Index:  # noqa: A001 - the public name
    """Open an index for reading.

    Args:
        path: The index directory.
        engine: `memory` answers from a list of all articles, to check another engine;
            default: the engine that the index was built with.

    Raises:
        IndexNotFound: There is none.
        IndexVersionError: It was made by a newer newsidx, or by one that wrote other files.
        IndexDamaged: Its files make no sense.
    """
    return Index(Path(path).expanduser(), engine)


class Index:
    """An open index, as of its last commit. A context manager."""

    def __init__(self, path: Path, engine: str | None = None) -> None:
        self.path = path
        self.manifest: Manifest = read_manifest(path)
        if self.manifest.format < FORMAT:
            raise IndexVersionError.older(path)
        self._engine_name = engine or self.manifest.engine
        self._engine: Engine | None = None

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
    def warnings(self) -> tuple[str, ...]:
        """What should be known of the index itself before its numbers are quoted."""
        engine = self.engine
        manifest = self.manifest
        outdated = engine.name == manifest.engine and engine.commit != manifest.commit
        if outdated or not manifest.finished or (self.path / HOLDER).exists():
            return (NOT_FINISHED,)
        return () if manifest.generation else (NOTHING_YET,)

    @property
    def info(self) -> IndexInfo:
        """Which archive this is."""
        manifest = self.manifest
        return IndexInfo(str(self.path), self._engine_name, manifest.articles, manifest.state)

    def search(
        self,
        query: str = "*",
        *,
        limit: int | None = 10,
        offset: int = 0,
        sort: str = "relevance",
        any: bool = False,  # noqa: A002 - the name of the flag
        exact: bool = False,
        literal: bool = False,
        snippets: int = 1,
        since: str | date | None = None,
        until: str | date | None = None,
        source: str | Iterable[str] | None = None,
        author: str | Iterable[str] | None = None,
        tag: str | Iterable[str] | None = None,
        lang: str | Iterable[str] | None = None,
        section: str | Iterable[str] | None = None,
        expand: bool = False,
        explain: bool = False,
        suggest: bool = True,
        today: date | None = None,
    ) -> Page:
        """Search the archive.

        Args:
            query: In the query language (see `newsidx help query`); `*` is every article.
            limit: Hits at most; None is all.
            offset: Hits to pass over.
            sort: `relevance`, `newest`, `oldest`, `title` or `source`.
            any: Loose words are alternatives.
            exact: Match words as written, without stemming.
            literal: Take the text as loose words; it can't fail.
            snippets: Windows of text for each hit.
            since: The first day of publication; any date that `date:` understands.
            until: The last.
            source: Only articles with this source, as `source:"..."` finds it; of several
                any one. So are `author`, `tag`, `lang` and `section`. None of these
                filters changes a score.
            expand: Widen the query with words of its best articles.
            explain: Take the query and every score apart: `page.explanation` and
                `hit.reckoning`.
            suggest: Where nothing is found, look for corrections: `page.suggestions`.
            today: What `date:yesterday` counts from.

        Raises:
            QueryError: The query can't be understood; it says where and why.
            UsageError: A filter, the sort, the limit or the offset makes no sense.
        """
        filters = filters_of(since, until, source, author, tag, lang, section)
        question = Ask(
            query,
            literal,
            any,
            exact,
            sort,
            limit,
            offset,
            snippets,
            filters=filters,
            expand=expand,
            explain=explain,
            suggest=suggest,
        )
        return self.page(question, today)

    def page(self, question: Ask, today: date | None = None) -> Page:
        """As `search`, for a question that is put already."""
        understood = self.understand(question, today)
        explanation = self.explain(understood) if question.explain else None
        total, hits = self.stream(question, understood, explanation)
        leaves: tuple[Leaf, ...] = ()
        suggestions: tuple[Correction, ...] = ()
        if not total and question.suggest:
            leaves, suggestions = self.missed(question, understood, today)
        return Page(
            index=self.info,
            query=understood.info,
            total=total,
            offset=question.offset,
            hits=tuple(hits),
            warnings=(*self.warnings, *notes(understood.info)),
            leaves=leaves,
            suggestions=suggestions,
            explanation=explanation,
        )

    def understand(self, question: Ask, today: date | None = None) -> Understood:
        """Parse a question and make it ready to run.

        Raises:
            QueryError: The query can't be understood.
            UsageError: An option of it makes no sense.
        """
        engine, today = self.engine, today or _today()
        language = self.manifest.language
        understood = understand(question, language, today)
        if not question.expand:
            return understood
        from newsidx.searcher.expand import expand

        understood, added = expand(engine, question, understood, language, today)
        words = tuple((word.form, word.weight) for word in added if not word.typed)
        return replace(understood, info=replace(understood.info, expanded=words))

    def stream(
        self, question: Ask, understood: Understood, explanation: Explanation | None = None
    ) -> tuple[int, Iterator[Hit]]:
        """The number of matches, and the hits, each made only as it is taken."""
        query, roots, language = understood.query, self.manifest.roots, self.manifest.language
        return ask(self.engine, query, question, language, roots, explanation, understood.tree)

    def explain(self, understood: Understood) -> Explanation:
        """Take a query apart: what each part of it meets, and what its words weigh."""
        from newsidx.searcher.explain import explain

        query = understood.query
        language = self.manifest.language
        return explain(self.engine, understood.tree, understood.filters, query.scored, language)

    def missed(
        self, question: Ask, understood: Understood, today: date | None = None
    ) -> tuple[tuple[Leaf, ...], tuple[Correction, ...]]:
        """For a query that found nothing: what each part matches, and what was perhaps meant."""
        from newsidx.searcher.corrections import corrections
        from newsidx.searcher.explain import leaves

        language = self.manifest.language
        return (
            leaves(self.engine, understood.query.tree),
            corrections(self.engine, question, understood, language, today or _today()),
        )

    def count(self, query: str = "*", **options: Any) -> int:
        """The number of articles that match; options as for `search`."""
        return self.search(query, **{"suggest": False, **options, "limit": 0}).total

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

    def export(self, ids: Collection[str] | None = None) -> Iterator[dict[str, Any]]:
        """Articles as records of `newsidx.article/1`, made as they are taken.

        They come in the order of root, path and position in the file.

        Args:
            ids: Of those that are wanted; None is all.
        """
        from newsidx.index.accounts import in_order
        from newsidx.output.records import article_record

        ledger = self.ledger()
        try:
            for portion in in_order(ledger, _PORTION):
                wanted = [key for key in portion if ids is None or key in ids]
                found, known = self.engine.get(wanted), ledger.live(wanted)
                places = self._other_places(ledger, wanted)
                for key in (key for key in wanted if key in found):
                    identity = known[key].identity if key in known else None
                    where = self.path_of(found[key])
                    yield article_record(found[key].to_dict(), identity, where, places[key])
        finally:
            ledger.close()

    def other_places(self, ids: Collection[str]) -> dict[str, list[dict[str, Any]]]:
        """Id -> the copies and older versions of its article, as the ledger knows them.

        Each is a dict of `status`, `path` (absolute) and `position` (from 1).
        """
        ledger = self.ledger()
        try:
            return self._other_places(ledger, ids)
        finally:
            ledger.close()

    def _other_places(
        self, ledger: Ledger, ids: Collection[str]
    ) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {key: [] for key in ids}
        for place in sorted(ledger.places_by("article", ids), key=lambda place: place.key):
            label, path, position = place.key
            if place.status != "indexed" and place.article in found:
                where = self.located(label, path).encode("utf-8", "replace").decode()
                row = {"status": place.status, "path": where, "position": position + 1}
                found[place.article].append(row)
        return found

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


def _today() -> date:
    return date.today()  # noqa: DTZ011 - the user's day
