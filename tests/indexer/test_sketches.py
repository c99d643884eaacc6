"""Sketches in the ledger: one for each place, as long as it is there, and no longer."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from newsidx.app import Index
from newsidx.index import sketches as module
from newsidx.index.ledger import Ledger
from newsidx.index.sketches import kept
from newsidx.indexer.removal import remove, restore
from newsidx.text.sketch import SIZE, sketch
from tests.indexer.archive import Archive, story

SEA = "The sea was calm on Monday, and the ferries went out again to the islands. "
WIND = "A strong wind blew over the harbour all through the night and took the roof. "


def known(archive: Archive) -> dict[str, bytes]:
    with Index(archive.path) as index, closing(index.ledger()) as ledger:
        return {each.id: each.sketch for each in kept(ledger)}


def rows(archive: Archive) -> int:
    with closing(sqlite3.connect(archive.path / "ledger.db")) as db:
        return int(db.execute("SELECT count(*) FROM sketches").fetchone()[0])


def written(archive: Archive) -> None:
    archive.write("sea.json", story("Sea", SEA * 3, source="Courier", date="2020-03-02"))
    archive.write("wind.json", [story("Wind", WIND * 3), story("None", "— … —")])
    archive.index()


def test_every_article_has_the_sketch_of_its_body(archive: Archive) -> None:
    written(archive)
    with Index(archive.path) as index:
        expected = {each.id: sketch(each.body) for each in index.engine.scan()}
    assert known(archive) == expected
    assert sorted(map(len, expected.values())) == [0, SIZE, SIZE]


def test_workers_make_the_same_sketches(archive: Archive) -> None:
    for number in range(40):
        archive.write(f"{number}.txt", f"Story {number}\n\n{SEA} {WIND} {number}")
    archive.index(jobs=2)
    assert len(known(archive)) == 40
    with Index(archive.path) as index:
        assert known(archive) == {each.id: sketch(each.body) for each in index.engine.scan()}


def test_sketches_come_in_some_order_with_length_and_day(archive: Archive) -> None:
    written(archive)
    (key,) = archive.ids("ferries")
    with Index(archive.path) as index, closing(index.ledger()) as ledger:
        (found,) = kept(ledger, [key])
        article = index.get(key)
    assert article.published is not None
    assert (found.id, found.words) == (key, article.words)
    assert found.day == article.published.first.toordinal()


def test_a_text_that_changes_has_another_sketch_and_one_that_goes_none(archive: Archive) -> None:
    written(archive)
    before = known(archive)
    archive.write("sea.json", story("Sea", WIND + SEA, source="Courier", date="2020-03-02"))
    archive.index()
    assert len(known(archive)) == rows(archive) == 3
    assert known(archive) != before
    (archive.press / "sea.json").unlink()
    archive.index(prune=True)
    assert len(known(archive)) == rows(archive) == 2


def test_a_copy_that_takes_its_places_has_a_sketch_already(archive: Archive) -> None:
    for name in ("a.json", "b.json"):
        archive.write(name, story("Sea", SEA * 3))
    archive.index()
    (before,) = known(archive).values()
    (archive.press / "a.json").unlink()
    archive.index(prune=True)
    assert list(known(archive).values()) == [before]


def test_nothing_is_left_of_an_article_that_was_removed(archive: Archive) -> None:
    written(archive)
    (key,) = archive.ids("ferries")
    secret = known(archive)[key]
    remove(archive.path, [key], for_good=True)
    assert key not in known(archive)
    assert rows(archive) == 2
    assert secret not in (archive.path / "ledger.db").read_bytes()
    archive.index(reread=True)
    assert rows(archive) == 2
    assert secret not in (archive.path / "ledger.db").read_bytes()
    restore(archive.path, [key])
    assert known(archive)[key] == secret


def before_there_were_any(archive: Archive) -> None:
    with closing(sqlite3.connect(archive.path / "ledger.db")) as db:
        db.executescript("DROP TRIGGER sketches_go; DROP TABLE sketches;")
        db.execute("DELETE FROM meta WHERE key = 'sketches'")
        db.commit()


def test_an_index_from_before_there_were_any_is_read_as_it_is(archive: Archive) -> None:
    written(archive)
    before_there_were_any(archive)
    assert known(archive) == {}
    with Index(archive.path) as index:
        (key,) = archive.ids("ferries")
        assert index.spread(key).unsketched == 3
        assert index.search("*", collapse=True).stories == 3


def test_an_index_from_before_there_were_any_gets_them_as_articles_are_read(
    archive: Archive,
) -> None:
    written(archive)
    expected = known(archive)
    before_there_were_any(archive)
    archive.write("late.txt", f"Late\n\n{WIND}{SEA}")
    archive.index()
    assert len(known(archive)) == 1
    archive.index(reread=True)
    assert expected.items() <= known(archive).items()
    assert len(known(archive)) == 4


def test_sketches_that_were_made_otherwise_are_never_compared(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(archive)
    monkeypatch.setattr(module, "scheme", lambda: "another")
    assert known(archive) == {}
    archive.write("late.txt", f"Late\n\n{WIND}{SEA}")
    archive.index()
    assert len(known(archive)) == rows(archive) == 1


def test_a_ledger_that_is_only_read_is_not_changed(archive: Archive) -> None:
    written(archive)
    before_there_were_any(archive)
    data = (archive.path / "ledger.db").read_bytes()
    with closing(Ledger(archive.path / "ledger.db")) as ledger:
        assert list(kept(ledger)) == []
    assert (archive.path / "ledger.db").read_bytes() == data


def test_near_copies_are_one_result_and_the_total_stays(archive: Archive) -> None:
    fields: dict[str, Any] = {"date": "2020-03-02"}
    archive.write("a.json", story("Sea", SEA * 2 + WIND, source="Courier", **fields))
    archive.write("b.json", story("Sea again", SEA * 2, source="Ledger", **fields))
    archive.write("c.json", story("Wind", WIND, source="Ledger", **fields))
    archive.index()
    page = archive.search("the", collapse=True)
    plain = archive.search("the")
    assert page.total == plain.total == 3
    assert page.stories == len(page.hits)
    assert sum(len(hit.copies.ids) for hit in page.hits if hit.copies) == 3
    assert plain.stories is None
    assert all(hit.copies is None for hit in plain.hits)
