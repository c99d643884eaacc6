"""The ledger: what became of every root, every source file and every article in it.

It is one SQLite file with a rollback journal, so that it can be read on media that
can't be written. It never holds an article's text: only where it stands and hashes
of it, which is enough to tell copies, versions and moves apart.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from operator import attrgetter
from pathlib import Path
from typing import Any

from newsidx.errors import IndexDamaged, IndexVersionError
from newsidx.index.database import SYNCHRONOUS, connected, from_db, settle, to_db
from newsidx.index.failures import explained
from newsidx.index.rows import FileRow, LiveArticle, Place, Root
from newsidx.index.tables import (
    ADDITIONS,
    FILE_COLUMNS,
    MIGRATIONS,
    PLACE_COLUMNS,
    SCHEMA,
    STATUS_OF_CONTAINER,
    STATUS_OF_FILE,
    VERSION,
)

__all__ = ["Ledger", "is_below"]


class Ledger:
    """An open ledger.

    Args:
        path: The SQLite file; made when it isn't there and `writable`.
        writable: Open for writing.
    """

    def __init__(self, path: Path, *, writable: bool = False) -> None:
        if not writable and not path.exists():
            raise IndexDamaged(f"The ledger {path} is gone.")
        try:
            if not writable:
                settle(path)
            found = self._open(path, writable)
        except sqlite3.Error as problem:
            raise explained(problem, path.parent) from problem
        if found != VERSION:
            self.close()
        if found > VERSION:
            what = f"ledger {found}; this version reads {VERSION}"
            raise IndexVersionError.newer(path.parent, what)
        if found in MIGRATIONS:
            raise IndexVersionError.older(path.parent)
        if found != VERSION:
            raise IndexDamaged(f"The ledger {path} has no version that there ever was.")

    def _open(self, path: Path, writable: bool) -> int:
        """Open the file, made or migrated where it has to be; gives its version."""
        fresh = writable and not path.exists()
        self.db = connected(path, "rwc" if writable else "ro")
        try:
            self.db.execute("PRAGMA foreign_keys = ON")
            self.db.execute(f"PRAGMA synchronous = {SYNCHRONOUS}")
            if fresh:
                with self.transaction():
                    self._execute(SCHEMA)
                    self.db.execute(f"PRAGMA user_version = {VERSION}")
            found = int(self.db.execute("PRAGMA user_version").fetchone()[0])
            if writable:
                found = self._migrate(found)
                if found == VERSION:
                    self._add_what_is_lacking()
                    self._write_over_what_is_removed()
            return found
        except BaseException:
            self.db.close()
            raise

    def _migrate(self, found: int) -> int:
        """Bring an older ledger up to date; gives its version then."""
        if found not in MIGRATIONS:
            return found
        with self.transaction():
            while found in MIGRATIONS:
                self._execute(MIGRATIONS[found])
                found += 1
                self.db.execute(f"PRAGMA user_version = {found}")
        return found

    def _add_what_is_lacking(self) -> None:
        lacks = "SELECT NOT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'sketches')"
        if self.db.execute(lacks).fetchone()[0]:
            with self.transaction():
                self._execute(ADDITIONS)

    def _execute(self, script: str) -> None:
        """Execute statements, each of which ends a line, in the transaction that is open."""
        for statement in script.split(";\n"):
            self.db.execute(statement)

    def _write_over_what_is_removed(self) -> None:
        """Leave no trace of a removed article in pages that are used no more."""
        if self.db.execute("SELECT EXISTS (SELECT 1 FROM removals)").fetchone()[0]:
            self.db.execute("PRAGMA secure_delete = ON")

    def rewrite(self) -> None:
        """Write the file anew, so that nothing is left in it of what was deleted."""
        # Such a report names an article that may have been removed since.
        self.db.execute("UPDATE bad_records SET detail = NULL WHERE reason = 'id-collision'")
        self.db.execute("PRAGMA secure_delete = ON")
        self.db.execute("VACUUM")

    def close(self) -> None:
        """Close the file."""
        self.db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of what is done inside becomes durable together, or none of it."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.db.execute("COMMIT")
        except BaseException:
            if self.db.in_transaction:  # after some errors SQLite has rolled back itself
                self.db.execute("ROLLBACK")
            raise

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
            Root(key, label, from_db(base), from_db(only) if only else None, json.loads(options))
            for key, label, base, only, options in rows
        ]

    def save_root(self, root: Root) -> Root:
        """Add a root (when its id is 0) or store what changed in it."""
        values = (
            root.label,
            to_db(root.base),
            to_db(root.only) if root.only else None,
            json.dumps(root.options, sort_keys=True),
        )
        if root.id:
            # Nothing is written to the disk where nothing changes.
            self.db.execute(
                "UPDATE roots SET label = ?1, base = ?2, only = ?3, options = ?4 WHERE id = ?5"
                " AND (label, base, only, options) IS NOT (?1, ?2, ?3, ?4)",
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

    def set_left_out(
        self,
        root: int,
        parts: Collection[str],
        passed: Collection[str],
        rows: Iterable[tuple[str, str, int]],
    ) -> None:
        """Replace what was left out of a root: path, reason, number of files.

        Args:
            parts: Below these folders everything is replaced; none is all of the root.
            passed: In these folders, what is left out by name of their own files.
        """
        query = self.db.execute("SELECT path, reason, files FROM left_out WHERE root = ?", (root,))
        old = {(from_db(path), reason): files for path, reason, files in query.fetchall()}
        new = {(path, reason): count for path, reason, count in rows}
        ways = frozenset(passed)
        gone = {
            key
            for key in old
            if not parts or key[0] in ways or any(is_below(key[0], part) for part in parts)
        }
        self.db.executemany(
            "DELETE FROM left_out WHERE root = ? AND path = ? AND reason = ?",
            [(root, to_db(path), reason) for path, reason in gone - new.keys()],
        )
        self.db.executemany(
            "INSERT OR REPLACE INTO left_out VALUES (?, ?, ?, ?)",
            [
                (root, to_db(path), reason, count)
                for (path, reason), count in new.items()
                if old.get((path, reason)) != count
            ],
        )

    def left_out(self, root: int, reason: str) -> set[str]:
        """The folders of a root in which something was left out for a reason."""
        rows = self.db.execute(
            "SELECT path FROM left_out WHERE root = ? AND reason = ?", (root, reason)
        )
        return {from_db(path) for (path,) in rows}

    # Files

    def files(self, root: int) -> dict[str, FileRow]:
        """The files on disk of a root, by path."""
        return self._files_where("root = ? AND container IS NULL", root)

    def fingerprints(
        self, root: int, parts: Collection[str], racy: int
    ) -> Iterator[tuple[Any, ...]]:
        """What is needed to tell whether the files on disk of a root are as they were.

        Gives, of each: path; size, mtime, ctime, inode; reader, its version, reason; whether
        it was at rest when it was recorded, is to be compared, and was seen the last time; id.

        Args:
            parts: Only files below these folders, or that are one of these; none is all.
            racy: Nanoseconds before it was recorded in which a file may not have been touched.
        """
        columns = (
            "path, size, mtime, ctime, inode, reader, reader_version, reason,"
            " recorded IS NOT NULL AND recorded - mtime > ?2 AND status <> 'unseen', id"
        )
        query = f"SELECT {columns} FROM files WHERE root = ?1 AND container IS NULL"
        if not parts or "" in parts:
            yield from map(_path_decoded, self.db.execute(query, (root, racy)))
            return
        for part in parts:
            yield from map(
                _path_decoded, self.db.execute(f"{query} AND path = ?3", (root, racy, to_db(part)))
            )
            # What is below it sorts between these two; a path may be no UTF-8 where its
            # folder is, and is kept as bytes, which sort by themselves.
            low, high = f"{part}/", f"{part}0"
            ranges = [(os.fsencode(low), os.fsencode(high))]
            if isinstance(to_db(part), str):
                ranges.append((low, high))  # type: ignore[arg-type]
            for bounds in ranges:
                found = self.db.execute(
                    f"{query} AND path > ?3 AND path < ?4", (root, racy, *bounds)
                )
                yield from map(_path_decoded, found)

    def members(self, container: int) -> dict[str, FileRow]:
        """The members of an archive, by path."""
        return self._files_where("container = ?", container)

    def _files_where(self, condition: str, value: int) -> dict[str, FileRow]:
        rows = self.db.execute(f"SELECT {FILE_COLUMNS}, id FROM files WHERE {condition}", (value,))
        found = (FileRow(*row) for row in rows)
        return {row.path: row for row in map(_decoded, found)}

    def forget_readings(self, root: int) -> None:
        """Treat every file of a root as to be read again."""
        self.db.execute("UPDATE files SET recorded = NULL WHERE root = ?", (root,))

    def forget_reading(self, files: Iterable[int]) -> None:
        """Treat some files as to be read again."""
        self.db.executemany(
            "UPDATE files SET recorded = NULL WHERE id = ?", [(key,) for key in files]
        )

    def unread_roots(self) -> set[int]:
        """The roots with files that could be read, and are to be read again."""
        rows = self.db.execute(
            "SELECT DISTINCT root FROM files WHERE recorded IS NULL AND reason IS NULL"
        )
        return {root for (root,) in rows}

    def file(self, key: int) -> FileRow:
        """One file by its id."""
        row = self.db.execute(f"SELECT {FILE_COLUMNS}, id FROM files WHERE id = ?", (key,))
        return _decoded(FileRow(*row.fetchone()))

    def save_file(self, row: FileRow) -> int:
        """Add a file or store what changed in it; gives its id."""
        values = (
            row.root, to_db(row.path), row.origin, row.size, row.mtime, row.ctime, row.inode,
            row.recorded, row.digest, row.status, row.reason, row.detail, row.reader,
            row.reader_version, row.bad, row.run, row.dated, row.container, row.reduced,
        )  # fmt: skip
        if row.id is None:
            marks = ", ".join("?" * len(values))
            cursor = self.db.execute(f"INSERT INTO files ({FILE_COLUMNS}) VALUES ({marks})", values)
            row.id = cursor.lastrowid
            assert row.id is not None
        else:
            self._move_members(row)
            names = ", ".join(f"{name.strip()} = ?" for name in FILE_COLUMNS.split(","))
            self.db.execute(f"UPDATE files SET {names} WHERE id = ?", (*values, row.id))
        return row.id

    def _move_members(self, row: FileRow) -> None:
        """Let the members of an archive that has moved go with it, whenever they are read."""
        where = "SELECT root, path FROM files WHERE id = ?"
        root, path = self.db.execute(where, (row.id,)).fetchone()
        before = from_db(path)
        if (root, before) != (row.root, row.path):
            moved = [
                (row.root, to_db(row.path + member.removeprefix(before)), each.id)
                for member, each in self.members(row.id or 0).items()
                if member.startswith(before)
            ]
            self.db.executemany("UPDATE files SET root = ?, path = ? WHERE id = ?", moved)

    def origin_taken(self, origin: str, by_other_than: int | None) -> bool:
        """Whether another file already goes by an identity."""
        rows = self.db.execute("SELECT id FROM files WHERE origin = ?", (origin,))
        return any(key != by_other_than for (key,) in rows)

    def taken_origins(self, origins: Iterable[str]) -> set[str]:
        """Those of some identities that files go by."""
        rows = self._among("SELECT origin FROM files", "origin", origins)
        return {origin for (origin,) in rows}

    def delete_file(self, key: int) -> None:
        """Forget a file, its places and its bad records."""
        self.clear_places(key)
        self.clear_bad_records(key)
        self.db.execute("DELETE FROM files WHERE id = ?", (key,))

    def last_place(self) -> int:
        """The greatest id of a place; those that are added have greater ones."""
        return self.db.execute("SELECT coalesce(max(id), 0) FROM places").fetchone()[0]  # type: ignore[no-any-return]

    def places_up_to(self, key: int, last: int) -> list[int]:
        """The ids, none greater than `last`, of the places of a file."""
        rows = self.db.execute("SELECT id FROM places WHERE file = ? AND id <= ?", (key, last))
        return [place for (place,) in rows]

    def clear_places(self, key: int, last: int | None = None) -> None:
        """Forget the places of a file, or those with ids up to `last`."""
        self.db.execute(
            "DELETE FROM places WHERE file = ?1 AND (?2 IS NULL OR id <= ?2)", (key, last)
        )

    def clear_bad_records(self, key: int) -> None:
        """Forget the bad records of a file, before it is read anew."""
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

    def add_places(self, places: Iterable[Place]) -> None:
        """Add places, which have ids that no others have."""
        names = f"{PLACE_COLUMNS}, id"
        values = attrgetter(*names.split(", "))
        marks = ", ".join("?" * (names.count(",") + 1))
        self.db.executemany(f"INSERT INTO places ({names}) VALUES ({marks})", map(values, places))

    def places_by(
        self, column: str, values: Collection[Any], known: Mapping[int, Place] | None = None
    ) -> list[Place]:
        """The places with one of some values in a column, with their keys and versions.

        Args:
            known: Places by their ids, that need not be read again.
        """
        if known:
            ids = [key for (key,) in self._among("SELECT id FROM places", column, values)]
            rest = [key for key in ids if key not in known]
            return [*(known[key] for key in ids if key in known), *self.places_by("id", rest)]
        found = []
        columns = ", ".join(f"p.{name}" for name in PLACE_COLUMNS.split(", "))
        rows = self._among(
            f"SELECT {columns}, p.status, p.article, p.id, r.label, f.path, f.run, f.dated"
            " FROM places p JOIN files f ON f.id = p.file JOIN roots r ON r.id = f.root",
            f"p.{column}",
            values,
        )
        for *values_, label, path, run, dated in rows:
            place = Place(*values_)
            place.stand(label, from_db(path), run, dated)
            found.append(place)
        return found

    def _among(self, query: str, column: str, values: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
        """What a query gives where a column has one of some values, of which there may be many."""
        wanted = list(values)
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            marks = ", ".join("?" * len(part))
            yield from self.db.execute(f"{query} WHERE {column} IN ({marks})", part)

    def move_places(self, positions: Mapping[int, int], gone: Iterable[Place]) -> None:
        """Give places, by their ids, other positions in their file, and forget others."""
        self.db.executemany("DELETE FROM places WHERE id = ?", [(place.id,) for place in gone])
        self.db.executemany(
            "UPDATE places SET position = ? WHERE id = ?",
            [(position, key) for key, position in positions.items()],
        )

    def set_outcomes(self, rows: Iterable[tuple[str, str, int]]) -> None:
        """Store what became of places: status, article, place id."""
        self.db.executemany("UPDATE places SET status = ?, article = ? WHERE id = ?", rows)

    def refresh_statuses(self, files: Collection[int]) -> None:
        """Let files that were read say what became of their articles, and archives likewise."""
        keys = [(key,) for key in files]
        for update in (STATUS_OF_FILE, STATUS_OF_CONTAINER):
            self.db.executemany(update, keys)

    # What dates show

    def date_orders(self) -> dict[str, str]:
        """The order of day and month by whose dates they are, as articles were last read."""
        return dict(self.db.execute('SELECT key, "order" FROM date_orders').fetchall())

    def learn_date_orders(self) -> list[int]:
        """Take down what the dates of all articles show; gives the files it changes, on disk.

        A source that writes both orders shows none.
        """
        shown = dict(
            self.db.execute(
                "SELECT date_key, min(date_order) FROM places"
                " WHERE date_order IN ('dmy', 'mdy', 'ymd') GROUP BY date_key"
                " HAVING min(date_order) = max(date_order)"
            ).fetchall()
        )
        before = self.date_orders()
        changed = {key for key in shown.keys() | before.keys() if shown.get(key) != before.get(key)}
        self.db.executemany("DELETE FROM date_orders WHERE key = ?", [(key,) for key in changed])
        self.db.executemany(
            "INSERT INTO date_orders VALUES (?, ?)",
            [(key, shown[key]) for key in changed if key in shown],
        )
        files = set()
        for key in changed:
            rows = self.db.execute(
                "SELECT DISTINCT coalesce(f.container, f.id) FROM places p"
                " JOIN files f ON f.id = p.file"
                " WHERE p.date_key = ? AND p.date_order = 'open'",
                (key,),
            )
            files |= {file for (file,) in rows}
        return sorted(files)

    # Articles

    def live(self, ids: Collection[str]) -> dict[str, LiveArticle]:
        """The articles that the engine holds, among some ids."""
        columns = "SELECT id, place, identity, facts, stored, same_text FROM articles"
        return {row[0]: LiveArticle(*row) for row in self._among(columns, "id", ids)}

    def contents(self, ids: Collection[str]) -> dict[str, tuple[bytes, bytes | None]]:
        """Id -> hashes of what an article says and of its file, of those that the engine holds."""
        rows = self._among(
            "SELECT a.id, p.content, f.digest FROM articles a JOIN places p ON p.id = a.place"
            " JOIN files f ON f.id = p.file",
            "a.id",
            ids,
        )
        return {key: (content, digest) for key, content, digest in rows}

    def save_articles(self, articles: Iterable[LiveArticle]) -> None:
        """Store that the engine holds some articles."""
        values = attrgetter("id", "place", "identity", "facts", "stored", "same_text")
        self.db.executemany(
            "INSERT OR REPLACE INTO articles VALUES (?, ?, ?, ?, ?, ?)", map(values, articles)
        )

    def delete_articles(self, ids: Iterable[str]) -> None:
        """Store that the engine no longer holds some articles."""
        self.db.executemany("DELETE FROM articles WHERE id = ?", [(key,) for key in ids])

    def count_articles(self) -> int:
        """Number of articles that the engine holds."""
        return int(self.db.execute("SELECT count(*) FROM articles").fetchone()[0])

    def count_articles_of(self, files: Iterable[int]) -> int:
        """Number of searched articles in some files on disk, with those in archives."""
        query = (
            "SELECT count(*) FROM places WHERE status = 'indexed' AND file IN"
            " (SELECT ?1 UNION ALL SELECT id FROM files WHERE container = ?1)"
        )
        return sum(self.db.execute(query, (key,)).fetchone()[0] for key in files)

    def count_articles_below(self, root: int) -> int:
        """Number of searched articles of a root."""
        row = self.db.execute(
            "SELECT count(*) FROM places p JOIN files f ON f.id = p.file"
            " WHERE f.root = ? AND p.status = 'indexed'",
            (root,),
        )
        return int(row.fetchone()[0])

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
            " (SELECT coalesce(f.container, f.id) FROM places p JOIN files f ON f.id = p.file"
            " WHERE p.article IN (SELECT id FROM intent))"
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


def is_below(path: str, folder: str) -> bool:
    """Whether a path is that of a folder, or of something in it."""
    return not folder or path == folder or path.startswith(folder + "/")


def _path_decoded(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return (from_db(row[0]), *row[1:]) if type(row[0]) is bytes else row


def _decoded(row: FileRow) -> FileRow:
    row.path = from_db(row.path)
    return row
