"""Runs on the parts of a root that changed, and runs on which nothing did."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.app import Index
from newsidx.errors import Refused
from newsidx.index.accounts import outcomes
from newsidx.index.ledger import Ledger
from tests.indexer.archive import Archive

NAMES = ["a.txt", "a/b.txt", "a/c.txt", "a/d/e.txt", "a0.txt", ".hidden.txt", "a/.hid.txt"]
NAMES += ["ignored/f.txt", "a/note.log", "page.html", "page_files/p.txt", "caf\udce9/g.txt"]


def text(name: str, version: int = 0) -> str:
    shown = name.encode("ascii", "replace").decode()
    return f"The story of {shown} was told for the {version}th time on Monday.\n"


def account(archive: Archive) -> list[tuple[str, str, str | None, int]]:
    """What the ledger says of every file and of what was left out."""
    with Index(archive.path) as index:
        ledger = index.ledger()
        rows = [(row.path, row.status, row.reason, row.files) for row in outcomes(ledger)]
        ledger.close()
    return [row for row in rows if row[3]]


def test_a_run_that_changes_nothing_writes_nothing(archive: Archive) -> None:
    archive.write("a.txt", text("a"))
    archive.write(".hidden", "nothing")
    archive.index()
    before = {
        path: (path.stat().st_ino, path.stat().st_mtime_ns, path.read_bytes())
        for path in archive.path.rglob("*")
        if path.is_file() and path.name != "lock"
    }
    assert archive.index().unchanged == 1
    assert before == {
        path: (path.stat().st_ino, path.stat().st_mtime_ns, path.read_bytes())
        for path in archive.path.rglob("*")
        if path.is_file() and path.name != "lock"
    }


def test_a_part_is_judged_and_the_rest_is_not_looked_at(archive: Archive) -> None:
    for name in ("a.txt", "a/b.txt", "b.txt"):
        archive.write(name, text(name))
    archive.index()
    for name in ("a.txt", "a/b.txt"):
        (archive.press / name).unlink()
    archive.write("b.txt", text("b", 2))
    report = archive.index(archive.press / "a.txt", archive.press / "c", gone=True)
    assert (report.files_removed, report.read, report.seen) == (1, 0, 0)
    assert sorted(archive.outcomes()) == ["a/b.txt", "b.txt"]
    assert archive.index(archive.press / "a", gone=True).files_removed == 1


def test_paths_in_no_root_are_passed_over(archive: Archive, tmp_path: Path) -> None:
    archive.write("a.txt", text("a"))
    archive.index()
    report = archive.index(tmp_path / "elsewhere/b.txt", gone=True)
    assert (report.read, report.roots) == (0, [])


def test_a_move_between_parts_keeps_its_ids(archive: Archive) -> None:
    archive.write("a.txt", text("a"))
    archive.index()
    before = archive.ids()
    (archive.press / "new").mkdir()
    (archive.press / "a.txt").rename(archive.press / "new/b.txt")
    report = archive.index(archive.press / "a.txt", archive.press / "new", gone=True)
    assert (report.moved, report.removed) == (1, 0)
    assert archive.ids() == before


def test_parts_may_not_remove_too_much_either(archive: Archive) -> None:
    for number in range(60):
        archive.write(f"a/{number}.txt", text(str(number)))
    archive.index()
    shutil.rmtree(archive.press / "a")
    with pytest.raises(Refused):
        archive.index(archive.press / "a", gone=True)
    assert archive.index(archive.press / "a", gone=True, prune=True).removed == 60


def test_what_is_left_out_is_counted_the_same_by_parts(archive: Archive) -> None:
    for name in ("a/.x", "a/.y", "a/b.txt", "a/.git/config"):
        archive.write(name, text(name))
    archive.index()
    archive.write("a/.z", text("z"))
    archive.write("a/b.txt", text("b", 2))
    archive.index(archive.press / "a/b.txt", gone=True)
    assert ("a", "excluded", "hidden", 3) in account(archive)
    assert ("a/.git", "excluded", "version-control", 1) in account(archive)


@settings(max_examples=15)
@given(
    st.lists(st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 3)), max_size=6), max_size=4)
)
def test_runs_on_what_changed_end_as_a_run_on_everything(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[tuple[str, int]]]
) -> None:
    archive = Archive(tmp_path_factory.mktemp("parts"))
    archive.write(".newsidxignore", "ignored/\n*.log\n")
    archive.write("z.txt", text("z"))
    archive.index()
    for batch in batches:
        for name, version in batch:
            path = archive.press / name
            if version:
                archive.write(name, text(name, version))
            elif path.exists():
                path.unlink()
        touched = {str(archive.press / name) for name, _ in batch}
        touched |= {str(archive.press / "page_files")}  # which follows page.html
        archive.index(*sorted(touched), gone=True, prune=True)
    by_parts = account(archive)
    report = archive.index()
    assert (report.read, report.files_removed, report.moved) == (0, 0, 0)
    assert account(archive) == by_parts


def test_fingerprints_of_parts_are_those_of_their_files(archive: Archive) -> None:
    names = ["a.txt", "a/b.txt", "a/b.txt.txt", "a0.txt", "a-b.txt", "caf\udce9/c.txt", "a/\udce9"]
    for name in names:
        path = archive.press / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text(name))
    archive.index()
    ledger = Ledger(archive.path / "ledger.db")
    root = ledger.roots()[0].id

    def found(*parts: str) -> list[str]:
        return sorted(row[0] for row in ledger.fingerprints(root, parts, 0))

    assert found() == sorted(names)
    assert found("a") == ["a/b.txt", "a/b.txt.txt", "a/\udce9"]
    assert found("a/b.txt") == ["a/b.txt"]
    assert found("caf\udce9", "a.txt") == ["a.txt", "caf\udce9/c.txt"]
    for path, size, mtime, _, inode, *_ in ledger.fingerprints(root, (), 0):
        status = (archive.press / path).stat()
        assert (size, mtime, inode) == (status.st_size, status.st_mtime_ns, status.st_ino)
    ledger.close()
