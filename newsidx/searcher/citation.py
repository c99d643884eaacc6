"""The citation of a query: what it takes to check a number, and to come to it again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from newsidx.engines.base import Engine
from newsidx.index.accounts import Account
from newsidx.index.frozen import Holding, content_of
from newsidx.results import IndexInfo, QueryInfo, Searched
from newsidx.searcher.coverage import Spread, spread
from newsidx.searcher.facets import joined
from newsidx.searcher.question import Ask, Understood

__all__ = ["Citation", "Versions", "cite"]


class Versions(Struct, frozen=True):
    """What decides besides the archive what a query finds.

    Attributes:
        newsidx: Of the program.
        tokens, stems: Of the definition of a word, and of the stemming.
        language: The stemmer of articles whose language is not known.
    """

    newsidx: str
    tokens: int
    stems: int
    language: str


class Citation(Struct, frozen=True):
    """What a methods section says of a search.

    Attributes:
        literal: Whether the query was taken as plain words.
        total: Number of matching articles.
        content: Their state: a hash over their ids and all that they say.
        spread: Their sources and dates.
        searched: The same of all that was searched, with its gaps.
        account: What was seen and is not searched; None while a writer is at work.
        day: The day of the search, and what `yesterday` counts from.
        warnings: What should be known of the index itself.
    """

    index: IndexInfo
    query: QueryInfo
    literal: bool
    total: int
    content: str
    spread: Spread
    searched: Searched
    account: Account | None
    versions: Versions
    day: date
    warnings: tuple[str, ...] = ()


def cite(
    engine: Engine,
    question: Ask,
    understood: Understood,
    held: Mapping[str, Holding],
    *,
    index: IndexInfo,
    searched: Searched,
    account: Account | None,
    versions: Versions,
    day: date,
    warnings: tuple[str, ...] = (),
) -> Citation:
    """Put together what is to be said of a query.

    Args:
        held: The matching articles (`searcher.holdings`).
    """
    return Citation(
        index=index,
        query=understood.info,
        literal=question.literal,
        total=len(held),
        content=content_of(held),
        spread=spread(engine, joined(understood.query.tree)),
        searched=searched,
        account=account,
        versions=versions,
        day=day,
        warnings=warnings,
    )
