"""Writing what a segment keeps by document: lengths, columns, and the articles themselves.

The files are Whoosh's columns (`whoosh.columns`, of its codec `whoosh3`), written a whole
column at a time; only stored articles go to the disk as they come.
"""

from __future__ import annotations

import pickle
import sys
import zlib
from array import array
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from whoosh.util.numeric import length_to_byte

from newsidx.engines.whoosh.layout import NUMBERS, TEXT_COLUMNS

__all__ = ["Columns", "DocumentWriter", "packed_article", "packed_list"]

_byte_of = cache(length_to_byte)
_COMPRESSION = 2  # Whoosh's 3 takes a seventh longer and saves a two hundredth
# For so many bytes at most: zlib's window and memory level. To set up its usual ones takes longer
# than compressing a short article, which they make no smaller. Any zlib reads the result.
_WINDOWS = ((1 << 13, 13, 5), (1 << 14, 14, 7), (sys.maxsize, 15, 8))
# Of more values, Whoosh finds their places in the file instead of adding up lengths.
_MANY = 1 << 15


class Columns(NamedTuple):
    """What the columns hold of a document.

    Attributes:
        numbers: In the order of `layout.NUMBERS`.
        id: The article's.
        texts: In the order of `layout.TEXT_COLUMNS`.
    """

    numbers: tuple[int, ...]
    id: bytes
    texts: tuple[bytes, ...]


def packed_article(text: str) -> bytes:
    """An article as it is stored: a pickle of its field, compressed."""
    data = pickle.dumps({"article": text}, 2)
    window, memory = next((w, m) for most, w, m in _WINDOWS if len(data) <= most)
    deflate = zlib.compressobj(_COMPRESSION, zlib.DEFLATED, window, memory)
    return deflate.compress(data) + deflate.flush()


@lru_cache(maxsize=10_000)  # most lists of an article are those of many others
def packed_list(values: tuple[str, ...]) -> bytes:
    """A list of strings, as `whoosh.columns.VarBytesListColumn` has it."""
    parts = [_varint(len(values))]
    for value in map(str.encode, values):
        parts += (_varint(len(value)), value)
    return b"".join(parts)


def _varint(number: int) -> bytes:
    """Seven bits in a byte, the least first; the eighth says that more follow."""
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    found.append(number)
    return bytes(found)


class _Texts:
    """A column of byte strings, as `whoosh.columns.VarBytesColumn` has it."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._lengths = array("Q")

    def add(self, value: bytes) -> None:
        self._file.write(value)
        self._lengths.append(len(value))

    def close(self) -> None:
        lengths = np.asarray(self._lengths)
        code = _code(int(lengths.max(initial=0)))
        end = code.encode()
        self._file.write(lengths.astype(_TYPES[code]).tobytes())
        if len(lengths) > _MANY:
            offsets = np.cumsum(lengths) - lengths
            if (last := int(offsets[-1])) < 1 << 32:
                self._file.write(offsets.astype(_TYPES[_code(last)]).tobytes())
                end += f"{_code(last)}X".encode()
        self._file.write(end)
        self._file.close()

    def cancel(self) -> None:
        self._file.close()


_TYPES = {"B": ">u1", "H": ">u2", "i": ">i4", "I": ">u4"}
_BITS = {"B": 8, "H": 16, "i": 31, "I": 32}


def _code(greatest: int) -> str:
    """How whoosh.util.numlists.GrowableArray names the type of numbers up to one."""
    return next(code for code, bits in _BITS.items() if not greatest >> bits)


class DocumentWriter:
    """Writes what goes by document.

    Args:
        stem: Of the files: all but what follows the dot.
        names: Of the fields that have postings.

    Attributes:
        count: How many documents there are.
        lengths: By field, for each document the byte that is stored.
        totals: By field, the sum of the lengths.
    """

    def __init__(self, stem: Path, names: Iterable[str]) -> None:
        self._stem = stem
        self.count = 0
        self.lengths = {name: bytearray() for name in names}
        self.totals: dict[str, int] = {}
        self._numbers = {name: array("I") for name in NUMBERS}
        self._ids = bytearray()
        self._texts = {name: _Texts(self._path(name)) for name in TEXT_COLUMNS}
        self._stored = _Texts(self._path("_stored"))

    def _path(self, column: str) -> Path:
        return Path(f"{self._stem}.{column}.col")

    def add(self, lengths: Mapping[str, int], columns: Columns, stored: bytes) -> int:
        """Add a document; gives its number.

        Args:
            lengths: By field.
            stored: As of `packed_article`.
        """
        for name, kept in self.lengths.items():
            length = lengths.get(name, 0)
            kept.append(_byte_of(length) if length else 0)
        for name, length in lengths.items():
            self.totals[name] = self.totals.get(name, 0) + length
        for numbers, number in zip(self._numbers.values(), columns.numbers, strict=True):
            numbers.append(number)
        self._ids += columns.id
        for texts, text in zip(self._texts.values(), columns.texts, strict=True):
            texts.add(text)
        self._stored.add(stored)
        self.count += 1
        return self.count - 1

    def close(self) -> None:
        """Write all of it."""
        for name, lengths in self.lengths.items():
            if any(lengths):
                self._path(f"_{name}_len").write_bytes(lengths)
        for name, numbers in self._numbers.items():
            self._path(name).write_bytes(np.asarray(numbers).astype(">u4").tobytes())
        self._path("id_key").write_bytes(self._ids)
        for texts in (*self._texts.values(), self._stored):
            texts.close()

    def cancel(self) -> None:
        """Close the files, which are of no use."""
        for texts in (*self._texts.values(), self._stored):
            texts.cancel()
