"""Articles like one: a query made of its most telling words.

Each word weighs what it would add to the article's own score, its saturated BM25
frequency, and is ranked by BM25 as any other: so what the article speaks of most, and
the archive least, counts twice. The article and its copies are left out.
"""

from __future__ import annotations

from newsidx.analysis import ArticleView
from newsidx.article import Article
from newsidx.engines.base import Engine, SearchRequest
from newsidx.query import nodes
from newsidx.query.bound import And, Bound, BoundQuery, Not, Or, Phrase, Scored
from newsidx.query.ranking import LENGTH_PADDING, bm25
from newsidx.query.render import render
from newsidx.searcher.vocabulary import Archive, Key, most_telling, term, vocabulary
from newsidx.text.tokens import forms, lowered, tokenize

__all__ = ["TERMS", "alike", "similar"]

TERMS = 25
"""As many words as Lucene's MoreLikeThis takes: more bring in little but length."""

# Copies are sought among so many of the best; they all score as high as it is possible.
_COPIES = 25


def similar(engine: Engine, article: Article, language: str) -> tuple[BoundQuery, str]:
    """A query for articles like one.

    Args:
        article: One of the archive, or any other; then its id is empty.
        language: The index's language.

    Returns:
        The query, which matches nothing where the article has no telling word, and its
        words as they would be typed, the strongest first.
    """
    words = _telling(engine, article, language)
    if not words:
        return BoundQuery(Or(()), ()), ""
    alike = Or(tuple(term(form) for form, _ in words))
    scored = tuple(Scored(term(form), weight) for form, weight in words)
    others = _without_copies(engine, BoundQuery(alike, scored), article)
    tree = And((alike, *others)) if others else alike
    typed = tuple(nodes.Boost(nodes.Word(form), round(weight, 2)) for form, weight in words)
    shown = render(nodes.Or(typed) if len(typed) > 1 else typed[0])
    return BoundQuery(tree, scored), shown


def alike(engine: Engine, article: Article, language: str) -> BoundQuery:
    """A query for articles like one, the article and copies of it among them, in no words."""
    words = _telling(engine, article, language)
    found = Or(tuple(term(form) for form, _ in words))
    return BoundQuery(found, tuple(Scored(term(form), weight) for form, weight in words))


def _telling(engine: Engine, article: Article, language: str) -> list[tuple[str, float]]:
    """The most telling words of an article, each in its commonest form, and their weights."""
    archive = Archive(engine)
    words = vocabulary(article, language)
    length = engine.round_length(ArticleView(article, language).ranking_length() + LENGTH_PADDING)
    average = archive.statistics.average_length or length
    weights: dict[Key, float] = {}
    commonest: dict[Key, str] = {}
    for key, count in words.frequencies.items():
        form = min(words.forms[key].items(), key=lambda item: (-item[1], item[0]))[0]
        if len(tokenize(form)) == 1:
            commonest[key] = form
            weights[key] = bm25(count, length, average)
    # A word that no other article has would find nothing.
    least = 2 if article.id else 1
    chosen = most_telling(weights, commonest.__getitem__, archive, TERMS, least=least)
    return [(commonest[key], weights[key]) for key, _ in chosen]


def _without_copies(engine: Engine, query: BoundQuery, article: Article) -> list[Bound]:
    """Conditions that leave out an article, and every article with the same text."""
    page = engine.search(SearchRequest(query, limit=_COPIES))
    found = engine.get([hit.id for hit in page.hits])
    same = lowered(article.body)
    copies = [other for other in found.values() if other.body and lowered(other.body) == same]
    family = {key for each in (article, *copies) for key in (each.id, each.same_text) if key}
    return [
        Not(Phrase((field,), tuple(forms(key))))
        for key in sorted(family)
        for field in ("id", "same_text")
    ]
