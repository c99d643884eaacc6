"""Sketches: what is kept of a text to see which others may be copies of it, in 256 bytes.

A sketch is a MinHash (Broder 1997) of the shingles of a text: for each of `PERMUTATIONS` orders
of all shingles, the one that comes first. The share of places in which two sketches agree is an
estimate of the Jaccard coefficient J of the texts, with a standard deviation of
sqrt(J * (1 - J) / PERMUTATIONS): .04 at most. Of each minimum the 16 lowest bits are kept
(b-bit minwise hashing, Li and Koenig 2010), by which unlike shingles agree once in 65,536 times.
"""

from __future__ import annotations

import hashlib
import struct
from functools import cache

from newsidx.text.shingles import WIDTH, shingles, words_of
from newsidx.text.tokens import TOKEN_VERSION

__all__ = ["PERMUTATIONS", "SIZE", "scheme", "sketch"]

PERMUTATIONS = 128
SIZE = 2 * PERMUTATIONS
"""Bytes of a sketch."""

_SEED = 1997
_PACK = struct.Struct(f"<{PERMUTATIONS}I")
_PROBE = "A sketch of this sentence tells whether sketches are made as they were before."


def sketch(text: str) -> bytes:
    """The sketch of a text, `PERMUTATIONS` little-endian numbers of 16 bits, or nothing."""
    from rensa import RMinHash

    found = shingles(words_of(text))
    if not found:
        return b""
    made = RMinHash(PERMUTATIONS, _SEED)
    made.update(found)
    return memoryview(_PACK.pack(*made.digest())).cast("H")[::2].tobytes()


@cache
def scheme() -> str:
    """What sketches have to have in common to be compared; another where they are made otherwise.

    It has a sketch of a known sentence in it, so that a library or a machine that reckons
    differently can't go unnoticed.
    """
    made = repr((TOKEN_VERSION, WIDTH, PERMUTATIONS, _SEED, sketch(_PROBE)))
    return hashlib.blake2b(made.encode(), digest_size=8).hexdigest()
