"""Gathering what new articles hold, in memory, as numbers of terms in the order of the text.

It is held by test to `analysis.index_terms`, which says the same of one article.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from newsidx.analysis import (
    KEYWORD_FIELDS,
    STEM_MARK,
    keyword_positions,
    positional_stem,
    ranking_stem,
)
from newsidx.article import Article
from newsidx.engines.whoosh.inversion import Counts, Heap, Occurrences, Vocabulary
from newsidx.engines.whoosh.layout import PADDING_TERM
from newsidx.query.ranking import LENGTH_PADDING
from newsidx.schema import FIELDS, TEXT_FIELDS
from newsidx.text.folding import fold
from newsidx.text.stems import stem, stemmer_for, stems
from newsidx.text.tokens import lowered

__all__ = ["Gatherer"]

_WEIGHTS = {field.name: field.weight for field in FIELDS}
_NAMES = tuple(field.name for field in FIELDS)
# In bytes: an occurrence with its term and its position, and what sorting takes of it; a
# term of which most are words, with what is known of it; a document.
_OCCURRENCE, _TERM, _DOCUMENT = 20, 330, 60
# Positions in a row, to be copied.
_ROW = array("I", range(1 << 16))
# Fields in which many articles have the same values.
_SHARED = frozenset({"source", "section", "root", "language"})


class _Words:
    """The terms of text fields, under all stemmers.

    Attributes:
        terms: Forms, and stems of tokens that their forms lack, under `STEM_MARK`. A form
            has a number for each stemmer.
        stems: As in the ranking field.
        stem_of: A term's number -> its stem's.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self.terms, self.stems = Vocabulary(), Vocabulary()
        self.stem_of = array("I")
        self.tokens: dict[str, _Tokens] = {}

    def under(self, stemmer: str) -> _Tokens:
        """The tokens of texts under a stemmer."""
        found = self.tokens.get(stemmer)
        if found is None:
            found = self.tokens[stemmer] = _Tokens(stemmer, self)
        return found

    def add(self, term: str, root: str) -> int:
        """Give a term a number."""
        self.stem_of.append(self.stems.number(root))
        return self.terms.add(term)

    def forms_of_stems(self) -> dict[str, list[str]]:
        """For each stem the forms that have it."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for term, number in zip(self.terms.terms, self.stem_of, strict=True):
            if not term.startswith(STEM_MARK):
                found[self.stems.terms[number]].add(term)
        return {root: sorted(forms) for root, forms in found.items()}


class _Tokens(dict[str, int]):
    """Token -> the number of its form, under one stemmer."""

    def __init__(self, stemmer: str, words: _Words) -> None:
        super().__init__()
        self.stemmer = stemmer
        self.words = words
        self.marked = _Marked(self)

    def __missing__(self, token: str) -> int:
        form = token if token.isascii() else fold(token)
        number = self.get(form)
        if number is None:
            root = ranking_stem(stem(form, self.stemmer), self.stemmer, self.words.language)
            number = self[form] = self.words.add(form, root)
        self[token] = number
        return number


class _Marked(dict[str, tuple[int, ...]]):
    """Token -> the numbers of those of its stems that its form lacks."""

    def __init__(self, tokens: _Tokens) -> None:
        super().__init__()
        self._tokens = tokens
        self._known: dict[str, int] = {}

    def __missing__(self, token: str) -> tuple[int, ...]:
        stemmer = self._tokens.stemmer
        implied = stems(fold(token), stemmer)
        own = dict.fromkeys(stems(token, stemmer))
        found = self[token] = tuple(self._number(each) for each in own if each not in implied)
        return found

    def _number(self, root: str) -> int:
        number = self._known.get(root)
        if number is None:
            tokens = self._tokens
            term = positional_stem(root, tokens.stemmer, tokens.words.language)
            number = self._known[root] = tokens.words.add(term, term.removeprefix(STEM_MARK))
        return number


class Gatherer:
    """What articles hold, which are added one by one.

    Args:
        language: The index's.

    Attributes:
        fields: The postings of each field.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        self._words, self._keywords = _Words(language), Vocabulary()
        self._texts = {name: Occurrences(self._words.terms) for name in TEXT_FIELDS}
        self._others = {name: Occurrences(self._keywords) for name in (*KEYWORD_FIELDS, "has")}
        self._padding = Occurrences(self._words.stems)
        self._padding_term = self._words.stems.number(PADDING_TERM)
        self._values: dict[tuple[str, ...], tuple[array[int], array[int]]] = {}
        self.fields: dict[str, Occurrences | Counts] = {**self._texts, **self._others}
        self.fields["ranking"] = Counts(self._words.stems, self._ranking)
        has = self._others["has"]
        self.fields["has"] = Counts(self._keywords, lambda: [Heap(has, self._keywords.ranks, 1)])

    @property
    def memory(self) -> int:
        """About how many bytes all of it takes, until it is written."""
        occurrences = sum(len(field.terms) for field in self._texts.values())
        occurrences += sum(len(field.terms) for field in self._others.values())
        terms = len(self._words.terms.terms) + len(self._keywords.terms)
        return occurrences * _OCCURRENCE + terms * _TERM + len(self._padding.terms) * _DOCUMENT

    def add(self, document: int, article: Article) -> dict[str, int]:
        """Add an article.

        Args:
            document: Its number, greater than the last one's.

        Returns:
            Its length in each field that has any.
        """
        words = self._words.under(stemmer_for(article.language, self._language))
        lengths = {"ranking": LENGTH_PADDING}
        for name, field in self._texts.items():
            numbers, marked = self._tokens(getattr(article, name), words)
            field.terms.fromlist(numbers)
            field.positions.extend(_row(len(numbers)))
            field.add(marked)
            lengths[name] = field.close(document)
            lengths["ranking"] += _WEIGHTS[name] * lengths[name]
        for name in KEYWORD_FIELDS:
            if values := article.values(name):
                lengths[name] = self._add_keywords(name, document, values)
        has = self._others["has"]
        has.terms.extend(self._keywords.number(name) for name in _NAMES if article.values(name))
        has.close(document)
        self._padding.terms.append(self._padding_term)
        self._padding.close(document)
        return lengths

    def _tokens(self, text: str, words: _Tokens) -> tuple[list[int], list[tuple[int, int]]]:
        """The terms of a text, in order; further ones, each with its position."""
        tokens = lowered(text)
        numbers = [*map(words.__getitem__, tokens)]
        marked: list[tuple[int, int]] = []
        if not (text.isascii() or "".join(tokens).isascii()):
            known = words.marked
            for position, token in enumerate(tokens):
                if not token.isascii():
                    marked += ((number, position) for number in known[token])
        return numbers, marked

    def _add_keywords(self, name: str, document: int, values: tuple[str, ...]) -> int:
        found = self._values.get(values)
        if found is None:
            terms, positions = array("I"), array("I")
            for term, at in keyword_positions(values).items():
                terms.extend([self._keywords.number(term)] * len(at))
                positions.extend(at)
            found = terms, positions
            if name in _SHARED:
                self._values[values] = found
        field = self._others[name]
        field.terms += found[0]
        field.positions += found[1]
        return field.close(document)

    def _ranking(self) -> Sequence[Heap]:
        stems = self._words.stems.ranks
        ranks = stems[np.asarray(self._words.stem_of)]
        heaps = [Heap(self._texts[name], ranks, _WEIGHTS[name]) for name in TEXT_FIELDS]
        return [*heaps, Heap(self._padding, stems, LENGTH_PADDING)]

    def forms_of_stems(self) -> Mapping[str, Sequence[str]]:
        """For each stem, as in the ranking field, the forms that have it."""
        return self._words.forms_of_stems()


def _row(count: int) -> array[int]:
    """So many positions from zero on."""
    return _ROW[:count] if count <= len(_ROW) else array("I", range(count))
