"""What is new to standing queries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from newsidx.results import Hit, IndexInfo, QueryInfo

__all__ = [
    "Found",
    "Kept",
    "News",
    "Told",
]


class Kept(Struct, frozen=True):
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


class Found(Struct, frozen=True):
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


class Told(Struct, frozen=True):
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


class News(Struct, frozen=True):
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
