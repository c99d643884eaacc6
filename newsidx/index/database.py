"""Opening the SQLite file of a ledger, and names as it stores them."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

__all__ = ["SYNCHRONOUS", "clear_journal", "connected", "from_db", "settle", "to_db"]

# With EXTRA the folder is flushed too after a transaction: it can't be undone by a loss of
# power once the engine has built upon it.
SYNCHRONOUS = "EXTRA"
# How long, in seconds, a writer waits for a reader that is in the middle of an answer.
_PATIENCE = 60


def to_db(path: str) -> str | bytes:
    """A path as SQLite takes it: bytes where the file system's name is no UTF-8."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return os.fsencode(path)
    return path


def from_db(value: str | bytes) -> str:
    """The inverse of `to_db`."""
    return os.fsdecode(value) if isinstance(value, bytes) else value


def connected(path: Path, mode: str) -> sqlite3.Connection:
    """Open the file; `mode` is that of an SQLite URI."""
    uri = f"file:{_quoted(path)}?mode={mode}"
    return sqlite3.connect(uri, uri=True, isolation_level=None, timeout=_PATIENCE)


def settle(path: Path) -> None:
    """Undo a transaction that a kill cut off, as whoever comes first must.

    Who opens the file for reading alone may not, and could not read it.
    """
    if not path.with_name(path.name + "-journal").exists():
        return
    db = connected(path, "ro")
    try:
        db.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.Error as problem:
        if problem.sqlite_errorcode != sqlite3.SQLITE_READONLY_ROLLBACK:
            raise
        db.close()
        db = connected(path, "rw")
        db.execute("SELECT count(*) FROM sqlite_master")
    finally:
        db.close()


def clear_journal(path: Path) -> None:
    """Remove the journal of a transaction that was killed before anything was written.

    SQLite has not signed it then, takes it for none, and lets it lie until the next
    transaction, which may be long in coming. The caller is the only writer, and has not
    opened the file.
    """
    journal = path.with_name(path.name + "-journal")
    with suppress(FileNotFoundError):
        with journal.open("rb") as file:
            signed = file.read(1) not in (b"", b"\0")
        if not signed:
            journal.unlink()


def _quoted(path: Path) -> str:
    from urllib.parse import quote

    return quote(os.fsencode(path.absolute()))
