"""An article as Tantivy is given it: our tokens, joined by blanks.

Held to `analysis.ArticleView` by the contract suite.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from newsidx.analysis import KEYWORD_FIELDS, ranking_stem, whole_value
from newsidx.article import Article
from newsidx.engines.ordering import sort_text
from newsidx.engines.stored import stored_article, stored_json
from newsidx.engines.tantivy.layout import (
    FACETS,
    FILLER,
    GAP,
    PADDING,
    SORT_KEYS,
    key_of,
    lengths_of,
    span_of,
    stems_of,
    values_of,
    whole_of,
)
from newsidx.query.ranking import LENGTH_PADDING
from newsidx.schema import FIELDS, LEAD, LEAD_WORDS, TEXT_FIELDS
from newsidx.text.folding import fold
from newsidx.text.stems import stemmer_for, stems
from newsidx.text.tokens import forms, lowered

if TYPE_CHECKING:
    from tantivy import Document

__all__ = ["Recorder", "article_of", "packed", "unpacked"]

_WEIGHTS = {field.name: field.weight for field in FIELDS}
_NAMES = tuple(field.name for field in FIELDS)
_PAD = f" {PADDING}" * LENGTH_PADDING
_BETWEEN = f" {' '.join([FILLER] * GAP)} "
_LEVEL = 6  # of zlib
_CACHE_SIZE = 300_000
_MANY = 20_000

# Fields in which many articles have the same values.
_SHARED = frozenset({"authors", "source", "section", "root", "tags", "language"})

# In bytes: Tantivy leaves out longer terms.
_LONGEST_TERM = 60_000


class _Roots(dict[str, str]):
    """Token -> its stems as terms, joined by blanks; emptied when full."""

    def __init__(self, stemmer: str, language: str) -> None:
        super().__init__()
        self._stemmer, self._language = stemmer, language

    def __missing__(self, token: str) -> str:
        found = stems(token, self._stemmer)
        terms = " ".join(ranking_stem(each, self._stemmer, self._language) for each in found)
        if len(self) >= _CACHE_SIZE:
            self.clear()
        self[token] = terms
        return terms


class Recorder:
    """Makes documents of articles.

    Args:
        language: The index's.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        self._roots: dict[str, _Roots] = {}

    def document(self, article: Article, number: int = 0) -> tuple[Document, list[list[str]]]:
        """An article as a document, and the forms of each of its text fields.

        Args:
            number: Which it is of those that are prepared together.
        """
        from tantivy import Document

        document = Document()
        stemmer = stemmer_for(article.language, self._language)
        roots = self._roots.get(stemmer)
        if roots is None:
            roots = self._roots[stemmer] = _Roots(stemmer, self._language)
        texts: list[list[str]] = []
        firsts: list[list[str]] = []
        ranking: list[str] = []
        for field in TEXT_FIELDS:
            text = getattr(article, field)
            tokens = lowered(text)
            found = tokens if text.isascii() else [w if w.isascii() else fold(w) for w in tokens]
            terms = list(map(roots.__getitem__, tokens))
            document.add_text(field, " ".join(found))
            joined = _add_stems(document, stems_of(field), terms)
            ranking += [joined] * _WEIGHTS[field]
            document.add_unsigned(lengths_of(field), len(tokens))
            stemmed = joined.count(" ") + 1 if joined else 0
            document.add_unsigned(lengths_of(stems_of(field)), stemmed)
            texts.append(found)
            firsts.append(terms)
        text = " ".join(each for each in ranking if each)
        document.add_text("ranking", text + _PAD)
        length = (text.count(" ") + 1 if text else 0) + LENGTH_PADDING
        document.add_unsigned(lengths_of("ranking"), length)
        self._add_lead(document, texts, firsts)
        values = {name: article.values(name) for name in _NAMES}
        document.add_text("has", " ".join(name for name, found in values.items() if found))
        _add_keywords(document, values)
        _add_columns(document, article, " ".join(texts[0]))
        _add_facets(document, article.id, values)
        document.add_unsigned("number", number)
        document.add_bytes("article", _stored(article))
        return document, texts

    def _add_lead(self, document: Document, texts: list[list[str]], roots: list[list[str]]) -> None:
        title, body = texts[0], texts[1][:LEAD_WORDS]
        document.add_text(LEAD.name, _BETWEEN.join((" ".join(title), " ".join(body))))
        between = [FILLER] * GAP
        _add_stems(document, stems_of(LEAD.name), [*roots[0], *between, *roots[1][:LEAD_WORDS]])


def _add_stems(document: Document, name: str, terms: list[str]) -> str:
    """Add stems at the positions of their tokens; gives them joined.

    Where a token has two, they stand at one place, which a tokenizer can't tell.
    """
    joined = " ".join(terms)
    if not terms or joined.count(" ") + 1 == len(terms):
        document.add_text(name, joined)
        return joined
    from tantivy import PreTokenizedString, Token

    tokens = [
        Token(term, position, 0, 0)
        for position, each in enumerate(terms)
        for term in each.split(" ")
    ]
    document.add_pre_tokenized_text(name, PreTokenizedString("", tokens))
    return joined


Values = Mapping[str, tuple[str, ...]]
"""An article's values by field."""


def _add_keywords(document: Document, values: Values) -> None:
    for field in KEYWORD_FIELDS:
        if found := values[field]:
            text, wholes = _terms_of(found) if field in _SHARED else _terms_now(found)
            if wholes:
                document.add_text(field, text)
            for whole in wholes:
                document.add_text(whole_of(field), whole)


def _terms_now(values: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The forms of some values with fillers between them, and each value as one term."""
    every = [found for value in values if (found := forms(value))]
    return _BETWEEN.join(map(" ".join, every)), tuple(map(whole_value, every))


_terms_of = lru_cache(_MANY)(_terms_now)


def _add_columns(document: Document, article: Article, title: str) -> None:
    document.add_unsigned("key", key_of(article.id))
    document.add_unsigned("words", article.words)
    if day := article.published:
        first, last = day.first.toordinal(), day.last.toordinal()
        document.add_unsigned("day_first", first)
        document.add_unsigned("day_last", last)
        document.add_unsigned("span", span_of(first, last))
    keys = {"title": title or sort_text(article.title), "source": _sort_text(article.source)}
    for field in SORT_KEYS:
        if key := keys[field]:
            short = key.encode()[:_LONGEST_TERM].decode("utf-8", "ignore")
            document.add_text(f"{field}_key", short)


_sort_text = lru_cache(_MANY)(sort_text)


def _add_facets(document: Document, key: str, values: Values) -> None:
    for field in FACETS:
        if found := values[field]:
            text = _packed(found)
            fits = len(text) <= _LONGEST_TERM // 4 or len(text.encode()) <= _LONGEST_TERM
            document.add_text(values_of(field), text if fits else _encode(key))


# Values


_encode = json.JSONEncoder(ensure_ascii=False).encode


def packed(values: tuple[str, ...]) -> str:
    """The values of a field as one text."""
    return _encode(values)


_packed = lru_cache(_MANY)(packed)


def unpacked(text: str) -> tuple[str, ...] | str:
    """The inverse of `packed`; the id of an article whose values are too long for a column."""
    found = json.loads(text)
    return found if isinstance(found, str) else tuple(found)


def _stored(article: Article) -> bytes:
    return zlib.compress(stored_json(article), _LEVEL)


def article_of(data: bytes) -> Article:
    """A stored article."""
    return stored_article(zlib.decompress(data))
