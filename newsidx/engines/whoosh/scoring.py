"""BM25F over the ranking field of all segments, and which documents make a page.

A score depends on two small numbers, the weight of a word in an article and the byte that
the article's length is stored in, so that it is looked up and not computed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import heapreplace, nlargest
from itertools import compress, repeat
from math import inf
from operator import add, itemgetter, mul

from newsidx.engines.whoosh.blocks import Postings
from newsidx.engines.whoosh.evaluate import Evaluation
from newsidx.engines.whoosh.lengths import LENGTHS
from newsidx.engines.whoosh.segment import Documents
from newsidx.query import bound
from newsidx.query.ranking import K1, B, idf
from newsidx.schema import FIELDS, TEXT_FIELDS

__all__ = ["MOST_BEST", "Scorer", "Scores"]

_WEIGHTS = {field.name: field.weight for field in FIELDS}

# A score and the bound above it are not rounded alike.
_SLACK = 1.0 + 1e-9

# Where a block has so many times as many documents as are looked for, it is not gone through.
_FEW = 16

# So many values are looked at together, for whether any is great enough.
_PORTION = 512

# With more words, documents are not told apart by which of them they have.
_MOST_WORDS = 6

MOST_BEST = 1000
"""Up to so many hits are looked for without looking at every match."""

Scores = dict[int, float]
Weighted = tuple[list[int], list[float]]
_Word = tuple[bound.Term | bound.Expansion, float]


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
        scored: Sequence[bound.Scored],
        found: Mapping[Evaluation, Documents],
        count: int | None = None,
    ) -> dict[Evaluation, Scores]:
        """The scores of documents, by segment.

        Args:
            count: If given, those that can't be among so many best may be left out.
        """
        if not scored:
            return {}
        words = [(word.word, self._boost(word, found)) for word in scored]
        groups = [group for each in found for group in self._groups(each, words, found[each])]
        groups.sort(key=itemgetter(0), reverse=True)
        best: list[float] = []
        least, parts = 0.0, []
        for most, evaluation, several, wanted in groups:
            if most * _SLACK < least:
                break
            documents, totals = self._totals(evaluation, several, wanted)
            parts.append((evaluation, documents, totals))
            if count:
                best = _best_of(best + totals, count)
                least = best[-1] if len(best) == count else 0.0
        result: dict[Evaluation, Scores] = {evaluation: {} for evaluation in found}
        for evaluation, documents, totals in parts:
            pairs = zip(documents, totals, strict=True)
            result[evaluation].update(compress(pairs, map(least.__le__, totals)))
        return result

    def _groups(
        self, evaluation: Evaluation, words: Sequence[_Word], wanted: Documents
    ) -> list[tuple[float, Evaluation, Sequence[_Word], Documents]]:
        """Documents by which of the words they have, and the most that their scores can be.

        Where they are those of a word at most, they are one group and nothing is known.
        """
        whole = [(inf, evaluation, words, wanted)]
        if not 1 < len(words) <= _MOST_WORDS:
            return whole
        groups: list[tuple[float, list[_Word], Documents]] = [(0.0, [], wanted)]
        for word, boost in words:
            if not isinstance(word, bound.Term) or word.fields != TEXT_FIELDS:
                return whole
            lists = evaluation.ranked(word)
            if any(postings.size > len(wanted) for postings in lists):
                return whole
            blocks = [block for postings in lists for block in postings.blocks]
            most = max((self._row(each.most)[each.shortest] for each in blocks), default=0.0)
            having = evaluation.with_word(word, wanted)
            groups = [
                group
                for least, several, some in groups
                for group in (
                    (least + boost * most, [*several, (word, boost)], some & having),
                    (least, several, some - having),
                )
                if group[2]
            ]
        return [(most, evaluation, several, some) for most, several, some in groups]

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
            ids, weights = postings.ids(number), postings.weights(number)
            if len(places) < len(ids):
                ids = [ids[place] for place in places]
                weights = [weights[place] for place in places]
            gains = self._looked_up(evaluation, ids, weights, boost)
            for document, gain in zip(ids, gains, strict=True):
                if gain >= least[0] and document not in segment.deleted:
                    scores[document] = gain
                    if gain > least[0]:
                        heapreplace(least, gain)
        for scores in found.values():
            for document in [each for each, score in scores.items() if score < least[0]]:
                del scores[document]
        return total, found

    def _least_weight(self, gain: float, shortest: int) -> float:
        """The weight below which a word can't give so much to an article as long or longer."""
        # `ranking.bm25` solved for the frequency.
        rest = (K1 + 1.0) * _SLACK - gain
        return gain * self._norms[shortest] / rest / _SLACK if rest > 0.0 else 0.0

    def _boost(self, word: bound.Scored, evaluations: Iterable[Evaluation]) -> float:
        matching = sum(self._count(each, word.word) for each in evaluations)
        return word.boost * idf(self._articles, matching)

    def _count(self, evaluation: Evaluation, word: bound.Term | bound.Expansion) -> int:
        """How many live documents have a word."""
        if not isinstance(word, bound.Term):
            return len(set().union(*(evaluation.fitting(name, word) for name in word.fields)))
        if word.fields != TEXT_FIELDS:
            return len(evaluation.with_word(word))
        return sum(map(evaluation.segment.size, evaluation.ranked(word)))

    def _totals(
        self, evaluation: Evaluation, words: Iterable[_Word], wanted: Documents
    ) -> tuple[list[int], list[float]]:
        """Some documents, ascending, and their scores, each added up in the order of words."""
        documents = sorted(wanted)
        lengths = list(map(evaluation.segment.lengths.__getitem__, documents))
        totals = [0.0] * len(documents)
        for word, boost in words:
            for ids, weights in _weights(evaluation, word, documents, wanted):
                if len(ids) == len(documents):
                    gains = self._gains(weights, lengths, boost)
                else:
                    some = zip(ids, self._looked_up(evaluation, ids, weights, boost), strict=True)
                    gains = list(map(dict(some).get, documents, repeat(0.0)))
                totals = list(map(add, totals, gains))
        return documents, totals

    def _looked_up(
        self,
        evaluation: Evaluation,
        ids: Sequence[int],
        weights: Sequence[float],
        boost: float,
    ) -> list[float]:
        """The gains of documents by their weights of a word."""
        return self._gains(weights, map(evaluation.segment.lengths.__getitem__, ids), boost)

    def _gains(self, weights: Sequence[float], lengths: Iterable[int], boost: float) -> list[float]:
        rows = {weight: self._row(weight) for weight in set(weights)}
        if len(rows) == 1:
            (row,) = rows.values()
            return [boost * row[length] for length in lengths]
        pairs = zip(weights, lengths, strict=True)
        return [boost * rows[weight][length] for weight, length in pairs]

    def _row(self, weight: float) -> list[float]:
        """The saturated frequency of a word with this weight, for each byte of a length."""
        row = self._rows.get(weight)
        if row is None:
            # As `ranking.bm25`, for all lengths at once.
            row = [(K1 + 1.0) * weight / (weight + norm) for norm in self._norms]
            self._rows[weight] = row
        return row


