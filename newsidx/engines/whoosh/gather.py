"""Gathering the postings of new articles, by term, in memory.

A posting is two places in the list of its term: the document, and its encoded positions
or its frequency. Most positions stand alone, and their encodings are shared.

ASCII text takes a short way, on which a token is its form; any other goes by
`analysis.index_terms`, to which both are held by test.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from newsidx.analysis import (
    KEYWORD_FIELDS,
    STEM_MARK,
    VALUE_GAP,
    keyword_positions,
    positional_stem,
    ranking_stem,
)
from newsidx.article import Article
from newsidx.engines.whoosh.postings import Postings, counts, encoded_positions, single_position
from newsidx.schema import FIELDS, LEAD, LEAD_WORDS, TEXT_FIELDS
from newsidx.text.folding import fold
from newsidx.text.stems import stem, stemmer_for, stems
from newsidx.text.tokens import lowered

__all__ = ["Gathered", "Gatherer"]

_WEIGHTS = {field.name: field.weight for field in FIELDS}
_NAMES = tuple(field.name for field in FIELDS)
# In bytes, as measured on newswire: two places in a list, which has room to spare; and
# what a value of several positions, a term, and a word that is known take besides.
_POSTING, _VALUE, _TERM, _WORD = 19, 60, 330, 260


class Gathered:
    """The postings of a field.

    Attributes:
        fixed: As of `postings.FieldPostings`.
        lengths: Likewise.
        terms: Term -> document, value, document, value …; where values are fixed,
            frequencies instead.
    """

    def __init__(self, *, fixed: bool) -> None:
        self.fixed = fixed
        self.lengths: Sequence[int] = b""
        self.terms: defaultdict[str, list[int | bytes]] = defaultdict(list)

    def in_order(self) -> Iterator[tuple[bytes, Postings]]:
        """As of `FieldPostings`; UTF-8 is in the order of code points."""
        terms = self.terms
        for term in sorted(terms):
            entry: list[int] = terms[term]  # type: ignore[assignment]
            documents, values = entry[::2], entry[1::2]
            if self.fixed:
                yield term.encode(), (documents, values, [])
            else:
                encoded: list[bytes] = values  # type: ignore[assignment]
                yield term.encode(), (documents, counts(encoded), encoded)


class _Roots(dict[str, str]):
    """Form -> its stem's term in the ranking field, under one stemmer."""

    def __init__(self, stemmer: str, language: str) -> None:
        super().__init__()
        self.stemmer = stemmer
        self.language = language

    def __missing__(self, form: str) -> str:
        found = self[form] = ranking_stem(stem(form, self.stemmer), self.stemmer, self.language)
        return found


