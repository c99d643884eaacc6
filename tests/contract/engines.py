"""The engines that the contract holds for, each filled with given articles."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from newsidx.article import Article
from newsidx.engines.base import Engine
from newsidx.engines.memory import MemoryEngine
from newsidx.engines.registry import ENGINES, factory

Fill = Callable[[Iterable[Article], Path], Engine]


def fill_memory(articles: Iterable[Article], directory: Path) -> Engine:
    """A memory engine, filled through its writer."""
    engine = MemoryEngine(language="en")
    writer = engine.writer()
    for article in articles:
        writer.add(article)
    writer.commit()
    return engine


def filler(name: str) -> Fill:
    """How to fill an engine on disk, in one commit."""

    def fill(articles: Iterable[Article], directory: Path) -> Engine:
        directory.mkdir(parents=True, exist_ok=True)
        factory(name).create(directory, "en")
        engine = factory(name).open(directory, "en")
        writer = engine.writer()
        for article in articles:
            writer.add(article)
        writer.commit()
        engine.close()
        return factory(name).open(directory, "en")

    return fill


FILLERS: dict[str, Fill] = {"memory": fill_memory, **{name: filler(name) for name in ENGINES}}
