"""Filters: conditions put in options beside a query, which never change a score.

Each is the same as a field in the query, `--source cnn` as `source:"cnn"`: they are
made into nodes of the query language here, and bound as those are.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from newsidx.errors import QueryError, UsageError
from newsidx.query import nodes
from newsidx.query.bind import bind
from newsidx.query.bound import BoundQuery
from newsidx.query.dates import date_range
from newsidx.query.render import render
from newsidx.text.tokens import forms

__all__ = ["Filters", "bound_filter", "filter_nodes", "filters_of"]


class Filters(Struct, frozen=True):
    """What must hold of every result; several values of one field are alternatives.

    Attributes:
        since: The first day, in any way that `date:` understands; a month or a year
            begins with its first day.
        until: The last day; a month or a year ends with its last.
    """

    since: str | None = None
    until: str | None = None
    source: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    lang: tuple[str, ...] = ()
    section: tuple[str, ...] = ()


def filters_of(
    since: str | date | None = None,
    until: str | date | None = None,
    source: str | Iterable[str] | None = None,
    author: str | Iterable[str] | None = None,
    tag: str | Iterable[str] | None = None,
    lang: str | Iterable[str] | None = None,
    section: str | Iterable[str] | None = None,
) -> Filters:
    """Filters from what a caller has: one value or several, text or days."""

    def values(given: str | Iterable[str] | None) -> tuple[str, ...]:
        return (given,) if isinstance(given, str) else tuple(given or ())

    def day(given: str | date | None) -> str | None:
        return given.isoformat()[:10] if isinstance(given, date) else given

    return Filters(
        day(since),
        day(until),
        values(source),
        values(author),
        values(tag),
        values(lang),
        values(section),
    )


def filter_nodes(filters: Filters, today: date) -> tuple[nodes.Node, ...]:
    """The filters as nodes of the query language, one for each field.

    Args:
        today: What `yesterday` counts from.

    Raises:
        UsageError: A day is none, the range is reversed, or a value holds no word; it
            names the option.
    """
    found: list[nodes.Node] = []
    if filters.since is not None or filters.until is not None:
        found.append(_days(filters.since, filters.until, today))
    for name in ("source", "author", "tag", "lang", "section"):
        values = getattr(filters, name)
        if values:
            each = tuple(_value(name, value) for value in values)
            found.append(nodes.InField(name, nodes.Or(each) if len(each) > 1 else each[0]))
    return tuple(found)


def bound_filter(node: nodes.Node, language: str, today: date) -> BoundQuery:
    """A filter ready to run.

    Raises:
        UsageError: It can't be understood.
    """
    text = render(node)
    try:
        return bind(node, text, language=language, today=today)
    except QueryError as problem:
        raise UsageError(f"The filter {text} makes no sense: {problem.message}") from None


def _days(since: str | None, until: str | None, today: date) -> nodes.Node:
    first = None if since is None else _day("since", since, today)[0]
    last = None if until is None else _day("until", until, today)[1]
    if first is not None and last is not None and first > last:
        raise UsageError(f"--since {since} is after --until {until}.", "Turn them round.")
    return nodes.InField("date", nodes.Range(since, until))


def _day(name: str, text: str, today: date) -> tuple[date, date]:
    try:
        return date_range(text, today)
    except ValueError as problem:
        message, write, hint = str(problem).partition(" Write ")
        raise UsageError(f"--{name}: {message}", f"Write {hint}" if write else None) from None


def _value(name: str, text: str) -> nodes.Node:
    if not forms(text):
        raise UsageError(
            f"--{name} {text!r} holds no word to look for.", "Name one, or leave it out."
        )
    return nodes.Phrase(text)
