"""Concordances and collocates: for people in columns, for programs as records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from newsidx.output.forms import Shape
from newsidx.output.safe import one_line, valid

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

__all__ = ["COLLOCATES", "LINES", "CollocateLike", "LineLike", "collocate_record"]
__all__ += ["line_record", "print_collocates", "print_lines"]

LINES = Shape(
    schema="newsidx.kwic/1",
    rows="lines",
    columns=(
        "rank",
        "id",
        "published",
        "source",
        "title",
        "field",
        "left",
        "match",
        "right",
        "start",
        "end",
        "path",
    ),
    plain=("id", "published", "source", "left", "match", "right"),
)
"""Matches in their context."""

COLLOCATES = Shape(
    schema="newsidx.collocates/1",
    rows="collocates",
    columns=(
        "rank",
        "word",
        "left",
        "right",
        "near",
        "elsewhere",
        "articles",
        "g2",
        "log_ratio",
    ),
    plain=("word", "near", "elsewhere", "g2", "log_ratio"),
)
"""Words that stand near matches more often than elsewhere."""

_DIGITS = 4


class LineLike(Protocol):
    """A match in its context."""

    @property
    def rank(self) -> int: ...  # noqa: D102
    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def published(self) -> str | None: ...  # noqa: D102
    @property
    def source(self) -> str | None: ...  # noqa: D102
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def field(self) -> str: ...  # noqa: D102
    @property
    def left(self) -> str: ...  # noqa: D102
    @property
    def match(self) -> str: ...  # noqa: D102
    @property
    def right(self) -> str: ...  # noqa: D102
    @property
    def start(self) -> int: ...  # noqa: D102
    @property
    def end(self) -> int: ...  # noqa: D102
    @property
    def path(self) -> str: ...  # noqa: D102


class CollocateLike(Protocol):
    """A word near matches, with its counts."""

    @property
    def word(self) -> str: ...  # noqa: D102
    @property
    def left(self) -> int: ...  # noqa: D102
    @property
    def right(self) -> int: ...  # noqa: D102
    @property
    def near(self) -> int: ...  # noqa: D102
    @property
    def elsewhere(self) -> int: ...  # noqa: D102
    @property
    def articles(self) -> int: ...  # noqa: D102
    @property
    def g2(self) -> float: ...  # noqa: D102
    @property
    def log_ratio(self) -> float: ...  # noqa: D102


def line_record(line: LineLike) -> dict[str, Any]:
    """A line as `newsidx.kwic/1` has it."""
    record = {name: getattr(line, name) for name in LINES.columns}
    return {**record, "path": valid(line.path)}


def collocate_record(rank: int, word: CollocateLike) -> dict[str, Any]:
    """A collocate as `newsidx.collocates/1` has it."""
    record = {name: getattr(word, name) for name in COLLOCATES.columns if name != "rank"}
    rounded = {name: round(record[name], _DIGITS) for name in ("g2", "log_ratio")}
    return {"rank": rank, **record, **rounded}


# On a terminal

_ID, _DIM, _SORTED = "cyan", "dim", "bold"
_DAY = 10
# From how many columns on there is room for what.
_ROOM_FOR_DAY, _ROOM_FOR_ID, _ROOM_FOR_SOURCE = 76, 110, 100
_SHORT_ID, _WHOLE_ID = 6, 12


def print_lines(
    console: Console, lines: Sequence[LineLike], width: int, sort: str = "right"
) -> None:
    """Print lines so that all matches begin in one column.

    Args:
        width: Columns of a whole line.
        sort: The word that lines are sorted by stands out.
    """
    from rich.cells import cell_len

    about = _Columns(lines, width)
    room = width - about.width
    widest = max((cell_len(one_line(line.match)) for line in lines), default=0)
    matched = min(widest, room // 3)
    before = (room - matched) // 2
    for line in lines:
        text = about.text(line)
        text.append_text(_context(line, before, room, matched, sort))
        text.rstrip()
        console.print(text, soft_wrap=True)


class _Columns:
    """What stands before each line of its article, as far as there is room."""

    def __init__(self, lines: Sequence[LineLike], width: int) -> None:
        from rich.cells import cell_len

        self._id = _WHOLE_ID if width >= _ROOM_FOR_ID else _SHORT_ID
        self._day = _DAY if width >= _ROOM_FOR_DAY else 0
        sources = max((cell_len(one_line(line.source or "")) for line in lines), default=0)
        self._source = min(sources, width // 8) if width >= _ROOM_FOR_SOURCE else 0
        titled = any(line.field == "title" for line in lines)
        self._field = 1 if titled else 0
        self.width = sum(size + 2 for size in self._sizes() if size)

    def _sizes(self) -> tuple[int, ...]:
        return (self._id, self._day, self._source, self._field)

    def text(self, line: LineLike) -> Text:
        from rich.text import Text

        from newsidx.output.columns import cut, padded

        marker = "T" if line.field == "title" else ""
        cells = (line.id[: self._id], line.published or "", one_line(line.source or ""), marker)
        text = Text()
        for cell, size, style in zip(cells, self._sizes(), (_ID, _DIM, _DIM, _DIM), strict=True):
            if size:
                text.append(padded(cut(cell, size), size), style=style)
                text.append("  ")
        return text


def _context(line: LineLike, before: int, room: int, matched: int, sort: str) -> Text:
    """The text of a line: the left context against the match, the right one behind it."""
    from rich.cells import cell_len
    from rich.text import Text

    from newsidx.output.columns import cut_left, cut_middle, fitting, padded
    from newsidx.output.marking import MARK

    left = cut_left(one_line(line.left), before)
    match = cut_middle(one_line(line.match), max(matched, 1))
    right = fitting(one_line(line.right), room - before - cell_len(match))
    text = Text(padded(left, before, right=True))
    text.append(match, style=MARK)
    at = len(text)
    text.append(right)
    if sort == "right":
        behind = len(right) - len(right.lstrip())
        end = right.find(" ", behind)
        text.stylize(_SORTED, at + behind, at + (end if end >= 0 else len(right)))
    elif sort == "left":
        stripped = left.rstrip()
        start = before - cell_len(left)
        begun = start + stripped.rfind(" ") + 1
        text.stylize(_SORTED, begun, start + len(stripped))
    return text


def print_collocates(console: Console, words: Sequence[CollocateLike], width: int) -> None:
    """Print collocates as a table, with fewer columns where there is little room."""
    from newsidx.output.columns import print_columns

    columns = [("word", False), ("near", True), ("left", True), ("right", True)]
    columns += [("elsewhere", True), ("articles", True), ("log ratio", True), ("G2", True)]
    rows = [
        [
            one_line(word.word),
            *(f"{number:,}" for number in (word.near, word.left, word.right)),
            f"{word.elsewhere:,}",
            f"{word.articles:,}",
            f"{word.log_ratio:.1f}",
            f"{word.g2:,.1f}",
        ]
        for word in words
    ]
    print_columns(console, columns, rows, width, spare=(2, 3, 5, 4))
