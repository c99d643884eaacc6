"""One segment of a Whoosh index, open for reading: its terms, postings and articles."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate, chain, compress
from pathlib import Path

from newsidx.analysis import STEM_MARK, WHOLE_MARK
from newsidx.article import ID_LENGTH, Article
from newsidx.engines.base import Fits
from newsidx.engines.stored import stored_article
from newsidx.engines.whoosh.blocks import Postings
from newsidx.engines.whoosh.files import Data, opened
from newsidx.engines.whoosh.layout import (
    BODY_LEAD,
    COLUMNS,
    FACETS,
    FIXED,
    NUMBERS,
    TEXT_COLUMNS,
    facet_column,
    parts,
)
from newsidx.engines.whoosh.pickles import Unreadable
from newsidx.engines.whoosh.stemforms import STEM_FORMS_EXT, StemForms
from newsidx.engines.whoosh.stored import Numbers, Stored, Texts, listed
from newsidx.engines.whoosh.terms import Dictionary
from newsidx.engines.whoosh.toc import SegmentInfo
from newsidx.schema import LEAD_WORDS

__all__ = ["Documents", "Segment", "blocks_of"]

Documents = set[int] | frozenset[int]
"""Numbers of documents of a segment."""

# Decoded postings that are kept for the next query, in numbers of 8 to 40 bytes each.
_KEPT = 200_000

# Where so many documents are looked for in each block, none is passed over.
_MANY = 8


class Segment:
    """One segment of an open index. All its files are open from the start.

    Args:
        directory: The index's.
        info: What the table of contents says of it.

    Attributes:
        documents: How many it has, deleted ones included.
        deleted: The numbers of those that are.
        field_lengths: Field -> the sum of its lengths in all documents.
        stem_forms: Which forms have a stem.
        complete: Whether it has the columns of this version, and is not an older one's.

    Raises:
        OSError: A file is not there, or can't be read.
        Unreadable: A file makes no sense.
    """

    def __init__(self, directory: Path, info: SegmentInfo) -> None:
        self.documents = info.documents
        self.deleted = info.deleted
        self.field_lengths = info.field_lengths
        stem = directory / info.name
        self._stem = stem
        self._files = {name: _opened(stem, name) for name in COLUMNS}
        self.complete = any(self._files[facet_column(name)] is not None for name in FACETS)
        if self.complete:
            self.stem_forms = StemForms(opened(stem.with_suffix(STEM_FORMS_EXT)))
            for name, data in self._files.items():
                if data is None:
                    raise FileNotFoundError(f"there is no column {name}")
        self._post = opened(stem.with_suffix(".pst"))
        self._terms = Dictionary(opened(stem.with_suffix(".trm")), info.documents)
        self._articles = Stored(opened(stem.with_suffix("._stored.col")), info.documents)
        self._lengths = Numbers(opened(_lengths_of(stem, "ranking")), "B", info.documents)
        self._lists: dict[tuple[str, str], Postings | None] = {}
        self._sizes: dict[tuple[str, str], int] = {}
        self._used: set[tuple[str, str]] = set()
        self._kept = 0
        self._ids = self._file("id_key")
        # Every article has an id, so that no segment can claim more than it has.
        if len(self._ids) != ID_LENGTH * info.documents:
            raise Unreadable("a segment has fewer articles than it says")

    # Documents

    @cached_property
    def live(self) -> frozenset[int]:
        """The live documents."""
        return frozenset(range(self.documents)) - self.deleted

    @property
    def lengths(self) -> Sequence[int]:
        """The padded weighted length of each document, as a byte (`lengths.LENGTHS`)."""
        return self._lengths.values

    def lengths_in(self, field: str) -> Sequence[int]:
        """The length of each document in a field, as a byte; of a segment not yet replaced."""
        try:
            data = opened(_lengths_of(self._stem, field))
        except FileNotFoundError:
            return bytes(self.documents)
        return Numbers(data, "B", self.documents).values

    def numbers_of(self, document: int) -> tuple[int, ...]:
        """What all columns of numbers hold of a document."""
        return tuple(self.numbers(name)[document] for name in NUMBERS)

    def texts_of(self, document: int) -> tuple[bytes, ...]:
        """What all columns of byte strings hold of a document, lists packed."""
        for name in map(facet_column, FACETS):
            listed(self.texts(name)[document])  # what is no list is to be noticed now
        return tuple(self.texts(name)[document] for name in TEXT_COLUMNS)

    def packed(self, document: int) -> bytes:
        """A document's article as it is stored, when it was found to be one."""
        self.stored(document)
        return self._articles[document]

    def id(self, document: int) -> str:
        """A document's article's id."""
        return self._ids[document * ID_LENGTH : (document + 1) * ID_LENGTH].decode()

    @cached_property
    def _numbers(self) -> dict[str, Numbers]:
        return {name: Numbers(self._file(name), "I", self.documents) for name in NUMBERS}

    @cached_property
    def _texts(self) -> dict[str, Texts]:
        return {name: Texts(self._file(name), self.documents) for name in TEXT_COLUMNS}

    def _file(self, name: str) -> Data:
        data = self._files[name]
        if data is None:
            raise FileNotFoundError(f"there is no column {name}")
        return data

    def numbers(self, name: str) -> Sequence[int]:
        """A column of numbers, one for each document."""
        return self._numbers[name].values

    def texts(self, name: str) -> Texts:
        """A column of byte strings, by document."""
        return self._texts[name]

    def stored(self, document: int) -> str:
        """A document's article as JSON."""
        return self._articles.article(document)

    def article(self, document: int) -> Article:
        """A document's article, as it was stored."""
        return stored_article(self.stored(document))

    # Terms

    def forms(self, name: str, prefix: str = "") -> Iterator[tuple[str, int]]:
        """The forms of a field that begin with a prefix, in code point order.

        With each comes where the dictionary has it, for `postings_at`.
        """
        marks = (STEM_MARK.encode(), WHOLE_MARK.encode())
        for raw, at in self._terms.terms(_written(name), prefix.encode()):
            if not raw.startswith(marks):
                yield raw.decode(), at

    def terms(self, name: str) -> Iterator[tuple[bytes, int]]:
        """All terms of a field as they are written, each with where the dictionary has it."""
        return self._terms.terms(name)

    def postings_at(self, name: str, at: int) -> Postings:
        """The postings of a term that `terms` or `forms` has given; these are not kept."""
        entry = self._terms.entry_at(at)
        fixed, lead = name in FIXED, name == BODY_LEAD
        return Postings(self._post, self._terms, entry, self.documents, fixed=fixed, lead=lead)

    def counts(self, field: str, prefix: str, fits: Fits | None) -> Iterator[tuple[str, int]]:
        """As of `Engine.terms`, in no order."""
        found: defaultdict[str, set[int]] = defaultdict(set)
        for name in parts((field,)):
            for form, at in self.forms(name, prefix):
                if fits is not None and not fits(form):
                    continue
                if name == field:
                    yield form, self._terms.count_at(at)
                else:
                    found[form] |= self.among(self.postings_at(name, at))
        yield from ((form, len(documents)) for form, documents in found.items() if documents)

    def occurrences_at(self, at: int) -> int:
        """How often a form that `forms` has given occurs, in deleted documents too."""
        return self._terms.occurrences_at(at)

    def articles_at(self, name: str, at: int) -> int:
        """How many live documents have a form that `forms` has given."""
        if not self.deleted:
            return self._terms.count_at(at)
        return self.size(self.postings_at(name, at))

    def postings(self, name: str, term: str) -> Postings | None:
        """The postings of a term, deleted documents' included; None if there is no such term.

        They are kept for the next query, with what was decoded of them.
        """
        key = name, term
        if key in self._lists:
            found = self._lists.pop(key)
        else:
            at = self._terms.find(_written(name), term.encode())
            found = None if at is None else self.postings_at(name, at)
        self._lists[key] = found  # behind all others, as the last that was asked for
        self._used.add(key)
        return found

    def forget(self) -> None:
        """Let go of decoded postings where they are many, the longest unused ones first."""
        for key in self._used:
            found = self._lists[key]
            size = 32 + (found.decoded if found else 0)
            self._kept += size - self._sizes.get(key, 0)
            self._sizes[key] = size
        self._used.clear()
        while self._kept > _KEPT:
            key = next(iter(self._lists))
            del self._lists[key]
            self._kept -= self._sizes.pop(key)

    def with_term(self, name: str, term: str, within: Documents | None = None) -> Documents:
        """The live documents with a term, or those of them that are among some."""
        postings = self.postings(name, term)
        return self.among(postings, within) if postings is not None else frozenset()

    def among(self, postings: Postings, within: Documents | None = None) -> Documents:
        """The live documents of a posting list, or those of them that are among some."""
        found: Documents
        if postings.lead:
            every = set(postings.all_ids()) if within is None else within
            found = set(self.steps(postings, every)[0])
        elif within is None:
            found = set(postings.all_ids())
        else:
            numbers = blocks_of(postings, within)
            found = within.intersection(chain.from_iterable(map(postings.ids, numbers)))
        return found - self.deleted if self.deleted else found

    def size(self, postings: Postings) -> int:
        """How many live documents a posting list has."""
        if not self.deleted:
            return postings.size
        numbers = blocks_of(postings, self.deleted)
        gone = sum(len(self.deleted.intersection(postings.ids(number))) for number in numbers)
        return postings.size - gone

    def places(self, name: str, term: str, within: Documents) -> dict[int, list[int]]:
        """Where in a field a term stands, in those of some documents that have it."""
        postings = self.postings(name, term)
        if postings is None:
            return {}
        documents, steps = self.steps(postings, within)
        return dict(zip(documents, map(list, map(accumulate, steps)), strict=True))

    def steps(self, postings: Postings, within: Documents) -> tuple[list[int], list[Sequence[int]]]:
        """Where a term stands: the first position, and the step from each to the next.

        Returns:
            Those of some documents that have it, ascending, and the steps of each.
        """
        documents: list[int] = []
        found: list[Sequence[int]] = []
        for number in blocks_of(postings, within):
            ids = postings.ids(number)
            chosen = list(map(within.__contains__, ids))
            at = list(compress(range(len(ids)), chosen))
            if at:
                documents += compress(ids, chosen)
                found += postings.steps(number, at)
        return _leading(documents, found) if postings.lead else (documents, found)


def _written(name: str) -> str:
    """The field whose terms are those of one."""
    return "body" if name == BODY_LEAD else name


def _leading(
    documents: list[int], steps: list[Sequence[int]]
) -> tuple[list[int], list[Sequence[int]]]:
    """Those documents in which a term stands in the lead, and the steps to where it does."""
    ends = [bisect_left(list(accumulate(each)), LEAD_WORDS) for each in steps]
    found = [each[:end] for each, end in zip(steps, ends, strict=True) if end]
    return list(compress(documents, ends)), found


def _lengths_of(stem: Path, field: str) -> Path:
    return stem.with_suffix(f"._{field}_len.col")


def _opened(stem: Path, column: str) -> Data | None:
    try:
        return opened(stem.with_suffix(f".{column}.col"))
    except FileNotFoundError:
        return None


def blocks_of(postings: Postings, within: Documents) -> Iterator[int]:
    """The numbers of those blocks that may hold any of some documents, and few others."""
    if len(within) > _MANY * len(postings.blocks):
        yield from range(len(postings.blocks))
        return
    wanted = sorted(within)
    at = 0
    for number, block in enumerate(postings.blocks):
        end = bisect_right(wanted, block.last, at)
        if end > at:
            yield number
        at = end
