"""Evaluating a bound query on one segment, as sets of document numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import assert_never

from msgspec.structs import replace

from newsidx.analysis import ArticleView, positional_stem, ranking_stem, whole_value
from newsidx.engines.whoosh.blocks import Postings
from newsidx.engines.whoosh.layout import BODY_LEAD, parts
from newsidx.engines.whoosh.positions import at_least, close, needs_text, phrase, sloppy
from newsidx.engines.whoosh.segment import Documents, Segment
from newsidx.query import bound
from newsidx.query.match import match as matches
from newsidx.query.patterns import fitting, prefix_of
from newsidx.schema import FIELDS, TEXT_FIELDS
from newsidx.text.stems import stem

__all__ = ["Evaluation"]

_WEIGHTS = {field.name: field.weight for field in FIELDS}
_RANGES = {"published": ("day_first", "day_last"), "words": ("words", "words")}


class Evaluation:
    """The evaluation of one query on one segment. What is looked up is kept.

    Args:
        language: The index's language.
        stemmers: The stemmers of the articles in the whole index.
    """

    def __init__(self, segment: Segment, language: str, stemmers: frozenset[str]) -> None:
        self.segment = segment
        self._language = language
        self._stemmers = stemmers
        self._expanded: dict[tuple[str, bound.Expansion], dict[int, float]] = {}

    def matching(self, node: bound.Bound, within: Documents | None = None) -> Documents:
        """The documents that a query matches.

        Args:
            within: The only documents that count, all of them live; None where all do.
        """
        match node:
            case bound.All():
                return self.segment.live if within is None else within
            case bound.Term():
                return self.with_word(node, within)
            case bound.Phrase() | bound.Slop() | bound.Near() | bound.AtLeast() | bound.Whole():
                return self._verified(node, self._by_positions(node, within))
            case bound.Wildcard() | bound.Fuzzy() | bound.Regex():
                return _union(self._with_fitting(name, node, within) for name in parts(node.fields))
            case bound.Range():
                return self._range(node, within)
            case bound.Has():
                return self.segment.with_term("has", node.field, within)
            case bound.Not():
                return (self.segment.live if within is None else within) - self.matching(
                    node.child, within
                )
            case bound.And():
                return self._every(node.children, within)
            case bound.Or():
                return _union(self.matching(child, within) for child in node.children)
            case _:
                assert_never(node)

    def _every(self, children: tuple[bound.Bound, ...], within: Documents | None) -> Documents:
        """What all match: those first that few do, then of these what costs more to know."""
        found = within
        for child in sorted(children, key=self._cost):
            found = self.matching(child, found)
            if not found:
                break
        return found if found is not None else self.segment.live

    def _cost(self, node: bound.Bound) -> tuple[bool, int]:
        """The order in which to ask: whether texts must be read, and about how many match."""
        most = self.segment.documents
        match node:
            case bound.Term():
                return False, sum(each.size for each in self.ranked(node))
            case bound.Whole():
                size = self._size(node.field, whole_value(node.forms))
            case bound.Phrase() | bound.Slop():
                least = (
                    min(self._size(n, form) for form in node.forms) for n in parts(node.fields)
                )
                size = sum(least)
            case bound.And() | bound.Or():
                costs = [self._cost(child) for child in node.children]
                sizes = [size for _, size in costs]
                size = min(sizes) if isinstance(node, bound.And) else sum(sizes)
            case bound.Near() | bound.AtLeast():
                size = 2 * most
            case _:
                size = most
        return needs_text(node), size

    def _size(self, name: str, term: str) -> int:
        postings = self.segment.postings(name, term)
        return postings.size if postings is not None else 0

    def _by_positions(
        self,
        node: bound.Phrase | bound.Slop | bound.Near | bound.AtLeast | bound.Whole,
        within: Documents | None,
    ) -> Documents:
        """What a node matches as far as forms can tell."""
        match node:
            case bound.Phrase():
                return _union(phrase(self, name, node.forms, within) for name in parts(node.fields))
            case bound.Slop():
                return _union(sloppy(self, name, node, within) for name in parts(node.fields))
            case bound.Near():
                return _union(close(self, name, node, within) for name in parts(node.fields))
            case bound.AtLeast():
                return at_least(self, node, within)
            case bound.Whole():
                return self.segment.with_term(node.field, whole_value(node.forms), within)
            case _:
                assert_never(node)

    def _verified(self, node: bound.Bound, candidates: Documents) -> Documents:
        """Those of the candidates whose articles match, where terms alone can't tell."""
        if not needs_text(node):
            return candidates
        from newsidx.engines.spelling import may_hold

        segment, spelling = self.segment, getattr(node, "spelling", ())
        return {
            document
            for document in candidates
            if may_hold(segment.stored(document), spelling)
            and matches(node, ArticleView(segment.article(document), self._language)) is not None
        }

    def _range(self, node: bound.Range, within: Documents | None) -> Documents:
        first, last = _RANGES[node.field]
        lows, highs = self.segment.numbers(first), self.segment.numbers(last)
        dated = node.field == "published"
        low = max(node.low or 0, 1) if dated else node.low or 0
        high = node.high if node.high is not None else 1 << 32
        if within is not None:
            return {d for d in within if lows[d] >= low and highs[d] <= high}
        pairs = enumerate(zip(lows, highs, strict=True))
        return {d for d, (first, last) in pairs if first >= low and last <= high} & (
            self.segment.live
        )

    # Words

    def ranked(self, word: bound.Term) -> list[Postings]:
        """The postings of a word's stems in the ranking field; no document is in two of them."""
        return [postings for _, _, postings in self._ranked(word)]

    def _ranked(self, word: bound.Term) -> Iterator[tuple[str, str, Postings]]:
        """The same, each with the stem and its stemmer."""
        for stemmer in self._stemmers:
            root = stem(word.lower, stemmer)
            term = ranking_stem(root, stemmer, self._language)
            postings = self.segment.postings("ranking", term)
            if postings is not None:
                yield root, stemmer, postings

    def with_word(self, word: bound.Term, within: Documents | None = None) -> Documents:
        """The live documents with a word's stem."""
        if word.fields != TEXT_FIELDS:
            return _union(self.with_stem(name, word, within) for name in parts(word.fields))
        return _union(self.segment.among(each, within) for each in self.ranked(word))

    def with_stem(self, name: str, word: bound.Term, within: Documents | None = None) -> set[int]:
        """Those that have it in a field: for each document the stem of its own stemmer."""
        found: set[int] = set()
        for root, stemmer, postings in self._ranked(word):
            for term in self._stem_terms(root, stemmer):
                there = self.segment.postings(name, term)
                if there is not None:
                    some = self.segment.among(there, within)
                    found |= self.segment.among(postings, some)
        return found

    def _stem_terms(self, root: str, stemmer: str) -> list[str]:
        """The terms of a text field that have a stem's positions between them."""
        forms = self.segment.stem_forms.of(ranking_stem(root, stemmer, self._language))
        return [*forms, positional_stem(root, stemmer, self._language)]

    def _with_fitting(
        self, name: str, word: bound.Expansion, within: Documents | None
    ) -> Collection[int]:
        """The live documents with a form that fits, or those of them that are among some."""
        if name != BODY_LEAD:
            found = self.fitting(name, word)
            return found if within is None else within.intersection(found)
        seen: set[int] = set()
        for _, postings in self._fitting_forms(name, word):
            # Where one such form stands, no other is looked for.
            if wanted := (set(postings.all_ids()) if within is None else within) - seen:
                seen |= self.segment.among(postings, wanted)
        return seen

    def fitting(self, name: str, word: bound.Expansion) -> dict[int, float]:
        """The live documents with forms that fit, and how many; read once a query."""
        key = name, replace(word, fields=())
        found = self._expanded.get(key)
        if found is None:
            found = self._expanded[key] = {}
            known = found.get
            for _, postings in self._fitting_forms(name, word):
                if postings.size == 1:
                    document, count = postings.entry.last, postings.entry.most
                    found[document] = known(document, 0.0) + count
                    continue
                ids, weights = postings.all_ids(), postings.all_weights()
                if not found:
                    found.update(zip(ids, weights, strict=True))
                    continue
                for document, count in zip(ids, weights, strict=True):
                    found[document] = known(document, 0.0) + count
            for document in self.segment.deleted & found.keys():
                del found[document]
        return found

    def _fitting_forms(self, name: str, word: bound.Expansion) -> Iterator[tuple[str, Postings]]:
        fits = fitting(word)
        for form, at in self.segment.forms(name, prefix_of(word)):
            if fits(form):
                yield form, self.segment.postings_at(name, at)

    # Positions

    def stem_places(self, name: str, word: bound.Term, within: Documents) -> dict[int, list[int]]:
        """Where a word's stem stands in a field, in those of some documents that have it."""
        found: dict[int, list[int]] = {}
        for root, stemmer, postings in self._ranked(word):
            documents = self.segment.among(postings, within)
            terms = self._stem_terms(root, stemmer)
            found |= _merged(self.segment.places(name, term, documents) for term in terms)
        return found

    def fitting_places(
        self, name: str, word: bound.Expansion, within: Documents
    ) -> dict[int, list[int]]:
        """The same for all forms that fit."""
        forms = [form for form, _ in self._fitting_forms(name, word)]
        return _merged(self.segment.places(name, form, within) for form in forms)


def _union(each: Iterable[Collection[int]]) -> Documents:
    """What is in any of some collections; the only one as it is, if it is a set."""
    several = list(each)
    if len(several) == 1 and isinstance(several[0], set | frozenset):
        return several[0]
    return set().union(*several)


def _merged(each: Iterable[dict[int, list[int]]]) -> dict[int, list[int]]:
    """The positions of several terms as those of one."""
    found: dict[int, list[int]] = {}
    for places in each:
        for document, where in places.items():
            known = found.get(document)
            found[document] = where if known is None else sorted({*known, *where})
    return found
