"""One article, set for reading."""

from __future__ import annotations

import textwrap
from typing import Any

from newsidx.article import Article
from newsidx.output.safe import one_line, printable, valid

__all__ = ["article_text"]


def article_text(article: Article, location: str, places: list[dict[str, Any]], width: int) -> str:
    """Title, what is known and where it came from, then the body in paragraphs.

    Args:
        location: Where its source file is now.
        places: The other places where the ledger knows it, as `index.ledger` says.
        width: Columns to fill; 0 leaves lines as they are.
    """
    lines = [one_line(article.title), ""]
    facts = [(name, value) for name, value in _facts(article, location) if value]
    size = max(len(name) for name, _ in facts)
    for name, value in facts:
        origin = article.provenance.get(_FIELD_OF.get(name, name))
        note = f"  ({one_line(origin)})" if origin else ""
        lines.append(f"{name:<{size}}  {one_line(value)}{note}")
    lines += [f"{name:<{size}}  none  ({one_line(why)})" for name, why in _absences(article)]
    lines += [f"{place['status']:<{size}}  {one_line(place['path'])}" for place in places]
    paragraphs = printable(article.body).split("\n")
    if width:
        paragraphs = [textwrap.fill(text, width, break_long_words=False) for text in paragraphs]
    lines += ["", *paragraphs]
    return "\n".join(lines) + "\n"


def _absences(article: Article) -> list[tuple[str, str]]:
    """Fields without a value for which it is known why: a date that was rejected, say."""
    return [
        (name, why)
        for name, why in article.provenance.items()
        if hasattr(article, name) and not article.values(name)
    ]


_FIELD_OF = {"by": "authors", "date": "published"}


def _facts(article: Article, location: str) -> list[tuple[str, str]]:
    published = article.published
    day = published.isoformat() if published else ""
    return [
        ("id", article.id),
        ("title", "as above"),
        ("by", ", ".join(article.authors)),
        ("source", article.source or ""),
        ("date", f"{day} ({published.instant})" if published and published.instant else day),
        ("section", article.section or ""),
        ("tags", ", ".join(article.tags)),
        ("language", article.language or ""),
        ("words", str(article.words)),
        ("url", article.url or ""),
        ("path", valid(location)),
        ("record", article.record or ""),
        ("root", article.root),
        ("same_text", article.same_text or ""),
    ]
