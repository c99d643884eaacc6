"""Searching a Whoosh index. Its files are read by this package alone, without Whoosh."""

from __future__ import annotations

import gc
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from newsidx.article import Article
from newsidx.engines.base import (
    Capabilities,
    EnginePage,
    Facets,
    Fits,
    SearchRequest,
    Segments,
    Statistics,
    Timeline,
)
from newsidx.engines.whoosh.damage import reading as _reading
from newsidx.engines.whoosh.evaluate import Evaluation
from newsidx.engines.whoosh.layout import facet_column
from newsidx.engines.whoosh.lengths import round_length
from newsidx.engines.whoosh.order import Found, Hits, ordered
from newsidx.engines.whoosh.scoring import MOST_BEST, Scorer, Scores
from newsidx.engines.whoosh.segment import Segment
from newsidx.engines.whoosh.stored import listed
from newsidx.engines.whoosh.toc import Toc, latest_generation, read_toc
from newsidx.errors import IndexVersionError
from newsidx.query.bound import And, AtLeast, Bound, BoundQuery, Near, Not, Or, Phrase, Whole
from newsidx.text.stems import stemmer_for

if TYPE_CHECKING:
    from newsidx.engines.whoosh.writer import WhooshWriter

__all__ = ["WhooshEngine"]


