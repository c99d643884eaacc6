"""What can be wrong with the order of a query's pieces: the place, the wording, the repair.

One function a mistake; the parser finds the mistakes and raises these.
"""

from __future__ import annotations

from newsidx.query.characters import shown
from newsidx.query.misread import Misread, cut
from newsidx.query.tokens import Token

__all__ = [
    "empty_group",
    "empty_query",
    "field_in_group",
    "lower_case_operator",
    "nothing_after",
    "nothing_before",
    "spaced_comparison",
    "stray_bracket",
    "too_deep",
    "two_operators",
    "unclosed_bracket",
]


def empty_query(query: str) -> Misread:
    """There is nothing but white space."""
    return Misread(
        "The query is empty.", query, 0, len(query), expected="words, or * for every article"
    )


# Brackets


def too_deep(query: str, start: int, end: int, deepest: int) -> Misread:
    """What stands at `query[start:end]` is inside too much else."""
    return Misread(
        f"The query is nested more than {deepest} deep.",
        query,
        start,
        end,
        expected="fewer brackets and operators inside one another",
    )


def unclosed_bracket(query: str, start: int, count: int) -> Misread:
    """The bracket at `start` has no end, nor have those around it: `count` in all."""
    return Misread(
        "This bracket is never closed.",
        query,
        start,
        start + 1,
        expected=") after the last word of the group",
        repairs=[query.rstrip() + ")" * count, cut(query, start, start + 1)],
    )


def stray_bracket(query: str, start: int) -> Misread:
    """The closing bracket at `start` closes nothing."""
    return Misread(
        "This bracket closes nothing.",
        query,
        start,
        start + 1,
        expected="( before the first word of the group, or no bracket",
        repairs=[cut(query, start, start + 1)],
    )


def empty_group(query: str, owner: int, start: int, end: int) -> Misread:
    """There is nothing in the brackets `query[start:end]`, which belong to `owner`."""
    return Misread(
        "There is nothing between these brackets.",
        query,
        start,
        end,
        expected="words between the brackets",
        repairs=[cut(query, owner, end)],
    )


def field_in_group(query: str, start: int, end: int, *, plain: bool) -> Misread:
    """A field, named at `query[start:end]`, inside another field's brackets.

    Args:
        plain: Whether what follows means the same without the name.
    """
    return Misread(
        "A field can't stand inside another field.",
        query,
        start,
        end,
        expected="each field by itself, joined by AND or OR",
        repairs=[cut(query, start, end)] if plain else [],
    )


# Operators


def _text(query: str, token: Token) -> str:
    return query[token.start : token.end]


def _expected_operand(name: str) -> str:
    return f'words on both sides, or "{name}" in quotes for the word itself'


def nothing_before(query: str, token: Token) -> Misread:
    """An AND or OR that begins a query or a group."""
    name = _text(query, token)
    return Misread(
        f"Nothing stands before {name}.",
        query,
        token.start,
        token.end,
        expected=_expected_operand(name),
        repairs=[cut(query, token.start, token.end)],
    )


def nothing_after(query: str, token: Token) -> Misread:
    """An AND, OR, NOT or dash with nothing that it could join or leave out."""
    name = _text(query, token)
    either_side = f'words after it, or "{name}" in quotes for the word itself'
    return Misread(
        f"Nothing stands after {name}.",
        query,
        token.start,
        token.end,
        expected="words after it" if name == "-" else either_side,
        repairs=[cut(query, token.start, token.end)],
    )


def two_operators(query: str, first: Token, second: Token) -> Misread:
    """Two of AND and OR with nothing between them. The place is the second."""
    names = _text(query, first), _text(query, second)
    return Misread(
        f"Nothing stands between {names[0]} and {names[1]}.",
        query,
        second.start,
        second.end,
        expected="one of them, or words between them",
        repairs=[
            cut(query, first.start, first.end),
            cut(query, second.start, second.end),
        ],
    )


def lower_case_operator(query: str, start: int, end: int) -> Misread:
    """The word `or` or `not`, `query[start:end]`, where an operator could stand."""
    word = query[start:end]
    before, after = _before(query, start), _after(query, end)
    operator = f"{before}{word.upper()}{after}"
    if word == "or":
        readings = f"{operator} finds either, {cut(before + after, len(before), len(before))} both"
    else:
        readings = f'{operator} leaves it out, {before}"not"{after} looks for the word'
    return Misread(
        f'Lower-case "{word}" is unclear here: {readings}.',
        query,
        start,
        end,
        expected=f'{word.upper()} for the operator, "{word}" in quotes for the word itself; '
        "-F takes a whole text as words",
        repairs=[query[:start] + word.upper() + query[end:]],
    )


def _before(query: str, start: int) -> str:
    """The query up to `start`, or the end of it that a message has room for."""
    text = query[:start].lstrip()
    return shown(text) if len(text) <= 30 else "…" + shown(text[-29:])


def _after(query: str, end: int) -> str:
    """The query from `end` on, or the beginning of it that a message has room for."""
    text = query[end:].rstrip()
    return shown(text) if len(text) <= 30 else shown(text[:29]) + "…"


def spaced_comparison(query: str, left: Token, right: Token) -> Misread:
    """A field's name, a space and a comparison: `words >500` or `words > 500`."""
    sign = _text(query, right)
    value = query[right.end :]
    joined = sign + (value if sign.strip("<>=") else value.lstrip())
    name = _text(query, left)
    return Misread(
        f"{name} {shown(sign)} is unclear: a comparison is written without spaces.",
        query,
        left.start,
        right.end,
        expected=f"{name}>value, or quotes to search for the words themselves",
        repairs=[query[: left.end] + joined],
    )
