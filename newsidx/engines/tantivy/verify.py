"""Deciding on candidates what no query of Tantivy's can say."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from newsidx.analysis import ArticleView
from newsidx.engines.spelling import may_hold
from newsidx.engines.stored import stored_article
from newsidx.query import bound
from newsidx.query.match import match

__all__ = ["verified"]


def verified(
    tree: bound.Bound, candidates: Iterable[tuple[int, bytes]], language: str
) -> Iterator[int]:
    """The keys of those candidates that match, one after the other.

    Args:
        candidates: Keys, each with the stored article.
        language: The index's.
    """
    for key, data in candidates:
        text = zlib.decompress(data).decode()
        if not _may_match(tree, text):
            continue
        if match(tree, ArticleView(stored_article(text), language)) is not None:
            yield key


def _may_match(node: bound.Bound, stored: str) -> bool:
    """Whether an article may match, as far as spellings go; False is certain."""
    match node:
        case bound.Phrase() | bound.Whole():
            return not node.spelling or may_hold(stored, node.spelling)
        case bound.And():
            return all(_may_match(child, stored) for child in node.children)
        case bound.Or():
            return any(_may_match(child, stored) for child in node.children)
        case _:
            return True
