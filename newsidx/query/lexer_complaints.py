"""What can be wrong with a piece of a query: the place, the wording, what to type instead.

One function a mistake; the lexer finds the mistakes and raises these.
"""

from __future__ import annotations

import re

from newsidx.query.characters import CLOSING, core, has_token, is_word_character, quoted, shown
from newsidx.query.misread import Misread, cut
from newsidx.schema import field_named

__all__ = [
    "double_dash",
    "empty_quotes",
    "field_as_value",
    "glued_dash",
    "lone_dash",
    "negated_value",
    "no_value",
    "no_weight",
    "open_range",
    "operator_as_value",
    "punctuation_in_pattern",
    "three_ended_range",
    "unclear_question_mark",
    "unclosed_quotes",
]

HEAVIEST = 1000.0
"""The largest weight that `^` may give."""

_NEXT_WORD = re.compile(rf"\s+([^\s()^{''.join(CLOSING)}-]+)")
_QUOTE = re.compile(f"[{''.join(CLOSING)}]")
_ANY_RUN = re.compile(r"\.+\*")  # of a regular expression


# Quotes


def unclosed_quotes(query: str, start: int) -> Misread:
    """The quotes that open at `start` have no end."""
    closing = CLOSING[query[start]][-1]
    text = query.rstrip()
    inner = text.rstrip(")")
    repairs = [
        inner + closing + text[len(inner) :],
        text + closing,
        cut(query, start, start + 1),
    ]
    if other := _QUOTE.search(query, start + 1):  # “so" or "so”
        repairs.insert(0, query[: other.start()] + closing + query[other.end() :])
    return Misread(
        "These quotes are never closed.",
        query,
        start,
        start + 1,
        expected=f"{closing} after the last word of the phrase",
        repairs=repairs,
    )


def empty_quotes(query: str, start: int, end: int, owner: int) -> Misread:
    """There is no text in the quotes at `query[start:end]`, which belong to `owner`."""
    return Misread(
        "There is nothing between these quotes.",
        query,
        start,
        end,
        expected="words between the quotes",
        repairs=[cut(query, owner, end)],
    )


# Dashes and question marks


def lone_dash(query: str, at: int) -> Misread:
    """A dash with nothing directly after it."""
    following = _NEXT_WORD.match(query, at + 1)
    word = shown(following.group(1)) if following else "word"
    return Misread(
        f"A dash by itself is unclear: -{word} leaves {word} out, {word} looks for it.",
        query,
        at,
        at + 1,
        expected=f"-{word} without the space, or no dash",
        repairs=[cut(query, at, at + 1)],
    )


def double_dash(query: str, start: int, end: int) -> Misread:
    """Several dashes, `query[start:end]`, directly before a word."""
    return Misread(
        "Dashes before a word are unclear: one leaves the word out.",
        query,
        start,
        end,
        expected="one dash, or none",
        repairs=[cut(query, start + 1, end)],
    )


def glued_dash(query: str, at: int) -> Misread:
    """A dash between the end of quotes or brackets and a word."""
    return Misread(
        "A dash directly after quotes or brackets is unclear.",
        query,
        at,
        at + 1,
        expected="a space before the dash to leave out what follows, or a space in its place",
        repairs=[query[:at] + " " + query[at + 1 :]],
    )


def unclear_question_mark(query: str, at: int, word: str, end: int, chunk_end: int) -> Misread:
    """A `?` after `word`, which stands at `at`; the marks reach to `end`."""
    start = at + len(word)
    word = shown(word)
    return Misread(
        f"A ? at the end of a word is unclear: {word} finds the word, "
        f"{word}* finds every word that begins so.",
        query,
        start,
        end,
        expected=f"{word} or {word}*; -F takes a whole text as words",
        repairs=[cut(query, start, chunk_end)],
    )


