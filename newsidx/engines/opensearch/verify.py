"""Reading the articles of which the cluster can't tell whether they match."""

from __future__ import annotations

from newsidx.analysis import ArticleView
from newsidx.engines.opensearch.compile import Between, Query, any_of
from newsidx.engines.opensearch.reading import Reader
from newsidx.engines.verifying import most_verified, refuse_too_many
from newsidx.query.bound import Bound
from newsidx.query.match import match

__all__ = ["verified"]

_TERMS = 60_000  # of one query of terms; the cluster takes 65,536


def verified(reader: Reader, between: Between, tree: Bound, language: str) -> Query:
    """The query for exactly the articles of a tree.

    Raises:
        EngineError: Too many articles would have to be read.
    """
    doubtful: Query = {"bool": {"filter": [between.most], "must_not": [between.least]}}
    total = reader.ask({"query": doubtful, "size": 0, "track_total_hits": True})
    count = total["hits"]["total"]["value"]
    refuse_too_many(count, most_verified())
    keys = [
        key
        for key, article in reader.between(doubtful)
        if match(tree, ArticleView(article, language)) is not None
    ]
    groups: list[Query] = [
        {"bool": {"filter": [{"terms": {"key": keys[start : start + _TERMS]}}]}}
        for start in range(0, len(keys), _TERMS)
    ]
    return any_of([between.least, *groups])
