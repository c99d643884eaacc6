"""The lengths that Whoosh stores in one byte each."""

from __future__ import annotations

from bisect import bisect_left

__all__ = ["LENGTHS", "round_length"]

LENGTHS: tuple[int, ...] = tuple(round((1.033**byte - 1) * 27) for byte in range(256))
"""What each byte stands for, as `whoosh.util.numeric.byte_to_length` has it."""


def round_length(length: int) -> float:
    """What is left of a length that is stored in one byte."""
    return float(LENGTHS[min(bisect_left(LENGTHS, length), 255)])
