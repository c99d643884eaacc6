"""Which segments to merge, so that they stay few and no run writes much more than is new."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["to_merge"]

FEW = 6
"""So many segments of one size class may stand side by side."""

_RATIO = 4


def to_merge(sizes: Sequence[int]) -> list[list[int]]:
    """Groups of segments to be merged, each by its numbers.

    Segments are put into classes by size, each class up to four times the one below.
    More than `FEW` of one class become one of the next, so that an article is rewritten
    no more than once for each class: the logarithmic merge policy (Lester, Moffat and
    Zobel, "Efficient online index construction", TODS 2008).

    Args:
        sizes: Live articles of each segment.
    """
    classes: dict[int, list[int]] = {}
    for number, size in enumerate(sizes):
        level, bound = 0, 64
        while size > bound:
            level, bound = level + 1, bound * _RATIO
        classes.setdefault(level, []).append(number)
    group: list[int] = []
    for level in sorted(classes):
        if len(classes[level]) + bool(group) > FEW:
            group += classes[level]
    return [sorted(group)] if len(group) > 1 else []
