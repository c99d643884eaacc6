"""The lengths that Tantivy stores in one byte each."""

from __future__ import annotations

from bisect import bisect_right

__all__ = ["LENGTHS", "round_length"]

_EXACT = 24  # shorter lengths have a byte each


def _length(byte: int) -> int:
    """What a byte stands for: four significant bits, as in Lucene's `SmallFloat.byte4ToInt`."""
    if byte < _EXACT:
        return byte
    bits, shift = (byte - _EXACT) & 7, ((byte - _EXACT) >> 3) - 1
    return _EXACT + (bits if shift < 0 else (bits | 8) << shift)


LENGTHS: tuple[int, ...] = tuple(_length(byte) for byte in range(256))


def round_length(length: int) -> float:
    """What is left of a length that is stored in one byte: the next below that there is."""
    return float(LENGTHS[bisect_right(LENGTHS, length) - 1])
