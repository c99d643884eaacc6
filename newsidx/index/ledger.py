"""The ledger: what became of every root, every source file and every article in it.

It is one SQLite file with a rollback journal, so that it can be read on media that
can't be written. It never holds an article's text: only where it stands and hashes
of it, which is enough to tell copies, versions and moves apart.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from newsidx.errors import IndexDamaged

__all__ = ["FileRow", "Ledger", "LiveArticle", "OutcomeRow", "Place", "Root"]

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE roots (
  id INTEGER PRIMARY KEY,
  label TEXT NOT NULL UNIQUE,
  base NOT NULL,              -- absolute path of the folder
  only,                       -- the one file in it that is the root, or NULL
  options TEXT NOT NULL       -- JSON
);
CREATE TABLE files (
  id INTEGER PRIMARY KEY,
  root INTEGER NOT NULL REFERENCES roots (id),
  path NOT NULL,              -- below the root; a BLOB where it is not UTF-8
  origin TEXT NOT NULL,       -- label/path at first sight: its identity, even after a move
  size INTEGER, mtime INTEGER, ctime INTEGER, inode INTEGER,
  recorded INTEGER,           -- ns since the epoch; NULL: to be read again
  digest BLOB,                -- of the bytes
  status TEXT NOT NULL, reason TEXT, detail TEXT,
  reader TEXT, reader_version INTEGER,
  bad INTEGER NOT NULL DEFAULT 0,   -- records that could not be read
  run INTEGER NOT NULL,       -- the run in which its content was first seen
  UNIQUE (root, path)
);
CREATE INDEX files_origin ON files (origin);
CREATE TABLE left_out (
  root INTEGER NOT NULL REFERENCES roots (id),
  path NOT NULL, reason TEXT NOT NULL, files INTEGER NOT NULL,
  PRIMARY KEY (root, path, reason)
) WITHOUT ROWID;
CREATE TABLE bad_records (
  file INTEGER NOT NULL REFERENCES files (id),
  position INTEGER NOT NULL, reason TEXT NOT NULL, detail TEXT
);
CREATE INDEX bad_records_file ON bad_records (file);
CREATE TABLE places (         -- every article in every file, searched or not
  id INTEGER PRIMARY KEY,
  file INTEGER NOT NULL REFERENCES files (id),
  position INTEGER NOT NULL,
  url_identity TEXT, own_identity TEXT NOT NULL,
  title BLOB NOT NULL, body BLOB, content BLOB NOT NULL,
  facts BLOB NOT NULL, stored BLOB NOT NULL,
  day INTEGER,                -- ordinal
  status TEXT, article TEXT   -- indexed, duplicate or superseded, and under which id
);
CREATE INDEX places_file ON places (file);
CREATE INDEX places_url ON places (url_identity) WHERE url_identity IS NOT NULL;
CREATE INDEX places_own ON places (own_identity);
CREATE INDEX places_content ON places (content);
CREATE INDEX places_body ON places (body) WHERE body IS NOT NULL;
CREATE INDEX places_article ON places (article);
CREATE TABLE articles (       -- what the engine holds
  id TEXT PRIMARY KEY,
  place INTEGER NOT NULL, identity TEXT NOT NULL,
  facts BLOB NOT NULL, stored BLOB NOT NULL, same_text TEXT
) WITHOUT ROWID;
CREATE TABLE intent (id TEXT PRIMARY KEY) WITHOUT ROWID;
"""
VERSION = 1


@dataclass(slots=True)
class Root:
    """A folder, or a single file, that was given to `index`.

    Attributes:
        label: Its name in the archive; stays when it moves.
        base: The folder, or the folder that the file is in.
        only: The file's name, when the root is a file.
        options: How its files are chosen and read.
    """

    id: int
    label: str
    base: str
    only: str | None = None
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """What was given to `index`."""
        return os.path.join(self.base, self.only) if self.only else self.base  # noqa: PTH118 - may be no UTF-8


@dataclass(slots=True)
class FileRow:
    """A source file: where it is, what it looked like, what became of it."""

    root: int
    path: str
    origin: str
    size: int = 0
    mtime: int = 0
    ctime: int = 0
    inode: int = 0
    recorded: int | None = None
    digest: bytes | None = None
    status: str = "indexed"
    reason: str | None = None
    detail: str | None = None
    reader: str | None = None
    reader_version: int | None = None
    bad: int = 0
    run: int = 0
    id: int | None = None


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """What became of a file, or of the files of a folder that were left out."""

    root: str
    base: str
    path: str
    status: str
    reason: str | None
    detail: str | None
    files: int
    reader: str | None
    articles: int
    bad: int
    size: int | None
    recorded: int | None
    id: int


