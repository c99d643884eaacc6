"""By what to look closer: the fields that tell most about the matches of a query."""

from __future__ import annotations

from collections.abc import Iterator

from newsidx.engines.base import Engine
from newsidx.query.bound import BoundQuery
from newsidx.results import Breakdown

__all__ = ["MOST_COUNTED", "breakdowns"]

# Counting takes about 2 ms for each thousand matches and field; more than these would
# be waited for.
MOST_COUNTED = 10_000

_FIELDS = ("source", "year", "language", "section", "tags")
# So few are seen at a glance.
_FEWEST = 5
_SHOWN_FIELDS = 3
_SHOWN_VALUES = 12
# A field says little where so much of the matches has one value, or so little has any.
_UNIFORM = 0.97
_KNOWN = 0.5


def breakdowns(engine: Engine, query: BoundQuery, total: int) -> tuple[Breakdown, ...]:
    """All matches by source, year and so on: at most three fields, those that tell something.

    Args:
        total: How many matches there are. Of too few or too many nothing is counted.
    """
    if not _FEWEST <= total <= MOST_COUNTED:
        return ()
    found: list[Breakdown] = []
    for field in _worth_counting(engine):
        counted = _years(engine, query) if field == "year" else _values(engine, query, field)
        if counted is not None:
            found.append(counted)
        if len(found) == _SHOWN_FIELDS:
            break
    return tuple(found)


def _worth_counting(engine: Engine) -> Iterator[str]:
    for field in _FIELDS:
        if field != "language" or len(engine.statistics().languages) > 1:
            yield field


def _values(engine: Engine, query: BoundQuery, field: str) -> Breakdown | None:
    counts = engine.facets(query, field)
    if counts.missing > (1 - _KNOWN) * counts.total or not _is_telling(counts.values, counts.total):
        return None
    shown = tuple(counts.values[:_SHOWN_VALUES])
    return Breakdown(field, shown, len(counts.values) - len(shown))


def _years(engine: Engine, query: BoundQuery) -> Breakdown | None:
    """The years with most articles, in the order of time."""
    counts = engine.timeline(query, "year")
    if counts.undated > (1 - _KNOWN) * counts.total or not _is_telling(
        counts.buckets, counts.total
    ):
        return None
    most = sorted(counts.buckets, key=lambda item: (-item[1], item[0]))[:_SHOWN_VALUES]
    return Breakdown("year", tuple(sorted(most)), len(counts.buckets) - len(most))


def _is_telling(values: list[tuple[str, int]], total: int) -> bool:
    """Whether there are several values, some of them shared, and none is nearly all."""
    most = max((count for _, count in values), default=0)
    return len(values) > 1 and most > 1 and most < _UNIFORM * total
