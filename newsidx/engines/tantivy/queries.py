"""Tantivy's queries, put together: never as text that anything would have to parse."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from tantivy import FieldType, Occur, Query

if TYPE_CHECKING:
    from tantivy import Schema, Searcher

__all__ = [
    "all_of",
    "any_of",
    "between",
    "but_not",
    "count_of",
    "everything",
    "nothing",
    "with_keys",
]
__all__ += ["with_terms", "without_score"]

# So many alternatives are looked up one by one; more are a set, which Tantivy's dictionary
# is gone through for.
_FEW = 64


def everything() -> Query:
    """Every document."""
    return Query.all_query()


def nothing() -> Query:
    """No document."""
    return Query.empty_query()


def any_of(queries: Sequence[Query]) -> Query:
    """What at least one finds."""
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Should, each) for each in queries]) if queries else nothing()


def all_of(queries: Sequence[Query]) -> Query:
    """What every one finds."""
    if len(queries) == 1:
        return queries[0]
    return (
        Query.boolean_query([(Occur.Must, each) for each in queries]) if queries else everything()
    )


def but_not(query: Query, other: Query) -> Query:
    """What one finds and the other doesn't."""
    return Query.boolean_query([(Occur.Must, query), (Occur.MustNot, other)])


def without_score(query: Query) -> Query:
    """The same, adding nothing to a score."""
    return Query.const_score_query(query, 0.0)


def with_terms(schema: Schema, field: str, terms: Collection[str]) -> Query:
    """What has any of some terms in a field."""
    if len(terms) > _FEW:
        return Query.term_set_query(schema, field, list(terms))
    return any_of([Query.term_query(schema, field, term) for term in terms])


def with_keys(schema: Schema, keys: Collection[int]) -> Query:
    """The articles with some keys (`layout.key_of`)."""
    if len(keys) > _FEW:
        return Query.term_set_query(schema, "key", list(keys))
    return any_of([Query.term_query(schema, "key", key) for key in keys])


def count_of(searcher: Searcher, query: Query) -> int:
    """How many documents a query finds."""
    found: Any = searcher.search(query, 1)  # whose type forgets that it has a count
    return int(found.count)


def between(schema: Schema, field: str, low: int | None, high: int | None) -> Query:
    """What has a number in a column that is neither lower nor higher."""
    if high is not None and high < max(low or 0, 0):
        return nothing()
    if not low or low < 0:
        low = 0
    return Query.range_query(schema, field, FieldType.Unsigned, low, high)
