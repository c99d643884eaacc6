"""Standing queries as they are kept: each with all that it has met, and what of that was told.

They live in an SQLite file of their own beside the ledger, so that they are there for a
reader while a writer is at work, and for whoever builds or mends the index anew. It holds
no text of articles, only ids and hashes.

What a query meets for the first time, or in a new version, gets the next number of that
query. Its cursor is the greatest number that was told of.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from msgspec import Struct

from newsidx.errors import IndexDamaged, IndexVersionError, NewsidxError, Refused, UsageError
from newsidx.index.database import SYNCHRONOUS, connected, settle
from newsidx.index.failures import explaining
from newsidx.index.lock import ALERTS

__all__ = ["Alert", "Alerts", "Met", "checked_name"]

NAME = "alerts.db"
VERSION = 1

_TABLES = """
CREATE TABLE alerts (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  question TEXT NOT NULL,     -- JSON
  cursor INTEGER NOT NULL,    -- the greatest number that was told of
  last INTEGER NOT NULL,      -- the greatest that there is
  since INTEGER NOT NULL,     -- ns since the epoch: when the cursor was set
  looked TEXT                 -- which commit was looked at last, and on which day
);
CREATE TABLE met (            -- what a query matched when it was looked at
  alert INTEGER NOT NULL REFERENCES alerts (id),
  article TEXT NOT NULL,
  content BLOB NOT NULL,      -- hash of what it said
  digest BLOB,                -- of the file that it was read from, where that is known
  first INTEGER NOT NULL,     -- its number as new
  number INTEGER NOT NULL,    -- its number in its latest version
  PRIMARY KEY (alert, article)
) WITHOUT ROWID
"""

_NAMES = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def checked_name(name: str) -> str:
    """The name, if an alert can have it.

    Raises:
        UsageError: It can't.
    """
    if not _NAMES.fullmatch(name):
        raise UsageError(
            f"An alert can't be called {name!r}.",
            "A name has up to 64 letters a-z, digits, - _ and . and begins with a letter or digit.",
        )
    return name


class Alert(Struct, frozen=True):
    """A standing query.

    Attributes:
        question: What is asked, as JSON has it.
        cursor: The greatest of its numbers that was told of.
        last: The greatest that there is.
        since: When the cursor was set, in nanoseconds since the epoch.
        looked: Which commit of the index was looked at last.
    """

    name: str
    question: dict[str, Any]
    cursor: int
    last: int
    since: int
    looked: str | None = None
    key: int = 0


class Met(Struct):
    """An article that a standing query has matched.

    Attributes:
        content: Hash of what it said then (`refine.identity.Hashes`).
        digest: Hash of the file that it was read from, where that is known.
        first: Its number as a new article; 0 of what matched when the alert was added.
        number: Its number in its latest version.
    """

    article: str
    content: bytes
    digest: bytes | None
    first: int = 0
    number: int = 0


class Alerts:
    """The standing queries of an index, open.

    Args:
        directory: The index.
        writable: Open for writing; the file is made where there is none.
    """

    def __init__(self, directory: Path, *, writable: bool = False) -> None:
        self.directory = directory
        self.path = directory / ALERTS / NAME
        self.db: sqlite3.Connection | None = None
        with self._explaining():
            if writable:
                self.path.parent.mkdir(mode=0o700, exist_ok=True)
                self.db = connected(self.path, "rwc")
                self.db.execute(f"PRAGMA synchronous = {SYNCHRONOUS}")
                self._make()
            elif self.path.exists():
                settle(self.path)
                self.db = connected(self.path, "ro")
            if self.db and self._version() > VERSION:
                self.close()
                raise IndexVersionError.newer(
                    directory, f"alerts of a later version than {VERSION}"
                )

    def _make(self) -> None:
        with self._changing() as db:
            if not self._version():
                for statement in _TABLES.split(";\n"):
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {VERSION}")

    def _version(self) -> int:
        assert self.db is not None
        return int(self.db.execute("PRAGMA user_version").fetchone()[0])

    def close(self) -> None:
        """Close the file."""
        if self.db is not None:
            self.db.close()
            self.db = None

    def __enter__(self) -> Alerts:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Reading

    def every(self) -> list[Alert]:
        """All alerts, by name."""
        if self.db is None:
            return []
        with self._explaining():
            rows = self.db.execute(
                "SELECT name, question, cursor, last, since, looked, id FROM alerts ORDER BY name"
            ).fetchall()
        return [Alert(name, json.loads(question), *rest) for name, question, *rest in rows]

    def get(self, name: str) -> Alert:
        """One alert.

        Raises:
            UsageError: There is none of that name.
        """
        alerts = self.every()
        for alert in alerts:
            if alert.name == name:
                return alert
        names = ", ".join(alert.name for alert in alerts)
        raise UsageError(
            f"There is no alert {checked_name(name)!r}.",
            f"There are: {names}." if names else "Add one with: newsidx alert add NAME QUERY",
        )

    def met(self, alert: Alert) -> dict[str, Met]:
        """What an alert has met, by the ids of the articles."""
        assert self.db is not None
        with self._explaining():
            rows = self.db.execute(
                "SELECT article, content, digest, first, number FROM met WHERE alert = ?",
                (alert.key,),
            ).fetchall()
        return {row[0]: Met(*row) for row in rows}

    # Writing

    def add(self, alert: Alert, met: Iterable[Met]) -> bool:
        """Keep a new alert; gives whether it is one.

        Raises:
            Refused: There is one of that name that asks for something else.
        """
        with self._changing() as db:
            row = db.execute("SELECT question FROM alerts WHERE name = ?", (alert.name,)).fetchone()
            if row and json.loads(row[0]) == alert.question:
                return False
            if row:
                raise Refused(
                    f"There is an alert {alert.name} already, which asks for something else.",
                    f"Choose another name, or remove that one: newsidx alert rm {alert.name}",
                )
            key = db.execute(
                "INSERT INTO alerts (name, question, cursor, last, since, looked)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (
                    alert.name,
                    json.dumps(alert.question, sort_keys=True),
                    alert.cursor,
                    alert.last,
                    alert.since,
                    alert.looked,
                ),
            ).lastrowid
            self._save(key or 0, met)
        return True

    def remove(self, name: str) -> None:
        """Forget an alert.

        Raises:
            UsageError: There is none of that name.
        """
        key = self.get(name).key
        with self._changing() as db:
            db.execute("DELETE FROM met WHERE alert = ?", (key,))
            db.execute("DELETE FROM alerts WHERE id = ?", (key,))

    def note(
        self, alert: Alert, met: Iterable[Met], gone: Collection[str], *, anew: bool = False
    ) -> None:
        """Take down what was seen when an alert was looked at; its cursor stays.

        Args:
            alert: With `last` and `looked` as they are now.
            met: What is new or has changed of what it has met.
            gone: Ids that it has met no more.
            anew: Forget what it had met before.
        """
        with self._changing() as db:
            if anew:
                db.execute("DELETE FROM met WHERE alert = ?", (alert.key,))
            self._save(alert.key, met)
            db.executemany(
                "DELETE FROM met WHERE alert = ? AND article = ?",
                [(alert.key, article) for article in gone],
            )
            db.execute(
                "UPDATE alerts SET last = ?, looked = ? WHERE id = ?",
                (alert.last, alert.looked, alert.key),
            )

    def move(self, cursors: Iterable[tuple[Alert, int]], moment: int) -> None:
        """Set cursors, all of them or none.

        Args:
            moment: In nanoseconds since the epoch.
        """
        with self._changing() as db:
            db.executemany(
                "UPDATE alerts SET cursor = ?, since = ? WHERE id = ?",
                [(cursor, moment, alert.key) for alert, cursor in cursors],
            )

    def _save(self, key: int, met: Iterable[Met]) -> None:
        assert self.db is not None
        self.db.executemany(
            "INSERT OR REPLACE INTO met VALUES (?, ?, ?, ?, ?, ?)",
            [(key, m.article, m.content, m.digest, m.first, m.number) for m in met],
        )

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of what is done inside lasts, or none of it."""
        assert self.db is not None
        with self._explaining():
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield self.db
                self.db.execute("COMMIT")
            except BaseException:
                if self.db.in_transaction:
                    self.db.execute("ROLLBACK")
                raise

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        try:
            with explaining(self.directory):
                yield
        except IndexDamaged as problem:
            raise self._damaged(problem) from problem

    def _damaged(self, problem: NewsidxError) -> IndexDamaged:
        what = problem.__cause__ or problem
        return IndexDamaged(
            f"The alerts in {self.path} can't be read: {what}.",
            f"Remove {self.path}, and add them again with: newsidx alert add NAME QUERY",
        )
