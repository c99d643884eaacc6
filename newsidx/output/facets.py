"""How many articles have each value of a field, as records."""

from __future__ import annotations

from typing import Any

from newsidx.output.coverage import searched_record
from newsidx.output.forms import Form, Shape, put_records
from newsidx.output.numbers import rounded
from newsidx.output.records import count_record
from newsidx.output.safe import valid
from newsidx.results import Page
from newsidx.results.counts import FacetCount, FacetCounts

__all__ = ["FACETS", "facet_record", "put_facets"]

FACETS = Shape(
    schema="newsidx.facets/1",
    rows="values",
    columns=("value", "articles", "share", "base", "ratio", "query"),
    plain=("articles", "value"),
)
"""Values of a field. Plain lines are like those of `uniq -c`, with a tab."""


def put_facets(form: Form, page: Page, found: FacetCounts) -> None:
    """Print values in any form but that of a terminal.

    Args:
        page: The query, its number of matches, and no hits.
    """
    answer = count_record(page)
    head = {
        "index": answer["index"],
        "query": answer["query"],
        "field": found.field,
        "total": found.total,
        "missing": found.missing,
        "missing_query": found.missing_query and valid(found.missing_query),
        "distinct": found.distinct,
        "returned": len(found.values),
        "base": found.base,
        "searched": searched_record(page.searched),
    }
    put_records(
        form, FACETS, map(facet_record, found.values), head, {"warnings": answer["warnings"]}
    )


def facet_record(each: FacetCount) -> dict[str, Any]:
    """A value and its numbers."""
    return {
        "value": valid(each.value),
        "articles": each.articles,
        "share": rounded(each.share),
        "base": each.base,
        "ratio": rounded(each.ratio),
        "query": each.query and valid(each.query),
    }
