"""A query ready to run: fields resolved, words folded, dates turned into days.

Engines compile this tree and `query/match.py` evaluates it; neither ever sees text
that was typed. `fields` of a leaf are names of the schema: a match in any one of
them is a match.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["All", "And", "Bound", "BoundQuery", "Has", "Not", "Or", "Phrase"]
__all__ += ["Range", "Scored", "Term", "Wildcard"]


@dataclass(frozen=True, slots=True)
class All:
    """Every article."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word by its stem, under the stemmer of each article.

    Attributes:
        lower: The token as typed, in lower case, not folded: what stemmers read.
        form: The same, folded.
    """

    fields: tuple[str, ...]
    lower: str
    form: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """One or more forms, as written, next to each other, within one value of a field."""

    fields: tuple[str, ...]
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wildcard:
    """A pattern over whole forms: `*` is any run, `?` any one character."""

    fields: tuple[str, ...]
    pattern: str


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers from low to high, both inclusive; an open end is None.

    Dates are proleptic Gregorian ordinals (`date.toordinal`), and match when the
    whole span an article's date can mean lies in the range.
    """

    field: str
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Has:
    """Articles with a value in the field."""

    field: str


@dataclass(frozen=True, slots=True)
class Not:
    """Articles that the child does not match."""

    child: Bound


@dataclass(frozen=True, slots=True)
class And:
    """Articles that every child matches."""

    children: tuple[Bound, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Articles that at least one child matches."""

    children: tuple[Bound, ...]


Bound = All | Term | Phrase | Wildcard | Range | Has | Not | And | Or


@dataclass(frozen=True, slots=True)
class Scored:
    """A word of the query that adds to the score of articles that have it."""

    word: Term | Wildcard
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class BoundQuery:
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
