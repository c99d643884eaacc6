"""newsidx watch, as a process of its own on files that come and go."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from newsidx.app import Index
from newsidx.index.ledger import Ledger
from newsidx.index.lock import writer_lock
from newsidx.index.manifest import read_manifest
from tests.processes import environment, finished
from tests.schemas import validate

pytest.importorskip("watchfiles", reason="watching needs newsidx[watch]")

# Machines are shared; only what never comes is waited for this long.
DEADLINE = 60.0


def story(town: str, more: str = "") -> str:
    return f"{town} mends its bridge\n\nThe council of {town} voted to mend the bridge.{more}\n"


class Watcher:
    """A running `newsidx watch --jsonl`."""

    def __init__(self, index: Path, *args: str | Path) -> None:
        self.index = index
        self.out, self.err = (index.parent / f"{id(self)}.{name}" for name in ("out", "err"))
        command = [sys.executable, "-m", "newsidx", "watch", *map(str, args), "--jsonl"]
        with self.out.open("wb") as out, self.err.open("wb") as err:
            self.process = subprocess.Popen(
                [*command, "--index", str(index), "--jobs", "1"],
                stdout=out,
                stderr=err,
                env=environment(),
            )
        self.read = 0

    def news(self) -> list[dict[str, Any]]:
        """The events that nobody has waited for yet."""
        lines = self.out.read_text().split("\n")[:-1]
        return [json.loads(line) for line in lines[self.read :]]

    def event(self, *names: str) -> dict[str, Any]:
        """The next event with one of some names."""
        while True:
            self.until(lambda: bool(self.news()))
            event = self.news()[0]
            validate(event, "watch")
            self.read += 1
            if event["event"] in names:
                return event

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait for what is to become true."""
        deadline = time.monotonic() + DEADLINE
        while not condition():
            assert self.process.poll() is None, self.err.read_text()
            assert time.monotonic() < deadline, self.out.read_text() + self.err.read_text()
            time.sleep(0.05)

    def paths(self) -> list[str]:
        with Index(self.index) as index:
            return sorted(Path(hit.article.path).name for hit in index.search("*", limit=None).hits)

    def ids(self) -> dict[str, str]:
        with Index(self.index) as index:
            hits = index.search("*", limit=None).hits
            return {Path(hit.article.path).name: hit.article.id for hit in hits}

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(DEADLINE)


@pytest.fixture
def press(tmp_path: Path) -> Path:
    folder = tmp_path / "press"
    folder.mkdir()
    (folder / "old.txt").write_text(story("Oldham"))
    return folder


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Watcher]]:
    started: list[Watcher] = []

    def begin(*args: str | Path) -> Watcher:
        started.append(Watcher(tmp_path / "index", *args))
        started[-1].event("ready")
        return started[-1]

    yield begin
    for watcher in started:
        watcher.process.kill()
        watcher.process.wait()


def test_files_that_come_change_and_go_are_followed(
    press: Path, start: Callable[..., Watcher]
) -> None:
    watcher = start(press)
    assert watcher.paths() == ["old.txt"]
    (press / "new").mkdir()
    (press / "new/one.txt").write_text(story("Newtown"))
    batch = watcher.event("batch")
    assert batch["schema"] == "newsidx.watch/1"
    assert batch["articles"]["added"] == 1
    assert batch["files"]["seen"] == 1  # and no look at what did not change
    (press / "old.txt").write_text(story("Oldham", " It had rained."))
    assert watcher.event("batch")["articles"]["updated"] == 1
    (press / "old.txt").unlink()
    assert watcher.event("batch")["articles"]["removed"] == 1
    assert watcher.paths() == ["one.txt"]
    shutil.rmtree(press / "new")
    watcher.until(lambda: watcher.paths() == [])


def test_a_file_that_moves_keeps_its_id(press: Path, start: Callable[..., Watcher]) -> None:
    watcher = start(press)
    before = watcher.ids()["old.txt"]
    (press / "archive").mkdir()
    (press / "old.txt").rename(press / "archive/kept.txt")
    watcher.until(lambda: watcher.paths() == ["kept.txt"])
    assert watcher.ids() == {"kept.txt": before}


