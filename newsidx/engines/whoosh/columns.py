"""What a document's columns hold: all that sorting, filters and counts read of an article."""

from __future__ import annotations

from newsidx.article import Article
from newsidx.engines.ordering import day_number, sort_text
from newsidx.engines.whoosh.layout import FACETS, facet_column

__all__ = ["ColumnValue", "column_values"]

ColumnValue = int | bytes | list[bytes]


def column_values(article: Article) -> dict[str, ColumnValue]:
    """The value of each of `layout.COLUMNS` for an article.

    Days are ordinals, 0 without a date; texts are UTF-8.
    """
    published = article.published
    found: dict[str, ColumnValue] = {
        "day_first": day_number(article),
        "day_last": published.last.toordinal() if published else 0,
        "words": article.words,
        "id_key": article.id.encode(),
        "title_key": sort_text(article.title).encode(),
        "source_key": sort_text(article.source).encode(),
    }
    for field in FACETS:
        found[facet_column(field)] = [value.encode() for value in article.values(field)]
    return found
