"""How good a ranking is: the measures of trec_eval, defined as it defines them.

trec_eval 9.0 (https://github.com/usnistgov/trec_eval): `map`, `P_10`, `recall_1000` and
`ndcg_cut_10`. A ranking is a list of documents, the best first, each once; judgements
are document -> grade, of which those above 0 are relevant and others are not.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

__all__ = ["MEASURES", "average_precision", "ndcg", "precision", "recall"]

Judgements = Mapping[str, int]


def average_precision(ranking: Sequence[str], judgements: Judgements) -> float:
    """The mean, over all relevant documents, of the precision at the rank of each.

    One that is not in the ranking counts 0 (m_map.c; Buckley and Voorhees, "Retrieval
    evaluation with incomplete information", SIGIR 2004, section 2).
    """
    relevant = sum(grade > 0 for grade in judgements.values())
    found, total = 0, 0.0
    for rank, document in enumerate(ranking, 1):
        if judgements.get(document, 0) > 0:
            found += 1
            total += found / rank
    return total / relevant if relevant else 0.0


def ndcg(ranking: Sequence[str], judgements: Judgements, depth: int = 10) -> float:
    """Discounted cumulative gain at a depth, over that of the best ranking there is.

    The gain of a document is its grade, its discount log2(rank + 1) (m_ndcg_cut.c;
    Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", TOIS
    2002, with the discount as of Burges et al. 2005, which spares no rank).
    """
    gains = [max(judgements.get(document, 0), 0) for document in ranking[:depth]]
    ideal = sorted((grade for grade in judgements.values() if grade > 0), reverse=True)[:depth]
    best = _discounted(ideal)
    return _discounted(gains) / best if best else 0.0


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))


def precision(ranking: Sequence[str], judgements: Judgements, depth: int = 10) -> float:
    """The share of relevant documents among the first `depth`; a missing one is not (m_P.c)."""
    return sum(judgements.get(document, 0) > 0 for document in ranking[:depth]) / depth


def recall(ranking: Sequence[str], judgements: Judgements, depth: int = 1000) -> float:
    """The share of all relevant documents that is among the first `depth` (m_recall.c)."""
    relevant = sum(grade > 0 for grade in judgements.values())
    found = sum(judgements.get(document, 0) > 0 for document in ranking[:depth])
    return found / relevant if relevant else 0.0


MEASURES = {
    "MAP": average_precision,
    "nDCG@10": ndcg,
    "P@10": precision,
    "recall@1000": recall,
}
