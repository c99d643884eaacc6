"""Articles counted: by the values of a field, and in time."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

__all__ = [
    "Bucket",
    "FacetCount",
    "FacetCounts",
    "KeptSources",
    "Series",
    "Timelines",
]


class FacetCount(Struct, frozen=True):
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


class FacetCounts(Struct, frozen=True):
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


class Bucket(Struct, frozen=True):
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


class Series(Struct, frozen=True):
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


class KeptSources(Struct, frozen=True):
    """How many sources a balanced timeline counts, of how many with a name."""

    sources: int
    of: int


class Timelines(Struct, frozen=True):
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
