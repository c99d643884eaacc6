"""A file with many articles is read and committed in pieces, and nobody can tell."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from newsidx.index.rows import Root
from newsidx.indexer import extract as extract_module
from newsidx.indexer import parts
from newsidx.indexer.commit import Committer
from newsidx.indexer.crew import Crew
from newsidx.indexer.pieces import Part
from newsidx.indexer.worker import Read
from newsidx.indexer.workers import extract_all
from newsidx.indexer.writing import writing
from tests.indexer.archive import Archive, story

SEA = "The sea was calm on Monday, and the ferries went out again."


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extract_module, "PIECE_RECORDS", 3)
    monkeypatch.setattr(parts, "PART_ARTICLES", 4)


def lines(numbers: range, **fields: Any) -> str:
    rows = [story(f"Story {n}", f"{SEA} {n}", id=f"{n}", **fields) for n in numbers]
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_a_file_in_pieces_gives_the_same_index_as_in_one(
    archive: Archive, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.write("all.jsonl", lines(range(20)))
    archive.index()
    monkeypatch.setattr(extract_module, "PIECE_RECORDS", 1000)
    whole = Archive(tmp_path / "whole")
    whole.write("all.jsonl", lines(range(20)))
    whole.index()
    assert len(archive.ids()) == 20
    assert archive.ids() == whole.ids()
    assert archive.state == whole.state


def test_a_file_that_changed_keeps_what_it_had_until_it_is_read_to_its_end(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.write("all.jsonl", lines(range(20)))
    archive.index()
    kept = archive.ids()
    archive.write("all.jsonl", lines(range(10, 30)))
    totals = []
    apply = Committer.apply

    def watched(self: Committer, *args: Any) -> None:
        totals.append(len(archive.ids()))
        apply(self, *args)

    monkeypatch.setattr(Committer, "apply", watched)
    report = archive.index()
    assert len(totals) >= 4
    assert min(totals) >= 20
    assert (report.added, report.removed) == (10, 10)
    assert len(archive.ids() & kept) == 10
    assert len(archive.ids()) == 20


def test_a_new_text_wins_over_the_old_one_while_both_are_known(archive: Archive) -> None:
    archive.write("all.jsonl", lines(range(20), source="Courier"))
    archive.index()
    kept = archive.ids()
    archive.write("all.jsonl", lines(range(20), source="Ledger"))
    report = archive.index()
    assert (report.added, report.updated, report.removed) == (0, 20, 0)
    assert archive.ids() == kept
    assert archive.ids("source:ledger") == kept


def test_a_run_killed_between_two_pieces_is_completed_by_the_next(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.write("all.jsonl", lines(range(20)))
    apply = Committer.apply
    calls = []

    def killed(self: Committer, *args: Any) -> None:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        apply(self, *args)

    with monkeypatch.context() as patched:
        patched.setattr(Committer, "apply", killed)
        with pytest.raises(KeyboardInterrupt):
            archive.index()
    assert 0 < len(archive.ids()) < 20
    archive.index()
    assert len(archive.ids()) == 20


def test_what_a_damaged_file_gave_before_the_damage_stays(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "PART_ARTICLES", 100)
    packed = gzip.compress(lines(range(2000)).encode())
    path = archive.write("all.jsonl.gz", "")
    path.write_bytes(packed[: len(packed) // 2])
    report = archive.index()
    assert 100 < len(archive.ids()) < 2000
    (problem,) = report.problems
    assert problem.reason == "malformed"
    assert "what comes behind is lost" in problem.detail


def test_workers_give_the_pieces_of_each_file_in_order(archive: Archive) -> None:
    archive.index()
    for number in range(60):
        archive.write(f"{number:02}.jsonl", lines(range(number * 10, number * 10 + 7)))
    root = Root(0, "press", str(archive.press))
    jobs = [extract_module.job_for(root, f"{number:02}.jsonl") for number in range(60)]
    with writing(archive.path) as index:
        found = list(extract_all(jobs, 2, 0, index.recipe(1 << 20), Crew(), lambda: None))
        index.clear_building()
    pieces = [message for _, message in found if isinstance(message, Read)]
    # Workers are processes of their own, in which pieces have their usual size.
    assert sum(len(read.piece.items) for read in pieces) == 420
    assert sorted(read.job for read in pieces if read.piece.ends_job) == list(range(60))
    for stream in (0, 1):
        own = [message for at, message in found if at == stream]
        assert isinstance(own[-1], Part)
        jobs_of_stream = [message.job for message in own if isinstance(message, Read)]
        assert jobs_of_stream == sorted(jobs_of_stream)


def test_large_files_are_dealt_out_one_by_one(archive: Archive) -> None:
    archive.index()
    for number in range(2):
        archive.write(f"{number}.jsonl", lines(range(number * 3000, number * 3000 + 3000)))
    root = Root(0, "press", str(archive.press))
    jobs = [extract_module.job_for(root, f"{number}.jsonl") for number in range(2)]
    with writing(archive.path) as index:
        recipe = index.recipe(1 << 20)
        found = list(extract_all(jobs, 2, 2_000_000, recipe, Crew(), lambda: None))
        index.clear_building()
    streams = {(at, message.job) for at, message in found if isinstance(message, Read)}
    assert streams == {(0, 0), (1, 1)}


def test_what_takes_long_is_committed_before_a_part_is_full(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "PART_ARTICLES", 1000)
    monkeypatch.setattr(parts, "PART_SECONDS", 0)
    archive.write("all.jsonl", lines(range(20)))
    totals = []
    apply = Committer.apply

    def watched(self: Committer, *args: Any) -> None:
        apply(self, *args)
        totals.append(len(archive.ids()))

    monkeypatch.setattr(Committer, "apply", watched)
    archive.index()
    assert len(totals) > 1
    assert 0 < totals[0] < totals[-1] == 20
