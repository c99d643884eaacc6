"""How far a share that was counted may be from the one that lies behind it."""

from __future__ import annotations

import math
from collections.abc import Sequence

__all__ = ["stratified_wilson", "wilson"]

# The 97.5 % quantile of the normal distribution.
_Z = 1.959964


def wilson(n: float, base: float, z: float = _Z) -> tuple[float, float]:
    """The 95 % score interval of a share n of base, both ends from 0 to 1.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22 (1927). It holds for few articles
    too, and never leaves 0 to 1.

    Args:
        base: At least 1, or what a sample of a small population is worth.
        z: Of another confidence: a quantile of the normal distribution.
    """
    share, square = n / base, z * z
    middle = share + square / (2 * base)
    spread = z * math.sqrt(share * (1 - share) / base + square / (4 * base * base))
    scale = 1 + square / base
    lower, upper = (middle - spread) / scale, (middle + spread) / scale
    # At the ends rounding must not leave a trace.
    return (0.0 if n == 0 else max(0.0, lower)), (1.0 if n == base else min(1.0, upper))


def stratified_wilson(strata: Sequence[tuple[int, int, int]]) -> tuple[float, float]:
    """The 95 % interval of a share of a population that was sampled in strata.

    Yan and Su, "Stratified Wilson and Newcombe confidence intervals for multiple binomial
    proportions", Statistics in Biopharmaceutical Research 2 (2010): the weighted mean of the
    strata's Wilson limits, at a quantile that makes it hold for all together. The weights
    here are the populations', and the variances that the quantile is made of are taken in the
    middle of Wilson's intervals, where they are never zero.

    Samples are without replacement: n of N are worth n (N - 1) / (N - n), which gives the
    variance of the hypergeometric distribution; a stratum that was judged whole is known. Of
    one stratum this is Wilson's interval.

    Args:
        strata: Of each, how many have it, how many were looked at, and how many there are.
    """
    total = sum(population for _, _, population in strata)
    low = high = 0.0
    sampled: list[tuple[float, float, float]] = []  # weight, share, worth
    for n, base, population in strata:
        if base == population:
            low += n / total
            high += n / total
        else:
            worth = base * (population - 1) / (population - base)
            sampled.append((population / total, n / base, worth))
    if not sampled:
        return low, high
    spreads = [weight * math.sqrt(_variance(share, worth)) for weight, share, worth in sampled]
    z = _Z * math.hypot(*spreads) / sum(spreads)
    for weight, share, worth in sampled:
        lower, upper = wilson(share * worth, worth, z)
        low += weight * lower
        high += weight * upper
    return low, high


def _variance(share: float, worth: float) -> float:
    """That of a share, in the middle of its Wilson interval."""
    square = _Z * _Z
    middle = (share * worth + square / 2) / (worth + square)
    return middle * (1 - middle) / worth
