"""A query as typed: the grammar's tree, before any field or word is looked up.

Every node is frozen and compares by meaning: `span`, the place in the query that
it was read from (start and end in code points), is for error messages and takes
no part in equality, so that `parse(render(tree)) == tree`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

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
class Slop:
    """`"text"~words`: these words in this order, with at most so many others between."""

    text: str
    words: int
    span: Place = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Exact:
    """`=text`: in this form only; with `==`, in this spelling only. Without any quotes.

    After the name of a keyword field it is the whole value.
    """

    text: str
    spelling: bool = False
    span: Place = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """`text~` or `text~2`: a word with up to so many edits."""

    text: str
    edits: int = 1
    span: Place = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Regex:
    """`/text/`: a regular expression over whole forms. `text` is without the slashes."""

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
class Near:
    """`left NEAR/distance right`, or `left PRE/distance right`, which is ordered.

    A side is a `Word`, a `Phrase`, an `Exact` or an `Or` of these.
    """

    left: Node
    right: Node
    distance: int
    ordered: bool = False
    span: Place = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class AtLeast:
    """`atleast3(child)`: so many occurrences in title and body together.

    The child is a word, a phrase, a pattern of any kind or an `Or` of these.
    """

    count: int
    child: Node
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
