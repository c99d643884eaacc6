"""What it means when an index directory can't be read or written, and what to do about it."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newsidx.errors import IndexDamaged, IndexNotWritten, NewsidxError

__all__ = ["explained", "explaining"]

_AS_BEFORE = "The index is as of its last commit; run the command again then."

# SQLite's error -> the system's that lies behind it.
_BEHIND = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_IOERR: errno.EIO,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_PERM: errno.EACCES,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
}
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


@contextmanager
def explaining(directory: Path) -> Iterator[None]:
    """Let an index that can't be written to be an error with a hint."""
    try:
        yield
    except BrokenPipeError:
        raise
    except (OSError, sqlite3.Error) as problem:
        raise explained(problem, directory) from problem


def explained(problem: OSError | sqlite3.Error, directory: Path) -> NewsidxError:
    """What a system's or SQLite's error means for an index."""
    if isinstance(problem, OSError):
        return _system_error(problem.errno, problem.filename, directory)
    code = (getattr(problem, "sqlite_errorcode", None) or 0) & 0xFF
    ledger = directory / "ledger.db"
    if code in _BUSY:
        return IndexNotWritten(
            f"The ledger {ledger} is being read by another process, and does not come free.",
            f"Look for a newsidx that waits, such as one that prints into a pager. {_AS_BEFORE}",
        )
    if code in _BEHIND:
        return _system_error(_BEHIND[code], os.fspath(ledger), directory)
    return IndexDamaged(f"The ledger {ledger} can't be read: {problem}")


def _system_error(code: int | None, name: str | bytes | None, directory: Path) -> NewsidxError:
    what = os.strerror(code) if code else "unknown error"
    where = os.fsdecode(name) if name else os.fspath(directory)
    inside = Path(where).is_relative_to(directory)
    if code in (errno.ENOSPC, errno.EDQUOT):
        return IndexNotWritten(f"The disk of {directory} is full.", f"Make room. {_AS_BEFORE}")
    if code == errno.EIO and inside:
        return IndexNotWritten(
            f"The disk of {directory} fails: {what}.",
            "Check the disk, and the index with: newsidx verify",
        )
    if code in (errno.EACCES, errno.EPERM, errno.EROFS) and inside:
        return IndexNotWritten(
            f"The index at {directory} can't be written to: {what} ({where}).",
            "Let yourself write to the directory and all in it, or name another with --index. "
            + _AS_BEFORE,
        )
    return IndexNotWritten(f"{where}: {what}.", _AS_BEFORE)
