"""A file system that fails at the n-th call, for what is written below one directory.

It stands in for the calls of Python's that writing goes through: `open` for writing, `write`,
`rename` and `replace`, `unlink`, the flush to the disk, and SQLite's statements.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from newsidx import durable
from newsidx.index import ledger

KINDS = ("open", "write", "flush", "rename", "unlink", "ledger")

_SQLITE = {
    errno.ENOSPC: (sqlite3.SQLITE_FULL, "database or disk is full"),
    errno.EIO: (sqlite3.SQLITE_IOERR, "disk I/O error"),
    errno.EACCES: (sqlite3.SQLITE_READONLY, "attempt to write a readonly database"),
}
_CHANGES = ("INSERT", "UPDATE", "DELETE", "BEGIN IMMEDIATE", "COMMIT")


class Disk:
    """Counts the calls of one kind below a directory, and lets some of them fail.

    Args:
        at: Which call fails, from 1; 0 is none.
        stays: Whether all that come after it fail too.
    """

    def __init__(self, kind: str, directory: Path, code: int, at: int, *, stays: bool) -> None:
        self.kind = kind
        self.directory = str(directory)
        self.code = code
        self.at = at
        self.stays = stays
        self.calls = 0

    def call(self, kind: str, path: Any) -> None:
        """Take note of a call, and fail if it is its turn."""
        if kind != self.kind or not os.fspath(path).startswith(self.directory):
            return
        self.calls += 1
        if self.at and (self.calls == self.at or (self.stays and self.calls > self.at)):
            if kind == "ledger":
                code, message = _SQLITE[self.code]
                error = sqlite3.OperationalError(message)
                error.sqlite_errorcode = code
                raise error
            # As the system has it: what fails on an open file does not name it.
            named = kind in ("open", "rename", "unlink")
            raise OSError(self.code, os.strerror(self.code), *[os.fspath(path)][:named])


@contextmanager
def failing(
    kind: str, directory: Path, code: int = errno.ENOSPC, at: int = 0, *, stays: bool = False
) -> Iterator[Disk]:
    """Put such a file system under everything."""
    disk = Disk(kind, directory, code, at, stays=stays)
    with pytest.MonkeyPatch.context() as patched:
        opened = _opener(disk)
        patched.setattr(builtins, "open", opened)
        patched.setattr(io, "open", opened)
        for name in ("rename", "replace", "unlink", "remove"):
            kind_of = "unlink" if name in ("unlink", "remove") else "rename"
            patched.setattr(os, name, _counted(disk, kind_of, getattr(os, name)))
        patched.setattr(durable, "flush", _counted(disk, "flush", durable.flush))
        patched.setattr("newsidx.engines.whoosh.sealing.flush", durable.flush)
        patched.setattr(ledger, "connected", _connector(disk))
        yield disk


def _counted(disk: Disk, kind: str, function: Any) -> Any:
    def counted(path: Any, *args: Any, **kwargs: Any) -> Any:
        disk.call(kind, path)
        return function(path, *args, **kwargs)

    return counted


def _opener(disk: Disk) -> Any:
    plain = builtins.open

    class Failing(io.FileIO):
        def write(self, data: Any) -> int:
            disk.call("write", self.name)
            return super().write(data)

    def opened(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        if isinstance(file, int) or not set(mode) & set("wax+"):
            return plain(file, mode, *args, **kwargs)
        disk.call("open", file)
        if not os.fspath(file).startswith(disk.directory):
            return plain(file, mode, *args, **kwargs)
        raw = Failing(os.fspath(file), mode.replace("b", "").replace("t", ""))
        buffered = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)  # type: ignore[type-var]
        if "b" in mode:
            return buffered
        return io.TextIOWrapper(buffered, encoding=kwargs.get("encoding") or "utf-8")

    return opened


def _connector(disk: Disk) -> Any:
    class Connection(sqlite3.Connection):
        def execute(self, sql: str, *args: Any) -> Any:
            if sql.startswith(_CHANGES):
                disk.call("ledger", disk.directory)
            return super().execute(sql, *args)

        def executemany(self, sql: str, *args: Any) -> Any:
            if sql.startswith(_CHANGES):
                disk.call("ledger", disk.directory)
            return super().executemany(sql, *args)

    def connected(path: Path, mode: str) -> sqlite3.Connection:
        uri = f"file:{path.absolute()}?mode={mode}"
        return sqlite3.connect(uri, uri=True, isolation_level=None, factory=Connection)

    return connected
