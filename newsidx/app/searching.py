"""Asking an open index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from newsidx.app.opened import Opened
from newsidx.article import Article
from newsidx.engines.base import SearchRequest
from newsidx.errors import NewsidxError
from newsidx.query import nodes
from newsidx.results import Breakdown, Correction, FileCounts, Hit, Leaf, Page, Searched, Span
from newsidx.searcher.filters import filter_nodes, filters_of
from newsidx.searcher.question import Ask, Understood, bound_question, notes, understand
from newsidx.searcher.search import ask

if TYPE_CHECKING:
    from newsidx.index.sketches import Sketched
    from newsidx.results.explained import Explanation

__all__ = ["Searching", "as_question", "this_day"]


class Searching(Opened):
    """What answers queries."""

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
        engine, today = self.engine, today or this_day()
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
        today = today or this_day()
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
            corrections(self.engine, question, understood, language, today or this_day()),
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
            found = self._covered[filters] = Searched(articles, filtered=bool(filters))
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

    def count(self, query: str = "*", **options: Any) -> int:
        """The number of articles that match; options as for `search`."""
        return self.search(query, **{"suggest": False, **options, "limit": 0}).total

    def _matching(self, query: str | Ask) -> list[str]:
        """The ids of all articles that match."""
        return self._ids(self.understand(as_question(query)))

    def _ids(self, understood: Understood) -> list[str]:
        request = SearchRequest(understood.query, "oldest", limit=None, scores=False)
        return [hit.id for hit in self.engine.search(request).hits]

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


def as_question(query: str | Ask) -> Ask:
    """A question that is put already, or one that asks for a query only."""
    return Ask(query) if isinstance(query, str) else query


def this_day() -> date:
    """The day on which it is asked, where the user is."""
    return date.today()  # noqa: DTZ011 - the user's day