# Files may vanish between the table of contents that names them and their opening: so
# often is a newer table looked for, and so long, in seconds, is waited for it.
_TRIES = 10
_PAUSE = 0.05


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the garbage collector from looking through thousands of lists that are no garbage.

    It would do so over and over, and through all else that the process holds.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class WhooshEngine:
    """An open Whoosh index, as of its commit at opening.

    All its files are open from the start: a writer may delete them at any time.

    Args:
        directory: Where its files are.
        language: The index's language.
    """

    name = "whoosh"
    capabilities = Capabilities()
    round_length: Callable[[int], float] = staticmethod(round_length)

    def __init__(self, directory: Path, language: str) -> None:
        self._language = language
        self._directory = directory
        self._last: Hits | None = None
        with _reading(directory):
            toc, self._segments = self._open()
            self._stemmers = self._all_stemmers()
        self.commit = toc.generation
        self._articles = sum(segment.documents for segment in self._segments)

    def _open(self) -> tuple[Toc, list[Segment]]:
        """The last commit, and its segments."""
        directory, tries = self._directory, 1
        while True:
            toc = read_toc(directory)
            try:
                return toc, [Segment(directory, info) for info in toc.segments]
            except FileNotFoundError:
                if tries == _TRIES or latest_generation(directory) == toc.generation:
                    raise
            tries += 1
            time.sleep(_PAUSE)

    def _all_stemmers(self) -> frozenset[str]:
        """The stemmers of all articles; languages are few."""
        names = {form for segment in self._segments for form, _ in segment.forms("language")}
        return frozenset({self._language, *(stemmer_for(n, self._language) for n in names)})

    @cached_property
    def _scorer(self) -> Scorer:
        return Scorer(self._articles, self._average_length)

    @cached_property
    def _average_length(self) -> float:
        length = sum(segment.field_lengths.get("ranking", 0) for segment in self._segments)
        return length / self._articles if self._articles else 1.0

    def writer(self) -> WhooshWriter:
        """Begin a transaction."""
        from newsidx.engines.whoosh.writer import WhooshWriter

        return WhooshWriter(self._directory, self._language)

    # Queries

    def search(self, request: SearchRequest) -> EnginePage:
        """Match every segment, and sort and score what the page needs.

        Raises:
            IndexVersionError: The index lacks what this version searches.
        """
        with self._evaluating() as evaluations:
            return self._answer(request, evaluations)

    @contextmanager
    def _evaluating(self) -> Iterator[list[Evaluation]]:
        if not all(segment.complete for segment in self._segments):
            raise IndexVersionError.older(self._directory)
        with _reading(self._directory):
            for segment in self._segments:
                segment.forget()
            stemmers, language = self._stemmers, self._language
            with _uncollected():
                yield [Evaluation(segment, language, stemmers) for segment in self._segments]

    def _answer(self, request: SearchRequest, evaluations: list[Evaluation]) -> EnginePage:
        return self._best(request, evaluations) or self._sorted(request, evaluations)

    def _best(self, request: SearchRequest, evaluations: list[Evaluation]) -> EnginePage | None:
        """The page of a query that is one word and no more, if it can be had quickly."""
        query, end = request.query, request.offset + (request.limit or 0)
        if request.sort != "relevance" or not 0 < end <= MOST_BEST or len(query.scored) != 1:
            return None
        (word,) = query.scored
        best = self._scorer.best(word, evaluations, end) if query.tree == word.word else None
        if best is None:
            return None
        total, scores = best
        found = {evaluation: set(each) for evaluation, each in scores.items()}
        return EnginePage(total, self._hits(request, found, scores, total))

    def _sorted(self, request: SearchRequest, evaluations: list[Evaluation]) -> EnginePage:
        found = {each: each.matching(request.query.tree) for each in evaluations}
        total = sum(map(len, found.values()))
        if request.limit == 0:
            return EnginePage(total, [])
        scores: dict[Evaluation, Scores] = {}
        if request.sort == "relevance":
            count = None if request.limit is None else request.offset + request.limit
            scores = self._scorer.scores(request.query.scored, found, count)
        return EnginePage(total, self._hits(request, found, scores, total))

    def _hits(
        self,
        request: SearchRequest,
        found: Found,
        scores: dict[Evaluation, Scores],
        total: int,
    ) -> Hits:
        """The wanted part of the matches, in order."""
        hits = ordered(request, found, scores, total)
        if request.scores and request.sort != "relevance" and request.query.scored:
            page = dict(zip(found, hits.documents(), strict=True))
            scores = self._scorer.scores(request.query.scored, page)
            hits.score([scores[evaluation] for evaluation in found])
        self._last = hits
        return hits

    def verifies(self, node: Bound) -> bool:
        """Whether it asks for a spelling, which stands in the texts alone."""
        match node:
            case Phrase() | Whole():
                return bool(node.spelling)
            case Not():
                return self.verifies(node.child)
            case And() | Or():
                return any(map(self.verifies, node.children))
            case Near():
                return any(map(self.verifies, (*node.left, *node.right)))
            case AtLeast():
                return any(map(self.verifies, node.words))
            case _:
                return False

    # Counts

    def facets(self, query: BoundQuery, field: str) -> Facets:
        """Count the values of a field over all matches, by its columns."""
        from newsidx.engines.counting import facets_of

        counts: Counter[bytes] = Counter()
        with self._evaluating() as evaluations:
            for each in evaluations:
                values = each.segment.texts(facet_column(field))
                counts.update(values.of(each.matching(query.tree)))
            return facets_of({listed(value): count for value, count in counts.items()})

    def timeline(self, query: BoundQuery, unit: str, *, words: bool = False) -> Timeline:
        """Count the matches of each day, month or year, or their words, by columns."""
        from newsidx.engines.counting import timeline_of

        counts: Counter[tuple[int, int]] = Counter()
        with self._evaluating() as evaluations:
            for each in evaluations:
                first, last = map(each.segment.numbers, ("day_first", "day_last"))
                found = each.matching(query.tree)
                if not words:
                    counts.update((first[d], last[d]) for d in found)
                    continue
                lengths = each.segment.numbers("words")
                for d in found:
                    counts[first[d], last[d]] += lengths[d]
            return timeline_of(counts, unit)

    # Articles

    def get(self, ids: Sequence[str]) -> dict[str, Article]:
        """Stored articles by id."""
        found = {}
        taken = self._last.taken if self._last else {}
        with _reading(self._directory):
            for each in self._segments:
                each.forget()  # an export asks for every id there is
            for key in ids:
                if key in taken:
                    segment, document = taken[key]
                    found[key] = segment.article(document)
                    continue
                for segment in self._segments:
                    for document in segment.with_term("id", key):
                        found[key] = segment.article(document)
        return found

    def scan(self) -> Iterator[Article]:
        """Every live article, in the order of writing."""
        with _reading(self._directory):
            for segment in self._segments:
                for document in sorted(segment.live):
                    yield segment.article(document)

    def ids(self, prefix: str) -> list[str]:
        """Live ids that begin with a prefix."""
        with _reading(self._directory):
            return sorted(
                form
                for segment in self._segments
                for form, _ in segment.forms("id", prefix)
                if segment.with_term("id", form)
            )

    def own_ids(self) -> list[str]:
        """All ids: nobody else writes here."""
        return self.ids("")

    def terms(
        self, field: str, prefix: str = "", fits: Fits | None = None
    ) -> Iterator[tuple[str, int]]:
        """The forms of a field with their number of documents, deleted ones included."""
        counts: dict[str, int] = {}
        with _reading(self._directory):
            for segment in self._segments:
                for form, count in segment.counts(field, prefix, fits):
                    counts[form] = counts.get(form, 0) + count
        return iter(sorted(counts.items()))

    def lexicon(self, fields: Sequence[str], prefix: str = "") -> Iterator[tuple[str, int, int]]:
        """The forms of some fields with their numbers of articles and of occurrences."""
        from newsidx.engines.whoosh.lexicon import lexicon

        with _reading(self._directory):
            return lexicon(self._segments, fields, prefix)

    def frequencies(self, fields: Sequence[str]) -> dict[str, int]:
        """How often each form occurs in some fields, as the dictionaries say."""
        from newsidx.engines.whoosh.lexicon import frequencies

        with _reading(self._directory):
            return frequencies(self._segments, fields)

    def statistics(self) -> Statistics:
        """Numbers over all segments."""
        with _reading(self._directory):
            forms = (segment.forms("language") for segment in self._segments)
            languages = frozenset(form for each in forms for form, _ in each)
        return Statistics(
            articles=self._articles - self.segments().deleted,
            average_length=self._average_length,
            languages=languages,
        )

    def segments(self) -> Segments:
        """How many there are, and what is deleted in them."""
        deleted = sum(len(segment.deleted) for segment in self._segments)
        return Segments(len(self._segments), deleted)

    def close(self) -> None:
        """Let go of the files."""
        self._segments = []
        self._last = None
