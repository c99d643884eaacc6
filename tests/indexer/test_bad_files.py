"""What a folder may hold besides articles: all of it is accounted for, and nothing stops a run."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import shutil
import socket
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from newsidx.app import Index
from newsidx.index import accounts
from newsidx.index.outcomes import REASONS, STATUSES
from newsidx.indexer import extract as extract_module
from newsidx.indexer.extract import extract
from newsidx.indexer.options import RootOptions
from newsidx.indexer.pieces import Job
from tests.indexer.archive import Archive, story

SEA = "The sea was calm on Monday, and the ferries went out again."
WIND = "A strong wind blew over the harbour all through the night."
NOBODY = 65534


def ledger(archive: Archive) -> dict[str, tuple[str, str | None]]:
    """Path -> status and reason, of every file that was found."""
    with Index(archive.path) as index:
        opened = index.ledger()
        found = {row.path: (row.status, row.reason) for row in accounts.outcomes(opened)}
        opened.close()
    for status, reason in found.values():
        assert status in STATUSES
        assert reason is None or reason in REASONS
    return found


def left_out(archive: Archive) -> dict[str, int]:
    """Reason -> how many files were left out for it."""
    with Index(archive.path) as index:
        opened = index.ledger()
        found = dict(opened.db.execute("SELECT reason, sum(files) FROM left_out GROUP BY reason"))
        opened.close()
    return found


def put(archive: Archive, name: str, data: bytes) -> Path:
    path = archive.write(name, "")
    path.write_bytes(data)
    return path


def lines(count: int) -> bytes:
    rows = (story(f"Story {n}", f"{SEA} {n}", id=str(n)) for n in range(count))
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


# Files that are none


def test_pipes_and_sockets_are_counted_and_never_opened(archive: Archive) -> None:
    archive.write("a.json", story("Sea", SEA))
    os.mkfifo(archive.press / "pipe.json")
    # The name of a socket may have no more than a hundred bytes, wherever the folder is.
    with socket.socket(socket.AF_UNIX) as listening, _working_in(archive.press):
        listening.bind("socket.json")
        archive.index()
    assert archive.titles() == ["Sea"]
    assert left_out(archive) == {"not-a-file": 2}


def test_links_that_lead_nowhere_round_in_circles_or_out_are_not_followed(
    archive: Archive, tmp_path: Path
) -> None:
    archive.write("a.json", story("Sea", SEA))
    (tmp_path / "else.json").write_text(json.dumps(story("Wind", WIND)))
    for name, target in (
        ("dangling", "nothing"),
        ("loop", "loop"),
        ("there", "back"),
        ("back", "there"),
        ("up", "."),
        ("same.json", "a.json"),
        ("out.json", tmp_path / "else.json"),
        ("etc", "/etc"),
    ):
        (archive.press / name).symlink_to(target)
    archive.index()
    assert archive.titles() == ["Sea"]
    assert left_out(archive) == {"link": 6, "outside-root": 2}


@pytest.mark.skipif(sys.platform == "darwin", reason="its file systems take UTF-8 only")
def test_names_that_are_not_utf_8_are_names_all_the_same(archive: Archive) -> None:
    name = os.fsdecode(b"Z\xfcrich")
    archive.write(f"{name}/{name}.json", story("Sea", SEA))
    archive.write("Zürich.json", story("Wind", WIND))
    archive.index()
    assert archive.titles() == ["Sea", "Wind"]
    assert archive.index().unchanged == 2
    shutil.rmtree(archive.press / name)
    assert archive.index().removed == 1


def test_folders_and_files_that_may_not_be_read_cost_nothing_else() -> None:
    with _own_folder() as folder:
        archive = Archive(folder)
        archive.write("a.json", story("Sea", SEA))
        archive.write("closed/b.json", story("Wind", WIND))
        archive.write("c.json", story("Rain", WIND + SEA))
        archive.index()  # with everything loaded that another user may not load
        for path in (archive.press / "closed", archive.press / "c.json"):
            path.chmod(0)
        (archive.press / "a.json").write_text(json.dumps(story("Calm", SEA)))
        with _as_nobody(folder):
            report = archive.index()
            assert report.unlisted == 1
            # What is not known to be gone stays.
            assert archive.titles() == ["Calm", "Rain", "Wind"]
        for path in (archive.press / "closed", archive.press / "c.json"):
            path.chmod(0o755)


def test_a_file_that_may_not_be_read_is_unreadable_until_it_may() -> None:
    with _own_folder() as folder:
        archive = Archive(folder)
        archive.write("a.json", story("Sea", SEA))
        archive.index()
        path = archive.write("b.json", story("Wind", WIND))
        path.chmod(0)
        with _as_nobody(folder):
            report = archive.index()
            assert report.failed == 1
            assert ledger(archive)["b.json"] == ("failed", "unreadable")
            path.chmod(0o644)
            archive.index()
            assert archive.titles() == ["Sea", "Wind"]


@contextmanager
def _own_folder() -> Iterator[Path]:
    """A folder that others than the one who runs the tests can reach."""
    folder = Path(tempfile.mkdtemp(prefix="newsidx-test-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def _as_nobody(folder: Path) -> Iterator[None]:
    """Do without the rights of root, who may read everything, where root runs the tests."""
    if os.geteuid() != 0:
        yield
        return
    for path in (folder, *folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    try:
        os.seteuid(NOBODY)
    except OSError:
        pytest.skip("root runs the tests and may not become anybody else")
    try:
        if os.access(folder / "press", os.W_OK, effective_ids=True):
            yield
        else:
            pytest.skip("the folder for temporary files is closed to others")
    finally:
        os.seteuid(0)


@contextmanager
def _working_in(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


# Files that are not what they were


def after_the_digest(
    monkeypatch: pytest.MonkeyPatch, change: Callable[[], object], *, held: bool
) -> None:
    """Have something happen to a file between two looks at it.

    Args:
        held: Whether it is small enough to be held in memory from the first look on.
    """
    look = extract_module._digest_and_bytes

    def look_then_change(location: str, size: int) -> tuple[bytes, bytes | None]:
        found = look(location, size)
        change()
        return found

    monkeypatch.setattr(extract_module, "MAX_HELD", extract_module.MAX_HELD if held else -1)
    monkeypatch.setattr(extract_module, "_digest_and_bytes", look_then_change)


def test_a_file_that_goes_before_it_is_opened_has_vanished(tmp_path: Path) -> None:
    (piece,) = extract(Job(str(tmp_path), "gone.json", "press", RootOptions()))
    assert (piece.reason, piece.seen, piece.last) == ("vanished", None, True)


@pytest.mark.parametrize("held", [True, False])
@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.mbox", "a.sgm", "a.zip"])
def test_a_file_that_changes_while_it_is_read_has_vanished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, held: bool
) -> None:
    path = tmp_path / name
    path.write_bytes(SOUND[name]())

    def write() -> None:
        with path.open("ab") as file:
            file.write(b"\n")

    after_the_digest(monkeypatch, write, held=held)
    *_, last = extract(Job(str(tmp_path), name, "press", RootOptions()))
    assert (last.reason, last.items, last.last) == ("vanished", [], True)


@pytest.mark.parametrize("held", [True, False])
@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.csv", "a.txt", "a.mbox", "a.zip"])
def test_a_file_that_goes_between_two_looks_at_it_has_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, held: bool
) -> None:
    path = tmp_path / name
    path.write_bytes(SOUND[name]())
    after_the_digest(monkeypatch, path.unlink, held=held)
    *_, last = extract(Job(str(tmp_path), name, "press", RootOptions()))
    assert last.reason in ("vanished", "unreadable")
    assert last.last


@pytest.mark.parametrize("held", [True, False])
def test_a_file_that_shrinks_while_it_is_read_is_read_again(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, held: bool
) -> None:
    path = put(archive, "a.jsonl", lines(5))
    after_the_digest(monkeypatch, lambda: os.truncate(path, 100), held=held)
    archive.index()
    monkeypatch.undo()
    assert ledger(archive)["a.jsonl"] == ("failed", "vanished")
    path.write_bytes(lines(5))
    archive.index()
    assert len(archive.ids()) == 5


# Files that are damaged


def _zipped(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


SOUND: dict[str, Callable[[], bytes]] = {
    "a.jsonl": lambda: lines(5),
    "a.json": lambda: json.dumps(story("Sea", SEA)).encode(),
    "a.csv": lambda: b"title,text\n" + b"".join(f"T{n},{n} {WIND}\n".encode() for n in range(5)),
    "a.txt": lambda: SEA.encode(),
    "a.mbox": lambda: b"".join(
        f"From a 08:00 2016\nFrom: Jane\nSubject: Sea {n}\n\n{SEA} {n}\n\n".encode()
        for n in range(5)
    ),
    "a.sgm": lambda: b"".join(
        f"<DOC><DOCNO>{n}</DOCNO><TEXT>{SEA} {n}</TEXT></DOC>\n".encode() for n in range(5)
    ),
    "a.zip": lambda: _zipped({f"{n}.txt": f"{SEA} {n}".encode() for n in range(5)}),
}


def test_articles_before_a_damage_are_searched_and_the_damage_is_a_bad_record(
    archive: Archive,
) -> None:
    chance = random.Random(1)
    rows = [story(f"Story {n}", f"{SEA} {chance.randbytes(900).hex()}") for n in range(200)]
    data = gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode())
    put(archive, "a.jsonl.gz", data[: len(data) * 3 // 4])
    report = archive.index()
    (problem,) = report.problems
    assert (problem.reason, problem.position) == ("malformed", report.added + 1)
    assert "end too early" in problem.detail
    assert 100 <= report.added < 200
    assert ledger(archive)["a.jsonl.gz"] == ("indexed", None)


@pytest.mark.parametrize("name", SOUND)
def test_a_file_cut_at_every_eighth_ends_in_articles_and_reasons(tmp_path: Path, name: str) -> None:
    whole = SOUND[name]()
    for eighth in range(8):
        (tmp_path / name).write_bytes(whole[: len(whole) * eighth // 8])
        pieces = list(extract(Job(str(tmp_path), name, "press", RootOptions())))
        reasons = {piece.reason for piece in pieces} | {b.reason for p in pieces for b in p.bad}
        assert reasons - {None} <= REASONS.keys() - {"internal"}
        assert pieces[-1].articles or pieces[-1].reason or any(p.bad for p in pieces)


# Files made to do harm


@pytest.fixture
def hostile(archive: Archive) -> Archive:
    """An archive of what was made to hang, fill or crash whatever opens it."""
    laughs = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    prologue = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "ha">{laughs}]>'
    bomb = f"{prologue}<nitf><body>&l9;</body></nitf>"
    put(archive, "bomb.xml", bomb.encode())
    put(archive, "bomb.rss", bomb.replace("<nitf>", "<rss>").encode())
    put(archive, "bomb.jsonl.gz", gzip.compress(bytes(64 * 1024 * 1024)))
    inner = {"a.json": json.dumps(story("In a zip", WIND)).encode()}
    nested = _zipped(inner)
    for _ in range(6):
        nested = _zipped({"inner.zip": nested})
    put(archive, "nested.zip", nested)
    put(archive, "deep.json", b"[" * 1_000_000)
    put(archive, "deep.jsonl", b'{"a":' * 100_000 + b"\n")
    put(archive, "deep.html", b"<html><body>" + b"<div>" * 20_000)
    put(archive, "front.md", b"---\na: &a [x]\nb: &b [*a, *a]\n" + b"c: [*b, *b]\n---\n\nText.\n")
    with (archive.press / "zeros.txt").open("wb") as file:
        file.truncate(64 * 1024 * 1024)
    archive.write("sound.json", story("Sea", SEA))
    return archive


def test_files_made_to_do_harm_do_none(hostile: Archive) -> None:
    hostile.index()
    found = ledger(hostile)
    assert found.pop("sound.json") == ("indexed", None)
    assert found.pop("front.md") == ("indexed", None)
    assert found.pop("deep.html")[1] != "internal"
    assert {path: reason for path, (_, reason) in found.items() if "!/" not in path} == {
        "bomb.xml": None,  # its entities stand in it as they are written
        "bomb.rss": "malformed",
        "bomb.jsonl.gz": "unknown-format",
        "nested.zip": "no-article",
        "deep.json": "malformed",
        "deep.jsonl": "malformed",
        "zeros.txt": "unknown-format",
    }
    assert "too-large" in {reason for path, (_, reason) in found.items() if "!/" in path}
    assert "Sea" in hostile.titles()


def test_workers_take_them_as_well(hostile: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(50):
        hostile.write(f"{number}.txt", f"{SEA} {number}")
    report = hostile.index(jobs=2)
    assert not [problem for problem in report.problems if problem.reason == "internal"]
    assert report.added >= 51


# Real ones


@pytest.mark.parametrize("folder", ["json_test_suite", "blns", "warc_samples"])
def test_collections_of_bad_files_end_in_articles_and_reasons(data: Path, folder: str) -> None:
    base = data / folder
    for path in sorted(path for path in base.rglob("*") if path.is_file()):
        name = str(path.relative_to(base))
        pieces: list[Any] = list(extract(Job(str(base), name, folder, RootOptions())))
        reasons = {p.reason for p in pieces} | {bad.reason for p in pieces for bad in p.bad}
        assert reasons - {None} <= REASONS.keys() - {"internal"}, path
        assert pieces[-1].last


def test_an_article_with_a_tag_of_no_word_is_indexed(archive: Archive) -> None:
    archive.write("a.json", {"title": "Bridge", "text": "It is shut.", "tags": [":"]})
    archive.index()
    assert archive.titles("shut") == ["Bridge"]
