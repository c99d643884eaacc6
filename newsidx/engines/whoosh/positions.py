"""What needs positions on a Whoosh segment: phrases, words near each other, counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, assert_never

from newsidx.query import bound
from newsidx.query.proximity import Run, adjacent, in_order, near

if TYPE_CHECKING:
    from newsidx.engines.whoosh.segment import Segment

__all__ = ["at_least", "close", "needs_text", "phrase", "sloppy"]

Places = Mapping[int, list[int]]


def needs_text(node: bound.Bound) -> bool:
    """Whether the terms of the index can't tell by themselves: a spelling is asked for."""
    match node:
        case bound.Phrase() | bound.Whole():
            return bool(node.spelling)
        case bound.Near():
            return any(map(needs_text, (*node.left, *node.right)))
        case bound.AtLeast():
            return any(map(needs_text, node.words))
        case bound.And() | bound.Or():
            return any(map(needs_text, node.children))
        case bound.Not():
            return needs_text(node.child)
        case _:
            return False


def phrase(segment: Segment, name: str, forms: tuple[str, ...]) -> set[int]:
    """The documents with forms next to each other in a field."""
    if len(forms) == 1:
        return set(segment.postings(name, forms[0]))
    return set(_phrase_runs(segment, name, forms))


def sloppy(segment: Segment, name: str, node: bound.Slop) -> set[int]:
    """The documents with forms in order and few other words between them."""
    places = [segment.places(name, form) for form in node.forms]
    return {
        document
        for document in _in_all(places)
        if in_order([each[document] for each in places], node.words)
    }


def close(segment: Segment, name: str, node: bound.Near) -> set[int]:
    """The documents in which both sides stand near each other in a field."""
    left, right = (_either(segment, name, side) for side in (node.left, node.right))
    return {
        document
        for document in _in_all((left, right))
        if near(left[document], right[document], node.distance, ordered=node.ordered)[0]
    }


def at_least(segment: Segment, node: bound.AtLeast) -> set[int]:
    """The documents with so many occurrences in all fields together."""
    counts: dict[int, int] = {}
    for name in node.fields:
        for document, runs in _either(segment, name, node.words).items():
            begun = len({start for start, _ in runs})
            counts[document] = counts.get(document, 0) + begun
    return {document for document, count in counts.items() if count >= node.count}


def _in_all(each: Iterable[Mapping[int, object]]) -> set[int]:
    first, *rest = each
    return set(first).intersection(*rest)


def _either(segment: Segment, name: str, leaves: Iterable[bound.Leaf]) -> dict[int, list[Run]]:
    """Where any of some leaves occurs in a field, by document."""
    found: dict[int, list[Run]] = {}
    for leaf in leaves:
        for document, runs in _runs(segment, name, leaf).items():
            known = found.get(document)
            found[document] = runs if known is None else sorted({*known, *runs})
    return found


def _runs(segment: Segment, name: str, leaf: bound.Leaf) -> dict[int, list[Run]]:
    match leaf:
        case bound.Term():
            return _single(segment.stem_places(name, leaf))
        case bound.Phrase():
            return _phrase_runs(segment, name, leaf.forms)
        case bound.Wildcard() | bound.Fuzzy() | bound.Regex():
            return _single(segment.fitting_places(name, leaf))
        case _:
            assert_never(leaf)


def _single(places: Places) -> dict[int, list[Run]]:
    return {document: [(at, at) for at in where] for document, where in places.items()}


def _phrase_runs(segment: Segment, name: str, forms: tuple[str, ...]) -> dict[int, list[Run]]:
    places = [segment.places(name, form) for form in forms]
    found = {}
    for document in _in_all(places):
        if starts := adjacent([each[document] for each in places]):
            found[document] = [(at, at + len(forms) - 1) for at in starts]
    return found
