"""What a search returns: plain values that every output is made from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from newsidx.article import Article

__all__ = [
    "Breakdown",
    "Bucket",
    "Correction",
    "Covered",
    "Explanation",
    "FacetCount",
    "FacetCounts",
    "FileCounts",
    "Found",
    "Gap",
    "Hit",
    "IndexInfo",
    "Kept",
    "KeptSources",
    "Leaf",
    "News",
    "Page",
    "Part",
    "QueryInfo",
    "Ranked",
    "Reckoning",
    "Searched",
    "Series",
    "Share",
    "Snippet",
    "Span",
    "Timelines",
    "Told",
]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A match in a field: start and end in code points, the end exclusive.

    Attributes:
        value: Which value of a list field it lies in, from 0.
    """

    field: str
    start: int
    end: int
    value: int = 0


@dataclass(frozen=True, slots=True)
class Snippet:
    """A window of a field, worth reading: `text` is the field's text from start to end."""

    field: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Share:
    """What one word of a query adds to the score of one article.

    Attributes:
        word: As query text.
        frequency: How often it occurs, each field's tokens counted by its weight.
        saturated: What BM25 makes of that in an article of this length.
        score: boost × idf × saturated.
    """

    word: str
    frequency: int
    saturated: float
    idf: float
    boost: float
    score: float


@dataclass(frozen=True, slots=True)
class Reckoning:
    """How a score came about: it is the sum of the shares.

    Attributes:
        length: Weighted length of the article in tokens, padding included, as the engine
            keeps it.
    """

    length: float
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """One ranked result.

    Attributes:
        rank: Its place among all matches, from 1.
        score: BM25F, dimensionless; 0 where the query has no word that scores, or where
            neither the order nor whoever asked needed it.
        path: The source file as an absolute path, where its root is now.
        highlights: Every match in the article, by field and place.
        reckoning: How the score came about, where that was asked for.
    """

    rank: int
    score: float
    article: Article
    path: str
    snippets: tuple[Snippet, ...] = ()
    highlights: tuple[Span, ...] = ()
    reckoning: Reckoning | None = None


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """Which archive answered.

    Attributes:
        articles: Number of live articles.
        state: Order-independent hash over all of them; equal states hold equal articles.
    """

    path: str
    engine: str
    articles: int
    state: str


@dataclass(frozen=True, slots=True)
class QueryInfo:
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


@dataclass(frozen=True, slots=True)
class Part:
    """A node of a query as understood, and what it meets in the archive.

    Attributes:
        kind: `all`, `any`, `not`, or for a leaf `word`, `phrase`, `wildcard`, `range`,
            `has`, `everything` and whatever else the query language has.
        text: The same as query text.
        fields: Names of the fields that a leaf looks into.
        articles: Number of articles that it matches by itself.
        stems: Stemmer -> the stem looked for in articles of its language (words only).
        forms: The commonest forms that it meets, with their number of articles.
        forms_met: How many different forms it meets.
        verified: Whether the engine has to look at candidates one by one to find them.
    """

    kind: str
    text: str
    fields: tuple[str, ...]
    articles: int
    stems: tuple[tuple[str, str], ...] = ()
    forms: tuple[tuple[str, int], ...] = ()
    forms_met: int = 0
    children: tuple[Part, ...] = ()
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Ranked:
    """A word that scores: its number of articles decides its idf."""

    word: str
    boost: float
    articles: int
    idf: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """A query taken apart.

    Attributes:
        tree: As understood, without the filters and the stop words that were dropped.
        filters: One part for each filter.
        ranked: The words that scores are made of.
        articles: Number of articles that idf is reckoned with; those deleted since the
            last merge still count.
        average_length: Mean weighted length with padding.
    """

    tree: Part
    filters: tuple[Part, ...]
    ranked: tuple[Ranked, ...]
    articles: int
    average_length: float


@dataclass(frozen=True, slots=True)
class Leaf:
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


@dataclass(frozen=True, slots=True)
class Correction:
    """A query that was perhaps meant, its filters as query text, and what it matches."""

    query: str
    filters: tuple[str, ...]
    articles: int


@dataclass(frozen=True, slots=True)
class Breakdown:
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


@dataclass(frozen=True, slots=True)
class Gap:
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


@dataclass(frozen=True, slots=True)
class FileCounts:
    """Files below the roots, and in archives there, of which nothing is searched."""

    failed: int
    skipped: int
    unseen: int


@dataclass(frozen=True, slots=True)
class Covered:
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


@dataclass(frozen=True, slots=True)
class Searched:
    """What was searched.

    Attributes:
        articles: How many the filters let through.
        covered: What they are, where that was asked for or nothing was found.
    """

    articles: int
    covered: Covered | None = None


