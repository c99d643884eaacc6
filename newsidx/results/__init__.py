"""What a search returns: plain values that every output is made from.

What not every search has stands in the modules beside this: how a score came about, counts,
what is new. A program that starts for one answer does not wait for those.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct, field

from newsidx.article import Article

if TYPE_CHECKING:
    from newsidx.results.explained import Explanation, Reckoning

__all__ = [
    "Breakdown",
    "Copies",
    "Correction",
    "Covered",
    "FileCounts",
    "Gap",
    "Hit",
    "IndexInfo",
    "Leaf",
    "Page",
    "QueryInfo",
    "Searched",
    "Snippet",
    "Span",
]


class Span(Struct, frozen=True, order=True):
    """A match in a field: start and end in code points, the end exclusive.

    Attributes:
        value: Which value of a list field it lies in, from 0.
    """

    field: str
    start: int
    end: int
    value: int = 0


class Snippet(Struct, frozen=True):
    """A window of a field, worth reading: `text` is the field's text from start to end."""

    field: str
    start: int
    end: int
    text: str


class Copies(Struct, frozen=True):
    """The matching articles that are one story.

    Attributes:
        ids: All of them in the order of the results, the one that is shown first.
        outlets: Their sources, each once, in that order.
    """

    ids: tuple[str, ...]
    outlets: tuple[str, ...]


class Hit(Struct, frozen=True):
    """One ranked result.

    Attributes:
        rank: Its place among all matches, from 1.
        score: BM25F, dimensionless; 0 where the query has no word that scores, or where
            neither the order nor whoever asked needed it.
        path: The source file as an absolute path, where its root is now.
        highlights: Every match in the article, by field and place.
        reckoning: How the score came about, where that was asked for.
        copies: What it stands for, where near-copies are folded.
    """

    rank: int
    score: float
    article: Article
    path: str
    snippets: tuple[Snippet, ...] = ()
    highlights: tuple[Span, ...] = ()
    reckoning: Reckoning | None = None
    copies: Copies | None = None


class IndexInfo(Struct, frozen=True):
    """Which archive answered.

    Attributes:
        articles: Number of live articles.
        state: Order-independent hash over all of them; equal states hold equal articles. Empty
            where others fill the index as well: it is kept for one's own only.
    """

    path: str
    engine: str
    articles: int
    state: str


class QueryInfo(Struct, frozen=True):
    """A query as typed and as understood.

    Attributes:
        exact: Words matched as written, without stemming.
        dropped: Stop words that were left out of it.
        ignored: Typed words without a letter or digit.
        starred: Quoted phrases with a wildcard in them, which there is punctuation.
        reading: How AND and OR were read where they mix, as a query with parentheses.
        filters: What must hold besides, each as query text; it never changes a score.
        expanded: The words that `--expand` added, and what each weighs, where a word as
            typed weighs 1.
    """

    text: str
    understood: str
    sort: str = "relevance"
    any: bool = False
    exact: bool = False
    dropped: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    starred: tuple[str, ...] = ()
    reading: str | None = None
    filters: tuple[str, ...] = ()
    expanded: tuple[tuple[str, float], ...] = ()


class Leaf(Struct, frozen=True):
    """One word, phrase or other condition of a query, and what it matches by itself.

    Attributes:
        text: As query text.
        negated: Whether the query asks that it does not match.
        known: Where it asks in vain for a language, those that the archive has.
    """

    text: str
    fields: tuple[str, ...]
    articles: int
    negated: bool = False
    known: tuple[str, ...] = ()


class Correction(Struct, frozen=True):
    """A query that was perhaps meant, its filters as query text, and what it matches."""

    query: str
    filters: tuple[str, ...]
    articles: int


class Breakdown(Struct, frozen=True):
    """The matches of a query by the values of one field.

    Attributes:
        field: Its name, `year` for the years of publication.
        values: The commonest values with their number of articles, these first; years in
            their order.
        others: How many values there are besides.
    """

    field: str
    values: tuple[tuple[str, int], ...]
    others: int = 0


class Gap(Struct, frozen=True):
    """A stretch without an article where there should be some (`searcher/coverage.py`).

    Attributes:
        source: None where the whole archive has none.
        first, last: Its first and last day.
        days: How many these are.
        expected: Articles that there would be at the level around it.
    """

    source: str | None
    first: date
    last: date
    days: int
    expected: float


class FileCounts(Struct, frozen=True):
    """Files below the roots, and in archives there, of which nothing is searched."""

    failed: int
    skipped: int
    unseen: int


class Covered(Struct, frozen=True):
    """What a search could have found something in.

    Attributes:
        sources: Each with its number of articles, the commonest first.
        without_source: Articles that have none.
        first, last: The first and the last date, as exactly as they are known.
        undated: Articles without a date; filters of dates let none of them through.
        gaps: Of the archive, then of its sources.
        files: None where that could not be told: a writer is at work, or the ledger is gone.
    """

    sources: tuple[tuple[str, int], ...]
    without_source: int
    first: str | None
    last: str | None
    undated: int
    gaps: tuple[Gap, ...]
    files: FileCounts | None


class Searched(Struct, frozen=True):
    """What was searched.

    Attributes:
        articles: How many the filters let through.
        covered: What they are, where that was asked for or nothing was found.
        filtered: Whether there are filters at all.
    """

    articles: int
    covered: Covered | None = None
    filtered: bool = False


class Page(Struct, frozen=True):
    """What a search returns.

    Attributes:
        total: Number of matching articles, always exact.
        offset: How many of them were passed over.
        hits: The page itself, in order.
        warnings: Sentences the reader should see.
        leaves: Where nothing was found, what each part of the query matches by itself.
        suggestions: Where nothing was found, queries that were perhaps meant.
        explanation: The query taken apart, where that was asked for.
        breakdowns: Where asked for and telling: all matches by source, year and so on.
        searched: What was searched.
        stories: Where near-copies are folded, how many stories the matches are; the hits, and
            `offset`, are of stories then.
    """

    index: IndexInfo
    query: QueryInfo
    total: int
    offset: int
    hits: tuple[Hit, ...]
    warnings: tuple[str, ...] = field(default=())
    leaves: tuple[Leaf, ...] = ()
    suggestions: tuple[Correction, ...] = ()
    explanation: Explanation | None = None
    breakdowns: tuple[Breakdown, ...] = ()
    searched: Searched | None = None
    stories: int | None = None

    @property
    def next_offset(self) -> int | None:
        """Where the next page starts, or None on the last one."""
        end = self.offset + len(self.hits)
        results = self.total if self.stories is None else self.stories
        return end if self.hits and end < results else None
