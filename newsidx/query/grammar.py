"""The grammar: from tokens to a tree.

Loosest first: OR, AND, words side by side, NOT, NEAR, a weight, a field. Words side by
side without an operator make a `Loose` node, which AND joins to its neighbours:
`a AND b c OR d` is `Or(And(a, Loose(b, c)), d)`.

It is read in one loop with a stack of open brackets rather than by functions that
call each other, so that no nesting can exhaust Python's own stack.
"""

from __future__ import annotations

from msgspec.structs import replace

from newsidx.query import near_complaints
from newsidx.query import parser_complaints as complaints
from newsidx.query.groups import Group, joined
from newsidx.query.misread import Misread
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
    Word,
)
from newsidx.query.tokens import Token, TokenKind
from newsidx.schema import Kind, field_named

__all__ = ["DEEPEST", "build", "is_spaced_comparison"]

DEEPEST = 100
"""How many nodes may stand around a leaf, and how many brackets may be open."""

_ENDS_OPERAND = (TokenKind.LEAF, TokenKind.URL, TokenKind.BOOST, TokenKind.CLOSE)
_BEGINS_OPERAND = (
    TokenKind.LEAF,
    TokenKind.URL,
    TokenKind.FIELD,
    TokenKind.ATLEAST,
    TokenKind.OPEN,
    TokenKind.NOT,
)
_BESIDE_NEAR = (Word, Phrase, Exact)
_COUNTED = (Word, Phrase, Exact, Pattern, Fuzzy, Regex)


def build(query: str, tokens: list[Token]) -> Node:
    """Make a tree of a query's tokens, of which there is at least one.

    The span of a group takes in its brackets; that of any other node reaches from its
    first part to its last.

    Raises:
        QueryError: They are in no order that means something.
    """
    return _Reader(query, tokens).run()


def is_spaced_comparison(left: Node, right: Node) -> bool:
    """Whether two loose words look like a comparison with a space in it: `words >500`."""
    if not isinstance(left, Word) or not isinstance(right, Word):
        return False
    compared = field_named(left.text) if right.text.startswith(("<", ">")) else None
    return compared is not None and compared.kind in (Kind.DATE, Kind.NUMBER)


