"""The order of the matches of a query, as far as the page that is wanted.

A match is a number here, and its sort keys are values in arrays: some tens of bytes while
it is sorted, and four or twelve from then on.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from heapq import nsmallest
from itertools import accumulate, chain, compress, repeat
from operator import neg
from typing import Any, overload

from newsidx.engines.base import EngineHit, SearchRequest
from newsidx.engines.whoosh.evaluate import Evaluation
from newsidx.engines.whoosh.scoring import Scores
from newsidx.engines.whoosh.segment import Segment

__all__ = ["Found", "Hits", "ordered"]

Found = Mapping[Evaluation, Collection[int]]

# Of so few more than are wanted, all are sorted.
_FEW = 100

# The end of a page among so many times as many is found without sorting all.
_FAR = 16

# So many hits are made at once when one after the other is asked for.
_PORTION = 256

# Behind every text: no UTF-8 has this byte.
_LAST = b"\xff"
_NO_DAY_LAST = 1 << 31


class Hits(Sequence[EngineHit]):
    """Hits in order, each made when it is taken; the slices of it are lists.

    Attributes:
        scores: One for each hit; None where all are 0.
        taken: Where the articles of the hits are that were taken last.
    """

    def __init__(self, places: array[int], segments: Sequence[Segment]) -> None:
        self.scores: array[float] | None = None
        self.taken: dict[str, tuple[Segment, int]] = {}
        self._places = places
        self._segments = segments
        self._ends = _ends(segments)

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, at: int) -> EngineHit: ...
    @overload
    def __getitem__(self, at: slice) -> list[EngineHit]: ...
    def __getitem__(self, at: int | slice) -> EngineHit | list[EngineHit]:
        if isinstance(at, int):
            at = range(len(self))[at]
            return self[at : at + 1][0]
        where = [self.place(place) for place in self._places[at]]
        keys = [segment.id(document) for segment, document in where]
        self.taken = dict(zip(keys, where, strict=True))
        scores = repeat(0.0) if self.scores is None else self.scores[at]
        return list(map(EngineHit, keys, scores))

    def __iter__(self) -> Iterator[EngineHit]:
        for start in range(0, len(self), _PORTION):
            yield from self[start : start + _PORTION]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    def place(self, number: int) -> tuple[Segment, int]:
        """The segment and document with a number among all of the index."""
        at = bisect_right(self._ends, number)
        return self._segments[at], number - (self._ends[at - 1] if at else 0)

    def documents(self) -> list[set[int]]:
        """The documents of the hits, by segment."""
        found: list[set[int]] = [set() for _ in self._segments]
        starts = [0, *self._ends]
        for number in self._places:
            at = bisect_right(self._ends, number)
            found[at].add(number - starts[at])
        return found

    def score(self, by_segment: Sequence[Scores]) -> None:
        """Give the hits their scores."""
        starts = [0, *self._ends]
        scores = array("d", bytes(8 * len(self)))
        for place, number in enumerate(self._places):
            at = bisect_right(self._ends, number)
            scores[place] = by_segment[at].get(number - starts[at], 0.0)
        self.scores = scores


def ordered(
    request: SearchRequest, found: Found, scores: Mapping[Evaluation, Scores], total: int
) -> Hits:
    """The wanted part of the matches in order."""
    segments = [evaluation.segment for evaluation in found]
    end = total if request.limit is None else min(total, request.offset + request.limit)
    if request.offset >= end:
        return Hits(array("I"), segments)
    if request.sort == "relevance" and scores:
        found = {evaluation: each.keys() for evaluation, each in scores.items()}
    starts = [0, *_ends(segments)]
    places = array("I")
    for start, documents in zip(starts, found.values(), strict=False):
        places.extend(map(start.__add__, documents))
    columns = list(_columns(request.sort, found, scores))
    start = request.offset
    if len(places) - (end - start) > _FEW:
        start, end, places, columns = _page(start, end, places, columns)
    hits = Hits(places, segments)
    order = list(range(len(places)))
    order.sort(key=_ids(hits, places))
    for column in reversed(columns):  # a sort keeps the order of equals
        order.sort(key=column.__getitem__)
    order = order[start:end]
    hits = Hits(array("I", map(places.__getitem__, order)), segments)
    if request.sort == "relevance" and scores:
        hits.scores = array("d", map(neg, map(columns[0].__getitem__, order)))
    return hits


def _page(
    start: int, end: int, places: array[int], columns: list[Sequence[Any]]
) -> tuple[int, int, array[int], list[Sequence[Any]]]:
    """Only what can be on a page, by the first column, and where the page is among it."""
    first = columns[0]
    if end * _FAR < len(places):
        low, high, before = None, nsmallest(end, first)[-1], 0
        kept = [value <= high for value in first]
    else:
        ranked = sorted(first)
        low, high = ranked[start], ranked[end - 1]
        before = bisect_left(ranked, low)
        kept = [low <= value <= high for value in first]
    return (
        start - before,
        end - before,
        array("I", compress(places, kept)),
        [list(compress(column, kept)) for column in columns],
    )


def _ends(segments: Sequence[Segment]) -> list[int]:
    """Behind the last document of each segment, where all are numbered on."""
    return list(accumulate(segment.documents for segment in segments))


def _ids(hits: Hits, places: array[int]) -> Callable[[int], str]:
    def key(at: int) -> str:
        segment, document = hits.place(places[at])
        return segment.id(document)

    return key


def _columns(
    sort: str, found: Found, scores: Mapping[Evaluation, Scores]
) -> Iterator[Sequence[Any]]:
    """What matches are sorted by, in the order in which they are given, ascending.

    The first column decides, then the next; then the id.
    """
    if sort in ("title", "source"):
        each = (e.segment.texts(f"{sort}_key").of(found[e]) for e in found)
        yield [value or _LAST for value in chain.from_iterable(each)]
    elif sort == "relevance" and scores:
        totals = (map(scores[e].__getitem__, found[e]) for e in found)
        yield array("d", map(neg, chain.from_iterable(totals)))
    days = chain.from_iterable(
        map(e.segment.numbers("day_first").__getitem__, found[e]) for e in found
    )
    if sort == "oldest":
        yield array("q", (day or _NO_DAY_LAST for day in days))
    else:
        yield array("q", map(neg, days))
