"""Articles from standard input are kept by the index, and stay."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from newsidx.indexer.manage import forget_root
from newsidx.indexer.received import receive
from newsidx.indexer.report import Report
from newsidx.indexer.run import RunOptions, run
from tests.indexer.archive import Archive, story

SEA = "The sea was calm on Monday, and the ferries went out again."
WIND = "A strong wind blew over the harbour all through the night."


def pipe_in(archive: Archive, *stories: Any) -> Report:
    data = "".join(json.dumps(each) + "\n" for each in stories).encode()
    folder = receive(archive.path, io.BytesIO(data), "stdin", ".jsonl")
    return run(archive.path, [str(folder)], RunOptions(roots={"format": "jsonl"}))


def test_what_came_in_stays_when_the_next_batch_comes(archive: Archive) -> None:
    pipe_in(archive, story("Sea", SEA, id="1"))
    report = pipe_in(archive, story("Wind", WIND, id="2"))
    assert (report.added, report.removed) == (1, 0)
    assert archive.titles() == ["Sea", "Wind"]


def test_the_same_batch_is_kept_once(archive: Archive) -> None:
    pipe_in(archive, story("Sea", SEA))
    report = pipe_in(archive, story("Sea", SEA))
    assert (report.seen, report.unchanged) == (1, 1)


def test_a_later_version_supersedes_an_earlier_one(archive: Archive) -> None:
    url = "https://courier.example/2016/sea"
    pipe_in(archive, story("Sea", SEA, url=url))
    pipe_in(archive, story("Sea and wind", WIND, url=url))
    assert archive.titles() == ["Sea and wind"]


def test_an_empty_batch_is_no_file(archive: Archive) -> None:
    pipe_in(archive, story("Sea", SEA))
    report = pipe_in(archive)
    assert report.seen == 1


def test_a_rebuild_has_the_articles_again(archive: Archive) -> None:
    pipe_in(archive, story("Sea", SEA))
    run(archive.path, [], RunOptions(rebuild=True, reread=True))
    assert archive.titles() == ["Sea"]


def test_they_move_with_the_index(archive: Archive, tmp_path: Path) -> None:
    pipe_in(archive, story("Sea", SEA))
    archive.path = archive.path.rename(tmp_path / "elsewhere")
    report = run(archive.path, [], RunOptions())
    assert report.warnings == []
    assert report.unchanged == 1
    pipe_in(archive, story("Wind", WIND))
    assert archive.titles() == ["Sea", "Wind"]


def test_forgetting_their_root_removes_them_from_the_index_directory(archive: Archive) -> None:
    pipe_in(archive, story("Sea", SEA))
    assert forget_root(archive.path, "stdin") == 1
    assert not (archive.path / "received" / "stdin").exists()
