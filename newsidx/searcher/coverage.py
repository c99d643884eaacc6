"""What was searched: by source and span, and where the archive has holes.

**A gap** is a stretch of days on which a source has no article although it has articles
all the time before and after. Its level is the number of articles a day in the twelve
weeks before the stretch or in the twelve weeks after it, whichever is lower; of either, four
weeks at least must lie between the source's first and last article.
If articles came by themselves at that level (a Poisson process), a stretch of d days
would be empty with probability exp(-level d), and some stretch of a source with n
articles with at most n times that. What is reported has a level of an article a week at
least, lasts a week at least, so that papers without a Sunday are no news, and is less
likely than one in a thousand. The numbers are ours.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from msgspec import Struct

from newsidx.engines.base import Engine, Timeline
from newsidx.query.bound import Bound, BoundQuery, Range
from newsidx.results import Covered, FileCounts, Gap
from newsidx.schema import field_named
from newsidx.searcher.facets import joined, whole_value

__all__ = ["LEAST_LEVEL", "SHORTEST_GAP", "UNLIKELY", "Spread", "covered", "gaps_in", "spread"]

LEAST_LEVEL = 1 / 7
"""Articles a day that a source has at least where its gaps are looked for."""

SHORTEST_GAP = 7
"""Days that a gap has at least."""

UNLIKELY = 0.001
"""How likely a gap is at most, if it were chance."""

# Days before and after a stretch from which its level is taken, and how many of them
# have to be there.
_AROUND = 84
_ENOUGH = 28

# Sources that are looked through at most, the largest first, and the fewest articles that
# such a source has: below that no stretch can be told from chance.
_LOOKED_THROUGH = 100
_FEWEST = 20

# Of the dates of a source, this part may be vaguer than a day.
_VAGUE = 0.1


class Spread(Struct, frozen=True):
    """Over which sources and days some articles are spread; attributes as of `Covered`."""

    sources: tuple[tuple[str, int], ...]
    without_source: int
    first: str | None
    last: str | None
    undated: int


def spread(engine: Engine, tree: Bound) -> Spread:
    """Over which sources and days the articles of a tree are spread."""
    sources = engine.facets(BoundQuery(tree, ()), "source")
    dated = engine.timeline(BoundQuery(tree, ()), "day")
    ends = _ends(engine, tree, dated)
    return Spread(tuple(sources.values), sources.missing, *ends, dated.undated)


def covered(engine: Engine, filters: Sequence[Bound], files: FileCounts | None) -> Covered:
    """What the filters let through, and the gaps in it.

    The level of a source is taken from all its articles that the other filters let
    through, so that a gap is seen also by who asks for days that lie within it.

    Args:
        filters: None or more.
        files: What became of files, where that is known.
    """
    within = joined(*filters)
    days = [each for each in filters if _is_span(each)]
    anytime = joined(*(each for each in filters if not _is_span(each)))
    sources = engine.facets(BoundQuery(within, ()), "source")
    dated = engine.timeline(BoundQuery(within, ()), "day")
    always = sources if not days else engine.facets(BoundQuery(anytime, ()), "source")
    whole = dated if not days else engine.timeline(BoundQuery(anytime, ()), "day")
    first, last = _ends(engine, within, dated)
    found = _gaps(engine, anytime, [pair for pair in always.values if pair[1] >= _FEWEST], whole)
    return Covered(
        sources=tuple(sources.values),
        without_source=sources.missing,
        first=first,
        last=last,
        undated=whole.undated,
        gaps=tuple(gap for gap in found if _meets(gap, days)),
        files=files,
    )


def _is_span(node: Bound) -> bool:
    return isinstance(node, Range) and node.field == "published"


def _ends(engine: Engine, tree: Bound, dated: Timeline) -> tuple[str | None, str | None]:
    """The first and the last date, as exactly as they are known."""
    found = list(dated.buckets)
    if dated.vague:
        for unit in ("month", "year"):
            found += engine.timeline(BoundQuery(tree, ()), unit).buckets
    if not found:
        return None, None
    names = [name for name, _ in found]
    # 2016 is not before 2016-03, which may be the same day, but known better.
    low = min(names, key=lambda name: (name[:4], len(name) < 7, name[:7], len(name) < 10, name))
    high = max(names, key=lambda name: (name[:4], len(name) >= 7, name[:7], len(name) >= 10, name))
    return low, high


def _meets(gap: Gap, days: Sequence[Bound]) -> bool:
    """Whether a gap has a day that was asked for."""
    first, last = gap.first.toordinal(), gap.last.toordinal()
    return all(
        isinstance(each, Range)
        and (each.low is None or last >= each.low)
        and (each.high is None or first <= each.high)
        for each in days
    )


def _gaps(
    engine: Engine, anytime: Bound, sources: Sequence[tuple[str, int]], whole: Timeline
) -> Iterator[Gap]:
    """The gaps of the archive as a whole, and those of sources besides."""
    common = list(gaps_in(whole, None))
    yield from common
    field = field_named("source")
    assert field is not None
    for name, _ in sources[:_LOOKED_THROUGH]:
        tree = whole_value(field, name)
        if tree is None:
            continue
        found = engine.timeline(BoundQuery(joined(anytime, tree), ()), "day")
        for gap in gaps_in(found, name):
            if not any(each.first <= gap.first and gap.last <= each.last for each in common):
                yield gap


def gaps_in(found: Timeline, source: str | None) -> Iterator[Gap]:
    """The gaps between articles counted by day, in order.

    Where the dates of many are vaguer than a day, nothing can be told, and there are none.
    """
    if found.vague > _VAGUE * (found.total - found.undated) or len(found.buckets) < 2:
        return
    days = [date.fromisoformat(name).toordinal() for name, _ in found.buckets]
    before = [0]
    for _, count in found.buckets:
        before.append(before[-1] + count)
    for last, following in pairwise(days):
        length = following - last - 1
        if length < SHORTEST_GAP:
            continue
        level = _level(days, before, last, following)
        if level < LEAST_LEVEL:
            continue
        expected = level * length
        if before[-1] * math.exp(-expected) < UNLIKELY:
            first, end = date.fromordinal(last + 1), date.fromordinal(following - 1)
            yield Gap(source, first, end, length, expected)


def _level(days: Sequence[int], before: Sequence[int], last: int, following: int) -> float:
    """Articles a day around a stretch that lies between two days with articles.

    Args:
        before: For each of the days, how many articles there are until then, and in the
            end how many there are in all.
    """
    levels: list[float] = []
    for low, high in ((last - _AROUND + 1, last), (following, following + _AROUND - 1)):
        low, high = max(low, days[0]), min(high, days[-1])
        if high - low + 1 < _ENOUGH:
            return 0.0
        count = before[bisect_right(days, high)] - before[bisect_left(days, low)]
        levels.append(count / (high - low + 1))
    return min(levels)
