"""What of the system's news is looked at, and when."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest

from newsidx.indexer import watch as watching
from newsidx.indexer.changes import Pending, Scope, concerned
from newsidx.indexer.run import RunOptions
from newsidx.indexer.watch import News
from tests.indexer.archive import Archive


def looked_at(path: str, scope: str = "/press", index: str = "/press/own") -> list[str]:
    return list(concerned(path, [Scope(scope)], index))


def test_hidden_files_version_control_and_the_index_are_no_news() -> None:
    assert looked_at("/press/a.txt") == ["/press/a.txt"]
    assert looked_at("/press") == ["/press"]
    for path in ("/press/.a.swp", "/press/.git/index", "/press/CVS/Root", "/press/a/.b/c.txt"):
        assert looked_at(path) == []
    assert looked_at("/press/own/manifest.json") == []
    assert looked_at("/pressed/a.txt") == []
    assert looked_at("/home/.press/a.txt", "/home/.press") == ["/home/.press/a.txt"]


def test_a_rule_that_changes_concerns_its_whole_folder() -> None:
    assert looked_at("/press/a/.newsidxignore") == ["/press/a"]
    assert looked_at("/press/.newsidxignore") == ["/press"]


def test_a_saved_page_concerns_the_folder_of_its_parts(tmp_path: Path) -> None:
    (tmp_path / "page_files").mkdir()
    page, other = str(tmp_path / "page.html"), str(tmp_path / "other.html")
    assert looked_at(page, str(tmp_path)) == [page, str(tmp_path / "page_files")]
    assert looked_at(other, str(tmp_path)) == [other]


def test_a_file_that_is_there_is_looked_at_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.touch()
    pending = Pending()
    pending.add([str(path)], 100.0)
    assert pending.take(100.0) == {str(path)}
    assert pending.take(100.0) == set()


def test_what_is_gone_holds_up_the_rest_until_it_is_known_where_it_went(tmp_path: Path) -> None:
    there, gone = tmp_path / "there", tmp_path / "gone"
    there.touch()
    pending = Pending()
    pending.add([str(there), str(gone)], 100.0)
    assert pending.take(100.1) == set()
    assert pending.take(101.0) == {str(there), str(gone)}


def test_nothing_is_held_up_for_long_by_what_keeps_going(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.touch()
    pending = Pending()
    pending.add([str(there)], 100.0)
    for tenth in range(39):
        pending.add([str(tmp_path / f"gone{tenth}")], 100.0 + tenth / 10)
        assert pending.take(100.0 + tenth / 10) == set()
    pending.add([str(tmp_path / "last")], 104.0)
    assert str(there) in pending.take(104.0)


def test_a_file_that_is_being_written_is_read_less_and_less_often(tmp_path: Path) -> None:
    path = str(tmp_path / "growing")
    Path(path).touch()
    pending = Pending()
    reads = []
    for tenth in range(3000):
        now = 100.0 + tenth / 10
        pending.add([path], now)
        if pending.take(now):
            reads.append(now)
    pauses = [after - before for before, after in zip(reads, reads[1:], strict=False)]
    assert pauses == sorted(pauses)
    assert pauses[0] < 2
    assert 25 < pauses[-1] < 35
    pending.add([path], 1000.0)
    assert pending.take(1000.0) == {path}
    assert len(pending.recent) == 1


def test_a_flood_is_looked_at_as_a_whole(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "MANY", 3)
    told: list[News] = []
    archive.index()
    watch = watching._Watch(archive.path, [], RunOptions(), told.append, Event())
    for number in range(9):
        archive.write(f"{number}.txt", f"Number {number} was drawn in the lottery.")
    # The system could not keep up, and told of four.
    watch._note({str(archive.press / f"{number}.txt") for number in range(4)}, 0.0)
    watch._look()
    assert [(news.event, news.report and news.report.added) for news in told] == [("batch", 9)]


def test_what_fails_is_tried_again(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[News] = []
    archive.index()
    watch = watching._Watch(archive.path, [], RunOptions(), told.append, Event())
    path = str(archive.write("a.txt", "A story that could not be kept at first."))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(watching, "run", full)
        watch._attempt("batch", {path})
        watch._attempt("batch", {path})
    assert [news.hint for news in told] == [
        "It is tried again in 5 seconds.",
        "It is tried again in 10 seconds.",
    ]
    assert set(watch.pending.due) == {path}
    watch._attempt("batch", {path})
    assert told[-1].report
    assert told[-1].report.added == 1
