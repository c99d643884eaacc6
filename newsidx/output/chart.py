"""A timeline on a terminal: a bar for each bucket, or columns where there are many.

Several series stand below each other, each in a chart of its own over the same buckets
and with the same scale: so they can be told apart without colours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

from msgspec import Struct
from rich.console import Console
from rich.text import Text

from newsidx.output.bars import Glyphs, bar, columns
from newsidx.output.facet_bars import glyphs_for
from newsidx.output.numbers import percent, rate
from newsidx.output.safe import one_line
from newsidx.output.ticks import labels
from newsidx.output.timeline import value_of
from newsidx.results.counts import Bucket, Series, Timelines
from newsidx.text.counted import counted

__all__ = ["print_timeline"]

_DIM, _BAR, _HEAD = "dim", "cyan", "bold"

# As many buckets have a line each; more are columns.
_LINES = 40
# Lines that columns are high: of one series, and of each of several.
_HIGH, _LOW = 12, 5
# A bar is at most so wide, and a column.
_WIDEST, _COLUMN = 72, 6
# From this width on it is said with a share how far it may be off.
_ROOMY = 76


def print_timeline(
    console: Console, found: Timelines, filters: Sequence[str] = (), *, share: bool
) -> None:
    """Print a chart of all series.

    Args:
        filters: As query text.
        share: Draw what the articles are a part of the base.
    """
    drawing = _Drawing(found, share, console.width, glyphs_for(console))
    within = [found.base, *filters] if found.base else filters
    if within:
        console.print(Text(f"Within {one_line(' and '.join(within))}", style=_DIM))
    for line in drawing.lines():
        console.print(line, soft_wrap=True)


class _Drawing(Struct, frozen=True):
    found: Timelines
    share: bool
    width: int
    glyphs: Glyphs

    def lines(self) -> Iterator[Text]:
        """The chart from the top down."""
        found = self.found
        if len(found.series) == 1 and len(found.series[0].buckets) <= _LINES:
            yield self._title(found.series[0])
            yield Text()
            yield from self._bars(found.series[0])
            return
        height = _HIGH if len(found.series) == 1 else _LOW
        merged = [self._merged(each) for each in found.series]
        scale = max((self._value(b) or 0 for each in merged for b in each), default=0) or 1
        for number, (series, buckets) in enumerate(zip(found.series, merged, strict=True)):
            if number:
                yield Text()
            yield self._title(series)
            yield from self._columns(series, buckets, scale, height)

    # What is measured, and how it is written

    def _value(self, bucket: Bucket) -> float | None:
        return value_of(bucket, part=self.share or self.found.unit == "per-million")

    def _written(self, value: float) -> str:
        if self.share:
            return percent(value)
        return rate(value) if self.found.unit == "per-million" else f"{value:,.0f}"

    @property
    def _what(self) -> str:
        if self.share:
            return "share of articles"
        words = {"articles": "articles", "mentions": "mentions"}
        return words.get(self.found.unit, "mentions per million words")

    def _title(self, series: Series) -> Text:
        name = "every article" if series.name == "*" else one_line(series.name)
        title = Text.assemble((name, _HEAD))
        said = [f"{self._what} by {self.found.by}", counted(series.total, "article")]
        peak = max(series.buckets, key=lambda each: self._value(each) or 0.0)
        if most := self._value(peak):
            said.append(f"most in {peak.name}: {self._written(most)}")
        title.append("  " + ", ".join(said), _DIM)
        title.truncate(self.width, overflow="ellipsis")
        return title

    # A bar for each bucket

    def _bars(self, series: Series) -> Iterator[Text]:
        label = max(len(each.name) for each in series.buckets)
        values = [self._value(each) for each in series.buckets]
        most = max((value or 0 for value in values), default=0) or 1
        numbers = [self._written(value) if value is not None else "" for value in values]
        beside = [self._beside(each) for each in series.buckets]
        number, aside = max(map(len, numbers)), max(map(len, beside))
        above = self._above
        number, aside = max(number, len(above[0])), max(aside, len(above[1]))
        wide = min(_WIDEST, max(4, self.width - label - number - aside - 6))
        head = f"{'':{label + wide + 4}}{above[0]:>{number}}  {above[1]:>{aside}}"
        yield Text(head.rstrip(), style=_DIM)
        for each, value, shown, rest in zip(series.buckets, values, numbers, beside, strict=True):
            line = Text.assemble((f"{each.name:<{label}}  ", _DIM))
            if value is None:
                line.append((self.glyphs.nothing * 3).ljust(wide), _DIM)
                line.append(f"  {'gap':>{number}}", _DIM)
            else:
                line.append(bar(value / most, wide, self.glyphs).ljust(wide), _BAR)
                line.append(f"  {shown:>{number}}", _HEAD if value else _DIM)
                line.append(f"  {rest:>{aside}}", _DIM)
            line.rstrip()
            yield line

    @property
    def _is_all(self) -> bool:
        """Whether every article is counted, so that each share would be 100 %."""
        return all(each.total == each.base for each in self.found.series)

    @property
    def _above(self) -> tuple[str, str]:
        """What stands above the numbers of buckets, and above what is beside them."""
        if self.found.unit != "articles":
            return ("per million" if self.found.unit == "per-million" else "mentions"), ""
        if not self.share:
            return "articles", "" if self._is_all else "share"
        return "share", "" if self.width < _ROOMY else "95 % interval"

    def _beside(self, bucket: Bucket) -> str:
        """What stands behind the number of a bucket: what it is a part of."""
        if bucket.gap:
            return ""
        if self.found.unit != "articles":
            return f"in {counted(bucket.articles, 'article')}"
        if not self.share:
            return "" if self._is_all else percent(bucket.ratio or 0.0)
        parts = f"{bucket.n:,} of {bucket.base:,}"
        if self.width < _ROOMY or bucket.lower is None or bucket.upper is None:
            return parts
        low, high = percent(bucket.lower).removesuffix(" %"), percent(bucket.upper)
        return f"{parts:>15}  {low:>5}{self.glyphs.dash}{high:<6}"

    # Columns

    def _merged(self, series: Series) -> list[Bucket]:
        """The buckets, or so many of them together that they fit side by side."""
        room = self.width - _margin(self._widest)
        size = -(-len(series.buckets) // max(1, room))
        if size == 1:
            return list(series.buckets)
        every = range(0, len(series.buckets), size)
        return [_together(series.buckets[at : at + size], self.found.unit) for at in every]

    @property
    def _widest(self) -> str:
        """A number that is at least as long as any on the axis, whatever is merged."""
        every = [
            (self._value(each) or 0.0, each.n) for one in self.found.series for each in one.buckets
        ]
        if self.share or self.found.unit == "per-million":
            return max((self._written(value) for value, _ in every), key=len)
        return self._written(sum(n for _, n in every))

    def _columns(
        self, series: Series, buckets: Sequence[Bucket], scale: float, height: int
    ) -> Iterator[Text]:
        top = self._written(scale)
        margin = _margin(top)
        widths = _widths(len(buckets), self.width - margin)
        values = [self._value(each) for each in buckets]
        parts = [None if value is None else value / scale for value in values]
        for number, line in enumerate(columns(parts, height, widths, self.glyphs)):
            axis = top if number == 0 else ""
            drawn = Text.assemble((f"{axis:>{margin - 1}} ", _DIM))
            for piece in re.split(f"([{re.escape(self.glyphs.nothing)}]+)", line.rstrip()):
                drawn.append(piece, _DIM if piece.startswith(self.glyphs.nothing) else _BAR)
            drawn.rstrip()
            yield drawn
        places = list(accumulate(widths, initial=0))
        ticks, names = labels([each.name for each in buckets], places[:-1], places[-1])
        line = "".join(
            self.glyphs.tick if at in ticks else self.glyphs.axis for at in range(places[-1])
        )
        yield Text(f"{'0':>{margin - 1}} {line}", style=_DIM)
        yield Text(" " * margin + names, style=_DIM)
        if series is self.found.series[-1]:
            for said in self._said(-(-len(series.buckets) // len(buckets))):
                yield Text(" " * margin + said, style=_DIM)

    def _said(self, size: int) -> Iterator[str]:
        """What has to be known of columns, each of so many buckets."""
        if size > 1:
            yield f"Each column is {counted(size, self.found.by)}."
        if any(each.gap for one in self.found.series for each in self._merged(one)):
            yield f"{self.glyphs.nothing} is a gap: there is no article at all."


def _margin(top: str) -> int:
    return len(top) + 1


def _widths(count: int, room: int) -> list[int]:
    """How wide each of some columns is: the same, and not wider than is good to look at."""
    return [min(_COLUMN, max(1, room // max(1, count)))] * count


def _together(buckets: Sequence[Bucket], unit: str) -> Bucket:
    """Some buckets as one, under the name of the first."""
    n, base = sum(each.n for each in buckets), sum(each.base for each in buckets)
    scale = 1 if unit == "articles" else 1_000_000
    return Bucket(
        name=buckets[0].name,
        first=buckets[0].first,
        last=buckets[-1].last,
        n=n,
        articles=sum(each.articles for each in buckets),
        base=base,
        ratio=scale * n / base if base else None,
        lower=None,
        upper=None,
        gap=all(each.gap for each in buckets),
        query=None,
    )