@dataclass(slots=True)
class Place:
    """An article in a file: by what it is known, and hashes of what it holds.

    Attributes:
        key: Its place in the order of all places: label and path of its file, position.
        version: Greater for later versions: run, mtime of its file, `key`.
    """

    file: int
    position: int
    url_identity: str | None
    own_identity: str
    title: bytes
    body: bytes | None
    content: bytes
    facts: bytes
    stored: bytes
    day: int | None
    status: str | None = None
    article: str | None = None
    id: int = 0
    key: tuple[str, str, int] = ("", "", 0)
    version: tuple[Any, ...] = ()


@dataclass(slots=True)
class LiveArticle:
    """An article that the engine holds, and where its text came from."""

    id: str
    place: int
    identity: str
    facts: bytes
    stored: bytes
    same_text: str | None


def _to_db(path: str) -> str | bytes:
    """A path as SQLite takes it: bytes where the file system's name is no UTF-8."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return os.fsencode(path)
    return path


def _from_db(value: str | bytes) -> str:
    return os.fsdecode(value) if isinstance(value, bytes) else value


_FILE_COLUMNS = (
    "root, path, origin, size, mtime, ctime, inode, recorded, digest, status, reason, detail, "
    "reader, reader_version, bad, run"
)
_PLACE_COLUMNS = (
    "file, position, url_identity, own_identity, title, body, content, facts, stored, day"
)


class Ledger:
    """An open ledger.

    Args:
        path: The SQLite file; made when it isn't there and `writable`.
        writable: Open for writing.
    """

    def __init__(self, path: Path, *, writable: bool = False) -> None:
        fresh = writable and not path.exists()
        uri = f"file:{_quoted(path)}?mode={'rwc' if writable else 'ro'}"
        try:
            self.db = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=30)
            self.db.execute("PRAGMA foreign_keys = ON")
            if fresh:
                with self.transaction():
                    for statement in SCHEMA.split(";\n"):
                        self.db.execute(statement)
                    self.db.execute(f"PRAGMA user_version = {VERSION}")
            found = self.db.execute("PRAGMA user_version").fetchone()[0]
        except sqlite3.Error as problem:
            raise IndexDamaged(f"The ledger {path} can't be opened: {problem}") from problem
        if found != VERSION:
            raise IndexDamaged(f"The ledger {path} has version {found}, not {VERSION}.")

    def close(self) -> None:
        """Close the file."""
        self.db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of what is done inside becomes durable together, or none of it."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    # Meta

    def meta(self, key: str, default: Any = None) -> Any:
        """A named value."""
        row = self.db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return default if row is None else row[0]

    def set_meta(self, key: str, value: Any) -> None:
        """Keep a named value."""
        self.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    # Roots

    def roots(self) -> list[Root]:
        """All roots, by label."""
        rows = self.db.execute("SELECT id, label, base, only, options FROM roots ORDER BY label")
        return [
            Root(key, label, _from_db(base), _from_db(only) if only else None, json.loads(options))
            for key, label, base, only, options in rows
        ]

    def save_root(self, root: Root) -> Root:
        """Add a root (when its id is 0) or store what changed in it."""
        values = (
            root.label,
            _to_db(root.base),
            _to_db(root.only) if root.only else None,
            json.dumps(root.options, sort_keys=True),
        )
        if root.id:
            self.db.execute(
                "UPDATE roots SET label = ?, base = ?, only = ?, options = ? WHERE id = ?",
                (*values, root.id),
            )
        else:
            cursor = self.db.execute(
                "INSERT INTO roots (label, base, only, options) VALUES (?, ?, ?, ?)", values
            )
            root.id = cursor.lastrowid or 0
        return root

    def delete_root(self, root: Root) -> None:
        """Forget a root that has no files left."""
        self.db.execute("DELETE FROM left_out WHERE root = ?", (root.id,))
        self.db.execute("DELETE FROM roots WHERE id = ?", (root.id,))

    def set_left_out(self, root: int, within: str, rows: Iterable[tuple[str, str, int]]) -> None:
        """Replace what was left out below a folder of a root: path, reason, number of files."""
        old = self.db.execute("SELECT path, reason FROM left_out WHERE root = ?", (root,))
        gone = [
            (root, path, reason)
            for path, reason in old.fetchall()
            if not within or (_from_db(path) + "/").startswith(within + "/")
        ]
        self.db.executemany("DELETE FROM left_out WHERE root = ? AND path = ? AND reason = ?", gone)
        self.db.executemany(
            "INSERT OR REPLACE INTO left_out VALUES (?, ?, ?, ?)",
            [(root, _to_db(path), reason, count) for path, reason, count in rows],
        )

    # Files

    def files(self, root: int) -> dict[str, FileRow]:
        """The files of a root, by path."""
        rows = self.db.execute(f"SELECT {_FILE_COLUMNS}, id FROM files WHERE root = ?", (root,))
        found = (FileRow(*row) for row in rows)
        return {row.path: row for row in map(_decoded, found)}

    def file(self, key: int) -> FileRow:
        """One file by its id."""
        row = self.db.execute(f"SELECT {_FILE_COLUMNS}, id FROM files WHERE id = ?", (key,))
        return _decoded(FileRow(*row.fetchone()))

    def save_file(self, row: FileRow) -> int:
        """Add a file or store what changed in it; gives its id."""
        values = (
            row.root, _to_db(row.path), row.origin, row.size, row.mtime, row.ctime, row.inode,
            row.recorded, row.digest, row.status, row.reason, row.detail, row.reader,
            row.reader_version, row.bad, row.run,
        )  # fmt: skip
        if row.id is None:
            marks = ", ".join("?" * len(values))
            cursor = self.db.execute(
                f"INSERT INTO files ({_FILE_COLUMNS}) VALUES ({marks})", values
            )
            row.id = cursor.lastrowid
            assert row.id is not None
        else:
            names = ", ".join(f"{name.strip()} = ?" for name in _FILE_COLUMNS.split(","))
            self.db.execute(f"UPDATE files SET {names} WHERE id = ?", (*values, row.id))
        return row.id

    def origin_taken(self, origin: str, by_other_than: int | None) -> bool:
        """Whether another file already goes by an identity."""
        rows = self.db.execute("SELECT id FROM files WHERE origin = ?", (origin,))
        return any(key != by_other_than for (key,) in rows)

    def delete_file(self, key: int) -> None:
        """Forget a file, its places and its bad records."""
        self.clear_file(key)
        self.db.execute("DELETE FROM files WHERE id = ?", (key,))

    def clear_file(self, key: int) -> None:
        """Forget the places and bad records of a file, before it is written anew."""
        self.db.execute("DELETE FROM places WHERE file = ?", (key,))
        self.db.execute("DELETE FROM bad_records WHERE file = ?", (key,))

    def save_bad_records(self, key: int, rows: Iterable[tuple[int, str, str]]) -> None:
        """Keep the records of a file that could not be read: position, reason, detail."""
        self.db.executemany(
            "INSERT INTO bad_records VALUES (?, ?, ?, ?)", [(key, *row) for row in rows]
        )

    def bad_records(self, key: int) -> list[tuple[int, str, str | None]]:
        """The records of a file that could not be read: position, reason, detail."""
        return self.db.execute(
            "SELECT position, reason, detail FROM bad_records WHERE file = ? ORDER BY position",
            (key,),
        ).fetchall()

    # Places

    def add_place(self, place: Place) -> int:
        """Add a place; gives its id."""
        cursor = self.db.execute(
            f"INSERT INTO places ({_PLACE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                place.file, place.position, place.url_identity, place.own_identity, place.title,
                place.body, place.content, place.facts, place.stored, place.day,
            ),
        )  # fmt: skip
        place.id = cursor.lastrowid or 0
        return place.id

    def places_by(self, column: str, values: Collection[Any]) -> list[Place]:
        """The places with one of some values in a column, with their keys and versions."""
        found = []
        wanted = list(values)
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            marks = ", ".join("?" * len(part))
            rows = self.db.execute(
                f"SELECT p.file, p.position, p.url_identity, p.own_identity, p.title, p.body,"
                f" p.content, p.facts, p.stored, p.day, p.status, p.article, p.id,"
                f" r.label, f.path, f.run, f.mtime"
                f" FROM places p JOIN files f ON f.id = p.file JOIN roots r ON r.id = f.root"
                f" WHERE p.{column} IN ({marks})",
                part,
            )
            for *values_, label, path, run, mtime in rows:
                place = Place(*values_)
                place.key = (label, _from_db(path), place.position)
                place.version = (run, mtime, place.key)
                found.append(place)
        return found

    def set_outcomes(self, rows: Iterable[tuple[str, str, int]]) -> None:
        """Store what became of places: status, article, place id."""
        self.db.executemany("UPDATE places SET status = ?, article = ? WHERE id = ?", rows)

    def refresh_statuses(self, files: Collection[int]) -> None:
        """Let files that were read say what became of their articles."""
        self.db.executemany(
            """UPDATE files SET status = CASE
                 WHEN EXISTS (SELECT 1 FROM places WHERE file = files.id AND status = 'indexed')
                   THEN 'indexed'
                 WHEN EXISTS (SELECT 1 FROM places WHERE file = files.id AND status = 'duplicate')
                   THEN 'duplicate'
                 ELSE 'superseded' END
               WHERE id = ? AND reason IS NULL""",
            [(key,) for key in files],
        )

    # Articles

    def live(self, ids: Collection[str]) -> dict[str, LiveArticle]:
        """The articles that the engine holds, among some ids."""
        found: dict[str, LiveArticle] = {}
        wanted = list(ids)
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            marks = ", ".join("?" * len(part))
            rows = self.db.execute(
                "SELECT id, place, identity, facts, stored, same_text FROM articles "
                f"WHERE id IN ({marks})",
                part,
            )
            found.update((row[0], LiveArticle(*row)) for row in rows)
        return found

    def save_article(self, article: LiveArticle) -> None:
        """Store that the engine holds an article."""
        self.db.execute(
            "INSERT OR REPLACE INTO articles VALUES (?, ?, ?, ?, ?, ?)",
            (
                article.id, article.place, article.identity, article.facts, article.stored,
                article.same_text,
            ),
        )  # fmt: skip

    def delete_articles(self, ids: Iterable[str]) -> None:
        """Store that the engine no longer holds some articles."""
        self.db.executemany("DELETE FROM articles WHERE id = ?", [(key,) for key in ids])

    def count_articles(self) -> int:
        """Number of articles that the engine holds."""
        return int(self.db.execute("SELECT count(*) FROM articles").fetchone()[0])

    def count_bad_records(self) -> int:
        """Number of records that could not be read, in files that could."""
        return int(self.db.execute("SELECT count(*) FROM bad_records").fetchone()[0])

    def count_files(self) -> list[tuple[str, str | None, int]]:
        """Status, reason and number of files on disk, those left out by rule included."""
        return self.db.execute(
            "SELECT status, reason, count(*) FROM files GROUP BY status, reason"
            " UNION ALL SELECT 'excluded', reason, sum(files) FROM left_out GROUP BY reason"
            " ORDER BY 1, 2"
        ).fetchall()

    def outcomes(
        self, status: str | None = None, reason: str | None = None
    ) -> Iterator[OutcomeRow]:
        """What became of every file, in order of root and path.

        What was left out by rule has a row a folder, with its number of files.
        """
        rows = self.db.execute(
            "SELECT * FROM (SELECT r.label AS label, r.base, f.path AS path, f.status AS status,"
            " f.reason AS reason, f.detail, 1, f.reader,"
            " (SELECT count(*) FROM places p WHERE p.file = f.id), f.bad, f.size, f.recorded, f.id"
            " FROM files f JOIN roots r ON r.id = f.root"
            " UNION ALL SELECT r.label, r.base, l.path, 'excluded', l.reason, NULL, l.files,"
            " NULL, 0, 0, NULL, NULL, 0 FROM left_out l JOIN roots r ON r.id = l.root)"
            " WHERE (?1 IS NULL OR status = ?1) AND (?2 IS NULL OR reason = ?2)"
            " ORDER BY label, path, reason",
            (status, reason),
        )
        for label, base, path, *rest in rows:
            yield OutcomeRow(label, _from_db(base), _from_db(path), *rest)

    def count_by_root(self) -> dict[int, int]:
        """Number of searched articles by id of their root."""
        return dict(
            self.db.execute(
                "SELECT f.root, count(*) FROM articles a JOIN places p ON p.id = a.place"
                " JOIN files f ON f.id = p.file GROUP BY f.root"
            ).fetchall()
        )

    # Intent

    def set_intent(self, ids: Iterable[str]) -> None:
        """Record what the engine is about to add or remove."""
        self.db.executemany("INSERT OR IGNORE INTO intent VALUES (?)", [(key,) for key in ids])

    def intent(self) -> list[str]:
        """What an engine commit that may not have happened was about."""
        return [key for (key,) in self.db.execute("SELECT id FROM intent ORDER BY id")]

    def forget_intended(self) -> None:
        """Treat the files of intended articles as never read, and the articles as gone."""
        self.db.execute(
            "UPDATE files SET recorded = NULL WHERE id IN"
            " (SELECT file FROM places WHERE article IN (SELECT id FROM intent))"
        )
        self.db.execute("DELETE FROM articles WHERE id IN (SELECT id FROM intent)")

    def forget_articles(self) -> None:
        """Treat every file as never read: the engine is to be built anew."""
        self.db.execute("UPDATE files SET recorded = NULL")
        self.db.execute("DELETE FROM articles")
        self.db.execute("DELETE FROM intent")

    def clear_intent(self) -> None:
        """The engine has committed."""
        self.db.execute("DELETE FROM intent")


def _decoded(row: FileRow) -> FileRow:
    row.path = _from_db(row.path)
    return row


def _quoted(path: Path) -> str:
    from urllib.parse import quote

    return quote(os.fsencode(path.absolute()))
