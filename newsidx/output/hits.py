"""Results one after the other, for programs: as records, as lines, as paths."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from msgspec.structs import replace

from newsidx.output.forms import Form, Shape, put_records
from newsidx.output.records import hit_record, page_record, paths, plain_line
from newsidx.output.streams import in_locale, write_each
from newsidx.results import Hit, Page

__all__ = ["FOLDED", "HITS", "put_hits", "put_page", "shows_marks"]

_MARKS = {"snippet", "snippets", "highlights"}

HITS = Shape(
    schema="newsidx.search/1",
    rows="results",
    columns=(
        "rank",
        "id",
        "score",
        "published",
        "source",
        "title",
        "authors",
        "section",
        "tags",
        "language",
        "words",
        "url",
        "path",
        "snippet",
    ),
    more=("snippets", "highlights", "body"),
    plain=("id", "published", "source", "title", "path"),
)
"""Results of a search. `snippet` and `body` are text that is there only when asked for."""

FOLDED = replace(HITS, columns=(*HITS.columns, "copies", "outlets"))
"""The same where near-copies are folded. In a table `copies` is the number of articles."""


def shows_marks(form: Form) -> bool:
    """Whether anything is printed that says where a result matched."""
    if form.kind in ("paths", "null"):
        return False
    if form.fields is None and (form.color or form.kind in ("terminal", "json", "jsonl")):
        return True
    return not _MARKS.isdisjoint(HITS.columns_for(form))


def put_hits(form: Form, hits: Iterable[Hit], *, folded: bool = False) -> None:
    """Print results in a form that streams, and hold none of them.

    Args:
        folded: Whether near-copies are one result.
    """
    shape = FOLDED if folded else HITS
    if form.kind in ("paths", "null"):
        end = b"\0" if form.kind == "null" else b"\n"
        write_each(path + end for path in paths(hits))
    elif form.kind == "plain" and form.fields is None:
        write_each(in_locale(plain_line(hit, color=form.color)) for hit in hits)
    else:
        put_records(form, shape, (_row(form, hit, shape) for hit in hits))


def put_page(form: Form, page: Page, more: Mapping[str, Any] = MappingProxyType({})) -> None:
    """Print a page as one JSON object.

    Args:
        more: What it has at its end besides.
    """
    record = page_record(page)
    schema, rows = record.pop("schema"), [_row(form, hit, HITS) for hit in page.hits]
    assert schema == HITS.schema
    at = list(record).index(HITS.rows)
    items = list(record.items())
    put_records(form, HITS, rows, dict(items[:at]), {**dict(items[at + 1 :]), **more})


def _row(form: Form, hit: Hit, shape: Shape) -> dict[str, Any]:
    record, table = hit_record(hit), form.kind not in ("json", "jsonl")
    wanted = shape.columns_for(form) if table else form.fields or ()
    if hit.copies and "outlets" in wanted:
        record["outlets"] = list(hit.copies.outlets)
    if hit.copies and table:
        record["copies"] = len(hit.copies.ids)
    if "snippet" in wanted:
        record["snippet"] = " … ".join(snippet.text for snippet in hit.snippets)
    if "body" in wanted:
        record["body"] = hit.article.body
    return record
