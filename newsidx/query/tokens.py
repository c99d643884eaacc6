"""The pieces of a query that the lexer hands to the parser."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from newsidx.query.nodes import Node

__all__ = ["Token", "TokenKind"]


class TokenKind(Enum):
    """What a token does in the grammar."""

    LEAF = "leaf"  # a word, phrase or pattern; after a field also a range or comparison
    URL = "url"  # a web address, which searches url: unless it stands in a field
    FIELD = "field"  # a field's name; a LEAF, URL or OPEN follows
    BOOST = "boost"
    NEAR = "near"
    ATLEAST = "atleast"  # an OPEN follows
    AND = "AND"
    OR = "OR"
    NOT = "NOT"  # also the dash before what it leaves out
    OPEN = "("
    CLOSE = ")"


class Token(Struct, frozen=True):
    """A piece of a query.

    Attributes:
        start: Where it begins, in code points from 0.
        end: Where it ends.
        node: What a LEAF or a URL stands for.
        name: The name of a FIELD, in lower case.
        factor: The weight of a BOOST.
        number: The distance of a NEAR, the count of an ATLEAST.
        ordered: Whether the left side of a NEAR must come first.
    """

    kind: TokenKind
    start: int
    end: int
    node: Node | None = None
    name: str = ""
    factor: float = 1.0
    number: int = 0
    ordered: bool = False
