"""What a document's columns hold: all that sorting, filters and counts read of an article."""

from __future__ import annotations

from newsidx.article import Article
from newsidx.engines.ordering import day_number, sort_text
from newsidx.engines.whoosh.documents import Columns, packed_list
from newsidx.engines.whoosh.layout import FACETS

__all__ = ["column_values"]


def column_values(article: Article) -> Columns:
    """What the columns hold of an article.

    Days are ordinals, 0 without a date; texts are UTF-8, lists packed.
    """
    published = article.published
    days = day_number(article), published.last.toordinal() if published else 0
    keys = sort_text(article.title).encode(), sort_text(article.source).encode()
    facets = [packed_list(article.values(field)) for field in FACETS]
    return Columns((*days, article.words), article.id.encode(), (*keys, *facets))
