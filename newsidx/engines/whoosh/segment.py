"""Evaluating a bound query on one Whoosh segment, as sets of document numbers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Set
from dataclasses import replace
from functools import cached_property
from typing import Any, assert_never

from whoosh.reading import TermNotFound

from newsidx.analysis import (
    STEM_MARK,
    WHOLE_MARK,
    ArticleView,
    positional_stem,
    ranking_stem,
    whole_value,
)
from newsidx.article import Article
from newsidx.engines.whoosh.layout import COLUMNS
from newsidx.engines.whoosh.positions import at_least, close, needs_text, phrase, sloppy
from newsidx.engines.whoosh.spelling import may_hold
from newsidx.engines.whoosh.stemforms import StemForms
from newsidx.query import bound
from newsidx.query.match import match as matches
from newsidx.query.patterns import fitting, prefix_of
from newsidx.schema import FIELDS, TEXT_FIELDS
from newsidx.text.stems import stem

__all__ = ["Segment"]

_WEIGHTS = {field.name: field.weight for field in FIELDS}
_RANGES = {"published": ("day_first", "day_last"), "words": ("words", "words")}


class Segment:
    """One segment of an open index.

    Args:
        reader: Whoosh's reader of this segment alone.
        base: The number of its first document in the whole index.
        language: The index's language.
        stemmers: The stemmers of the articles in the whole index.
    """

    def __init__(self, reader: Any, base: int, language: str, stemmers: frozenset[str]) -> None:
        self.reader = reader
        self.base = base
        self._language = language
        self._stemmers = stemmers
        self._columns = {name: self._open_column(name) for name in COLUMNS}
        self._stem_forms = StemForms.open(reader)
        self._expanded: dict[tuple[str, object], dict[int, float]] = {}
        # Whoosh opens these two files when they are first asked for, and by then a
        # writer may have deleted them.
        reader.doc_field_length(0, "ranking")
        reader.stored_fields(0)

    def _open_column(self, name: str) -> Any:
        if not self.reader.has_column(name):  # Whoosh would make one of zeros
            raise FileNotFoundError(f"no column {name}")
        return self.reader.column_reader(name, translate=False)

    @cached_property
    def documents(self) -> frozenset[int]:
        """The live documents."""
        return frozenset(self.reader.all_doc_ids())

    def column(self, name: str) -> Any:
        """A column, indexed by document number."""
        return self._columns[name]

    def forget(self) -> None:
        """Let go of what was looked up for the last query."""
        self._expanded.clear()

    def article(self, document: int) -> Article:
        """A document's article, as it was stored."""
        return Article.from_dict(json.loads(self._stored(document)))

    def _stored(self, document: int) -> str:
        stored: str = self.reader.stored_fields(document)["article"]
        return stored

    # Matching

    def matching(
        self, node: bound.Bound, within: Set[int] | None = None
    ) -> set[int] | frozenset[int]:
        """The documents that a query matches.

        Args:
            within: The documents that count, for a part that costs much for each of
                them; of others the answer may be anything.
        """
        match node:
            case bound.All():
                return self.documents
            case bound.Term():
                return set(self._term(node))
            case bound.Phrase() | bound.Slop() | bound.Near() | bound.AtLeast() | bound.Whole():
                return self._verified(node, self._by_positions(node), within)
            case bound.Wildcard() | bound.Fuzzy() | bound.Regex():
                return set().union(*(self._fitting(name, node) for name in node.fields))
            case bound.Range():
                return self._range(node)
            case bound.Has():
                return set(self.postings("has", node.field))
            case bound.Not():
                return self.documents - self.matching(node.child, within)
            case bound.And():
                return self._every(node.children, within)
            case bound.Or():
                return set().union(*(self.matching(child, within) for child in node.children))
            case _:
                assert_never(node)

    def _every(
        self, children: tuple[bound.Bound, ...], within: Set[int] | None
    ) -> set[int] | frozenset[int]:
        first, *rest = sorted(children, key=needs_text)
        found = self.matching(first, within)
        for child in rest:
            if not found:
                break
            found = found & self.matching(child, found)
        return found

    def _by_positions(
        self, node: bound.Phrase | bound.Slop | bound.Near | bound.AtLeast | bound.Whole
    ) -> set[int]:
        """What a node matches as far as forms can tell."""
        match node:
            case bound.Phrase():
                return set().union(*(phrase(self, name, node.forms) for name in node.fields))
            case bound.Slop():
                return set().union(*(sloppy(self, name, node) for name in node.fields))
            case bound.Near():
                return set().union(*(close(self, name, node) for name in node.fields))
            case bound.AtLeast():
                return at_least(self, node)
            case bound.Whole():
                return set(self.postings(node.field, whole_value(node.forms)))
            case _:
                assert_never(node)

    def _verified(
        self, node: bound.Bound, candidates: set[int], within: Set[int] | None
    ) -> set[int]:
        """Those of the candidates whose articles match, where terms alone can't tell."""
        if not needs_text(node):
            return candidates
        spelling = getattr(node, "spelling", ())
        return {
            document
            for document in (candidates if within is None else candidates & within)
            if may_hold(self._stored(document), spelling)
            and matches(node, ArticleView(self.article(document), self._language)) is not None
        }

    def _term(self, node: bound.Term) -> dict[int, float]:
        """Documents with the word's stem, with their weighted frequency of it."""
        found: dict[int, float] = {}
        for stemmer in self._stemmers:
            root = stem(node.lower, stemmer)
            documents = self._ranked(ranking_stem(root, stemmer, self._language))
            if documents and node.fields != TEXT_FIELDS:
                within = self._with_stem(node.fields, root, stemmer)
                documents = {d: w for d, w in documents.items() if d in within}
            found |= documents
        return found

    def _with_stem(self, fields: tuple[str, ...], root: str, stemmer: str) -> set[int]:
        """Documents with a stem in given fields, among those that have it at all."""
        within: set[int] = set()
        for name in fields:
            for term in self._terms_of_stem(root, stemmer):
                within.update(self.postings(name, term))
        return within

    def _terms_of_stem(self, root: str, stemmer: str) -> list[str]:
        """The terms that have a stem's positions between them, in articles of its stemmer."""
        forms = self._stem_forms.of(ranking_stem(root, stemmer, self._language))
        return [*forms, positional_stem(root, stemmer, self._language)]

    def _range(self, node: bound.Range) -> set[int]:
        low_name, high_name = _RANGES[node.field]
        lows, highs = self.column(low_name), self.column(high_name)
        low = node.low if node.low is not None else -1
        high = node.high if node.high is not None else float("inf")
        dated = node.field == "published"
        return {
            document
            for document in self.documents
            if lows[document] >= low and highs[document] <= high and (lows[document] or not dated)
        }

    # Terms and postings

    def forms(self, name: str, prefix: str = "") -> Iterator[str]:
        """The forms of a field that begin with a prefix, in code point order."""
        for raw in self.reader.expand_prefix(name, prefix):
            form = raw.decode()
            if not form.startswith((STEM_MARK, WHOLE_MARK)):
                yield form

    def _fitting(self, name: str, word: bound.Expansion) -> dict[int, float]:
        """The live documents with forms that fit, and how many; read once a query."""
        key = name, replace(word, fields=())
        found = self._expanded.get(key)
        if found is None:
            found = self._expanded[key] = {}
            for form in self._fitting_forms(name, word):
                for document, count in self.postings(name, form).items():
                    found[document] = found.get(document, 0.0) + count
        return found

    def _fitting_forms(self, name: str, word: bound.Expansion) -> Iterator[str]:
        return filter(fitting(word), self.forms(name, prefix_of(word)))

    def _ranked(self, term: str) -> dict[int, float]:
        """The postings of a stem in the ranking field; read once a query."""
        key = "ranking", term
        if key not in self._expanded:
            self._expanded[key] = self.postings(*key)
        return self._expanded[key]

    def postings(self, name: str, term: str) -> dict[int, float]:
        """The live documents with a term, and its frequency in each."""
        found: dict[int, float] = {}
        matcher = self._matcher(name, term)
        while matcher is not None and matcher.is_active():
            found[matcher.id()] = matcher.weight()
            matcher.next()
        return found

    # Positions

    def places(self, name: str, term: str) -> dict[int, list[int]]:
        """The live documents with a term, and where in the field it stands."""
        found: dict[int, list[int]] = {}
        matcher = self._matcher(name, term)
        while matcher is not None and matcher.is_active():
            found[matcher.id()] = matcher.value_as("positions")
            matcher.next()
        return found

    def fitting_places(self, name: str, word: bound.Expansion) -> dict[int, list[int]]:
        """The same for all forms that fit."""
        forms = self._fitting_forms(name, word)
        return _merged(self.places(name, form) for form in forms)

    def stem_places(self, name: str, word: bound.Term) -> dict[int, list[int]]:
        """The same for a stem: for each document that of its own stemmer."""
        found: dict[int, list[int]] = {}
        for stemmer in self._stemmers:
            root = stem(word.lower, stemmer)
            documents = self._ranked(ranking_stem(root, stemmer, self._language))
            if not documents:
                continue
            terms = self._terms_of_stem(root, stemmer)
            merged = _merged(self.places(name, term) for term in terms)
            found |= {document: merged[document] for document in merged.keys() & documents.keys()}
        return found

    def _matcher(self, name: str, term: str) -> Any:
        try:
            return self.reader.postings(name, term.encode())
        except TermNotFound:
            return None

    # Scoring

    def frequencies(self, word: bound.Term | bound.Expansion) -> dict[int, float]:
        """Documents that have a scoring word, with its weighted frequency."""
        if isinstance(word, bound.Term):
            return self._term(word)
        found: dict[int, float] = {}
        for name in word.fields:
            for document, count in self._fitting(name, word).items():
                found[document] = found.get(document, 0.0) + count * _WEIGHTS[name]
        return found

    def length(self, document: int) -> float:
        """The padded weighted length of a document, as rounded on disk."""
        return float(self.reader.doc_field_length(document, "ranking") or 0)


def _merged(each: Iterable[dict[int, list[int]]]) -> dict[int, list[int]]:
    """The positions of several terms as those of one."""
    found: dict[int, list[int]] = {}
    for places in each:
        for document, where in places.items():
            known = found.get(document)
            found[document] = where if known is None else sorted({*known, *where})
    return found
