"""Bars and columns of characters: eighths of a cell, or # where there are no blocks."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

__all__ = ["ASCII", "BLOCKS", "Glyphs", "bar", "columns"]


class Glyphs(Struct, frozen=True):
    """The characters of a chart.

    Attributes:
        lying, standing: Parts of a cell from the least to the whole, for bars and columns.
        axis, tick: What stands below columns.
        nothing: What stands where there is nothing to count.
        dash: Between two numbers.
    """

    lying: str
    standing: str
    axis: str
    tick: str
    nothing: str
    dash: str


BLOCKS = Glyphs("▏▎▍▌▋▊▉█", "▁▂▃▄▅▆▇█", "─", "┴", "·", "–")
ASCII = Glyphs("#", "#", "-", "+", ".", "-")


def bar(part: float, width: int, glyphs: Glyphs = BLOCKS) -> str:
    """A bar that is a part of a width, from 0 to 1; what is more than nothing can be seen."""
    return "".join(_cells(part, width, glyphs.lying))


def _cells(part: float, size: int, parts: str) -> list[str]:
    steps = len(parts)
    filled = round(part * size * steps)
    if part > 0:
        filled = max(1, filled)
    whole, rest = divmod(filled, steps)
    return [parts[-1]] * whole + ([parts[rest - 1]] if rest else [])


def columns(
    parts: Sequence[float | None], height: int, widths: Sequence[int], glyphs: Glyphs = BLOCKS
) -> list[str]:
    """Columns side by side as lines from the top down.

    Args:
        parts: How much of the height each fills, from 0 to 1; None is nothing to count.
        widths: How many characters each is wide. Of three or more the last stays empty.
    """
    lines = [""] * height
    for part, width in zip(parts, widths, strict=True):
        # Of a gap only the foot is marked: many would hide what stands between them.
        cells = [glyphs.nothing] if part is None else _cells(part, height, glyphs.standing)
        for line in range(height):
            up = height - 1 - line
            mark = cells[up] if up < len(cells) else " "
            wide = width - 1 if width >= 3 else width
            lines[line] += (mark * wide).ljust(width)
    return lines
