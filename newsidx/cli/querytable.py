"""The table that a list of queries stands in: a row each, with columns of any kind.

Such a table is written by people and their spreadsheets. It is read as they mean it: in
whatever encoding, parted by what its first line is parted by; a row that makes no sense is
reported and passed over.
"""

from __future__ import annotations

import csv
import io
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from newsidx.errors import NewsidxError, ReadError, UsageError
from newsidx.readers.source import Source
from newsidx.readers.texts.encoding import decode

__all__ = ["BadRow", "Row", "Table", "read_table"]

_DELIMITERS = {".tsv": "\t", ".tab": "\t", ".psv": "|"}
_TRIED = ",;\t|"
# The first line that Excel wants, where its country has another delimiter.
_SEPARATOR = "sep="

# A quote that is not closed within so many lines is none.
_LONGEST_ROW = 100


class Row(NamedTuple):
    """A row, its first line from 1, and its cells by the names of their columns."""

    line: int
    cells: dict[str, str]


class BadRow(NamedTuple):
    """A row that makes no sense, and why."""

    line: int
    problem: str


class Table:
    """A table with its rows still to be taken.

    Args:
        text: All of it.
        delimiter: What parts its cells; None is what stands most often in its first line.
        header: Whether its first row has the names of the columns; else they are their
            numbers, from 1.
        what: What it is, for errors.

    Attributes:
        columns: Their names, no name twice.

    Raises:
        UsageError: There is nothing in it, or its first row makes no sense.
    """

    def __init__(
        self, text: str, delimiter: str | None, *, header: bool, what: str = "list of queries"
    ) -> None:
        self._what = what
        self._lines = list(io.StringIO(text.replace("\0", ""), newline=""))
        self._at = 0
        while self._at < len(self._lines) and not self._lines[self._at].strip():
            self._at += 1
        if self._at == len(self._lines):
            raise UsageError(f"There is nothing in the {what}.")
        self._delimiter = delimiter or self._parted_by()
        start = self._at
        first = self._take()
        if isinstance(first, str):
            raise UsageError(f"Line {start + 1} of the {what} makes no sense: {first}.")
        if not header:
            self._at = start
        self.columns = _names(first if header else [""] * len(first))

    def column(self, wanted: str | None) -> str:
        """The column with a name, or with a number where none has it; None is the only one.

        Raises:
            UsageError: There is none such; it lists them.
        """
        names = self.columns
        if wanted is None and len(names) == 1:
            return names[0]
        listed = f"Columns: {', '.join(names)}."
        if wanted is None:
            raise UsageError(
                f"The {self._what} has several columns.", f"{listed} Write --column NAME."
            )
        if wanted in names:
            return wanted
        alike = [name for name in names if name.casefold() == wanted.strip().casefold()]
        if len(alike) == 1:
            return alike[0]
        if wanted.isascii() and wanted.isdigit() and 0 < int(wanted) <= len(names):
            return names[int(wanted) - 1]
        raise UsageError(f"The {self._what} has no column {wanted!r}.", listed)

    def __iter__(self) -> Iterator[Row | BadRow]:
        """The rows that are not empty, in order. Those without their last cells are whole."""
        width = len(self.columns)
        while self._at < len(self._lines):
            line = self._at + 1
            cells = self._take()
            if isinstance(cells, str):
                yield BadRow(line, cells)
                continue
            while len(cells) > width and not cells[-1].strip():
                cells.pop()
            if len(cells) > width:
                yield BadRow(line, f"it has {len(cells)} cells, and there are {width} columns")
            elif any(map(str.strip, cells)):
                cells += [""] * (width - len(cells))
                yield Row(line, dict(zip(self.columns, cells, strict=True)))

    def _parted_by(self) -> str:
        first = self._lines[self._at]
        said = first.strip()
        if said.lower().startswith(_SEPARATOR) and len(said) == len(_SEPARATOR) + 1:
            self._at += 1
            return said[-1]
        found = Counter(character for character in first if character in _TRIED)
        return max(_TRIED, key=lambda character: found[character])

    def _take(self) -> list[str] | str:
        """The next row, or what is wrong with it; then the line below it begins another."""
        lines = self._lines[self._at : self._at + _LONGEST_ROW]
        reader = csv.reader(lines, delimiter=self._delimiter, strict=True)
        try:
            row = next(reader, [])
        except csv.Error as error:
            self._at += 1
            return str(error)
        self._at += reader.line_num
        return row


def read_table(
    name: str, delimiter: str | None, *, header: bool, what: str = "list of queries"
) -> Table:
    """Read a list of queries, or another table.

    Args:
        name: A file, of which the ending `.tsv` says what parts its cells, or `-` for
            standard input.
        delimiter: Says it where the file does not: a character, or `tab`.
        header: Whether its first row has the names of the columns.
        what: What it is, for errors.

    Raises:
        UsageError: It can't be read, or is no table.
    """
    if delimiter is not None:
        delimiter = "\t" if delimiter in ("tab", "\\t") else delimiter
        if len(delimiter) != 1 or delimiter in '"\r\n':
            raise UsageError(f"--delimiter can't be {delimiter!r}.", "Write one character, or tab.")
    delimiter = delimiter or _DELIMITERS.get(Path(name).suffix.lower())
    try:
        text, _ = decode(_bytes_of(name))
    except ReadError as problem:
        why = problem.message.removeprefix("it can't be read: ")
        raise UsageError(f"The {what} {name} can't be read: {why}.") from None
    return Table(text, delimiter, header=header, what=what)


def _bytes_of(name: str) -> bytes:
    if name != "-":
        return Source(name, Path(name)).read()
    if sys.stdin is None:
        raise NewsidxError("Standard input is closed.", "Name a file: --queries names.csv")
    return sys.stdin.buffer.read()


def _names(header: list[str]) -> tuple[str, ...]:
    """A name for each column, no name twice; the number of one that has none."""
    names: list[str] = []
    for number, cell in enumerate(header, 1):
        name = cell.strip()
        names.append(str(number) if not name or name in names else name)
    return tuple(names)
