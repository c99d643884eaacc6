"""Searching an index in a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsidx.article import Article
from newsidx.engines.base import (
    Capabilities,
    EngineHit,
    EnginePage,
    Facets,
    Fits,
    SearchRequest,
    Segments,
    Statistics,
    Timeline,
)
from newsidx.engines.opensearch import counts
from newsidx.engines.opensearch.client import Cluster
from newsidx.engines.opensearch.compile import EVERYTHING, Compiler, Query, verifies
from newsidx.engines.opensearch.hits import Hits
from newsidx.engines.opensearch.home import read_home
from newsidx.engines.opensearch.lengths import round_length
from newsidx.engines.opensearch.lifecycle import searched
from newsidx.engines.opensearch.reading import Reader, article_of, id_of
from newsidx.engines.opensearch.scoring import clauses
from newsidx.engines.opensearch.verify import Verified
from newsidx.errors import IndexDamaged
from newsidx.query.bound import Bound, BoundQuery

if TYPE_CHECKING:
    from newsidx.engines.opensearch.writer import OpenSearchWriter

__all__ = ["OpenSearchEngine"]

# A page that may come with its articles, in one answer.
_WITH_ARTICLES = 100

# Articles are asked for so many at a time, ahead of those that are wanted now.
_AHEAD = 200

_NO_DAY_LAST = 10_000_000  # behind every day there is

_TIES: list[dict[str, Any]] = [
    {"day_first": {"order": "desc", "missing": 0}},
    {"key": {"order": "asc"}},
]
_ORDERS: dict[str, list[dict[str, Any]]] = {
    "relevance": [{"_score": {"order": "desc"}}, *_TIES],
    "newest": _TIES,
    "oldest": [{"day_first": {"order": "asc", "missing": _NO_DAY_LAST}}, _TIES[1]],
    "title": [{"title_key": {"order": "asc", "missing": "_last"}}, *_TIES],
    "source": [{"source_key": {"order": "asc", "missing": "_last"}}, *_TIES],
}


class OpenSearchEngine:
    """An open index in a cluster. It answers as of each request: the cluster has no commits.

    Args:
        directory: Where it is said which.
        language: The index's language.
    """

    name = "opensearch"
    capabilities = Capabilities(atomic=False, shared=True)
    round_length: Callable[[int], float] = staticmethod(round_length)

    def __init__(self, directory: Path, language: str) -> None:
        self._directory = directory
        self._language = language
        self.home = read_home(directory)
        self.commit = self.home.commit
        self.cluster = Cluster(self.home)
        self.target, self.languages = searched(self.cluster)
        if self.languages - {language}:
            other = ", ".join(sorted(self.languages - {language}))
            raise IndexDamaged(f"The index {self.home.shown} has the language {other}.")
        self._reader = Reader(self.cluster, self.target)
        self._verified = Verified(self._reader, language)
        self._known: dict[str, Article] = {}
        self._hits: Hits | None = None

    def writer(self) -> OpenSearchWriter:
        """Begin a transaction.

        Raises:
            Refused: The index is attached for searching only.
        """
        from newsidx.engines.opensearch.writer import OpenSearchWriter

        return OpenSearchWriter(self._directory, self._language, self.cluster)

    # Queries

    @cached_property
    def _overview(self) -> dict[str, Any]:
        """What compiling and ranking need to know of the whole index."""
        aggs = {
            "stemmers": {"terms": {"field": "stemmer", "size": 100}},
            "languages": {"terms": {"field": "language_values", "size": 10_000}},
            "length": {"sum": {"field": "length"}},
        }
        answer = self._reader.ask({"size": 0, "track_total_hits": True, "aggs": aggs})
        found = answer["aggregations"]
        return {
            "articles": answer["hits"]["total"]["value"],
            "stemmers": [each["key"] for each in found["stemmers"]["buckets"]],
            "languages": [each["key"] for each in found["languages"]["buckets"]],
            "length": found["length"]["value"],
        }

    @cached_property
    def _average(self) -> float:
        return self._overview["length"] / (self._overview["articles"] or 1) or 1.0

    def _compiler(self) -> Compiler:
        return Compiler(self._language, {self._language, *self._overview["stemmers"]})

    def _matching(self, query: BoundQuery, compiler: Compiler | None = None) -> Query:
        """The query for exactly the articles of a tree."""
        compiler = compiler or self._compiler()
        between = compiler.compiled(query.tree)
        return between.most if between.exact else self._verified(between, query.tree)

    def search(self, request: SearchRequest) -> EnginePage:
        """Match, count all matches, and fetch the wanted part of them in order."""
        compiler = self._compiler()
        matching = self._matching(request.query, compiler)
        self._hits = None
        if request.limit == 0:
            return EnginePage(self._count(matching), [])
        ranked = request.query.scored if request.scored else ()
        query = self._scored(matching, compiler, ranked)
        order = _ORDERS[request.sort if ranked or request.sort != "relevance" else "newest"]
        body = {"query": query, "sort": order, "track_scores": bool(ranked)}
        total, hits = self._page(body, request, bool(ranked))
        return EnginePage(total, hits)

    def _count(self, matching: Query) -> int:
        answer = self._reader.ask({"query": matching, "size": 0, "track_total_hits": True})
        return int(answer["hits"]["total"]["value"])

    def _scored(self, matching: Query, compiler: Compiler, ranked: Sequence[Any]) -> Query:
        """The same articles, with the scores of words."""
        if not ranked:
            return {"bool": {"filter": [matching]}}
        total = self._overview["articles"]
        words = clauses(self._reader, compiler, ranked, total, self._average)
        return {"bool": {"filter": [matching], "should": words}}

    def _page(
        self, body: dict[str, Any], request: SearchRequest, scored: bool
    ) -> tuple[int, Sequence[EngineHit]]:
        end = None if request.limit is None else request.offset + request.limit
        if end is not None and end <= self._reader.page:
            count = request.limit or 0
            whole = count <= _WITH_ARTICLES
            answer = self._reader.ask(
                body
                | {
                    "from": request.offset,
                    "size": count,
                    "track_total_hits": True,
                    "_source": whole,
                    "docvalue_fields": [] if whole else ["key"],
                }
            )
            found = answer["hits"]
            self._known = {id_of(hit): article_of(hit) for hit in found["hits"] if whole}
            return found["total"]["value"], [_hit(each, scored) for each in found["hits"]]
        total, pages = self._reader.pages(body, request.offset)
        count = max(0, total - request.offset)
        count = count if request.limit is None else min(count, request.limit)
        self._hits = Hits(count, ([_hit(each, scored) for each in page] for page in pages))
        return total, self._hits

    # Counts

    def facets(self, query: BoundQuery, field: str) -> Facets:
        """Count the values of a field over all matches."""
        return counts.facets(self._reader, self._matching(query), field)

    def timeline(self, query: BoundQuery, unit: str, *, words: bool = False) -> Timeline:
        """Count the matches of each day, month or year, or their words."""
        return counts.timeline(self._reader, self._matching(query), unit, words=words)

    # Articles

    def get(self, ids: Sequence[str]) -> dict[str, Article]:
        """Stored articles by id; of an id that several owners have, our own."""
        missing = [key for key in ids if key not in self._known]
        if missing:
            wanted = list(dict.fromkeys(missing))
            if self._hits is not None:
                ahead = self._hits.behind(wanted[-1], _AHEAD)
                wanted = list(dict.fromkeys([*wanted, *ahead]))
            kept = {key: self._known[key] for key in ids if key in self._known}
            self._known = kept | self._reader.articles(wanted, self.home.owner)
        return {key: self._known[key] for key in ids if key in self._known}

    def scan(self) -> Iterator[Article]:
        """Every live article, by id."""
        return (article for _, article in self._reader.matching(EVERYTHING))

    def ids(self, prefix: str) -> list[str]:
        """Ids that begin with `prefix`, in order; each once, however many have it."""
        query = {"prefix": {"key": {"value": prefix}}} if prefix else EVERYTHING
        return list(dict.fromkeys(self._reader.ids(query)))

    def own_ids(self) -> list[str]:
        """Those of the articles that this ledger wrote."""
        if not self.home.physical:
            return []
        own = Reader(self.cluster, self.home.physical)
        return own.ids({"term": {"owner": self.home.owner}})

    def terms(
        self, field: str, prefix: str = "", fits: Fits | None = None
    ) -> Iterator[tuple[str, int]]:
        """The forms of a field with their number of articles."""
        found = counts.lexicon(self._reader, (field,), prefix, self._language)
        return ((form, articles) for form, articles, _ in found if fits is None or fits(form))

    def lexicon(self, fields: Sequence[str], prefix: str = "") -> Iterator[tuple[str, int, int]]:
        """The forms of some fields with their numbers of articles and of occurrences."""
        return counts.lexicon(self._reader, tuple(fields), prefix, self._language)

    def frequencies(self, fields: Sequence[str]) -> dict[str, int]:
        """How often each form occurs in some fields."""
        return {form: occurs for form, _, occurs in self.lexicon(fields)}

    def verifies(self, node: Bound) -> bool:
        """Whether articles have to be read to know that they match."""
        return verifies(node)

    def statistics(self) -> Statistics:
        """Numbers over the whole index, as of the first time they are asked for."""
        overview = self._overview
        return Statistics(
            articles=overview["articles"],
            average_length=self._average if overview["articles"] else 0.0,
            languages=frozenset(overview["languages"]),
        )

    def segments(self) -> Segments:
        """How many segments all primary shards have together, and what is deleted in them."""
        answer = self.cluster.call("GET", f"/{self.target}/_stats/docs,segments")
        primaries = answer["_all"]["primaries"]
        return Segments(primaries["segments"]["count"], primaries["docs"]["deleted"])

    def close(self) -> None:
        """Let go of connections."""
        self._reader.close()
        self.cluster.close()


def _hit(found: dict[str, Any], scored: bool) -> EngineHit:
    return EngineHit(id_of(found), (found["_score"] or 0.0) if scored else 0.0)
