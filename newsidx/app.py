"""The composition root: an index directory becomes an open `Index`."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from newsidx.article import Article
from newsidx.engines.base import Engine, SearchRequest
from newsidx.engines.registry import factory
from newsidx.errors import (
    ArticleNotFound,
    EngineError,
    IndexDamaged,
    IndexVersionError,
    NewsidxError,
    UsageError,
)
from newsidx.index.lock import HOLDER
from newsidx.index.manifest import (
    FORMAT,
    Manifest,
    engine_directory,
    manifest_stamp,
    read_manifest,
)
from newsidx.query import nodes
from newsidx.results import (
    Breakdown,
    Correction,
    FileCounts,
    Hit,
    IndexInfo,
    Leaf,
    Page,
    Searched,
    Span,
)
from newsidx.searcher.filters import filter_nodes, filters_of
from newsidx.searcher.question import (
    Ask,
    Understood,
    bound_question,
    notes,
    question_of,
    understand,
)
from newsidx.searcher.search import ask, find_article, located

if TYPE_CHECKING:
    from newsidx.index.accounts import Original
    from newsidx.index.frozen import Frozen, Holding
    from newsidx.index.ledger import Ledger
    from newsidx.index.removals import Removal
    from newsidx.index.sketches import Sketched
    from newsidx.query.bound import Bound
    from newsidx.results.counts import FacetCounts, Timelines
    from newsidx.results.explained import Explanation
    from newsidx.results.spread import Spread
    from newsidx.searcher.citation import Citation, Versions
    from newsidx.searcher.collocates import Collocates
    from newsidx.searcher.concordance import Concordance
    from newsidx.searcher.dossier import Dossier
    from newsidx.searcher.freezing import Difference, Side
    from newsidx.searcher.keywords import Keywords
    from newsidx.searcher.passages import Reading
    from newsidx.searcher.quotation import Quotation
    from newsidx.searcher.sampling import Sample

__all__ = ["Index", "open"]

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
        state = self.manifest.state
        return IndexInfo(str(self.path), self._engine_name, self.articles, state)

    @property
    def articles(self) -> int:
        """How many there are: of an index that others fill as well, with theirs."""
        if self.engine.capabilities.shared:
            return self.engine.statistics().articles
        return self.manifest.articles

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
        collapse: bool = False,
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
            collapse: Fold near-copies: a hit for each story, with `hit.copies`; how many
                there are is `page.stories`, and limit and offset count them.
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
            collapse=collapse,
        )
        return self.page(question, today)

    def page(self, question: Ask, today: date | None = None) -> Page:
        """As `search`, for a question that is put already."""
        understood = self.understand(question, today)
        explanation = self.explain(understood) if question.explain else None
        stories: int | None = None
        if question.collapse:
            total, stories, hits = self.folded(question, understood, explanation)
        else:
            total, hits = self.stream(question, understood, explanation)
        leaves: tuple[Leaf, ...] = ()
        suggestions: tuple[Correction, ...] = ()
        nothing = not total and question.suggest
        if nothing:
            leaves, suggestions = self.missed(question, understood, today)
        breakdowns: tuple[Breakdown, ...] = ()
        if question.breakdowns:
            from newsidx.searcher.telling import breakdowns as broken_down

            breakdowns = broken_down(self.engine, understood.query, total)
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
            breakdowns=breakdowns,
            searched=self.coverage(understood, details=nothing or question.searched),
            stories=stories,
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

    def understand_node(
        self, question: Ask, node: nodes.Node, today: date | None = None
    ) -> Understood:
        """As `understand`, for a query that was not parsed but put together.

        Args:
            question: Its text is what the query was made of.

        Raises:
            QueryError: It can't be bound.
            UsageError: A filter makes no sense.
        """
        today = today or _today()
        filters = filter_nodes(question.filters, today)
        language = self.manifest.language
        return bound_question(question, node, filters, question.text, language, today)

    def stream(
        self, question: Ask, understood: Understood, explanation: Explanation | None = None
    ) -> tuple[int, Iterator[Hit]]:
        """The number of matches, and the hits, each made only as it is taken."""
        query, roots, language = understood.query, self.manifest.roots, self.manifest.language
        return ask(self.engine, query, question, language, roots, explanation, understood.tree)

    def folded(
        self, question: Ask, understood: Understood, explanation: Explanation | None = None
    ) -> tuple[int, int, Iterator[Hit]]:
        """As `stream`, with near-copies as one: articles that match, stories, a hit for each."""
        from newsidx.searcher.collapse import fold
        from newsidx.searcher.search import hits_of

        engine, manifest = self.engine, self.manifest
        found = fold(engine, understood.query, question, self._sketches)
        hits = hits_of(
            engine,
            found.page,
            understood.query,
            understood.tree,
            question,
            manifest.language,
            manifest.roots,
            explanation,
        )
        return found.total, found.stories, found.marked(engine, hits)

    def spread(
        self, article_id: str, *, against: str | None = None, by_word: bool = False
    ) -> Spread:
        """Who printed an article, when, and what each changed.

        Args:
            article_id: Of any version of it; its first four or more characters do.
            against: The version that the others are compared with. Default: the earliest.
            by_word: Tell the differences word by word as well.

        Raises:
            ArticleNotFound: There is no such article.
            UsageError: `against` is not one of the versions.
        """
        from newsidx.searcher.spread import spread

        return spread(
            self.engine,
            self.get(article_id),
            self._sketches(),
            self.manifest.language,
            self.manifest.roots,
            against=against,
            by_word=by_word,
        )

    def _sketches(self, ids: Sequence[str] | None = None) -> list[Sketched]:
        """The sketches that the ledger keeps, of some articles or all; none where it has gone."""
        import sqlite3

        from newsidx.index.sketches import kept

        try:
            ledger = self.ledger()
            try:
                return list(kept(ledger, ids))
            finally:
                ledger.close()
        except (NewsidxError, sqlite3.Error):
            return []

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

    def coverage(self, asked: Understood | None = None, *, details: bool = True) -> Searched:
        """What a search with the filters of a question looks through.

        Args:
            asked: None is the whole archive.
            details: Say also which sources and days that is, and where it has gaps; of
                80,000 articles that takes a third of a second.
        """
        filters = asked.filters if asked is not None else ()
        found = self._covered.get(filters)
        if found is None:
            articles = self.articles
            if filters:
                from newsidx.searcher.explain import articles_of
                from newsidx.searcher.facets import joined

                articles = articles_of(self.engine, joined(*filters))
            found = self._covered[filters] = Searched(articles)
        if details and found.covered is None:
            from newsidx.searcher.coverage import covered

            what = covered(self.engine, filters, self._unsearched())
            found = self._covered[filters] = replace(found, covered=what)
        return found

    def counted(self, question: Ask, total: int) -> Page:
        """The page of a question whose matches were counted otherwise: without hits."""
        understood = self.understand(question)
        leaves: tuple[Leaf, ...] = ()
        suggestions: tuple[Correction, ...] = ()
        if not total:
            leaves, suggestions = self.missed(question, understood)
        return Page(
            index=self.info,
            query=understood.info,
            total=total,
            offset=0,
            hits=(),
            warnings=(*self.warnings, *notes(understood.info)),
            leaves=leaves,
            suggestions=suggestions,
            searched=self.coverage(understood, details=not total or question.searched),
        )

    def _unsearched(self) -> FileCounts | None:
        """What became of files that are not searched, as far as that can be told."""
        from newsidx.index.accounts import count_unsearched

        found = self._told_by_ledger(count_unsearched)
        if found is None:
            return None
        return FileCounts(*(found.get(name, 0) for name in ("failed", "skipped", "unseen")))

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

    def facets(
        self, field: str, query: str | Ask = "*", *, limit: int | None = None, **options: Any
    ) -> FacetCounts:
        """How many of a query's articles have each value of a field.

        Args:
            field: Any name of `authors`, `source`, `section`, `tags`, `root` or `language`.
            query: In the query language, or a question that is put already.
            limit: Values at most; None is all.
            options: As for `search`: `any`, `exact`, `literal`, and the filters.

        Raises:
            QueryError: The query can't be understood.
            UsageError: There is no such field, or a filter makes no sense.
        """
        from newsidx.searcher.facets import facet_field, facets

        found = facet_field(field)
        return facets(self.engine, self.understand(question_of(query, **options)), found, limit)

    def timeline(
        self,
        query: str | Ask = "*",
        *,
        by: str | None = None,
        unit: str = "articles",
        split: str | None = None,
        limit: int | None = 5,
        against: Iterable[str] = (),
        base: str | None = None,
        balanced: bool = False,
        **options: Any,
    ) -> Timelines:
        """How a query's articles lie in time, and which part they are of all.

        Args:
            query: In the query language, or a question that is put already.
            by: `day`, `week`, `month`, `quarter` or `year`; None takes what suits the span.
            unit: `articles`; `mentions`, which are matches in the body; or `per-million`,
                which counts the same.
            split: A field: each of its commonest values is a series, and so many of them
                as `limit` says; None is all.
            against: Further queries to be series.
            base: The query whose articles shares are a part of; None is all articles that
                the filters let through.
            balanced: Count only sources with articles in every bucket that is no gap.
            options: As for `search`: `any`, `exact`, `literal`, and the filters.

        Raises:
            QueryError: A query can't be understood.
            UsageError: The options make no sense, or no source is there all the time.
        """
        from newsidx.searcher.timeline import Plan, timelines

        question, language = question_of(query, **options), self.manifest.language
        asked = [self.understand(replace(question, text=text)) for text in against]
        whole = None if base is None else self.understand(replace(question, text=base))
        plan = Plan(by, unit, split, limit, balanced)
        return timelines(self.engine, [self.understand(question), *asked], plan, language, whole)

    def count(self, query: str = "*", **options: Any) -> int:
        """The number of articles that match; options as for `search`."""
        return self.search(query, **{"suggest": False, **options, "limit": 0}).total

    # Words

    def kwic(
        self,
        query: str | Ask = "*",
        *,
        sort: str = "right",
        limit: int | None = None,
        offset: int = 0,
        context: int = 80,
    ) -> Concordance:
        """A concordance: every place in the text that matches, in its context.

        Args:
            query: A query, or a question with filters.
            sort: `right` or `left`, by the words behind a match, or before it from the
                match outwards; `date`, `source` or `relevance` of the article.
            limit: Lines at most; None is all.
            offset: Lines to pass over.
            context: Characters on either side, at most.

        Raises:
            QueryError: The query can't be understood.
            UsageError: The sort makes no sense.
        """
        from newsidx.searcher.concordance import concordance

        matching, readings = self.readings(self.understand(_asked(query)), sort)
        roots = self.manifest.roots
        return concordance(readings, matching, sort, roots, context, limit, offset)

    def collocates(
        self, query: str | Ask = "*", *, window: int = 5, stopwords: bool = False
    ) -> Collocates:
        """The words that stand near matches more often than elsewhere in the same articles.

        Args:
            query: As for `kwic`.
            window: Words on either side of a match that are near it.
            stopwords: Keep stop words, and the words of the query.
        """
        from newsidx.searcher.collocates import Neighbours

        neighbours = Neighbours(window, everything=stopwords)
        for reading in self.readings(self.understand(_asked(query)))[1]:
            neighbours.add(reading)
        return neighbours.collocates()

    def readings(self, understood: Understood, sort: str = "date") -> tuple[int, Iterator[Reading]]:
        """The number of articles that match, and each with the places where it does.

        Args:
            sort: As for `kwic`.
        """
        from newsidx.searcher.concordance import ENGINE_SORTS, check_sort
        from newsidx.searcher.passages import read

        check_sort(sort)
        order, language = ENGINE_SORTS.get(sort, "oldest"), self.manifest.language
        return read(self.engine, understood.query, understood.tree, order, language)

    # Evidence

    def quote(self, text: str) -> Quotation:
        """Say whether a quotation is in the archive, where, and what was changed.

        Args:
            text: The quotation, with or without the marks around it.
        """
        return next(self.quotations([text]))

    def quotations(self, texts: Iterable[str]) -> Iterator[Quotation]:
        """The same for many quotations, each answer made as it is taken."""
        from newsidx.searcher.quotes import Quotations

        checker = Quotations(self.engine, self.manifest.language, self.path_of)
        return (checker.check(text) for text in texts)

    def sample(
        self,
        query: str | Ask = "*",
        *,
        number: int = 200,
        seed: int = 1,
        per: str | None = None,
        outside: str | None = None,
        outside_number: int | None = None,
    ) -> Sample:
        """Draw articles at random from what a query matches; the same seed draws the same.

        Args:
            query: A query, or a question with filters.
            number: How many; all, where there are fewer.
            per: `source` or `month`: from each in proportion to its size.
            outside: A broader query: draw from what it matches and the first doesn't too.
            outside_number: How many there; None is as many.

        Raises:
            QueryError: A query can't be understood.
            UsageError: There are more strata than can be drawn from.
        """
        from newsidx.searcher.sampling import draw

        question = _asked(query)
        broader = None
        if outside is not None:
            wider = replace(question, text=outside, literal=False)
            broader = self.understand(wider).query.tree
        tree = self.understand(question).query.tree
        return draw(
            self.engine, tree, number, seed, per=per, broader=broader, outside=outside_number
        )

    # The archive's words

    def lexicon(
        self, prefix: str = "", fields: Sequence[str] = ("title", "body")
    ) -> Iterator[tuple[str, int, int]]:
        """The words of some fields that begin so, as they are searched, in order.

        Args:
            prefix: In any case, with or without accents.
            fields: By the names that articles have for them.

        Returns:
            Of each word the number of articles that have it in any of the fields, and how
            often it occurs in them all.
        """
        from newsidx.text.folding import fold

        return self.engine.lexicon(fields, fold(prefix))

    def keywords(
        self,
        query: str | Ask | Article,
        *,
        against: str | Ask | None = None,
        least: int = 2,
        stopwords: bool = False,
    ) -> Keywords:
        """What sets some articles apart: words that are more frequent in them.

        Args:
            query: A query, or a question with filters; or an article.
            against: What finds the articles to compare with; None is all others.
            least: How often a word has to occur in the articles.
            stopwords: Keep stop words.

        Raises:
            QueryError: A query can't be understood.
            UsageError: There is nothing to compare with.
        """
        from newsidx.searcher.keywords import keywords

        ids = [query.id] if isinstance(query, Article) else self._matching(query)
        return keywords(
            self.engine,
            ids,
            self.manifest.language,
            against=None if against is None else self._matching(against),
            least=least,
            stopwords=stopwords,
        )

    def _matching(self, query: str | Ask) -> list[str]:
        """The ids of all articles that match."""
        return self._ids(self.understand(_asked(query)))

    def _ids(self, understood: Understood) -> list[str]:
        request = SearchRequest(understood.query, "oldest", limit=None, scores=False)
        return [hit.id for hit in self.engine.search(request).hits]

    # Evidence

    def cite(self, query: str | Ask = "*", *, day: date | None = None, **options: Any) -> Citation:
        """What a methods section says of a query: numbers, coverage, versions, state.

        Args:
            query: In the query language, or a question that is put already.
            day: Of the search, from which `yesterday` counts; None is today.
            options: As for `search`: `any`, `exact`, `literal`, and the filters.

        Raises:
            QueryError: The query can't be understood.
            UsageError: A filter makes no sense.
        """
        from newsidx.index.accounts import account
        from newsidx.searcher.citation import cite

        question, day = question_of(query, **options), day or _today()
        understood = self.understand(question, day)
        return cite(
            self.engine,
            question,
            understood,
            self.holdings(understood),
            index=self.info,
            searched=self.coverage(understood),
            account=self._told_by_ledger(account),
            versions=self.versions,
            day=day,
            warnings=self.warnings,
        )

    @property
    def versions(self) -> Versions:
        """What decides besides the articles what a query finds."""
        from newsidx._version import __version__
        from newsidx.searcher.citation import Versions

        manifest = self.manifest
        return Versions(__version__, manifest.tokens, manifest.stems, manifest.language)

    def holdings(self, understood: Understood | None = None) -> dict[str, Holding]:
        """Id -> the article as it is: a hash of what it says, and where it was read.

        Args:
            understood: Of the articles that match; None is all.
        """
        from newsidx.index.accounts import holdings as kept
        from newsidx.searcher.holdings import holdings

        ids = None if understood is None else self._ids(understood)
        state = self.manifest.state
        if self._known is None:
            steady = NOT_FINISHED not in self.warnings
            told = self._told_by_ledger(lambda ledger: kept(ledger, state)) if steady else None
            self._known = told or {}
        return holdings(self.engine, ids, self._known)

    def freeze(
        self,
        name: str,
        query: str | Ask | None = None,
        *,
        day: date | None = None,
        wait: float = 0.0,
        **options: Any,
    ) -> tuple[Frozen, bool]:
        """Keep what the archive holds, or what a query finds, under a name in the index.

        Args:
            name: Up to 64 letters a to z, digits, and - _ . among them.
            query: None is the state of the archive.
            day: As for `cite`.
            wait: Seconds to wait while somebody else keeps one.
            options: As for `search`: `any`, `exact`, `literal`, and the filters.

        Returns:
            What was kept, and whether it is new; False where just that has that name already.

        Raises:
            QueryError: The query can't be understood.
            Refused: The name is taken by something else.
        """
        from newsidx.index.frozen import checked_name, save
        from newsidx.searcher.freezing import frozen_of

        checked_name(name)
        question, day = None if query is None else question_of(query, **options), day or _today()
        understood = None if question is None else self.understand(question, day)
        held = self.holdings(understood)
        info = None if understood is None else understood.info
        frozen = frozen_of(name, question, info, held, self.info.state, self.versions, day)
        return frozen, save(self.path, frozen, held, wait)

    def diff(
        self, first: str, second: str | None = None, *, day: date | None = None, exact: bool = False
    ) -> Difference:
        """What came, went and changed between two states, or two results.

        Args:
            first: The name of a frozen set; `now` for the archive as it is; or `query:` and
                a query.
            second: The same; None is the first as it is now: the archive, or what the query
                of a frozen result finds today.
            day: From which `yesterday` counts; None is today.
            exact: Match the words of `query:` as written, without stemming.

        Raises:
            UsageError: There is nothing of that name.
            QueryError: A query can't be understood.
        """
        from newsidx.index.removals import removals
        from newsidx.searcher.freezing import difference

        day = day or _today()
        one = self._side(first, day, exact=exact)
        two = self._again(one, day) if second is None else self._side(second, day, exact=exact)
        told = self._told_by_ledger(removals) or []
        removed = {each.id for each in told}
        return difference(
            self.engine, one, two, self.holdings(), removed, self.versions, self.warnings
        )

    def report(
        self,
        queries: Iterable[str | Ask],
        *,
        limit: int | None = 100,
        sort: str = "oldest",
        by: str | None = None,
        day: date | None = None,
    ) -> Dossier:
        """A dossier: some queries with their coverage, matches in context, and articles.

        Args:
            queries: In the query language, or questions that are put already.
            limit: Articles of each query at most; None is all.
            sort: Which of them come first, and are kept: as for `search`. By relevance,
                another engine may keep others.
            by: The size of buckets, as for `timeline`.
            day: As for `cite`.

        Raises:
            QueryError: A query can't be understood.
            UsageError: An option makes no sense, or there is no query.
        """
        from newsidx.searcher.dossier import Dossier, chapter, entries
        from newsidx.searcher.timeline import Plan

        language, day = self.manifest.language, day or _today()
        questions = [replace(question_of(each), sort=sort, limit=limit) for each in queries]
        chapters = tuple(
            chapter(
                self.engine,
                self.understand(each, day),
                self.cite(each, day=day),
                language,
                limit=limit,
                sort=sort,
                plan=Plan(by),
            )
            for each in questions
        )
        if not chapters:
            raise UsageError("There is no query.", "Write what the dossier is to be about.")
        ids = {key for each in chapters for key in each.ids}
        places = self._told_by_ledger(lambda ledger: self._places_below(ledger, ids))
        return Dossier(chapters, entries(self.engine, chapters, self.holdings(), places or {}))

    def originals(self, ids: Collection[str]) -> dict[str, Original]:
        """Id -> the file on disk that an article was read from, with a hash of its bytes."""
        from newsidx.index.accounts import originals

        ledger = self.ledger()
        try:
            return originals(ledger, ids)
        finally:
            ledger.close()

    def _side(self, text: str, day: date, *, exact: bool) -> Side:
        """What is meant by a word of `diff`."""
        from newsidx.index.frozen import NOW, load
        from newsidx.searcher.freezing import QUERY, Side

        if text == NOW:
            return Side(text, None, None, self.holdings())
        if text.startswith(QUERY):
            understood = self.understand(Ask(text.removeprefix(QUERY), exact=exact), day)
            return Side(text, understood.info, None, self.holdings(understood))
        frozen, held = load(self.path, text)
        return Side(text, None, frozen, held)

    def _again(self, side: Side, day: date) -> Side:
        """The same as it is now."""
        from newsidx.index.frozen import NOW
        from newsidx.searcher.freezing import Side, question_kept_in

        question = question_kept_in(side)
        if question is None:
            return Side(NOW, None, None, self.holdings())
        understood = self.understand(question, day)
        return Side(f"{side.text}, {NOW}", understood.info, None, self.holdings(understood))

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

    def matches(
        self,
        article: Article,
        query: str,
        *,
        exact: bool = False,
        literal: bool = False,
        today: date | None = None,
    ) -> tuple[Span, ...] | None:
        """Where an article matches a query, in order; any of its loose words will do.

        Args:
            query: In the query language.
            exact: Match words as written, without stemming.
            literal: Take the text as loose words.
            today: What `date:yesterday` counts from.

        Returns:
            Nothing at all, None, where the article doesn't match.

        Raises:
            QueryError: The query can't be understood.
        """
        from newsidx.analysis import ArticleView
        from newsidx.query.match import match

        question = Ask(query, literal, any_word=True, exact=exact)
        tree = self.understand(question, today).tree
        spans = match(tree, ArticleView(article, self.manifest.language))
        return None if spans is None else tuple(sorted(set(spans)))

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

    def _places_below(
        self, ledger: Ledger, ids: Collection[str]
    ) -> dict[str, list[dict[str, Any]]]:
        """As `_other_places`, with paths below the labels of roots."""
        found: dict[str, list[dict[str, Any]]] = {}
        for place in sorted(ledger.places_by("article", ids), key=lambda place: place.key):
            if place.status != "indexed" and place.article is not None:
                label, path, position = place.key
                row = {"status": place.status, "path": f"{label}/{path}", "position": position + 1}
                found.setdefault(place.article, []).append(row)
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


def _asked(query: str | Ask) -> Ask:
    return Ask(query) if isinstance(query, str) else query


def _today() -> date:
    return date.today()  # noqa: DTZ011 - the user's day
