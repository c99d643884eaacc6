"""What needs positions on a segment: phrases, words near each other, counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import accumulate
from operator import itemgetter
from typing import TYPE_CHECKING, assert_never

from newsidx.query import bound
from newsidx.query.proximity import Run, in_order, near

if TYPE_CHECKING:
    from newsidx.engines.whoosh.evaluate import Evaluation
    from newsidx.engines.whoosh.segment import Documents

__all__ = ["at_least", "close", "needs_text", "phrase", "sloppy"]

Places = Mapping[int, list[int]]

# What more than one document in so many has tells little about which to look at.
_FEW = 2


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


def phrase(
    on: Evaluation, name: str, forms: tuple[str, ...], within: Documents | None
) -> Documents:
    """The documents with forms next to each other in a field."""
    if len(forms) == 1:
        return _with_all(on, name, forms, within)
    return set(_phrase_starts(on, name, forms, within))


def sloppy(on: Evaluation, name: str, node: bound.Slop, within: Documents | None) -> Documents:
    """The documents with forms in order and few other words between them."""
    candidates = _with_all(on, name, node.forms, within)
    places = {form: on.segment.places(name, form, candidates) for form in node.forms}
    return {
        document
        for document in candidates
        if in_order([places[form][document] for form in node.forms], node.words)
    }


def close(on: Evaluation, name: str, node: bound.Near, within: Documents | None) -> Documents:
    """The documents in which both sides stand near each other in a field."""
    candidates = _with_any(on, name, node.left, within)
    candidates = candidates & _with_any(on, name, node.right, candidates)
    left, right = (_either(on, name, side, candidates) for side in (node.left, node.right))
    return {
        document
        for document in left.keys() & right.keys()
        if near(left[document], right[document], node.distance, ordered=node.ordered)[0]
    }


def at_least(on: Evaluation, node: bound.AtLeast, within: Documents | None) -> Documents:
    """The documents with so many occurrences in all fields together."""
    counts: dict[int, int] = {}
    for name in node.fields:
        candidates = _with_any(on, name, node.words, within)
        for document, runs in _either(on, name, node.words, candidates).items():
            begun = len({start for start, _ in runs})
            counts[document] = counts.get(document, 0) + begun
    return {document for document, count in counts.items() if count >= node.count}


def _with_all(
    on: Evaluation, name: str, forms: Iterable[str], within: Documents | None
) -> Documents:
    """The documents that have all of some forms in a field, the rarest looked for first."""
    every = [on.segment.postings(name, form) for form in forms]
    known = [each for each in every if each is not None]
    if len(known) < len(every):
        return frozenset()
    found = within
    for postings in sorted(known, key=lambda each: each.size):
        found = on.segment.among(postings, found)
        if not found:
            break
    return found or frozenset()


def _with_any(
    on: Evaluation, name: str, leaves: Iterable[bound.Leaf], within: Documents | None
) -> Documents:
    """The documents in which any of some leaves may occur in a field."""
    found: set[int] = set()
    for leaf in leaves:
        match leaf:
            case bound.Term():
                found |= on.with_stem(name, leaf, within)
            case bound.Phrase():
                found |= _with_all(on, name, leaf.forms, within)
            case bound.Wildcard() | bound.Fuzzy() | bound.Regex():
                found |= on.fitting(name, leaf).keys()
            case _:
                assert_never(leaf)
    return found if within is None else found & within


def _either(
    on: Evaluation, name: str, leaves: Iterable[bound.Leaf], within: Documents
) -> dict[int, list[Run]]:
    """Where any of some leaves occurs in a field, by document."""
    found: dict[int, list[Run]] = {}
    for leaf in leaves:
        for document, runs in _runs(on, name, leaf, within).items():
            known = found.get(document)
            found[document] = runs if known is None else sorted({*known, *runs})
    return found


def _runs(on: Evaluation, name: str, leaf: bound.Leaf, within: Documents) -> dict[int, list[Run]]:
    match leaf:
        case bound.Term():
            return _single(on.stem_places(name, leaf, within))
        case bound.Phrase():
            return _phrase_runs(on, name, leaf.forms, within)
        case bound.Wildcard() | bound.Fuzzy() | bound.Regex():
            return _single(on.fitting_places(name, leaf, within))
        case _:
            assert_never(leaf)


def _single(places: Places) -> dict[int, list[Run]]:
    return {document: [(at, at) for at in where] for document, where in places.items()}


def _phrase_runs(
    on: Evaluation, name: str, forms: tuple[str, ...], within: Documents | None
) -> dict[int, list[Run]]:
    """Where a phrase stands, in those of some documents that have it."""
    last = len(forms) - 1
    starts = _phrase_starts(on, name, forms, within)
    return {
        document: [(start, start + last) for start in sorted(where)]
        for document, where in starts.items()
    }


def _phrase_starts(
    on: Evaluation, name: str, forms: tuple[str, ...], within: Documents | None
) -> dict[int, set[int]]:
    """Where a phrase begins: of each form in turn, the rarest first, in fewer documents."""
    segment = on.segment
    every = [segment.postings(name, form) for form in forms]
    turns = [(each.size, step, each) for step, each in enumerate(every) if each is not None]
    if len(turns) < len(every):
        return {}
    turns.sort(key=itemgetter(0))
    for size, _, postings in turns:
        # A form that most documents have rules out few of them.
        if within is None or _FEW * size < segment.documents:
            within = segment.among(postings, within)
    found: dict[int, set[int]] = {}
    for turn, (_, step, postings) in enumerate(turns):
        documents, steps = segment.steps(postings, set(found) if turn else within or frozenset())
        # One below 0 is among the starts of every form but the first, and so not left.
        moved = [accumulate(each, initial=-step) for each in steps] if step else None
        starts = moved or map(accumulate, steps)
        if turn:
            both = map(set[int].intersection, map(found.__getitem__, documents), starts)
        else:
            both = map(set[int], starts)
        found = {document: where for document, where in zip(documents, both, strict=True) if where}
        if not found:
            break
    return found
