"""Words near each other: from where they stand to which of them count.

Everything here works on positions, numbers of tokens from 0 within one field, and
takes them in ascending order. A run is the first and the last position of one
occurrence.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

__all__ = ["Run", "adjacent", "in_order", "near"]

Run = tuple[int, int]


def adjacent(places: Sequence[Sequence[int]]) -> list[int]:
    """Where phrases begin.

    Args:
        places: The positions of each of its words, in the order of the phrase.
    """
    starts = set(places[0])
    for step, positions in enumerate(places[1:], 1):
        starts.intersection_update(at - step for at in positions)
    return sorted(starts)


def in_order(places: Sequence[Sequence[int]], others: int) -> list[tuple[int, ...]]:
    """The occurrences of words in a given order, each as the position of every word.

    Of those that begin at one place, the shortest is given.

    Args:
        places: As for `adjacent`.
        others: How many other tokens may stand between the first and the last in all.
    """
    found: list[tuple[int, ...]] = []
    for start in places[0]:
        chain = [start]
        for positions in places[1:]:
            at = bisect_right(positions, chain[-1])
            if at == len(positions):
                return found  # nor has any later one a word to follow it
            chain.append(positions[at])
        if chain[-1] - start - (len(chain) - 1) <= others:
            found.append(tuple(chain))
    return found


def near(
    left: Sequence[Run], right: Sequence[Run], distance: int, *, ordered: bool
) -> tuple[list[Run], list[Run]]:
    """The runs of either side that have one of the other near them.

    Two runs are near when they share no token and the end of one is at most `distance`
    positions from the start of the other: 1 where they are adjacent.

    Args:
        ordered: Whether the left one must come first.
    """
    lefts = _followed(left, right, distance)
    rights = _preceded(right, left, distance)
    if not ordered:
        lefts |= _preceded(left, right, distance)
        rights |= _followed(right, left, distance)
    return sorted(lefts), sorted(rights)


def _followed(runs: Sequence[Run], others: Sequence[Run], distance: int) -> set[Run]:
    """The runs with another that begins near behind their end."""
    starts = sorted(start for start, _ in others)
    return {
        (start, end)
        for start, end in runs
        if (at := bisect_right(starts, end)) < len(starts) and starts[at] <= end + distance
    }


def _preceded(runs: Sequence[Run], others: Sequence[Run], distance: int) -> set[Run]:
    """The runs with another that ends near before their start."""
    ends = sorted(end for _, end in others)
    return {
        (start, end)
        for start, end in runs
        if (at := bisect_left(ends, start)) > 0 and ends[at - 1] >= start - distance
    }
