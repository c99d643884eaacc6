"""What can be wrong with the forms of a word: `=word`, `word~`, `"..."~5` and `/regex/`.

One function a mistake; the lexer finds the mistakes and raises these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsidx.query.characters import quoted, shown
from newsidx.query.misread import Misread, cut

if TYPE_CHECKING:
    from newsidx.query.regex import RegexError

__all__ = [
    "FARTHEST",
    "bad_edits",
    "bad_expression",
    "bad_slop",
    "equals_before",
    "fuzzy_pattern",
    "fuzzy_words",
    "tilde_after",
    "too_many_equals",
]

FARTHEST = 500
"""How many positions apart, or other words between, a query may ask for. It is less than
the gap between two values of a list, so that nothing is near across them."""


# =word


def too_many_equals(query: str, start: int, end: int) -> Misread:
    """Three or more `=` signs, `query[start:end]`, before a word."""
    return Misread(
        "There are too many = signs here.",
        query,
        start,
        end,
        expected="=word for this form only, ==Word for this spelling only",
        repairs=[query[:start] + signs + query[end:] for signs in ("==", "=")],
    )


def equals_before(query: str, start: int, end: int, what: str) -> Misread:
    """The signs `query[start:end]` before something that they can't stand before."""
    return Misread(
        f"{query[start:end]} can't stand before {what}: it asks for one word or phrase as it is.",
        query,
        start,
        end,
        expected="a word or a phrase in quotes directly after it",
        repairs=[cut(query, start, end)],
    )


# word~ and "..."~5


def bad_edits(query: str, at: int, start: int, end: int) -> Misread:
    """A fuzzy word that stands at `at`, with something other than 1 or 2 after its tilde."""
    word = query[at:start]
    number = query[start + 1 : end]
    sign = "~2" if number.strip("0") and "." not in number else "~"
    return Misread(
        f"{shown(query[start:end])} is not understood: a fuzzy word has one edit or two.",
        query,
        start,
        end,
        expected=f"{shown(word)}~ or {shown(word)}~2, "
        "or quotes around it to search for the text itself",
        repairs=[query[:start] + sign + query[end:]],
    )


def fuzzy_words(query: str, at: int, start: int, end: int) -> Misread:
    """A tilde, `query[start:end]`, after what is several words, which stand at `at`."""
    word = query[at:start]
    return Misread(
        f"{shown(word)} is several words, and ~ stands behind one.",
        query,
        start,
        end,
        expected=f"{shown(quoted(word))} for the words as written",
        repairs=[cut(query, start, end)],
    )


def fuzzy_pattern(query: str, start: int, end: int) -> Misread:
    """A tilde, `query[start:end]`, after a word with a wildcard in it."""
    return Misread(
        "A word is a pattern or fuzzy, not both.",
        query,
        start,
        end,
        expected="* and ? without the ~, or ~ without them",
        repairs=[cut(query, start, end)],
    )


def bad_slop(query: str, start: int, end: int) -> Misread:
    """A tilde after a phrase, `query[start:end]`, without a number that fits."""
    number = str(FARTHEST) if query[start + 1 : end].isdecimal() else "5"
    return Misread(
        f"After a phrase, ~ needs a number up to {FARTHEST}: how many other words may stand "
        "between.",
        query,
        start,
        end,
        expected='"…"~5',
        repairs=[f"{query[:start]}~{number}{query[end:]}", cut(query, start, end)],
    )


def tilde_after(query: str, start: int, end: int, what: str) -> Misread:
    """A tilde, `query[start:end]`, after something that can't have one."""
    return Misread(
        f"{what} can't be followed by ~.",
        query,
        start,
        end,
        expected='word~ for a fuzzy word, "…"~5 for words with others between them',
        repairs=[cut(query, start, end)],
    )


# /regex/


def bad_expression(query: str, start: int, end: int, problem: RegexError) -> Misread:
    """A regular expression, with its slashes `query[start:end]`, that can't be read."""
    inside = start + 1
    repairs = [query[:start] + quoted(query[start:end]) + query[end:]]
    if problem.repaired:
        repairs.insert(0, f"{query[:start]}/{problem.repaired}/{query[end:]}")
    return Misread(
        str(problem),
        query,
        inside + problem.start,
        inside + problem.end,
        expected=problem.expected,
        repairs=repairs,
    )