def punctuation_in_pattern(query: str, at: int, chunk: str, place: int) -> Misread:
    """A character at `chunk[place]` that ends a word, in a wildcard word that stands at `at`."""
    first, last = core(chunk)
    inside = _ANY_RUN.sub("*", chunk[first:last])
    parts = "".join(c if c in "*?" or is_word_character(c) else " " for c in inside).split()
    text = " ".join(part for part in parts if has_token(part))
    if " " in text and query.strip() != chunk:
        text = f"({text})"
    before, after = query[:at], query[at + len(chunk) :]
    repairs = [before + text + after, before + quoted(chunk) + after]
    return Misread(
        f"{shown(chunk)} is several words, and a wildcard stands for part of one.",
        query,
        at + place,
        at + place + 1,
        expected="a pattern such as elect* or te?t, without punctuation inside",
        repairs=repairs if "*" in chunk else repairs[::-1],
    )


# Fields and their values


def no_value(query: str, start: int, end: int) -> Misread:
    """Nothing follows `query[start:end]`, a field's name with its colon or comparison."""
    head = query[start:end]
    name = head.rstrip(":<>=")
    joined = query[:end] + query[end:].lstrip()
    nameless, bare = cut(query, start, end), cut(query, start + len(name), end)
    repairs = [joined, nameless, bare] if field_named(name) else [bare]
    return Misread(
        f"Nothing follows {shown(head)} directly.",
        query,
        start,
        end,
        expected=f"a value without a space before it, as in {shown(head)}value, "
        "or quotes around it all to search for the text itself",
        repairs=[] if query.startswith("(", end) else repairs,
    )


def negated_value(query: str, field: int, at: int) -> Misread:
    """A dash at `at` between a value and its field, which starts at `field`."""
    before, name, value = query[:field], query[field:at], query[at + 1 :]
    return Misread(
        "A dash can't stand between a field and its value.",
        query,
        at,
        at + 1,
        expected=f"-{shown(name)}value to leave out articles with that value",
        repairs=[f"{before}-{name}{value}", f"{before}{name}{value}"],
    )


def field_as_value(query: str, start: int, end: int, value_end: int) -> Misread:
    """A field's name, `query[start:end]`, directly after another field's colon."""
    whole = quoted(query[start:value_end])
    return Misread(
        "A field can't stand inside another field.",
        query,
        start,
        end,
        expected="one field, or quotes around a value with a colon in it",
        repairs=[query[:start] + whole + query[value_end:], cut(query, start, end)],
    )


def operator_as_value(query: str, start: int, end: int) -> Misread:
    """AND, OR or NOT, `query[start:end]`, directly after a field's colon."""
    word = quoted(query[start:end])
    return Misread(
        f"{query[start:end]} is an operator and can't be a field's value.",
        query,
        start,
        end,
        expected=f"{word} in quotes for the word itself",
        repairs=[query[:start] + word + query[end:]],
    )


def open_range(query: str, start: int, end: int) -> Misread:
    """Two dots, `query[start:end]`, with nothing on either side."""
    return Misread(
        "A range needs at least one end.",
        query,
        start,
        end,
        expected="low..high, low.. or ..high",
        repairs=[query[:start] + "*" + query[end:]],
    )


def three_ended_range(query: str, start: int, end: int) -> Misread:
    """A range, `query[start:end]`, that goes on after its upper end."""
    return Misread(
        "A range has two ends.", query, start, end, expected="low..high, low.. or ..high"
    )


# Weights


def no_weight(query: str, start: int, end: int, *, attached: bool) -> Misread:
    """A `^`, with what follows it, that weighs nothing or by no number."""
    factor = shown(query[start + 1 : end]) or "Nothing"
    problem = f"{factor} after ^ is not a weight."
    repairs = [cut(query, start, end)]
    if not attached:
        problem = "A weight (^) stands once, directly after a word, a phrase or a bracket."
        if query[:start].rstrip() == query[:start]:
            repairs.append(cut(query, start, start + 1))
        else:
            repairs = [query[:start].rstrip() + query[start:], cut(query, start, start + 1)]
    return Misread(
        problem,
        query,
        start,
        end,
        expected=f"a number above 0 and up to {HEAVIEST:.0f}, as in election^2",
        repairs=repairs,
    )
