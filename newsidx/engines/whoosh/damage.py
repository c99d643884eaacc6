"""What it means when the files of a Whoosh index can't be read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newsidx.errors import IndexDamaged, NewsidxError

__all__ = ["reading"]


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Whatever Whoosh trips over while it reads an index is damage to its files.

    A wrong byte shows as any error at all, anywhere. What the system won't let anybody
    read or write is none.
    """
    try:
        yield
    except (NewsidxError, MemoryError):
        raise
    except Exception as problem:
        if isinstance(problem, OSError) and not isinstance(problem, FileNotFoundError):
            raise
        raise IndexDamaged(f"The Whoosh index in {folder} can't be read: {problem!r}") from problem
