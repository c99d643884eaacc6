"""Precision, recall and their intervals, held to published numbers and to what must be so."""

from __future__ import annotations

import math
from random import Random

import pytest

from newsidx.searcher.assessment import Estimate, Stratum, assessed, recall_of, share_of
from newsidx.searcher.intervals import stratified_wilson, wilson

ENDLESS = 10**12


def matches(population: int, judged: int, relevant: int, name: str = "") -> Stratum:
    return Stratum("matches", name, population, judged, relevant)


def remainder(population: int, judged: int, relevant: int, name: str = "") -> Stratum:
    return Stratum("remainder", name, population, judged, relevant)


# Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17
# (1998), table I, method 3: the score interval without continuity correction.
NEWCOMBE = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0000, 0.1611),
    (1, 29, 0.0061, 0.1718),
]


@pytest.mark.parametrize(("relevant", "judged", "low", "high"), NEWCOMBE)
def test_wilsons_interval_is_as_published(
    relevant: int, judged: int, low: float, high: float
) -> None:
    assert wilson(relevant, judged) == pytest.approx((low, high), abs=5e-5)
    of_many = share_of([matches(ENDLESS, judged, relevant)])
    assert (of_many.low, of_many.high) == pytest.approx((low, high), abs=5e-5)


def test_the_standard_error_is_as_published() -> None:
    # Cochran, Sampling Techniques (1977), section 3.2: of 3,042 addresses 200 were drawn, and 38 of
    # them were wrong; 578 in all, with a standard error of 81.8.
    found = share_of([matches(3042, 200, 38)]).times(3042)
    assert found.value == pytest.approx(578, abs=0.5)
    assert found.standard_error == pytest.approx(81.8, abs=0.05)


def test_in_strata_it_is_that_of_the_strata_weighted() -> None:
    strata = [matches(300, 30, 24, "a"), matches(100, 10, 2, "b")]
    found = share_of(strata)
    assert found.value == pytest.approx(0.75 * 0.8 + 0.25 * 0.2)
    terms = [0.75**2 * 0.9 * 0.8 * 0.2 / 29, 0.25**2 * 0.9 * 0.2 * 0.8 / 9]
    assert found.standard_error == pytest.approx(math.sqrt(sum(terms)))
    assert found.low < found.value < found.high


def test_one_stratum_has_wilsons_interval() -> None:
    worth = 50 * 199 / 150
    assert stratified_wilson([(20, 50, 200)]) == pytest.approx(wilson(0.4 * worth, worth))


def test_equal_strata_have_about_the_interval_of_all_together() -> None:
    parted = stratified_wilson([(12, 40, ENDLESS)] * 4)
    assert parted == pytest.approx(wilson(48, 160), abs=0.01)


def test_of_a_small_population_less_is_left_open() -> None:
    small, large = share_of([matches(60, 50, 30)]), share_of([matches(6000, 50, 30)])
    assert large.low < small.low < small.value < small.high < large.high


def test_what_was_judged_whole_is_known() -> None:
    found = share_of([matches(50, 50, 30)])
    assert (found.low, found.value, found.high, found.standard_error) == (0.6, 0.6, 0.6, 0)
    both = share_of([matches(50, 50, 50, "a"), matches(50, 10, 0, "b")])
    assert both.value == 0.5
    assert both.low == 0.5
    assert 0.5 < both.high < 0.7


def test_what_was_judged_can_not_be_outside_of_the_interval() -> None:
    found = share_of([matches(52, 50, 1)])
    assert found.low >= 1 / 52
    assert found.high <= 1 - 49 / 52


def test_strata_that_are_all_one_way_still_leave_something_open() -> None:
    found = share_of([matches(500, 10, 10, "a"), matches(500, 10, 0, "b")])
    assert found.standard_error == 0
    assert found.low < 0.45 < 0.55 < found.high


def test_recall_is_the_part_of_the_relevant_that_was_found() -> None:
    found = assessed([matches(100, 50, 40), remainder(1000, 100, 2)], 1000)
    assert found.precision.value == 0.8
    assert found.found.value == pytest.approx(80)
    assert found.missed
    assert found.missed.value == pytest.approx(20)
    assert found.recall
    assert found.recall.value == pytest.approx(0.8)
    assert found.correction == pytest.approx(1.0)


def test_the_interval_of_recall_is_that_of_the_ratio() -> None:
    # The closed form of Donner and Zou (2012) for a ratio of two estimates with limits.
    a, low_a, high_a = 20.0, 12.0, 33.0
    b, low_b, high_b = 80.0, 71.0, 87.0
    low = (
        a * b - math.sqrt((a * b) ** 2 - low_a * high_b * (2 * a - low_a) * (2 * b - high_b))
    ) / (high_b * (2 * b - high_b))
    high = (
        a * b + math.sqrt((a * b) ** 2 - high_a * low_b * (2 * a - high_a) * (2 * b - low_b))
    ) / (low_b * (2 * b - low_b))
    found = recall_of(Estimate(b, low_b, high_b), Estimate(a, low_a, high_a))
    assert found
    assert found.low == pytest.approx(1 / (1 + high))
    assert found.high == pytest.approx(1 / (1 + low))


def test_recall_at_its_ends() -> None:
    none_missed = assessed([matches(100, 50, 50), remainder(1000, 100, 0)], 1000).recall
    assert none_missed
    assert (none_missed.value, none_missed.high) == (1, 1)
    assert 0 < none_missed.low < 1
    none_found = assessed([matches(100, 50, 0), remainder(1000, 100, 9)], 1000)
    assert none_found.recall
    assert (none_found.recall.value, none_found.recall.low) == (0, 0)
    assert 0 < none_found.recall.high < 1
    assert none_found.correction is None


def test_recall_is_unknown_where_nothing_relevant_was_met_or_nothing_drawn_outside() -> None:
    assert assessed([matches(100, 50, 0), remainder(1000, 100, 0)], 1000).recall is None
    alone = assessed([matches(100, 50, 9)], None)
    assert (alone.recall, alone.missed, alone.correction) == (None, None, None)


def test_where_nothing_is_outside_nothing_is_missed() -> None:
    found = assessed([matches(100, 50, 40)], 0)
    assert found.recall
    assert (found.recall.low, found.recall.value, found.recall.high) == (1, 1, 1)


def test_intervals_hold_as_often_as_they_say() -> None:
    random = Random(5)
    populations = [(400, 300), (150, 30), (60, 55)]  # articles, relevant ones
    outside = (2000, 40)
    truth = sum(r for _, r in populations) / sum(n for n, _ in populations)
    recall = sum(r for _, r in populations) / (sum(r for _, r in populations) + outside[1])
    held = recalled = 0
    for _ in range(400):
        strata = []
        for number, (size, relevant) in enumerate(populations):
            judged = size // 5
            drawn = sum(at < relevant for at in random.sample(range(size), judged))
            strata.append(matches(size, judged, drawn, str(number)))
        drawn = sum(at < outside[1] for at in random.sample(range(outside[0]), 200))
        found = assessed([*strata, remainder(outside[0], 200, drawn)], outside[0])
        held += found.precision.low <= truth <= found.precision.high
        assert found.recall
        recalled += found.recall.low <= recall <= found.recall.high
    # Of 400 with a probability of 0.95, fewer than 367 come once in a thousand times.
    assert held >= 367
    assert recalled >= 367
