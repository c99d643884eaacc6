"""What was removed or restored, for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from newsidx.article import Article
from newsidx.output.safe import one_line, valid
from newsidx.results import IndexInfo

__all__ = ["article_row", "removal_record", "restored_line", "row_line"]


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


def removal_record(
    info: IndexInfo, query: str | None, articles: Sequence[Any], removed: Sequence[str]
) -> dict[str, Any]:
    """What was, or would be, removed as `newsidx.rm/1`.

    Args:
        info: The index as it is then.
        query: As understood; None where ids were given.
        articles: From `article_row`.
        removed: Ids that were given and had been removed before.
    """
    return {
        "schema": "newsidx.rm/1",
        "index": {
            "path": valid(info.path),
            "engine": info.engine,
            "articles": info.articles,
            "state": info.state,
        },
        "query": valid(query) if query is not None else None,
        "total": len(articles),
        "articles": list(articles),
        "removed_before": list(removed),
    }


def row_line(row: Mapping[str, Any]) -> str:
    """An article on a line: id, day, source, title, path, separated by tabs, as in a search."""
    cells = [row["id"], row["published"] or "", row["source"] or "", row["title"], row["path"]]
    return "\t".join(map(one_line, cells)) + "\n"


def restored_line(row: Mapping[str, Any]) -> str:
    """A removal that was lifted: id, what became of it, its file."""
    return "\t".join(map(one_line, (row["id"], row["status"], (*row["paths"], "")[0]))) + "\n"
