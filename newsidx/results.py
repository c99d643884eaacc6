"""What a search returns: plain values that every output is made from."""

from __future__ import annotations

from dataclasses import dataclass, field

from newsidx.article import Article

__all__ = ["Hit", "IndexInfo", "Page", "QueryInfo", "Snippet", "Span"]


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
class Hit:
    """One ranked result.

    Attributes:
        rank: Its place among all matches, from 1.
        score: BM25F, dimensionless; 0 where the query has no word that scores, or where
            neither the order nor whoever asked needed it.
        path: The source file as an absolute path, where its root is now.
        highlights: Every match in the article, by field and place.
    """

    rank: int
    score: float
    article: Article
    path: str
    snippets: tuple[Snippet, ...] = ()
    highlights: tuple[Span, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Page:
    """What a search returns.

    Attributes:
        total: Number of matching articles, always exact.
        offset: How many of them were passed over.
        hits: The page itself, in order.
        warnings: Sentences the reader should see.
    """

    index: IndexInfo
    query: QueryInfo
    total: int
    offset: int
    hits: tuple[Hit, ...]
    warnings: tuple[str, ...] = field(default=())

    @property
    def next_offset(self) -> int | None:
        """Where the next page starts, or None on the last one."""
        end = self.offset + len(self.hits)
        return end if self.hits and end < self.total else None
