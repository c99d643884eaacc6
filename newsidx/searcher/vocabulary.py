"""The words of articles, counted: what expansion and likeness are reckoned from."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable

from msgspec import Struct

from newsidx.article import Article
from newsidx.engines.base import Engine, SearchRequest
from newsidx.query.bound import And, Bound, BoundQuery, Term
from newsidx.query.ranking import idf
from newsidx.schema import FIELDS, TEXT_FIELDS
from newsidx.text.folding import fold
from newsidx.text.stems import stem, stemmer_for
from newsidx.text.stopwords import stop_words
from newsidx.text.tokens import lowered

__all__ = ["Archive", "Key", "Vocabulary", "most_telling", "term", "vocabulary"]

Key = tuple[str, str]
"""A stemmer, and a stem under it."""

_WEIGHTS = {field.name: field.weight for field in FIELDS}


class Vocabulary(Struct, frozen=True):
    """The words of an article.

    Attributes:
        frequencies: How often each stem occurs, each field's tokens counted by its
            weight; stop words, numbers and single characters are left out.
        forms: The tokens in lower case that have each stem.
        length: The weighted length of the article, of all its tokens.
    """

    frequencies: Counter[Key]
    forms: dict[Key, Counter[str]]
    length: int


def vocabulary(article: Article, language: str) -> Vocabulary:
    """Count the words of an article.

    Args:
        language: The index's, whose stemmer articles of no known language have.
    """
    stemmer = stemmer_for(article.language, language)
    stops = stop_words(stemmer)
    frequencies: Counter[Key] = Counter()
    forms: dict[Key, Counter[str]] = {}
    length = 0
    for field in TEXT_FIELDS:
        tokens = Counter(lowered(getattr(article, field)))
        weight = _WEIGHTS[field]
        length += weight * tokens.total()
        for token, count in tokens.items():
            if _says_nothing(token, stops):
                continue
            key = stemmer, stem(token, stemmer)
            frequencies[key] += weight * count
            forms.setdefault(key, Counter())[token] += count
    return Vocabulary(frequencies, forms, length)


def _says_nothing(token: str, stops: frozenset[str]) -> bool:
    return len(token) < 2 or not any(map(str.isalpha, token)) or fold(token) in stops


def term(form: str) -> Term:
    """The word that a token in lower case is, wherever it occurs."""
    return Term(TEXT_FIELDS, form, fold(form))


class Archive:
    """What an engine knows of words: in how many articles they are."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.statistics = engine.statistics()
        self._articles = self.statistics.articles + engine.segments().deleted

    @property
    def highest_idf(self) -> float:
        """That of a word that is in one article alone."""
        return idf(self._articles, 1)

    def count(self, *nodes: Bound) -> int:
        """The number of live articles that match all the nodes."""
        tree = nodes[0] if len(nodes) == 1 else And(nodes)
        request = SearchRequest(BoundQuery(tree, ()), limit=0, scores=False)
        return self._engine.search(request).total

    def idf(self, matching: int) -> float:
        """The inverse document frequency of a word that is in so many articles."""
        return idf(self._articles, matching)


def most_telling(
    weights: dict[Key, float],
    forms: Callable[[Key], str],
    archive: Archive,
    wanted: int,
    least: int = 1,
) -> list[tuple[Key, float]]:
    """The words with the highest weight × idf, the highest first, with that product.

    The archive is asked of no more words than it takes to be sure: when even a word
    that one article has could not get among the best with the next weight, none can.

    Args:
        weights: Of each word.
        forms: A form of each.
        wanted: How many words.
        least: Words that fewer articles have are passed over.
    """
    best: list[tuple[float, Key]] = []
    lowest = -math.inf
    for key, weight in sorted(weights.items(), key=lambda item: (-item[1], item[0])):
        if len(best) >= wanted and weight * archive.highest_idf <= lowest:
            break
        matching = archive.count(term(forms(key)))
        if matching >= least:
            best.append((weight * archive.idf(matching), key))
        if len(best) >= wanted:
            lowest = sorted((value for value, _ in best), reverse=True)[wanted - 1]
    best.sort(key=lambda item: (-item[0], item[1]))
    return [(key, value) for value, key in best[:wanted]]
