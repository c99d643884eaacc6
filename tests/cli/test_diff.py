"""newsidx freeze and newsidx diff: what came, went and changed since."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from newsidx import open as open_index
from newsidx.errors import UsageError
from newsidx.indexer.run import RunOptions, run
from newsidx.indexer.writing import create_index
from newsidx.searcher.freezing import Difference
from tests.processes import Finished


@pytest.fixture
def press(tmp_path: Path) -> Path:
    (tmp_path / "press").mkdir()
    return tmp_path / "press"


@pytest.fixture
def index(tmp_path: Path, press: Path) -> Path:
    """Of it all and what has a ferry were frozen."""
    path = tmp_path / "index"
    create_index(path, "whoosh", "en")
    write(press, "strike", "The ferry crews went on strike.")
    write(press, "fares", "A ferry ticket costs more.")
    write(press, "dog", "A dog was lost.")
    take_in(path, press)
    with open_index(path) as archive:
        archive.freeze("all")
        archive.freeze("ferries", "ferry")
    return path


def write(press: Path, name: str, text: str, **more: str) -> None:
    (press / f"{name}.json").write_text(json.dumps({"title": name, "text": text, **more}))


def take_in(index: Path, press: Path) -> None:
    run(index, [str(press)], RunOptions(jobs=1))


def difference(index: Path, first: str, second: str | None = None) -> Difference:
    with open_index(index) as archive:
        return archive.diff(first, second)


def events(found: Difference) -> list[tuple[str, str, str]]:
    """event, file, and what the archive has of it now."""
    return [(each.event, Path(each.path).stem, each.today) for each in found.changes]


def test_nothing_is_between_a_state_and_itself(index: Path) -> None:
    for first, second in (("all", None), ("all", "now"), ("now", "all"), ("ferries", None)):
        found = difference(index, first, second)
        assert not found.changes
        assert found.same == len(found.first.held) == len(found.second.held)
        assert found.first.content == found.second.content


def test_what_came_went_and_changed_is_told_apart(index: Path, press: Path) -> None:
    (press / "dog.json").unlink()
    write(press, "fares", "A ferry ticket costs less.")
    write(press, "quay", "Nobody stood on the quay.")
    take_in(index, press)
    found = difference(index, "all")
    expected = [("came", "quay", "same"), ("went", "dog", "gone"), ("changed", "fares", "same")]
    assert events(found) == expected
    assert found.same == 1


def test_backwards_what_came_went(index: Path, press: Path) -> None:
    write(press, "quay", "Nobody stood on the quay.")
    take_in(index, press)
    assert events(difference(index, "now", "all")) == [("went", "quay", "same")]


def test_of_a_result_it_is_said_why_an_article_is_in_it_no_more(index: Path, press: Path) -> None:
    (press / "strike.json").unlink()
    write(press, "fares", "A bus ticket costs more.")
    take_in(index, press)
    found = difference(index, "ferries")
    assert sorted(events(found)) == [("went", "fares", "changed"), ("went", "strike", "gone")]


def test_what_was_removed_by_hand_is_told_from_what_is_gone(
    index: Path, newsidx: Callable[..., Finished]
) -> None:
    assert newsidx("rm", "strike", "--yes", "--index", index).status == 0
    assert events(difference(index, "ferries")) == [("went", "strike", "removed")]


def test_a_file_that_moved_is_no_difference(index: Path, press: Path) -> None:
    (press / "below").mkdir()
    (press / "dog.json").rename(press / "below/dog.json")
    take_in(index, press)
    assert not difference(index, "all").changes


def test_a_result_is_held_against_another_query(index: Path) -> None:
    found = difference(index, "ferries", "query:ferry OR dog")
    assert events(found) == [("came", "dog", "same")]
    assert events(difference(index, "query:strike", "query:fares")) == [
        ("came", "fares", "same"),
        ("went", "strike", "same"),
    ]


def test_a_query_is_never_taken_for_a_name_nor_a_name_for_a_query(index: Path) -> None:
    with pytest.raises(UsageError, match="no frozen set 'ferry'"):
        difference(index, "ferry")
    assert difference(index, "query:all", "query:ferries").same == 0


def test_the_filters_of_a_frozen_result_are_asked_again(index: Path, press: Path) -> None:
    with open_index(index) as archive:
        archive.freeze("courier", "ferry", source="courier")
    write(press, "late", "The ferry is late.", source="Courier")
    write(press, "gull", "A gull on the ferry.", source="Wire")
    take_in(index, press)
    assert events(difference(index, "courier")) == [("came", "late", "same")]


def test_the_exit_status_says_whether_there_is_a_difference(
    index: Path, press: Path, newsidx: Callable[..., Finished]
) -> None:
    assert newsidx("diff", "all", "--json", "--index", index).status == 0
    write(press, "quay", "Nobody stood on the quay.")
    take_in(index, press)
    done = newsidx("diff", "all", "--json", "--index", index)
    assert done.status == 1
    assert done.json["came"] == 1
    assert newsidx("diff", "nothing", "--index", index).status == 2


def test_freezing_needs_no_writer_and_hinders_none(index: Path, press: Path) -> None:
    from newsidx.index.lock import writer_lock

    with writer_lock(index), open_index(index) as archive:
        frozen, new = archive.freeze("meanwhile", "ferry")
    assert new
    assert frozen.articles == 2
    assert not difference(index, "meanwhile", "ferries").changes


def test_freeze_list_and_rm(index: Path, newsidx: Callable[..., Finished]) -> None:
    where = ("--index", index)
    assert newsidx("freeze", "dogs", "dog", "--date", "2026-11-23", *where).status == 0
    assert newsidx("freeze", "dogs", "ferry", *where).status == 2
    listed = newsidx("freeze", "list", "--json", *where).json["frozen"]
    assert [(each["name"], each["kind"]) for each in listed] == [
        ("all", "state"),
        ("dogs", "result"),
        ("ferries", "result"),
    ]
    assert listed[1]["date"] == "2026-11-23"
    for name in ("dogs", "all", "ferries"):
        assert newsidx("freeze", "rm", name, *where).status == 0
    assert newsidx("freeze", "list", *where).status == 1


def test_two_that_freeze_under_one_name_at_once_do_not_both_win(index: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from newsidx.errors import NewsidxError

    def freeze(query: str) -> bool:
        with open_index(index) as archive:
            try:
                return archive.freeze("race", query, wait=30.0)[1]
            except NewsidxError:
                return False

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(freeze, ["ferry", "dog"])) == [False, True]


def test_no_text_of_an_article_is_kept(index: Path) -> None:
    kept = b"".join(path.read_bytes() for path in (index / "frozen").iterdir() if path.is_file())
    assert b"ticket" not in kept
    assert b"crews" not in kept


@pytest.mark.parametrize("elsewhere", [False, True])
def test_an_index_that_moved_to_another_engine_still_has_what_was_frozen(
    index: Path, tmp_path: Path, elsewhere: bool
) -> None:
    from newsidx.indexer.migrate import migrate

    pytest.importorskip("tantivy", reason="tantivy is not installed")
    other = tmp_path / "other" if elsewhere else None
    migrate(index, "tantivy", to_index=other)
    for name in ("all", "ferries"):
        found = difference(other or index, name)
        assert not found.changes
        assert found.same == len(found.first.held)
