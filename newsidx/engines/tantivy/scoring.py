"""Scores: Tantivy's own to find the best, and exact ones for those.

Tantivy's BM25 over the ranking field is BM25F, but for three things. It is reckoned in
numbers of 24 bits, so that articles that are equally good differ in the last; it weighs
the stems of each language by themselves, where a word counts by all of them together; and
it can't count all forms of a pattern as one word. So the best are found with more room
than is needed, and reckoned again from their frequencies. These are told by the scores
that single terms give: what a score of BM25 was made of can be solved for the frequency.
"""

from __future__ import annotations

import json
import math
import struct
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from newsidx.engines.tantivy.compile import Compiler
from newsidx.engines.tantivy.layout import lengths_of
from newsidx.engines.tantivy.lengths import round_length
from newsidx.engines.tantivy.queries import all_of, any_of, with_terms, without_score
from newsidx.query import bound
from newsidx.query.ranking import K1, B, bm25, idf
from newsidx.schema import FIELDS, TEXT_FIELDS

if TYPE_CHECKING:
    from tantivy import Query, Searcher

__all__ = ["Scorer", "Weighed"]

_WEIGHTS = {field.name: field.weight for field in FIELDS}


class Weighed(NamedTuple):
    """A word of a query, ready to be scored.

    Attributes:
        weight: Boost and inverse document frequency.
        parts: Field and term, and how often an occurrence counts.
        single: Whether Tantivy's own scores serve.
    """

    weight: float
    parts: tuple[tuple[str, str, int], ...]
    single: bool


class Scorer:
    """Scores articles of one commit.

    Args:
        documents: All of them, deleted ones included, as Tantivy's statistics have it.
    """

    def __init__(self, searcher: Searcher, compiler: Compiler, documents: int) -> None:
        self._searcher = searcher
        self._compiler = compiler
        self._schema = compiler.schema
        self._documents = documents
        self._averages: dict[str, float] = {}

    def weighed(
        self, words: Sequence[bound.Scored], count: Callable[[Query], int]
    ) -> list[Weighed]:
        """The words of a query with their weights; those that no article has are left out."""
        found = []
        for scored in words:
            word = scored.word
            if isinstance(word, bound.Term):
                terms = self._compiler.stems(word, "ranking")
                parts = tuple(("ranking", term, 1) for term in terms)
                articles = sum(self._searcher.doc_freq("ranking", term) for term in terms)
            else:
                forms = {name: self._compiler.forms(word, name) for name in TEXT_FIELDS}
                parts = tuple(
                    (n, form, _WEIGHTS[n]) for n, every in forms.items() for form in every
                )
                each = [with_terms(self._schema, name, every) for name, every in forms.items()]
                articles = count(any_of(each)) if parts else 0
            if parts:
                weight = scored.boost * idf(self._documents, articles)
                found.append(Weighed(weight, parts, isinstance(word, bound.Term)))
        return found

    def query(self, matching: Query, words: Sequence[Weighed]) -> Query:
        """What finds the same, with the scores of words that Tantivy can score."""
        from tantivy import Occur, Query

        clauses = [(Occur.Must, without_score(matching))]
        for word in words:
            for field, term, _ in word.parts:
                own = Query.term_query(self._schema, field, term)
                boost = word.weight / self._idf(field, term)
                clauses.append((Occur.Should, Query.boost_query(own, boost)))
        return Query.boolean_query(clauses)

    def scores(
        self, words: Sequence[Weighed], among: Query, articles: int, lengths: Mapping[int, int]
    ) -> dict[int, float]:
        """The exact scores of some articles.

        Args:
            among: Finds just these.
            articles: How many they are.
            lengths: Key -> the length of the ranking field.
        """
        scores = dict.fromkeys(lengths, 0.0)
        if not articles:
            return scores
        average = self.average("ranking")
        rounded = {key: round_length(length) for key, length in lengths.items()}
        for word in words:
            for key, count in self._frequencies(word, among, articles).items():
                scores[key] += word.weight * bm25(count, rounded[key], average)
        return scores

    def _frequencies(self, word: Weighed, among: Query, articles: int) -> Counter[int]:
        """Key -> how often a word occurs in some articles, weighted."""
        found: Counter[int] = Counter()
        within = without_score(among)
        for field, term, times in word.parts:
            for key, count in self._told_by_scores(field, term, within, articles):
                found[key] += times * count
        return found

    def frequent(self, terms: Sequence[tuple[str, str]], least: int) -> list[int]:
        """The keys of articles that have some terms, each in its field, so often together."""
        found: Counter[int] = Counter()
        for field, term in terms:
            for key, count in self._told_by_scores(field, term, None, self._documents):
                found[key] += count
        return [key for key, count in found.items() if count >= least]

    def _told_by_scores(
        self, field: str, term: str, within: Query | None, articles: int
    ) -> Iterator[tuple[int, int]]:
        """Keys of articles that have a term, each with how often."""
        from tantivy import Query

        own = Query.term_query(self._schema, field, term)
        query = own if within is None else all_of([own, within])
        hits = self._searcher.search(query, max(1, articles), count=False).hits
        if not hits:
            return
        places = [place for _, place in hits]
        keys = self._searcher.fast_field_values("key", places)
        lengths = self._searcher.fast_field_values(lengths_of(field), places)
        highest, average = (K1 + 1.0) * self._idf(field, term), self.average(field)
        for (score, _), key, length in zip(hits, keys, lengths, strict=True):
            share = score / highest  # f / (f + norm)
            norm = K1 * (1.0 - B + B * round_length(int(length or 0)) / average)
            yield int(key or 0), max(1, round(share * norm / (1.0 - share)))

    def _idf(self, field: str, term: str) -> float:
        """The inverse document frequency of a term as Tantivy reckons it."""
        articles = self._searcher.doc_freq(field, term)
        ratio = _single(_single(self._documents - articles + 0.5) / _single(articles + 0.5))
        return _single(math.log(_single(1.0 + ratio)))

    def average(self, field: str) -> float:
        """The mean length of a field, deleted articles included, as Tantivy has it."""
        if field not in self._averages:
            self._averages[field] = self._told(field)
        return self._averages[field]

    def _told(self, field: str) -> float:
        """What Tantivy says of a field's mean length where it explains a score."""
        from tantivy import Query

        terms = (
            ["*"] if field == "ranking" else self._searcher.terms_with_prefix(field, "", limit=1)
        )
        for term in terms:
            query = Query.term_query(
                self._schema, field, term if isinstance(term, str) else term[0]
            )
            for _, place in self._searcher.search(query, 1, count=False).hits:
                details = json.loads(query.explain(self._searcher, place).to_json())
                return _average_in(details)
        return 1.0


def _average_in(details: Mapping[str, object]) -> float:
    """The number that is called avgdl in an explanation."""
    waiting: list[Mapping[str, object]] = [details]
    while waiting:
        each = waiting.pop()
        if str(each["description"]).startswith("avgdl"):
            return float(str(each["value"]))
        inner = each.get("details")
        if isinstance(inner, list):
            waiting += inner
    raise ValueError("Tantivy explains a score without the mean length")


def _single(number: float) -> float:
    """A number as 32 bits hold it."""
    found: float = struct.unpack("f", struct.pack("f", number))[0]
    return found
