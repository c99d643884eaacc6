"""How good a query is, by a sample of its matches that people judged: precision and recall.

As Stryker, Wray, Hornik and Yanovitzky ask of search strings ("Validation of database search terms
for content analysis", Journalism and Mass Communication Quarterly 83, 2006): precision is the part
of what was found that is relevant; recall the part of what is relevant that was found. What is
relevant and was not found is estimated from a sample of what a broader query finds besides.

All intervals are at 95 %.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from msgspec import Struct

from newsidx.searcher.intervals import stratified_wilson

__all__ = ["Assessment", "Estimate", "Stratum", "assessed", "recall_of", "share_of"]


class Stratum(Struct, frozen=True):
    """What was judged of one stratum.

    Attributes:
        part: `matches` or `remainder`.
        name: A source or month; empty where there is none.
        population: How many articles it has.
        judged: How many were drawn and judged.
        relevant: How many of these are relevant.
    """

    part: str
    name: str
    population: int
    judged: int
    relevant: int


class Estimate(Struct, frozen=True):
    """A number that was estimated, and its interval.

    Attributes:
        standard_error: None where no formula is given for it.
    """

    value: float
    low: float
    high: float
    standard_error: float | None = None

    def times(self, number: float) -> Estimate:
        """The same of a population of so many."""
        error = None if self.standard_error is None else self.standard_error * number
        return Estimate(self.value * number, self.low * number, self.high * number, error)


class Assessment(Struct, frozen=True):
    """What a judged sample says of a query.

    Attributes:
        precision: The part of the matches that is relevant.
        recall: The part of what is relevant that the query matches, as far as the broader one
            reaches; None without a sample of the remainder, and where nothing is relevant.
        found, missed: Relevant articles among the matches, and in the remainder.
        correction: Precision divided by recall: times the number of matches, it is about the
            number of relevant articles there are.
    """

    strata: tuple[Stratum, ...]
    precision: Estimate
    found: Estimate
    missed: Estimate | None
    recall: Estimate | None
    correction: float | None


def assessed(strata: Sequence[Stratum], remainder: int | None) -> Assessment:
    """Assess a query.

    Args:
        strata: Those of the matches, and those of the remainder if any was drawn.
        remainder: How many articles the remainder has; None where there is none.
    """
    matches = [each for each in strata if each.part == "matches"]
    outside = [each for each in strata if each.part != "matches"]
    precision = share_of(matches)
    found = precision.times(sum(each.population for each in matches))
    missed: Estimate | None = None
    if outside:
        missed = share_of(outside).times(sum(each.population for each in outside))
    elif remainder == 0:
        missed = Estimate(0.0, 0.0, 0.0, 0.0)
    recall = recall_of(found, missed) if missed is not None else None
    correction = precision.value / recall.value if recall and recall.value else None
    return Assessment(tuple(strata), precision, found, missed, recall, correction)


def share_of(strata: Sequence[Stratum]) -> Estimate:
    """The relevant share of a population, by samples of its strata without replacement.

    The estimate is the mean of the strata's shares, weighted by their populations N, and its
    standard error the root of the sum of W² (1 - n/N) p (1 - p) / (n - 1), where W is the
    weight (Cochran, Sampling Techniques, 1977, equations 3.8 and 5.52). The interval is Wilson's,
    in strata that of Yan and Su (`intervals.stratified_wilson`).
    """
    total = sum(each.population for each in strata)
    share = variance = 0.0
    for each in strata:
        weight, part = each.population / total, each.relevant / each.judged
        share += weight * part
        left = 1 - each.judged / each.population
        if each.judged > 1:
            variance += weight * weight * left * part * (1 - part) / (each.judged - 1)
    low, high = stratified_wilson(
        [(each.relevant, each.judged, each.population) for each in strata]
    )
    # What was judged is known: the rest can't make it less, nor more.
    relevant = sum(each.relevant for each in strata)
    others = sum(each.judged for each in strata) - relevant
    low = min(share, max(low, relevant / total))
    high = max(share, min(high, 1 - others / total))
    return Estimate(share, low, high, math.sqrt(variance))


def recall_of(found: Estimate, missed: Estimate) -> Estimate | None:
    """The part of what is relevant that was found: found / (found + missed).

    The interval holds those r for which (1 - r) found - r missed may be zero, by the limits of
    both: the method of variance estimates recovery for ratios (Donner and Zou, "Closed-form
    confidence intervals for functions of the normal mean and standard deviation", Statistical
    Methods in Medical Research 21, 2012; Newcombe, "MOVER-R confidence intervals for ratios and
    products of two independently estimated quantities", the same 25, 2016).

    Returns:
        None where nothing that is relevant was met at all.
    """
    if not found.value + missed.value:
        return None
    value = found.value / (found.value + missed.value)

    def off(recall: float, one: float, other: float) -> float:
        """Above 0 where a recall is further from the estimate than these limits allow."""
        apart = (1 - recall) * found.value - recall * missed.value
        return apart**2 - ((1 - recall) * one) ** 2 - (recall * other) ** 2

    low = _edge(lambda r: off(r, found.value - found.low, missed.high - missed.value), value, 0.0)
    high = _edge(lambda r: off(r, found.high - found.value, missed.value - missed.low), value, 1.0)
    return Estimate(value, low, high)


def _edge(off: Callable[[float], float], inside: float, outside: float) -> float:
    """Where a function becomes positive on the way from one number to another."""
    if off(outside) <= 0:
        return outside
    for _ in range(100):
        middle = (inside + outside) / 2
        if off(middle) > 0:
            outside = middle
        else:
            inside = middle
    return inside
