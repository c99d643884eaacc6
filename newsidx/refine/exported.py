"""An article that comes back from an export: it stands as it is.

It was cleaned when it was first read, and nothing is worked out anew. But it may come
from anybody: so every field is cleaned once more, which changes nothing in a true one.
"""

from __future__ import annotations

from newsidx.article import Article
from newsidx.errors import ReadError
from newsidx.refine.cleaning import clean_line, clean_text
from newsidx.refine.identity import url_identity
from newsidx.refine.language_codes import language_code
from newsidx.refine.refine import Clean
from newsidx.refine.urls import clean_url
from newsidx.text.tokens import lowered

__all__ = ["as_exported"]


def as_exported(article: Article, identity: str) -> Clean:
    """The article as it was; only its words are counted again.

    Args:
        identity: By what it is known. A URL has to be the article's own.

    Raises:
        ReadError: It has no title (`no-article`), or another's URL (`malformed`).
    """
    url = clean_url(article.url)
    if identity.startswith("url:") and identity != url_identity(url):
        raise ReadError("malformed", "its identity is not its own URL")
    title, body = clean_line(article.title), clean_text(article.body)
    if not title:
        raise ReadError("no-article", "an exported article without a title")
    return Clean(
        title=title,
        body=body,
        authors=_lines(article.authors),
        source=_line(article.source),
        published=article.published,
        section=_line(article.section),
        tags=_lines(article.tags),
        url=url,
        language=language_code(article.language or ""),
        words=len(lowered(body)),
        record=_line(article.record),
        provenance={_valid(name): _valid(way) for name, way in article.provenance.items()},
    )


def _lines(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(line for value in values if (line := clean_line(value)))


def _line(text: str | None) -> str | None:
    return clean_line(text or "") or None


def _valid(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\0", "")
