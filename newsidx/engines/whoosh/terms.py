"""The term dictionary of a segment: from a field and a term to where its postings are.

The file (`whoosh.filedb.filetables.OrderedHashWriter`) has one entry after another in the
order of their keys, hash tables, some numbers as a pickle, and the places of all entries.
Terms are found by bisection over these places, so that nothing of it is read beforehand;
the hash tables are not used.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any, NamedTuple

from newsidx.engines.whoosh.files import Data
from newsidx.engines.whoosh.pickles import Unreadable, load

__all__ = ["Dictionary", "TermEntry"]

_MAGIC = b"HSH3"
_FIRST = 13  # the magic, a kind of hash, eight bytes unused
_INTEGER = struct.Struct("!i")
_LENGTHS = struct.Struct("!ii")
_FIELD = struct.Struct("!H")
_TABLE = struct.Struct("!qi")
_TABLES = 256
# Flags, total weight, document frequency, least and greatest length, greatest weight,
# first and last document; where the postings are (whoosh.codec.whoosh3.W3TermInfo).
_TERM = struct.Struct("!BfIBBfII")
_TOTAL = struct.Struct("!f")
_MOST_OCCURRENCES = 2.0**53
_EXTENT = struct.Struct("!qi")
_PLACES = {"B": 1, "H": 2, "i": 4, "I": 4, "q": 8}
_NO_TERMS = b"\xff\xff"


class TermEntry(NamedTuple):
    """What the dictionary says of a term.

    Attributes:
        documents: How many have it, deleted ones included.
        shortest: The least length of the field in any of them, as a byte.
        most: The greatest weight.
        last: The last of them.
        start: Where its postings begin.
        length: How many bytes they take; 0 where they stand in the dictionary itself.
    """

    documents: int
    shortest: int
    most: float
    last: int
    start: int
    length: int


class Dictionary:
    """The terms of a segment.

    Args:
        data: The file.
        documents: How many the segment has.

    Raises:
        Unreadable: It is none.
    """

    def __init__(self, data: Data, documents: int) -> None:
        self._data = data
        self._documents = documents
        size = len(data)
        if size < _FIRST + _TABLE.size * _TABLES + 4 or data[:4] != _MAGIC:
            raise Unreadable("the term dictionary is none")
        extras = size - 4 - _INTEGER.unpack_from(data, size - 4)[0]
        tables = extras - _TABLE.size * _TABLES
        if not _FIRST <= tables <= extras < size:
            raise Unreadable("the term dictionary is damaged")
        known, self._places = load(data, extras)
        self._end: int = _TABLE.unpack_from(data, tables)[0]
        self._fields, self._count, self._code = _numbers(known)
        self._width = _PLACES[self._code]
        self._place = struct.Struct("!" + self._code).unpack_from
        if (
            not _FIRST <= self._end <= tables
            or self._places + self._count * self._width != size - 4
        ):
            raise Unreadable("the term dictionary is damaged")
        self._ranges: dict[str, tuple[int, int]] = {}

    @property
    def fields(self) -> frozenset[str]:
        """The fields that have terms."""
        return frozenset(self._fields)

    def find(self, field: str, term: bytes) -> int | None:
        """Where a term is, for `entry_at` and `count_at`; None if there is no such term."""
        number, end = self._range(field)
        key = self._prefix(field) + term
        number = self._bisect(key, number, end)
        if number == end:
            return None
        at, length = self._key(number)
        return at + length if self._data[at : at + length] == key else None

    def terms(self, field: str, prefix: bytes = b"") -> Iterator[tuple[bytes, int]]:
        """The terms that begin so, in order, each with where it is."""
        low, high = self._range(field)
        start = self._prefix(field) + prefix
        low = self._bisect(start, low, high)
        high = self._bisect(_behind(start), low, high)
        return self._terms(low, high)

    def _terms(self, low: int, high: int) -> Iterator[tuple[bytes, int]]:
        if low >= high:
            return
        data, end, lengths = self._data, self._end, _LENGTHS.unpack_from
        at = self._at(low)
        for _ in range(low, high):
            key, value = lengths(data, at)
            behind = at + 8 + key
            if key < 2 or value < 0 or behind + value > end:
                raise Unreadable("the term dictionary is damaged")
            yield data[at + 10 : behind], behind
            at = behind + value

    def entry_at(self, at: int) -> TermEntry:
        """What there is to know of a term."""
        flags, _, count, shortest, _, most, _, last = _TERM.unpack_from(self._data, at)
        at += _TERM.size
        if not 0 < count <= self._documents or last >= self._documents:
            raise Unreadable("the term dictionary counts documents that are not there")
        if flags:
            return TermEntry(count, shortest, most, last, at, 0)
        start, length = _EXTENT.unpack_from(self._data, at)
        if start < 0 or length <= 0:
            raise Unreadable("the term dictionary is damaged")
        return TermEntry(count, shortest, most, last, start, length)

    def inlined(self, entry: TermEntry) -> tuple[Any, ...]:
        """The documents, weights and values of a term whose postings stand beside it."""
        found, _ = load(self._data, entry.start)
        if (
            type(found) is tuple
            and len(found) == 3
            and all(type(part) is tuple for part in found)
            and len(found[0]) == len(found[1]) == entry.documents
        ):
            return found
        raise Unreadable("the term dictionary holds postings that are none")

    def count_at(self, at: int) -> int:
        """How many documents have a term."""
        return int.from_bytes(self._data[at + 5 : at + 9], "big")

    def occurrences_at(self, at: int) -> int:
        """How often a term occurs in all documents: its weights added up.

        Stored as a single-precision float, so exact up to 2^24.
        """
        (total,) = _TOTAL.unpack_from(self._data, at + 1)
        if not 0 < total < _MOST_OCCURRENCES:  # nan is not either
            raise Unreadable("the term dictionary counts what can't be counted")
        return int(total)

    # Places

    def _prefix(self, field: str) -> bytes:
        number = self._fields.get(field)
        return _NO_TERMS if number is None else _FIELD.pack(number)

    def _range(self, field: str) -> tuple[int, int]:
        """The numbers of a field's first term and of the one behind its last."""
        found = self._ranges.get(field)
        if found is None:
            prefix = self._prefix(field)
            low = self._bisect(prefix, 0, self._count)
            found = self._ranges[field] = low, self._bisect(_behind(prefix), low, self._count)
        return found

    def _bisect(self, key: bytes, low: int, high: int) -> int:
        """The number of the first term that is not less than `key`."""
        data, place, places, width = self._data, self._place, self._places, self._width
        lengths, end = _LENGTHS.unpack_from, self._end
        while low < high:
            middle = (low + high) >> 1
            (at,) = place(data, places + middle * width)
            if not _FIRST <= at < end:
                raise Unreadable("the term dictionary is damaged")
            length, _ = lengths(data, at)
            if data[at + 8 : at + 8 + length] < key:
                low = middle + 1
            else:
                high = middle
        return low

    def _at(self, number: int) -> int:
        at: int = self._place(self._data, self._places + number * self._width)[0]
        if not _FIRST <= at < self._end:
            raise Unreadable("the term dictionary is damaged")
        return at

    def _key(self, number: int) -> tuple[int, int]:
        at = self._at(number)
        length: int = _LENGTHS.unpack_from(self._data, at)[0]
        if not 2 <= length <= self._end - at:
            raise Unreadable("the term dictionary is damaged")
        return at + 8, length


def _numbers(known: Any) -> tuple[dict[str, int], int, str]:
    if isinstance(known, dict):
        fields, count, code = (known.get(name) for name in ("fieldmap", "indexlen", "indextype"))
        if (
            isinstance(fields, dict)
            and all(type(number) is int and 0 <= number < 0xFFFF for number in fields.values())
            and type(count) is int
            and count >= 0
            and code in _PLACES
        ):
            return fields, count, code
    raise Unreadable("the term dictionary is damaged")


def _behind(prefix: bytes) -> bytes:
    """What is greater than everything that begins so, and than nothing else that is."""
    kept = prefix.rstrip(b"\xff")
    return kept[:-1] + bytes((kept[-1] + 1,)) if kept else b"\xff" * (len(prefix) + 1)
