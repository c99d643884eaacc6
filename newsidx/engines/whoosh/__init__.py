"""The default engine: a genuine Whoosh index, in pure Python."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsidx.engines.whoosh.engine import WhooshEngine
    from newsidx.engines.whoosh.prepare import SegmentPreparer

__all__ = ["create", "open", "preparer"]


def create(directory: Path, language: str) -> None:  # noqa: ARG001 - part of the protocol
    """Make an empty Whoosh index in an existing, empty directory."""
    from whoosh.index import create_in

    from newsidx.engines.whoosh.layout import whoosh_schema

    create_in(str(directory), whoosh_schema())


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
