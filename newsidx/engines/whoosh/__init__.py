"""The default engine: a genuine Whoosh index, in pure Python."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from newsidx.engines.base import EngineCheck, PartCheck
    from newsidx.engines.whoosh.engine import WhooshEngine
    from newsidx.engines.whoosh.prepare import SegmentPreparer

__all__ = ["check", "clear", "create", "discard", "drop", "latest", "open", "preparer"]
__all__ += ["publish", "settled"]


def settled(options: Mapping[str, Any]) -> dict[str, Any]:
    """No options: there are none."""
    from newsidx.errors import UsageError

    if options:
        raise UsageError(f"The engine whoosh has no option {min(options)!r}.", "Leave it out.")
    return {}


def create(
    directory: Path,
    language: str,  # noqa: ARG001 - part of the protocol
    options: Mapping[str, Any] = MappingProxyType({}),  # noqa: ARG001 - likewise
) -> None:
    """Make an empty Whoosh index in an existing, empty directory."""
    from newsidx.engines.whoosh.layout import whoosh_schema
    from newsidx.engines.whoosh.sealing import write_toc

    write_toc(directory, whoosh_schema(), [], 0)


def publish(directory: Path) -> None:
    """Nothing: the manifest names the directory."""


def discard(directory: Path) -> None:
    """Remove the directory, which is all there is."""
    shutil.rmtree(directory, ignore_errors=True)


def preparer(directory: Path, language: str) -> SegmentPreparer:
    """Write a segment for the index in a directory, which its writer can adopt."""
    from newsidx.engines.whoosh.prepare import SegmentPreparer

    return SegmentPreparer(directory, language)


def open(directory: Path, language: str) -> WhooshEngine:  # noqa: A001 - part of the protocol
    """Open the Whoosh index in a directory.

    Raises:
        IndexDamaged: There is none, or its files can't be read.
    """
    from newsidx.engines.whoosh.engine import WhooshEngine

    return WhooshEngine(directory, language)


def clear(directory: Path) -> None:
    """Remove what writers left that did not come to their commit; the caller holds the lock."""
    from newsidx.engines.whoosh import checking

    checking.clear(directory)


def latest(directory: Path) -> int:
    """The number of the last commit, or -1 if there is none."""
    from newsidx.engines.whoosh.toc import latest_generation

    try:
        return latest_generation(directory)
    except FileNotFoundError:
        return -1


def check(
    directory: Path, known: Mapping[str, PartCheck], tell: Callable[[int], None]
) -> EngineCheck:
    """Hold all files that the last commit names against their checksums."""
    from newsidx.engines.whoosh import checking

    return checking.check(directory, known, tell)


def drop(directory: Path, parts: Collection[str]) -> None:
    """Commit without some segments, whatever state they are in."""
    from newsidx.engines.whoosh import checking

    checking.drop(directory, parts)
