"""What came on standard input, kept by the index as source files of its own.

So it can be read again like any other file: when the index is built anew, when a reader
has learned, or when a copy elsewhere goes away.
"""

from __future__ import annotations

import gzip
import hashlib
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from newsidx.durable import flush, flush_folder
from newsidx.index.ledger import Ledger

__all__ = ["RECEIVED", "clear_parts", "receive", "relocate"]

RECEIVED = "received"
"""The folder of an index for it, with a folder for each root."""

_BLOCK = 1024 * 1024


def receive(index: Path, stream: BinaryIO, name: str, suffix: str) -> Path:
    """Keep all that a stream gives; what was received before is not kept twice.

    Args:
        name: Of the root that it goes to.
        suffix: Of its format, with the dot.

    Returns:
        The folder of the root.
    """
    folder = index / RECEIVED / name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = folder / f".{os.getpid()}.part"
    try:
        digest = _copy(stream, part)
        if digest and not any(folder.glob(f"*-{digest}.*")):
            now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
            flush(part)
            part.replace(folder / f"{now}-{digest}{suffix}.gz")
            flush_folder(folder)
    finally:
        part.unlink(missing_ok=True)
    return folder


def _copy(stream: BinaryIO, path: Path) -> str | None:
    """Write a stream to a file, compressed; gives a digest of it, or None if it is empty."""
    digest, size = hashlib.blake2b(digest_size=8), 0
    with (
        path.open("wb") as file,
        gzip.GzipFile("", "wb", compresslevel=1, fileobj=file, mtime=0) as packed,
    ):
        while block := stream.read(_BLOCK):
            digest.update(block)
            packed.write(block)
            size += len(block)
    return digest.hexdigest() if size else None


def clear_parts(index: Path) -> None:
    """Remove what a process that was killed had received in part."""
    for part in (index / RECEIVED).glob("*/.*.part"):
        with suppress(ValueError, PermissionError):
            try:
                os.kill(int(part.name.split(".")[1]), 0)  # raises nothing: it is still at work
            except ProcessLookupError:
                part.unlink(missing_ok=True)


def relocate(ledger: Ledger, index: Path) -> None:
    """Let the roots of what was received follow an index that was moved."""
    for root in ledger.roots():
        old = Path(root.base)
        here = Path(os.path.realpath(index)) / RECEIVED / old.name
        if old.parent.name == RECEIVED and old != here and here.is_dir() and not old.is_dir():
            root.base = str(here)
            ledger.save_root(root)
