"""A clock that was wrong, or is set back: nothing is missed, and nothing goes wrong."""

from __future__ import annotations

import os
import time

import pytest

from newsidx.indexer import reading
from newsidx.indexer.verify import verify
from tests.indexer.archive import Archive, story

YEARS = 10 * 365 * 24 * 3600
URL = "https://courier.example/2016/11/bridge"


def set_clock(monkeypatch: pytest.MonkeyPatch, ahead: int) -> None:
    """Let the machine's clock be so many seconds wrong."""
    now, now_ns = time.time, time.time_ns
    monkeypatch.setattr(time, "time", lambda: now() + ahead)
    monkeypatch.setattr(time, "time_ns", lambda: now_ns() + ahead * 10**9)
    assert abs(reading.now_ns() - now_ns() - ahead * 10**9) < 60 * 10**9


@pytest.mark.parametrize("ahead", [YEARS, -YEARS])
def test_what_changed_is_read_whatever_the_clock_said_before(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, ahead: int
) -> None:
    archive.write("stays.json", story("Stays", "This one stays."))
    archive.write("changes.json", story("Changes", "This is the first text."))
    archive.write("goes.json", story("Goes", "This one goes."))
    with monkeypatch.context() as patched:
        set_clock(patched, ahead)
        archive.index()
    assert archive.titles() == ["Changes", "Goes", "Stays"]
    (archive.press / "goes.json").unlink()
    archive.write("comes.json", story("Comes", "This one comes."))
    archive.write("changes.json", story("Changes", "This is the other text."))
    archive.index()
    assert archive.titles() == ["Changes", "Comes", "Stays"]
    assert archive.titles("other") == ["Changes"]
    assert archive.titles("first") == []
    assert verify(archive.path).sound
    assert archive.index().unchanged == 3


def test_what_is_dated_in_the_future_is_opened_and_not_read_again(archive: Archive) -> None:
    path = archive.write("a.json", story("Harbour", "The harbour is open."))
    later = time.time() + YEARS
    os.utime(path, (later, later))
    archive.index()
    for _ in range(2):
        report = archive.index()
        assert (report.unchanged, report.added, report.updated) == (1, 0, 0)
    path.write_text(path.read_text().replace("open", "shut"))
    os.utime(path, (later, later))
    archive.index()
    assert archive.titles("shut") == ["Harbour"]


@pytest.mark.parametrize("ahead", [YEARS, -YEARS])
def test_a_later_run_is_later_whatever_the_clock_says(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, ahead: int
) -> None:
    with monkeypatch.context() as patched:
        set_clock(patched, ahead)
        path = archive.write("1.json", story("Bridge", "The first version.", url=URL))
        os.utime(path, (time.time(), time.time()))
        archive.index()
    archive.write("2.json", story("Bridge", "The second version.", url=URL))
    archive.index()
    assert archive.titles("second") == ["Bridge"]
    assert archive.titles("first") == []
    assert archive.outcomes() == {"1.json": "superseded", "2.json": "indexed"}


def test_commits_follow_each_other_whatever_the_clock_says(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, ahead in enumerate((0, YEARS, -YEARS, 0, -1)):
        with monkeypatch.context() as patched:
            set_clock(patched, ahead)
            archive.write(f"{number}.json", story(f"Story {number}", f"This is {number}."))
            archive.index()
        assert len(archive.ids()) == number + 1
        assert verify(archive.path).notes == []
