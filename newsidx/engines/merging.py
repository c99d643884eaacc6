"""Which segments to merge, so that they stay few and no run writes much more than is new."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["SMALL", "to_merge"]

FEW = 20
"""So many segments of one size class may stand side by side."""

_RATIO = 4


SMALL = 64
"""Segments of so many articles cost nothing to rewrite."""

# A segment of which such a share is deleted is rewritten without it.
_DEAD = 1 / 3


def to_merge(sizes: Sequence[int], deleted: Sequence[int]) -> list[list[int]]:
    """Groups of segments to be merged, or rewritten by themselves, each by its numbers.

    Segments are put into classes by size, each class up to four times the one below.
    More than `FEW` of one class become one of the next, so that an article is rewritten
    no more than once for each class: the logarithmic merge policy (Lester, Moffat and
    Zobel, "Efficient online index construction", TODS 2008). What is deleted goes with
    that, or when it is much.

    Args:
        sizes: Live articles of each segment.
        deleted: And the others.
    """
    classes: dict[int, list[int]] = {}
    for number, size in enumerate(sizes):
        level, bound = 0, SMALL
        while size > bound:
            level, bound = level + 1, bound * _RATIO
        classes.setdefault(level, []).append(number)
    group: list[int] = []
    for level in sorted(classes):
        if len(classes[level]) + bool(group) > FEW:
            group += classes[level]
    groups = [sorted(group)] if len(group) > 1 else []
    for number, dead in enumerate(deleted):
        if dead > max(SMALL, _DEAD * (dead + sizes[number])) and number not in group:
            groups.append([number])
    return groups
