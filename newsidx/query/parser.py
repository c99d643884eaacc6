"""From a query's text to its tree, or to an error with a repaired query."""

from __future__ import annotations

import re
from collections import deque

from newsidx.errors import QueryError
from newsidx.query import parser_complaints as complaints
from newsidx.query.grammar import DEEPEST, build
from newsidx.query.groups import joined
from newsidx.query.lexer import tokenize_query
from newsidx.query.misread import Misread
from newsidx.query.nodes import And, AtLeast, Boost, InField, Loose, Near, Node, Not, Or, Word
from newsidx.query.render import render

__all__ = ["mixed_reading", "parse", "parse_literal"]

# How many candidates for a repaired query are tried before there is none, and how long
# a query, in characters, is worth it: nobody would read a longer one.
_TRIES = 12
_LONGEST_REPAIRED = 10_000


def parse(query: str) -> Node:
    """Read a query.

    The span of a group takes in its brackets; that of any other node reaches from its
    first part to its last.

    Args:
        query: The query as typed.

    Raises:
        QueryError: It can't be understood. The error names the place and, where there
            is one, a repaired query, which parses.
    """
    try:
        return _read(query)
    except Misread as problem:
        raise QueryError(
            problem.message,
            query,
            problem.start,
            problem.end,
            expected=problem.hint,
            repaired=_repaired(problem.repairs),
        ) from None


def parse_literal(text: str) -> Node:
    """Take a text as loose words, cut at white space, whatever they contain.

    A text without any is `Loose(())`, which matches nothing.
    """
    words: list[Node] = [Word(found.group(), found.span()) for found in re.finditer(r"\S+", text)]
    return joined(Loose, words) if words else Loose(())


def mixed_reading(tree: Node) -> str | None:
    """How a query was read in which AND and OR mix without brackets, else None.

    `a b OR c` is read `(a AND b) OR c`. Words side by side count as joined by AND.

    Args:
        tree: What `parse` made of the query, with its spans.

    Returns:
        A query that says the same, with the brackets and each AND written out.
    """
    return render(tree, explicit=True) if _mixes(tree) else None


def _repaired(candidates: tuple[str, ...]) -> str | None:
    """The first of the candidates, or of what they are repaired to, that parses."""
    waiting = deque(query for query in candidates if len(query) <= _LONGEST_REPAIRED)
    for _ in range(_TRIES):
        if not waiting:
            break
        candidate = waiting.popleft()
        try:
            _read(candidate)
        except Misread as problem:
            waiting.extend(problem.repairs)
        else:
            return candidate
    return None


def _read(query: str) -> Node:
    tokens = tokenize_query(query)
    if not tokens:
        raise complaints.empty_query(query)
    tree = build(query, tokens)
    _check_height(query, tree)
    return tree


def _check_height(query: str, tree: Node) -> None:
    """Refuse a tree that would be too deep for what walks it by recursion."""
    level, height = [tree], 0
    while level:
        if height > DEEPEST:
            raise complaints.too_deep(query, *level[0].span, DEEPEST)
        level = [child for node in level for child in _children(node)]
        height += 1


def _children(node: Node) -> tuple[Node, ...]:
    match node:
        case And() | Or() | Loose():
            return node.children
        case Not() | Boost() | InField() | AtLeast():
            return (node.child,)
        case Near():
            return (node.left, node.right)
        case _:
            return ()


def _mixes(node: Node) -> bool:
    match node:
        case Or():
            joins = any(
                isinstance(child, And | Loose) and not _bracketed(child) for child in node.children
            )
            return joins or any(_mixes(child) for child in node.children)
        case And() | Loose():
            return any(_mixes(child) for child in node.children)
        case Not() | Boost() | InField():
            return _mixes(node.child)
        case _:
            return False


def _bracketed(node: And | Loose) -> bool:
    """Whether brackets were typed around it: its span then begins before its first part."""
    return node.span[0] < node.children[0].span[0]
