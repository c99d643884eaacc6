"""The garbage collector, for a process that makes many objects of which few are in a cycle."""

from __future__ import annotations

import gc

__all__ = ["collect_rarely"]

_OBJECTS = 300_000


def collect_rarely() -> None:
    """Look for cycles among every 300,000 new objects, where Python by itself does among 700.

    What is imported, and what is gathered of thousands of articles, would be looked
    through again and again, and nothing of it is garbage.
    """
    gc.set_threshold(_OBJECTS, 50, 100)
