"""From a raw article to a clean one: every field cleaned, and where it came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from newsidx.article import Provenance, Published, RawArticle
from newsidx.errors import ReadError
from newsidx.refine.cleaning import clean_line, clean_text
from newsidx.refine.dates import read_date
from newsidx.refine.language import detect
from newsidx.refine.names import split_byline
from newsidx.refine.titles import title_from_body
from newsidx.refine.trailing import split_trailing_tags
from newsidx.refine.urls import clean_url, site_of
from newsidx.text.tokens import lowered

__all__ = ["Clean", "refine"]

# How much of a date that could not be read is kept to be shown, in characters.
_SHOWN = 80

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Clean:
    """An article cleaned, before it has an id and a place. What is not known is None.

    Attributes:
        words: Number of tokens in the body.
        provenance: Where each field that is set came from; also `published` where a
            date was written and could not be taken.
    """

    title: str
    body: str
    authors: tuple[str, ...] = ()
    source: str | None = None
    published: Published | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    url: str | None = None
    language: str | None = None
    words: int = 0
    record: str | None = None
    provenance: Provenance = field(default_factory=dict)


def refine(raw: RawArticle, *, today: date | None = None, mtime: date | None = None) -> Clean:
    """Clean an article and work out what its record leaves open.

    Args:
        raw: The article as a reader found it.
        today: What counts as today (UTC) for dates that lie ahead.
        mtime: The day of the source file, where that may stand in for a date.

    Raises:
        ReadError: Neither a title nor a body is left (`no-article`).
    """
    origin = _Origin(raw.provenance)
    body = origin.of("body", clean_text(raw.body))
    title = clean_line(raw.title or "")
    if not title and not body:
        raise ReadError("no-article", "no title and no text")
    tags = origin.of("tags", _distinct(raw.tags))
    if not tags:
        body, found = split_trailing_tags(body)
        tags = origin.of("tags", tuple(found), "trailing-list")
    declared = clean_line(raw.language or "") or None
    language, way = detect(body or title, declared)
    origin.of("language", language, None if way == "declared" else way)
    if title:
        origin.of("title", title)
    else:
        title = origin.of("title", title_from_body(body, language), "first-sentence")
    url = origin.of("url", clean_url(raw.url, raw.page_url))
    if url is None:
        url = origin.of("url", clean_url(raw.page_url), "page-url")
    source = origin.of("source", clean_line(raw.source or "") or None)
    if source is None and url is not None:
        source = origin.of("source", site_of(url), "url")
    return Clean(
        title=title,
        body=body,
        authors=origin.of("authors", tuple(split_byline(map(clean_text, raw.authors)))),
        source=source,
        published=_published(raw.published, today, mtime, origin),
        section=origin.of("section", clean_line(raw.section or "") or None),
        tags=tags,
        url=url,
        language=language,
        words=origin.of("words", len(lowered(body)), "body"),
        record=origin.of("record", clean_line(raw.record or "") or None),
        provenance=origin.known,
    )


class _Origin:
    """Notes for each field where its value came from."""

    def __init__(self, given: Provenance) -> None:
        self.given = given
        self.known: dict[str, str] = {}

    def of(self, name: str, value: _T, way: str | None = None) -> _T:
        """The value; noted, if it is one, as found in `way`, else as the reader said."""
        if value or value == 0:
            self.known[name] = way or self.given.get(name, "record")
        return value


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    """The values that are left after cleaning, each once, in order."""
    lines = map(clean_line, values)
    return tuple({line.casefold(): line for line in lines if line}.values())


def _published(
    written: str | None, today: date | None, mtime: date | None, origin: _Origin
) -> Published | None:
    """The date as the record has it; the file's only where that was asked for."""
    raw = clean_line(written or "")
    note = None
    if raw:
        reading = read_date(raw, today=today)
        note = f"{reading.reason}: {raw[:_SHOWN]}" if reading.reason else None
        if reading.published:
            return origin.of("published", reading.published, note)
        note = f"rejected: {note}"
    if mtime is None:
        origin.of("published", note, note)
        return None
    day = Published(mtime.year, mtime.month, mtime.day)
    return origin.of("published", day, f"file-time; {note}" if note else "file-time")
