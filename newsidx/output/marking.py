"""Text of articles as Rich has it: safe, on one line, with matches marked.

What a terminal shows has no runs of blanks, so that places in it are not those in the
field. JSON has the places; here they are moved along.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text

from newsidx.output.safe import one_line
from newsidx.results import Span

__all__ = ["DIM", "ID", "MARK", "marked", "plain"]

# Legible on dark and on light: of the eight colours, yellow and white are not.
MARK = "bold not dim red"
DIM = "dim"
ID = "cyan"


def plain(text: str) -> str:
    """Text safe to print, on one line, each run of blanks one."""
    return " ".join(one_line(text).split())


def marked(
    text: str,
    spans: Iterable[Span],
    field: str,
    *,
    origin: int = 0,
    value: int = 0,
    base: str = "",
) -> Text:
    """A field's text, or part of it, with its matches marked.

    Args:
        spans: Matches in the article; those of other fields are passed by.
        origin: Where in the field the text begins.
        value: Which value of a list it is.
        base: The style of all of it.
    """
    shown, moved = _without_runs(one_line(text))
    drawn = Text(shown, style=base)
    for span in spans:
        if (span.field, span.value) == (field, value):
            start, end = max(0, span.start - origin), min(len(text), span.end - origin)
            if start < end:
                drawn.stylize(MARK, moved[start], moved[end])
    return drawn


def _without_runs(text: str) -> tuple[str, list[int]]:
    """The text with one blank for each run, and where each place of it went."""
    parts: list[str] = []
    moved: list[int] = []
    blank = True  # none at the beginning
    for char in text:
        moved.append(len(parts))
        if char.isspace():
            if not blank:
                parts.append(" ")
            blank = True
        else:
            parts.append(char)
            blank = False
    moved.append(len(parts))
    return "".join(parts), moved
