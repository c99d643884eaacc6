"""Keywords: what is said in some articles more often than in others.

The words of a headline and a body count, in their forms. How often each occurs in the whole
archive is in the engine's dictionary, so that only the articles in question are read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from msgspec import Struct, field

from newsidx.engines.base import Engine
from newsidx.engines.fetching import named
from newsidx.errors import UsageError
from newsidx.schema import TEXT_FIELDS
from newsidx.searcher.association import keyness_g2, log_ratio, per_million
from newsidx.text.stems import stemmer_for
from newsidx.text.stopwords import stop_words
from newsidx.text.tokens import forms

__all__ = ["LEAST", "Keyword", "Keywords", "Text", "keywords"]

LEAST = 2
"""What occurs less often than that is no keyword, as a rule."""


class Text(Struct, frozen=True):
    """Articles taken as one text: how many, and their tokens."""

    articles: int
    words: int


class Keyword(Struct, frozen=True):
    """A word that is more frequent in the articles than in the reference.

    Attributes:
        count, reference_count: How often it occurs in either.
        per_million, reference_per_million: The same, per million tokens.
        articles: How many of the articles have it.
        g2: Log-likelihood (`association.keyness_g2`).
        log_ratio: Effect size (`association.log_ratio`).
    """

    word: str
    count: int
    reference_count: int
    per_million: float
    reference_per_million: float
    articles: int
    g2: float
    log_ratio: float


class Keywords(Struct, frozen=True):
    """All keywords of some articles, the highest G2 first, and what was compared."""

    target: Text
    reference: Text
    words: tuple[Keyword, ...]


class _Count(Struct):
    """Words counted: occurrences, articles, and occurrences as a stop word."""

    articles: int = 0
    words: Counter[str] = field(default_factory=Counter)
    within: Counter[str] = field(default_factory=Counter)
    stopped: Counter[str] = field(default_factory=Counter)


def keywords(
    engine: Engine,
    ids: Collection[str],
    language: str,
    *,
    against: Iterable[str] | None = None,
    least: int = LEAST,
    stopwords: bool = False,
) -> Keywords:
    """What sets articles apart.

    Args:
        ids: Of the articles.
        language: The index's language.
        against: Ids of the articles to compare with, without these; None is all others.
        least: How often a word has to occur in the articles.
        stopwords: Keep stop words, which are left out where they are such in the language
            of most articles that they occur in.

    Raises:
        UsageError: There is nothing to compare, or to compare with.
    """
    here = _counted(engine, ids, language)
    if against is None:
        everything = engine.frequencies(TEXT_FIELDS)
        there = {word: max(0, count - here.words[word]) for word, count in everything.items()}
        articles = engine.statistics().articles - here.articles
    else:
        known = set(ids)
        other = _counted(engine, [key for key in against if key not in known], language)
        there, articles = dict(other.words), other.articles
    target = Text(here.articles, here.words.total())
    reference = Text(articles, sum(there.values()))
    if not reference.words:
        raise UsageError(
            "There are no other words to compare with.",
            "What sets articles apart shows beside others: narrow the query, or name others "
            "with --against.",
        )
    found = [
        _keyword(word, count, there.get(word, 0), here.within[word], target, reference)
        for word, count in here.words.items()
        if count >= least
        and count * reference.words > there.get(word, 0) * target.words
        and (stopwords or 2 * here.stopped[word] <= count)
    ]
    found.sort(key=lambda each: (-each.g2, each.word))
    return Keywords(target, reference, tuple(found))


def _keyword(
    word: str, count: int, other: int, articles: int, target: Text, reference: Text
) -> Keyword:
    here, there = target.words, reference.words
    return Keyword(
        word,
        count,
        other,
        per_million(count, here),
        per_million(other, there),
        articles,
        keyness_g2(count, other, here, there),
        log_ratio(count, other, here, there),
    )


def _counted(engine: Engine, ids: Iterable[str], language: str) -> _Count:
    """Count the words of articles, a portion of them at a time."""
    found = _Count()
    for article in named(engine, ids):
        words = Counter(form for name in TEXT_FIELDS for form in forms(getattr(article, name)))
        found.articles += 1
        found.words.update(words)
        found.within.update(words.keys())
        for stop in stop_words(stemmer_for(article.language, language)) & words.keys():
            found.stopped[stop] += words[stop]
    return found
