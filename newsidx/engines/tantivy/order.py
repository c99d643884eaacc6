"""The order of matches, and the page of them that is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from newsidx.engines.base import SearchRequest
from newsidx.engines.tantivy.layout import lengths_of
from newsidx.engines.tantivy.queries import count_of, with_keys
from newsidx.engines.tantivy.scoring import Scorer, Weighed

if TYPE_CHECKING:
    from tantivy import DocAddress, Query, Schema, Searcher

__all__ = ["Pages"]

# How many more than the page are taken at first, in case that some behind it are as good.
_MORE = 16

# Scores of Tantivy's that differ by less may be equal: it reckons with 24 bits, and sums.
_CLOSE = 1e-5

Scored = list[tuple[int, float]]
"""Keys, each with its score."""


class Pages:
    """Answers requests over one commit."""

    def __init__(self, searcher: Searcher, schema: Schema, scorer: Scorer) -> None:
        self._searcher = searcher
        self._schema = schema
        self._scorer = scorer

    def page(self, request: SearchRequest, matching: Query) -> tuple[int, Scored]:
        """The number of matches, and the wanted ones in order."""
        total = self._count(matching)
        start = min(request.offset, total)
        end = total if request.limit is None else min(total, start + request.limit)
        if start == end:
            return total, []
        scored = request.query.scored
        words = self._scorer.weighed(scored, self._count) if scored and request.scored else []
        if request.sort == "relevance" and words:
            found = self._best(matching, words, end, total)
            return total, found[start:end]
        keys = self._sorted(request.sort, matching, end, total)[start:end]
        scores = self._scores(matching, words, keys, total) if words else dict.fromkeys(keys, 0.0)
        return total, [(key, scores[key]) for key in keys]

    def _count(self, query: Query) -> int:
        return count_of(self._searcher, query)

    # By score

    def _best(
        self, matching: Query, words: Sequence[Weighed], end: int, total: int
    ) -> list[tuple[int, float]]:
        places = self._candidates(matching, words, end, total)
        keys = self._column("key", places)
        scores = self._scores(matching, words, keys, total, places)
        days = dict(zip(keys, self._column("day_first", places), strict=True))
        keys.sort(key=lambda key: (-scores[key], -days[key], key))
        return [(key, scores[key]) for key in keys]

    def _candidates(
        self, matching: Query, words: Sequence[Weighed], end: int, total: int
    ) -> list[DocAddress]:
        """Enough documents that the best are among them."""
        take = end + _MORE
        if not all(word.single for word in words):
            take = total
        query = self._scorer.query(matching, words) if take < total else matching
        while True:
            hits = self._searcher.search(query, min(take, total), count=False).hits
            if take >= total or hits[-1][0] < hits[end - 1][0] * (1.0 - _CLOSE):
                return [place for _, place in hits]
            take *= 4

    def _scores(
        self,
        matching: Query,
        words: Sequence[Weighed],
        keys: Sequence[int],
        total: int,
        places: Sequence[DocAddress] | None = None,
    ) -> dict[int, float]:
        among = matching if len(keys) == total else with_keys(self._schema, keys)
        if places is None:
            hits = self._searcher.search(among, len(keys), count=False).hits
            places = [place for _, place in hits]
            keys = self._column("key", places)
        lengths = dict(zip(keys, self._column(lengths_of("ranking"), places), strict=True))
        return self._scorer.scores(words, among, len(keys), lengths)

    def _column(self, name: str, places: Sequence[DocAddress]) -> list[int]:
        """The numbers in a column; 0 where there is none."""
        return [int(each or 0) for each in self._searcher.fast_field_values(name, list(places))]

    # By a column

    def _sorted(self, sort: str, matching: Query, end: int, total: int) -> list[int]:
        """Keys in order, as many as wanted at least."""
        from tantivy import Order

        by_day = sort not in ("title", "source")
        column = "day_first" if by_day else f"{sort}_key"
        order = Order.Asc if sort in ("oldest", "title", "source") else Order.Desc
        take = end + _MORE
        while True:
            hits = self._searcher.search(
                matching, min(take, total), count=False, order_by_field=column, order=order
            ).hits
            if take >= total or hits[-1][0] != hits[end - 1][0]:
                break
            take *= 4
        places = [place for _, place in hits]
        keys, days = self._column("key", places), self._column("day_first", places)
        rank: dict[object, int] = {}
        for value, _ in hits:
            rank.setdefault(value, len(rank))
        ranks = [rank[value] for value, _ in hits]
        every = sorted(zip(ranks, (-day for day in days), keys, strict=True))
        return [key for _, _, key in every]