@dataclass(frozen=True, slots=True)
class Page:
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

    @property
    def next_offset(self) -> int | None:
        """Where the next page starts, or None on the last one."""
        end = self.offset + len(self.hits)
        return end if self.hits and end < self.total else None


@dataclass(frozen=True, slots=True)
class FacetCount:
    """A value of a field, and how many articles have it.

    Attributes:
        articles: Matches of the query that have it.
        share: The same as a part of all matches, from 0 to 1. Where a field has several
            values these add up to more than 1.
        base: How many have it of all articles that the filters let through.
        ratio: `articles` as a part of `base`: how much of what has this value the query
            finds.
        query: What finds just these articles, without any option; None for a value
            without a letter or digit, which no query can name.
    """

    value: str
    articles: int
    share: float
    base: int
    ratio: float
    query: str | None


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """The values of a field over all matches of a query.

    Attributes:
        field: The field's name in the schema.
        total: Matches in all.
        missing: Those without a value.
        missing_query: What finds these.
        distinct: How many different values there are; `values` may be fewer.
        base: Articles that the filters let through.
        values: The commonest first, of equals in the order of code points.
    """

    field: str
    total: int
    missing: int
    missing_query: str | None
    distinct: int
    base: int
    values: tuple[FacetCount, ...]


@dataclass(frozen=True, slots=True)
class Bucket:
    """A day, week, month, quarter or year of a series.

    Attributes:
        first, last: Its first and last day.
        n: Matching articles, or their mentions.
        articles: Matching articles.
        base: Articles of the base; where mentions are counted, the words of their bodies.
        ratio: n / base; where mentions are counted, mentions per million words. None in a
            gap, and where there are no words.
        lower, upper: The 95 % interval of Wilson for a share of articles; None for
            mentions, which stand together in articles and so are no independent draws.
        gap: Whether the base has no article here: nothing can be told.
        query: What finds just these articles, without any option.
    """

    name: str
    first: date
    last: date
    n: int
    articles: int
    base: int
    ratio: float | None
    lower: float | None
    upper: float | None
    gap: bool
    query: str | None


@dataclass(frozen=True, slots=True)
class Series:
    """A query in time.

    Attributes:
        total: Its articles in all.
        undated: Those without a date.
        vague: Those whose date is known less exactly than to the bucket.
        base: The same of what it is measured against.
    """

    name: str
    total: int
    undated: int
    vague: int
    base: int
    base_undated: int
    base_vague: int
    buckets: tuple[Bucket, ...]


@dataclass(frozen=True, slots=True)
class KeptSources:
    """How many sources a balanced timeline counts, of how many with a name."""

    sources: int
    of: int


@dataclass(frozen=True, slots=True)
class Timelines:
    """One series or several over the same buckets.

    Attributes:
        total: Articles that match, of any of the queries.
        by: The size of the buckets.
        unit: What is counted: `articles`, `mentions` or `per-million`.
        base: The query whose articles shares are a part of, where one was given.
        split: The field whose values the series are, if they are.
        values: How many values it has in all; the series may be fewer.
        kept: Which sources were counted, where not all were.
    """

    total: int
    by: str
    unit: str
    base: str | None
    split: str | None
    values: int | None
    kept: KeptSources | None
    series: tuple[Series, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """A standing query.

    Attributes:
        text: As it was typed.
        query: As it is understood; None where this version of newsidx understands it no more.
        literal: Whether it was taken as plain words.
        cursor: Up to which of its numbers it was told of.
        since: When the cursor was set, in UTC, to the second.
    """

    name: str
    text: str
    query: QueryInfo | None
    literal: bool
    cursor: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """Something new to a standing query.

    Attributes:
        alert: Its name.
        event: `new` to it, or `changed`: told of before, and another version now.
        cursor: What to acknowledge when all up to here is done with. None where it was
            told without any consequence.
    """

    alert: str
    event: str
    cursor: int | None
    hit: Hit


@dataclass(frozen=True, slots=True)
class Told:
    """What one standing query has to tell.

    Attributes:
        alert: Its name.
        cursor: What to acknowledge when all that is returned is done with; None as in `Found`.
        total: How much is new.
        returned: How much of it is told.
    """

    alert: str
    query: QueryInfo
    cursor: int | None
    total: int
    returned: int


@dataclass(frozen=True, slots=True)
class News:
    """What is new to one standing query or several; to be gone through once.

    Who stops on the way was told no more than what he took.

    Attributes:
        tellings: One of each standing query, in the order of names.
        warnings: Sentences the reader should see.
    """

    index: IndexInfo
    tellings: tuple[Told, ...]
    warnings: tuple[str, ...]
    found: Iterator[Found]

    def __iter__(self) -> Iterator[Found]:
        return self.found

    @property
    def total(self) -> int:
        """How much is new to all of them."""
        return sum(each.total for each in self.tellings)