class Gatherer:
    """The postings of articles, which are added one by one.

    Args:
        language: The index's.

    Attributes:
        fields: The postings of each field, `ranking` among them.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        names = (*TEXT_FIELDS, LEAD.name, *KEYWORD_FIELDS)
        self.fields = {name: Gathered(fixed=False) for name in names}
        self.fields |= {name: Gathered(fixed=True) for name in ("ranking", "has")}
        self._roots: dict[str, _Roots] = {}
        self._known: dict[tuple[str, ...], list[tuple[str, bytes]]] = {}
        self._posted = 0

    @property
    def memory(self) -> int:
        """About how many bytes all of it takes."""
        terms = sum(len(field.terms) for field in self.fields.values())
        words = sum(map(len, self._roots.values()))
        return self._posted + terms * _TERM + words * _WORD

    def add(self, document: int, article: Article, padding: Mapping[str, int]) -> dict[str, int]:
        """Add an article.

        Args:
            document: Its number, greater than the last one's.
            padding: Further terms of the ranking field, with their frequencies.

        Returns:
            Its length in each field that has any.
        """
        stemmer = stemmer_for(article.language, self._language)
        roots = self._roots.get(stemmer)
        if roots is None:
            roots = self._roots[stemmer] = _Roots(stemmer, self._language)
        texts = [lowered(getattr(article, name)) for name in TEXT_FIELDS]
        lengths = {}
        frequencies = dict(padding)
        for name, tokens in zip(TEXT_FIELDS, texts, strict=True):
            where, marked = _by_form(_positions(enumerate(tokens)), roots)
            self._count(name, document, where, roots, frequencies)
            lengths[name] = len(tokens) + self._post(name, document, marked)
            for term, at in marked.items():
                root = term.removeprefix(STEM_MARK)
                frequencies[root] = frequencies.get(root, 0) + _WEIGHTS[name] * len(at)
        title, body = texts
        start = VALUE_GAP + max(0, len(title) - 1)
        lead = chain(enumerate(title), enumerate(body[:LEAD_WORDS], start))
        where, marked = _by_form(_positions(lead), roots)
        lengths[LEAD.name] = self._post(LEAD.name, document, where | marked)
        for name in KEYWORD_FIELDS:
            if values := article.values(name):
                lengths[name] = self._add_keywords(name, document, values)
        lengths["ranking"] = self._post_counts("ranking", document, frequencies)
        self._post_counts("has", document, {name: 1 for name in _NAMES if article.values(name)})
        return lengths

    def _count(
        self, name: str, document: int, where: Where, roots: _Roots, frequencies: dict[str, int]
    ) -> None:
        """Add the forms of a text field, and count their stems as the field weighs.

        `_post` and counting in one, for here most of the time of building is spent.
        """
        postings, weight = self.fields[name].terms, _WEIGHTS[name]
        several = 0
        for form, at in where.items():
            count = len(at)
            entry = postings[form]
            entry.append(document)
            if count == 1:
                entry.append(single_position[at[0]])
            else:
                entry.append(encoded_positions(at))
                several += 1
            root = roots[form]
            if root in frequencies:
                frequencies[root] += weight * count
            else:
                frequencies[root] = weight * count
        self._posted += len(where) * _POSTING + several * _VALUE

    def _post(self, name: str, document: int, where: Mapping[str, list[int]]) -> int:
        """Add the terms of a text field, with their positions; gives how many those are."""
        postings = self.fields[name].terms
        count = 0
        for term, at in where.items():
            entry = postings[term]
            entry.append(document)
            if len(at) == 1:
                entry.append(single_position[at[0]])
                count += 1
            else:
                entry.append(encoded_positions(at))
                count += len(at)
        self._posted += len(where) * _POSTING + (count - len(where)) * _VALUE // 2
        return count

    def _post_counts(self, name: str, document: int, frequencies: Mapping[str, int]) -> int:
        """Add terms with their frequencies; gives the sum of these."""
        postings = self.fields[name].terms
        for term, frequency in frequencies.items():
            entry = postings[term]
            entry.append(document)
            entry.append(frequency)
        self._posted += len(frequencies) * _POSTING
        return sum(frequencies.values())

    def _add_keywords(self, name: str, document: int, values: tuple[str, ...]) -> int:
        found = self._known.get(values)
        if found is None:
            places = keyword_positions(values)
            found = [(term, encoded_positions(at)) for term, at in places.items()]
            if name in _SHARED:
                self._known[values] = found
        postings = self.fields[name].terms
        for term, value in found:
            postings[term] += (document, value)
        self._posted += len(found) * (_POSTING + _VALUE)
        return sum(counts([value for _, value in found]))

    def forms_of_stems(self) -> dict[str, list[str]]:
        """For each stem, as in the ranking field, the forms that have it."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for roots in self._roots.values():
            for form, root in roots.items():
                found[root].append(form)
        for forms in found.values():
            forms.sort()
        return found


# Fields in which many articles have the same values.
_SHARED = frozenset({"source", "section", "root", "language"})

Where = dict[str, list[int]]
"""Term -> positions, ascending."""


def _positions(tokens: Iterable[tuple[int, str]]) -> Where:
    """Where each token stands."""
    found: Where = {}
    for position, token in tokens:
        if token in found:
            found[token].append(position)
        else:
            found[token] = [position]
    return found


def _by_form(where: Where, roots: _Roots) -> tuple[Where, Where]:
    """The positions of forms, and under `STEM_MARK` of stems of tokens that their forms lack.

    Several tokens may share a form, and several such a stem.
    """
    if all(map(str.isascii, where)):
        return where, {}
    forms: Where = {}
    marked: Where = {}
    for token, at in where.items():
        form = token if token.isascii() else fold(token)
        _extend(forms, form, at)
        if form != token:
            implied = stems(form, roots.stemmer)
            for other in stems(token, roots.stemmer):
                if other not in implied:
                    _extend(marked, positional_stem(other, roots.stemmer, roots.language), at)
    return forms, marked


def _extend(places: Where, term: str, at: list[int]) -> None:
    known = places.get(term)
    places[term] = at if known is None else sorted({*known, *at})
