"""From a raw article to a clean one: every field cleaned, and where it came from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from msgspec import Struct, field

from newsidx.article import Provenance, Published, RawArticle
from newsidx.errors import ReadError
from newsidx.refine.boilerplate import without_boilerplate
from newsidx.refine.cleaning import clean_line, clean_text
from newsidx.refine.language import detect
from newsidx.refine.mojibake import mended
from newsidx.refine.names import split_byline
from newsidx.refine.published import published_of
from newsidx.refine.titles import title_from_body
from newsidx.refine.trailing import split_trailing_tags
from newsidx.refine.urldates import section_in_url
from newsidx.refine.urls import clean_url, site_of
from newsidx.text.tokens import lowered

__all__ = ["REFINE_VERSION", "Clean", "refine"]

REFINE_VERSION = 2
"""Raised when the same raw article would now become another."""

_T = TypeVar("_T")

# What a reader says of these is kept only with a value; of anything else, as it stands.
_OWN = frozenset(
    ("title", "body", "authors", "source", "published", "section", "tags", "url", "page_url")
) | {"language", "record", "words"}


class Clean(Struct, frozen=True):
    """An article cleaned, before it has an id and a place. What is not known is None.

    Attributes:
        words: Number of tokens in the body.
        date_order: What the date as written shows of the order that its source writes
            day and month in: `dmy`, `mdy` or `ymd`, `open` where that order would change
            what is known of the day, None where it shows nothing.
        provenance: Where each field that is set came from; also `published` where a
            date was written and could not be taken, and what the reader noted beside
            the fields (`captured`, say).
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
    date_order: str | None = None
    provenance: Provenance = field(default_factory=dict)


def refine(
    raw: RawArticle,
    *,
    today: date | None = None,
    mtime: date | None = None,
    date_order: str | None = None,
    source_folder: str | None = None,
    section_folder: str | None = None,
) -> Clean:
    """Clean an article and work out what its record leaves open.

    Args:
        raw: The article as a reader found it.
        today: What counts as today (UTC) for dates that lie ahead.
        mtime: The day of the source file, where that may stand in for a date.
        date_order: The order of numbers in the dates of its source (`dmy`, `mdy` or
            `ymd`), where that is known; it decides what would stay open.
        source_folder: The folder to name the source after, where nothing else does.
        section_folder: The folder to name the section after, likewise.

    Raises:
        ReadError: Neither a title nor a body is left (`no-article`).
    """
    origin = _Origin(raw.provenance)
    body = origin.of("body", without_boilerplate(clean_text(mended(raw.body))))
    title = _line(raw.title)
    if not title and not body:
        raise ReadError("no-article", "no title and no text")
    tags = origin.of("tags", _distinct(raw.tags))
    if not tags:
        body, found = split_trailing_tags(body)
        tags = origin.of("tags", tuple(found), "trailing-list")
    language, way = detect(body or title or "", _line(raw.language))
    origin.of("language", language, None if way == "declared" else way)
    if title:
        origin.of("title", title)
    else:
        title = origin.of("title", title_from_body(body, language), "first-sentence")
    url = origin.of("url", clean_url(raw.url, raw.page_url))
    if url is None:
        url = origin.of("url", clean_url(raw.page_url), "page-url")
    dated = published_of(raw, url, today=today, mtime=mtime, order=date_order)
    origin.of("published", dated.way, dated.way)
    return Clean(
        title=title,
        body=body,
        authors=origin.of(
            "authors", tuple(split_byline(clean_text(mended(name)) for name in raw.authors))
        ),
        source=origin.first(
            "source",
            (_line(raw.source), None),
            (url and site_of(url), "url"),
            (_line(source_folder), "folder"),
        ),
        published=dated.published,
        section=origin.first(
            "section",
            (_line(raw.section), None),
            (url and section_in_url(url), "url"),
            (_line(section_folder), "folder"),
        ),
        tags=tags,
        url=url,
        language=language,
        words=origin.of("words", len(lowered(body)), "body"),
        record=origin.of("record", _line(raw.record)),
        date_order=dated.order,
        provenance=origin.known,
    )


class _Origin:
    """Notes for each field where its value came from."""

    def __init__(self, given: Provenance) -> None:
        self.given = given
        self.known = {name: way for name, way in given.items() if name not in _OWN}

    def of(self, name: str, value: _T, way: str | None = None) -> _T:
        """The value; noted, if it is one, as found in `way`, else as the reader said."""
        if value or value == 0:
            self.known[name] = way or self.given.get(name, "record")
        return value

    def first(self, name: str, *choices: tuple[str | None, str | None]) -> str | None:
        """The first value that there is, of pairs of a value and its way; noted likewise."""
        for value, way in choices:
            if value:
                return self.of(name, value, way)
        return None


def _line(text: str | None) -> str | None:
    """A field of one line, cleaned; None where nothing is left."""
    return clean_line(mended(text)) or None if text else None


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    """The values that are left after cleaning, each once, in order."""
    lines = map(_line, values)
    return tuple({line.casefold(): line for line in lines if line}.values())
