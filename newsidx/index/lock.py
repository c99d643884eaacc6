"""One writer at a time. Readers never wait."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from newsidx.errors import IndexLocked, NewsidxError

__all__ = ["ALERTS", "FROZEN", "HOLDER", "alert_lock", "freezing_lock", "writer_at_work"]
__all__ += ["writer_lock"]

HOLDER = "lock.holder"
"""What a writer keeps in the index while it is at work; one that is killed leaves it."""
ALERTS = "alerts"
"""The folder of an index for standing queries, and their locks."""
FROZEN = "frozen"
"""The folder of an index for frozen sets, and their lock."""


@contextmanager
def writer_lock(directory: Path, wait: float = 0.0) -> Iterator[None]:
    """Hold the index for writing.

    The lock is the operating system's, so it goes with its process however that
    ends; who holds it is written beside it, for the message of whoever comes next.

    Args:
        directory: The index.
        wait: Seconds to wait for another writer before giving up.

    Raises:
        IndexLocked: Another process is still writing.
        NewsidxError: The directory can't be written to.
    """
    what = f"The index at {directory} is being written to"
    with _held(directory, directory / "lock", directory / HOLDER, what, wait):
        yield


@contextmanager
def alert_lock(directory: Path, name: str, wait: float = 0.0) -> Iterator[None]:
    """Hold a standing query of an index, so that nobody else tells of the same.

    Args and errors are those of `writer_lock`, in whose way this is not.
    """
    folder = directory / ALERTS
    what = f"What is new for the alert {name} is being told"
    with _held(directory, folder / f"{name}.lock", folder / f"{name}.holder", what, wait):
        yield


@contextmanager
def freezing_lock(directory: Path, wait: float = 0.0) -> Iterator[None]:
    """Hold the frozen sets of an index, so that nobody else changes which there are.

    Args and errors are those of `writer_lock`, in whose way this is not.
    """
    folder = directory / FROZEN
    what = f"The frozen sets of {directory} are being changed"
    with _held(directory, folder / "lock", folder / "lock.holder", what, wait):
        yield


@contextmanager
def _held(directory: Path, path: Path, holder: Path, what: str, wait: float) -> Iterator[None]:
    from filelock import FileLock, Timeout

    lock = FileLock(path, timeout=wait)
    try:
        lock.acquire()
    except Timeout:
        raise IndexLocked(
            f"{what} by {_described(holder)}.",
            "Wait for it to finish, or say how long to wait with --wait SECONDS.",
        ) from None
    except OSError as problem:
        raise NewsidxError(
            f"The index at {directory} can't be written to: {problem.strerror}.",
            "Choose another directory with --index.",
        ) from problem
    try:
        holder.write_text(json.dumps({"pid": os.getpid(), "host": socket.gethostname()}))
        yield
    finally:
        with suppress(OSError):
            holder.unlink()
        lock.release()


def writer_at_work(directory: Path) -> bool:
    """Whether a process says that it is writing, and lives as far as can be told from here.

    It takes no lock, and so is in nobody's way; of a writer on another host it believes
    what is written.
    """
    try:
        who = json.loads((directory / HOLDER).read_text())
        if who["host"] == socket.gethostname():
            os.kill(who["pid"], 0)  # sends nothing
    except PermissionError:
        return True  # another user's
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return False
    return True


def _described(holder: Path) -> str:
    try:
        who = json.loads(holder.read_text())
        return f"process {who['pid']} on {who['host']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
