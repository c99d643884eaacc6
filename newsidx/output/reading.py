"""One article as plain text."""

from __future__ import annotations

from typing import Any

from newsidx.article import Article
from newsidx.output.safe import one_line, printable, valid

__all__ = ["absences", "article_text", "facts"]


def article_text(article: Article, location: str, places: list[dict[str, Any]]) -> str:
    """Title, what is known and where it came from, then the body, in lines as they are.

    Args:
        location: Where its source file is now.
        places: The other places where the ledger knows it, as `index.ledger` says.
    """
    known = facts(article, location)
    size = max(len(name) for name, _, _ in known)
    lines = [one_line(article.title), ""]
    for name, value, origin in known:
        note = f"  ({one_line(origin)})" if origin else ""
        lines.append(f"{name:<{size}}  {one_line(value)}{note}")
    lines += [f"{name:<{size}}  none  ({one_line(why)})" for name, why in absences(article)]
    lines += [f"{place['status']:<{size}}  {one_line(place['path'])}" for place in places]
    lines += ["", *printable(article.body).split("\n")]
    return "\n".join(lines) + "\n"


def absences(article: Article) -> list[tuple[str, str]]:
    """Fields without a value for which it is known why: a date that was rejected, say."""
    return [
        (name, why)
        for name, why in article.provenance.items()
        if hasattr(article, name) and not article.values(name)
    ]


_FIELD_OF = {"by": "authors", "date": "published"}


def facts(article: Article, location: str) -> list[tuple[str, str, str]]:
    """What is known of an article: a name, its value, and where that came from, if noted."""
    named = [(name, value) for name, value in _named(article, location) if value]
    origins = article.provenance
    return [(name, value, origins.get(_FIELD_OF.get(name, name), "")) for name, value in named]


def _named(article: Article, location: str) -> list[tuple[str, str]]:
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
