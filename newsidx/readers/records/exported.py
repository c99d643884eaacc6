"""Articles that an index exported, as they come back.

Such a record says what it is (`schema`) and by what the article is known (`identity`).
Its fields were cleaned and dated when it was first read, and stand as they are. Its id is
the hash of the identity: one that says otherwise was tampered with, and is no article.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from newsidx.article import ARTICLE_SCHEMA, Article, Published, RawArticle, article_id
from newsidx.errors import ReadError
from newsidx.readers.base import BadRecord
from newsidx.readers.limits import MAX_FIELD, check_body

__all__ = ["exported_article", "is_exported"]

# Paths are part of identities, and may hold anything.
_IDENTITY = re.compile(r"(?:url|file|record):[^\x00\ud800-\udfff]+")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def is_exported(record: Mapping[str, object]) -> bool:
    """Whether a JSON object is an article out of an index."""
    return record.get("schema") == ARTICLE_SCHEMA and isinstance(record.get("identity"), str)


def exported_article(record: Mapping[str, Any], position: int) -> RawArticle | BadRecord:
    """The article that an exported record holds.

    Args:
        record: One of which `is_exported` holds.
        position: Its number in the file, from 1.

    Returns:
        The article, or a BadRecord of reason `malformed` or `too-large`.
    """
    try:
        identity = _text(record, "identity")
        if not _IDENTITY.fullmatch(identity) or record.get("id") != article_id(identity):
            raise ReadError("malformed", "its id is not that of its identity")
        article = Article(
            id="",
            title=_text(record, "title"),
            body=_body(record),
            authors=_texts(record, "authors"),
            published=_published(record),
            tags=_texts(record, "tags"),
            provenance=_provenance(record),
            source=_line(record, "source"),
            section=_line(record, "section"),
            url=_line(record, "url"),
            record=_line(record, "record"),
            language=_line(record, "language"),
        )
    except ReadError as error:
        return BadRecord(position, error.reason, error.message)
    return RawArticle(article.body, exported=article, identity=identity, position=position)


def _body(record: Mapping[str, Any]) -> str:
    body = record.get("body")
    if not isinstance(body, str):
        raise _wrong("body")
    check_body(body)
    return body


def _text(record: Mapping[str, Any], name: str) -> str:
    return _sound(record.get(name), name)


def _line(record: Mapping[str, Any], name: str) -> str | None:
    return _text(record, name) if record.get(name) is not None else None


def _sound(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise _wrong(name)
    if len(value) > MAX_FIELD:
        raise ReadError("too-large", f"its {name} is longer than any")
    return value


def _texts(record: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = record.get(name)
    if not isinstance(value, list):
        raise _wrong(name)
    texts = tuple(_sound(text, name) for text in value)
    _sound("".join(texts), name)
    return texts


def _provenance(record: Mapping[str, Any]) -> dict[str, str]:
    value = record.get("provenance")
    if not isinstance(value, Mapping):
        raise _wrong("provenance")
    known = {str(field): _sound(way, "provenance") for field, way in value.items()}
    _sound("".join((*known, *known.values())), "provenance")
    return known


def _published(record: Mapping[str, Any]) -> Published | None:
    day, instant = record.get("published"), record.get("published_at")
    if day is None:
        return None
    if instant is not None and not _INSTANT.fullmatch(_sound(instant, "published_at")):
        raise _wrong("published_at")
    try:
        return Published.from_iso(_sound(day, "published"), instant)
    except ValueError:
        raise _wrong("published") from None


def _wrong(name: str) -> ReadError:
    return ReadError("malformed", f"it is an exported article, and its {name} is none")
