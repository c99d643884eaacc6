"""Evaluating a bound query on one Whoosh segment, as sets of document numbers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any, assert_never

from whoosh.reading import TermNotFound

from newsidx.analysis import STEM_MARK, positional_stem, ranking_stem
from newsidx.engines.whoosh.layout import COLUMNS
from newsidx.query import bound
from newsidx.query.patterns import compile_wildcard, literal_prefix
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
        self._expanded: dict[tuple[str, str], dict[int, float]] = {}
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

    # Matching

    def matching(self, node: bound.Bound) -> set[int] | frozenset[int]:
        """The documents that a query matches."""
        match node:
            case bound.All():
                return self.documents
            case bound.Term():
                return set(self._term(node))
            case bound.Phrase():
                return {d for name in node.fields for d in self._phrase(name, node.forms)}
            case bound.Wildcard():
                return set().union(*(self._fitting(name, node.pattern) for name in node.fields))
            case bound.Range():
                return self._range(node)
            case bound.Has():
                return set(self.postings("has", node.field))
            case bound.Not():
                return self.documents - self.matching(node.child)
            case bound.And():
                return self._every(node.children)
            case bound.Or():
                return set().union(*(self.matching(child) for child in node.children))
            case _:
                assert_never(node)

    def _every(self, children: tuple[bound.Bound, ...]) -> set[int] | frozenset[int]:
        found = self.matching(children[0])
        for child in children[1:]:
            if not found:
                break
            found = found & self.matching(child)
        return found

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
        own_stem = stem(root, stemmer) == root
        for name in fields:
            within.update(self.postings(name, positional_stem(root, stemmer, self._language)))
            if own_stem:
                within.update(self.postings(name, root))
        return within

    def _phrase(self, name: str, forms: tuple[str, ...]) -> Iterator[int]:
        if len(forms) == 1:
            yield from self.postings(name, forms[0])
            return
        places = [self._places(name, form) for form in forms]
        candidates = set(places[0]).intersection(*places[1:])
        for document in candidates:
            starts = set(places[0][document])
            for step, positions in enumerate(places[1:], 1):
                starts.intersection_update(at - step for at in positions[document])
            if starts:
                yield document

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
            if not form.startswith(STEM_MARK):
                yield form

    def _fitting(self, name: str, pattern: str) -> dict[int, float]:
        """The live documents with forms that fit a pattern, and how many; read once a query."""
        found = self._expanded.get((name, pattern))
        if found is None:
            found = self._expanded[name, pattern] = {}
            fits = compile_wildcard(pattern).fullmatch
            for form in filter(fits, self.forms(name, literal_prefix(pattern))):
                for document, count in self.postings(name, form).items():
                    found[document] = found.get(document, 0.0) + count
        return found

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

    def _places(self, name: str, term: str) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        matcher = self._matcher(name, term)
        while matcher is not None and matcher.is_active():
            found[matcher.id()] = matcher.value_as("positions")
            matcher.next()
        return found

    def _matcher(self, name: str, term: str) -> Any:
        try:
            return self.reader.postings(name, term.encode())
        except TermNotFound:
            return None

    # Scoring

    def frequencies(self, word: bound.Term | bound.Wildcard) -> dict[int, float]:
        """Documents that have a scoring word, with its weighted frequency."""
        if isinstance(word, bound.Term):
            return self._term(word)
        found: dict[int, float] = {}
        for name in word.fields:
            for document, count in self._fitting(name, word.pattern).items():
                found[document] = found.get(document, 0.0) + count * _WEIGHTS[name]
        return found

    def length(self, document: int) -> float:
        """The padded weighted length of a document, as rounded on disk."""
        return float(self.reader.doc_field_length(document, "ranking") or 0)
