"""Shingles: the short runs of words by which two texts are seen to be one text.

They are made of our own tokens, so that they are the same whatever engine holds the text.
"""

from __future__ import annotations

from collections.abc import Sequence

from newsidx.text.folding import fold
from newsidx.text.tokens import lowered

__all__ = ["WIDTH", "shingles", "words_of"]

WIDTH = 3
"""Words of a shingle. Of 3, 4 and 5 it keeps most of a text of which words were replaced,
and texts on one topic still share few; measured by benchmarks/copies.py."""


def words_of(text: str) -> list[str]:
    """The forms of the tokens of a text, in order; quick where it was lowered just before."""
    words = lowered(text)
    if text.isascii() or "".join(words).isascii():
        return words
    return [word if word.isascii() else fold(word) for word in words]


def shingles(words: Sequence[str]) -> list[str]:
    """Every run of `WIDTH` words, in order and as often as it occurs; of fewer words, those."""
    if len(words) < WIDTH:
        return [" ".join(words)] if words else []
    return list(map(" ".join, zip(*(words[at:] for at in range(WIDTH)), strict=False)))
