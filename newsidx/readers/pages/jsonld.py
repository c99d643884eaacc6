"""JSON-LD: what a page says of itself in the words of schema.org."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from newsidx.readers.records import values

__all__ = ["Finding", "articles_declared", "linked_data"]

Finding = tuple[str, str | list[str] | None, str]
"""Field, value, and where it was found."""

# The types of schema.org that are articles: NewsArticle, BlogPosting, LiveBlogPosting,
# Report, ClaimReview; and the page, which some systems date in place of the article.
_ARTICLE = re.compile(r"article|posting|report|review", re.IGNORECASE)
_WEB_PAGE = re.compile(r"webpage", re.IGNORECASE)


def linked_data(tree: Any) -> Iterator[Finding]:
    """The first article among the JSON-LD objects of a page, then the page itself."""
    nodes = list(_nodes(tree))
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)}
    articles = [node for node in nodes if _is_a(node, _ARTICLE)]
    articles.sort(key=lambda node: "headline" not in node)
    pages = [node for node in nodes if _is_a(node, _WEB_PAGE)]
    for node in articles[:1] + pages[:1]:
        author = _resolve(node.get("author") or node.get("creator"), by_id)
        publisher = _resolve(node.get("publisher"), by_id)
        yield "title", values.headline(_plain(node.get("headline") or node.get("name"))), "json-ld"
        yield "authors", [html.unescape(name) for name in values.names(author)], "json-ld"
        yield "source", values.outlet(_plain(publisher)), "json-ld"
        yield "published", values.date_text(node.get("datePublished")), "json-ld"
        yield "section", values.scalar(_plain(node.get("articleSection"))), "json-ld"
        yield "tags", values.terms(_plain(node.get("keywords"))), "json-ld"
        for name in ("mainEntityOfPage", "url"):
            yield "url", values.address(node.get(name)), "json-ld"
        yield "language", values.scalar(node.get("inLanguage")), "json-ld"


def _is_a(node: Mapping[str, Any], kind: re.Pattern[str]) -> bool:
    return kind.search(str(node.get("@type") or "")) is not None


def _nodes(tree: Any) -> Iterator[Mapping[str, Any]]:
    """The objects of a page's JSON-LD that speak of the page itself, in order."""
    for script in tree.iterfind(".//script[@type]"):
        if "ld+json" not in script.get("type").lower():
            continue
        try:
            waiting = [json.loads((script.text or "").strip().rstrip(";"), strict=False)]
        except (ValueError, RecursionError):
            continue
        while waiting:
            value = waiting.pop(0)
            if isinstance(value, list):
                waiting[:0] = value
            elif isinstance(value, dict):
                yield value
                waiting[:0] = [value[key] for key in ("@graph", "mainEntity") if key in value]


def articles_declared(tree: Any) -> int:
    """How many articles a page has a JSON-LD object of."""
    return sum(_is_a(node, _ARTICLE) for node in _nodes(tree))


def _resolve(value: Any, by_id: Mapping[str, Mapping[str, Any]]) -> Any:
    """An object of JSON-LD in place of a reference to it."""
    if isinstance(value, list):
        return [_resolve(part, by_id) for part in value]
    if isinstance(value, dict) and set(value) == {"@id"}:
        return by_id.get(str(value["@id"]))
    return value


def _plain(value: Any) -> Any:
    """Strings without the entities that JSON-LD should not have, and often has."""
    if isinstance(value, str):
        return html.unescape(value)
    if isinstance(value, list):
        return [_plain(part) if isinstance(part, str) else part for part in value]
    return value
