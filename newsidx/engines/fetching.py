"""Stored articles, some at a time, however many are wanted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from newsidx.article import Article
from newsidx.engines.base import Engine
from newsidx.errors import IndexDamaged

__all__ = ["known", "named"]

_AT_ONCE = 64


def known(engine: Engine, ids: Iterable[str], at_once: int = _AT_ONCE) -> Iterator[Article]:
    """Yield the articles with some ids, in their order; those that there are not are passed over.

    Args:
        at_once: So many are held in memory.
    """
    return (article for _, article in _fetched(engine, ids, at_once) if article is not None)


def named(engine: Engine, ids: Iterable[str], at_once: int = _AT_ONCE) -> Iterator[Article]:
    """Yield articles that the engine has just named; as `known` otherwise.

    Raises:
        IndexDamaged: It doesn't hold one, and nobody can have removed it since.
    """
    for key, article in _fetched(engine, ids, at_once):
        if article is not None:
            yield article
        elif engine.capabilities.atomic:
            raise IndexDamaged(f"The index names an article {key!r} that it doesn't hold.")


def _fetched(
    engine: Engine, ids: Iterable[str], at_once: int
) -> Iterator[tuple[str, Article | None]]:
    rest = iter(ids)
    while portion := list(islice(rest, at_once)):
        found = engine.get(portion)
        yield from ((key, found.get(key)) for key in portion)
