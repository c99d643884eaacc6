"""Bringing an index into its best order: one segment, without what is deleted."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

from msgspec import Struct

from newsidx.engines.transaction import transaction
from newsidx.errors import Refused
from newsidx.index.manifest import engine_directory
from newsidx.indexer.writing import writing

__all__ = ["Optimized", "optimize"]

# What the ledger and the manifest may want besides the new segment.
_MARGIN = 16_000_000


class Optimized(Struct, frozen=True):
    """What an index was and what it is: segments, articles that only took room, bytes."""

    articles: int
    segments: tuple[int, int]
    deleted: tuple[int, int]
    size: tuple[int, int]


def optimize(directory: Path, wait: float = 0.0) -> Optimized:
    """Merge an index into one segment; the old ones answer until that is there.

    Args:
        wait: Seconds to wait for another writer.

    Raises:
        Refused: The disk has no room for the new segment beside the old ones, or the
            index has to be built anew first.
    """
    with writing(directory, wait=wait) as held:
        held.refuse_while_rebuilding()
        home = engine_directory(directory, held.manifest)
        size = _size(home)
        with closing(held.open_engine()) as engine:
            before = engine.segments()
            if before.number > 1 or before.deleted:
                _check_room(directory, size)
                with transaction(engine) as writer:
                    writer.optimize()
        held.publish(done=held.was_finished)
        with closing(held.open_engine()) as engine:
            articles, after = engine.statistics().articles, engine.segments()
        return Optimized(
            articles,
            (before.number, after.number),
            (before.deleted, after.deleted),
            (size, _size(home)),
        )


def _check_room(directory: Path, size: int) -> None:
    needed, free = size + _MARGIN, shutil.disk_usage(directory).free
    if free < needed:
        raise Refused(
            f"The disk of {directory} has {free / 1e6:,.0f} MB free, and optimizing may take "
            f"{needed / 1e6:,.0f} MB while it lasts. Nothing was changed.",
            "Make room first.",
        )


def _size(home: Path) -> int:
    return sum(path.stat().st_size for path in home.iterdir() if path.is_file())
