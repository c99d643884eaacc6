"""What is new to standing queries, and the list of them, for programs and for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from newsidx.output.forms import Form, Shape, put_records
from newsidx.output.hits import HITS, put_hits
from newsidx.output.records import hit_record, page_record
from newsidx.output.safe import valid
from newsidx.results import Hit, IndexInfo, Page, QueryInfo
from newsidx.results.news import Found, Kept, News

__all__ = ["ALERTS", "NEWS", "alert_record", "put_alerts", "put_news"]

NEWS = Shape(
    schema="newsidx.new/1",
    rows="results",
    columns=("alert", "event", "cursor", *HITS.columns),
    more=HITS.more,
    plain=("alert", "event", "id", "published", "source", "title", "path"),
)
"""Articles that are new to standing queries."""

ALERTS = Shape(
    schema="newsidx.alerts/1",
    rows="alerts",
    columns=("name", "understood", "filters", "cursor", "since"),
    more=("query", "any", "exact", "literal"),
)
"""Standing queries."""


def put_news(form: Form, news: News, name: str | None = None) -> None:
    """Print what is new in any form but that of a terminal.

    Args:
        name: Of the one alert that was asked for, if it was one.
    """
    if form.kind in ("paths", "null"):
        put_hits(form, (each.hit for each in news))
        return
    tail = {"warnings": list(news.warnings)}
    put_records(form, NEWS, _rows(form, news), _head(news, name), tail)


def _rows(form: Form, found: Iterable[Found]) -> Iterator[dict[str, Any]]:
    counts: dict[str, int] = {}
    for each in found:
        rank = counts[each.alert] = counts.get(each.alert, 0) + 1
        yield {
            "alert": each.alert,
            "event": each.event,
            "cursor": each.cursor,
            **hit_record(each.hit),
            "rank": rank,
            **_texts(form, each.hit),
        }


def _texts(form: Form, hit: Hit) -> dict[str, Any]:
    """What is there only when it is asked for."""
    wanted = form.fields or (NEWS.columns if form.kind in ("csv", "tsv") else ())
    texts = {}
    if "snippet" in wanted:
        texts["snippet"] = " … ".join(snippet.text for snippet in hit.snippets)
    if "body" in wanted:
        texts["body"] = hit.article.body
    return texts


def _head(news: News, name: str | None) -> dict[str, Any]:
    queries = [_answer(news.index, each.query)["query"] for each in news.tellings]
    return {
        "index": _answer(news.index, QueryInfo("", ""))["index"],
        "alert": name,
        "query": queries[0] if name is not None else None,
        "cursor": news.tellings[0].cursor if name is not None else None,
        "alerts": [
            {
                "alert": each.alert,
                "query": query,
                "cursor": each.cursor,
                "total": each.total,
                "returned": each.returned,
            }
            for each, query in zip(news.tellings, queries, strict=True)
        ],
        "total": news.total,
        "returned": sum(each.returned for each in news.tellings),
    }


def _answer(index: IndexInfo, query: QueryInfo) -> dict[str, Any]:
    """`index` and `query` as a search has them."""
    return page_record(Page(index, query, 0, 0, ()))


def put_alerts(form: Form, index: IndexInfo, kept: Iterable[Kept]) -> None:
    """Print standing queries in any form but that of a terminal."""
    head = {"index": _answer(index, QueryInfo("", ""))["index"]}
    put_records(form, ALERTS, map(alert_record, kept), head, {"warnings": []})


def alert_record(alert: Kept) -> dict[str, Any]:
    """A standing query as JSON has it; what no longer can be understood is null."""
    query = alert.query
    return {
        "name": alert.name,
        "query": valid(alert.text),
        "understood": valid(query.understood) if query else None,
        "filters": [valid(each) for each in query.filters] if query else None,
        "any": query.any if query else None,
        "exact": query.exact if query else None,
        "literal": alert.literal,
        "cursor": alert.cursor,
        "since": f"{alert.since:%Y-%m-%dT%H:%M:%SZ}",
    }
