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

# Added to every article's weighted length. With b fixed at .75, a padding of about
# 400 has the effect of b = .4 on newswire, where it lifted MAP from .322 to .337.
LENGTH_PADDING = 400


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
