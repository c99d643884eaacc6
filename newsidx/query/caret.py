"""Show where in a query an error is."""

from __future__ import annotations

import unicodedata

from newsidx.errors import QueryError
from newsidx.query.characters import visible

__all__ = ["point_at"]

COLUMNS = 100
"""How wide the line may be; a longer query is cut around the error."""

_CONTEXT = 30  # columns kept before the error where the query is cut


def point_at(error: QueryError) -> str:
    """The query on one line, and below it `^^^` under the place of the error.

    Characters that a terminal would act on are replaced. Columns are those of a
    terminal: wide East Asian characters take two, combining marks none.

    Returns:
        Two lines, neither wider than `COLUMNS`, without a newline at the end.
    """
    text = "".join(map(visible, error.query))
    start = min(error.start, len(text))
    end = min(error.end, len(text))
    first, last = _window(text, start)
    before = "…" if first else ""
    after = "…" if last < len(text) else ""
    indent = len(before) + _width(text[first:start])
    carets = max(1, _width(text[start : min(end, last)]))
    return f"{before}{text[first:last]}{after}\n{' ' * indent}{'^' * carets}"


def _window(text: str, start: int) -> tuple[int, int]:
    """Which characters to show, so that they and an ellipsis on either side fit.

    One column is left for a caret behind the last character.
    """
    room = COLUMNS - 1
    if len(text) <= room and _width(text) <= room:
        return 0, len(text)
    room -= 2
    first, used = start, 0
    while first > 0 and used + _width(text[first - 1]) <= _CONTEXT:
        first -= 1
        used += _width(text[first])
    last = start
    while last < len(text) and used + _width(text[last]) <= room:
        used += _width(text[last])
        last += 1
    while first > 0 and used + _width(text[first - 1]) <= room:
        first -= 1
        used += _width(text[first])
    return first, last


def _width(text: str) -> int:
    """Columns of a terminal, after Unicode Standard Annex 11."""
    return sum(
        0
        if unicodedata.category(char) in ("Mn", "Me")
        else 2
        if unicodedata.east_asian_width(char) in ("W", "F")
        else 1
        for char in text
    )
