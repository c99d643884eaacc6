"""Words of the lexicon that are nearly another word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, partial

from newsidx.engines.base import Engine
from newsidx.query.patterns import distance_within

__all__ = ["COMMONER", "near_forms"]

COMMONER = 50
"""How many times commoner a word must be to outweigh an edit: the archive's own slips."""

# The letters tried where the first or the second of a word may be wrong.
_ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz",
    "0123456789",
    "αβγδεζηθικλμνξοπρστυφχψω",
    "абвгдежзийклмнопрстуфхцчшщъыьэюя",
)


def near_forms(
    engine: Engine, fields: Iterable[str], form: str, wanted: int = 3
) -> list[tuple[str, int]]:
    """The likeliest corrections of a form, with about how many articles each has.

    Fewer edits come first, then commoner forms; one of more edits than the best must be
    `COMMONER` times commoner. Up to two edits for words of six letters
    and more, one from three letters on; of those, one at most in the first two letters,
    so that no more of the lexicon is read than begins like the word.
    """
    most = 2 if len(form) > 5 else 1 if len(form) > 2 else 0
    edits = cache(partial(_edits, form, most=most))
    found: dict[str, int] = {}
    if most:
        for name in fields:
            for head in _heads(form):
                for other, articles in engine.terms(name, head, edits):
                    found[other] = max(articles, found.get(other, 0))
    ranked = sorted((edits(other), -articles, other) for other, articles in found.items())
    return [
        (other, -negative)
        for distance, negative, other in ranked
        if distance == ranked[0][0] or negative <= COMMONER * ranked[0][1]
    ][:wanted]


def _edits(one: str, other: str, most: int) -> int:
    """How many edits, from 1 to `most`, make one word of another; 0 where more would, or none."""
    if one == other or abs(len(one) - len(other)) > most:
        return 0
    return next((edits for edits in range(1, most + 1) if distance_within(one, other, edits)), 0)


def _heads(form: str) -> Iterator[str]:
    """What the words begin with that differ by one edit, at most, in the first two letters."""
    first, second, third = form[0], form[1], form[2]
    yield first + second
    alphabet = next((letters for letters in _ALPHABETS if first in letters), "")
    heads = {second + third, second + first, first + third}
    for letter in alphabet:
        heads |= {letter + first + second, letter + second + third}
        heads |= {first + letter + second, first + letter + third}
    # None inside another, or its words would be read twice.
    kept = {head for head in heads if not head.startswith(first + second)}
    yield from sorted(
        head for head in kept if len(head) == 2 or not any(head[:2] == k for k in kept)
    )
