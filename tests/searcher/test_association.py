"""Measures of association, held to published numbers and to what they must be."""

from __future__ import annotations

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsidx.searcher.association import contingency_g2, keyness_g2, log_ratio, per_million

COUNTS = st.integers(0, 10**6)

# Dunning 1993, table of bigrams: -2 log λ, and the counts of both words together, of the
# second without the first, of the first without the second, and of neither.
DUNNING = [
    (270.72, 110, 2442, 111, 29114),
    (263.90, 29, 13, 123, 31612),
    (256.84, 31, 23, 139, 31584),
    (167.23, 10, 0, 3, 31764),
    (157.21, 76, 104, 2476, 29121),
    (157.03, 16, 16, 51, 31694),
    (146.80, 9, 0, 5, 31763),
    (115.02, 16, 0, 865, 30896),
]


@pytest.mark.parametrize(("expected", "both", "one", "other", "none"), DUNNING)
def test_the_log_likelihood_ratio_is_that_of_dunning(
    expected: float, both: int, one: int, other: int, none: int
) -> None:
    found = contingency_g2(both, one, both + other, one + none)
    assert found == pytest.approx(expected, abs=0.005)


def test_keyness_is_what_the_formula_gives_by_hand() -> None:
    # 150 in 30,000 tokens: 50 are expected in the first 10,000 and 100 in the others.
    assert keyness_g2(100, 50, 10_000, 20_000) == pytest.approx(2 * 50 * log(2))
    assert keyness_g2(7, 0, 1_000, 3_000) == pytest.approx(2 * 7 * log(4))


def test_a_word_as_frequent_here_as_there_says_nothing() -> None:
    assert keyness_g2(10, 30, 1_000, 3_000) == 0
    assert contingency_g2(10, 30, 1_000, 3_000) == pytest.approx(0, abs=1e-9)
    assert log_ratio(10, 30, 1_000, 3_000) == 0


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_no_measure_depends_on_which_text_comes_first_and_none_is_negative(
    a: int, b: int, rest_here: int, rest_there: int
) -> None:
    c, d = a + rest_here, b + rest_there
    for measure in (keyness_g2, contingency_g2):
        assert measure(a, b, c, d) >= 0
        assert measure(a, b, c, d) == pytest.approx(measure(b, a, d, c), rel=1e-6, abs=1e-6)
    assert log_ratio(a, b, c, d) == pytest.approx(-log_ratio(b, a, d, c))
    assert contingency_g2(a, b, c, d) >= keyness_g2(a, b, c, d) - 1e-6


def test_log_ratio_counts_doublings_and_takes_none_for_a_half() -> None:
    assert log_ratio(8, 1, 1_000, 1_000) == 3
    assert log_ratio(1, 8, 1_000, 1_000) == -3
    assert log_ratio(4, 0, 1_000, 1_000) == 3


def test_nothing_is_divided_by_none() -> None:
    assert keyness_g2(0, 0, 0, 0) == contingency_g2(0, 0, 0, 0) == log_ratio(1, 0, 1, 0) == 0
    assert per_million(0, 0) == 0
    assert per_million(3, 1_500_000) == 2
