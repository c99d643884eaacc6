"""What the grammar has read of a query, between brackets."""

from __future__ import annotations

from msgspec import Struct, field

from newsidx.query.nodes import And, Loose, Node, Or
from newsidx.query.tokens import Token

__all__ = ["Group", "joined"]


def joined(kind: type[And] | type[Or] | type[Loose], parts: list[Node]) -> Node:
    """The parts as one node of a kind, or the part when there is only one."""
    if len(parts) == 1:
        return parts[0]
    return kind(tuple(parts), (parts[0].span[0], parts[-1].span[1]))


class Group(Struct):
    """What has been read since a bracket opened, or since the query began.

    Attributes:
        opened: The bracket, or None for the query itself.
        owner: The field or the `atleast3` that the bracket belongs to.
        within_field: Whether it is, or is inside, a field's group.
        alternatives: What stood before each OR.
        required: What stood before each AND since the last OR.
        loose: What stood side by side since the last operator.
        negations: Each NOT that still waits for what it negates.
        operator: The last AND or OR.
        left: What stood before a NEAR, with its start, while the other side is awaited.
        near: That NEAR.
    """

    opened: Token | None = None
    owner: Token | None = None
    within_field: bool = False
    alternatives: list[Node] = field(default_factory=list)
    required: list[Node] = field(default_factory=list)
    loose: list[Node] = field(default_factory=list)
    negations: list[Token] = field(default_factory=list)
    operator: Token | None = None
    left: tuple[Node, int] | None = None
    near: Token | None = None

    def end_run(self) -> None:
        """What stands side by side is complete: an operator or the end follows."""
        self.required.append(joined(Loose, self.loose))
        self.loose = []

    def end_conjunction(self) -> None:
        """What AND joins is complete: an OR or the end follows."""
        self.alternatives.append(joined(And, self.required))
        self.required = []
