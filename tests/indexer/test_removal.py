"""What was removed stays away, whatever runs come, until it is restored."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from newsidx.app import Index
from newsidx.errors import ArticleNotFound
from newsidx.indexer.manage import forget_root, rename_root
from newsidx.indexer.removal import Restored, remove, restore
from newsidx.indexer.run import RunOptions, run
from tests.indexer.archive import Archive, story

TEXT = "The council voted on Tuesday to close the old bridge. Work begins in spring."
WIND = "A strong wind blew over the harbour all through the night."
URL = "https://courier.example/2016/11/bridge"


def take_out(archive: Archive, query: str) -> list[str]:
    ids = sorted(archive.ids(query))
    remove(archive.path, ids)
    return ids


@pytest.fixture
def removed(archive: Archive) -> Archive:
    """An archive of two articles, of which `a.json` was removed."""
    archive.write("a.json", story("Bridge", TEXT))
    archive.write("b.json", story("Wind", WIND))
    archive.index()
    take_out(archive, "title:bridge")
    assert archive.titles() == ["Wind"]
    return archive


def test_a_removed_article_is_found_no_more_and_its_file_is_untouched(archive: Archive) -> None:
    path = archive.write("a.json", story("Bridge", TEXT))
    archive.index()
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    take_out(archive, "*")
    assert archive.titles() == []
    assert archive.search("council").total == 0
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert archive.outcomes() == {"a.json": "removed"}


@pytest.mark.parametrize("options", [{}, {"reread": True}, {"rehash": True}])
def test_it_stays_away_whatever_run_comes(removed: Archive, options: dict[str, bool]) -> None:
    removed.index(**options)
    assert removed.titles() == ["Wind"]


def test_it_stays_away_when_its_file_is_touched(removed: Archive) -> None:
    os.utime(removed.press / "a.json")
    report = removed.index(reread=True)
    assert removed.titles() == ["Wind"]
    assert report.kept_out == 1


def test_it_stays_away_when_its_file_moves(removed: Archive) -> None:
    (removed.press / "a.json").rename(removed.press / "c.json")
    removed.index()
    assert removed.outcomes() == {"b.json": "indexed", "c.json": "removed"}


def test_it_stays_away_when_the_index_is_built_anew(removed: Archive) -> None:
    run(removed.path, [], RunOptions(rebuild=True, reread=True))
    assert removed.titles() == ["Wind"]


def test_it_stays_away_when_its_root_is_renamed(removed: Archive) -> None:
    rename_root(removed.path, "press", "papers", RunOptions())
    assert removed.titles() == ["Wind"]


def test_it_stays_away_when_its_root_is_forgotten_and_comes_again(removed: Archive) -> None:
    forget_root(removed.path, "press")
    removed.index()
    assert removed.titles() == ["Wind"]


def test_it_stays_away_when_its_file_goes_and_comes_again(removed: Archive) -> None:
    text = (removed.press / "a.json").read_text()
    (removed.press / "a.json").unlink()
    removed.index()
    removed.write("a.json", text)
    removed.index()
    assert removed.titles() == ["Wind"]


def test_a_copy_that_turns_up_in_another_place_is_kept_out(removed: Archive) -> None:
    removed.write("elsewhere/copy.json", story("Bridge", TEXT))
    removed.index()
    assert removed.titles() == ["Wind"]
    assert removed.outcomes()["elsewhere/copy.json"] == "removed"


def test_a_copy_in_another_root_is_kept_out(removed: Archive, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(removed.press / "a.json", other / "z.json")
    removed.index(other)
    assert removed.titles() == ["Wind"]


def test_its_copies_go_with_it(archive: Archive) -> None:
    for name in ("a", "b", "c"):
        archive.write(f"{name}.json", story("Bridge", TEXT))
    archive.index()
    take_out(archive, "*")
    assert set(archive.outcomes().values()) == {"removed"}
    (archive.press / "a.json").unlink()
    archive.index()
    assert archive.titles() == []


def test_a_new_version_under_the_same_url_is_kept_out(archive: Archive) -> None:
    archive.write("a.json", story("Bridge", TEXT, url=URL))
    archive.index()
    take_out(archive, "*")
    archive.write("new.json", story("Bridge", TEXT + " Corrected.", url=URL))
    archive.index()
    assert archive.titles() == []
    assert set(archive.outcomes().values()) == {"removed"}


def test_a_new_text_in_the_same_file_is_kept_out(removed: Archive) -> None:
    removed.write("a.json", story("Bridge", TEXT + " Corrected."))
    removed.index()
    assert removed.titles() == ["Wind"]


def test_older_versions_go_with_it(archive: Archive) -> None:
    archive.write("old.json", story("Bridge", TEXT, url=URL))
    archive.index()
    archive.write("new.json", story("Bridge", TEXT + " Corrected.", url=URL))
    archive.index()
    take_out(archive, "*")
    (archive.press / "new.json").unlink()
    archive.index()
    assert archive.titles() == []


def test_the_same_text_of_another_outlet_is_another_article(archive: Archive) -> None:
    archive.write("a.json", story("Bridge", TEXT, source="Courier"))
    archive.write("b.json", story("Bridge", TEXT, source="Ledger"))
    archive.index()
    take_out(archive, "source:courier")
    (hit,) = archive.search("*").hits
    assert (hit.article.source, hit.article.same_text) == ("Ledger", None)


def test_a_file_with_other_articles_is_not_a_removed_one(archive: Archive) -> None:
    archive.write("all.json", [story("Bridge", TEXT), story("Wind", WIND)])
    archive.index()
    take_out(archive, "title:bridge")
    archive.index(reread=True)
    assert archive.titles() == ["Wind"]
    assert archive.outcomes() == {"all.json": "indexed"}


def test_a_text_that_replaces_a_copy_elsewhere_is_searched(removed: Archive) -> None:
    removed.write("c.json", story("Bridge", TEXT))
    removed.index()
    removed.write("c.json", story("Tide", "The tide came in before noon and stayed."))
    removed.index()
    assert removed.titles() == ["Tide", "Wind"]
    removed.write("c.json", story("Bridge", TEXT))
    removed.index()
    assert removed.titles() == ["Wind"]


def test_an_older_version_below_a_copy_comes_back_when_the_copy_goes(removed: Archive) -> None:
    removed.write("old.json", story("Old", "Before the vote nobody knew.", id="urn:news:77:1"))
    removed.index()
    removed.write("z.json", story("Bridge", TEXT, id="urn:news:77:1"))
    removed.index()
    assert removed.titles() == ["Wind"]
    (removed.press / "z.json").unlink()
    removed.index()
    assert removed.titles() == ["Old", "Wind"]


def test_the_state_changes_with_removal_and_comes_back(archive: Archive) -> None:
    archive.write("a.json", story("Bridge", TEXT))
    archive.write("b.json", story("Wind", WIND))
    archive.index()
    before, ids = archive.state, archive.ids()
    removed = take_out(archive, "title:bridge")
    assert archive.state != before
    restore(archive.path, removed)
    assert (archive.state, archive.ids()) == (before, ids)


def test_what_is_restored_is_as_it_was(archive: Archive) -> None:
    archive.write("a.json", story("Bridge", TEXT, url=URL, date="2016-11-08", author="Ann Lee"))
    archive.write("b.json", story("Bridge", TEXT, url=URL, date="2016-11-08", author="Ann Lee"))
    archive.write("z.json", story("Old bridge", WIND, url=URL))
    archive.index()
    before, outcomes = [hit.article for hit in archive.search("*").hits], archive.outcomes()
    (key,) = take_out(archive, "*")
    (done,) = restore(archive.path, [key])
    assert (done.status, done.articles) == ("restored", (key,))
    assert [hit.article for hit in archive.search("*").hits] == before
    assert archive.outcomes() == outcomes
    assert archive.index().read == 0


def test_what_is_in_an_archive_of_files_is_restored(archive: Archive, tmp_path: Path) -> None:
    archive.write("in/a.json", story("Bridge", TEXT))
    archive.write("in/b.json", story("Wind", WIND))
    shutil.make_archive(str(archive.press / "all"), "zip", archive.press / "in")
    shutil.rmtree(archive.press / "in")
    archive.index()
    (key,) = take_out(archive, "title:bridge")
    assert archive.titles() == ["Wind"]
    (done,) = restore(archive.path, [key])
    assert (done.status, done.paths) == ("restored", (("press", "all.zip"),))
    assert archive.titles() == ["Bridge", "Wind"]


def test_what_has_no_source_any_more_is_lost_and_may_come_again(removed: Archive) -> None:
    text = (removed.press / "a.json").read_text()
    (removed.press / "a.json").unlink()
    with Index(removed.path) as index:
        (key,) = (removal.id for removal in index.removals())
    assert restore(removed.path, [key]) == [Restored(key, "lost", (), (("press", "a.json"),))]
    removed.index()
    assert removed.titles() == ["Wind"]
    removed.write("a.json", text)
    removed.index()
    assert removed.titles() == ["Bridge", "Wind"]


def test_what_two_removals_keep_out_stays_until_both_are_lifted(archive: Archive) -> None:
    archive.write("a.json", story("Bridge", TEXT))
    archive.write("b.json", story("Wind", WIND))
    archive.index()
    first, second = take_out(archive, "title:bridge") + take_out(archive, "title:wind")
    archive.write("a.json", story("Wind", WIND))
    archive.index()
    outcomes = [restore(archive.path, [key])[0].status for key in (first, second)]
    assert outcomes == ["removed", "restored"]
    assert archive.titles() == ["Wind"]


def test_what_a_removed_article_showed_of_dates_still_holds(archive: Archive) -> None:
    for name, day in (("a", "25/04/2016"), ("b", "03/04/2016")):
        archive.write(f"{name}.json", story(name, f"{TEXT} {name}", date=day, source="Courier"))
    archive.index()
    (clear,) = archive.search("title:a").hits
    remove(archive.path, [clear.article.id])
    archive.index(reread=True)
    (hit,) = archive.search("*").hits
    assert hit.article.published is not None
    assert hit.article.published.isoformat() == "2016-04-03"


def test_an_id_that_is_not_searched_is_passed_over(removed: Archive) -> None:
    state = removed.state
    assert remove(removed.path, ["0" * 12]).articles == 0
    assert removed.state == state


def test_asking_for_a_removed_article_says_how_to_get_it_back(removed: Archive) -> None:
    with Index(removed.path) as index:
        (removal,) = index.removals()
        with pytest.raises(ArticleNotFound, match="was removed on") as caught:
            index.get(removal.id[:5])
    assert caught.value.hint == f"Get it back with: newsidx restore {removal.id}"


def test_a_removal_that_is_cut_short_is_completed(archive: Archive) -> None:
    archive.write("a.json", story("Bridge", TEXT))
    archive.write("b.json", story("Wind", WIND))
    archive.index()
    (key,) = archive.ids("title:bridge")

    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("newsidx.engines.whoosh.writer.WhooshWriter.commit", die)
        with pytest.raises(Killed):
            remove(archive.path, [key])
    archive.index()
    assert archive.titles() == ["Wind"]
    assert restore(archive.path, [key])[0].status == "restored"
