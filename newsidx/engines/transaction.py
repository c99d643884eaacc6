"""A transaction of an engine: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from newsidx.engines.base import Engine, Writer

__all__ = ["transaction"]


@contextmanager
def transaction(engine: Engine) -> Iterator[Writer]:
    """Write to an engine; at the end it commits, and when anything goes wrong it forgets."""
    writer = engine.writer()
    try:
        yield writer
        writer.commit()
    except BaseException:
        writer.rollback()
        raise
