"""What was searched, and where the archive has gaps."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from newsidx import open as open_index
from newsidx.article import Article
from newsidx.engines.base import Engine, Timeline
from newsidx.engines.memory import MemoryEngine
from newsidx.output.coverage import searched_lines, searched_record
from newsidx.results import Covered, FileCounts, Searched
from newsidx.searcher.coverage import covered, gaps_in
from newsidx.searcher.filters import Filters, filters_of
from newsidx.searcher.question import Ask, understand
from tests.conftest import make_article
from tests.contract.engines import USUAL

START, TODAY = date(2016, 9, 1), date(2024, 5, 17)
HOLE = range(63, 80)  # 3 to 19 November 2016


def _articles() -> Iterator[Article]:
    for day in range(200):
        when = (START + timedelta(day)).isoformat()
        for source, wanted in (
            ("Guardian", day not in HOLE),
            ("Courier", True),
            ("Weekly", day % 7 == 0),
            ("Sunless", (START + timedelta(day)).weekday() < 5),
        ):
            if wanted:
                yield make_article(f"{source} {day}", "Fog.", source=source, published=when)
    yield make_article("Undated", "Fog.", source="Courier")
    yield make_article("Nobody's", "Fog.", published="2016")


ARTICLES = list(_articles())


@pytest.fixture(scope="module", params=USUAL)
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    opened = USUAL[request.param](ARTICLES, tmp_path_factory.mktemp(request.param))
    yield opened
    opened.close()


def within(engine: Engine, filters: Filters | None = None) -> Covered:
    asked = understand(Ask("*", filters=filters or Filters()), "en", TODAY)
    return covered(engine, asked.filters, FileCounts(2, 1, 0))


def by_day(days: list[date], vague: int = 0) -> Timeline:
    return Timeline(len(days) + vague, 0, vague, [(day.isoformat(), 1) for day in days])


def days(start: date, count: int, every: int = 1) -> list[date]:
    return [start + timedelta(at) for at in range(0, count, every)]


def test_sources_span_and_undated_articles_are_said(engine: Engine) -> None:
    found = within(engine)
    assert found.sources[0] == ("Courier", 201)
    assert (found.without_source, found.undated) == (1, 1)
    assert (found.first, found.last) == ("2016-09-01", "2017-03-19")


def test_a_source_that_falls_silent_has_a_gap_and_one_that_is_seldom_heard_has_none(
    engine: Engine,
) -> None:
    (gap,) = within(engine).gaps
    assert (gap.source, gap.first, gap.last) == ("Guardian", date(2016, 11, 3), date(2016, 11, 19))
    assert gap.days == len(HOLE)
    assert gap.expected > 10


def test_every_engine_says_the_same(engine: Engine) -> None:
    oracle = MemoryEngine(ARTICLES, "en")
    for filters in (Filters(), filters_of(source="guardian"), filters_of(since="2016-11-05")):
        assert within(engine, filters) == within(oracle, filters)


def test_a_gap_is_seen_by_who_asks_for_days_within_it_and_by_nobody_else(engine: Engine) -> None:
    inside = within(engine, filters_of(since="2016-11-05", until="2016-11-06"))
    assert [gap.source for gap in inside.gaps] == ["Guardian"]
    assert all(name != "Guardian" for name, _ in inside.sources)
    assert within(engine, filters_of(since="2017")).gaps == ()
    assert within(engine, filters_of(source="courier")).gaps == ()


def test_a_gap_of_the_whole_archive_is_told_once() -> None:
    made = [
        make_article(f"{source} {day}", "Fog.", source=source, published=day.isoformat())
        for source in ("Ledger", "Courier")
        for day in [*days(START, 60), *days(START + timedelta(90), 60)]
    ]
    found = within(MemoryEngine(made, "en"))
    assert [(gap.source, gap.days) for gap in found.gaps] == [(None, 30)]


def test_less_than_a_week_is_no_gap_however_many_articles_there_are() -> None:
    many = Timeline(0, 0, 0, [(day.isoformat(), 500) for day in [*days(START, 60),
                    *days(START + timedelta(66), 60)]])  # fmt: skip
    assert list(gaps_in(many, "Ledger")) == []
    more = [*many.buckets[:60], *[(d.isoformat(), 500) for d in days(START + timedelta(67), 60)]]
    assert [gap.days for gap in gaps_in(many._replace(buckets=more), "Ledger")] == [7]


def test_before_its_beginnings_and_after_its_end_a_source_has_no_gaps() -> None:
    alone = [START - timedelta(400), *days(START, 100), START + timedelta(600)]
    assert list(gaps_in(by_day(alone), "Ledger")) == []


def test_a_source_that_grew_is_measured_by_what_it_was() -> None:
    slow, quick = days(START, 700, every=14), days(START + timedelta(700), 300)
    assert list(gaps_in(by_day([*slow, *quick]), "Ledger")) == []


def test_where_many_dates_are_vague_nothing_is_said() -> None:
    broken = [*days(START, 60), *days(START + timedelta(90), 60)]
    assert len(list(gaps_in(by_day(broken), "Ledger"))) == 1
    assert list(gaps_in(by_day(broken, vague=30), "Ledger")) == []


def test_an_empty_archive_covers_nothing() -> None:
    found = within(MemoryEngine([], "en"))
    assert (found.sources, found.first, found.last, found.gaps) == ((), None, None, ())


def test_dates_are_said_as_exactly_as_they_are_known() -> None:
    made = [make_article(day, "Fog.", published=day) for day in ("2015", "2016-03-04", "2017-02")]
    found = within(MemoryEngine(made, "en"))
    assert (found.first, found.last) == ("2015", "2017-02")


def test_the_sentences_say_all_of_it(engine: Engine) -> None:
    found = Searched(len(ARTICLES), within(engine))
    articles = f"{len(ARTICLES)} articles of 4 sources, 2016-09 to 2017-03"
    assert list(searched_lines(0, found)) == [
        f"  Searched: 0 of {articles}; 1 has no date.",
        "    Guardian has none from 3 to 19 November 2016",
        "    2 files could not be read: newsidx files --status failed",
    ]
    assert list(searched_lines(0, Searched(5))) == []


def test_nothing_was_searched_because_of_the_filters_or_because_there_is_nothing(
    engine: Engine,
) -> None:
    what = within(engine)
    (filtered,) = searched_lines(0, Searched(0, what, filtered=True))
    (empty,) = searched_lines(0, Searched(0, what))
    assert filtered == "  Searched: nothing, for the filters let no article through."
    assert empty == "  Searched: nothing, for the archive is empty."


def test_the_record_has_the_number_always_and_the_rest_where_it_was_asked_for(
    engine: Engine,
) -> None:
    assert searched_record(Searched(5)) == {"articles": 5}
    record = searched_record(Searched(5, within(engine))) or {}
    assert record["gaps"][0]["source"] == "Guardian"
    assert record["files"] == {"failed": 2, "skipped": 1, "unseen": 0}


def test_a_page_says_what_was_searched(demo: Path) -> None:
    with open_index(demo) as index:
        found = index.search("calexit", source="harbor courier")
        nothing = index.search("zzzzqq", source="harbor courier")
        assert found.searched == Searched(index.count('source:"harbor courier"'), filtered=True)
        assert nothing.searched is not None
        assert nothing.searched.covered is not None
        assert nothing.searched.articles == found.searched.articles
        assert nothing.searched.covered.sources[0][0] == "Harbor Courier"
        assert index.coverage().articles == index.manifest.articles


def test_a_search_that_finds_nothing_does_not_fail_for_want_of_a_ledger(
    demo: Path, tmp_path: Path
) -> None:
    shutil.copytree(demo, tmp_path / "index")
    (tmp_path / "index" / "ledger.db").unlink()
    with open_index(tmp_path / "index") as index:
        found = index.search("zzzzqq").searched
    assert found is not None
    assert found.covered is not None
    assert found.covered.files is None
