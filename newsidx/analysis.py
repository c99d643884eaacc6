"""An article as every engine sees it: tokens, positions, stems, ranking frequencies.

Two views of the same thing. `index_terms` is what an engine writes: terms only, and
quick. `ArticleView` is what `query/match.py` reads: tokens with their places in the
text. The contract suite holds one against the other.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from hashlib import blake2b

from msgspec import Struct

from newsidx.article import Article
from newsidx.schema import FIELDS, LEAD, LEAD_WORDS, TEXT_FIELDS, Kind
from newsidx.text.folding import fold
from newsidx.text.stems import stemmer_for, stems
from newsidx.text.tokens import Token, forms, lowered, tokenize

__all__ = [
    "KEYWORD_FIELDS",
    "STEM_MARK",
    "VALUE_GAP",
    "WHOLE_MARK",
    "ArticleView",
    "IndexTerms",
    "index_terms",
    "keyword_positions",
    "positional_stem",
    "ranking_stem",
    "whole_value",
]

KEYWORD_FIELDS: tuple[str, ...] = tuple(
    field.name for field in FIELDS if field.kind in (Kind.KEYWORD, Kind.LIST)
)
_WEIGHTS = {field.name: field.weight for field in FIELDS if field.kind is Kind.TEXT}

# Positions left free between two values of a list, so that no phrase spans them.
VALUE_GAP = 1000

# Before a stem among the forms of a text field. No form holds such a character.
STEM_MARK = "~"

# Before the forms of a whole value among the forms of a keyword field.
WHOLE_MARK = "="

# In characters: of a longer value, the rest is in its term as a hash.
_LONGEST_VALUE = 200


def ranking_stem(stem: str, stemmer: str, index_language: str) -> str:
    """A stem's term in the ranking field: bare in the index's language, else `de:haus`."""
    return stem if stemmer == index_language else f"{stemmer}:{stem}"


def positional_stem(stem: str, stemmer: str, index_language: str) -> str:
    """A stem's term among the positions of a text field."""
    return STEM_MARK + ranking_stem(stem, stemmer, index_language)


def whole_value(forms: Iterable[str]) -> str:
    """The term of a keyword field's whole value, by its forms, of which there is one."""
    text = " ".join(forms)
    if len(text) > _LONGEST_VALUE:
        digest = blake2b(text.encode(), digest_size=16).hexdigest()
        text = f"{text[:_LONGEST_VALUE]} {digest}"
    return WHOLE_MARK + text


class IndexTerms(Struct):
    """What an engine writes of one article.

    Attributes:
        stemmer: The article's stemmer, a language code or `none`.
        positions: Field -> term -> positions, ascending. Text fields hold forms, and
            under `STEM_MARK` those stems of a word that its form doesn't have (`étés`
            stems otherwise than `etes`); all other positions of a stem are those of the
            forms that have it. So does `hlead`, where the lead stands behind the title
            with a gap between them. Keyword fields hold forms, and each whole value under
            `WHOLE_MARK` where it begins.
        frequencies: Term -> weighted frequency, in the ranking field.
        length: Sum of `frequencies`: the weighted length without padding.
    """

    stemmer: str
    positions: dict[str, dict[str, list[int]]]
    frequencies: dict[str, int]
    length: int


def index_terms(article: Article, index_language: str) -> IndexTerms:
    """Analyse an article for writing.

    Args:
        index_language: The stemmer of articles whose language isn't known.
    """
    stemmer = stemmer_for(article.language, index_language)
    mark = "" if stemmer == index_language else f"{stemmer}:"
    positions: dict[str, dict[str, list[int]]] = {}
    frequencies: dict[str, int] = {}
    for field in TEXT_FIELDS:
        weight = _WEIGHTS[field]
        places = positions[field] = {}
        occurrences: dict[str, list[int]] = {}
        for position, token in enumerate(lowered(getattr(article, field))):
            if token in occurrences:
                occurrences[token].append(position)
            else:
                occurrences[token] = [position]
        for token, where in occurrences.items():
            form = fold(token)
            _extend(places, form, where)
            implied = stems(form, stemmer)
            for stem in stems(token, stemmer):
                term = mark + stem
                frequencies[term] = frequencies.get(term, 0) + weight * len(where)
                if stem not in implied:
                    _extend(places, STEM_MARK + term, where)
    positions[LEAD.name] = _lead_positions(positions["title"], positions["body"])
    for field in KEYWORD_FIELDS:
        if values := article.values(field):
            positions[field] = keyword_positions(values)
    return IndexTerms(stemmer, positions, frequencies, sum(frequencies.values()))


def _extend(places: dict[str, list[int]], term: str, where: list[int]) -> None:
    """Add positions to a term that other tokens may share (two spellings, one form)."""
    known = places.get(term)
    places[term] = where if known is None else sorted({*known, *where})


def _lead_positions(
    title: Mapping[str, list[int]], body: Mapping[str, list[int]]
) -> dict[str, list[int]]:
    """The positions of the title and of the first words of the body, one behind the other."""
    places = dict(title)
    start = VALUE_GAP + max((where[-1] for where in title.values()), default=0)
    for term, where in body.items():
        if where[0] < LEAD_WORDS:
            lead = [at + start for at in where[: bisect_left(where, LEAD_WORDS)]]
            places[term] = places[term] + lead if term in places else lead
    return places


def keyword_positions(values: Iterable[str]) -> dict[str, list[int]]:
    """The positions of a keyword field, as in `IndexTerms`."""
    places: dict[str, list[int]] = {}
    start = 0
    for value in values:
        found = forms(value)
        for position, form in enumerate(found, start):
            places.setdefault(form, []).append(position)
        if found:
            places.setdefault(whole_value(found), []).append(start)
        start += max(0, len(found) - 1) + VALUE_GAP
    return places


class ArticleView:
    """An article's tokens with their places, made when first asked for.

    Args:
        article: Any article.
        index_language: As for `index_terms`.
    """

    def __init__(self, article: Article, index_language: str) -> None:
        self.article = article
        self.stemmer = stemmer_for(article.language, index_language)
        self._values: dict[str, list[list[Token]]] = {}
        self._stems: dict[str, list[tuple[str, ...]]] = {}

    def values(self, field: str) -> list[list[Token]]:
        """The tokens of each value of a field; a text field has one value at most.

        `hlead` has two, of the title and of the lead, either of which may be empty.
        """
        if field not in self._values:
            if field == LEAD.name:
                title, body = ([token for v in self.values(f) for token in v] for f in TEXT_FIELDS)
                self._values[field] = [title, body[:LEAD_WORDS]]
            else:
                values = self.article.values(field)
                self._values[field] = [tokenize(value) for value in values]
        return self._values[field]

    def part(self, field: str, value: int) -> tuple[str, int]:
        """The article's own field, and its value, that a value of a field is (a part of)."""
        return (TEXT_FIELDS[value], 0) if field == LEAD.name else (field, value)

    def text(self, field: str, value: int) -> str:
        """The text that the tokens of a value have their places in."""
        name, number = self.part(field, value)
        return self.article.values(name)[number]

    def stems(self, field: str) -> list[tuple[str, ...]]:
        """The stems of each token of a text field, in order, its values behind one another."""
        if field not in self._stems:
            tokens = (token for value in self.values(field) for token in value)
            self._stems[field] = [stems(token.lower, self.stemmer) for token in tokens]
        return self._stems[field]

    def ranking_length(self) -> int:
        """The weighted length, as in `IndexTerms.length`."""
        return sum(weight * sum(map(len, self.stems(field))) for field, weight in _WEIGHTS.items())
