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
    VALUE_GAP,
    keyword_positions,
    positional_stem,
    ranking_stem,
)
from newsidx.article import Article
from newsidx.engines.whoosh.postings import Postings, counts, encoded_positions, single_position
from newsidx.schema import FIELDS, LEAD, LEAD_WORDS, TEXT_FIELDS
from newsidx.text.folding import fold
from newsidx.text.stems import stemmer_for, stems
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


class _Roots(dict[str, tuple[str, ...]]):
    """Token -> its terms in the ranking field, under one stemmer."""

    def __init__(self, stemmer: str, language: str) -> None:
        super().__init__()
        self.stemmer = stemmer
        self.language = language

    def __missing__(self, token: str) -> tuple[str, ...]:
        found = tuple(
            ranking_stem(stem, self.stemmer, self.language) for stem in stems(token, self.stemmer)
        )
        self[token] = found
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
        total = 0
        for name, tokens in zip(TEXT_FIELDS, texts, strict=True):
            where = _positions(enumerate(tokens))
            lengths[name] = self._post(name, document, where, stemmer)
            total += self._rank(document, where, roots, _WEIGHTS[name])
        title, body = texts
        start = VALUE_GAP + max(0, len(title) - 1)
        lead = chain(enumerate(title), enumerate(body[:LEAD_WORDS], start))
        lengths[LEAD.name] = self._post(LEAD.name, document, _positions(lead), stemmer)
        for name in KEYWORD_FIELDS:
            if values := article.values(name):
                lengths[name] = self._add_keywords(name, document, values)
        ranking = self.fields["ranking"].terms
        for term, count in padding.items():
            ranking[term] += (document, count)
            total += count
        lengths["ranking"] = total
        present = self.fields["has"].terms
        for name in _NAMES:
            if article.values(name):
                present[name] += (document, 1)
        return lengths

    def _post(self, name: str, document: int, where: Mapping[str, list[int]], stemmer: str) -> int:
        """Add the tokens of a text field; gives its length."""
        postings = self.fields[name].terms
        if not all(map(str.isascii, where)):
            where = self._by_term(where, stemmer)
        count = 0
        for term, at in where.items():
            if len(at) == 1:
                count += 1
                postings[term] += (document, single_position[at[0]])
            else:
                count += len(at)
                postings[term] += (document, encoded_positions(at))
        self._posted += len(where) * _POSTING + (count - len(where)) * _VALUE // 2
        return count

    def _by_term(self, where: Mapping[str, list[int]], stemmer: str) -> dict[str, list[int]]:
        """The positions of forms, and of the stems of a token that its form doesn't have.

        Several tokens may share a form, and several such a stem.
        """
        found: dict[str, list[int]] = {}
        for token, at in where.items():
            terms = [token]
            if not token.isascii():
                form = fold(token)
                others = set(stems(token, stemmer)).difference(stems(form, stemmer))
                marks = (positional_stem(each, stemmer, self._language) for each in others)
                terms = [form, *marks]
            for term in terms:
                known = found.get(term)
                found[term] = at if known is None else sorted({*known, *at})
        return found

    def _rank(
        self, document: int, where: Mapping[str, list[int]], roots: _Roots, weight: int
    ) -> int:
        """Count the stems of the tokens of a field; gives how many there are."""
        ranking = self.fields["ranking"].terms
        total = 0
        for token, at in where.items():
            count = weight * len(at)
            for root in roots[token]:
                total += count
                entry = ranking[root]
                if entry and entry[-2] == document:
                    entry[-1] += count  # type: ignore[operator]
                else:
                    entry += (document, count)
        self._posted += len(where) * _POSTING
        return total

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
        found: defaultdict[str, set[str]] = defaultdict(set)
        for roots in self._roots.values():
            for token in roots:
                form = fold(token)
                for stem in stems(form, roots.stemmer):
                    found[ranking_stem(stem, roots.stemmer, self._language)].add(form)
        return {stem: sorted(forms) for stem, forms in found.items()}


# Fields in which many articles have the same values.
_SHARED = frozenset({"source", "section", "root", "language"})


def _positions(tokens: Iterable[tuple[int, str]]) -> dict[str, list[int]]:
    """Where each token stands."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for position, token in tokens:
        found[token].append(position)
    return found
