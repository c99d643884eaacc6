"""What the soak has found, made small."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile

import pytest

from newsidx.app import NOT_FINISHED
from newsidx.index.ledger import Ledger
from newsidx.indexer import parts
from newsidx.indexer.manage import forget_root
from newsidx.indexer.writing import Writing
from tests.indexer.archive import Archive, story
from tests.indexer.test_bad_files import _as_nobody, _own_folder

URL = "https://courier.example/2016/bridge"


@pytest.mark.xfail(reason="reading._fill takes a reading that failed for another content")
def test_a_file_that_could_not_be_read_for_a_while_is_no_newer_for_it() -> None:
    with _own_folder() as folder:
        archive = Archive(folder)
        old = archive.write("a.json", story("Bridge", "The older version.", url=URL))
        archive.write("b.json", story("Bridge shut", "The newer version.", url=URL))
        archive.index()
        assert archive.titles() == ["Bridge shut"]
        state = archive.state
        old.chmod(0)
        with _as_nobody(folder):
            assert archive.index(reread=True).failed == 1
            assert archive.titles() == ["Bridge shut"]
            old.chmod(0o644)
            archive.index()
        assert archive.titles() == ["Bridge shut"]
        assert archive.state == state


@pytest.mark.xfail(reason="Whoosh's clean_files knows nothing of the scratch files of its tables")
@pytest.mark.parametrize("changed", [True, False])
def test_a_table_of_contents_that_never_got_its_name_is_cleared_away(
    archive: Archive, changed: bool
) -> None:
    archive.write("a.json", story("Sea", "The sea was calm."))
    archive.index()
    scratch = archive.path / "engine" / "whoosh-1" / "_MAIN_2.toc.1500000000.25"
    scratch.write_bytes(b"half a table")
    if changed:
        archive.write("b.json", story("Wind", "The wind blew."))
    archive.index()
    assert not scratch.exists()


@pytest.mark.xfail(reason="only purging looks for them")
def test_what_a_killed_process_had_received_in_part_is_cleared_away(archive: Archive) -> None:
    archive.write("a.json", story("Sea", "The sea was calm."))
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    parts = [
        archive.path / "received" / "stdin" / f".{pid}.part" for pid in (dead.pid, os.getpid())
    ]
    for part in parts:
        part.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(b"half a story")
    archive.index()
    assert [part.exists() for part in parts] == [False, True]


class Killed(BaseException):
    """As sudden as a signal: nothing in newsidx catches it."""


def test_the_members_of_an_archive_that_moved_keep_their_ids_when_the_run_was_killed_among_them(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(archive.press / "a.zip", "w") as packed:
        for name in ("Sea", "Wind", "Rain"):
            packed.writestr(f"{name}.json", json.dumps(story(name, f"There is {name}.")))
    archive.index()
    ids, outcomes = archive.ids(), archive.outcomes()
    (archive.press / "a.zip").rename(archive.press / "b.zip")

    def kill(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(Writing, "publish", kill)
        patched.setattr(parts, "PART_ARTICLES", 1)
        archive.index()
    archive.index()
    assert archive.ids() == ids
    assert archive.paths() == [f"b.zip!/{name}.json" for name in ("Rain", "Sea", "Wind")]
    assert archive.outcomes() == {"b.zip": outcomes["a.zip"]}


@pytest.mark.parametrize("killed_again", [False, True])
def test_articles_that_wait_for_the_next_run_are_not_passed_over_in_silence(
    archive: Archive, killed_again: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.write("a.json", story("Sea", "The sea was calm."))
    archive.write("b.json", story("Wind", "The wind blew."))
    for name in ("one", "two"):
        archive.write(f"../{name}/c.json", story(name, f"There is {name}."))
        archive.index(archive.press.parent / name)
    archive.index()
    archive.write("a.json", story("Sea", "The sea was rough."))

    def kill(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(Ledger, "clear_intent", kill)
        archive.index()
    if killed_again:
        # The next writer undoes the commit that was cut off, and goes no further.
        with monkeypatch.context() as patched, pytest.raises(Killed):
            patched.setattr(Writing, "publish", kill)
            forget_root(archive.path, "one")
    # One that reads no file completes nothing.
    forget_root(archive.path, "two")
    assert "Sea" not in archive.titles()
    assert archive.search("*").warnings == (NOT_FINISHED,)
    archive.index()
    assert {"Sea", "Wind"} <= set(archive.titles())
    assert archive.search("*").warnings == ()
