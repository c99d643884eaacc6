"""A query ready to run: fields resolved, words folded, dates turned into days.

Engines compile this tree and `query/match.py` evaluates it; neither ever sees text
that was typed. `fields` of a leaf are names of the schema: a match in any one of
them is a match.
"""

from __future__ import annotations

from msgspec import Struct

__all__ = ["All", "And", "AtLeast", "Bound", "BoundQuery", "Expansion", "Fuzzy", "Has"]
__all__ += ["Leaf", "Near", "Not", "Or", "Phrase", "Range", "Regex", "Scored", "Slop"]
__all__ += ["Term", "Whole", "Wildcard"]


class All(Struct, frozen=True):
    """Every article."""


class Term(Struct, frozen=True):
    """A word by its stem, under the stemmer of each article.

    Attributes:
        lower: The token as typed, in lower case, not folded: what stemmers read.
        form: The same, folded.
    """

    fields: tuple[str, ...]
    lower: str
    form: str


class Phrase(Struct, frozen=True):
    """One or more forms, as written, next to each other, within one value of a field.

    Attributes:
        spelling: Where not empty, how each token must be spelt, as `tokens.spelt` gives
            it. An engine that holds only forms finds those and asks `match` for the rest.
    """

    fields: tuple[str, ...]
    forms: tuple[str, ...]
    spelling: tuple[str, ...] = ()


class Whole(Struct, frozen=True):
    """A keyword field with a value of exactly these forms.

    Attributes:
        spelling: As for a phrase.
    """

    field: str
    forms: tuple[str, ...]
    spelling: tuple[str, ...] = ()


class Slop(Struct, frozen=True):
    """Two or more forms in this order within one value of a field.

    Attributes:
        words: How many other tokens may stand between the first and the last in all.
    """

    fields: tuple[str, ...]
    forms: tuple[str, ...]
    words: int


class Wildcard(Struct, frozen=True):
    """A pattern over whole forms: `*` is any run, `?` any one character."""

    fields: tuple[str, ...]
    pattern: str


class Fuzzy(Struct, frozen=True):
    """Forms at most so many edits away from one: `patterns.distance_within`."""

    fields: tuple[str, ...]
    form: str
    edits: int


class Regex(Struct, frozen=True):
    """A regular expression over whole forms, as `regex.compile_regex` reads it."""

    fields: tuple[str, ...]
    pattern: str


Expansion = Wildcard | Fuzzy | Regex
"""What stands for every form that fits."""

Leaf = Term | Phrase | Wildcard | Fuzzy | Regex
"""What has occurrences, each a run of tokens in one value of one field."""


class Near(Struct, frozen=True):
    """Two occurrences in one value of a field, near each other and without a common token.

    Attributes:
        fields: Where; those of the leaves are the same.
        left: Alternatives, of which one must occur.
        right: Likewise.
        distance: How many positions the end of one may be from the start of the other;
            1 is adjacent.
        ordered: Whether the left one must come first.
    """

    fields: tuple[str, ...]
    left: tuple[Term | Phrase, ...]
    right: tuple[Term | Phrase, ...]
    distance: int
    ordered: bool


class AtLeast(Struct, frozen=True):
    """So many occurrences, of any of the alternatives, in some fields together.

    Occurrences that begin at one token count once.
    """

    fields: tuple[str, ...]
    words: tuple[Leaf, ...]
    count: int


class Range(Struct, frozen=True):
    """Numbers from low to high, both inclusive; an open end is None.

    Dates are proleptic Gregorian ordinals (`date.toordinal`), and match when the
    whole span an article's date can mean lies in the range.
    """

    field: str
    low: int | None
    high: int | None


class Has(Struct, frozen=True):
    """Articles with a value in the field."""

    field: str


class Not(Struct, frozen=True):
    """Articles that the child does not match."""

    child: Bound


class And(Struct, frozen=True):
    """Articles that every child matches."""

    children: tuple[Bound, ...]


class Or(Struct, frozen=True):
    """Articles that at least one child matches."""

    children: tuple[Bound, ...]


Bound = (
    All
    | Term
    | Phrase
    | Whole
    | Slop
    | Wildcard
    | Fuzzy
    | Regex
    | Near
    | AtLeast
    | Range
    | Has
    | Not
    | And
    | Or
)


class Scored(Struct, frozen=True):
    """A word of the query that adds to the score of articles that have it."""

    word: Term | Expansion
    boost: float = 1.0


class BoundQuery(Struct, frozen=True):
    """Everything an engine needs to answer a query.

    Attributes:
        tree: Which articles match.
        scored: What their scores are the sum over; empty when nothing ranks.
        dropped: Stop words left out.
        ignored: Typed words that hold no letter or digit.
        starred: Quoted phrases with a wildcard in them, which there is punctuation.
    """

    tree: Bound
    scored: tuple[Scored, ...]
    dropped: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    starred: tuple[str, ...] = ()
