"""The order of the matches of a query, as far as the page that is wanted."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from heapq import nsmallest
from typing import Any

from newsidx.engines.base import SearchRequest
from newsidx.engines.whoosh.evaluate import Evaluation
from newsidx.engines.whoosh.scoring import Scores
from newsidx.engines.whoosh.segment import Segment

__all__ = ["Found", "ordered"]

Found = Mapping[Evaluation, Collection[int]]
Keyed = list[tuple[tuple[Any, ...], Evaluation, int]]


# Of so few more than are wanted, all are sorted.
_FEW = 100


def ordered(
    request: SearchRequest, found: Found, scores: dict[Evaluation, Scores], total: int
) -> list[tuple[str, Evaluation, int]]:
    """The wanted part of the matches in order, by their ids and where they are."""
    end = total if request.limit is None else min(total, request.offset + request.limit)
    if request.offset >= end:
        return []
    if request.sort == "relevance" and scores:
        found = {evaluation: each.keys() for evaluation, each in scores.items()}
    keyed: Keyed = []
    for evaluation, documents in found.items():
        keys = _keys(request.sort, evaluation.segment, documents, scores.get(evaluation, {}))
        keyed += [
            (key, evaluation, document) for key, document in zip(keys, documents, strict=True)
        ]
    if _FEW + 2 * end < len(keyed):
        # Only what can reach the page is sorted; its last place may be tied.
        last = nsmallest(end, (key for key, _, _ in keyed))[-1]
        keyed = [item for item in keyed if item[0] <= last]
    named = [
        (key, evaluation.segment.id(document), evaluation, document)
        for key, evaluation, document in keyed
    ]
    named.sort(key=lambda item: item[:2])
    return [item[1:] for item in named[request.offset : end]]


def _keys(
    sort: str, segment: Segment, documents: Collection[int], scores: Scores
) -> Iterator[tuple[Any, ...]]:
    """What documents are sorted by, in the order in which they are given."""
    days = segment.numbers("day_first")
    match sort:
        case "newest":
            return ((-days[document],) for document in documents)
        case "oldest":
            return ((not days[document], days[document]) for document in documents)
        case "title" | "source":
            values = segment.texts(f"{sort}_key").of(documents)
            pairs = zip(values, documents, strict=True)
            return ((not value, value, -days[document]) for value, document in pairs)
        case _:
            score = scores.get
            return ((-score(document, 0.0), -days[document]) for document in documents)
