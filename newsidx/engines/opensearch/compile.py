"""Bound queries as the cluster's own, built as plain dicts.

What it can't express exactly is compiled twice: into a query that matches at least what
the tree does, and one that matches at most that. The articles between the two are read and
held against `query.match`. `verifies` says which nodes these are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import product
from typing import Any, NamedTuple, assert_never

from newsidx.analysis import ranking_stem
from newsidx.engines.opensearch.layout import PLAIN, stems_of, whole_term
from newsidx.engines.opensearch.patterns import pattern_query
from newsidx.query import bound
from newsidx.schema import TEXT_FIELDS
from newsidx.text.stems import stem

__all__ = ["EVERYTHING", "NOTHING", "Between", "Compiler", "verifies"]

Query = dict[str, Any]

EVERYTHING: Query = {"match_all": {}}
NOTHING: Query = {"match_none": {}}

# The cluster counts the clauses of a query, and takes 1024 unless it was told otherwise.
_MOST_PAIRS = 64
_MOST_COUNTED = 16

_RANGES = {"published": ("day_first", "day_last"), "words": ("words", "words")}


class Between(NamedTuple):
    """Two queries that a tree's articles lie between; the same where it is expressed exactly.

    Attributes:
        least: All that it matches, match the tree.
        most: It matches all that the tree does.
    """

    least: Query
    most: Query

    @property
    def exact(self) -> bool:
        """Whether there is nothing between them."""
        return self.least is self.most or self.least == self.most


def verifies(node: bound.Bound) -> bool:
    """Whether a node's articles have to be read to know that they match."""
    match node:
        case bound.Phrase() | bound.Whole():
            return bool(node.spelling)
        case bound.Near():
            leaves = (*node.left, *node.right)
            return any(map(verifies, leaves)) or len(node.left) * len(node.right) > _MOST_PAIRS
        case bound.AtLeast():
            single = all(map(_is_one_word, node.words))
            several = node.count > 1 and (not single or node.count > _MOST_COUNTED)
            return several or any(map(verifies, node.words))
        case bound.Not():
            return verifies(node.child)
        case bound.And() | bound.Or():
            return any(map(verifies, node.children))
        case _:
            return False


def _is_one_word(leaf: bound.Leaf) -> bool:
    """Whether the engine can count an occurrence: one of a token, found by a term."""
    return isinstance(leaf, bound.Term) or (isinstance(leaf, bound.Phrase) and len(leaf.forms) == 1)


class Compiler:
    """Compiles trees for one index.

    Args:
        language: The index's.
        stemmers: Those of all its articles.
    """

    def __init__(self, language: str, stemmers: Collection[str]) -> None:
        self.language = language
        self.stemmers = sorted(stemmers)

    def compiled(self, node: bound.Bound) -> Between:
        """What a tree's articles lie between."""
        match node:
            case bound.Not():
                least, most = self.compiled(node.child)
                return Between(_none_of(most), _none_of(least))
            case bound.And():
                return self._both(node.children, _all_of)
            case bound.Or():
                return self._both(_gathered(node.children), any_of)
            case _:
                found = self._leaf(node)
                return Between(NOTHING if verifies(node) else found, found)

    def _both(self, children: Iterable[bound.Bound], put: Any) -> Between:
        parts = [self.compiled(child) for child in children]
        most = put([part.most for part in parts])
        exact = all(part.exact for part in parts)
        return Between(most if exact else put([part.least for part in parts]), most)

    def _leaf(self, node: bound.Bound) -> Query:
        """The query of a node without children; of one that is verified, what it can match."""
        match node:
            case bound.All():
                return EVERYTHING
            case bound.Term():
                return self.word(node)
            case bound.Phrase():
                return any_of(_phrase(name, node.forms) for name in node.fields)
            case bound.Whole():
                return {"term": {"whole": whole_term(node.field, node.forms)}}
            case bound.Wildcard() | bound.Fuzzy() | bound.Regex():
                return any_of(pattern_query(name, node) for name in node.fields)
            case bound.Slop():
                rule = _ordered([_match(form) for form in node.forms], node.words)
                return any_of({"intervals": {name: rule}} for name in node.fields)
            case bound.Near():
                return any_of(self._near(name, node) for name in node.fields)
            case bound.AtLeast():
                return self._at_least(node)
            case bound.Range():
                return _range(node)
            case bound.Has():
                return {"term": {"has": node.field}}
            case bound.Not() | bound.And() | bound.Or():
                raise AssertionError("no leaf")
            case _:
                assert_never(node)

    # Words

    def stems(self, word: bound.Term) -> list[str]:
        """A word's stems under the stemmers of all articles, as they are written."""
        return list(
            dict.fromkeys(
                ranking_stem(stem(word.lower, stemmer), stemmer, self.language)
                for stemmer in self.stemmers
            )
        )

    def word(self, word: bound.Term) -> Query:
        """The query for the articles with a word's stem."""
        found = self.stems(word)
        if word.fields == TEXT_FIELDS:
            return {"terms": {"ranking": found}}
        return any_of({"terms": {stems_of(name): found}} for name in word.fields)

    # Positions

    def _near(self, name: str, node: bound.Near) -> Query:
        """Pair by pair: of alternatives that overlap, intervals keep the shortest only."""
        if len(node.left) * len(node.right) > _MOST_PAIRS:
            sides = ([self._with_leaf(name, each) for each in s] for s in (node.left, node.right))
            return _all_of([any_of(side) for side in sides])
        rules = []
        for left, right in product(node.left, node.right):
            pair = [self._rule(name, left), self._rule(name, right)]
            rules.append(_ordered(pair, node.distance - 1))
            if not node.ordered:
                rules.append(_ordered(pair[::-1], node.distance - 1))
        return {"intervals": {name: _either(rules)}}

    def _with_leaf(self, name: str, leaf: bound.Term | bound.Phrase) -> Query:
        if isinstance(leaf, bound.Term):
            return {"terms": {stems_of(name): self.stems(leaf)}}
        return _phrase(name, leaf.forms)

    def _rule(self, name: str, leaf: bound.Term | bound.Phrase) -> Query:
        """The occurrences of a leaf in a field."""
        if isinstance(leaf, bound.Term):
            return _either([_match(each, stems_of(name)) for each in self.stems(leaf)])
        return _ordered([_match(form) for form in leaf.forms], 0)

    def _at_least(self, node: bound.AtLeast) -> Query:
        """So many in one field and the rest in the others, for every way to divide them."""
        if node.count == 1 or verifies(node):
            leaves = [_in(leaf, node.fields) for leaf in node.words]
            return any_of(self.compiled(leaf).most for leaf in leaves)
        ways = []
        for counts in _divided(node.count, len(node.fields)):
            parts = zip(node.fields, counts, strict=True)
            ways.append(_all_of([self._so_often(n, node, count) for n, count in parts if count]))
        return any_of(ways)

    def _so_often(self, name: str, node: bound.AtLeast, count: int) -> Query:
        words = [w for w in node.words if isinstance(w, bound.Term | bound.Phrase)]
        rule = _either([self._rule(name, word) for word in words])
        return {"intervals": {name: rule if count == 1 else _ordered([rule] * count, -1)}}


