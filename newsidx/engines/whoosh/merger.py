"""Merging segments of a Whoosh index into one, the postings of a few terms at a time."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np

from newsidx.analysis import STEM_MARK
from newsidx.engines.whoosh.build import SegmentFiles
from newsidx.engines.whoosh.documents import Columns
from newsidx.engines.whoosh.encoding import Chunk, opaque
from newsidx.engines.whoosh.layout import FIXED, POSITIONAL_FIELDS
from newsidx.engines.whoosh.lengths import LENGTHS
from newsidx.engines.whoosh.segment import Segment
from newsidx.schema import TEXT_FIELDS

__all__ = ["merge_segments"]

# So many postings are written at once, or those of one term.
_CHUNK = 1 << 15
# All fields that have postings.
_INDEXED = (*POSITIONAL_FIELDS, *sorted(FIXED))


class _Merged:
    """The postings of a field in several segments, a few terms at a time in memory.

    Args:
        name: The field's.
        parts: Each segment, and what becomes of the numbers of its documents that are
            still there; each part's are greater than the last one's.
        seen: Takes in the forms of text fields.
    """

    def __init__(
        self, name: str, parts: Sequence[tuple[Segment, Mapping[int, int]]], seen: set[str]
    ) -> None:
        self._name = name
        self._parts = parts
        self._seen = seen if name in TEXT_FIELDS else None

    def chunks(self) -> Iterator[Chunk]:
        """As of `FieldPostings`."""
        lexicons = [self._lexicon(number) for number in range(len(self._parts))]
        taken = _Taken()
        for term, found in groupby(merge(*lexicons), itemgetter(0)):
            before = len(taken.documents)
            for _, number, at in found:
                self._take(number, at, taken)
            if len(taken.documents) > before:
                if self._seen is not None and not term.startswith(STEM_MARK.encode()):
                    self._seen.add(term.decode())
                taken.terms.append(term)
                taken.starts.append(before)
            if len(taken.documents) >= _CHUNK:
                yield taken.chunk(fixed=self._name in FIXED)
                taken = _Taken()
        if taken.terms:
            yield taken.chunk(fixed=self._name in FIXED)

    def _lexicon(self, number: int) -> Iterator[tuple[bytes, int, int]]:
        segment, _ = self._parts[number]
        for term, at in segment.terms(self._name):
            yield term, number, at

    def _take(self, number: int, at: int, taken: _Taken) -> None:
        segment, renumbered = self._parts[number]
        found = segment.postings_at(self._name, at)
        for block in range(len(found.blocks)):
            ids, amounts = found.ids(block), found.weights(block)
            kept = [place for place, document in enumerate(ids) if document in renumbered]
            taken.documents.extend([renumbered[ids[place]] for place in kept])
            taken.weights.extend([int(amounts[place]) for place in kept])
            if self._name not in FIXED and kept:
                taken.values += found.values(block, kept)


class _Taken:
    """Postings that are to be written next, as of `Chunk`."""

    def __init__(self) -> None:
        self.terms: list[bytes] = []
        self.starts, self.documents, self.weights = array("q"), array("I"), array("I")
        self.values: list[bytes] = []

    def chunk(self, *, fixed: bool) -> Chunk:
        self.starts.append(len(self.documents))
        return Chunk(
            self.terms,
            np.asarray(self.starts, np.int64),
            np.asarray(self.documents, np.uint32),
            np.asarray(self.weights, np.uint32),
            None if fixed else opaque(self.values),
        )


def merge_segments(storage: Any, index_name: str, segments: Sequence[Segment]) -> Any:
    """Write a segment of the live documents of others, in their order.

    Returns:
        Whoosh's description of it.
    """
    files = SegmentFiles(storage, index_name, _INDEXED)
    try:
        parts = [(segment, _take_documents(files, segment)) for segment in segments]
    except BaseException:
        files.cancel()
        raise
    seen: set[str] = set()
    fields = {name: _Merged(name, parts, seen) for name in _INDEXED}
    return files.finish(fields, lambda: _stem_forms(segments, seen))


def _stem_forms(segments: Sequence[Segment], seen: Set[str]) -> dict[str, list[str]]:
    """The forms of stems in all segments, without those that are gone."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for segment in segments:
        for stem, forms in segment.stem_forms.all().items():
            found[stem].update(seen & set(forms))
    return {stem: sorted(forms) for stem, forms in found.items() if forms}


def _take_documents(files: SegmentFiles, segment: Segment) -> dict[int, int]:
    """Take over the documents of a segment; gives old number -> new number."""
    lengths = {name: segment.lengths_in(name) for name in _INDEXED}
    renumbered: dict[int, int] = {}
    live = dict.fromkeys(_INDEXED, 0)
    rounded = dict.fromkeys(_INDEXED, 0)
    for number in range(segment.documents):
        known = {name: LENGTHS[each[number]] for name, each in lengths.items()}
        for name, length in known.items():
            rounded[name] += length
        if number not in segment.deleted:
            for name, length in known.items():
                live[name] += length
            key = segment.id(number).encode()
            columns = Columns(segment.numbers_of(number), key, segment.texts_of(number))
            renumbered[number] = files.documents.add(known, columns, segment.packed(number))
    for name, total in rounded.items():
        if total:
            # What the rounded lengths add up to is put right by the total that is known.
            exact = segment.field_lengths.get(name, 0)
            files.documents.totals[name] += round(live[name] * exact / total) - live[name]
    return renumbered
