"""03/04/2016 is March or April as its source shows elsewhere, or stays open."""

from __future__ import annotations

import pytest

from tests.indexer.archive import Archive, story

SEA = "The sea was calm on Monday, and the ferries went out again."


def dates(archive: Archive) -> dict[str, str | None]:
    return {
        hit.article.title: hit.article.published.isoformat() if hit.article.published else None
        for hit in archive.search("*").hits
    }


def put(archive: Archive, title: str, date: str, source: str = "Courier") -> None:
    body = f"{SEA} {title}"
    archive.write(f"{title}.json", story(title, body, source=source, date=date))


def test_where_it_stays_open_the_year_alone_is_kept(archive: Archive) -> None:
    put(archive, "a", "03/04/2016")
    archive.index()
    (hit,) = archive.search("*").hits
    assert hit.article.published is not None
    assert hit.article.published.isoformat() == "2016"
    assert hit.article.provenance["published"].startswith("ambiguous")


@pytest.mark.parametrize(
    ("shown", "meant"), [("25/12/2015", "2016-04-03"), ("12/25/2015", "2016-03-04")]
)
def test_a_day_above_twelve_shows_the_order_of_its_source(
    archive: Archive, shown: str, meant: str
) -> None:
    put(archive, "a", "03/04/2016")
    put(archive, "b", shown)
    put(archive, "c", "03/04/2016", source="Another paper")
    archive.index()
    assert dates(archive) == {"a": meant, "b": "2015-12-25", "c": "2016"}


def test_what_a_later_run_learns_dates_earlier_articles(archive: Archive) -> None:
    put(archive, "a", "03/04/2016")
    archive.index()
    ids = archive.ids()
    put(archive, "b", "25/12/2015")
    archive.index()
    assert dates(archive)["a"] == "2016-04-03"
    assert ids <= archive.ids()


def test_a_source_that_writes_both_orders_shows_none(archive: Archive) -> None:
    put(archive, "a", "03/04/2016")
    put(archive, "b", "25/12/2015")
    archive.index()
    put(archive, "c", "12/25/2015")
    archive.index()
    assert dates(archive)["a"] == "2016"


def test_the_evidence_goes_with_its_file(archive: Archive) -> None:
    put(archive, "a", "03/04/2016")
    put(archive, "b", "25/12/2015")
    archive.index()
    (archive.press / "b.json").unlink()
    archive.index()
    assert dates(archive) == {"a": "2016"}


def test_an_order_that_was_given_decides(archive: Archive) -> None:
    put(archive, "a", "03/04/2016")
    put(archive, "b", "25/12/2015")
    archive.index(roots={"date_order": "mdy"})
    assert dates(archive)["a"] == "2016-03-04"


def test_the_order_of_runs_makes_no_difference(archive: Archive) -> None:
    for name, date in (("a", "03/04/2016"), ("b", "25/12/2015"), ("c", "05/06/2016")):
        put(archive, name, date)
        archive.index()
    state = archive.state
    archive.index(reread=True)
    assert archive.state == state
