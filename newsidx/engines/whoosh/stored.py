"""Reading what a segment keeps by document: columns, and the articles themselves.

The files are Whoosh's columns (`whoosh.columns`). They are looked at only when asked, and
then many values at a time.
"""

from __future__ import annotations

import sys
import zlib
from array import array
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Any

from newsidx.engines.whoosh.files import Data, varint
from newsidx.engines.whoosh.pickles import Unreadable, load

__all__ = ["Numbers", "Stored", "Texts", "listed"]

_CODES = {"B": 1, "H": 2, "i": 4, "I": 4, "q": 8}
# What an article may become when it is decompressed, in bytes.
_MOST = 1 << 30


def _numbers(code: str, raw: bytes) -> array[int]:
    found = array(code, raw)
    if sys.byteorder == "little":
        found.byteswap()
    return found


class Numbers:
    """A column of numbers; documents at its end that have the default are not in the file.

    Args:
        code: As of `array`: `B` or `I`.
        documents: How many the segment has.
    """

    def __init__(self, data: Data, code: str, documents: int) -> None:
        if len(data) > documents * _CODES[code] or len(data) % _CODES[code]:
            raise Unreadable("a column has more values than there are documents")
        self._data, self._code, self._documents = data, code, documents

    @cached_property
    def values(self) -> Sequence[int]:
        """One for each document."""
        found = _numbers(self._code, self._data[:])
        found.extend((0,) * (self._documents - len(found)))
        return bytes(found) if self._code == "B" else found


class Texts:
    """A column of byte strings.

    Args:
        documents: How many the segment has.
    """

    def __init__(self, data: Data, documents: int) -> None:
        self._data, self._documents = data, documents
        end = len(data) - 1
        code = chr(data[end]) if end >= 0 else ""
        self._offset_code = ""
        if code == "X" and end >= 2:
            code, self._offset_code = chr(data[end - 2]), chr(data[end - 1])
            end -= 2 + documents * _CODES.get(self._offset_code, 0)
        self._lengths_at = end - documents * _CODES.get(code, 0)
        self._offsets_at, self._code = end, code
        if code not in _CODES or self._lengths_at < 0 or self._offset_code not in ("", *_CODES):
            raise Unreadable("a column is damaged")

    @cached_property
    def _lengths(self) -> Sequence[int]:
        return _numbers(self._code, self._data[self._lengths_at : self._offsets_at])

    @cached_property
    def _offsets(self) -> Sequence[int]:
        if not self._offset_code:
            return list(accumulate(self._lengths, initial=0))
        size = self._documents * _CODES[self._offset_code]
        raw = self._data[self._offsets_at : self._offsets_at + size]
        return _numbers(self._offset_code, raw)

    def __getitem__(self, document: int) -> bytes:
        start = self._offsets[document]
        end = start + self._lengths[document]
        if not 0 <= start <= end <= self._lengths_at:
            raise Unreadable("a column is damaged")
        return self._data[start:end]

    def of(self, documents: Iterable[int]) -> list[bytes]:
        """The values of some documents."""
        data, offsets, lengths = self._data, self._offsets, self._lengths
        return [data[(start := offsets[d]) : start + lengths[d]] for d in documents]


class Stored(Texts):
    """The stored articles, as JSON."""

    def article(self, document: int) -> str:
        """A document's article.

        Raises:
            Unreadable: It is damaged, or tries to be more than data.
        """
        machine = zlib.decompressobj()
        data = machine.decompress(self[document], _MOST)
        if not machine.eof:
            raise Unreadable("a stored article is cut short or too large")
        fields, _ = load(data)
        text: Any = fields.get("article") if isinstance(fields, dict) else None
        if not isinstance(text, str):
            raise Unreadable("a stored article is none")
        return text


def listed(value: bytes) -> tuple[str, ...]:
    """The values of a column of lists (`whoosh.columns.VarBytesListColumn`)."""
    if not value:
        return ()
    count, at = varint(value, 0)
    found = []
    for _ in range(count):
        size, at = varint(value, at)
        if at + size > len(value):
            raise Unreadable("a column is damaged")
        found.append(value[at : at + size].decode())
        at += size
    return tuple(found)
