"""Articles with all that is known of them, for programs that keep them."""

from __future__ import annotations

from typing import Any

from newsidx.article import ARTICLE_SCHEMA
from newsidx.output.forms import Record, Shape

__all__ = ["ARTICLES", "with_day"]

ARTICLES = Shape(
    schema=ARTICLE_SCHEMA,
    rows="articles",
    columns=(
        "id",
        "identity",
        "title",
        "body",
        "authors",
        "source",
        "published",
        "published_at",
        "section",
        "tags",
        "url",
        "path",
        "record",
        "root",
        "language",
        "words",
        "same_text",
        "provenance",
        "places",
    ),
    more=("schema", "published_day"),
)
"""Articles. `published_day` is there only when asked for, and where the day is known."""

_WHOLE_DAY = len("2016-11-08")


def with_day(record: dict[str, Any]) -> Record:
    """An article with `published_day`: when it was published, where the day is known."""
    day = record["published"]
    return {**record, "published_day": day if day and len(day) == _WHOLE_DAY else None}
