"""The dictionary of a segment, written as `whoosh.filedb.filetables` reads it.

An ordered hash file: records of a term and what is known of it, in order; 256 hash
tables; and the places of the records, for binary search. Whoosh's own writer makes a
handful of calls for every record; this one takes and writes many at once.
"""

from __future__ import annotations

import pickle
import struct
import sys
from array import array
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["DictionaryWriter"]

_CRC = 1  # of the hash functions that Whoosh reads, the one that is quick in Python
_HEADER = b"HSH3" + bytes((_CRC,)) + bytes(8)
_LENGTHS = struct.Struct("!ii")
_POINTER = np.dtype([("digest", ">u4"), ("at", ">i8")])
_TABLE = np.dtype([("at", ">i8"), ("size", ">i4")])
_FIELD = struct.Struct("!H")
_INT = struct.Struct("!i")
_TABLES = 256


class DictionaryWriter:
    """Writes the terms of all fields.

    Args:
        path: Of the file, which is made.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._at = self._file.write(_HEADER)
        self._positions, self._digests = array("q"), array("I")
        self._fields: dict[str, int] = {}

    def add_field(self, name: str) -> bytes:
        """Begin a field; gives what its terms are preceded by. Fields come in this order."""
        return _FIELD.pack(self._fields.setdefault(name, len(self._fields)))

    def add(self, keys: Sequence[bytes], values: Sequence[bytes]) -> None:
        """Add terms, each after its field's prefix, and what is known of them; in order."""
        heads = list(map(_LENGTHS.pack, map(len, keys), map(len, values)))
        records = list(map(b"".join, zip(heads, keys, values, strict=True)))
        places = list(accumulate(map(len, records), initial=self._at))
        self._at = places.pop()
        self._positions.fromlist(places)
        self._digests.extend(map(crc32, keys))
        self._file.write(b"".join(records))

    def close(self) -> None:
        """Write the tables and what else there is, and close the file."""
        positions = self._positions
        tables, sizes = _tables(np.asarray(self._digests), np.asarray(positions))
        directory = np.empty(_TABLES, _TABLE)
        directory["at"] = self._at + _before(sizes) * _POINTER.itemsize
        directory["size"] = sizes
        kind = "I" if self._at < 1 << 32 else "q"
        extras = {"fieldmap": self._fields, "indextype": kind, "indexlen": len(positions)}
        described = pickle.dumps(extras, 2)
        index = array(kind, positions)
        if sys.byteorder == "little":
            index.byteswap()
        end = described + index.tobytes()
        for part in (tables.tobytes(), directory.tobytes(), end, _INT.pack(len(end))):
            self._file.write(part)
        self._file.close()

    def cancel(self) -> None:
        """Close the file, which is of no use."""
        self._file.close()


def _tables(
    digests: NDArray[np.uint32], positions: NDArray[np.int64]
) -> tuple[NDArray[np.void], NDArray[np.int64]]:
    """The hash tables, each of twice as many slots as it has terms, with linear probing.

    Returns:
        All tables, one behind another; the number of slots of each.
    """
    numbers = (digests & (_TABLES - 1)).astype(np.int64)
    counts = np.bincount(numbers, minlength=_TABLES)
    sizes = 2 * counts
    # As if a table went on behind its end: who wants a slot that is taken gets the next.
    starts = _before(sizes + counts)
    wanted = starts[numbers] + (digests >> 8) % sizes[numbers]
    order = np.argsort(wanted, kind="stable")
    rank = np.arange(len(order))
    slots = np.maximum.accumulate(wanted[order] - rank) + rank - starts[numbers[order]]
    first, size = _before(sizes)[numbers[order]], sizes[numbers[order]]
    pointers = np.empty(len(order), _POINTER)
    pointers["digest"], pointers["at"] = digests[order], positions[order]
    tables = np.zeros(sizes.sum(), _POINTER)
    inside = slots < size
    tables[(first + slots)[inside]] = pointers[inside]
    for each in np.flatnonzero(~inside):
        slot = first[each]
        while tables["at"][slot]:
            slot += 1
        tables[slot] = pointers[each]
    return tables, sizes


def _before(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """How much stands before each of some things."""
    return np.cumsum(sizes) - sizes
