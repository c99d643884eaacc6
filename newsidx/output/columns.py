"""Text in columns on a terminal, by the width of its characters there."""

from __future__ import annotations

import shutil
from collections.abc import Sequence

from rich.cells import cell_len, chop_cells
from rich.console import Console
from rich.text import Text

__all__ = [
    "Column",
    "cut",
    "cut_left",
    "cut_middle",
    "fitting",
    "padded",
    "print_columns",
    "terminal_width",
]

_WIDEST = 200

# Cells that a word should have at least, if it is that long.
_WORD = 14

Column = tuple[str, bool]
"""Its head, and whether it is to the right, as numbers are."""


def terminal_width() -> int:
    """The columns to fill: as many as there are, if these are not over 200."""
    return max(20, min(_WIDEST, shutil.get_terminal_size((80, 24)).columns))


def padded(text: str, width: int, *, right: bool = False) -> str:
    """The text filled up with blanks to a width, in cells."""
    gap = " " * max(0, width - cell_len(text))
    return gap + text if right else text + gap


def cut(text: str, width: int) -> str:
    """The text in so many cells at most, with `…` where some of it is missing."""
    if cell_len(text) <= width:
        return text
    return _begin(text, width - 1) + "…" if width > 1 else "…"[:width]


def cut_middle(text: str, width: int) -> str:
    """The beginning and the end of a text in so many cells at most, with `…` between them."""
    if cell_len(text) <= width:
        return text
    if width < 5:
        return cut(text, width)
    begin = fitting(text, width // 2)
    return f"{begin}…{cut_left(text, width - cell_len(begin) - 1)}"


def fitting(text: str, width: int) -> str:
    """As much of the beginning as fits into so many cells, if it can be in whole words."""
    if cell_len(text) <= width:
        return text
    begin = _begin(text, width)
    if text[len(begin) : len(begin) + 1] == " ":
        return begin
    gap = begin.rfind(" ")
    return begin[:gap] if gap >= len(begin) // 2 else begin


def cut_left(text: str, width: int) -> str:
    """As much of the end as fits into so many cells, if it can be in whole words."""
    if cell_len(text) <= width:
        return text
    size, at = 0, len(text)
    while at > 0 and (size := size + cell_len(text[at - 1])) <= width:
        at -= 1
    end = text[at:]
    if text[at - 1 : at] == " ":
        return end
    gap = end.find(" ")
    return end[gap + 1 :] if 0 <= gap <= len(end) // 2 else end


def _begin(text: str, width: int) -> str:
    return chop_cells(text, width)[0] if text and width > 0 else ""


def print_columns(
    console: Console,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    width: int,
    spare: Sequence[int] = (),
) -> None:
    """Print a table of words: dim heads, and a line for each row that begins with its word.

    Args:
        rows: Cells that are safe to print, one for each column.
        width: Columns of the terminal.
        spare: Numbers of columns that are left out, one by one, until there is room for
            the words; what is longer still is cut.
    """
    sizes = [
        max(cell_len(head), *(cell_len(row[at]) for row in rows))
        for at, (head, _) in enumerate(columns)
    ]
    kept = list(range(len(columns)))
    wanted = min(sizes[0], _WORD)
    for column in (*spare, None):
        room = width - sum(sizes[at] + 2 for at in kept[1:])
        if room >= wanted or column is None:
            break
        kept.remove(column)
    sizes[0] = max(1, min(sizes[0], room))
    for number, row in enumerate([[head for head, _ in columns], *rows]):
        line = Text(style="dim" if number == 0 else "")
        for at in kept:
            cell = padded(cut(row[at], sizes[at]), sizes[at], right=columns[at][1])
            line.append("  " if at else "")
            line.append(cell, style="" if at or number == 0 else "bold")
        line.rstrip()
        console.print(line, soft_wrap=True)