def _in(leaf: bound.Leaf, fields: tuple[str, ...]) -> bound.Leaf:
    from msgspec.structs import replace

    return replace(leaf, fields=fields)


def _divided(count: int, places: int) -> Iterable[tuple[int, ...]]:
    if places == 1:
        yield (count,)
        return
    for here in range(count + 1):
        for rest in _divided(count - here, places - 1):
            yield (here, *rest)


def _gathered(children: tuple[bound.Bound, ...]) -> Iterable[bound.Bound]:
    """Alternatives without those in alternatives: clauses are few, and so is what nests."""
    for child in children:
        if isinstance(child, bound.Or):
            yield from _gathered(child.children)
        else:
            yield child


def _phrase(name: str, forms: tuple[str, ...]) -> Query:
    if len(forms) == 1:
        return {"term": {name: forms[0]}}
    return {"match_phrase": {name: {"query": " ".join(forms), "analyzer": PLAIN}}}


def _match(term: str, field: str | None = None) -> Query:
    rule = {"query": term, "analyzer": PLAIN}
    return {"match": rule | ({"use_field": field} if field else {})}


def _ordered(rules: list[Query], gaps: int) -> Query:
    """One after the other, with at most so many positions between them; -1 is any number."""
    if len(rules) == 1:
        return rules[0]
    return {"all_of": {"intervals": rules, "mode": "ordered", "max_gaps": gaps}}


def _either(rules: list[Query]) -> Query:
    return rules[0] if len(rules) == 1 else {"any_of": {"intervals": rules}}


def _range(node: bound.Range) -> Query:
    first, last = _RANGES[node.field]
    parts: list[Query] = []
    if node.low is not None:
        parts.append({"range": {first: {"gte": node.low}}})
    if node.high is not None:
        parts.append({"range": {last: {"lte": node.high}}})
    return _all_of(parts or [{"exists": {"field": first}}])


# How queries are put together. Nothing and everything are recognised by what they are.


def _all_of(parts: Iterable[Query]) -> Query:
    several = [part for part in parts if part is not EVERYTHING]
    if NOTHING in several:
        return NOTHING
    if len(several) < 2:
        return several[0] if several else EVERYTHING
    return {"bool": {"filter": several}}


def any_of(parts: Iterable[Query]) -> Query:
    """Articles that any of some queries matches; many with one term each are one query."""
    several = [part for part in parts if part is not NOTHING]
    if any(part is EVERYTHING for part in several):
        return EVERYTHING
    terms: dict[str, list[Any]] = {}
    rest: list[Query] = []
    for part in several:
        kind, body = next(iter(part.items()))
        if kind in ("term", "terms"):
            ((field, value),) = body.items()
            terms.setdefault(field, []).extend(value if kind == "terms" else [value])
        else:
            rest.append(part)
    gathered = [*({"terms": {name: list(dict.fromkeys(v))}} for name, v in terms.items()), *rest]
    if len(gathered) < 2:
        return gathered[0] if gathered else NOTHING
    return {"bool": {"should": gathered, "minimum_should_match": 1}}


def _none_of(part: Query) -> Query:
    if part is NOTHING:
        return EVERYTHING
    if part is EVERYTHING:
        return NOTHING
    return {"bool": {"must_not": [part]}}
