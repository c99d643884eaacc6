"""BM25F over the ranking field of all segments, and which documents make a page.

A score depends on two small numbers, the weight of a word in an article and the byte that
the article's length is stored in, so that it is looked up and not computed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from heapq import heapreplace
from itertools import compress

from newsidx.engines.whoosh.blocks import Postings
from newsidx.engines.whoosh.evaluate import Evaluation
from newsidx.engines.whoosh.lengths import LENGTHS
from newsidx.engines.whoosh.segment import Documents, blocks_of
from newsidx.query import bound
from newsidx.query.ranking import K1, B, idf
from newsidx.schema import FIELDS, TEXT_FIELDS

__all__ = ["Scorer"]

_WEIGHTS = {field.name: field.weight for field in FIELDS}

# A score and the bound above it are not rounded alike.
_SLACK = 1.0 + 1e-9

Scores = dict[int, float]
Gains = tuple[Sequence[int], list[float]]


class Scorer:
    """What words add to the scores of articles.

    Args:
        articles: How many the index has, deleted ones included.
        average: The mean of their padded weighted lengths.
    """

    def __init__(self, articles: int, average: float) -> None:
        self._articles = articles
        self._norms = [K1 * (1.0 - B + B * length / average) for length in LENGTHS]
        self._rows: dict[float, list[float]] = {}

    def scores(
        self,
        scored: Iterable[bound.Scored],
        found: Mapping[Evaluation, Documents],
    ) -> dict[Evaluation, Scores]:
        """The scores of those of the documents found that have any, by segment."""
        every: dict[Evaluation, Scores] = {evaluation: {} for evaluation in found}
        for word in scored:
            boost = self._boost(word, found)
            for evaluation, scores in every.items():
                parts = self._gains(evaluation, word.word, boost, found[evaluation])
                _add(scores, parts)
        return every

    def best(
        self, word: bound.Scored, evaluations: Sequence[Evaluation], count: int
    ) -> tuple[int, dict[Evaluation, Scores]] | None:
        """How many documents have a word, and those that can be among the best.

        Blocks in which no document can be as good as the last of these are not read.

        Returns:
            None where this is not known without looking at every document.
        """
        term = word.word
        if not isinstance(term, bound.Term) or term.fields != TEXT_FIELDS:
            return None
        lists = [(each, postings) for each in evaluations for postings in each.ranked(term)]
        total = sum(each.segment.size(postings) for each, postings in lists)
        boost = word.boost * idf(self._articles, total)
        blocks = [
            (boost * self._row(block.most)[block.shortest], at, number)
            for at, (_, postings) in enumerate(lists)
            for number, block in enumerate(postings.blocks)
        ]
        blocks.sort(reverse=True)
        least = [-1.0] * count  # a heap of the best scores so far
        found: dict[Evaluation, Scores] = {evaluation: {} for evaluation in evaluations}
        for most, at, number in blocks:
            if most * _SLACK < least[0]:
                break
            evaluation, postings = lists[at]
            segment, scores = evaluation.segment, found[evaluation]
            shortest = postings.blocks[number].shortest
            places = postings.heavy(number, self._least_weight(least[0] / boost, shortest))
            if not places:
                continue
            all_ids, all_weights = postings.ids(number), postings.weights(number)
            ids = [all_ids[place] for place in places]
            weights = [all_weights[place] for place in places]
            gains = self._looked_up(evaluation, ids, weights, boost)
            for document, gain in zip(ids, gains, strict=True):
                if gain >= least[0] and document not in segment.deleted:
                    scores[document] = gain
                    if gain > least[0]:
                        heapreplace(least, gain)
        return total, found

    def _least_weight(self, gain: float, shortest: int) -> float:
        """The weight below which a word can't give so much to an article as long or longer."""
        # `ranking.bm25` solved for the frequency.
        rest = (K1 + 1.0) * _SLACK - gain
        return gain * self._norms[shortest] / rest / _SLACK if rest > 0.0 else 0.0

    def _boost(self, word: bound.Scored, evaluations: Iterable[Evaluation]) -> float:
        matching = sum(self._count(evaluation, word.word) for evaluation in evaluations)
        return word.boost * idf(self._articles, matching)

    def _count(self, evaluation: Evaluation, word: bound.Term | bound.Expansion) -> int:
        """How many live documents have a word."""
        if not isinstance(word, bound.Term):
            return len(set().union(*(evaluation.fitting(name, word) for name in word.fields)))
        if word.fields != TEXT_FIELDS:
            return len(evaluation.with_word(word))
        return sum(map(evaluation.segment.size, evaluation.ranked(word)))

    def _gains(
        self,
        evaluation: Evaluation,
        word: bound.Term | bound.Expansion,
        boost: float,
        wanted: Documents,
    ) -> Iterable[Gains]:
        """What a word adds to the wanted documents that have it, a part at a time."""
        if not wanted:
            return
        if not isinstance(word, bound.Term):
            counts = _counted(evaluation, word, wanted)
            several, amounts = list(counts), list(counts.values())
            yield several, self._looked_up(evaluation, several, amounts, boost)
            return
        if word.fields != TEXT_FIELDS:
            wanted = evaluation.with_word(word, wanted) & wanted
        for postings in evaluation.ranked(word):
            for number in blocks_of(postings, wanted):
                ids, weights = _among(postings, number, wanted)
                if ids:
                    yield ids, self._looked_up(evaluation, ids, weights, boost)

    def _looked_up(
        self,
        evaluation: Evaluation,
        ids: Sequence[int],
        weights: Sequence[float],
        boost: float,
    ) -> list[float]:
        """The gains of documents by their weights of a word."""
        lengths = evaluation.segment.lengths
        rows = {weight: self._row(weight) for weight in set(weights)}
        if len(rows) == 1:
            (row,) = rows.values()
            return [boost * row[lengths[document]] for document in ids]
        return [
            boost * rows[weight][lengths[document]]
            for document, weight in zip(ids, weights, strict=True)
        ]

    def _row(self, weight: float) -> list[float]:
        """The saturated frequency of a word with this weight, for each byte of a length."""
        row = self._rows.get(weight)
        if row is None:
            # As `ranking.bm25`, for all lengths at once.
            row = [(K1 + 1.0) * weight / (weight + norm) for norm in self._norms]
            self._rows[weight] = row
        return row


def _among(
    postings: Postings, number: int, wanted: Documents
) -> tuple[Sequence[int], Sequence[float]]:
    """The wanted documents of a block, and their weights."""
    ids = postings.ids(number)
    chosen = list(map(wanted.__contains__, ids))
    count = chosen.count(True)
    if count == len(ids):
        return ids, postings.weights(number)
    if not count:
        return (), ()
    return list(compress(ids, chosen)), list(compress(postings.weights(number), chosen))


def _counted(evaluation: Evaluation, word: bound.Expansion, wanted: Documents) -> dict[int, float]:
    """The weighted frequencies of all forms of a word, in the wanted documents."""
    found: dict[int, float] = {}
    for name in word.fields:
        weight = _WEIGHTS[name]
        for document, count in evaluation.fitting(name, word).items():
            if document in wanted:
                found[document] = found.get(document, 0.0) + count * weight
    return found


def _add(scores: Scores, parts: Iterable[Gains]) -> None:
    """Add what one word gives to documents, each of which is in one part only."""
    if not scores:
        for ids, gains in parts:
            scores.update(zip(ids, gains, strict=True))
        return
    known = scores.get
    for ids, gains in parts:
        for document, gain in zip(ids, gains, strict=True):
            scores[document] = known(document, 0.0) + gain
