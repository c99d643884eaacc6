"""A query as typed: the grammar's tree, before any field or word is looked up.

Every node is frozen and compares by meaning: `span`, the place in the query that
it was read from (start and end in code points), is for error messages and takes
no part in equality, so that `parse(render(tree)) == tree`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = [
    "And",
    "Boost",
    "Compare",
    "InField",
    "Loose",
    "Node",
    "Not",
    "Or",
    "Pattern",
    "Phrase",
    "Range",
    "Word",
]

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Word:
    """A bare word as typed; it may hold several tokens (`u.s.`, `covid-19`)."""

    text: str
    span: Place = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Quoted words: these, in this order, as written. `text` is without the quotes."""

    text: str
    span: Place = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A word with `*` (any run) or `?` (any one character). `*` alone is everything."""

    text: str
    span: Place = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Range:
    """`low..high` after a field; an end that was left out is None. Both inclusive."""

    low: str | None
    high: str | None
    span: Place = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Compare:
    """A value after a field with an operator: `>`, `>=`, `<` or `<=`."""

    operator: str
    value: str
    span: Place = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class InField:
    """`name:child`: the child, in one field. The name is as typed, in lower case."""

    name: str
    child: Node
    span: Place = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Boost:
    """`child^factor`: its words weigh `factor` times as much in the score."""

    child: Node
    factor: float
    span: Place = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Not:
    """`NOT child` or `-child`."""

    child: Node
    span: Place = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Loose:
    """Two or more side by side with nothing between: all of them, unless `--any`."""

    children: tuple[Node, ...]
    span: Place = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class And:
    """Two or more joined by AND."""

    children: tuple[Node, ...]
    span: Place = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Or:
    """Two or more joined by OR."""

    children: tuple[Node, ...]
    span: Place = field(default=(0, 0), compare=False, repr=False)


Node = Word | Phrase | Pattern | Range | Compare | InField | Boost | Not | Loose | And | Or
