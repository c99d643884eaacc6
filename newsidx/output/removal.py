"""What was removed or restored, for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from newsidx.article import Article
from newsidx.output.forms import Shape
from newsidx.output.safe import one_line, valid
from newsidx.results import IndexInfo

__all__ = ["REMOVED", "RESTORED", "article_row", "removal_record", "restored_line", "row_line"]

REMOVED = Shape(
    schema="newsidx.rm/1",
    rows="articles",
    columns=("id", "title", "source", "published", "url", "path", "places"),
)
RESTORED = Shape(
    schema="newsidx.restore/1", rows="articles", columns=("id", "status", "articles", "paths")
)


def article_row(article: Article, location: str, places: list[dict[str, Any]]) -> dict[str, Any]:
    """What an article is known by, as one of `articles` in `newsidx.rm/1`."""
    return {
        "id": article.id,
        "title": article.title,
        "source": article.source,
        "published": article.published.isoformat() if article.published else None,
        "url": article.url,
        "path": valid(location),
        "places": places,
    }


def removal_record(info: IndexInfo, query: str | None, total: int) -> dict[str, Any]:
    """What `newsidx.rm/1` has before the articles that were, or would be, removed.

    Args:
        info: The index as it is then.
        query: As understood; None where ids were given.
    """
    return {
        "index": {
            "path": valid(info.path),
            "engine": info.engine,
            "articles": info.articles,
            "state": info.state,
        },
        "query": valid(query) if query is not None else None,
        "total": total,
    }


def row_line(row: Mapping[str, Any]) -> str:
    """An article on a line: id, day, source, title, path, separated by tabs, as in a search."""
    cells = [row["id"], row["published"] or "", row["source"] or "", row["title"], row["path"]]
    return "\t".join(map(one_line, cells)) + "\n"


def restored_line(row: Mapping[str, Any]) -> str:
    """A removal that was lifted: id, what became of it, its file."""
    return "\t".join(map(one_line, (row["id"], row["status"], (*row["paths"], "")[0]))) + "\n"
