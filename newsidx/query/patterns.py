"""What stands for many forms: wildcards, fuzzy words and regular expressions."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import assert_never

from newsidx.query import bound

__all__ = ["compile_wildcard", "distance_within", "fitting", "literal_prefix", "prefix_of"]


def fitting(word: bound.Expansion) -> Callable[[str], object]:
    """The test, true or not, of whether a form is one that a word stands for."""
    match word:
        case bound.Wildcard():
            return compile_wildcard(word.pattern).fullmatch
        case bound.Fuzzy():
            wanted, edits = word.form, word.edits
            # Each edit takes one letter away at most: most forms need no closer look.
            letters, most = frozenset(wanted), len(wanted) + edits
            return lambda form: (
                len(form) <= most
                and len(letters.difference(form)) <= edits
                and distance_within(wanted, form, edits)
            )
        case bound.Regex():
            from newsidx.query.regex import compile_regex

            return compile_regex(word.pattern).matches
        case _:
            assert_never(word)


def prefix_of(word: bound.Expansion) -> str:
    """What every form begins with that a word stands for; may be empty."""
    match word:
        case bound.Wildcard():
            return literal_prefix(word.pattern)
        case bound.Fuzzy():
            return ""
        case bound.Regex():
            from newsidx.query.regex import compile_regex

            return compile_regex(word.pattern).prefix()
        case _:
            assert_never(word)


# Wildcards


@lru_cache(maxsize=256)
def compile_wildcard(pattern: str) -> re.Pattern[str]:
    """A regular expression for `fullmatch` over one form.

    Each run between two stars is matched at its first place and never tried again
    further on (an atomic group), which is enough for wildcards and keeps the time
    linear in the form however many stars there are.
    """
    first, *rest = re.sub(r"\*+", "*", pattern).split("*")
    if not rest:
        return re.compile(_literal(first))
    *middle, last = rest
    runs = "".join(f"(?>.*?{_literal(run)})" for run in middle)
    return re.compile(f"{_literal(first)}{runs}.*{_literal(last)}", re.DOTALL)


def _literal(run: str) -> str:
    return "".join("." if character == "?" else re.escape(character) for character in run)


def literal_prefix(pattern: str) -> str:
    """What every matching form begins with; may be empty."""
    return re.split(r"[*?]", pattern, maxsplit=1)[0]


# Fuzzy words


def distance_within(one: str, other: str, edits: int) -> bool:
    """Whether so many edits, 1 or 2, make one word of the other.

    An edit inserts, deletes or replaces a character or swaps two neighbours, and no part
    is edited twice: the optimal string alignment distance (Boytsov, "Indexing methods for
    approximate dictionary searching", JEA 2011, section 2.1).
    """
    if abs(len(one) - len(other)) > edits:
        return False
    # What both begin and end with takes no part in it.
    start, end = 0, min(len(one), len(other))
    while start < end and one[start] == other[start]:
        start += 1
    tail = 0
    while tail < end - start and one[-1 - tail] == other[-1 - tail]:
        tail += 1
    one, other = one[start : len(one) - tail], other[start : len(other) - tail]
    if max(len(one), len(other)) <= edits:
        return True
    if edits == 1:
        return len(one) == len(other) == 2 and one == other[::-1]
    return _alignment_within(one, other, edits)


def _alignment_within(one: str, other: str, edits: int) -> bool:
    """`distance_within` by the table of distances between beginnings, row by row."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, char in enumerate(one, 1):
        following = [at]
        for place, another in enumerate(other, 1):
            best = min(row[place] + 1, following[-1] + 1, row[place - 1] + (char != another))
            swapped = at > 1 < place and one[at - 2] == another and other[place - 2] == char
            if swapped:
                best = min(best, before[place - 2] + 1)
            following.append(best)
        if min(following) > edits and min(row) > edits:
            return False
        before, row = row, following
    return row[-1] <= edits
