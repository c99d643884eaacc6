"""Postings, gathered in memory and written a term at a time.

What is written is what Whoosh's own writer of its format `W3` would have, and is read
by Whoosh itself; only the way there is shorter. Whoosh sorts single postings and passes
each through half a dozen functions; here they are gathered by term in plain lists, and
encoded a block at a time. Blocks hold 512 postings where Whoosh's hold 128, and their
pickles are of a protocol in which bytes need no import to be read.
"""

from __future__ import annotations

import pickle
import struct
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import merge
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any, Protocol

from whoosh.codec.whoosh3 import W3LeafMatcher

__all__ = ["FieldPostings", "Gathered", "Merged", "encoded_positions", "write_postings"]

BLOCK_POSTINGS = 512
"""Fewer make for more headers, more for more that is decoded in vain."""

_COMPRESSION = 1
# Below this much, zlib makes blocks longer (as Whoosh's writer has it).
_COMPRESSION_MIN = 80
# Protocol 2, which Whoosh writes, spells out bytes by way of an imported function.
_PROTOCOL = 4

_MAGIC = b"W3Bl"
# Flags, total weight, document frequency, least and greatest length, greatest weight,
# first and last document; then where the postings are (whoosh.codec.whoosh3.W3TermInfo).
_TERM = struct.Struct("!BfIBBfIIqi")
_LENGTH = struct.Struct("!i")
_FIELD = struct.Struct("!H")


Postings = tuple[list[int], list[int], list[bytes]]
"""Documents, weights and values of a term, in parallel; no values where those are fixed."""


class FieldPostings(Protocol):
    """The postings of a field of a segment that is to be written.

    Attributes:
        fixed: Whether values are no more than the weights, as 32-bit integers.
        lengths: For each document its length in the field, as the byte that is stored.
    """

    fixed: bool
    lengths: Sequence[int]

    def in_order(self) -> Iterator[tuple[bytes, Postings]]:
        """Yield the terms in the order of their bytes, each with its postings."""
        ...


class Gathered:
    """The postings of a field, of documents that are added one by one; all in memory."""

    def __init__(self, *, fixed: bool) -> None:
        self.fixed = fixed
        self.lengths: Sequence[int] = b""
        self._terms: dict[str, Postings] = {}

    def add(self, document: int, places: Mapping[str, Sequence[int]]) -> None:
        """Add a document's terms, with their positions."""
        terms = self._terms
        for term, positions in places.items():
            entry = terms.get(term)
            if entry is None:
                entry = terms[term] = ([], [], [])
            entry[0].append(document)
            entry[1].append(len(positions))
            entry[2].append(encoded_positions(positions))

    def add_frequencies(self, document: int, frequencies: Mapping[str, int]) -> None:
        """Add a document's terms, with their frequencies."""
        terms = self._terms
        for term, frequency in frequencies.items():
            entry = terms.get(term)
            if entry is None:
                entry = terms[term] = ([], [], [])
            entry[0].append(document)
            entry[1].append(frequency)

    def in_order(self) -> Iterator[tuple[bytes, Postings]]:
        """As of `FieldPostings`; UTF-8 is in the order of code points."""
        for term in sorted(self._terms):
            yield term.encode(), self._terms[term]


class Merged:
    """The postings of a field in several segments, one term at a time in memory.

    Args:
        name: The field's.
        parts: Whoosh's reader of each segment, and what becomes of the numbers of its
            documents that are still there; each part's are greater than the last one's.
    """

    def __init__(
        self, name: str, parts: Sequence[tuple[Any, Mapping[int, int]]], *, fixed: bool
    ) -> None:
        self.fixed = fixed
        self.lengths: Sequence[int] = b""
        self._name = name
        self._parts = parts

    def in_order(self) -> Iterator[tuple[bytes, Postings]]:
        """As of `FieldPostings`."""
        lexicons = [self._lexicon(number) for number in range(len(self._parts))]
        for term, found in groupby(merge(*lexicons), itemgetter(0)):
            postings: Postings = ([], [], [])
            for _, number in found:
                self._take(term, number, postings)
            if postings[0]:
                yield term, postings

    def _lexicon(self, number: int) -> Iterator[tuple[bytes, int]]:
        reader, _ = self._parts[number]
        for term in reader.lexicon(self._name):
            yield term, number

    def _take(self, term: bytes, number: int, postings: Postings) -> None:
        documents, weights, values = postings
        reader, renumbered = self._parts[number]
        for ids, amounts, payload in _blocks(reader.postings(self._name, term)):
            for at, document in enumerate(ids):
                if document in renumbered:
                    documents.append(renumbered[document])
                    weights.append(int(amounts[at]))
                    if not self.fixed:
                        values.append(payload[at])


