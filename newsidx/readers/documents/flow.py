"""The paragraphs and tables of a word processor's document, as running text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from msgspec import Struct, field

from newsidx.errors import ReadError
from newsidx.readers.limits import MAX_BODY

__all__ = ["Flow", "Paragraph"]

# Where a title is looked for.
_OPENING = 5

_LINE_END = re.compile(r"[ \t]*\n[ \t]*")


class Paragraph(NamedTuple):
    """A paragraph and the style it has in its document."""

    style: str
    text: str


class _Row(Struct):
    """A row of a table: what its cells hold, how many there are, whether one holds more."""

    content: list[Paragraph] = field(default_factory=list)
    cells: int = 0
    is_layout: bool = False


class Flow:
    """Collects a document piece by piece: call its methods as elements begin and end.

    A paragraph may lie within another, as text boxes do; it then comes first. A row
    of a table becomes one line, its cells separated by bars, unless a cell holds
    several paragraphs, as where the table is there for the layout.
    """

    def __init__(self) -> None:
        self._done: list[Paragraph] = []
        self._open: list[tuple[str, list[str]]] = []
        self._rows: list[_Row] = []
        self._cells: list[list[Paragraph]] = []
        self._size = 0

    def begin(self, style: str = "") -> None:
        """A paragraph begins."""
        self._open.append((style, []))

    def style(self, style: str) -> None:
        """The paragraph that is open has this style."""
        if self._open:
            self._open[-1] = (style, self._open[-1][1])

    def write(self, text: str) -> None:
        """Text of the paragraph that is open; outside of all it means nothing.

        Raises:
            ReadError: `too-large`, once there is more than an article can hold.
        """
        if self._open:
            self._open[-1][1].append(text)
            self._size += len(text)
            if self._size > MAX_BODY:
                message = f"its text is longer than {MAX_BODY // 1024**2} million characters"
                raise ReadError("too-large", message)

    def end(self) -> None:
        """The paragraph ends."""
        if self._open:
            style, pieces = self._open.pop()
            self._put(Paragraph(style, _LINE_END.sub("\n", "".join(pieces)).strip()))

    def begin_row(self) -> None:
        """A row of a table begins."""
        self._rows.append(_Row())

    def begin_cell(self) -> None:
        """A cell begins."""
        self._cells.append([])

    def end_cell(self) -> None:
        """The cell ends."""
        if self._cells and self._rows:
            cell, row = self._cells.pop(), self._rows[-1]
            row.content += cell
            row.cells += 1
            row.is_layout = row.is_layout or len(cell) > 1

    def end_row(self) -> None:
        """The row ends."""
        row = self._rows.pop() if self._rows else _Row()
        if row.is_layout:
            for paragraph in row.content:
                self._put(paragraph)
        else:
            texts = [" ".join(paragraph.text.split()) for paragraph in row.content]
            self._put(Paragraph("row" if row.cells > 1 else "", " | ".join(texts)))

    def opening_styles(self) -> set[str]:
        """The styles of the first few paragraphs, among which a title is looked for."""
        return {paragraph.style for paragraph in self._done[:_OPENING]}

    def heading(self, names: Mapping[str, str]) -> tuple[str, Paragraph] | None:
        """The paragraph near the top that has the style of a title, else of a heading.

        Args:
            names: Style -> what it is called, `title` and `heading 1` among them.

        Returns:
            What its style is called, and the paragraph.
        """
        for wanted in ("title", "heading 1"):
            for paragraph in self._done[:_OPENING]:
                if names.get(paragraph.style) == wanted:
                    return wanted, paragraph
        return None

    def text(self, without: Paragraph | None = None) -> str:
        """The whole text, its paragraphs separated by blank lines and rows by line ends.

        Args:
            without: A paragraph to be left out.
        """
        pieces = []
        last = ""
        for paragraph in self._done:
            if paragraph is without:
                continue
            pieces.append("\n" if last == paragraph.style == "row" else "\n\n")
            pieces.append(paragraph.text)
            last = paragraph.style
        return "".join(pieces[1:])

    def _put(self, paragraph: Paragraph) -> None:
        if paragraph.text:
            (self._cells[-1] if self._cells else self._done).append(paragraph)
