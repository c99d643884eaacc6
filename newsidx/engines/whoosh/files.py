"""The files of a segment, opened once and for all."""

from __future__ import annotations

import os
from mmap import ACCESS_READ, mmap
from pathlib import Path

from newsidx.engines.whoosh.pickles import Unreadable

__all__ = ["Data", "opened", "varint"]

Data = bytes | mmap
"""What is in a file. Slices of either are bytes."""

# In bytes: smaller files are read whole, for a memory map keeps a file descriptor.
_SMALL = 1 << 16


def opened(path: Path) -> Data:
    """A file that can be read from now on, whatever becomes of its name.

    What this costs does not depend on how large the file is.

    Raises:
        OSError: There is none, or it can't be read.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        size = os.fstat(handle).st_size
        if size < _SMALL:
            return os.read(handle, _SMALL)
        return mmap(handle, size, access=ACCESS_READ)
    finally:
        os.close(handle)


def varint(data: bytes, at: int) -> tuple[int, int]:
    """A number in groups of seven bits, the lowest first, and where it ends.

    Raises:
        Unreadable: It does not end.
    """
    value = shift = 0
    while at < len(data) and shift < 35:
        value |= (data[at] & 127) << shift
        at, shift = at + 1, shift + 7
        if not data[at - 1] & 128:
            return value, at
    raise Unreadable("a number is cut short")
