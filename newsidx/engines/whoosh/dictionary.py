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
from zlib import crc32

__all__ = ["DictionaryWriter"]

_CRC = 1  # of the hash functions that Whoosh reads, the one that is quick in Python
_HEADER = b"HSH3" + bytes((_CRC,)) + bytes(8)
_LENGTHS = struct.Struct("!ii")
_POINTER = struct.Struct("!Iq")
_TABLE = struct.Struct("!qi")
_FIELD = struct.Struct("!H")
_INT = struct.Struct("!i")
_NOTHING = bytes(_POINTER.size)
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
        entries: list[list[tuple[int, bytes]]] = [[] for _ in range(_TABLES)]
        for digest, position in zip(self._digests, self._positions, strict=True):
            entries[digest & 255].append((digest >> 8, _POINTER.pack(digest, position)))
        tables = [_table(each) for each in entries]
        at, directory = self._at, []
        for table in tables:
            directory.append(_TABLE.pack(at, len(table)))
            at += len(table) * _POINTER.size
        positions = self._positions
        kind = "I" if self._at < 1 << 32 else "q"
        extras = {"fieldmap": self._fields, "indextype": kind, "indexlen": len(positions)}
        described = pickle.dumps(extras, 2)
        index = array(kind, positions)
        if sys.byteorder == "little":
            index.byteswap()
        end = described + index.tobytes()
        for part in (*tables, directory):
            self._file.write(b"".join(part))
        self._file.write(end + _INT.pack(len(end)))
        self._file.close()

    def cancel(self) -> None:
        """Close the file, which is of no use."""
        self._file.close()


def _table(entries: list[tuple[int, bytes]]) -> list[bytes]:
    """A hash table of twice as many slots, with linear probing."""
    size = 2 * len(entries)
    slots = [_NOTHING] * size
    for digest, pointer in entries:
        slot = digest % size
        while slots[slot] is not _NOTHING:
            slot = slot + 1 if slot + 1 < size else 0
        slots[slot] = pointer
    return slots