def _blocks(matcher: Any) -> Iterator[tuple[Sequence[int], Sequence[float], Sequence[bytes]]]:
    """The blocks of a posting list as they are on disk: documents, weights, values."""
    whole: Any = matcher if isinstance(matcher, W3LeafMatcher) else None
    while matcher.is_active():
        if whole is not None:
            whole._read_ids()  # noqa: SLF001 - the only way to a whole block
            whole._read_weights()  # noqa: SLF001
            whole._read_values()  # noqa: SLF001
            yield whole._ids, whole._weights, whole._values  # noqa: SLF001
            whole._next_block()  # noqa: SLF001
        else:
            yield [matcher.id()], [matcher.weight()], [matcher.value()]
            matcher.next()


# Positions, as Whoosh has them: how many there are, and a pickled list of the steps from
# each to the next. Such a pickle is put together from parts (PEP 307; pickletools).
_ONE = struct.pack("!I", 1) + b"\x80\x02]"
_FEW = b"\x80\x02]("
_FEW_END = b"e."
_small = [b"K" + bytes((step,)) for step in range(256)]
_single = [_ONE + code + b"a." for code in _small]


def encoded_positions(positions: Sequence[int]) -> bytes:
    """The value of a posting with positions, as `whoosh.formats.Positions` reads it."""
    if len(positions) == 1:
        (at,) = positions
        return _single[at] if at < 256 else _ONE + _step(at) + b"a."
    parts = [struct.pack("!I", len(positions)), _FEW]
    before = 0
    for at in positions:
        step = at - before
        parts.append(_small[step] if step < 256 else _step(step))
        before = at
    parts.append(_FEW_END)
    return b"".join(parts)


def _step(number: int) -> bytes:
    """A number in a pickle, as short as can be."""
    if number < 256:
        return _small[number]
    if number < 65536:
        return b"M" + number.to_bytes(2, "little")
    return b"J" + number.to_bytes(4, "little")


def write_postings(writer: Any, schema: Any, fields: Mapping[str, FieldPostings]) -> None:
    """Write all postings of a segment.

    Args:
        writer: A new `whoosh.codec.whoosh3.W3FieldWriter`, which is not closed here.
        fields: By their names; one without a term is left out.
    """
    postings, index = writer._postfile, writer._tindex  # noqa: SLF001 - the format is ours to write
    at = postings.tell()
    for name in sorted(fields):
        field = fields[name]
        prefix = None
        for term, found in field.in_order():
            if prefix is None:
                writer.start_field(name, schema[name])
                prefix = _FIELD.pack(writer._fieldid)  # noqa: SLF001
            info, blocks = _term(field, found, at)
            postings.write(blocks)
            at += len(blocks)
            index.add(prefix + term, info)
        if prefix is not None:
            writer.finish_field()


def _term(field: FieldPostings, postings: Postings, offset: int) -> tuple[bytes, bytes]:
    """The entry of a term in the dictionary, and its blocks, which begin at `offset`."""
    documents, weights, values = postings
    lengths = field.lengths
    parts = [_MAGIC]
    count = len(documents)
    shortest, longest = 255, 0
    for start in range(0, count, BLOCK_POSTINGS):
        end = min(start + BLOCK_POSTINGS, count)
        ids, amounts = documents[start:end], weights[start:end]
        found = [lengths[document] for document in ids]
        least, most = min(found), max(found)
        shortest, longest = min(shortest, least), max(longest, most)
        payload: Any
        if field.fixed:
            payload = array("I", amounts)
            payload.byteswap()
            payload = payload.tobytes()
        else:
            payload = tuple(values[start:end])
        data = pickle.dumps((_steps(ids), _minified(amounts), payload), _PROTOCOL)
        level = _COMPRESSION if len(data) >= _COMPRESSION_MIN else 0
        if level:
            data = zlib.compress(data, level)
        head = pickle.dumps((len(ids), ids[-1], float(max(amounts)), level, least, most), 2)
        size = len(head) + len(data)
        parts += (_LENGTH.pack(size if end < count else -size), head, data)
    blocks = b"".join(parts)
    total, most_weight = float(sum(weights)), float(max(weights))
    info = _TERM.pack(
        0, total, count, shortest, longest, most_weight, documents[0], documents[-1],
        offset, len(blocks),
    )  # fmt: skip
    return info, blocks


def _steps(ids: Sequence[int]) -> tuple[int, ...]:
    """From each document to the next."""
    return (ids[0], *(after - before for before, after in pairwise(ids)))


def _minified(weights: Iterable[int]) -> float | tuple[float, ...] | None:
    """Weights as Whoosh stores them: None where all are 1, one where all are the same."""
    every = tuple(map(float, weights))
    first = every[0]
    if every.count(first) == len(every):
        return None if first == 1.0 else first
    return every
