"""A bound tree as Tantivy's queries; where there is none for a part, bounds of it.

Most rows of the query language have a query that finds just the right articles. For the
others (`UNSAID`) there are two: one that finds some of the right articles and no other,
and one that finds all of them and perhaps more. What lies between is for
`query.match` to decide (`verify`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations_with_replacement, product
from typing import TYPE_CHECKING, NamedTuple, assert_never

from newsidx.analysis import ranking_stem, whole_value
from newsidx.engines.base import Fits
from newsidx.engines.tantivy.layout import GAP, stems_of, whole_of
from newsidx.engines.tantivy.queries import (
    all_of,
    any_of,
    between,
    but_not,
    everything,
    nothing,
    with_terms,
)
from newsidx.query import bound
from newsidx.query.patterns import fitting, prefix_of
from newsidx.schema import TEXT_FIELDS
from newsidx.text.stems import stem

if TYPE_CHECKING:
    from tantivy import Query, Schema

__all__ = ["UNSAID", "Bounds", "Compiler"]

UNSAID: tuple[tuple[str, str], ...] = (
    ("==WHO", "Forms are folded: how a word was spelt stands in the text alone."),
    ("atleast2(russia OR texas)", "Two words may have a token in common."),
    ('russia w/5 "stay"', "Stems and forms stand in fields of their own, which no phrase joins."),
    ("russia w/60 stay", "Each distance is a phrase of its own: too many."),
    ('"russia texas"~60', "Likewise."),
    ('"russia texas california stay"~9', "Likewise, for each way to put the others between."),
)
"""The rows of the query language that are verified on candidates, with the reason."""

MOST_STEPS = 32
"""Phrases with a gap are spelt out up to this distance: below `GAP`, so that none leaps it."""

# So many phrases in all are made of one leaf.
_MOST_PHRASES = 200

assert MOST_STEPS < GAP


class Bounds(NamedTuple):
    """What finds some of the right articles only, and what finds them all.

    Where both are the same object, it finds just these.
    """

    lower: Query
    upper: Query

    @property
    def exact(self) -> bool:
        """Whether there is nothing to verify."""
        return self.lower is self.upper


def _exactly(query: Query) -> Bounds:
    return Bounds(query, query)


Terms = Callable[[str, str, Fits], Iterable[tuple[str, int]]]
"""As `Engine.terms`."""


class Compiler:
    """Compiles trees for one index.

    Args:
        language: The index's.
        stemmers: Of all its articles.
        terms: Gives the forms of a field.
        known: Says whether any article has a term in a field.
        counted: Finds which articles have some terms, each in its field, so many times
            together.
    """

    def __init__(
        self,
        schema: Schema,
        language: str,
        stemmers: frozenset[str],
        terms: Terms,
        known: Callable[[str, str], bool],
        counted: Callable[[list[tuple[str, str]], int], Query],
    ) -> None:
        self.schema = schema
        self._language = language
        self._stemmers = sorted(stemmers)
        self._terms = terms
        self._known = known
        self._counted = counted

    def bounds(self, node: bound.Bound) -> Bounds:
        """What finds the articles that a tree matches, as exactly as can be said."""
        match node:
            case bound.And():
                return self._joined(node.children, all_of)
            case bound.Or():
                return self._joined(node.children, any_of)
            case bound.Not():
                child = self.bounds(node.child)
                upper = but_not(everything(), child.lower)
                return Bounds(upper if child.exact else but_not(everything(), child.upper), upper)
            case bound.All():
                return _exactly(everything())
            case bound.Has():
                return _exactly(self._term("has", node.field))
            case bound.Range():
                return _exactly(self._range(node))
            case bound.Whole():
                found = self._term(whole_of(node.field), whole_value(node.forms))
                return Bounds(nothing(), found) if node.spelling else _exactly(found)
            case bound.AtLeast():
                return self._at_least(node)
            case bound.Slop():
                return self._slop(node)
            case bound.Near():
                return self._near(node)
            case bound.Term() | bound.Phrase() | bound.Wildcard() | bound.Fuzzy() | bound.Regex():
                return self._leaf(node, node.fields)
            case _:
                assert_never(node)

    def _joined(
        self, children: Sequence[bound.Bound], join: Callable[[Sequence[Query]], Query]
    ) -> Bounds:
        every = [self.bounds(child) for child in children]
        upper = join([each.upper for each in every])
        if all(each.exact for each in every):
            return _exactly(upper)
        return Bounds(join([each.lower for each in every]), upper)

    # Leaves

    def _term(self, field: str, term: str) -> Query:
        return with_terms(self.schema, field, [term])

    def _leaf(self, node: bound.Leaf, fields: Sequence[str]) -> Bounds:
        if isinstance(node, bound.Term) and set(fields) == set(TEXT_FIELDS):
            return _exactly(with_terms(self.schema, "ranking", self.stems(node, "ranking")))
        found = any_of([self._in_field(node, field) for field in fields])
        spelt = isinstance(node, bound.Phrase) and node.spelling
        return Bounds(nothing(), found) if spelt else _exactly(found)

    def _in_field(self, node: bound.Leaf, field: str) -> Query:
        match node:
            case bound.Term():
                name = stems_of(field)
                return with_terms(self.schema, name, self.stems(node, name))
            case bound.Phrase():
                return self._phrase(field, list(enumerate(node.forms)))
            case bound.Wildcard() | bound.Fuzzy() | bound.Regex():
                return with_terms(self.schema, field, self.forms(node, field))
            case _:
                assert_never(node)

    def stems(self, node: bound.Term, name: str) -> list[str]:
        """The terms of a word in a field of stems, one for each stemmer; only those there are."""
        every = (
            ranking_stem(stem(node.lower, stemmer), stemmer, self._language)
            for stemmer in self._stemmers
        )
        return [term for term in every if self._known(name, term)]

    def forms(self, node: bound.Expansion, field: str) -> list[str]:
        """The forms of a field that a pattern stands for."""
        return [form for form, _ in self._terms(field, prefix_of(node), fitting(node))]

    def _phrase(self, field: str, words: list[tuple[int, str]]) -> Query:
        from tantivy import Query

        if len(words) == 1:
            return self._term(field, words[0][1])
        if not all(self._known(field, word) for _, word in words):
            return nothing()
        first = words[0][0]
        placed: list[str | tuple[int, str]] = [(at - first, word) for at, word in words]
        return Query.phrase_query(self.schema, field, placed)

    def _range(self, node: bound.Range) -> Query:
        if node.field != "published":
            return between(self.schema, node.field, node.low, node.high)
        return all_of(
            [
                between(self.schema, "day_first", max(node.low or 1, 1), None),
                between(self.schema, "day_last", 1, node.high),
            ]
        )

    def _at_least(self, node: bound.AtLeast) -> Bounds:
        every = [self._leaf(leaf, node.fields) for leaf in node.words]
        upper = any_of([each.upper for each in every])
        if node.count > 1:
            terms = self._countable(node)
            if terms is None:
                return Bounds(nothing(), upper)
            return _exactly(self._counted(terms, node.count))
        if all(each.exact for each in every):
            return _exactly(upper)
        return Bounds(any_of([each.lower for each in every]), upper)

    def _countable(self, node: bound.AtLeast) -> list[tuple[str, str]] | None:
        """Fields and terms whose frequencies add up to the occurrences of alternatives.

        So they do where no two can begin at one token: of one word, or of forms.
        """
        found: set[tuple[str, str]] = set()
        if not set(node.fields) <= set(TEXT_FIELDS):
            return None
        for leaf in node.words:
            single = not isinstance(leaf, bound.Phrase) or (
                len(leaf.forms) == 1 and not leaf.spelling
            )
            if not single or (isinstance(leaf, bound.Term) and len(node.words) > 1):
                return None
            for field in node.fields:
                if isinstance(leaf, bound.Term):
                    name = stems_of(field)
                    found.update((name, term) for term in self.stems(leaf, name))
                elif isinstance(leaf, bound.Phrase):
                    found.add((field, leaf.forms[0]))
                else:
                    found.update((field, form) for form in self.forms(leaf, field))
        return sorted(found)

    # Positions

    def _slop(self, node: bound.Slop) -> Bounds:
        ways = list(_ways(len(node.forms), node.words))
        if not ways:
            found = [
                all_of([self._term(field, form) for form in node.forms]) for field in node.fields
            ]
            return Bounds(nothing(), any_of(found))
        return _exactly(
            any_of(
                [
                    self._phrase(field, list(zip(places, node.forms, strict=True)))
                    for field in node.fields
                    for places in ways
                ]
            )
        )

    def _near(self, node: bound.Near) -> Bounds:
        sides = (node.left, node.right)
        kinds = {type(leaf) for side in sides for leaf in side}
        spelt = any(isinstance(leaf, bound.Phrase) and leaf.spelling for s in sides for leaf in s)
        orders = 1 if node.ordered else 2
        phrases = orders * len(node.left) * len(node.right) * node.distance
        if len(kinds) > 1 or spelt or node.distance > MOST_STEPS or phrases > _MOST_PHRASES:
            found = [
                all_of([any_of([self._leaf(w, [field]).upper for w in side]) for side in sides])
                for field in node.fields
            ]
            return Bounds(nothing(), any_of(found))
        return _exactly(any_of([q for field in node.fields for q in self._nears(node, field)]))

    def _nears(self, node: bound.Near, field: str) -> Iterator[Query]:
        """Every way in which the sides of a pair can stand near each other, as a phrase."""
        pairs = list(product(node.left, node.right))
        if not node.ordered:
            pairs += product(node.right, node.left)
        for one, other in pairs:
            for name, first, second in self._runs(one, other, field):
                if all(self._known(name, word) for word in (*first, *second)):
                    for step in range(len(first), len(first) + node.distance):
                        words = [*enumerate(first), *enumerate(second, step)]
                        yield self._phrase(name, words)

    def _runs(
        self, one: bound.Term | bound.Phrase, other: bound.Term | bound.Phrase, field: str
    ) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
        """A field, and the terms of two leaves there: of stems, for each stemmer."""
        if isinstance(one, bound.Phrase) and isinstance(other, bound.Phrase):
            yield field, one.forms, other.forms
            return
        assert isinstance(one, bound.Term)
        assert isinstance(other, bound.Term)
        for stemmer in self._stemmers:
            first, second = (
                ranking_stem(stem(word.lower, stemmer), stemmer, self._language)
                for word in (one, other)
            )
            yield stems_of(field), (first,), (second,)


def _ways(words: int, others: int) -> Iterator[tuple[int, ...]]:
    """The places of some words in order, with so many others among them at most.

    None where there are too many ways, or one leaps too far.
    """
    if others >= MOST_STEPS:
        return
    every = combinations_with_replacement(range(others + 1), words - 1)
    found = []
    for leaps in every:
        found.append((0, *(at + leap for at, leap in enumerate(leaps, 1))))
        if len(found) > MOST_STEPS:
            return
    yield from found
