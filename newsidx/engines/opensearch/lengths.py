"""The lengths that Lucene stores in one byte each."""

from __future__ import annotations

__all__ = ["round_length"]

# Lengths up to here are stored as they are, greater ones by their four highest bits
# (`org.apache.lucene.util.SmallFloat`, intToByte4).
_FREE = 24


def round_length(length: int) -> float:
    """What is left of a length that is stored in one byte."""
    rest = length - _FREE
    if rest < 16:
        return float(length)
    shift = rest.bit_length() - 4
    return float(_FREE + (rest >> shift << shift))
