"""Inversion: from terms in the order of articles to postings in the order of terms.

Occurrences are gathered as numbers, four bytes each, in the order in which they come;
inverting them is sorting them by their terms. That is done for a field at once, but what
follows, some hundred thousand at a time, so that memory is a dozen bytes for each.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from newsidx.engines.whoosh.encoding import Chunk, Values, positional

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from newsidx.engines.whoosh.encoding import Numbers, Places

    Keys = NDArray[np.uint64]

__all__ = ["Counts", "Heap", "Occurrences", "Vocabulary"]

_CHUNK = 1 << 16
"""So many occurrences are encoded at once, or those of one term."""

_TERM_BITS = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)
_HEAP_BITS = np.uint64(2)


class Vocabulary:
    """Terms, and the numbers that stand for them; a term may have several.

    Attributes:
        terms: By their numbers.
    """

    def __init__(self) -> None:
        self.terms: list[str] = []
        self._numbers: dict[str, int] = {}

    def number(self, term: str) -> int:
        """The number of a term that has one only."""
        found = self._numbers.get(term)
        if found is None:
            found = self._numbers[term] = self.add(term)
        return found

    def add(self, term: str) -> int:
        """Give a term a new number."""
        self.terms.append(term)
        return len(self.terms) - 1

    @cached_property
    def in_order(self) -> list[str]:
        """All terms, each once. To be asked for when there won't be another."""
        return sorted(set(self.terms))

    @cached_property
    def ranks(self) -> Keys:
        """The place of each in that order, by its numbers."""
        known = {term: rank for rank, term in enumerate(self.in_order)}
        return np.fromiter(map(known.__getitem__, self.terms), np.uint64, len(self.terms))


class Occurrences:
    """Where terms stand in a field, article by article.

    Attributes:
        terms, positions: In parallel. The positions of a term in an article ascend.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self.terms, self.positions = array("I"), array("I")
        self._documents, self._counts = array("I"), array("I")
        self._closed = 0

    def add(self, places: Iterable[tuple[int, int]]) -> None:
        """Add terms at positions."""
        for term, position in places:
            self.terms.append(term)
            self.positions.append(position)

    def close(self, document: int) -> int:
        """Say that all of an article is there; gives how many terms it has."""
        count = len(self.terms) - self._closed
        if count:
            self._documents.append(document)
            self._counts.append(count)
            self._closed += count
        return count

    def documents(self) -> Numbers:
        """The article of each occurrence."""
        return np.asarray(self._documents, np.uint32).repeat(np.asarray(self._counts))

    def rank(self, ranks: Keys, keys: Keys) -> None:
        """Set the upper half of a key for each occurrence to what stands for its term."""
        np.take(ranks, np.asarray(self.terms), out=keys, mode="clip")
        keys <<= _TERM_BITS

    def chunks(self) -> Iterator[Chunk]:
        """All postings, in the order of the terms."""
        if not self.terms:
            return
        order = self._vocabulary.in_order
        keys = np.empty(len(self.terms), np.uint64)
        self.rank(self._vocabulary.ranks, keys)
        for start in range(0, len(keys), _CHUNK):
            part = keys[start : start + _CHUNK]
            part |= np.arange(start, start + len(part), dtype=np.uint64)
        keys.sort()
        documents, positions = self.documents(), np.asarray(self.positions, np.uint32)
        for found in _pieces(keys, _TERM_BITS):
            at = (found & _LOW).astype(np.int64)
            ranks, where = (found >> _TERM_BITS).astype(np.uint32), documents[at]
            starts = _starts(ranks, where)
            values = positional(positions[at], np.append(starts, len(at)))
            weights = np.diff(starts, append=len(at)).astype(np.uint32)
            yield _chunk(order, ranks[starts], where[starts], weights, values)


class Heap(NamedTuple):
    """Occurrences that are counted.

    Attributes:
        ranks: A term's number -> the place of what is counted, in the order of all terms.
        weight: How much each counts.
    """

    occurrences: Occurrences
    ranks: Keys
    weight: int


class Counts:
    """How often terms occur in articles.

    Args:
        vocabulary: Of the terms.
        heaps: Gives, when asked for chunks, up to four heaps of occurrences.
    """

    def __init__(self, vocabulary: Vocabulary, heaps: Callable[[], Sequence[Heap]]) -> None:
        self._vocabulary = vocabulary
        self._heaps = heaps

    def chunks(self) -> Iterator[Chunk]:
        """All postings, in the order of the terms."""
        heaps = self._heaps()
        order, amounts = self._vocabulary.in_order, np.array([heap.weight for heap in heaps])
        keys = _keys(heaps)
        keys.sort()
        bits = _TERM_BITS + _HEAP_BITS
        for found in _pieces(keys, bits):
            ranks = (found >> bits).astype(np.uint32)
            where = (found >> _HEAP_BITS & _LOW).astype(np.uint32)
            starts = _starts(ranks, where)
            each = amounts[(found & np.uint64(3)).astype(np.uint8)]
            weights = np.add.reduceat(each, starts).astype(np.uint32)
            yield _chunk(order, ranks[starts], where[starts], weights, None)


def _keys(heaps: Sequence[Heap]) -> Keys:
    """Of each occurrence its term, its article, and the number of its heap."""
    keys = np.empty(sum(len(heap.occurrences.terms) for heap in heaps), np.uint64)
    end = 0
    for number, (occurrences, ranks, _) in enumerate(heaps):
        start, end = end, end + len(occurrences.terms)
        part = keys[start:end]
        occurrences.rank(ranks, part)
        part |= occurrences.documents()
        part <<= _HEAP_BITS
        part |= np.uint64(number)
    return keys


def _pieces(keys: Keys, bits: np.uint64) -> Iterator[Keys]:
    """Sorted keys, which begin with the term, some at a time; those of a term together."""
    start = 0
    while start < len(keys):
        end = start + _CHUNK
        if end < len(keys):
            end = int(np.searchsorted(keys, ((keys[end - 1] >> bits) + np.uint64(1)) << bits))
        yield keys[start:end]
        start = end


def _starts(ranks: Numbers, documents: Numbers) -> Places:
    """Where another posting begins."""
    new = np.empty(len(ranks), np.bool_)
    new[0] = True
    np.not_equal(ranks[1:], ranks[:-1], out=new[1:])
    new[1:] |= documents[1:] != documents[:-1]
    return np.flatnonzero(new)


def _chunk(
    order: Sequence[str],
    ranks: Numbers,
    documents: Numbers,
    weights: Numbers,
    values: Values | None,
) -> Chunk:
    """Postings, whose terms are known by their ranks."""
    new = np.flatnonzero(np.diff(ranks, prepend=ranks[0] + np.uint32(1)))
    terms = [order[rank].encode() for rank in ranks[new].tolist()]
    return Chunk(terms, np.append(new, len(ranks)), documents, weights, values)
