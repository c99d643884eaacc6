"""A timeline as SVG within a page: a bar for each bucket, drawn here, coloured by the page."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import groupby

from newsidx.output.dossier.markup import Markup, joined, tag
from newsidx.output.ticks import labels
from newsidx.results.counts import Bucket, Timelines
from newsidx.text.counted import counted

__all__ = ["chart", "ticks_up_to"]

# In units of the drawing, which the page scales.
_WIDTH, _HEIGHT = 760, 210
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 6, 10, 26
# What a character of a label takes.
_CHARACTER = 7.0
# A bar is at most so wide.
_WIDEST = 48.0


def chart(found: Timelines, number: int) -> Markup:
    """The first series of a timeline.

    Args:
        number: Of the chapter, which makes its ids unlike those of others.
    """
    series = found.series[0]
    buckets = series.buckets
    most = max((each.n for each in buckets), default=0)
    top = ticks_up_to(most)[-1]
    peak = max(buckets, key=lambda each: each.n)
    about = (
        f"{counted(series.total, 'article')} by {found.by}, {buckets[0].name} to "
        f"{buckets[-1].name}; most in {peak.name}: {peak.n:,}."
    )
    name, desc = f"chart-{number}", f"chart-{number}-about"
    return tag(
        "svg",
        tag("title", f"Articles by {found.by}", id=name),
        tag("desc", about, id=desc),
        joined(_grid(most)),
        joined(_bars(buckets, top)),
        joined(_names([each.name for each in buckets])),
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        class_="chart",
        role="img",
        aria_labelledby=f"{name} {desc}",
    )


def ticks_up_to(most: int) -> list[int]:
    """Where an axis from 0 has numbers: whole ones, up to five steps, the last at or above."""
    most = max(most, 1)
    step = 1
    for step in (factor * 10**power for power in range(12) for factor in (1, 2, 5)):
        if step * 5 >= most:
            break
    return [step * at for at in range(math.ceil(most / step) + 1)]


def _y(value: float, top: int) -> float:
    return _HEIGHT - _BOTTOM - value / top * (_HEIGHT - _TOP - _BOTTOM)


def _grid(most: int) -> Iterator[Markup]:
    ticks = ticks_up_to(most)
    for tick in ticks:
        y = _at(_y(tick, ticks[-1]))
        yield tag("line", x1=_LEFT, x2=_WIDTH - _RIGHT, y1=y, y2=y, class_="grid")
        below = _at(_y(tick, ticks[-1]) + 4)
        yield tag("text", f"{tick:,}", text_anchor="end", x=_LEFT - 6, y=below)


def _bars(buckets: Sequence[Bucket], top: int) -> Iterator[Markup]:
    room = (_WIDTH - _LEFT - _RIGHT) / len(buckets)
    wide = min(room * 0.8, _WIDEST)
    yield from _gaps(buckets, room)
    for at, bucket in enumerate(buckets):
        x = _LEFT + at * room
        if bucket.n:
            of = f"{bucket.n:,} of {counted(bucket.base, 'article')}"
            y = _y(bucket.n, top)
            yield tag(
                "rect",
                tag("title", f"{bucket.name}: {of}"),
                x=_at(x + (room - wide) / 2),
                y=_at(y),
                width=_at(wide),
                height=_at(_HEIGHT - _BOTTOM - y),
                class_="bar",
            )


def _gaps(buckets: Sequence[Bucket], room: float) -> Iterator[Markup]:
    """A shade for each stretch in which the archive has nothing."""
    at = 0
    for gap, stretch in groupby(buckets, key=lambda bucket: bucket.gap):
        names = [bucket.name for bucket in stretch]
        if gap:
            ends = names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"
            yield tag(
                "rect",
                tag("title", f"{ends}: the archive has nothing"),
                x=_at(_LEFT + at * room),
                y=_TOP,
                width=_at(len(names) * room),
                height=_HEIGHT - _TOP - _BOTTOM,
                class_="gap",
            )
        at += len(names)


def _names(names: Sequence[str]) -> Iterator[Markup]:
    """Below the axis, as many names as can stand beside each other."""
    room = (_WIDTH - _LEFT - _RIGHT) / len(names)
    places = [int(at * room / _CHARACTER) for at in range(len(names))]
    chosen, line = labels(names, places, int((_WIDTH - _LEFT - _RIGHT) / _CHARACTER))
    for at, place in enumerate(places):
        if place in chosen and (at == 0 or places[at - 1] != place):
            x = _LEFT + at * room + (room - min(room * 0.8, _WIDEST)) / 2
            yield tag("text", line[place:].split(" ")[0], x=_at(x), y=_HEIGHT - 8)


def _at(value: float) -> str:
    """A length with a decimal at most: the same text on every machine."""
    return f"{value:.1f}".removesuffix(".0")
