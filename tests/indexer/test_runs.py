"""One run after the other: what is added, changed, moved and removed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from newsidx.errors import Refused, UsageError
from newsidx.indexer.extract import version_of
from newsidx.indexer.manage import forget_root
from newsidx.indexer.run import RunOptions, run
from newsidx.indexer.writing import create_index
from newsidx.readers.registry import reader_named
from newsidx.text.tokens import TOKEN_VERSION
from tests.indexer.archive import Archive, story

SEA = "The harbour was quiet and the boats stayed in. Nobody went out on Monday."
WIND = "A strong wind blew over the hills. Trees fell on the road to the lighthouse."


def test_a_second_run_opens_nothing(archive: Archive) -> None:
    archive.write("a.json", story("Sea", SEA))
    archive.write("b.json", story("Wind", WIND))
    first = archive.index()
    assert (first.added, first.read) == (2, 2)
    second = archive.index()
    assert (second.added, second.read, second.unchanged) == (0, 0, 2)
    assert second.state == first.state


def test_a_changed_file_is_updated_under_the_same_id(archive: Archive) -> None:
    archive.write("a.json", story("Sea", SEA))
    archive.index()
    before = archive.ids()
    archive.write("a.json", story("Sea", SEA + " A correction was made."))
    report = archive.index()
    assert (report.updated, report.added, report.removed) == (1, 0, 0)
    assert archive.ids() == before
    assert archive.titles("correction") == ["Sea"]


def test_a_file_edited_with_an_older_time_is_seen(archive: Archive) -> None:
    path = archive.write("a.json", story("Sea", SEA))
    archive.index()
    path.write_text('{"title": "Sea", "text": "Entirely new words about lobsters."}')
    os.utime(path, (1_000_000_000, 1_000_000_000))
    archive.index()
    assert archive.titles("lobsters") == ["Sea"]


def test_a_touched_file_is_opened_once_and_not_read(archive: Archive) -> None:
    path = archive.write("a.json", story("Sea", SEA))
    archive.index()
    os.utime(path, (1_600_000_000, 1_600_000_000))
    assert archive.index().unchanged == 1
    assert archive.index().unchanged == 1
    assert archive.titles() == ["Sea"]


def test_a_removed_file_takes_its_articles_with_it(archive: Archive) -> None:
    archive.write("a.json", story("Sea", SEA))
    archive.write("b.json", story("Wind", WIND)).unlink()
    archive.write("b.json", story("Wind", WIND))
    archive.index()
    (archive.press / "b.json").unlink()
    report = archive.index()
    assert (report.removed, report.files_removed) == (1, 1)
    assert archive.titles() == ["Sea"]
    assert archive.outcomes() == {"a.json": "indexed"}


def test_a_renamed_folder_keeps_the_ids_of_its_articles(archive: Archive) -> None:
    archive.write("old/a.json", story("Sea", SEA))
    archive.write("old/b.json", [story("Wind", WIND), story("Rain", "It rained all day long.")])
    archive.index()
    before, state = archive.ids(), archive.state
    (archive.press / "old").rename(archive.press / "new")
    report = archive.index()
    assert (report.moved, report.added, report.removed) == (2, 0, 0)
    assert archive.ids() == before
    assert archive.state == state
    assert archive.paths() == ["new/a.json", "new/b.json", "new/b.json"]


def test_a_new_file_where_a_moved_one_was_has_an_id_of_its_own(archive: Archive) -> None:
    archive.write("a.json", story("Sea", SEA))
    archive.index()
    (archive.press / "a.json").rename(archive.press / "z.json")
    archive.index()
    archive.write("a.json", story("Wind", WIND))
    archive.index()
    assert archive.titles() == ["Sea", "Wind"]


def test_removing_many_articles_needs_prune(archive: Archive) -> None:
    for number in range(60):
        archive.write(f"{number}.json", story(f"Story {number}", f"{SEA} Number {number}."))
    archive.index()
    for number in range(55):
        (archive.press / f"{number}.json").unlink()
    with pytest.raises(Refused, match="55 of its 60 articles"):
        archive.index()
    assert len(archive.ids()) == 60
    assert archive.index(prune=True).removed == 55
    assert len(archive.ids()) == 5


def test_a_root_that_is_gone_loses_nothing(archive: Archive) -> None:
    archive.write("a.json", story("Sea", SEA))
    archive.index()
    archive.press.rename(archive.press.with_name("elsewhere"))
    report = run(archive.path, [], RunOptions())
    assert report.unseen == 1
    assert "is not there" in report.warnings[0]
    assert archive.titles() == ["Sea"]
    assert archive.outcomes() == {"a.json": "unseen"}
    archive.press.with_name("elsewhere").rename(archive.press)
    assert archive.index().unchanged == 1
    assert archive.outcomes() == {"a.json": "indexed"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may list any folder")
def test_a_folder_that_cannot_be_listed_loses_nothing(archive: Archive) -> None:
    archive.write("locked/a.json", story("Sea", SEA))
    archive.index()
    (archive.press / "locked").chmod(0)
    try:
        assert archive.index().unseen == 1
    finally:
        (archive.press / "locked").chmod(0o755)
    assert archive.titles() == ["Sea"]


def test_without_paths_all_roots_are_brought_in_step(archive: Archive, tmp_path: Path) -> None:
    archive.write("a.json", story("Sea", SEA))
    other = tmp_path / "other"
    other.mkdir()
    archive.index(archive.press, other)
    shutil.copy(archive.write("b.json", story("Wind", WIND)), other / "c.json")
    (archive.press / "b.json").unlink()
    report = run(archive.path, [], RunOptions())
    assert report.roots == ["other", "press"]
    assert archive.titles() == ["Sea", "Wind"]


def test_a_folder_below_a_root_is_a_part_of_it(archive: Archive) -> None:
    archive.write("x/a.json", story("Sea", SEA))
    archive.write("y/b.json", story("Wind", WIND))
    archive.index()
    (archive.press / "y/b.json").unlink()
    archive.write("x/c.json", story("Rain", "It rained all day long."))
    report = archive.index(archive.press / "x")
    assert (report.roots, report.added, report.removed) == (["press"], 1, 0)
    assert archive.titles() == ["Rain", "Sea", "Wind"]


def test_a_single_file_can_be_a_root(archive: Archive) -> None:
    path = archive.write("a.json", story("Sea", SEA))
    archive.write("b.json", story("Wind", WIND))
    archive.index(path)
    assert archive.titles() == ["Sea"]
    path.unlink()
    assert run(archive.path, [], RunOptions()).removed == 1


def test_roots_of_one_name_get_labels_of_their_own(archive: Archive, tmp_path: Path) -> None:
    for parent in ("one", "two"):
        folder = tmp_path / parent / "sport"
        folder.mkdir(parents=True)
        (folder / "001.json").write_text(f'{{"title": "{parent}", "text": "In {parent}: {SEA}"}}')
    report = archive.index(tmp_path / "one/sport", tmp_path / "two/sport")
    assert report.roots == ["sport", "sport-2"]
    assert len(archive.ids()) == 2


def test_the_files_of_a_root_inside_another_are_read_once(archive: Archive) -> None:
    archive.write("inner/a.json", story("Sea", SEA))
    archive.write("b.json", story("Wind", WIND))
    archive.index(archive.press / "inner")
    archive.index(archive.press)
    assert archive.titles() == ["Sea", "Wind"]
    assert archive.paths("root:inner") == ["a.json"]


def test_a_path_that_is_not_there_is_an_error_and_nothing_is_indexed(archive: Archive) -> None:
    archive.write("a.json", story("Sea", SEA))
    with pytest.raises(UsageError, match="There is no"):
        archive.index(archive.press, archive.press / "nothing")
    assert archive.titles() == []


def test_reading_options_stay_with_the_root_and_a_change_reads_again(archive: Archive) -> None:
    archive.write("a.json", {"kicker": "The headline", "title": "x", "text": SEA})
    archive.index()
    assert archive.titles() == ["x"]
    options = {"fields": {"title": "kicker"}}
    assert archive.index(roots=options).read == 1
    assert archive.titles() == ["The headline"]
    archive.write("b.json", {"kicker": "Another", "text": WIND})
    archive.index()
    assert archive.titles() == ["Another", "The headline"]


def test_excluded_and_ignored_files_are_counted_with_their_reason(archive: Archive) -> None:
    archive.write("a.json", story("Sea", SEA))
    archive.write("drafts/b.json", story("Wind", WIND))
    archive.write("notes/c.json", story("Rain", "It rained."))
    archive.write(".hidden.json", story("Hidden", WIND))
    archive.write(".newsidxignore", "notes/\n")
    report = archive.index(roots={"exclude": ("drafts",)})
    assert archive.titles() == ["Sea"]
    assert report.excluded == 4
    with_index = archive.index()
    assert with_index.excluded == 4


def test_articles_without_a_date_are_dated_by_their_file_when_asked(archive: Archive) -> None:
    archive.write("a.json", story("Sea", SEA))
    archive.index()
    assert archive.titles("date:*") == []
    archive.index(roots={"date_from_mtime": True})
    (hit,) = archive.search("date:2017-07-14").hits
    assert hit.article.provenance["published"] == "file-time"


def test_a_bad_file_is_reported_and_the_rest_is_indexed(archive: Archive) -> None:
    archive.write("a.json", story("Sea", SEA))
    archive.write("bad.json", '{"title": "Wind", "text": ')
    archive.write("empty.txt", "  \n")
    archive.write("lines.jsonl", '{"title": "Wind", "text": "A strong wind blew."}\nnot json\n')
    report = archive.index()
    assert archive.titles() == ["Sea", "Wind"]
    assert (report.failed, report.skipped, report.bad_records) == (1, 1, 1)
    assert {(problem.reason, problem.position) for problem in report.problems} == {
        ("malformed", None),
        ("malformed", 2),
    }
    again = archive.index()
    assert (again.failed, again.bad_records, again.unchanged) == (0, 0, 4)


def test_worker_processes_give_the_same_archive(archive: Archive, tmp_path: Path) -> None:
    for number in range(60):
        archive.write(f"{number:02}.json", story(f"Story {number}", f"{SEA} Number {number % 50}."))
    archive.index(jobs=2)
    other = tmp_path / "alone"
    other.mkdir()
    alone = Archive(other)
    shutil.rmtree(alone.press)
    shutil.copytree(archive.press, alone.press)
    alone.index(jobs=1)
    assert archive.ids() == alone.ids()
    assert archive.state == alone.state


def test_a_rebuild_gives_the_same_archive_and_one_engine_directory(archive: Archive) -> None:
    archive.write("a.json", story("Sea", SEA))
    archive.write("b.json", story("Sea", SEA))
    archive.index()
    (archive.press / "a.json").rename(archive.press / "c.json")
    archive.index()
    before, ids = archive.state, archive.ids()
    run(archive.path, [], RunOptions(rebuild=True, reread=True))
    assert (archive.state, archive.ids()) == (before, ids)
    assert [path.name for path in (archive.path / "engine").iterdir()] == ["whoosh-2"]


def test_an_index_of_older_tokens_is_rebuilt(archive: Archive) -> None:
    archive.write("a.json", story("Sea", SEA))
    archive.index()
    manifest = archive.path / "manifest.json"
    manifest.write_text(manifest.read_text().replace(f'"tokens": {TOKEN_VERSION}', '"tokens": 0'))
    report = run(archive.path, [], RunOptions())
    assert report.read == 1
    assert f'"tokens": {TOKEN_VERSION}' in manifest.read_text()
    assert archive.titles("harbour") == ["Sea"]


def two_roots(archive: Archive, tmp_path: Path) -> Path:
    archive.write("a.json", story("Sea", SEA))
    other = tmp_path / "other"
    other.mkdir()
    (other / "b.json").write_text('{"title": "Wind", "text": "A strong wind blew."}')
    archive.index(archive.press, other)
    return other


def outdate(archive: Archive) -> None:
    manifest = archive.path / "manifest.json"
    manifest.write_text(manifest.read_text().replace(f'"tokens": {TOKEN_VERSION}', '"tokens": 0'))


def test_a_rebuild_reads_all_roots_whatever_was_asked_for(archive: Archive, tmp_path: Path) -> None:
    two_roots(archive, tmp_path)
    outdate(archive)
    archive.index(archive.press)
    assert archive.titles() == ["Sea", "Wind"]


def test_roots_are_not_changed_in_an_index_that_has_to_be_rebuilt(
    archive: Archive, tmp_path: Path
) -> None:
    two_roots(archive, tmp_path)
    outdate(archive)
    with pytest.raises(Refused, match="built anew first"):
        forget_root(archive.path, "other")
    run(archive.path, [], RunOptions())
    assert archive.titles() == ["Sea", "Wind"]


def test_a_rebuild_without_a_root_is_refused_before_anything_is_changed(
    archive: Archive, tmp_path: Path
) -> None:
    other = two_roots(archive, tmp_path)
    other.rename(tmp_path / "away")
    with pytest.raises(Refused, match="can't be read now"):
        run(archive.path, [], RunOptions(rebuild=True))
    assert archive.titles() == ["Sea", "Wind"]
    (tmp_path / "away").rename(other)
    run(archive.path, [], RunOptions(rebuild=True))
    assert archive.titles() == ["Sea", "Wind"]


def test_a_refused_run_keeps_no_options(archive: Archive) -> None:
    for number in range(60):
        archive.write(f"{number}.json", story(f"Story {number}", f"{SEA} Number {number}."))
    archive.index()
    with pytest.raises(Refused, match="Gone or left out"):
        archive.index(roots={"exclude": ("*.json",)})
    assert archive.index().unchanged == 60


def test_a_creation_that_was_cut_short_is_no_obstacle(archive: Archive) -> None:
    (archive.path / "manifest.json").unlink()
    create_index(archive.path, "whoosh", "en")
    archive.write("a.json", story("Sea", SEA))
    archive.index()
    assert archive.titles() == ["Sea"]


def test_what_failed_for_a_passing_reason_is_tried_again(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    from newsidx.refine import refine as module

    archive.write("a.json", story("Sea", SEA))
    with monkeypatch.context() as patched:
        patched.setattr(module, "refine", lambda *_, **__: 1 / 0)
        report = archive.index()
        assert (report.failed, report.problems[0].reason) == (1, "internal")
        assert archive.index().failed == 0
    assert archive.index().added == 1
    assert archive.titles() == ["Sea"]


def test_a_reader_that_has_learned_reads_its_files_again(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.write("a.json", story("Sea", SEA))
    archive.write("b.txt", "A strong wind blew over the harbour all through the night.")
    archive.write("c.xyz", "\0\1 in no format that we know")
    archive.index()
    assert archive.index().unchanged == 3
    known = reader_named("plain")
    assert known is not None
    monkeypatch.setattr(type(known), "version", known.version + 1)
    version_of.cache_clear()
    try:
        report = archive.index()
    finally:
        monkeypatch.undo()
        version_of.cache_clear()
    # The text, and what no reader knew, as now one may.
    assert (report.read, report.unchanged) == (2, 1)
