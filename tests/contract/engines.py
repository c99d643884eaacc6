"""The engines that the contract holds for, each filled with given articles."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from uuid import uuid4

import pytest

from newsidx.article import Article
from newsidx.engines.base import Engine, EngineFactory
from newsidx.engines.memory import MemoryEngine
from newsidx.engines.registry import ENGINES, factory
from tests.cluster.server import MAJORS, address

Fill = Callable[[Iterable[Article], Path], Engine]


def fill_memory(articles: Iterable[Article], directory: Path) -> Engine:
    """A memory engine, filled through its writer."""
    engine = MemoryEngine(language="en")
    writer = engine.writer()
    for article in articles:
        writer.add(article)
    writer.commit()
    return engine


def factory_of(name: str) -> EngineFactory:
    """The factory of an engine by the name that it has here."""
    return factory(name.partition("-")[0])


def filler(name: str) -> Fill:
    """How to fill an engine on disk, or in a cluster, in one commit."""

    def fill(articles: Iterable[Article], directory: Path) -> Engine:
        if name == "tantivy":
            pytest.importorskip("tantivy")
        engine_of, options = factory_of(name), {}
        if name.startswith("opensearch-"):
            base = address(int(name.partition("-")[2]))
            options = {"url": f"{base}/contract-{uuid4().hex[:12]}", "replicas": 0}
        directory.mkdir(parents=True, exist_ok=True)
        engine_of.create(directory, "en", engine_of.settled(options))
        engine = engine_of.open(directory, "en")
        writer = engine.writer()
        for article in articles:
            writer.add(article)
        writer.commit()
        engine.close()
        return engine_of.open(directory, "en")

    return fill


def forget(name: str, directory: Path) -> None:
    """Remove what was filled, where that is not only in a folder of the test's own."""
    if name.startswith("opensearch-"):
        factory_of(name).discard(directory)


_NAMES = [name for name in ENGINES if name != "opensearch"]
_NAMES += [f"opensearch-{major}" for major in MAJORS]
FILLERS: dict[str, Fill] = {"memory": fill_memory, **{name: filler(name) for name in _NAMES}}

USUAL: dict[str, Fill] = {
    name: fill
    for name, fill in FILLERS.items()
    if "NEWSIDX_TEST_CLUSTER" in os.environ or not name.startswith("opensearch-")
}
"""Without clusters, unless they are asked for: what stands on the contract needs no more."""
