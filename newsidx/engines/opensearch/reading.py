"""Asking for articles: one page, or all of them in order however many."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from newsidx.article import Article
from newsidx.engines.opensearch.client import Cluster, NotThere, Refusal
from newsidx.engines.opensearch.compile import Query
from newsidx.errors import IndexDamaged

__all__ = ["Reader", "article_of", "buckets", "id_of"]

_PAGE = 10_000  # the cluster gives no more at once
_ARTICLES = 250
_BUCKETS = 5_000
_ALIVE = "5m"
_REOPENED = 5

# Should the node go that holds a point in time, another point is taken: so soon, in seconds.
_PATIENCE = 4.0


def _params(body: Mapping[str, Any]) -> dict[str, str]:
    """How to search: a node that can't answer must not make the rest look like all there is.

    Where there are scores, words are counted over all shards first. Elsewhere that would
    only keep the cluster from remembering an answer.
    """
    ranked = {"search_type": "dfs_query_then_fetch"} if body.get("track_scores") else {}
    return {"allow_partial_search_results": "false", **ranked}


def id_of(hit: Mapping[str, Any]) -> str:
    """The id of the article that a hit is, from the last of what it is sorted by."""
    key: str = hit["sort"][-1]
    return key.partition("@")[0]


def article_of(hit: Mapping[str, Any]) -> Article:
    """The article of a hit that came with its source."""
    try:
        return Article.from_dict(hit["_source"]["article"])
    except (KeyError, TypeError, ValueError) as problem:
        raise IndexDamaged(f"A document of the cluster holds no article: {problem}") from problem


class Reader:
    """Asks some indexes of a cluster.

    Args:
        target: Their names, with commas between.
    """

    page = _PAGE

    def __init__(self, cluster: Cluster, target: str) -> None:
        self._cluster = cluster
        self._target = target
        self._open: set[str] = set()

    def ask(self, body: dict[str, Any]) -> Any:
        """One search. Its numbers are those of all shards, or it fails."""
        return self._cluster.call("POST", f"/{self._target}/_search", body, _params(body))

    def ask_each(self, bodies: Sequence[dict[str, Any]]) -> list[Any]:
        """Several searches in one request."""
        header = {"index": self._target.split(","), "allow_partial_search_results": False}
        each = (json.dumps(line).encode() + b"\n" for body in bodies for line in (header, body))
        answers = self._cluster.call("POST", "/_msearch", b"".join(each))["responses"]
        # One that failed is asked by itself, which is tried again, and says what is wrong.
        return [
            self.ask(body) if "error" in answer else answer
            for body, answer in zip(bodies, answers, strict=True)
        ]

    # Many

    def pages(
        self, body: dict[str, Any], offset: int, *, articles: bool = False
    ) -> tuple[int, Iterator[list[Any]]]:
        """The number of all hits, and the pages of those behind `offset`.

        All of them are as of now (a point in time), though they are fetched later; should a
        node that holds it go, the rest comes from another, as of then.

        Args:
            body: With a sort whose last is `key`.
        """
        size = _ARTICLES if articles else _PAGE
        body = body | {"size": size, "_source": articles}
        point = self._begin()
        first = self._ask_at(point, body | {"track_total_hits": True})
        total, hits = first["hits"]["total"]["value"], first["hits"]["hits"]
        if len(hits) < size:
            self._end(point)
        return total, self._following(point, body, hits, offset)

    def _following(
        self, point: str, body: dict[str, Any], page: list[Any], offset: int
    ) -> Iterator[list[Any]]:
        reopened = 0
        try:
            while page:
                if offset < len(page):
                    yield page[offset:]
                offset = max(0, offset - len(page))
                if len(page) < body["size"]:
                    break
                after = {"search_after": page[-1]["sort"], "track_total_hits": False}
                try:
                    page = self._ask_at(point, body | after)["hits"]["hits"]
                except (NotThere, Refusal):
                    reopened += 1
                    if reopened > _REOPENED:
                        raise
                    self._end(point)
                    point = self._begin()
                    page = self._ask_at(point, body | after)["hits"]["hits"]
        finally:
            self._end(point)

    def _begin(self) -> str:
        path = f"/{self._target}/_search/point_in_time"
        answer = self._cluster.call("POST", path, None, {"keep_alive": _ALIVE})
        point: str = answer["pit_id"]
        self._open.add(point)
        return point

    def _ask_at(self, point: str, body: dict[str, Any]) -> Any:
        at = {"pit": {"id": point, "keep_alive": _ALIVE}}
        params = _params(body)
        return self._cluster.call("POST", "/_search", body | at, params, patience=_PATIENCE)

    def _end(self, point: str) -> None:
        if point not in self._open:
            return
        self._open.discard(point)
        try:
            self._cluster.call("DELETE", "/_search/point_in_time", {"pit_id": [point]})
        except (NotThere, Refusal):
            return  # it went with its node, or by itself

    def ids(self, query: Query) -> list[str]:
        """The ids of all articles that a query matches, in order."""
        body = {"query": query, "sort": [{"key": "asc"}]}
        return [id_of(hit) for page in self.pages(body, 0)[1] for hit in page]

    def articles(self, ids: Sequence[str], owner: str) -> dict[str, Article]:
        """Articles by id; of several with one, that of an owner."""
        found: dict[str, Article] = {}
        for start in range(0, len(ids), _ARTICLES):
            some = ids[start : start + _ARTICLES]
            body = {
                "query": {"ids": {"values": some}},
                "size": _PAGE,
                "sort": [{"key": "asc"}],
                "_source": True,
            }
            for hit in self.ask(body)["hits"]["hits"]:
                key = id_of(hit)
                if key not in found or hit["sort"][-1].endswith(f"@{owner}"):
                    found[key] = article_of(hit)
        return found

    def matching(self, query: Query) -> Iterator[tuple[str, Article]]:
        """The keys and articles of all that a query matches, by id."""
        body = {"query": query, "sort": [{"key": "asc"}]}
        for page in self.pages(body, 0, articles=True)[1]:
            for hit in page:
                yield hit["sort"][-1], article_of(hit)

    def close(self) -> None:
        """Let the cluster forget what was not read to its end."""
        for point in list(self._open):
            self._end(point)


def buckets(
    reader: Reader,
    query: Query | None,
    sources: list[dict[str, Any]],
    aggs: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> Iterator[dict[str, Any]]:
    """All buckets of a composite aggregation, in order, asked for in pages.

    Args:
        query: None is every article, of which the cluster only reads what a page needs.
        after: Begin behind this key.
    """
    composite: dict[str, Any] = {"size": _BUCKETS, "sources": sources}
    inner = {"aggs": aggs} if aggs else {}
    while True:
        if after:
            composite["after"] = after
        body: dict[str, Any] = {"size": 0, "track_total_hits": False}
        body["aggs"] = {"found": {"composite": composite, **inner}}
        if query is not None:
            body["query"] = query
        found = reader.ask(body)["aggregations"]["found"]
        yield from found["buckets"]
        after = found.get("after_key")
        if not after or len(found["buckets"]) < _BUCKETS:
            return
