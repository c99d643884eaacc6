"""What can be wrong with words near each other and with counts: NEAR/5, atleast3().

One function a mistake; the lexer and the grammar find the mistakes and raise these.
"""

from __future__ import annotations

from newsidx.query.characters import quoted, shown
from newsidx.query.form_complaints import FARTHEST
from newsidx.query.misread import Misread, cut
from newsidx.query.nodes import And, Boost, InField, Loose, Near, Node, Not, Or, Word
from newsidx.query.tokens import Token

__all__ = [
    "MOST_COUNTED",
    "atleast_in_field",
    "bad_count",
    "bad_distance",
    "bare_near",
    "chained_near",
    "unfit",
    "unfit_count",
    "unfit_side",
]

MOST_COUNTED = 1_000_000
"""The largest number that `atleast` may ask for."""


# NEAR/5


def bad_distance(query: str, start: int, end: int) -> Misread:
    """An operator of nearness, `query[start:end]`, with a distance that is none."""
    name, _, number = query[start:end].partition("/")
    mended = f"{name}/{FARTHEST if number.strip('0').isdecimal() else 1}"
    return Misread(
        f"{shown(query[start:end])} is not understood: a distance is from 1 to {FARTHEST} words.",
        query,
        start,
        end,
        expected=f"{name}/5, or quotes around it to search for the text itself",
        repairs=[query[:start] + mended + query[end:]],
    )


def bare_near(query: str, start: int, end: int) -> Misread:
    """The word NEAR, `query[start:end]`, between two others."""
    return Misread(
        "NEAR needs a distance.",
        query,
        start,
        end,
        expected='NEAR/5 for at most five words apart, or "NEAR" in quotes for the word itself',
        repairs=[query[:end] + "/5" + query[end:], f'{query[:start]}"NEAR"{query[end:]}'],
    )


def chained_near(query: str, second: Token, middle: Node) -> Misread:
    """A second operator of nearness behind the right side of another."""
    between = query[slice(*middle.span)]
    before = query[: second.start].rstrip()
    return Misread(
        "Which of these words should be near which is unclear: a NEAR/5 joins two.",
        query,
        second.start,
        second.end,
        expected="pairs joined by AND: a NEAR/5 b AND b NEAR/5 c",
        repairs=[f"{before} AND {between} {query[second.start :]}"],
    )


def _named(node: Node) -> str:
    match node:
        case Near():
            return "Words near each other"
        case InField():
            return "A field"
        case Boost():
            return "A weight"
        case Not():
            return "What is left out"
        case And() | Loose():
            return "Several words that are no phrase"
        case _:
            return "A pattern or a count"


def unfit_side(query: str, operator: Token, node: Node) -> Misread:
    """A node on a side of an operator of nearness that can't stand there."""
    joined = query[: operator.start] + "AND" + query[operator.end :]
    hint = "a word, a phrase in quotes or (these OR those) on either side"
    if isinstance(node, InField):
        hint = "the field once, before brackets: title:(a NEAR/5 b)"
    elif isinstance(node, Boost):
        hint = "the weight behind brackets: (a NEAR/5 b)^2"
    name = query[operator.start : operator.end]
    return Misread(
        f"{_named(node)} can't stand beside {name}.",
        query,
        *node.span,
        expected=hint,
        repairs=[*_plainer(query, node), joined],
    )


def _plainer(query: str, node: Node) -> list[str]:
    """Queries with a node made into a word or phrase, where that is what it holds."""
    start, end = node.span
    if isinstance(node, Boost):
        return [query[: node.child.span[1]] + query[end:]]
    phrase = _phrase_of(node)
    return [query[:start] + phrase + query[end:]] if phrase else []


def _phrase_of(node: Node) -> str | None:
    """Bare words side by side as a phrase in quotes."""
    if not isinstance(node, Loose):
        return None
    words = [child.text for child in node.children if isinstance(child, Word)]
    return quoted(" ".join(words)) if len(words) == len(node.children) else None


# atleast3()


def bad_count(query: str, start: int, end: int) -> Misread:
    """An `atleast` with a number that is none, `query[start:end]`."""
    return Misread(
        f"{shown(query[start:end])} is not understood: a count is from 1 to {MOST_COUNTED}.",
        query,
        start,
        end,
        expected="atleast3(word)",
        repairs=[query[:start] + "atleast1" + query[end:]],
    )


def atleast_in_field(query: str, start: int, end: int) -> Misread:
    """An `atleast`, `query[start:end]`, inside a field."""
    return Misread(
        "atleast counts in title and body together and can't stand in a field.",
        query,
        start,
        end,
        expected="no field before it, or no atleast",
        repairs=[cut(query, start, end)],
    )


def unfit_count(query: str, owner: Token, node: Node, end: int) -> Misread:
    """A node whose occurrences `atleast` can't count; its brackets end at `end`."""
    before, name, after = query[: owner.start], query[owner.start : owner.end], query[end:]
    repairs = _plainer(query, node)
    if isinstance(node, Loose | And):
        phrase = _phrase_of(node)
        each = " ".join(f"{name}({query[slice(*child.span)]})" for child in node.children)
        repairs = [f"{before}{name}({phrase}){after}"] if phrase else []
        repairs.append(f"{before}({each}){after}")
    return Misread(
        f"{_named(node)} can't be counted by atleast.",
        query,
        *node.span,
        expected="a word, a phrase, a pattern or (these OR those) between its brackets",
        repairs=repairs,
    )


def unfit(node: Node, fit: tuple[type[Node], ...]) -> Node | None:
    """The first node that is neither of some kinds nor an OR of such."""
    if isinstance(node, Or):
        return next((found for child in node.children if (found := unfit(child, fit))), None)
    return None if isinstance(node, fit) else node
