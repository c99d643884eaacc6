"""How articles lie in time, as records."""

from __future__ import annotations

from typing import Any

from newsidx.output.coverage import searched_record
from newsidx.output.forms import Form, Shape, put_records
from newsidx.output.numbers import rounded
from newsidx.output.records import count_record
from newsidx.output.safe import valid
from newsidx.results import Page
from newsidx.results.counts import Bucket, Series, Timelines

__all__ = ["TIMELINE", "bucket_record", "peak_of", "put_timeline", "value_of"]

TIMELINE = Shape(
    schema="newsidx.timeline/1",
    rows="buckets",
    columns=(
        "series",
        "bucket",
        "n",
        "base",
        "ratio",
        "lower",
        "upper",
        "gap",
        "articles",
        "first",
        "last",
        "query",
    ),
    plain=("series", "bucket", "n", "base", "ratio"),
)
"""A record for each series and bucket, series by series."""


def put_timeline(form: Form, page: Page, found: Timelines) -> None:
    """Print buckets in any form but that of a terminal.

    Args:
        page: The first query, its number of matches, and no hits.
    """
    answer = count_record(page)
    head = {
        "index": answer["index"],
        "query": answer["query"],
        "total": found.total,
        "by": found.by,
        "unit": found.unit,
        "base": found.base and valid(found.base),
        "split": found.split,
        "values": found.values,
        "balanced": found.kept and {"kept": found.kept.sources, "sources": found.kept.of},
        "series": [_series_record(each) for each in found.series],
        "searched": searched_record(page.searched),
    }
    records = (bucket_record(each, bucket) for each in found.series for bucket in each.buckets)
    put_records(form, TIMELINE, records, head, {"warnings": answer["warnings"]})


def _series_record(series: Series) -> dict[str, Any]:
    return {
        "name": valid(series.name),
        "total": series.total,
        "undated": series.undated,
        "vague": series.vague,
        "base": series.base,
        "base_undated": series.base_undated,
        "base_vague": series.base_vague,
    }


def bucket_record(series: Series, bucket: Bucket) -> dict[str, Any]:
    """A bucket and its numbers."""
    return {
        "series": valid(series.name),
        "bucket": bucket.name,
        "n": bucket.n,
        "base": bucket.base,
        "ratio": rounded(bucket.ratio),
        "lower": rounded(bucket.lower),
        "upper": rounded(bucket.upper),
        "gap": bucket.gap,
        "articles": bucket.articles,
        "first": bucket.first.isoformat(),
        "last": bucket.last.isoformat(),
        "query": bucket.query and valid(bucket.query),
    }


def value_of(bucket: Bucket, *, part: bool) -> float | None:
    """What is drawn of a bucket; None in a gap.

    Args:
        part: Its ratio, and not its number.
    """
    if bucket.gap:
        return None
    return (bucket.ratio or 0.0) if part else float(bucket.n)


def peak_of(found: Timelines, *, share: bool) -> Bucket | None:
    """The first bucket of all series with the highest value, if any has one."""
    part = share or found.unit == "per-million"
    every = [each for series in found.series for each in series.buckets if each.articles]
    return max(every, key=lambda each: value_of(each, part=part) or 0.0, default=None)
