"""How strongly a word goes with a text: significance, and size of the effect.

Everything is reckoned from four counts of tokens: how often the word occurs here (`a`) and
there (`b`), and how many tokens there are here (`c`) and there (`d`), so that
0 <= a <= c and 0 <= b <= d.
"""

from __future__ import annotations

from math import log, log2

__all__ = ["contingency_g2", "keyness_g2", "log_ratio", "per_million"]

# What stands for a count of none in a ratio (Hardie 2014).
_ALMOST_NONE = 0.5


def contingency_g2(a: int, b: int, c: int, d: int) -> float:
    """The log-likelihood ratio of the whole 2×2 table, G2 (Dunning 1993).

    G2 = 2 Σ O ln(O / E) over the four cells: the word and all other tokens, here and
    there; E = row sum × column sum / total, and a cell of 0 adds nothing.

    Source: T. Dunning, Accurate methods for the statistics of surprise and coincidence,
    Computational Linguistics 19(1), 1993.

    Returns:
        0 where the word is as frequent here as there; above 3.84, 6.63, 10.83 and 15.13
        that happens by chance in 5, 1, 0.1 and 0.01 % of cases (χ² with one degree of
        freedom). It doesn't say in which of the two the word is the more frequent.
    """
    total = c + d
    word = a + b
    cells = ((a, c, word), (b, d, word), (c - a, c, total - word), (d - b, d, total - word))
    return max(0.0, 2 * sum(_term(seen, column * row, total) for seen, column, row in cells))


def keyness_g2(a: int, b: int, c: int, d: int) -> float:
    """The log-likelihood of a word's frequencies in two corpora, as keywords are ranked by.

    G2 = 2 (a ln(a / E1) + b ln(b / E2)), E1 = c (a + b) / (c + d), E2 = d (a + b) / (c + d):
    of the table only the cells of the word itself.

    Source: P. Rayson and R. Garside, Comparing corpora using frequency profiling, Workshop
    on Comparing Corpora, ACL 2000; after Dunning 1993.

    Returns:
        As for `contingency_g2`, of which it is hardly ever far off.
    """
    word = a + b
    total = c + d
    return max(0.0, 2 * (_term(a, c * word, total) + _term(b, d * word, total)))


def log_ratio(a: int, b: int, c: int, d: int) -> float:
    """How many times more frequent the word is here than there, as a power of two.

    log2((a / c) / (b / d)), where a count of none is taken for a half: 1 is twice as
    frequent, 3 eight times; negative is less frequent.

    Source: A. Hardie, Log Ratio: an informal introduction, 2014.

    Returns:
        0 where one of the two holds no tokens.
    """
    if not c or not d:
        return 0.0
    return log2((a or _ALMOST_NONE) * d / ((b or _ALMOST_NONE) * c))


def per_million(count: int, tokens: int) -> float:
    """A count as occurrences per million tokens; 0 of none."""
    return count * 1e6 / tokens if tokens else 0.0


def _term(seen: int, product: int, total: int) -> float:
    """O ln(O / E) with E = product / total; by integers, so that nothing is lost."""
    return seen * log(seen * total / product) if seen else 0.0