def _weights(
    evaluation: Evaluation,
    word: bound.Term | bound.Expansion,
    documents: list[int],
    wanted: Documents,
) -> Iterator[Weighted]:
    """The wanted documents that have a word, and its weights in them, in parts."""
    if not isinstance(word, bound.Term):
        yield documents, _counted(evaluation, word, documents)
        return
    if word.fields != TEXT_FIELDS:
        wanted = evaluation.with_word(word, wanted)
        documents = sorted(wanted)
    for postings in evaluation.ranked(word):
        yield _among(postings, documents, wanted)


def _among(postings: Postings, documents: list[int], wanted: Documents) -> Weighted:
    """Those of the wanted documents that are in a posting list, and their weights.

    Args:
        documents: Those that are wanted, ascending.
    """
    found: list[int] = []
    weights: list[float] = []
    end = 0
    for number, block in enumerate(postings.blocks):
        start, end = end, bisect_right(documents, block.last, end)
        if start == end:
            continue
        ids, here = postings.ids(number), postings.weights(number)
        if _FEW * (end - start) < block.size:
            for document in documents[start:end]:
                at = bisect_left(ids, document)
                if ids[at] == document:
                    found.append(document)
                    weights.append(here[at])
            continue
        chosen = list(map(wanted.__contains__, ids))
        found += compress(ids, chosen)
        weights += compress(here, chosen)
    return found, weights


def _counted(
    evaluation: Evaluation, word: bound.Expansion, documents: Iterable[int]
) -> list[float]:
    """The weighted frequencies of all forms of a word in some documents."""
    totals = [0.0 for _ in documents]
    for name in word.fields:
        counts = map(evaluation.fitting(name, word).get, documents, repeat(0.0))
        weighted = map(mul, counts, repeat(_WEIGHTS[name]))
        totals = list(map(add, totals, weighted))
    return totals


def _best_of(values: list[float], count: int) -> list[float]:
    """The greatest of some values, the greatest first."""
    if count > MOST_BEST:
        return sorted(values, reverse=True)[:count]
    best = nlargest(count, values[:_PORTION])
    for start in range(_PORTION, len(values), _PORTION):
        part = values[start : start + _PORTION]
        if len(best) < count or max(part) > best[-1]:
            best = nlargest(count, best + part)
    return best
