"""The engine for archives that outgrow a machine: a cluster of OpenSearch 2.x or 3.x.

What the cluster holds is made of our own tokens (`layout`), so that the same articles
match as on every other engine. The index's own directory keeps only where that is (`home`).

The name at the end of the address is an alias. Behind it stands one physical index for
each ledger that writes there, so that several people can index different folders under one
name: each builds anew, removes and repairs its own, and a search goes through all of them.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsidx.engines.base import BUILDING

if TYPE_CHECKING:
    from newsidx.engines.base import EngineCheck, PartCheck
    from newsidx.engines.opensearch.engine import OpenSearchEngine
    from newsidx.engines.opensearch.prepare import DocumentPreparer

__all__ = ["check", "clear", "create", "discard", "drop", "latest", "open", "preparer"]
__all__ += ["publish", "settled"]


def settled(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a new index, checked and completed.

    Args:
        options: `url`, one or several; `shards`, `replicas`, `ca`, `attached`.
    """
    from newsidx.engines.opensearch.home import settled as completed

    return completed(options)


def create(directory: Path, language: str, options: Mapping[str, Any]) -> None:
    """Make an empty physical index in the cluster, which nobody searches before `publish`."""
    from newsidx.engines.opensearch.lifecycle import create as made

    made(directory, language, settled(options))


def publish(directory: Path) -> None:
    """Let the alias name this physical index, and in the same step no older one of ours."""
    from newsidx.engines.opensearch.lifecycle import publish as published

    published(directory)


def discard(directory: Path) -> None:
    """Remove the directory, and the physical index with it."""
    from newsidx.engines.opensearch.lifecycle import discard as discarded

    discarded(directory)


def preparer(directory: Path, language: str) -> DocumentPreparer:
    """Analyse articles in any process into requests that a writer only has to send."""
    from newsidx.engines.opensearch.prepare import DocumentPreparer

    return DocumentPreparer(directory, language)


def open(directory: Path, language: str) -> OpenSearchEngine:  # noqa: A001 - part of the protocol
    """Open the index that a directory names.

    Raises:
        IndexDamaged: It is gone from the cluster.
        EngineError: The cluster can't be reached, or lets nobody in.
    """
    from newsidx.engines.opensearch.engine import OpenSearchEngine

    return OpenSearchEngine(directory, language)


def clear(directory: Path) -> None:
    """Remove what writers prepared and never sent; the caller holds the lock."""
    shutil.rmtree(directory / BUILDING, ignore_errors=True)


def latest(directory: Path) -> int:
    """The number of the last commit, or -1 if there is none."""
    from newsidx.engines.opensearch.home import read_home
    from newsidx.errors import IndexDamaged

    try:
        return read_home(directory).commit
    except IndexDamaged:
        return -1


def check(
    directory: Path,
    known: Mapping[str, PartCheck],  # noqa: ARG001 - the cluster checks its own files
    tell: Callable[[int], None],  # noqa: ARG001 - likewise
) -> EngineCheck:
    """Whether the physical index is there, whole and searched under its name."""
    from newsidx.engines.opensearch.checking import check as checked

    return checked(directory)


def drop(directory: Path, parts: Collection[str]) -> None:
    """Nothing: what is wrong with the only part is wrong with the engine, and built anew."""
