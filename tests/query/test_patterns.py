"""What stands for many forms, and words near each other, against their definitions."""

from __future__ import annotations

from functools import cache
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.query import bound
from newsidx.query.patterns import distance_within, fitting
from newsidx.query.proximity import adjacent, in_order, near

short = st.text("abc", max_size=7)


@cache
def distance(one: str, other: str) -> int:
    """Optimal string alignment, by its recursive definition."""
    if not one or not other:
        return len(one) + len(other)
    found = min(
        distance(one[:-1], other) + 1,
        distance(one, other[:-1]) + 1,
        distance(one[:-1], other[:-1]) + (one[-1] != other[-1]),
    )
    if one[-2:] == other[-2:][::-1] and len(one) > 1:
        found = min(found, distance(one[:-2], other[:-2]) + 1)
    return found


@given(short, short, st.sampled_from([1, 2]))
@settings(max_examples=500)
def test_a_fuzzy_word_is_within_its_edits(one: str, other: str, edits: int) -> None:
    within = distance(one, other) <= edits
    assert distance_within(one, other, edits) == within
    assert bool(fitting(bound.Fuzzy((), one, edits))(other)) == within


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [
        ("abcd", "abcd", 0),
        ("abcd", "abxcd", 1),
        ("abcd", "abd", 1),
        ("abcd", "axcd", 1),
        ("abcd", "acbd", 1),
        ("abcd", "acxbd", 3),  # no part is edited twice
        ("abcd", "badc", 2),
    ],
)
def test_an_edit_is_an_insertion_a_deletion_a_substitution_or_a_swap(
    one: str, other: str, edits: int
) -> None:
    for most in (1, 2):
        assert distance_within(one, other, most) == (edits <= most)
        assert distance_within(other, one, most) == (edits <= most)


places = st.sets(st.integers(0, 12), max_size=7).map(sorted)


@given(st.lists(places, min_size=1, max_size=3))
def test_a_phrase_begins_where_each_word_follows_the_one_before(each: list[list[int]]) -> None:
    starts = [at for at in range(13) if all(at + n in where for n, where in enumerate(each))]
    assert adjacent(each) == starts


@given(st.lists(places, min_size=2, max_size=3), st.integers(0, 5))
def test_words_in_order_have_at_most_so_many_others_between(
    each: list[list[int]], others: int
) -> None:
    chains = {
        chain
        for chain in product(*each)
        if list(chain) == sorted(set(chain)) and chain[-1] - chain[0] + 1 - len(chain) <= others
    }
    found = in_order(each, others)
    assert {chain[0] for chain in found} == {chain[0] for chain in chains}
    assert set(found) <= chains


runs = st.sets(
    st.builds(lambda start, more: (start, start + more), st.integers(0, 12), st.integers(0, 2)),
    max_size=6,
).map(sorted)


@given(runs, runs, st.integers(1, 5), st.booleans())
@settings(max_examples=300)
def test_near_is_from_the_end_of_one_to_the_start_of_the_other(
    left: list[tuple[int, int]], right: list[tuple[int, int]], distance: int, ordered: bool
) -> None:
    pairs = [
        (one, other)
        for one, other in product(left, right)
        if 1 <= other[0] - one[1] <= distance
        or (not ordered and 1 <= one[0] - other[1] <= distance)
    ]
    found = near(left, right, distance, ordered=ordered)
    assert found == (sorted({a for a, _ in pairs}), sorted({b for _, b in pairs}))


def test_nothing_is_near_what_it_shares_a_word_with() -> None:
    assert near([(0, 1)], [(1, 2)], 5, ordered=False) == ([], [])
    assert near([(3, 3)], [(3, 3)], 5, ordered=False) == ([], [])
    for one, other in combinations(range(4), 2):
        assert near([(one, one)], [(other, other)], 3, ordered=True)[0]
