"""Searching a Whoosh index."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from heapq import nsmallest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whoosh.index import FileIndex, open_dir
from whoosh.util.numeric import byte_to_length, length_to_byte

from newsidx.analysis import WHOLE_MARK
from newsidx.article import Article
from newsidx.engines.base import EngineHit, EnginePage, SearchRequest, Statistics
from newsidx.engines.whoosh.sealing import reading as _reading
from newsidx.engines.whoosh.segment import Segment
from newsidx.errors import IndexVersionError
from newsidx.query.bound import BoundQuery
from newsidx.query.ranking import bm25, idf
from newsidx.schema import LEAD
from newsidx.text.stems import stemmer_for

if TYPE_CHECKING:
    from newsidx.engines.whoosh.writer import WhooshWriter

__all__ = ["WhooshEngine"]

Place = tuple[Segment, int]


def _round_length(length: int) -> float:
    """What is left of a length that Whoosh stores in one byte."""
    return float(byte_to_length(length_to_byte(length)))


class WhooshEngine:
    """An open Whoosh index, as of its commit at opening.

    All its files are open from the start: a writer may delete them at any time.

    Args:
        directory: Where its files are.
        language: The index's language.
    """

    name = "whoosh"
    round_length: Callable[[int], float] = staticmethod(_round_length)

    def __init__(self, directory: Path, language: str) -> None:
        self._language = language
        self._directory = directory
        with _reading(directory):
            self._index: FileIndex = open_dir(str(directory))
            self._reader: Any = self._index.reader()
            try:
                self.commit: int = self._index.latest_generation()
                self._segments = self._open_segments()
                self._complete = LEAD.name in self._index.schema
            except BaseException:
                self.close()
                raise

    def _open_segments(self) -> list[Segment]:
        leaves = self._reader.leaf_readers() if self._reader.doc_count_all() else []
        terms = {raw.decode() for leaf, _ in leaves for raw in leaf.lexicon("language")}
        found = {term for term in terms if not term.startswith(WHOLE_MARK)}
        stemmers = {self._language, *(stemmer_for(name, self._language) for name in found)}
        return [Segment(leaf, base, self._language, frozenset(stemmers)) for leaf, base in leaves]

    def writer(self) -> WhooshWriter:
        """Begin a transaction."""
        from newsidx.engines.whoosh.writer import WhooshWriter

        return WhooshWriter(self._index, self._language)

    # Queries

    def search(self, request: SearchRequest) -> EnginePage:
        """Match every segment, and sort and score what the page needs.

        Raises:
            IndexVersionError: The index lacks a field that this version searches.
        """
        if not self._complete:
            raise IndexVersionError.older(self._directory)
        with _reading(self._directory):
            for segment in self._segments:
                segment.forget()
            return self._answer(request)

    def _answer(self, request: SearchRequest) -> EnginePage:
        found = {segment: segment.matching(request.query.tree) for segment in self._segments}
        total = sum(map(len, found.values()))
        if request.limit == 0:
            return EnginePage(total, [])
        by_score = request.sort == "relevance"
        scores = self._scores(request.query, found) if by_score else {}
        ordered = self._ordered(request, found, scores, total)
        if request.scores and not by_score:
            page: dict[Segment, set[int]] = {}
            for _, (segment, document) in ordered:
                page.setdefault(segment, set()).add(document)
            scores = self._scores(request.query, page)
        hits = [EngineHit(key, scores.get(place, 0.0)) for key, place in ordered]
        return EnginePage(total, hits)

    def _scores(self, query: BoundQuery, wanted: Mapping[Segment, Set[int]]) -> dict[Place, float]:
        """The scores of the wanted documents that have any."""
        scores: dict[Place, float] = {}
        articles = self._reader.doc_count_all()
        average = self._average_length()
        for scored in query.scored:
            counts = {segment: segment.frequencies(scored.word) for segment in self._segments}
            matching = sum(map(len, counts.values()))
            weight = scored.boost * idf(articles, matching)
            for segment, documents in counts.items():
                for document in documents.keys() & wanted.get(segment, ()):
                    place = (segment, document)
                    length = segment.length(document)
                    gain = weight * bm25(documents[document], length, average)
                    scores[place] = scores.get(place, 0.0) + gain
        return scores

    def _ordered(
        self,
        request: SearchRequest,
        found: Mapping[Segment, Set[int]],
        scores: dict[Place, float],
        total: int,
    ) -> list[tuple[str, Place]]:
        """The wanted part of the matches in order, as ids and places."""
        keyed: list[tuple[tuple[Any, ...], Place]] = []
        for segment, documents in found.items():
            key = _sort_key(request.sort, segment, scores)
            keyed += [(key(document), (segment, document)) for document in documents]
        end = total if request.limit is None else min(total, request.offset + request.limit)
        if request.offset >= end:
            return []
        if end < total:
            # Only what can reach the page is sorted; its last place may be tied.
            last = nsmallest(end, (key for key, _ in keyed))[-1]
            keyed = [item for item in keyed if item[0] <= last]
        columns = {segment: segment.column("id_key") for segment in found}
        named = [
            (key, columns[segment][document].decode(), (segment, document))
            for key, (segment, document) in keyed
        ]
        named.sort(key=lambda item: item[:2])
        return [(key, place) for _, key, place in named[request.offset : end]]

    # Articles

    def get(self, ids: Sequence[str]) -> dict[str, Article]:
        """Stored articles by id."""
        found = {}
        with _reading(self._directory):
            for key in ids:
                for segment in self._segments:
                    for document in segment.postings("id", key):
                        found[key] = segment.article(document)
        return found

    def scan(self) -> Iterator[Article]:
        """Every live article, in the order of writing."""
        with _reading(self._directory):
            for segment in self._segments:
                for document in sorted(segment.documents):
                    yield segment.article(document)

    def ids(self, prefix: str) -> list[str]:
        """Live ids that begin with a prefix."""
        with _reading(self._directory):
            return sorted(
                form
                for segment in self._segments
                for form in segment.forms("id", prefix)
                if segment.postings("id", form)
            )

    def terms(self, field: str, prefix: str = "") -> Iterator[tuple[str, int]]:
        """The forms of a field with their number of documents, deleted ones included."""
        counts: dict[str, int] = {}
        with _reading(self._directory):
            for segment in self._segments:
                for form in segment.forms(field, prefix):
                    count = segment.reader.doc_frequency(field, form)
                    counts[form] = counts.get(form, 0) + count
        return iter(sorted(counts.items()))

    def statistics(self) -> Statistics:
        """Numbers over all segments."""
        with _reading(self._directory):
            every, live = self._reader.doc_count_all(), self._reader.doc_count()
            languages = {form for segment in self._segments for form in segment.forms("language")}
        return Statistics(
            articles=live,
            deleted=every - live,
            average_length=self._average_length(),
            languages=frozenset(languages),
            parts=len(self._segments),
        )

    def _average_length(self) -> float:
        every = self._reader.doc_count_all()
        return self._reader.field_length("ranking") / every if every else 1.0

    def close(self) -> None:
        """Close the segment files."""
        if not getattr(self._reader, "is_closed", True):
            self._reader.close()
        self._index.close()


def _sort_key(
    sort: str, segment: Segment, scores: dict[Place, float]
) -> Callable[[int], tuple[Any, ...]]:
    days = segment.column("day_first")
    match sort:
        case "newest":
            return lambda document: (-days[document],)
        case "oldest":
            return lambda document: (not days[document], days[document])
        case "title" | "source":
            values = segment.column(f"{sort}_key")
            return lambda document: (not values[document], values[document], -days[document])
        case _:
            return lambda document: (-scores.get((segment, document), 0.0), -days[document])