class _Reader:
    def __init__(self, query: str, tokens: list[Token]) -> None:
        self.query = query
        self.tokens = tokens
        self.position = 0
        self.group = Group()
        self.outer: list[Group] = []

    def run(self) -> Node:
        while (token := self._next()) is not None:
            match token.kind:
                case TokenKind.LEAF | TokenKind.URL:
                    self._refuse_unclear(token)
                    self._leaf(token, None)
                case TokenKind.FIELD:
                    self._field(token)
                case TokenKind.ATLEAST:
                    self._count(token)
                case TokenKind.OPEN:
                    self._open(token, None)
                case TokenKind.CLOSE:
                    self._close(token)
                case TokenKind.NOT:
                    self._negate(token)
                case TokenKind.AND | TokenKind.OR:
                    self._operator(token)
                case TokenKind.NEAR:  # `_operand` takes it with what stands before it
                    raise self._misplaced_near(token)
                case TokenKind.BOOST:  # `_operand` has taken it with what it weighs
                    raise AssertionError("a weight stands only after an operand")
        if self.group.opened:
            raise complaints.unclosed_bracket(self.query, self.group.opened.start, len(self.outer))
        return self._finished(self.group, 0)

    def _next(self) -> Token | None:
        token = self._peek()
        self.position += 1
        return token

    def _peek(self) -> Token | None:
        return self.tokens[self.position] if self.position < len(self.tokens) else None

    # Operands

    def _leaf(self, token: Token, owner: Token | None) -> None:
        node = token.node
        assert node is not None
        span = (owner.start if owner else token.start, token.end)
        if owner:
            node = InField(owner.name, node, span)
        elif token.kind is TokenKind.URL and not self.group.within_field:
            node = InField("url", node, span)
        self._operand(node, *span)

    def _field(self, name: Token) -> None:
        value = self._next()
        assert value is not None
        if self.group.within_field:
            plain = not isinstance(value.node, Compare | Range)
            raise complaints.field_in_group(self.query, name.start, value.start, plain=plain)
        if value.kind is TokenKind.OPEN:
            self._open(value, name)
        else:
            self._leaf(value, name)

    def _operand(self, node: Node, start: int, end: int) -> None:
        """Add a node, which with its brackets takes up `query[start:end]`."""
        weight = self._peek()
        if weight and weight.kind is TokenKind.BOOST:
            self.position += 1
            end = weight.end
            node = Boost(node, weight.factor, (start, end))
        group, near = self.group, self.group.near
        if near and group.left:
            node, start = self._near(*group.left, near, node, end)
            group.left = group.near = None
        following = self._peek()
        if following and following.kind is TokenKind.NEAR:
            self.position += 1
            if isinstance(node, Near) and near:
                raise near_complaints.chained_near(self.query, following, node.right)
            group.left, group.near = (node, start), following
            return
        for negation in reversed(group.negations):
            node = Not(node, (negation.start, end))
        group.negations.clear()
        group.loose.append(node)

    def _near(self, left: Node, start: int, near: Token, right: Node, end: int) -> tuple[Near, int]:
        """Two sides as one node, and where it starts."""
        for side in (left, right):
            if (unfit := near_complaints.unfit(side, _BESIDE_NEAR)) is not None:
                raise near_complaints.unfit_side(self.query, near, unfit)
        return Near(left, right, near.number, near.ordered, (start, end)), start

    def _misplaced_near(self, token: Token) -> Misread:
        group = self.group
        if group.near:
            return complaints.two_operators(self.query, group.near, token)
        if group.negations:
            return complaints.nothing_after(self.query, group.negations[-1])
        return complaints.nothing_before(self.query, token)

    def _count(self, token: Token) -> None:
        if self.group.within_field:
            raise near_complaints.atleast_in_field(self.query, token.start, token.end)
        bracket = self._next()
        assert bracket is not None
        self._open(bracket, token)

    def _refuse_unclear(self, token: Token) -> None:
        """Raise for a bare word that could as well be part of the grammar."""
        node = token.node
        previous = self.tokens[self.position - 2] if self.position > 1 else None
        following = self._peek()
        if not isinstance(node, Word) or not previous:
            return
        if node.text in ("or", "not") and following and following.kind in _BEGINS_OPERAND:
            joins = previous.kind in _ENDS_OPERAND
            negates = node.text == "not" and previous.kind in (TokenKind.AND, TokenKind.OR)
            if joins or negates:
                raise complaints.lower_case_operator(self.query, token.start, token.end)
        between = following and previous.kind in _ENDS_OPERAND and following.kind in _BEGINS_OPERAND
        if node.text == "NEAR" and between:
            raise near_complaints.bare_near(self.query, token.start, token.end)
        beside = previous.kind is TokenKind.LEAF and self.group.loose[-1:]
        if beside and is_spaced_comparison(beside[0], node):
            raise complaints.spaced_comparison(self.query, previous, token)

    # Operators and brackets

    def _negate(self, token: Token) -> None:
        if self.group.near:
            raise complaints.nothing_after(self.query, self.group.near)
        self.group.negations.append(token)
        if len(self.group.negations) > DEEPEST:
            raise complaints.too_deep(self.query, token.start, token.end, DEEPEST)

    def _operator(self, token: Token) -> None:
        group = self.group
        if group.near:
            raise complaints.nothing_after(self.query, group.near)
        if group.negations:
            raise complaints.nothing_after(self.query, group.negations[-1])
        if not group.loose:
            if group.operator:
                raise complaints.two_operators(self.query, group.operator, token)
            raise complaints.nothing_before(self.query, token)
        group.end_run()
        if token.kind is TokenKind.OR:
            group.end_conjunction()
        group.operator = token

    def _open(self, token: Token, owner: Token | None) -> None:
        if len(self.outer) == DEEPEST:
            raise complaints.too_deep(self.query, token.start, token.end, DEEPEST)
        self.outer.append(self.group)
        within = self.group.within_field or (owner is not None and owner.kind is TokenKind.FIELD)
        self.group = Group(token, owner, within)

    def _close(self, token: Token) -> None:
        group = self.group
        if not group.opened:
            raise complaints.stray_bracket(self.query, token.start)
        node = self._finished(group, token.end)
        if isinstance(node, And | Or | Loose | Near):
            node = replace(node, span=(group.opened.start, token.end))
        start = group.opened.start
        if owner := group.owner:
            start = owner.start
            if owner.kind is TokenKind.FIELD:
                node = InField(owner.name, node, (start, token.end))
            else:
                node = self._counted(owner, node, token.end)
        self.group = self.outer.pop()
        self._operand(node, start, token.end)

    def _counted(self, owner: Token, node: Node, end: int) -> AtLeast:
        """The `atleast3` that owns a group. Its closing bracket ends at `end`."""
        if (unfit := near_complaints.unfit(node, _COUNTED)) is not None:
            raise near_complaints.unfit_count(self.query, owner, unfit, end)
        return AtLeast(owner.number, node, (owner.start, end))

    def _finished(self, group: Group, end: int) -> Node:
        """What a group that is complete amounts to. Its closing bracket ends at `end`."""
        if group.near:
            raise complaints.nothing_after(self.query, group.near)
        if group.negations:
            raise complaints.nothing_after(self.query, group.negations[-1])
        if not group.loose and group.operator:
            raise complaints.nothing_after(self.query, group.operator)
        if not group.loose and group.opened:
            opened = group.opened.start
            owner = group.owner.start if group.owner else opened
            raise complaints.empty_group(self.query, owner, opened, end)
        group.end_run()
        group.end_conjunction()
        return joined(Or, group.alternatives)