def test_the_ways_in_which_editors_save_change_one_article(
    press: Path, start: Callable[..., Watcher]
) -> None:
    watcher = start(press)
    before = watcher.ids()
    path = press / "old.txt"
    # Write beside it and rename over it.
    (press / "old.txt.tmp").write_text(story("Oldham", " Twice."))
    (press / "old.txt.tmp").replace(path)
    assert watcher.event("batch")["articles"]["updated"] == 1
    # As vim does: try the folder, keep the old as a backup, write anew, drop the backup.
    (press / "4913").write_text("")
    (press / "4913").unlink()
    path.rename(press / "old.txt~")
    path.write_text(story("Oldham", " Three times."))
    (press / "old.txt~").unlink()
    assert watcher.event("batch")["articles"]["updated"] == 1
    # As emacs does: a lock that is a link to nowhere, and an autosave.
    (press / ".#old.txt").symlink_to("somebody@somewhere.1234")
    path.write_text(story("Oldham", " Four times."))
    (press / ".#old.txt").unlink()
    assert watcher.event("batch")["articles"]["updated"] == 1
    assert watcher.ids() == before
    report = finished("index", "--json", "--index", watcher.index).json
    assert report["files"]["read"] == report["files"]["removed"] == 0


def test_a_flood_ends_in_the_index_that_a_run_would_give(
    press: Path, start: Callable[..., Watcher], tmp_path: Path
) -> None:
    watcher = start(press)
    for number in range(700):
        folder = press / f"{number % 7}"
        folder.mkdir(exist_ok=True)
        (folder / f"{number}.txt").write_text(f"Number {number} was drawn in the lottery.\n")
    for number in range(0, 700, 5):
        (press / f"{number % 7}/{number}.txt").unlink()
    watcher.until(lambda: read_manifest(watcher.index).articles == 561)
    watcher.until(lambda: read_manifest(watcher.index).finished)
    assert watcher.stop() == 0
    # The folder has the same name, so that the ids are the same.
    plain = tmp_path / "plain"
    finished("index", press, "--index", plain, "-q")
    assert read_manifest(plain).state == read_manifest(watcher.index).state


def test_a_root_that_vanishes_keeps_its_articles_and_is_followed_when_it_is_back(
    press: Path, start: Callable[..., Watcher], tmp_path: Path
) -> None:
    watcher = start(press)
    press.rename(tmp_path / "unmounted")
    assert "is not there" in watcher.event("batch")["warnings"][0]
    assert watcher.paths() == ["old.txt"]
    (tmp_path / "unmounted/while.txt").write_text(story("Whileton"))
    (tmp_path / "unmounted").rename(press)
    watcher.until(lambda: watcher.paths() == ["old.txt", "while.txt"])
    (press / "after.txt").write_text(story("Afterham"))
    watcher.until(lambda: len(watcher.paths()) == 3)


def test_a_removal_of_too_much_is_refused_and_what_is_new_taken_in(
    press: Path, start: Callable[..., Watcher]
) -> None:
    for number in range(60):
        (press / f"{number}.txt").write_text(f"Number {number} was drawn in the lottery.\n")
    watcher = start(press)
    for number in range(60):
        (press / f"{number}.txt").unlink()
    (press / "new.txt").write_text(story("Newtown"))
    refused = watcher.event("refused")
    assert "--prune" in refused["hint"]
    watcher.until(lambda: len(watcher.paths()) == 62)


def test_rules_that_change_are_followed(press: Path, start: Callable[..., Watcher]) -> None:
    (press / "drafts").mkdir()
    (press / "drafts/draft.txt").write_text(story("Draftham"))
    watcher = start(press)
    (press / ".newsidxignore").write_text("drafts/\n")
    watcher.until(lambda: watcher.paths() == ["old.txt"])
    (press / ".newsidxignore").unlink()
    watcher.until(lambda: watcher.paths() == ["draft.txt", "old.txt"])


def test_an_index_inside_its_root_does_not_set_off_runs_for_ever(
    press: Path, start: Callable[..., Watcher], tmp_path: Path
) -> None:
    (tmp_path / "index").symlink_to(press / "own")
    (press / "own").mkdir()
    watcher = start(press)
    (press / "new.txt").write_text(story("Newtown"))
    watcher.event("batch")
    before = read_manifest(watcher.index).generation
    (press / "newer.txt").write_text(story("Newerham"))
    watcher.event("batch")
    time.sleep(2)
    assert read_manifest(watcher.index).generation <= before + 2
    assert watcher.news() == []


