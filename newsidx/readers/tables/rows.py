"""The rows of a table one by one, and what to do where one breaks the rules.

The usual break is a quote: one that is never closed, so that a cell swallows the rows
below it, or one within a cell that nobody doubled. Either is known only when a later
quote stands where none can stand. Then the lines that were taken are looked at again:
where one of them begins a row like the others, the row before it is given up; else
quotes inside of the cell are taken for what they look like.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from msgspec import Struct

from newsidx.readers.base import BadRecord
from newsidx.readers.tables.dialect import Dialect, Sample
from newsidx.readers.tables.lines import Lines, TooLong

__all__ = ["Rows", "Shape"]

# Lines are read again at most so many times on the whole, whatever a file is made of.
_MOST_AGAIN = 8
_FREE_AGAIN = 64 * 1024 * 1024

# How far a cell is followed whose quotes are not doubled, in characters.
_LONGEST_LOOSE = 4 * 1024 * 1024

_LEAST_ROWS = 3
_SHORT, _SHORT_AT_MOST = 60, 120
_NUMBER = re.compile(r"\s*-?\d+(?:\.\d+)?\s*")
_ADDRESS = re.compile(r"\s*(?:https?://\S+)?\s*")


class Shape(Struct, frozen=True):
    """What the rows of a table have in common, to know one by its first line.

    Attributes:
        width: The number of columns.
        usual: The number of cells that most rows have.
        least: The number of cells without which a row is none.
        kinds: What the cells of each column look like, where they do alike.
        quoted: Whether each row has a quote in it.
    """

    dialect: Dialect
    width: int
    usual: int
    least: int
    kinds: tuple[str, ...]
    quoted: bool

    @classmethod
    def of(cls, sample: Sample, width: int, least: int, *, has_header: bool) -> Shape:
        """The shape of the rows of a sample."""
        rows = [row for row in sample.rows[has_header:] if len(row) == sample.width]
        columns = list(zip(*rows, strict=True)) if len(rows) >= _LEAST_ROWS else []
        quoted = all(sample.quoted[has_header:]) and len(rows) >= _LEAST_ROWS
        return cls(sample.dialect, width, sample.width, least, tuple(map(_kind, columns)), quoted)

    def begins(self, line: str) -> bool:
        """Whether a line is a row like the others, or the beginning of one."""
        quote = self.dialect.quote
        if self.quoted and quote and quote not in line:
            return False
        # A quote that is open at the end of the line is closed on another.
        lines = iter([self.dialect.shielded(line), *([quote + "\n"] if quote else [])])
        try:
            cells = next(self.dialect.rows(lines), [])
        except csv.Error:
            return False
        if quote and next(lines, None) is None:
            return 2 <= len(cells) <= self.width and self._alike(cells[:-1])
        return len(cells) in (self.width, self.usual) and self._alike(cells)

    def _alike(self, cells: list[str]) -> bool:
        return all(_is_kind(cell, kind) for cell, kind in zip(cells, self.kinds, strict=False))


def _kind(column: tuple[str, ...]) -> str:
    if all(map(_NUMBER.fullmatch, column)):
        return "number"
    if all(map(_ADDRESS.fullmatch, column)) and any(column):
        return "address"
    return "short" if all(len(cell) <= _SHORT and "\n" not in cell for cell in column) else ""


def _is_kind(cell: str, kind: str) -> bool:
    if kind == "number":
        return _NUMBER.fullmatch(cell) is not None
    if kind == "address":
        return _ADDRESS.fullmatch(cell) is not None
    return kind != "short" or len(cell) <= _SHORT_AT_MOST


class Rows:
    """Goes through the rows of a table below its header.

    Yields:
        The number of a row's first line and its cells, or a BadRecord.
    """

    def __init__(self, lines: Lines, shape: Shape) -> None:
        self._lines = lines
        self._shape = shape
        self._read = 0
        self._again = 0

    def __iter__(self) -> Iterator[tuple[int, list[str]] | BadRecord]:
        lines, width = self._lines, self._shape.width
        rows = self._shape.dialect.rows(lines)
        while True:
            lines.start_record()
            try:
                row = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                yield self._recovered(error)
                continue
            if any(map(str.strip, row)):
                yield (lines.number, row) if len(row) == width else self._misfit(row)

    def _misfit(self, row: list[str]) -> tuple[int, list[str]] | BadRecord:
        """A row with more or fewer cells than there are columns."""
        number, width, count = self._lines.number, self._shape.width, len(row)
        if self._give_back():
            return _unclosed(number)
        while len(row) > width and not row[-1].strip():
            row.pop()
        if max(2, self._shape.least) <= len(row) <= width:
            return number, row
        cells = "one cell" if count == 1 else f"{count} cells"
        message = f"the row on line {number} has {cells}, and not {width}"
        return BadRecord(number, "malformed", message)

    def _recovered(self, error: csv.Error) -> tuple[int, list[str]] | BadRecord:
        """What is to be had where the parser gave up, with the lines behind it in place."""
        number = self._lines.number
        if self._give_back():
            return _unclosed(number)
        too_long = isinstance(error, TooLong) or "limit" in str(error)
        row = None if too_long else self._loose()
        if row is not None:
            return number, row
        last = self._skip()
        where = f"line {number}" if last == number else f"lines {number} to {last}"
        if too_long:
            return BadRecord(number, "too-large", f"the row on {where} is longer than any article")
        return BadRecord(number, "malformed", f"the quotes on {where} don't match")

    def _give_back(self) -> bool:
        """Put back what belongs to the next row, from the first line that begins one."""
        taken = self._lines.taken
        self._read += sum(map(len, taken))
        for at in range(1, len(taken)):
            if self._shape.begins(taken[at]):
                self._again += sum(map(len, taken[at:]))
                if self._again <= _MOST_AGAIN * self._read + _FREE_AGAIN:
                    self._lines.put_back(len(taken) - at)
                return True
        return False

    def _skip(self) -> int:
        """Go on to the next line that begins a row; returns the number of the one before."""
        lines = self._lines
        while True:
            lines.start_record()
            try:
                line = lines.take()
            except TooLong:
                continue
            except StopIteration:
                return lines.number - 1
            if self._shape.begins(line):
                lines.put_back(1)
                return lines.number - 1

    def _loose(self) -> list[str] | None:
        """The row if a quote closes a cell only before a delimiter or at a line's end.

        Takes more lines if need be, but none that begins a row.
        """
        shape, lines = self._shape, self._lines
        if shape.dialect.quote is None or shape.dialect.escaped:
            return None
        row = _LooseRow(shape.dialect)
        for line in lines.taken:
            row.feed(line)
        try:
            while not row.ended and len(row.cells) < shape.width and row.size < _LONGEST_LOOSE:
                line = lines.take()
                self._read += len(line)
                if shape.begins(line):
                    lines.put_back(1)
                    return None
                row.feed(line)
        except (StopIteration, TooLong):
            return None
        return row.cells if row.ended and len(row.cells) in (shape.width, shape.usual) else None


class _LooseRow:
    """A row whose quotes within cells are not doubled, put together line by line.

    Attributes:
        cells: Those that are closed.
        ended: Whether the row is.
        size: How many characters were fed.
    """

    def __init__(self, dialect: Dialect) -> None:
        self.cells: list[str] = []
        self.ended = False
        self.size = 0
        self._dialect = dialect
        self._open: list[str] | None = None  # the parts of a quoted cell
        quote, delimiter = dialect.quote, re.escape(dialect.delimiter)
        self._quote = re.compile(rf"{quote}(?:{quote}|(?=[\r\n]|{delimiter}|\Z))")

    def feed(self, line: str) -> None:
        """Go on with a line; what comes behind the end of the row is ignored."""
        self.size += len(line)
        at = 0
        while not self.ended and at >= 0:
            at = self._begin(line, at) if self._open is None else self._continue(line, at)

    def _begin(self, line: str, at: int) -> int:
        """Start a cell, or read one without quotes; returns where to go on, -1 on the next line."""
        while self._dialect.spaced and line[at : at + 1] == " ":
            at += 1
        if line[at : at + 1] == self._dialect.quote:
            self._open = []
            return at + 1
        end = line.find(self._dialect.delimiter, at)
        self.cells.append(line[at:end] if end >= 0 else line[at:].rstrip("\r\n"))
        self.ended = end < 0
        return end + 1

    def _continue(self, line: str, at: int) -> int:
        """Go on with a quoted cell."""
        assert self._open is not None
        found = self._quote.search(line, at)
        if found is None:
            self._open.append(line[at:])
            return -1
        if found.end() - found.start() == 2:
            self._open.append(line[at : found.start() + 1])
            return found.end()
        self._open.append(line[at : found.start()])
        self.cells.append("".join(self._open))
        self._open = None
        self.ended = not line.startswith(self._dialect.delimiter, found.end())
        return found.end() + 1


def _unclosed(number: int) -> BadRecord:
    return BadRecord(number, "malformed", f"a quote on line {number} is never closed")
