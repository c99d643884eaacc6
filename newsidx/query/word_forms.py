"""The forms of bare words that are more than words: `word~2`, NEAR/5, atleast3(.

Each function is given a piece of bare text and where in the query it stands.
"""

from __future__ import annotations

import re

from newsidx.query import form_complaints as complaints
from newsidx.query import near_complaints
from newsidx.query.characters import has_token
from newsidx.text.tokens import tokenize

__all__ = ["count", "fuzzy", "is_fuzzy", "is_proximity", "proximity", "slop"]

_FUZZY = re.compile(r"~[0-9.]*\Z")
_EDITS = {"~": 1, "~1": 1, "~2": 2}
_NEAR = re.compile(r"(?:near|w|pre)/[0-9]+", re.IGNORECASE)
_ATLEAST = re.compile(r"atleast([0-9]+)", re.IGNORECASE)


def is_fuzzy(chunk: str) -> bool:
    """Whether a piece of text ends as a fuzzy word does."""
    tilde = _FUZZY.search(chunk)
    return tilde is not None and has_token(chunk[: tilde.start()])


def fuzzy(query: str, at: int, chunk: str) -> tuple[str, int] | None:
    """The word and the edits of a fuzzy word, or None where it is none.

    Raises:
        Misread: It is several words, a pattern, or has another number of edits.
    """
    tilde = _FUZZY.search(chunk)
    if not tilde or not has_token(chunk[: tilde.start()]):
        return None
    word, place = chunk[: tilde.start()], (at + tilde.start(), at + len(chunk))
    if "*" in word or "?" in word:
        raise complaints.fuzzy_pattern(query, *place)
    if len(tokenize(word)) != 1:
        raise complaints.fuzzy_words(query, at, *place)
    edits = _EDITS.get(tilde.group())
    if edits is None:
        raise complaints.bad_edits(query, at, *place)
    return word, edits


def is_proximity(chunk: str) -> bool:
    """Whether a piece of text is an operator of nearness, with whatever distance."""
    return _NEAR.fullmatch(chunk) is not None


def proximity(query: str, at: int, chunk: str) -> tuple[int, bool]:
    """The distance of an operator of nearness, and whether it keeps the order.

    Raises:
        Misread: The distance is out of bounds.
    """
    name, _, number = chunk.partition("/")
    distance = _number(number, complaints.FARTHEST)
    if not distance:
        raise near_complaints.bad_distance(query, at, at + len(chunk))
    return distance, name.lower() == "pre"


def slop(query: str, start: int, end: int) -> int:
    """The number in `query[start:end]`, a tilde and what follows it after a phrase.

    Raises:
        Misread: There is none, or it is out of bounds.
    """
    others = _number(query[start + 1 : end], complaints.FARTHEST)
    if others is None:
        raise complaints.bad_slop(query, start, end)
    return others


def count(query: str, at: int, chunk: str) -> int | None:
    """The number of an `atleast3` directly before a bracket, or None where it is none.

    Raises:
        Misread: The number is out of bounds.
    """
    end = at + len(chunk)
    found = _ATLEAST.fullmatch(chunk)
    if not found or query[end : end + 1] != "(":
        return None
    number = _number(found[1], near_complaints.MOST_COUNTED)
    if not number:
        raise near_complaints.bad_count(query, at, end)
    return number


def _number(text: str, most: int) -> int | None:
    """A number up to a bound, in ASCII digits, or None."""
    if not (text.isascii() and text.isdecimal()) or len(text) > 20:
        return None
    return int(text) if int(text) <= most else None
