"""How often a query matches in the bodies of its articles."""

from __future__ import annotations

from collections import Counter

from newsidx.analysis import ArticleView
from newsidx.article import Article
from newsidx.engines.base import Engine, SearchRequest
from newsidx.engines.fetching import named
from newsidx.query.bound import Bound, BoundQuery
from newsidx.query.match import match
from newsidx.searcher.buckets import bucket_of

__all__ = ["mentions"]


def mentions(
    engine: Engine, query: BoundQuery, tree: Bound, size: str, language: str
) -> Counter[str]:
    """Bucket -> places in the bodies where a tree matches.

    A place counts once, however many parts of the tree match there. Every matching article
    is read, so this takes time in proportion to their text.

    Args:
        query: The articles.
        tree: What is looked for in them.
        language: The index's.
    """
    found: Counter[str] = Counter()
    hits = engine.search(SearchRequest(query, "oldest", limit=None, scores=False)).hits
    for article in named(engine, (hit.id for hit in hits)):
        bucket = _bucket(article, size)
        if bucket is None:
            continue
        spans = match(tree, ArticleView(article, language)) or []
        found[bucket] += len({span for span in spans if span.field == "body"})
    return found


def _bucket(article: Article, size: str) -> str | None:
    """The bucket that an article is in; None where its date does not tell."""
    day = article.published
    if day is None:
        return None
    bucket = bucket_of(day.first, size)
    return bucket if bucket_of(day.last, size) == bucket else None
