"""One writer at a time, among real processes: who waits, who gives up, and who takes over."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from newsidx.errors import IndexLocked
from newsidx.index.lock import HOLDER, writer_at_work, writer_lock
from tests.indexer.archive import Archive, story
from tests.processes import environment, finished

HOLD = """
import sys
from pathlib import Path
from newsidx.index.lock import writer_lock
with writer_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    archive = Archive(tmp_path)
    archive.write("a.json", story("Harbour", "The harbour is open."))
    archive.index()
    archive.write("b.json", story("Bridge", "The bridge is closed."))
    return archive


@contextmanager
def holder(index: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the index until its standard input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(index)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_second_writer_fails_at_once_and_names_the_first(archive: Archive) -> None:
    with holder(archive.path) as other:
        for command in (["index", "--json"], ["optimize", "--json"], ["repair", "--json"]):
            done = finished(*command, "--index", archive.path)
            assert done.status == 2
            assert done.json["code"] == "index-locked"
            assert f"process {other.pid} on {socket.gethostname()}" in done.json["message"]
            assert "--wait SECONDS" in done.json["hint"]
    assert archive.titles() == ["Harbour"]


def test_readers_do_not_wait_for_a_writer(archive: Archive) -> None:
    with holder(archive.path):
        assert finished("search", "harbour", "--index", archive.path).status == 0
        assert finished("stats", "--index", archive.path).status == 0
        assert finished("verify", "--index", archive.path).status == 0


def test_a_second_writer_waits_for_the_first_to_end(archive: Archive) -> None:
    with holder(archive.path) as other:
        second = subprocess.Popen(
            [sys.executable, "-m", "newsidx", "index", "--wait", "60", "--jobs", "1", "--index",
             str(archive.path)],
            stderr=subprocess.PIPE,
            env=environment(),
        )  # fmt: skip
        with pytest.raises(subprocess.TimeoutExpired):
            second.wait(1.0)
        assert archive.titles() == ["Harbour"]
        assert other.stdin is not None
        other.stdin.close()
        second.communicate(timeout=60)
    assert second.returncode == 0
    assert archive.titles() == ["Bridge", "Harbour"]


def test_a_wait_that_is_over_is_the_same_error(archive: Archive) -> None:
    with holder(archive.path) as other:
        done = finished("index", "--wait", "0.2", "--index", archive.path)
        assert done.status == 2
        assert f"process {other.pid}" in done.err


def test_what_a_dead_process_held_is_taken_over(archive: Archive) -> None:
    with holder(archive.path) as other:
        assert writer_at_work(archive.path)
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
        assert not writer_at_work(archive.path)
        assert json.loads((archive.path / HOLDER).read_text())["pid"] == other.pid
        done = finished("index", "--jobs", "1", "--index", archive.path)
        assert done.status == 0, done.err
    assert not (archive.path / HOLDER).exists()
    assert archive.titles() == ["Bridge", "Harbour"]


def test_who_is_killed_while_it_waits_holds_nothing(archive: Archive) -> None:
    with holder(archive.path):
        second = subprocess.Popen(
            [sys.executable, "-c", HOLD.replace("]))", "]), 60)"), str(archive.path)],
            env=environment(),
        )
        with pytest.raises(subprocess.TimeoutExpired):
            second.wait(0.5)
        second.kill()
        second.wait()
    with writer_lock(archive.path):
        assert json.loads((archive.path / HOLDER).read_text())["pid"] == os.getpid()


def test_a_holder_on_another_host_is_named_and_its_leftover_is_no_obstacle(tmp_path: Path) -> None:
    elsewhere = json.dumps({"pid": 4711, "host": "newsroom-7"})
    with writer_lock(tmp_path):
        (tmp_path / HOLDER).write_text(elsewhere)
        with pytest.raises(IndexLocked, match="process 4711 on newsroom-7"):
            with writer_lock(tmp_path):
                pass
    (tmp_path / HOLDER).write_text(elsewhere)
    with writer_lock(tmp_path):
        assert json.loads((tmp_path / HOLDER).read_text())["host"] == socket.gethostname()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}', "\xff"])
def test_a_holder_that_makes_no_sense_is_another_process(tmp_path: Path, text: str) -> None:
    with writer_lock(tmp_path):
        (tmp_path / HOLDER).write_bytes(text.encode("latin-1"))
        with pytest.raises(IndexLocked, match="by another process"), writer_lock(tmp_path):
            pass
