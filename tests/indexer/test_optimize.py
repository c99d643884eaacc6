"""newsidx optimize: one segment, nothing deleted, the same answers."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from newsidx.app import Index
from newsidx.engines.whoosh import writer
from newsidx.errors import Refused
from newsidx.indexer import optimize as module
from newsidx.indexer.optimize import optimize
from newsidx.indexer.verify import verify
from tests.indexer.archive import Archive, story


@pytest.fixture
def filled(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """Five articles in three segments, one deleted."""
    for batch in range(3):
        for number in range(2):
            name = f"{batch}-{number}"
            archive.write(f"{name}.json", story(f"Story {name}", f"This is story {name}."))
        archive.index()
    (archive.press / "1-0.json").unlink()
    with monkeypatch.context() as patched:
        patched.setattr(writer, "to_merge", lambda *_: [])
        archive.index()
    return archive


def test_it_becomes_one_segment_without_what_is_deleted(filled: Archive) -> None:
    ids, state = filled.ids("story"), filled.state
    done = optimize(filled.path)
    assert (done.articles, done.segments, done.deleted) == (5, (3, 1), (1, 0))
    assert done.size[1] < done.size[0]
    with Index(filled.path) as index:
        assert index.engine.segments() == (1, 0)
        assert index.engine.statistics().articles == 5
        assert index.warnings == ()
    assert (filled.ids("story"), filled.state) == (ids, state)
    assert verify(filled.path).sound


def test_what_is_optimized_already_is_left_alone(filled: Archive) -> None:
    optimize(filled.path)
    before = {path: path.stat().st_mtime_ns for path in (filled.path / "engine").rglob("*")}
    done = optimize(filled.path)
    assert done.segments == (1, 1)
    after = {path: path.stat().st_mtime_ns for path in (filled.path / "engine").rglob("*")}
    assert after == before


def test_an_empty_index_can_be_optimized(archive: Archive) -> None:
    assert optimize(archive.path).segments == (0, 0)


def test_a_single_segment_loses_what_is_deleted_in_it(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "to_merge", lambda *_: [])
    for number in range(3):
        archive.write(f"{number}.json", story(f"Story {number}", f"This is story {number}."))
    archive.index()
    (archive.press / "0.json").unlink()
    archive.index()
    done = optimize(archive.path)
    assert (done.segments, done.deleted) == ((1, 1), (1, 0))


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_it_does_not_begin_where_there_is_no_room(
    filled: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = sorted(filled.path.rglob("*"))
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: Usage(10**9, 10**9, 1000))
    with pytest.raises(Refused, match="has 0 MB free, and optimizing may take 16 MB") as caught:
        optimize(filled.path)
    assert caught.value.hint == "Make room first."
    assert sorted(filled.path.rglob("*")) == files


@pytest.mark.parametrize(
    "step",
    [
        "newsidx.engines.whoosh.writer.seal",
        "newsidx.engines.whoosh.writer.write_toc",
        "newsidx.engines.whoosh.writer.clear",
        "newsidx.indexer.writing.Writing.publish",
    ],
)
def test_a_kill_at_any_step_leaves_the_old_or_the_new(
    filled: Archive, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    class Killed(BaseException):
        pass

    def killed(*_: Any, **__: Any) -> None:
        raise Killed

    ids, state = filled.ids("story"), filled.state
    with monkeypatch.context() as patched:
        patched.setattr(step, killed)
        # A kill leaves nobody to tidy up.
        patched.setattr("newsidx.engines.whoosh.writer.WhooshWriter.rollback", lambda _: None)
        with pytest.raises(Killed):
            optimize(filled.path)
    assert filled.ids("story") == ids
    assert verify(filled.path).sound
    filled.index()
    assert (filled.ids("story"), filled.state) == (ids, state)
    named = {path.name.partition(".")[0] for path in (filled.path / "engine/whoosh-1").iterdir()}
    parts = verify(filled.path).segments
    assert len(named) == len(parts) + 1
    assert filled.search("*").warnings == ()
