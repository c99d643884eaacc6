"""Counting what a process does to an index, dying at a chosen step, noting what it commits.

A step is whatever changes files: opening one for writing, renaming, removing, making
durable, and each statement of SQLite that begins, ends or is a transaction. They are seen
from outside, by Python's audit events and around `os.fsync` and `sqlite3`, so that the
program knows nothing of it and no step of a future version is missed. It can't be undone:
`attend` is for processes that are there for that alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sqlite3
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

__all__ = ["Plan", "Writes", "attend", "ids_print", "print_of"]

_PATHS = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.symlink"}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
# What SQLite does by itself inside of a transaction is no step of ours.
_OUTSIDE = ("INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "PRAGMA", "VACUUM")


@dataclass(frozen=True)
class Plan:
    """What a process that is to be killed has to know.

    Attributes:
        index: The index directory.
        log: Where the states that it commits are noted, and its number of steps.
        die_at: The step before which it dies, from 1; 0 is never.
        in_worker: Whether that step is one of a worker's, not of the parent's.
        alone: Only the process itself dies, not those that it started.
        batch: Articles for each commit; 0 is as many as newsidx thinks right.
    """

    index: Path
    log: Path
    die_at: int = 0
    in_worker: bool = False
    alone: bool = False
    batch: int = 0

    @property
    def died(self) -> Path:
        """A file that is there once a process has died at its step."""
        return self.log.with_suffix(".died")

    def to_json(self) -> str:
        values = asdict(self) | {"index": str(self.index), "log": str(self.log)}
        return json.dumps(values)

    @classmethod
    def from_json(cls, text: str) -> Plan:
        values = json.loads(text)
        return cls(**{**values, "index": Path(values["index"]), "log": Path(values["log"])})


@dataclass
class Writes:
    """The steps of this process so far."""

    plan: Plan
    die_at: int
    count: int = 0

    def step(self) -> None:
        self.count += 1
        if self.count == self.die_at and self._is_first():
            if self.plan.alone:
                os.kill(os.getpid(), signal.SIGKILL)
            os.killpg(0, signal.SIGKILL)

    def _is_first(self) -> bool:
        """Whether nobody has died by this plan: of several workers one does."""
        try:
            os.close(os.open(self.plan.died, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        except FileExistsError:
            return False
        return True

    def note(self, **values: Any) -> None:
        """Add a line to the log, at once."""
        handle = os.open(self.plan.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(handle, (json.dumps(values) + "\n").encode())
        os.close(handle)


def attend(plan: Plan, *, worker: bool = False) -> Writes:
    """Watch over this process from now on."""
    writes = Writes(plan, plan.die_at if plan.in_worker == worker else 0)
    folder = os.fsencode(plan.index)

    def hook(event: str, values: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = values
            if flags & _WRITING and _is_below(path, folder):
                writes.step()
        elif event in _PATHS and (_is_below(values[0], folder) or _in_open_folder(values)):
            writes.step()

    sys.addaudithook(hook)
    for name in ("fsync", "fdatasync"):
        if hasattr(os, name):
            setattr(os, name, _counted(getattr(os, name), writes))
    if not worker:
        _attend_ledger(writes)
    return writes


def _is_below(path: Any, folder: bytes) -> bool:
    if isinstance(path, str | bytes | os.PathLike):
        return os.path.abspath(os.fsencode(path)).startswith(folder)  # noqa: PTH100 - of bytes
    return False


def _in_open_folder(values: tuple[Any, ...]) -> bool:
    """Whether a path is relative to a folder that is open, as when a tree is removed."""
    return isinstance(values[0], str | bytes) and values[-1] not in (-1, None)


def _counted(function: Any, writes: Writes) -> Any:
    def counted(*args: Any) -> Any:
        writes.step()
        return function(*args)

    return counted


def _attend_ledger(writes: Writes) -> None:
    """Note what the engine will hold, each time that the ledger is about to say it anew."""

    class Attended(sqlite3.Connection):
        def execute(self, statement: str, *args: Any) -> sqlite3.Cursor:
            word = statement.strip().partition(" ")[0].upper()
            if word == "COMMIT":
                note_articles(writes, super().execute)
            alone = word in _OUTSIDE and not self.in_transaction
            if alone or word in ("BEGIN", "COMMIT", "ROLLBACK"):
                writes.step()
            return super().execute(statement, *args)

        def executemany(self, *args: Any) -> sqlite3.Cursor:
            if not self.in_transaction:
                writes.step()
            return super().executemany(*args)

        def commit(self) -> None:
            self.execute("COMMIT")

    connect = sqlite3.connect

    def attended(*args: Any, **options: Any) -> sqlite3.Connection:
        db = connect(*args, **{**options, "factory": Attended})
        if "mode=rw" in str(args[0]):
            note_articles(writes, db.execute)
        return db

    sqlite3.connect = attended  # type: ignore[assignment]


def note_articles(writes: Writes, execute: Any) -> None:
    """Note a state that the engine may be found in from now on.

    Where the ledger holds an intent, the engine may also be found without what it names:
    that is how a writer recovers from one that was cut off.
    """
    tables = {name for (name,) in execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not {"meta", "articles", "intent"} <= tables:
        return
    values = dict(execute("SELECT key, value FROM meta WHERE key IN ('engine', 'state')"))
    for condition in ("", " WHERE id NOT IN (SELECT id FROM intent)"):
        rows = execute(f"SELECT id, stored, same_text FROM articles{condition}").fetchall()
        writes.note(
            engine=int(values.get("engine", 1)),
            state=str(values.get("state", "0")).rjust(32, "0") if not condition else None,
            articles=len(rows),
            ids=ids_print(key for key, *_ in rows),
            print=print_of(rows),
        )


def ids_print(ids: Iterable[str]) -> str:
    """A hash of some ids, whatever their order."""
    return hashlib.blake2b(" ".join(sorted(ids)).encode(), digest_size=12).hexdigest()


def print_of(articles: Iterable[tuple[str, bytes, str | None]]) -> str:
    """A hash of articles, whatever their order: their ids, hashes of all fields, and originals."""
    total = hashlib.blake2b(digest_size=12)
    for key, stored, same_text in sorted(articles):
        total.update(f"{key} {stored.hex()} {same_text}\n".encode())
    return total.hexdigest()
