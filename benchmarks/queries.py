"""The queries that searching is measured by, each for every system.

A query is written twice: as text of newsidx's language, and as calls of a `Dialect`, which
makes of them what a system understands. They are words of the two sources of the corpus,
Reuters in 1987 and American news from 2012 to 2020, from those in most articles to those in
a few. Filters are filled in with what an index has: its commonest outlet, its middle year.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

__all__ = ["QUERIES", "Dialect", "Filling", "Query"]


@dataclass(frozen=True, slots=True)
class Filling:
    """What the filters of the queries ask for in an index."""

    outlet: str | None
    year: int | None

    def text(self, query: str) -> str | None:
        """The text of a query; None where it asks for what no article has."""
        for name, value in (("OUTLET", self.outlet), ("YEAR", self.year)):
            if name in query and value is None:
                return None
            query = query.replace(name, str(value))
        return query


class Dialect(Protocol):
    """How queries are made for a system; what it can't express is a NotImplementedError."""

    def word(self, word: str) -> Any:
        """Any form of a word, in title or body."""

    def phrase(self, text: str) -> Any:
        """Words in this order."""

    def wildcard(self, pattern: str) -> Any:
        """`*` is any run of characters, `?` any one."""

    def every(self, *parts: Any) -> Any:
        """All of these."""

    def some(self, *parts: Any) -> Any:
        """At least one."""

    def without(self, part: Any, other: Any) -> Any:
        """The first and not the second."""

    def outlet(self, part: Any, name: str) -> Any:
        """Only from an outlet of exactly this name."""

    def days(self, part: Any, first: date, last: date) -> Any:
        """Only of these days, inclusive."""


Build = Callable[[Dialect, Filling], Any]


@dataclass(frozen=True, slots=True)
class Query:
    kind: str
    text: str
    build: Build


def _word(word: str) -> Query:
    return Query("word", word, lambda to, _: to.word(word))


def _and(text: str) -> Query:
    return Query("AND", text, lambda to, _: to.every(*map(to.word, text.split())))


def _or(text: str) -> Query:
    words = text.split()
    return Query("OR", " OR ".join(words), lambda to, _: to.some(*map(to.word, words)))


def _phrase(text: str) -> Query:
    return Query("phrase", f'"{text}"', lambda to, _: to.phrase(text))


def _wildcard(pattern: str) -> Query:
    return Query("wildcard", pattern, lambda to, _: to.wildcard(pattern))


def _not(word: str, other: str) -> Query:
    return Query("NOT", f"{word} -{other}", lambda to, _: to.without(to.word(word), to.word(other)))


def _year(to: Dialect, part: Any, filling: Filling) -> Any:
    assert filling.year
    return to.days(part, date(filling.year, 1, 1), date(filling.year, 12, 31))


QUERIES: tuple[Query, ...] = (
    # In one article of three, of five, of ten.
    _word("president"),
    _word("government"),
    _word("market"),
    # In one of two hundred, and fewer.
    _word("cocoa"),
    _word("refinery"),
    _word("hysteria"),
    _word("psaki"),
    _and("oil prices"),
    _and("trump russia"),
    _and("government president"),
    _and("interest rates bank"),
    _and("health care reform law"),
    _and("opec output quota"),
    _phrase("white house"),
    _phrase("prime minister"),
    _phrase("money supply"),
    _phrase("end of the year"),
    _phrase("crude oil prices"),
    Query(
        "phrase",
        '"supreme court" abortion',
        lambda to, _: to.every(to.phrase("supreme court"), to.word("abortion")),
    ),
    _wildcard("immig*"),
    _wildcard("pro*"),
    _wildcard("wom?n"),
    Query(
        "wildcard",
        "democra* senate",
        lambda to, _: to.every(to.wildcard("democra*"), to.word("senate")),
    ),
    _or("wheat corn soybeans"),
    _or("obama clinton romney"),
    _or("dollar yen mark"),
    Query(
        "OR",
        "(oil OR gas) tax",
        lambda to, _: to.every(to.some(to.word("oil"), to.word("gas")), to.word("tax")),
    ),
    _not("court", "supreme"),
    Query(
        "filter",
        'election source:="OUTLET"',
        lambda to, by: to.outlet(to.word("election"), by.outlet or ""),
    ),
    Query("filter", "economy date:YEAR", lambda to, by: _year(to, to.word("economy"), by)),
)
