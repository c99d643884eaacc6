"""The ledger as a file: what a kill leaves, older and newer versions, who else reads it."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from newsidx.errors import IndexDamaged, IndexNotWritten, IndexVersionError
from newsidx.index import database
from newsidx.index import ledger as module
from newsidx.index.ledger import Ledger
from newsidx.index.rows import Root
from newsidx.index.tables import VERSION
from tests.processes import environment


def cut_off(folder: Path) -> Path:
    """A ledger as a kill in the middle of a transaction leaves it: pages written, a journal."""
    folder.mkdir()
    live = Ledger(folder / "live.db", writable=True)
    live.save_root(Root(0, "kept", "/kept"))
    live.db.execute("PRAGMA cache_size = 1")
    live.db.execute("BEGIN IMMEDIATE")
    for number in range(300):
        live.set_meta(f"key {number}", "x" * 1000)
    for suffix in ("", "-journal"):
        shutil.copy(folder / f"live.db{suffix}", folder / f"ledger.db{suffix}")
    live.db.execute("ROLLBACK")
    live.close()
    return folder / "ledger.db"


def test_a_ledger_that_a_kill_left_in_a_transaction_is_read_as_it_was_before(
    tmp_path: Path,
) -> None:
    path = cut_off(tmp_path / "index")
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        sqlite3.connect(f"file:{path}?mode=ro", uri=True).execute("SELECT * FROM roots")
    ledger = Ledger(path)
    assert [root.label for root in ledger.roots()] == ["kept"]
    assert ledger.meta("key 1") is None
    ledger.close()


def test_a_journal_that_says_nothing_is_removed_and_one_that_undoes_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Where SQLite does not wait for the disk, it signs a journal as it begins it.
    monkeypatch.setattr(module, "SYNCHRONOUS", database.SYNCHRONOUS)
    path = tmp_path / "ledger.db"
    live = Ledger(path, writable=True)
    live.db.execute("BEGIN IMMEDIATE")
    live.set_meta("key", "value")
    journal = tmp_path / "ledger.db-journal"
    kept = tmp_path / "kept"
    shutil.copy(journal, kept)
    live.db.execute("ROLLBACK")
    live.close()
    assert kept.read_bytes()[:1] == b"\0"
    kept.rename(journal)
    database.clear_journal(path)
    assert not journal.exists()
    database.clear_journal(path)
    hot = cut_off(tmp_path / "index")
    database.clear_journal(hot)
    assert hot.with_name("ledger.db-journal").exists()
    ledger = Ledger(hot)
    assert ledger.meta("key 1") is None
    ledger.close()


def test_a_writer_waits_for_the_disk_and_for_the_folder_after_each_transaction(
    tmp_path: Path,
) -> None:
    program = (
        "import sys; from pathlib import Path; from newsidx.index.ledger import Ledger;"
        " db = Ledger(Path(sys.argv[1]), writable=True).db;"
        " print(*db.execute('PRAGMA synchronous').fetchone(),"
        " *db.execute('PRAGMA journal_mode').fetchone())"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "ledger.db")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment())
    assert done.stdout.split() == ["3", "delete"]  # 3 is EXTRA


def test_an_older_ledger_is_migrated_by_a_writer_and_refused_by_a_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ledger.db"
    old = Ledger(path, writable=True)
    old.save_root(Root(0, "press", "/press"))
    old.close()
    monkeypatch.setattr(module, "VERSION", VERSION + 2)
    steps = {
        VERSION: "CREATE TABLE one (a);\nINSERT INTO one VALUES (1)",
        VERSION + 1: "ALTER TABLE one ADD COLUMN b",
    }
    monkeypatch.setattr(module, "MIGRATIONS", {**module.MIGRATIONS, **steps})
    with pytest.raises(IndexVersionError, match="older newsidx") as caught:
        Ledger(path)
    assert caught.value.hint == "Bring it up to date with: newsidx index"
    ledger = Ledger(path, writable=True)
    assert [root.label for root in ledger.roots()] == ["press"]
    assert ledger.db.execute("SELECT a, b FROM one").fetchall() == [(1, None)]
    ledger.close()
    again = Ledger(path)
    assert again.db.execute("PRAGMA user_version").fetchone() == (VERSION + 2,)
    again.close()


def test_a_migration_that_fails_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ledger.db"
    Ledger(path, writable=True).close()
    with monkeypatch.context() as patched:
        patched.setattr(module, "VERSION", VERSION + 1)
        steps = {VERSION: "CREATE TABLE one (a);\nCREATE TABLE roots (a)"}
        patched.setattr(module, "MIGRATIONS", {**module.MIGRATIONS, **steps})
        with pytest.raises(IndexDamaged):
            Ledger(path, writable=True)
    ledger = Ledger(path)
    assert ledger.db.execute("SELECT * FROM sqlite_master WHERE name = 'one'").fetchall() == []
    ledger.close()


def test_a_newer_ledger_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    ledger = Ledger(path, writable=True)
    ledger.db.execute(f"PRAGMA user_version = {VERSION + 1}")
    ledger.close()
    for writable in (False, True):
        with pytest.raises(IndexVersionError, match="made by a newer newsidx"):
            Ledger(path, writable=writable)


def test_a_ledger_that_somebody_reads_without_end_is_a_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from newsidx.index.failures import explaining

    monkeypatch.setattr(database, "_PATIENCE", 0.05)
    ledger = Ledger(tmp_path / "ledger.db", writable=True)
    reader = Ledger(tmp_path / "ledger.db")
    reader.db.execute("BEGIN")
    reader.roots()
    with pytest.raises(IndexNotWritten, match="being read by another process"):
        with explaining(tmp_path), ledger.transaction():
            ledger.save_root(Root(0, "press", "/press"))
    reader.close()
    assert ledger.roots() == []
    ledger.close()
