"""BM25F: what a score is, in one place, for the oracle and for engines that compute it.

An article's ranking field holds its stems without positions, each title token
counted `weight` times (`schema.FIELDS`); BM25 over that field is BM25F with one
saturation for all fields (Robertson, Zaragoza and Taylor, "Simple BM25 extension
to multiple weighted fields", CIKM 2004).
"""

from __future__ import annotations

import math

__all__ = ["K1", "LENGTH_PADDING", "B", "bm25", "idf"]

# The constants that Tantivy compiles in and Lucene takes as defaults.
K1 = 1.2
B = 0.75

# Added to every article's weighted length, since b is given: with articles of A tokens on
# average, a padding of P does what b = .75 A / (A + P) would do without. Between 75 and
# 200 it makes next to no difference. Means over three collections (TIME 1963, Cranfield,
# 52 topics of Reuters-21578 by their descriptions), title tokens counted twice:
#
#   P          0      75     125     200     400
#   MAP    .5463   .5529   .5524   .5496   .5451
#   nDCG@10 .6386  .6455   .6483   .6458   .6388
#
# Counting title tokens once gives .5460 and .6423 (P = 100), three times .5533 and .6470,
# twice .5525 and .6461. See benchmarks/ranking.py. On longer newswire more would be
# better still: with P = 400, of AP's stories MAP was .337 against .322 with none.
LENGTH_PADDING = 125


def idf(articles: int, matching: int) -> float:
    """Inverse document frequency, never negative: ln(1 + (N - n + .5) / (n + .5)).

    The Robertson and Sparck Jones weight with one added inside the logarithm, as
    in Lucene and Tantivy.
    """
    return math.log(1.0 + (articles - matching + 0.5) / (matching + 0.5))


def bm25(frequency: float, length: float, average_length: float) -> float:
    """The saturated frequency of a word, from 0 to K1 + 1.

    Args:
        frequency: Weighted number of occurrences in the article.
        length: Weighted length of the article in tokens, padding included.
        average_length: The mean of those lengths over the index.
    """
    norm = K1 * (1.0 - B + B * length / average_length)
    return (K1 + 1.0) * frequency / (frequency + norm)
