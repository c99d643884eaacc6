"""A timeline as an SVG file, drawn by matplotlib: the same bytes for the same data."""

from __future__ import annotations

import math
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsidx.errors import NewsidxError, UsageError
from newsidx.output.safe import one_line, valid
from newsidx.output.streams import write
from newsidx.output.timeline import value_of
from newsidx.results.counts import Bucket, Timelines

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["write_svg"]

# Colours that most people with a colour deficiency can tell apart: M. Okabe and K. Ito,
# "Color Universal Design" (2008). Lines differ in their dashes besides.
_COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
_DASHES = ("-", "--", "-.", ":")

# Nothing of it may depend on the machine, its configuration or the clock.
_STYLE: dict[str, Any] = {
    "svg.hashsalt": "newsidx",
    "svg.fonttype": "none",
    "text.parse_math": False,
    "font.family": "sans-serif",
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def write_svg(path: str, found: Timelines, *, share: bool) -> None:
    """Draw all series into a file.

    Args:
        path: Where to; `-` is standard output.
        share: Draw what the articles are a part of the base.

    Raises:
        UsageError: matplotlib is not installed.
        NewsidxError: The file can't be written.
    """
    try:
        data = _drawn(found, share=share)
    except ModuleNotFoundError as problem:
        if (problem.name or "").partition(".")[0] != "matplotlib":
            raise
        raise UsageError(
            "--svg needs matplotlib, which is not installed.",
            "Install it with: pip install 'newsidx[charts]'",
        ) from None
    if path == "-":
        write(data)
        return
    try:
        Path(path).write_bytes(data)
    except OSError as problem:
        raise NewsidxError(
            f"{valid(path)} can't be written: {problem.strerror}.", "Name another file."
        ) from problem


def _drawn(found: Timelines, *, share: bool) -> bytes:
    from matplotlib import rc_context, rcParamsDefault
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    # The backend is nobody's choice here, and naming it would load another.
    style: dict[Any, Any] = {
        name: value for name, value in rcParamsDefault.items() if "backend" not in name
    }
    with rc_context(style | _STYLE):
        figure = Figure(figsize=(9, 4.5), layout="constrained")
        canvas: Any = FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        _draw(axes, found, share=share)
        out = BytesIO()
        canvas.print_svg(out, metadata={"Date": None, "Creator": "newsidx"})
    return out.getvalue()


def _draw(axes: Axes, found: Timelines, *, share: bool) -> None:
    part = share or found.unit == "per-million"
    for number, series in enumerate(found.series):
        days: Any = [_middle(each) for each in series.buckets]
        drawn = (value_of(each, part=part) for each in series.buckets)
        values = [math.nan if value is None else value for value in drawn]
        color = _COLORS[number % len(_COLORS)]
        axes.plot(
            days,
            values,
            color=color,
            linestyle=_DASHES[number // len(_COLORS) % len(_DASHES)],
            marker="." if len(days) <= 120 else "",
            label=f" {_name(series.name)}",  # one that begins with _ would be left out
        )
        if share and len(found.series) == 1:
            low, high = ([getattr(b, end) for b in series.buckets] for end in ("lower", "upper"))
            axes.fill_between(
                days,
                [math.nan if each is None else each for each in low],
                [math.nan if each is None else each for each in high],
                color=color,
                alpha=0.2,
                linewidth=0,
            )
    _shade_gaps(axes, found)
    axes.set_ylim(bottom=0)
    if share:
        from matplotlib.ticker import PercentFormatter

        axes.yaxis.set_major_formatter(PercentFormatter(1.0, symbol=" %"))
    axes.set_ylabel(_label(found, share=share))
    if found.series:
        axes.legend(frameon=False)


def _name(series: str) -> str:
    return "every article" if series == "*" else valid(one_line(series))


def _shade_gaps(axes: Axes, found: Timelines) -> None:
    """Grey where no series has anything that it could be a part of."""
    for buckets in zip(*(series.buckets for series in found.series), strict=True):
        if all(each.gap for each in buckets):
            first, last = buckets[0].first, buckets[0].last
            axes.axvspan(first, last, color="#DDDDDD", linewidth=0)


def _label(found: Timelines, *, share: bool) -> str:
    if share:
        return f"share of articles by {found.by}"
    what = {"per-million": "mentions per million words"}.get(found.unit, found.unit)
    return f"{what} by {found.by}"


def _middle(bucket: Bucket) -> date:
    return date.fromordinal((bucket.first.toordinal() + bucket.last.toordinal()) // 2)
