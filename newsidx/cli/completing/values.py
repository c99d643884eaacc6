"""What of an index may be completed: the values of its fields, the ids of its articles.

The engine is opened by itself, without all that it takes to understand a query.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsidx.engines.base import Engine

__all__ = ["alerts", "articles", "frozen", "labels", "values"]

# Shorter prefixes of ids are too many articles.
_SHORTEST_ID = 2
# So many articles are opened for their titles.
_TITLED = 20


def values(index: str | None, field: str) -> list[tuple[str, str]]:
    """The values of a field that articles are counted by, each with its number of articles.

    Args:
        index: As given by `--index`.
    """
    from newsidx.query.bound import All, BoundQuery
    from newsidx.text.counted import counted

    with _engine(index) as engine:
        facets = engine.facets(BoundQuery(All(), ()), field)
    return [(value, counted(count, "article")) for value, count in facets.values]


def articles(index: str | None, prefix: str) -> list[tuple[str, str]]:
    """The ids that begin so, with titles where they are few."""
    prefix = prefix.lower()
    if len(prefix) < _SHORTEST_ID:
        return []
    with _engine(index) as engine:
        ids = engine.ids(prefix)
        found = engine.get(ids) if len(ids) <= _TITLED else {}
    return [(key, found[key].title if key in found else "") for key in ids]


def labels(index: str | None) -> list[tuple[str, str]]:
    """The labels of the roots, each with its folder."""
    from newsidx.config import load_settings
    from newsidx.index.manifest import read_manifest

    return list(read_manifest(load_settings(index).index).roots.items())


def alerts(index: str | None) -> list[tuple[str, str]]:
    """The names of the standing queries, each with what it asks."""
    from newsidx import alerts
    from newsidx.config import load_settings

    return [(each.name, each.text) for each in alerts.kept(load_settings(index).index)]


def frozen(index: str | None) -> list[tuple[str, str]]:
    """The names of what was frozen, each with what was asked."""
    from newsidx.config import load_settings
    from newsidx.index.frozen import every

    found = every(load_settings(index).index)
    return [(each.name, each.understood or "the archive") for each in found]


@contextmanager
def _engine(index: str | None) -> Iterator[Engine]:
    from newsidx.config import load_settings
    from newsidx.engines.registry import factory
    from newsidx.index.manifest import engine_directory, read_manifest

    directory = load_settings(index).index
    manifest = read_manifest(directory)
    home = engine_directory(directory, manifest)
    engine = factory(manifest.engine).open(home, manifest.language)
    try:
        yield engine
    finally:
        engine.close()
