"""Results for programs: JSON, JSON Lines, tab-separated lines, paths.

The shape of what is printed here is versioned: within `newsidx.search/1` fields are
added, never renamed or removed. The same state of the index and the same query give
the same bytes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from typing import Any

from newsidx.article import ARTICLE_SCHEMA
from newsidx.errors import NewsidxError, QueryError
from newsidx.output.coverage import searched_record
from newsidx.output.explanation import (
    correction_record,
    explanation_record,
    leaf_record,
    reckoning_record,
)
from newsidx.output.safe import escaped, one_line, valid
from newsidx.results import Hit, IndexInfo, Page, QueryInfo, Span

__all__ = [
    "article_record",
    "count_record",
    "error_record",
    "extracted_record",
    "hit_record",
    "index_record",
    "json_bytes",
    "page_record",
    "paths",
    "plain_line",
    "query_record",
    "span_record",
]


def json_bytes(value: object) -> bytes:
    """A value as UTF-8 JSON and a newline, whatever the locale says, safe on any terminal."""
    text = escaped(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
    return text.encode("utf-8", "replace") + b"\n"


def page_record(page: Page) -> dict[str, Any]:
    """A page as `newsidx.search/1`."""
    return {
        "schema": "newsidx.search/1",
        **_answer(page),
        "total": page.total,
        **({} if page.stories is None else {"stories": page.stories}),
        "returned": len(page.hits),
        "offset": page.offset,
        "next_offset": page.next_offset,
        "results": [hit_record(hit) for hit in page.hits],
        "searched": searched_record(page.searched),
        **_said(page),
    }


def count_record(page: Page) -> dict[str, Any]:
    """The number of matches as `newsidx.count/1`."""
    return {
        "schema": "newsidx.count/1",
        **_answer(page),
        "total": page.total,
        "searched": searched_record(page.searched),
        **_said(page),
    }


def _said(page: Page) -> dict[str, Any]:
    """What else there is to say: always all of it, mostly nothing."""
    return {
        "warnings": list(page.warnings),
        "leaves": [leaf_record(leaf) for leaf in page.leaves],
        "suggestions": [correction_record(each) for each in page.suggestions],
    }


def _answer(page: Page) -> dict[str, Any]:
    taken_apart = {}
    if page.explanation is not None:
        taken_apart["explanation"] = explanation_record(page.explanation)
    return {
        "index": index_record(page.index),
        "query": {**query_record(page.query), **taken_apart},
    }


def query_record(query: QueryInfo) -> dict[str, Any]:
    """A query as typed and as understood."""
    return {
        "text": valid(query.text),
        "understood": valid(query.understood),
        "sort": query.sort,
        "any": query.any,
        "exact": query.exact,
        "dropped": list(query.dropped),
        "ignored": list(query.ignored),
        "reading": query.reading,
        "filters": [valid(text) for text in query.filters],
        "expanded": [{"word": word, "weight": round(weight, 6)} for word, weight in query.expanded],
    }


def index_record(index: IndexInfo) -> dict[str, Any]:
    """Which archive answered."""
    return {
        "path": valid(index.path),
        "engine": index.engine,
        "articles": index.articles,
        "state": index.state,
    }


def hit_record(hit: Hit) -> dict[str, Any]:
    """One result; `highlights` and `snippets` count code points, ends exclusive."""
    article = hit.article
    more: dict[str, Any] = {}
    if hit.reckoning is not None:
        more["explanation"] = reckoning_record(hit.reckoning)
    if hit.copies is not None:
        more["copies"] = {
            "number": len(hit.copies.ids),
            "outlets": list(hit.copies.outlets),
            "ids": list(hit.copies.ids),
        }
    return {
        "rank": hit.rank,
        "id": article.id,
        "score": round(hit.score, 6),
        "title": article.title,
        "source": article.source,
        "authors": list(article.authors),
        "published": article.published.isoformat() if article.published else None,
        "section": article.section,
        "tags": list(article.tags),
        "url": article.url,
        "path": valid(hit.path),
        "language": article.language,
        "words": article.words,
        "snippets": [
            {"field": s.field, "start": s.start, "end": s.end, "text": s.text} for s in hit.snippets
        ],
        "highlights": [span_record(span) for span in hit.highlights],
        **more,
    }


def span_record(span: Span) -> dict[str, Any]:
    """A match: its field, where it is, and in which value of a list."""
    record: dict[str, Any] = {"field": span.field, "start": span.start, "end": span.end}
    if span.value:
        record["value"] = span.value
    return record


def article_record(
    article: dict[str, Any], identity: str | None, location: str, places: list[dict[str, Any]]
) -> dict[str, Any]:
    """An article with all its fields and places as `newsidx.article/1`."""
    known = {"schema": ARTICLE_SCHEMA, "id": article["id"], "identity": identity}
    return {**known, **article, "path": valid(location), "places": places}


def extracted_record(article: dict[str, Any], location: str) -> dict[str, Any]:
    """An article of a file that is in no index: it has no id, and no root."""
    missing = ("id", "root", "same_text")
    shown = {name: value for name, value in article.items() if name not in missing}
    return {**shown, "path": location}


def error_record(error: NewsidxError) -> dict[str, Any]:
    """An error as `newsidx.error/1`."""
    position = repaired = None
    if isinstance(error, QueryError):
        position = {"start": error.start, "end": error.end}
        repaired = error.repaired
    return {
        "schema": "newsidx.error/1",
        "code": error.code,
        "message": valid(error.message),
        "hint": valid(error.hint) if error.hint else None,
        "position": position,
        "repaired": repaired,
    }


# Select Graphic Rendition (ECMA-48): cyan, faint, bold red, and back to normal.
_ID, _DAY, _MARK, _PLAIN = "\x1b[36m", "\x1b[2m", "\x1b[1;31m", "\x1b[0m"


def plain_line(hit: Hit, *, color: bool = False) -> str:
    """A result on one line: id, day, source, title, path, separated by tabs.

    Args:
        color: Colour the id, the day and what matched in the title.
    """
    article = hit.article
    day = article.published.isoformat() if article.published else ""
    cells = [article.id, day, article.source or "", article.title, valid(hit.path)]
    if hit.copies is not None:
        cells.append(str(len(hit.copies.ids)))
    cells = [one_line(cell) for cell in cells]
    if color:
        cells[0] = f"{_ID}{cells[0]}{_PLAIN}"
        cells[1] = f"{_DAY}{day}{_PLAIN}" if day else ""
        cells[3] = _marked(cells[3], [span for span in hit.highlights if span.field == "title"])
    return "\t".join(cells) + "\n"


def _marked(text: str, spans: Iterable[Span]) -> str:
    """The text with colour where it matched; the spans are in order and may overlap."""
    parts, at = [], 0
    for span in spans:
        start, end = max(at, span.start), span.end
        if end > start:
            parts += [text[at:start], _MARK, text[start:end], _PLAIN]
            at = end
    return "".join([*parts, text[at:]])


def paths(hits: Iterable[Hit]) -> Iterator[bytes]:
    """The paths of source files, each once, as the file system has them."""
    seen: set[str] = set()
    for hit in hits:
        if hit.path not in seen:
            seen.add(hit.path)
            yield os.fsencode(hit.path)
