"""Standing queries: what is new is told once, and what isn't, never."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from newsidx import alerts
from newsidx.alerts import telling
from newsidx.app import Index
from newsidx.errors import IndexDamaged, IndexVersionError, QueryError, Refused, UsageError
from newsidx.index.alerts import Alerts
from newsidx.index.manifest import read_manifest
from newsidx.indexer import commit
from newsidx.indexer.manage import rename_root
from newsidx.indexer.optimize import optimize
from newsidx.indexer.removal import remove, restore
from newsidx.indexer.repair import repair
from newsidx.indexer.run import RunOptions
from newsidx.refine.identity import hashes
from newsidx.searcher import standing
from newsidx.searcher.filters import Filters
from newsidx.searcher.question import Ask
from tests.indexer.archive import Archive, story

FERRY = "The ferry came back on Monday with forty people and a dog."
QUAY = "Nobody stood on the quay when the herring boats came in."


def news(archive: Archive, name: str = "sea", **options: Any) -> list[tuple[str, str]]:
    """What is told: event and title."""
    with alerts.new(archive.path, name, **options) as found:
        return [(each.event, each.hit.article.title) for each in found]


@pytest.fixture
def watched(archive: Archive) -> Archive:
    """An archive of two articles, and the alert `sea` for ferries that was added then."""
    archive.write("ferry.json", story("Ferry", FERRY))
    archive.write("quay.json", story("Quay", QUAY))
    archive.index()
    alerts.add(archive.path, "sea", "ferry")
    return archive


# What is new


def test_what_was_there_when_the_alert_was_added_is_not_new(watched: Archive) -> None:
    assert news(watched) == []


def test_what_comes_between_adding_and_the_first_asking_is_new(watched: Archive) -> None:
    watched.write("second.json", story("Second", f"{FERRY} It was late."))
    watched.index()
    assert news(watched) == [("new", "Second")]


def test_what_was_told_is_not_told_again(watched: Archive) -> None:
    watched.write("second.json", story("Second", f"{FERRY} It was late."))
    watched.index()
    assert news(watched) == [("new", "Second")]
    assert news(watched) == []
    watched.index()
    assert news(watched) == []


def test_from_the_start_all_that_matches_is_new(archive: Archive) -> None:
    archive.write("ferry.json", story("Ferry", FERRY))
    archive.index()
    alerts.add(archive.path, "sea", "ferry", from_start=True)
    assert news(archive) == [("new", "Ferry")]
    assert news(archive) == []
    assert news(archive, from_start=True, peek=True) == [("new", "Ferry")]
    assert news(archive) == []
    assert news(archive, from_start=True) == [("new", "Ferry")]
    assert news(archive) == []


def test_an_alert_can_be_added_before_anything_is_indexed(archive: Archive) -> None:
    alerts.add(archive.path, "sea", "ferry")
    assert news(archive) == []
    archive.write("ferry.json", story("Ferry", FERRY))
    archive.index()
    assert news(archive) == [("new", "Ferry")]


def test_a_new_version_is_changed(watched: Archive) -> None:
    watched.write("ferry.json", story("Ferry", f"{FERRY} The dog is well."))
    watched.index()
    assert news(watched) == [("changed", "Ferry")]
    assert news(watched) == []


def test_what_changed_before_it_was_told_is_told_once_as_new(watched: Archive) -> None:
    for text in (FERRY, f"{FERRY} The dog is well."):
        watched.write("second.json", story("Second", f"Again. {text}"))
        watched.index()
        assert news(watched, peek=True) == [("new", "Second")]
    assert news(watched) == [("new", "Second")]
    assert news(watched) == []


def test_what_matches_only_since_it_changed_is_new_to_the_query(watched: Archive) -> None:
    watched.write("quay.json", story("Quay", f"{QUAY} The ferry was late."))
    watched.index()
    assert news(watched) == [("new", "Quay")]
    watched.write("quay.json", story("Quay", f"{QUAY} The ferry was very late."))
    watched.index()
    assert news(watched) == [("changed", "Quay")]


def test_what_matches_no_more_when_it_is_told_is_left_out(watched: Archive) -> None:
    watched.write("second.json", story("Second", f"{FERRY} It was late."))
    watched.index()
    assert news(watched, peek=True) == [("new", "Second")]
    watched.write("second.json", story("Second", "It was only a boat."))
    watched.index()
    assert news(watched) == []
    watched.write("second.json", story("Second", f"{FERRY} It was late."))
    watched.index()
    assert news(watched) == [("new", "Second")]


def test_a_tag_that_comes_later_is_new_to_who_asks_for_it_and_to_nobody_else(
    archive: Archive,
) -> None:
    archive.write("ferry.json", story("Ferry", FERRY))
    archive.index()
    alerts.add(archive.path, "sea", "ferry")
    alerts.add(archive.path, "tagged", "tag:harbour")
    archive.write("ferry.json", story("Ferry", FERRY, tags=["harbour"]))
    archive.index()
    assert news(archive) == []
    assert news(archive, "tagged") == [("new", "Ferry")]


def test_what_comes_into_a_span_of_days_as_time_goes_is_new(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.write("ferry.json", story("Ferry", FERRY, date="2016-11-09"))
    archive.index()

    def on(day: int) -> None:
        def today() -> date:
            return date(2016, 11, day)

        monkeypatch.setattr(telling, "user_day", today)

    on(8)
    alerts.add(archive.path, "sea", Ask("ferry", filters=Filters(until="today")))
    assert news(archive) == []
    on(9)
    assert news(archive) == [("new", "Ferry")]
    assert news(archive) == []


# What is not


def move(archive: Archive) -> None:
    (archive.press / "old").mkdir()
    (archive.press / "ferry.json").rename(archive.press / "old/renamed.json")
    archive.index()


def lose_the_ledger(archive: Archive) -> None:
    (archive.path / "ledger.db").write_bytes(b"no database at all" * 100)
    repair(archive.path, RunOptions())


def lose_the_engine(archive: Archive) -> None:
    shutil.rmtree(archive.path / "engine")
    repair(archive.path, RunOptions())


def remove_and_restore(archive: Archive) -> None:
    ids = sorted(archive.ids("ferry"))
    remove(archive.path, ids)
    assert news(archive) == []
    restore(archive.path, ids)


def remove_for_good(archive: Archive) -> None:
    remove(archive.path, sorted(archive.ids("title:quay")), for_good=True)


def take_away_and_bring_back(archive: Archive) -> None:
    text = (archive.press / "ferry.json").read_text()
    (archive.press / "ferry.json").unlink()
    archive.index()
    assert news(archive) == []
    archive.write("ferry.json", text)
    archive.index()


def bring_a_copy_that_is_searched_instead(archive: Archive) -> None:
    before = archive.ids("ferry")
    archive.write("a/first.json", (archive.press / "ferry.json").read_text())
    archive.index()
    assert archive.ids("ferry") != before


def read_it_otherwise(archive: Archive) -> None:
    archive.index(roots={"source_from_folder": True})
    assert archive.search("ferry").hits[0].article.source == "press"


NOT_NEW: dict[str, Callable[[Archive], Any]] = {
    "a run": lambda archive: archive.index(),
    "a move": move,
    "a touch": lambda archive: archive.write("ferry.json", story("Ferry", FERRY)),
    "reread": lambda archive: archive.index(reread=True),
    "rehash": lambda archive: archive.index(rehash=True),
    "rebuild": lambda archive: archive.index(rebuild=True),
    "another name": lambda archive: rename_root(archive.path, "press", "news", RunOptions()),
    "optimize": lambda archive: optimize(archive.path),
    "a lost ledger": lose_the_ledger,
    "a lost engine": lose_the_engine,
    "restored": remove_and_restore,
    "another purged": remove_for_good,
    "gone and back": take_away_and_bring_back,
    "a copy": bring_a_copy_that_is_searched_instead,
    "other options": read_it_otherwise,
}

# In these it is away for a while, or another file takes its place: see below.
AWAY = {"restored", "gone and back", "a copy"}


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("what", NOT_NEW)
def test_what_says_the_same_is_not_new_whatever_becomes_of_it(watched: Archive, what: str) -> None:
    NOT_NEW[what](watched)
    assert news(watched) == []
    watched.write("second.json", story("Second", f"{FERRY} It was late."))
    watched.index()
    assert news(watched) == [("new", "Second")]


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("what", sorted(NOT_NEW.keys() - AWAY))
def test_what_was_not_told_is_told_whatever_becomes_of_the_index(
    archive: Archive, what: str
) -> None:
    alerts.add(archive.path, "sea", "ferry")
    archive.write("ferry.json", story("Ferry", FERRY))
    archive.write("quay.json", story("Quay", QUAY))
    archive.index()
    with alerts.new(archive.path, "sea", peek=True) as found:
        assert found.total == 1
    NOT_NEW[what](archive)
    assert news(archive) == [("new", "Ferry")]


def test_what_went_untold_and_came_back_is_told_then(archive: Archive) -> None:
    alerts.add(archive.path, "sea", "ferry")
    archive.write("ferry.json", story("Ferry", FERRY))
    archive.index()
    assert news(archive, peek=True) == [("new", "Ferry")]
    ids = sorted(archive.ids())
    remove(archive.path, ids)
    assert news(archive) == []
    restore(archive.path, ids)
    assert news(archive) == [("new", "Ferry")]


def test_a_copy_that_takes_the_place_of_what_was_not_told_is_told(archive: Archive) -> None:
    alerts.add(archive.path, "sea", "ferry")
    archive.write("ferry.json", story("Ferry", FERRY))
    archive.index()
    assert news(archive, peek=True) == [("new", "Ferry")]
    bring_a_copy_that_is_searched_instead(archive)
    assert news(archive) == [("new", "Ferry")]
    assert news(archive) == []


def test_other_articles_of_a_file_that_grows_are_not_new(archive: Archive) -> None:
    lines = [f'{{"id": {n}, "title": "T{n}", "text": "The ferry {n} came."}}\n' for n in range(4)]
    archive.write("all.jsonl", "".join(lines[:3]))
    archive.index()
    alerts.add(archive.path, "sea", "ferry")
    archive.write("all.jsonl", "".join(lines))
    archive.index()
    assert news(archive) == [("new", "T3")]
    archive.index(roots={"source_from_folder": True})  # the file is read otherwise, all of it
    assert news(archive) == []


# The cursor


def three(archive: Archive) -> None:
    for day in (3, 1, 2):
        archive.write(f"{day}.json", story(f"Day {day}", f"{FERRY} {day}", date=f"2016-11-0{day}"))
    archive.index()


def test_what_comes_together_is_told_the_oldest_first(watched: Archive) -> None:
    three(watched)
    assert news(watched) == [("new", "Day 1"), ("new", "Day 2"), ("new", "Day 3")]


def test_a_limit_leaves_the_rest_new(watched: Archive) -> None:
    three(watched)
    assert news(watched, limit=2) == [("new", "Day 1"), ("new", "Day 2")]
    assert news(watched, limit=2) == [("new", "Day 3")]
    assert news(watched, limit=2) == []
    assert len(news(watched, limit=1, from_start=True)) == 1
    assert len(news(watched)) == 3


def test_a_peek_changes_nothing(watched: Archive) -> None:
    three(watched)
    first = news(watched, peek=True)
    assert len(first) == 3
    assert news(watched, peek=True) == first == news(watched)


def test_a_cursor_that_is_acknowledged_is_done_with(watched: Archive) -> None:
    three(watched)
    with alerts.new(watched.path, "sea", peek=True) as found:
        cursors = [each.cursor for each in found]
    assert cursors[1] is not None
    alerts.acknowledge(watched.path, "sea", cursors[1])
    assert news(watched, peek=True) == [("new", "Day 3")]
    alerts.acknowledge(watched.path, "sea", cursors[0] or 0)  # of before: nothing comes back
    assert news(watched, peek=True) == [("new", "Day 3")]
    with alerts.new(watched.path, "sea", peek=True) as found:
        cursor = found.tellings[0].cursor
    assert cursor is not None
    alerts.acknowledge(watched.path, "sea", cursor)
    assert news(watched) == []
    with pytest.raises(UsageError, match="never gave the cursor"):
        alerts.acknowledge(watched.path, "sea", cursor + 1)


def test_what_comes_after_a_peek_is_not_acknowledged_with_it(watched: Archive) -> None:
    three(watched)
    with alerts.new(watched.path, "sea", peek=True) as found:
        cursor = found.tellings[0].cursor or 0
    watched.write("1.json", story("Day 1", f"{FERRY} And again.", date="2016-11-01"))
    watched.write("later.json", story("Later", f"{FERRY} Later."))
    watched.index()
    assert len(news(watched, peek=True)) == 4
    alerts.acknowledge(watched.path, "sea", cursor)
    assert news(watched) == [("changed", "Day 1"), ("new", "Later")]


def test_an_error_on_the_way_leaves_everything_new(watched: Archive) -> None:
    three(watched)
    with (
        pytest.raises(ZeroDivisionError),
        alerts.new(watched.path, "sea") as found,
    ):
        next(iter(found))
        raise ZeroDivisionError
    assert len(news(watched)) == 3


def test_who_stops_on_the_way_was_told_what_he_took(watched: Archive) -> None:
    three(watched)
    with alerts.new(watched.path, "sea") as found:
        assert next(iter(found)).hit.article.title == "Day 1"
    with alerts.new(watched.path, "sea") as found:
        assert found.total == 2  # and takes none
    assert news(watched) == [("new", "Day 2"), ("new", "Day 3")]


def test_all_alerts_are_told_together_and_each_by_itself(watched: Archive) -> None:
    alerts.add(watched.path, "fish", "herring")
    three(watched)
    watched.write("both.json", story("Both", "The herring took the ferry."))
    watched.index()
    with alerts.new(watched.path) as found:
        told = [(each.alert, each.hit.article.title) for each in found]
    assert told[0] == ("fish", "Both")
    assert [title for name, title in told if name == "sea"] == ["Day 1", "Day 2", "Day 3", "Both"]
    assert news(watched, "fish") == news(watched, "sea") == []


# While a writer is at work


def test_a_version_that_the_engine_does_not_have_yet_is_told_when_it_has(
    watched: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Cut(Exception):
        pass

    def cut(*_: object) -> None:
        raise Cut

    watched.write("ferry.json", story("Ferry", f"{FERRY} The dog is well."))
    watched.write("second.json", story("Second", f"{FERRY} It was late."))
    with monkeypatch.context() as patched:
        patched.setattr(commit.Committer, "_engine_commit", cut)
        with pytest.raises(Cut):
            watched.index()
    assert news(watched) == []  # the ledger has them, and a search does not find them
    alerts.add(watched.path, "late", "ferry")
    watched.index()
    assert sorted(news(watched)) == [("changed", "Ferry"), ("new", "Second")]
    assert sorted(news(watched, "late")) == [("changed", "Ferry"), ("new", "Second")]


def test_a_commit_while_an_alert_is_looked_at_is_told_the_next_time(
    watched: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(*args: Any, **options: Any) -> dict[str, float]:
        found = standing.matches(*args, **options)
        watched.write("ferry.json", story("Ferry", f"{FERRY} The dog is well."))
        watched.write("second.json", story("Second", f"{FERRY} It was late."))
        watched.index()
        return found

    watched.write("first.json", story("First", f"{FERRY} It was early."))
    watched.index()
    with monkeypatch.context() as patched:
        patched.setattr(telling, "matches", slowly)
        assert news(watched) == [("new", "First")]
    assert sorted(news(watched)) == [("changed", "Ferry"), ("new", "Second")]


def test_an_article_says_by_the_engine_what_it_says_by_the_ledger(demo: Path) -> None:
    with Index(demo) as index:
        every = index.engine.get(index.engine.ids(""))
        ledger = index.ledger()
        marks = standing.marks_of(ledger, list(every))
        ledger.close()
    assert {key: hashes(article).content for key, article in every.items()} == {
        key: mark.content for key, mark in marks.items()
    }


# Alerts


def test_an_alert_keeps_its_query_its_filters_and_how_they_are_read(archive: Archive) -> None:
    archive.write("a.json", story("Ferries", "Two ferries came.", source="Courier"))
    archive.write("b.json", story("Ferry", FERRY, source="Courier"))
    archive.write("c.json", story("Other", FERRY, source="Ledger"))
    archive.index()
    question = Ask(
        "ferry OR",
        literal=True,
        any_word=True,
        exact=True,
        filters=Filters(source=("courier",), since="2010"),
    )
    alerts.add(archive.path, "one", question)
    [kept] = alerts.kept(archive.path)
    assert (kept.name, kept.text, kept.literal, kept.cursor) == ("one", "ferry OR", True, 0)
    assert kept.query is not None
    assert kept.query.filters == ("date:2010..", 'source:"courier"')
    assert (kept.query.any, kept.query.exact) == (True, True)
    assert news(archive, "one", from_start=True) == []  # none of 2010 or later has a date
    alerts.add(archive.path, "two", Ask("ferry", exact=True, filters=Filters(source=("courier",))))
    assert news(archive, "two", from_start=True) == [("new", "Ferry")]


def test_a_name_is_taken_once(watched: Archive) -> None:
    assert not alerts.add(watched.path, "sea", "ferry")
    with pytest.raises(Refused, match="already") as caught:
        alerts.add(watched.path, "sea", "boat")
    assert "newsidx alert rm sea" in str(caught.value.hint)
    alerts.remove(watched.path, "sea")
    assert alerts.add(watched.path, "sea", "boat")
    with pytest.raises(UsageError, match="no alert 'see'"):
        alerts.remove(watched.path, "see")


def test_adding_what_is_there_already_leaves_its_news(watched: Archive) -> None:
    three(watched)
    alerts.add(watched.path, "sea", "ferry")
    assert len(news(watched)) == 3


@pytest.mark.parametrize("name", ["", "a/b", "../x", ".x", "-x", "a b", "ä", "x" * 65, "x\n"])
def test_a_name_is_of_letters_and_digits(watched: Archive, name: str) -> None:
    with pytest.raises(UsageError, match="can't be called"):
        alerts.add(watched.path, name, "ferry")


@pytest.mark.parametrize("name", ["a", "A.b-c_9", "9", "x" * 64])
def test_and_of_dashes_and_dots(watched: Archive, name: str) -> None:
    assert alerts.add(watched.path, name, "ferry")
    assert name in [each.name for each in alerts.kept(watched.path)]


def test_a_query_that_makes_no_sense_is_not_kept(watched: Archive) -> None:
    with pytest.raises(QueryError):
        alerts.add(watched.path, "bad", "ferry AND (")
    assert [each.name for each in alerts.kept(watched.path)] == ["sea"]


def test_reading_makes_nothing_in_an_index_without_alerts(archive: Archive) -> None:
    archive.index()
    assert alerts.kept(archive.path) == []
    with pytest.raises(UsageError, match="no alert"):
        news(archive)
    assert not (archive.path / "alerts").exists()


def test_asking_again_writes_nothing(watched: Archive) -> None:
    three(watched)
    news(watched)
    before = (watched.path / "alerts/alerts.db").read_bytes()
    assert news(watched) == []
    assert (watched.path / "alerts/alerts.db").read_bytes() == before


def test_an_index_goes_on_with_its_alerts_when_it_is_copied(
    watched: Archive, tmp_path: Path
) -> None:
    three(watched)
    shutil.copytree(watched.path, tmp_path / "copy")
    with alerts.new(tmp_path / "copy", "sea") as found:
        assert len(list(found)) == 3
    assert len(news(watched)) == 3


def test_alerts_of_a_later_version_are_refused_and_damaged_ones_are_a_clear_error(
    watched: Archive,
) -> None:
    with Alerts(watched.path, writable=True) as store:
        assert store.db is not None
        store.db.execute("PRAGMA user_version = 2")
    with pytest.raises(IndexVersionError, match="newer newsidx"):
        news(watched)
    (watched.path / "alerts/alerts.db").write_bytes(b"no database" * 1000)
    with pytest.raises(IndexDamaged, match=r"alerts\.db can't be read") as caught:
        news(watched)
    assert "newsidx alert add" in str(caught.value.hint)
    assert read_manifest(watched.path).articles == 2  # and the index is as it was
