"""Reading the articles of which the cluster can't tell whether they match."""

from __future__ import annotations

import time

from newsidx.analysis import ArticleView
from newsidx.engines.opensearch.compile import Between, Query, any_of
from newsidx.engines.opensearch.reading import Reader
from newsidx.engines.verifying import most_verified, refuse_too_many
from newsidx.query.bound import Bound
from newsidx.query.match import match

__all__ = ["Verified"]

_TERMS = 60_000  # of one query of terms; the cluster takes 65,536


# Of so many trees it is remembered what was read: an answer asks of its query, and of parts of
# it, several times. Not for long, as others may write meanwhile: for so many seconds, or as long
# as it took to read.
_REMEMBERED = 64
_SECONDS = 10.0


class Verified:
    """Reads what is in doubt, and remembers for a while what came of it."""

    def __init__(self, reader: Reader, language: str) -> None:
        self._reader = reader
        self._language = language
        self._known: dict[Bound, tuple[float, Query]] = {}

    def __call__(self, between: Between, tree: Bound) -> Query:
        """The query for exactly the articles of a tree.

        Raises:
            EngineError: Too many articles would have to be read.
        """
        begun = time.monotonic()
        until, query = self._known.pop(tree, (begun, {}))
        if begun >= until:
            query = _read(self._reader, between, tree, self._language)
            now = time.monotonic()
            until = now + max(_SECONDS, now - begun)
        self._known[tree] = until, query
        if len(self._known) > _REMEMBERED:
            del self._known[next(iter(self._known))]
        return query


def _read(reader: Reader, between: Between, tree: Bound, language: str) -> Query:
    doubtful: Query = {"bool": {"filter": [between.most], "must_not": [between.least]}}
    total = reader.ask({"query": doubtful, "size": 0, "track_total_hits": True})
    count = total["hits"]["total"]["value"]
    refuse_too_many(count, most_verified())
    keys = [
        key
        for key, article in reader.matching(doubtful)
        if match(tree, ArticleView(article, language)) is not None
    ]
    groups: list[Query] = [
        {"bool": {"filter": [{"terms": {"key": keys[start : start + _TERMS]}}]}}
        for start in range(0, len(keys), _TERMS)
    ]
    return any_of([between.least, *groups])
