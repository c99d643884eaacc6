"""Where the axis of a timeline has names, and which."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count

__all__ = ["labels"]

# Between two names there are at least so many characters.
_APART = 2


def labels(buckets: Sequence[str], places: Sequence[int], width: int) -> tuple[set[int], str]:
    """The places of ticks, and the line of names below them.

    Names are years where these begin, else months, else the buckets themselves; every
    second or fifth of them where they would not fit.

    Args:
        buckets: Their names, in order.
        places: At which character each starts.
        width: Of the axis, in characters.
    """
    for name in (_year, _month, str):
        starts = _starts(buckets, name)
        if len(starts) > 1 or name is str:
            break
    chosen = _fitting(starts, places, width)
    line = ""
    for at, text in chosen:
        line = line.ljust(places[at]) + text
    return {places[at] for at, _ in chosen}, line


def _year(bucket: str) -> str:
    return bucket[:4]


def _month(bucket: str) -> str:
    """The month of a day; of other buckets, what they are."""
    return bucket[:7] if len(bucket) == 10 else bucket


def _starts(buckets: Sequence[str], name: Callable[[str], str]) -> list[tuple[int, str]]:
    """The buckets with which another name begins; the first may lie in the middle of its."""
    names = list(map(name, buckets))
    found = [(at, text) for at, text in enumerate(names) if at == 0 or names[at - 1] != text]
    whole = len(found) == len(buckets) or buckets[0].endswith(("-01", "-Q1", "-W01"))
    return found if whole or len(found) < 3 else found[1:]


def _fitting(
    starts: Sequence[tuple[int, str]], places: Sequence[int], width: int
) -> list[tuple[int, str]]:
    """As many names as can stand beside each other: all, or every second or fifth of them."""
    for step in (factor * 10**power for power in count() for factor in (1, 2, 5)):
        chosen = [(at, text) for number, (at, text) in enumerate(starts) if number % step == 0]
        while len(chosen) > 1 and places[chosen[-1][0]] + len(chosen[-1][1]) > width:
            chosen.pop()
        ends = [places[at] + len(text) + _APART for at, text in chosen]
        if all(end <= places[at] for end, (at, _) in zip(ends, chosen[1:], strict=False)):
            return chosen
    raise AssertionError("one name always fits")
