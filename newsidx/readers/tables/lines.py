"""The lines of a table, from the bytes of its file to what the parser of rows is fed with."""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Callable, Iterator
from typing import BinaryIO

from newsidx.readers.limits import MAX_BODY
from newsidx.readers.records.recordtext import RecordDecoder, is_wide
from newsidx.readers.texts.encoding import decode

__all__ = ["LONGEST_ROW", "Lines", "TooLong", "encoding_of", "mended", "text_lines"]

LONGEST_ROW = MAX_BODY
"""Characters in a row. The parser takes four bytes for each and a list for their cells."""

_MOST_LINES = 1_000_000

_ESCAPED_BYTE = re.compile("[\udc80-\udcff]")


class TooLong(csv.Error):
    """A record is longer than any article."""


class Lines:
    """The lines of a file, counted, and to be put back if need be.

    Attributes:
        number: The number of the first line of the record, from 1.
        taken: The lines of the record so far, as they stand in the file.
    """

    def __init__(self, lines: Iterator[str], shielded: Callable[[str], str] | None = None) -> None:
        self.number = 1
        self.taken: list[str] = []
        self._size = 0
        self._lines = lines
        self._shielded = shielded
        self._again: deque[str] = deque()

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        """The next line, and those into which it goes on, as `shielded` makes them."""
        line = self.take()
        if self._shielded is None:
            return line
        line = self._shielded(line)
        while not line.endswith(("\n", "\r")):
            try:
                line += self._shielded(self.take())
            except StopIteration:
                break
        return line

    def take(self) -> str:
        """The next line as it stands in the file.

        Raises:
            TooLong: With it, the record is too long.
        """
        line = self._again.popleft() if self._again else next(self._lines)
        self.taken.append(line)
        self._size += len(line)
        if self._size > LONGEST_ROW or len(self.taken) > _MOST_LINES:
            raise TooLong("it is longer than any article")
        return line

    def start_record(self) -> None:
        """Let a record begin with the line that comes next."""
        self.number += len(self.taken)
        self.taken = []
        self._size = 0

    def put_back(self, count: int) -> None:
        """Let the last lines of the record come again."""
        if count:
            self._again.extendleft(reversed(self.taken[-count:]))
            del self.taken[-count:]


def encoding_of(sample: bytes) -> str:
    """The codec of a file by its beginning.

    Raises:
        ReadError: `undecodable`, for binary data.
    """
    if not is_wide(sample[:4096]):
        sample = sample.replace(b"\0", b"")
        # End it at an ASCII character, so as not to cut one of several bytes.
        end = max(sample.rfind(mark) for mark in (b"\n", b" ", b","))
        sample = sample[: end + 1] or sample
    return decode(sample)[1].partition(" ")[0]


def text_lines(stream: BinaryIO, codec: str) -> Iterator[str]:
    """The lines of a file, each with its end: a line feed, a carriage return, or both.

    What is not UTF-8 in a file that else is one becomes lone surrogates, for `mended`.
    Of a line longer than any row only the beginning is there.
    """
    errors = "surrogateescape" if codec == "utf-8" else "replace"
    text = io.TextIOWrapper(stream, encoding=codec, errors=errors, newline="")
    first = True
    while line := text.readline(LONGEST_ROW + 1):
        yield line.removeprefix("\ufeff") if first else line
        first = False
        while len(line) >= LONGEST_ROW and not line.endswith(("\n", "\r")):
            line = text.readline(LONGEST_ROW)


def mended(row: list[str], decoder: RecordDecoder) -> list[str]:
    """A row with those cells that were not UTF-8 in what they are in.

    Raises:
        ReadError: `undecodable`.
    """
    if not any(not cell.isascii() and _ESCAPED_BYTE.search(cell) for cell in row):
        return row
    return [decoder.text(cell.encode("utf-8", "surrogateescape")) for cell in row]
