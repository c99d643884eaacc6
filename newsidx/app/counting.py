"""Counting in an open index, and its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from newsidx.app.searching import Searching, as_question
from newsidx.article import Article
from newsidx.searcher.question import Ask, Understood, question_of

if TYPE_CHECKING:
    from newsidx.results.counts import FacetCounts, Timelines
    from newsidx.searcher.collocates import Collocates
    from newsidx.searcher.concordance import Concordance
    from newsidx.searcher.keywords import Keywords
    from newsidx.searcher.passages import Reading

__all__ = ["Counting"]


class Counting(Searching):
    """What counts articles, and words."""

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

        matching, readings = self.readings(self.understand(as_question(query)), sort)
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
        for reading in self.readings(self.understand(as_question(query)))[1]:
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
