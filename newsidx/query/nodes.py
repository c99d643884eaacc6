"""A query as typed: the grammar's tree, before any field or word is looked up.

Every node is frozen and compares by meaning: `span`, the place in the query that
it was read from (start and end in code points), is for error messages and takes
no part in equality, so that `parse(render(tree)) == tree`.
"""

from __future__ import annotations

from msgspec import Struct

__all__ = [
    "And",
    "AtLeast",
    "Boost",
    "Compare",
    "Exact",
    "Fuzzy",
    "InField",
    "Loose",
    "Near",
    "Node",
    "Not",
    "Or",
    "Pattern",
    "Phrase",
    "Range",
    "Regex",
    "Slop",
    "Word",
]

Place = tuple[int, int]

_NOWHERE: Place = (0, 0)


class _Node(Struct, frozen=True, eq=False):
    """What all nodes are; the last of their fields is the span."""

    def _meaning(self) -> tuple[object, ...]:
        return tuple([getattr(self, name) for name in self.__struct_fields__[:-1]])

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._meaning() == other._meaning()

    def __hash__(self) -> int:
        return hash((type(self), self._meaning()))

    def __repr__(self) -> str:
        pairs = zip(self.__struct_fields__, self._meaning(), strict=False)
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in pairs)})"


class Word(_Node, frozen=True):
    """A bare word as typed; it may hold several tokens (`u.s.`, `covid-19`)."""

    text: str
    span: Place = _NOWHERE


class Phrase(_Node, frozen=True):
    """Quoted words: these, in this order, as written. `text` is without the quotes."""

    text: str
    span: Place = _NOWHERE


class Pattern(_Node, frozen=True):
    """A word with `*` (any run) or `?` (any one character). `*` alone is everything."""

    text: str
    span: Place = _NOWHERE


class Slop(_Node, frozen=True):
    """`"text"~words`: these words in this order, with at most so many others between."""

    text: str
    words: int
    span: Place = _NOWHERE


class Exact(_Node, frozen=True):
    """`=text`: in this form only; with `==`, in this spelling only. Without any quotes.

    After the name of a keyword field it is the whole value.
    """

    text: str
    spelling: bool = False
    span: Place = _NOWHERE


class Fuzzy(_Node, frozen=True):
    """`text~` or `text~2`: a word with up to so many edits."""

    text: str
    edits: int = 1
    span: Place = _NOWHERE


class Regex(_Node, frozen=True):
    """`/text/`: a regular expression over whole forms. `text` is without the slashes."""

    text: str
    span: Place = _NOWHERE


class Range(_Node, frozen=True):
    """`low..high` after a field; an end that was left out is None. Both inclusive."""

    low: str | None
    high: str | None
    span: Place = _NOWHERE


class Compare(_Node, frozen=True):
    """A value after a field with an operator: `>`, `>=`, `<` or `<=`."""

    operator: str
    value: str
    span: Place = _NOWHERE


class InField(_Node, frozen=True):
    """`name:child`: the child, in one field. The name is as typed, in lower case."""

    name: str
    child: Node
    span: Place = _NOWHERE


class Boost(_Node, frozen=True):
    """`child^factor`: its words weigh `factor` times as much in the score."""

    child: Node
    factor: float
    span: Place = _NOWHERE


class Near(_Node, frozen=True):
    """`left NEAR/distance right`, or `left PRE/distance right`, which is ordered.

    A side is a `Word`, a `Phrase`, an `Exact` or an `Or` of these.
    """

    left: Node
    right: Node
    distance: int
    ordered: bool = False
    span: Place = _NOWHERE


class AtLeast(_Node, frozen=True):
    """`atleast3(child)`: so many occurrences in title and body together.

    The child is a word, a phrase, a pattern of any kind or an `Or` of these.
    """

    count: int
    child: Node
    span: Place = _NOWHERE


class Not(_Node, frozen=True):
    """`NOT child` or `-child`."""

    child: Node
    span: Place = _NOWHERE


class Loose(_Node, frozen=True):
    """Two or more side by side with nothing between: all of them, unless `--any`."""

    children: tuple[Node, ...]
    span: Place = _NOWHERE


class And(_Node, frozen=True):
    """Two or more joined by AND."""

    children: tuple[Node, ...]
    span: Place = _NOWHERE


class Or(_Node, frozen=True):
    """Two or more joined by OR."""

    children: tuple[Node, ...]
    span: Place = _NOWHERE


Node = (
    Word
    | Phrase
    | Slop
    | Exact
    | Pattern
    | Fuzzy
    | Regex
    | Range
    | Compare
    | InField
    | Boost
    | Near
    | AtLeast
    | Not
    | Loose
    | And
    | Or
)
