"""From a tree back to a query's text: what `--explain` prints and scripts can keep."""

from __future__ import annotations

import re
from types import UnionType
from typing import assert_never

from msgspec import Struct

from newsidx.errors import QueryError
from newsidx.query.characters import quoted
from newsidx.query.grammar import is_spaced_comparison
from newsidx.query.lexer import tokenize_query
from newsidx.query.nodes import (
    And,
    AtLeast,
    Boost,
    Compare,
    Exact,
    Fuzzy,
    InField,
    Loose,
    Near,
    Node,
    Not,
    Or,
    Pattern,
    Phrase,
    Range,
    Regex,
    Slop,
    Word,
)
from newsidx.query.tokens import TokenKind

__all__ = ["render"]

# Values that no rule of the lexer can mistake for something else: numbers, days, times
# and names of days. Others stand in quotes.
_PLAIN_VALUE = re.compile(r"[0-9](?:[\w/:+-]|\.(?=\w))*|[A-Za-z]+", re.ASCII)
_LIKE_OPERATORS = (Word("or"), Word("not"), Word("NEAR"))
_NOT_FIRST = re.compile(r"\Anot (?!AND |NEAR/|PRE/)")


def render(node: Node, *, explicit: bool = False) -> str:
    """The canonical text of a tree, with no more brackets than it needs.

    `parse(render(tree)) == tree` for every tree that `parse` returns. Of the words that
    `parse_literal` returns, one that no query can spell (`AND`, `(b`) comes out quoted.

    Args:
        node: A tree.
        explicit: Write out what the grammar leaves to be understood: AND between words
            side by side, and brackets around what OR joins.
    """
    return _Renderer(explicit).text(node, False)


class _Renderer(Struct, frozen=True):
    explicit: bool

    def text(self, node: Node, within_field: bool) -> str:
        match node:
            case Word():
                return node.text if _is_word(node.text, within_field) else quoted(node.text)
            case Phrase():
                return quoted(node.text)
            case Slop():
                return f"{quoted(node.text)}~{node.words}"
            case Exact():
                return _exact(node)
            case Pattern():
                return node.text
            case Fuzzy():
                return node.text + ("~2" if node.edits == 2 else "~")
            case Regex():
                return f"/{node.text}/"
            case Range():
                return f"{_value(node.low)}..{_value(node.high)}"
            case Compare():
                return node.operator + _value(node.value)
            case InField():
                return self._in_field(node)
            case Boost():
                return self._boost(node, within_field)
            case Near():
                return self._near(node, within_field)
            case AtLeast():
                return f"atleast{node.count}{_group(self.text(node.child, within_field))}"
            case Not():
                group = self._is_run(node.child)
                return "NOT " + self._part(node.child, within_field, group=group)
            case Loose():
                return self._loose(node, within_field)
            case And():
                grouped = And | Or | Near if self.explicit else And | Or
                return " AND ".join(self._operands(node.children, grouped, within_field))
            case Or():
                grouped = Loose | And | Or | Near if self.explicit else Or
                return " OR ".join(self._operands(node.children, grouped, within_field))
            case _:
                assert_never(node)

    def _part(self, node: Node, within_field: bool, *, group: bool) -> str:
        text = self.text(node, within_field)
        return _group(text) if group else text

    def _is_run(self, node: Node) -> bool:
        """Whether a node is several side by side, to be kept together by brackets."""
        return isinstance(node, Loose | And | Or) or (self.explicit and isinstance(node, Near))

    def _near(self, node: Near, within_field: bool) -> str:
        left, right = (
            self._part(side, within_field, group=isinstance(side, Or))
            for side in (node.left, node.right)
        )
        return f"{left} {'PRE' if node.ordered else 'NEAR'}/{node.distance} {right}"

    def _in_field(self, node: InField) -> str:
        child, text = node.child, self.text(node.child, True)
        if isinstance(child, Compare):
            return node.name + text
        whole = f"{node.name}:{text}"
        if isinstance(child, Phrase | Slop | Range):
            return whole
        if isinstance(child, Word | Exact | Pattern | Fuzzy | Regex) and _reads_as(whole, child):
            return whole
        return f"{node.name}:{_group(text)}"

    def _boost(self, node: Boost, within_field: bool) -> str:
        child = node.child
        inner = child.child if isinstance(child, InField) else child
        group = _is_address(inner) or isinstance(child, Boost | Near | Not | Loose | And | Or)
        return f"{self._part(child, within_field, group=group)}^{_number(node.factor)}"

    def _loose(self, node: Loose, within_field: bool) -> str:
        last = len(node.children) - 1
        parts = []
        for place, child in enumerate(node.children):
            # In brackets, a word is nothing like an operator and no comparison.
            group = (
                self._is_run(child)
                or (0 < place < last and child in _LIKE_OPERATORS)
                or (place > 0 and is_spaced_comparison(node.children[place - 1], _first(child)))
            )
            parts.append(self._part(child, within_field, group=group))
        return (" AND " if self.explicit else " ").join(parts)

    def _operands(
        self, children: tuple[Node, ...], grouped: UnionType | type[Node], within_field: bool
    ) -> list[str]:
        texts = [
            self._part(child, within_field, group=isinstance(child, grouped)) for child in children
        ]
        # Directly after AND or OR, a loose run can't begin with a lower-case operator.
        return texts[:1] + [_NOT_FIRST.sub("(not) ", text) for text in texts[1:]]


def _group(text: str) -> str:
    """The text in brackets. An address with an open bracket is kept from taking the last."""
    last = text.rsplit(None, 1)[-1]
    takes = "://" in last and last.count("(") > last.count(")")
    return f"({text} )" if takes else f"({text})"


def _first(node: Node) -> Node:
    """What the text of a node begins with."""
    while isinstance(node, Boost | Near):
        node = node.child if isinstance(node, Boost) else node.left
    return node


def _exact(node: Exact) -> str:
    """Without quotes where it needs none."""
    signs = "==" if node.spelling else "="
    plain = signs + node.text
    return plain if _reads_as(plain, node) else signs + quoted(node.text)


def _is_word(text: str, within_field: bool) -> bool:
    """Whether the text, by itself, is read as one word of just this text."""
    return _reads_as(text, Word(text), address=within_field)


def _reads_as(text: str, node: Node, *, address: bool = True) -> bool:
    """Whether the text's last token is this node, and no other but a field stands before."""
    try:
        *before, token = tokenize_query(text)
    except (QueryError, ValueError):
        return False
    return (
        token.node == node
        and (address or token.kind is not TokenKind.URL)
        and [other.kind for other in before] in ([], [TokenKind.FIELD])
    )


def _is_address(node: Node) -> bool:
    return isinstance(node, Word) and not _is_word(node.text, False) and _is_word(node.text, True)


def _value(text: str | None) -> str:
    """One end of a range or comparison."""
    if text is None:
        return ""
    return text if _PLAIN_VALUE.fullmatch(text) else quoted(text)


def _number(factor: float) -> str:
    """A weight without an exponent, which the lexer would not read."""
    from decimal import Decimal

    return format(Decimal(repr(factor)).normalize(), "f")