def test_it_waits_for_another_writer_and_lets_others_write(
    press: Path, start: Callable[..., Watcher], tmp_path: Path
) -> None:
    watcher = start(press)
    with writer_lock(watcher.index):
        (press / "new.txt").write_text(story("Newtown"))
        assert "being written to" in watcher.event("waiting")["message"]
    watcher.until(lambda: watcher.paths() == ["new.txt", "old.txt"])
    other = tmp_path / "other"
    other.mkdir()
    (other / "guest.txt").write_text(story("Guestham"))
    assert finished("index", other, "--index", watcher.index).status == 0
    assert "guest.txt" in watcher.paths()


def test_without_a_path_all_roots_are_watched_and_those_that_come(
    press: Path, start: Callable[..., Watcher], tmp_path: Path
) -> None:
    alone = tmp_path / "alone.txt"
    alone.write_text(story("Aloneham"))
    finished("index", press, alone, "--index", tmp_path / "index")
    watcher = start()
    alone.write_text(story("Aloneham", " Again."))
    watcher.until(lambda: watcher.event("batch")["articles"]["updated"] == 1)
    later = tmp_path / "later"
    later.mkdir()
    finished("index", later, "--index", watcher.index, "--wait", "60")
    watcher.until(lambda: len(read_manifest(watcher.index).roots) == 3)
    time.sleep(1)
    (later / "late.txt").write_text(story("Lateham"))
    watcher.until(lambda: "late.txt" in watcher.paths())


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_a_signal_ends_it_cleanly(
    press: Path, start: Callable[..., Watcher], number: int, status: int
) -> None:
    watcher = start(press)
    assert watcher.stop(number) == status
    assert "Traceback" not in watcher.err.read_text()
    assert read_manifest(watcher.index).finished
    assert not (watcher.index / "lock.holder").exists()


def test_a_signal_in_the_middle_of_reading_leaves_an_index_that_goes_on(
    press: Path, tmp_path: Path
) -> None:
    for number in range(1000):
        (press / f"{number}.txt").write_text(f"Number {number} was drawn in the lottery.\n")
    index = tmp_path / "index"
    watcher = Watcher(index, press)
    watcher.until((index / "manifest.json").exists)

    def knows_the_root() -> bool:
        ledger = Ledger(index / "ledger.db")
        try:
            return bool(ledger.roots())
        finally:
            ledger.close()

    watcher.until(knows_the_root)
    assert watcher.stop() == 0
    assert "Traceback" not in watcher.err.read_text()
    report = finished("index", "--json", "--index", watcher.index, press).json
    assert report["articles"]["total"] == 1001


def test_without_its_extra_it_says_what_to_install(press: Path, tmp_path: Path) -> None:
    (tmp_path / "watchfiles.py").write_text("raise ImportError")
    env = {"PYTHONPATH": f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
    done = finished("watch", press, "--index", tmp_path / "index", env=env)
    assert done.status == 2
    assert "newsidx[watch]" in done.err
    assert not (tmp_path / "index").exists()


def test_a_path_that_is_not_there_is_an_error_and_makes_no_index(tmp_path: Path) -> None:
    done = finished("watch", tmp_path / "nowhere", "--index", tmp_path / "index")
    assert done.status == 2
    assert "There is no" in done.err
    assert not (tmp_path / "index").exists()


def test_it_ends_with_an_error_when_its_index_is_gone(
    press: Path, start: Callable[..., Watcher]
) -> None:
    watcher = start(press)
    shutil.rmtree(watcher.index)
    (press / "new.txt").write_text(story("Newtown"))
    assert watcher.process.wait(DEADLINE) == 2
    assert "no index" in watcher.err.read_text()


def test_people_get_a_line_for_each_batch_and_nothing_on_standard_output(
    press: Path, tmp_path: Path
) -> None:
    err = tmp_path / "err"
    with err.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "newsidx", "watch", str(press), "--index", tmp_path / "index"],
            stdout=subprocess.PIPE,
            stderr=stream,
            env=environment(),
        )
    deadline = time.monotonic() + DEADLINE
    while "watching; 1 added (1 file read, 1 article in the index)\n" not in err.read_text():
        assert time.monotonic() < deadline, err.read_text()
        time.sleep(0.05)
    (press / "new.txt").write_text(story("Newtown"))
    while "  1 added (1 file read, 2 articles in the index)\n" not in err.read_text():
        assert time.monotonic() < deadline, err.read_text()
        time.sleep(0.05)
    process.terminate()
    assert process.communicate(timeout=DEADLINE)[0] == b""
    assert err.read_text().splitlines()[-1] == "Stopped."
