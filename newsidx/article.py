"""What a news item is: as a reader found it, and as the archive keeps it."""

from __future__ import annotations

import calendar
import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct, field

__all__ = ["ARTICLE_SCHEMA", "Article", "Provenance", "Published", "RawArticle", "article_id"]

Provenance = Mapping[str, str]
"""Field name -> where its value came from, e.g. `published: json-ld`."""

ARTICLE_SCHEMA = "newsidx.article/1"
"""The name of the shape in which articles are exported, and read again."""

# Douglas Crockford's base 32: no i, l, o or u, so that an id survives being read aloud.
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
ID_LENGTH = 12


def article_id(identity: str) -> str:
    """The id of an identity: 12 characters, 60 bits of its BLAKE2b hash.

    Among ten million articles two share an id with probability 4e-5 (the birthday
    bound); a collision is reported by the ledger, never overwritten.
    """
    digest = hashlib.blake2b(identity.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    bits = int.from_bytes(digest, "big") >> 4
    return "".join(_CROCKFORD[bits >> shift & 31] for shift in range(55, -1, -5))


class Published(Struct, frozen=True):
    """The day of publication as the outlet gave it, with its precision.

    Attributes:
        year: 1 to 9999.
        month: 1 to 12, or None when only the year is known.
        day: 1 to 31, or None when only the month is known.
        instant: The moment in UTC (`2016-11-09T04:00:00Z`) where a time with a zone
            is known. Its day may differ from the published one, which is local.
    """

    year: int
    month: int | None = None
    day: int | None = None
    instant: str | None = None

    @classmethod
    def from_iso(cls, text: str, instant: str | None = None) -> Published:
        """Read `2016`, `2016-11` or `2016-11-08`; ValueError for anything else."""
        parts = [int(part) for part in text.split("-")]
        if not 1 <= len(parts) <= 3:
            raise ValueError(f"not a date: {text!r}")
        month = parts[1] if len(parts) > 1 else None
        day = parts[2] if len(parts) > 2 else None
        date(parts[0], month or 1, day or 1)
        return cls(parts[0], month, day, instant)

    @property
    def first(self) -> date:
        """The first day it can have been."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        """The last day it can have been."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    @property
    def latest(self) -> tuple[date, str]:
        """What to sort by: a month is not said to be earlier than a day in it."""
        return self.last, self.instant or "~"

    def isoformat(self) -> str:
        """`2016-11-08`, `2016-11` or `2016`: as precise as it is known."""
        parts = [f"{self.year:04}"]
        parts += [f"{part:02}" for part in (self.month, self.day) if part]
        return "-".join(parts)


class RawArticle(Struct):
    """One article as a reader found it: strings as they stood, nothing cleaned.

    Attributes:
        record: The record's own id or guid in its file, if it has one.
        published: The date as written; `refine` reads it.
        other_dates: Where else a date of publication was found (`json-ld`, `meta:date`,
            `text`), and what is written there; `refine` weighs them.
        url: The canonical address the record or page gives for itself.
        page_url: The address it was fetched from, where that is known separately.
        provenance: Field -> where the reader took it from; a field that is set and
            not named here came from the record itself.
        exported: The article itself, where it was exported from an index: cleaned, with
            what is known of each field. The other fields but `position` are then unused.
        identity: Its identity there.
        position: Where in the file it stood, for error messages only (from 1).
    """

    body: str = ""
    title: str | None = None
    authors: list[str] = field(default_factory=list)
    source: str | None = None
    published: str | None = None
    other_dates: list[tuple[str, str]] = field(default_factory=list)
    section: str | None = None
    tags: list[str] = field(default_factory=list)
    url: str | None = None
    page_url: str | None = None
    record: str | None = None
    language: str | None = None
    provenance: dict[str, str] = field(default_factory=dict)
    exported: Article | None = None
    identity: str | None = None
    position: int = 1


class Article(Struct, frozen=True):
    """One news item as the archive keeps it. What is not known is None or empty.

    Attributes:
        path: The source file below its root, with forward slashes.
        root: The label of its root.
        record: Its own id within the file, for files that hold several.
        language: ISO 639-1, where declared or detected with confidence.
        words: Number of tokens in the body.
        same_text: Id of the first article with the same body, when that is another.
    """

    id: str
    title: str
    body: str
    authors: tuple[str, ...] = ()
    source: str | None = None
    published: Published | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    url: str | None = None
    path: str = ""
    record: str | None = None
    root: str = ""
    language: str | None = None
    words: int = 0
    same_text: str | None = None
    provenance: Provenance = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready dict in the order of the schema, every field present."""
        published = self.published
        return {
            "id": self.id,
            "title": self.title,
            "body": self.body,
            "authors": list(self.authors),
            "source": self.source,
            "published": published.isoformat() if published else None,
            "published_at": published.instant if published else None,
            "section": self.section,
            "tags": list(self.tags),
            "url": self.url,
            "path": self.path,
            "record": self.record,
            "root": self.root,
            "language": self.language,
            "words": self.words,
            "same_text": self.same_text,
            "provenance": dict(sorted(self.provenance.items())),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Article:
        """The inverse of `to_dict`."""
        fields = dict(data)
        instant = fields.pop("published_at", None)
        day = fields.pop("published", None)
        fields["published"] = Published.from_iso(day, instant) if day else None
        fields["authors"] = tuple(fields.get("authors") or ())
        fields["tags"] = tuple(fields.get("tags") or ())
        return cls(**fields)

    def values(self, name: str) -> tuple[str, ...]:
        """The text values of a field: none, one, or the members of a list."""
        value = getattr(self, name)
        if value is None or value == "":
            return ()
        if isinstance(value, tuple):
            return value
        return (str(value),)
