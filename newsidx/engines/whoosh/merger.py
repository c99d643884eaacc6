"""Merging segments of a Whoosh index into one, the postings of one term at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any

from whoosh.codec.whoosh3 import W3LeafMatcher

from newsidx.analysis import STEM_MARK
from newsidx.engines.whoosh.build import SegmentFiles
from newsidx.engines.whoosh.layout import POSITIONAL_FIELDS
from newsidx.engines.whoosh.postings import Postings
from newsidx.engines.whoosh.stemforms import StemForms
from newsidx.schema import TEXT_FIELDS

__all__ = ["merge_segments"]

# Fields whose values are frequencies, and all that have postings.
_FIXED = frozenset({"ranking", "has"})
_INDEXED = (*POSITIONAL_FIELDS, *sorted(_FIXED))


class _Merged:
    """The postings of a field in several segments, one term at a time in memory.

    Args:
        name: The field's.
        parts: Whoosh's reader of each segment, and what becomes of the numbers of its
            documents that are still there; each part's are greater than the last one's.
        seen: Takes in the forms of text fields.
    """

    def __init__(
        self, name: str, parts: Sequence[tuple[Any, Mapping[int, int]]], seen: set[str]
    ) -> None:
        self.fixed = name in _FIXED
        self.lengths: Sequence[int] = b""
        self._name = name
        self._parts = parts
        self._seen = seen if name in TEXT_FIELDS else None

    def in_order(self) -> Iterator[tuple[bytes, Postings]]:
        """As of `FieldPostings`."""
        lexicons = [self._lexicon(number) for number in range(len(self._parts))]
        for term, found in groupby(merge(*lexicons), itemgetter(0)):
            postings: Postings = ([], [], [])
            for _, number in found:
                self._take(term, number, postings)
            if postings[0]:
                if self._seen is not None and not term.startswith(STEM_MARK.encode()):
                    self._seen.add(term.decode())
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


def merge_segments(storage: Any, index_name: str, schema: Any, readers: Sequence[Any]) -> Any:
    """Write a segment of the live documents of others, in their order.

    Args:
        readers: Whoosh's, of each segment; they are not closed here.

    Returns:
        Whoosh's description of it.
    """
    files = SegmentFiles(storage, index_name, schema, _INDEXED)
    parts = [(reader, _take_documents(files, reader)) for reader in readers]
    seen: set[str] = set()
    fields = {name: _Merged(name, parts, seen) for name in _INDEXED}
    return files.finish(fields, lambda: _stem_forms(readers, seen))


def _stem_forms(readers: Sequence[Any], seen: Set[str]) -> dict[str, list[str]]:
    """The forms of stems in all segments, without those that are gone."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for reader in readers:
        each = StemForms.open(reader)
        for stem, forms in each.all().items():
            found[stem].update(seen & set(forms))
        each.close()
    return {stem: sorted(forms) for stem, forms in found.items() if forms}


def _take_documents(files: SegmentFiles, reader: Any) -> dict[int, int]:
    """Take over the documents of a segment; gives old number -> new number."""
    columns = [(name, reader.column_reader(name, translate=False)) for name in files.columns]
    per_document = reader._perdoc  # noqa: SLF001 - nothing else tells lengths so quickly
    lengths = {name: per_document.doc_field_length_reader(name) for name in _INDEXED}
    renumbered: dict[int, int] = {}
    rounded = dict.fromkeys(_INDEXED, 0)
    for number in range(reader.doc_count_all()):
        known = {name: length(number) or 0 for name, length in lengths.items()}
        for name, length in known.items():
            rounded[name] += length
        if not reader.is_deleted(number):
            values = [(name, column[number]) for name, column in columns]
            text = reader.stored_fields(number)["article"]
            renumbered[number] = files.add(known, values, text)
    for name, total in rounded.items():
        # What the rounded lengths add up to is put right by the total that is known.
        files.store._fieldlengths[name] += reader.field_length(name) - total  # noqa: SLF001
    return renumbered
