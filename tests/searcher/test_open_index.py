"""An index that is opened while a writer is at work on it, or was."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from newsidx.app import NOT_FINISHED, NOTHING_YET, Index
from newsidx.app import opened as module
from newsidx.engines import whoosh
from newsidx.errors import IndexDamaged
from newsidx.index.lock import writer_lock
from newsidx.indexer.run import RunOptions, run
from newsidx.indexer.writing import create_index


@pytest.fixture
def press(tmp_path: Path) -> Path:
    (tmp_path / "press").mkdir()
    (tmp_path / "press/a.txt").write_text("Sea\n\nThe harbour was quiet on Monday.\n")
    return tmp_path / "press"


@pytest.fixture
def index(tmp_path: Path, press: Path) -> Path:
    create_index(tmp_path / "index", "whoosh", "en")
    run(tmp_path / "index", [str(press)], RunOptions(jobs=1))
    return tmp_path / "index"


def rebuild(index: Path) -> None:
    run(index, [], RunOptions(jobs=1, rebuild=True, reread=True))


def test_a_reader_that_has_the_manifest_follows_a_rebuild(index: Path, press: Path) -> None:
    with Index(index) as opened:
        (press / "b.txt").write_text("Wind\n\nThe harbour was loud on Tuesday.\n")
        rebuild(index)
        assert not (index / "engine/whoosh-1").exists()
        page = opened.search("harbour")
        assert (page.total, page.index.articles, page.warnings) == (2, 2, ())


def test_a_reader_that_has_the_engine_answers_as_before_a_rebuild(index: Path, press: Path) -> None:
    with Index(index) as opened:
        assert opened.engine.statistics().articles == 1
        (press / "b.txt").write_text("Wind\n\nThe harbour was loud on Tuesday.\n")
        rebuild(index)
        page = opened.search("harbour")
        assert (page.total, page.index.articles, page.warnings) == (1, 1, ())
        assert page.hits[0].article.title == "Sea"


def test_a_reader_tries_again_while_a_commit_is_under_way(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PAUSE", 0)
    tries = []

    def flaky(directory: Path, language: str) -> object:
        tries.append(directory)
        if len(tries) < 3:
            raise IndexDamaged("a file is gone")
        return opening(directory, language)

    opening = whoosh.open
    monkeypatch.setattr(whoosh, "open", flaky)
    with Index(index) as opened:
        assert opened.search("harbour").total == 1
    assert len(tries) == 3


def test_an_engine_that_stays_away_is_damage(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAUSE", 0)
    shutil.rmtree(index / "engine")
    with Index(index) as opened, pytest.raises(IndexDamaged, match="can't be read"):
        opened.search("harbour")


def test_an_index_that_is_as_its_last_run_left_it_warns_of_nothing(index: Path) -> None:
    with Index(index) as opened:
        assert opened.search("harbour").warnings == ()


def test_what_is_known_of_the_query_is_among_the_warnings(index: Path) -> None:
    with Index(index) as opened:
        (warning,) = opened.search("the harbour").warnings
    assert warning.startswith("Left out as too common: the")


def test_an_index_that_holds_nothing_yet_says_so(tmp_path: Path) -> None:
    create_index(tmp_path / "empty", "whoosh", "en")
    with Index(tmp_path / "empty") as opened:
        assert opened.search("harbour").warnings == (NOTHING_YET,)


def test_a_run_at_work_is_warned_of(index: Path) -> None:
    with writer_lock(index), Index(index) as opened:
        assert opened.search("harbour").warnings == (NOT_FINISHED,)
