"""Many queries in one: what each of a list finds, with the row that it stands in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from newsidx.errors import NewsidxError
from newsidx.output.forms import Shape
from newsidx.output.hits import HITS
from newsidx.output.records import error_record, hit_record
from newsidx.output.safe import valid
from newsidx.results import Hit, QueryInfo

__all__ = ["OWN", "answer_record", "input_names", "matches_shape", "row_error", "unmatched_record"]

_ASKED = ("line", "query", "total")

OWN = (*_ASKED, *HITS.columns, *HITS.more, "error")
"""The fields that are not of the input."""


def input_names(columns: Sequence[str]) -> dict[str, str]:
    """What columns of the input are called in the output: `input_id` where `id` is taken."""
    taken = {*OWN, *columns}
    names = {}
    for column in columns:
        name = column
        while name in OWN or (name != column and name in taken):
            name = f"input_{name}"
        names[column] = name
        taken.add(name)
    return names


def matches_shape(columns: Sequence[str], *, count: bool) -> Shape:
    """The shape of the answers.

    Args:
        columns: Those of the input, as they are called in the output.
        count: Whether each is a number, and not articles.
    """
    return Shape(
        schema="newsidx.matches/1",
        rows="matches",
        columns=(*columns, *_ASKED, *(() if count else HITS.columns), "error"),
        more=() if count else HITS.more,
    )


def unmatched_record(
    row: Mapping[str, str], line: int, query: QueryInfo | None, total: int | None
) -> dict[str, Any]:
    """What was asked: a row of the input, and how its query was understood."""
    asked = {name: valid(cell) for name, cell in row.items()}
    understood = valid(query.understood) if query else None
    return {**asked, "line": line, "query": understood, "total": total}


def answer_record(asked: Mapping[str, Any], hit: Hit, wanted: Sequence[str]) -> dict[str, Any]:
    """An article that a query found.

    Args:
        asked: As of `unmatched_record`.
        wanted: Fields; `snippet` and `body` are there only where they are among them.
    """
    record = {**asked, **hit_record(hit)}
    if "snippet" in wanted:
        record["snippet"] = " … ".join(snippet.text for snippet in hit.snippets)
    if "body" in wanted:
        record["body"] = hit.article.body
    return record


def row_error(error: NewsidxError, line: int, query: str | None) -> dict[str, Any]:
    """An error as `newsidx.error/1`, with the line of the input that it is about."""
    text = None if query is None else valid(query)
    return {**error_record(error), "line": line, "query": text}
