"""Articles in time: every bucket is checked against the query that lists its articles."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsidx.article import Article
from newsidx.engines.base import Engine, SearchRequest
from newsidx.engines.memory import MemoryEngine
from newsidx.errors import UsageError
from newsidx.query.bind import bind
from newsidx.query.parser import parse
from newsidx.results.counts import Series, Timelines
from newsidx.searcher.buckets import SIZES
from newsidx.searcher.filters import filters_of
from newsidx.searcher.intervals import wilson
from newsidx.searcher.question import Ask, Understood, understand
from newsidx.searcher.timeline import Plan, timelines
from tests.conftest import make_article
from tests.contract.engines import USUAL

TODAY = date(2024, 5, 17)

# Who wrote when, and what: days, a month, a year and nothing are all that a date can be.
_WRITTEN = [
    ("Ledger", "2019-01-07", "The ferry sailed. The ferry came back."),
    ("Ledger", "2019-01-20", "Harbour news."),
    ("Ledger", "2019-02-03", "A ferry, and elections."),
    ("Ledger", "2019-04-01", "Fog."),
    ("Courier", "2019-01-08", "Ferries everywhere: ferry, ferry, ferry."),
    ("Courier", "2019-02-28", "An election."),
    ("Courier", "2019-02", "The ferry of February."),
    ("Courier", "2019-05-31", "The last ferry."),
    ("Wire", "2019-01-01", "Nothing happened."),
    ("Wire", "2019", "A year of ferries."),
    ("Wire", None, "An undated ferry."),
    (None, "2019-04-30", "The ferry of nobody."),
    ("???", "2019-05-01", "A ferry from a paper without a name."),
]
ARTICLES = [
    make_article(f"Title {number}", body, source=source, published=day, path=str(number))
    for number, (source, day, body) in enumerate(_WRITTEN)
]


@pytest.fixture(scope="module", params=USUAL)
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    opened = USUAL[request.param](ARTICLES, tmp_path_factory.mktemp(request.param))
    yield opened
    opened.close()


def read(question: str | Ask) -> Understood:
    return understand(Ask(question) if isinstance(question, str) else question, "en", TODAY)


def drawn(
    engine: Engine,
    *questions: str | Ask,
    base: str | Ask | None = None,
    **plan: Any,
) -> Timelines:
    whole = None if base is None else read(base)
    return timelines(engine, [read(each) for each in questions], Plan(**plan), "en", whole)


def numbers(series: Series) -> dict[str, int]:
    return {each.name: each.n for each in series.buckets}


def total(engine: Engine, query: str | None) -> int:
    assert query is not None
    bound = bind(parse(query), query, language="en", today=TODAY)
    return engine.search(SearchRequest(bound, limit=0)).total


QUESTIONS = [
    Ask("*"),
    Ask("the ferry"),
    Ask("ferry election", any_word=True),
    Ask("ferries", exact=True),
    Ask("ferry or -election", literal=True, any_word=True),
    Ask("-ferry OR harbour"),
    Ask("ferry", filters=filters_of(since="2019-01-08", until="2019-05")),
    Ask("ferry", filters=filters_of(source=["ledger", "courier"])),
    Ask("zzzz"),
]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each.text)
def test_the_query_of_a_bucket_lists_as_many_articles_as_were_counted(
    engine: Engine, question: Ask, size: str
) -> None:
    (series,) = drawn(engine, question, by=size).series
    found = [total(engine, each.query) for each in series.buckets]
    assert found == [each.n for each in series.buckets] == [b.articles for b in series.buckets]
    assert sum(found) + series.undated + series.vague == series.total


@pytest.mark.parametrize("size", [None, *SIZES])
@pytest.mark.parametrize(
    "plan",
    [{}, {"split": "source"}, {"unit": "mentions"}, {"base": "the OR ferry"}],
    ids=str,
)
def test_every_engine_counts_the_same(engine: Engine, plan: dict[str, Any], size: str) -> None:
    oracle = MemoryEngine(ARTICLES, "en")
    for question in QUESTIONS:
        assert drawn(engine, question, by=size, **plan) == drawn(oracle, question, by=size, **plan)


def test_buckets_without_a_match_are_there_and_those_without_any_article_are_gaps(
    engine: Engine,
) -> None:
    (series,) = drawn(engine, "ferry", by="month").series
    assert numbers(series) == {
        "2019-01": 2, "2019-02": 2, "2019-03": 0, "2019-04": 1, "2019-05": 2,
    }  # fmt: skip
    gaps = [each for each in series.buckets if each.gap]
    assert [each.name for each in gaps] == ["2019-03"]
    assert [(each.ratio, each.lower, each.upper) for each in gaps] == [(None, None, None)]
    (none,) = drawn(engine, "harbour", by="week").series
    assert [each.name for each in none.buckets] == ["2019-W03"]


def test_dates_that_do_not_tell_the_bucket_are_counted_beside(engine: Engine) -> None:
    found = {size: drawn(engine, "ferry", by=size).series[0] for size in SIZES}
    assert {size: (each.undated, each.vague) for size, each in found.items()} == {
        "day": (1, 2), "week": (1, 2), "month": (1, 1), "quarter": (1, 1), "year": (1, 0),
    }  # fmt: skip


def test_a_share_is_of_all_articles_of_its_bucket_and_lies_in_its_interval(
    engine: Engine,
) -> None:
    (series,) = drawn(engine, "ferry", by="month").series
    january = series.buckets[0]
    assert (january.n, january.base, january.ratio) == (2, 4, 0.5)
    assert january.lower is not None
    assert january.upper is not None
    assert 0 < january.lower < 0.5 < january.upper < 1


def test_a_base_of_its_own_is_what_is_counted_among(engine: Engine) -> None:
    (series,) = drawn(engine, "ferry", base="source:courier", by="month").series
    assert [(each.n, each.base) for each in series.buckets] == [
        (1, 1), (1, 2), (0, 0), (0, 0), (1, 1),
    ]  # fmt: skip
    assert [total(engine, each.query) for each in series.buckets] == [1, 1, 0, 0, 1]


def test_filters_of_dates_are_the_span_and_need_not_be_named_in_each_bucket(
    engine: Engine,
) -> None:
    asked = Ask("ferry", filters=filters_of(since="2018-12", until="2019-06-15"))
    (series,) = drawn(engine, asked, by="month").series
    assert [each.name for each in series.buckets][::6] == ["2018-12", "2019-06"]
    queries = [each.query or "" for each in series.buckets]
    assert queries[1] == "ferry AND date:2019-01"
    assert "2019-06-15" in queries[-1]


def test_a_split_has_a_series_for_each_of_the_commonest_values_over_the_same_buckets(
    engine: Engine,
) -> None:
    found = drawn(engine, "ferry", split="source", limit=2, by="month")
    assert [(each.name, each.total) for each in found.series] == [("Courier", 3), ("Ledger", 2)]
    assert found.total == total(engine, "ferry")
    assert found.values == 4  # the paper without a name is one of them
    spans = {tuple(each.name for each in series.buckets) for series in found.series}
    assert len(spans) == 1
    for series in found.series:
        assert [total(engine, each.query) for each in series.buckets] == [
            each.n for each in series.buckets
        ]
        assert series.base == total(engine, f"source:={series.name}")
    every = drawn(engine, "ferry", split="source", limit=None, by="month")
    assert [each.name for each in every.series] == ["Courier", "Ledger", "Wire"]


def test_queries_against_each_other_have_one_base_and_one_span(engine: Engine) -> None:
    found = drawn(engine, "ferry", "election", by="month")
    assert [each.name for each in found.series] == ["ferry", "election"]
    ferry, election = found.series
    assert [each.base for each in ferry.buckets] == [each.base for each in election.buckets]
    assert numbers(election)["2019-02"] == 2


def test_balanced_keeps_sources_that_are_there_in_every_bucket_that_is_no_gap(
    engine: Engine,
) -> None:
    asked = Ask("ferry", filters=filters_of(since="2019-01", until="2019-04"))
    found = drawn(engine, asked, by="month", balanced=True)
    assert found.kept is not None
    assert (found.kept.sources, found.kept.of) == (1, 3)
    (series,) = found.series
    assert [(each.n, each.base) for each in series.buckets] == [(1, 2), (1, 1), (0, 0), (0, 1)]
    assert [total(engine, each.query) for each in series.buckets] == [1, 1, 0, 0]


def test_where_no_source_is_there_all_the_time_the_answer_says_what_to_do(
    engine: Engine,
) -> None:
    with pytest.raises(UsageError, match="No source has an article in every month") as refused:
        drawn(engine, "ferry", by="month", balanced=True)
    assert "--by" in (refused.value.hint or "")


def test_mentions_are_matches_in_the_body_by_a_million_of_its_words(engine: Engine) -> None:
    (series,) = drawn(engine, "ferry", by="month", unit="mentions").series
    january = series.buckets[0]
    words = sum(each.words for each in ARTICLES if _month(each) == "2019-01")
    assert (january.n, january.articles, january.base) == (2 + 4, 2, words)
    assert january.ratio == pytest.approx(6 / words * 1_000_000)
    assert january.lower is None
    assert [total(engine, each.query) for each in series.buckets] == [
        each.articles for each in series.buckets
    ]
    again = drawn(engine, "ferry", by="month", unit="per-million").series
    assert again == (series,)


def test_a_word_that_is_in_titles_only_is_never_mentioned(engine: Engine) -> None:
    (series,) = drawn(engine, "title", by="year", unit="mentions").series
    assert [(each.n, each.articles > 0) for each in series.buckets] == [(0, True)]


def _month(article: Article) -> str | None:
    return article.published.isoformat()[:7] if article.published else None


@pytest.mark.parametrize(
    ("days", "size"),
    [(10, "day"), (200, "week"), (900, "month"), (4000, "quarter"), (9000, "year")],
)
def test_the_size_of_buckets_suits_the_span(days: int, size: str) -> None:
    start = date(1990, 1, 1)
    made = [
        make_article(f"{at}", "Fog.", published=(start + timedelta(at)).isoformat())
        for at in (0, days // 2, days)
    ]
    assert drawn(MemoryEngine(made, "en"), "fog").by == size


def test_where_dates_are_vague_the_buckets_are_no_finer_than_they() -> None:
    made = [make_article(f"{at}", "Fog.", published=f"2019-0{at}") for at in (1, 2, 3)]
    assert drawn(MemoryEngine(made, "en"), "fog").by == "month"
    made = [make_article(f"{at}", "Fog.", published=f"201{at}") for at in (1, 2, 3)]
    assert drawn(MemoryEngine(made, "en"), "fog").by == "year"


def test_nothing_found_is_no_bucket(engine: Engine) -> None:
    for plan in ({}, {"split": "source"}, {"balanced": True}):
        found = drawn(engine, "zzzz", **plan)
        assert all(each.total == 0 and each.buckets == () for each in found.series)


@pytest.mark.parametrize(
    ("plan", "said"),
    [({"by": "fortnight"}, "quarter"), ({"unit": "words"}, "per-million"), ({"limit": -1}, "0")],
)
def test_a_plan_that_makes_no_sense_is_refused_with_what_does(
    plan: dict[str, Any], said: str
) -> None:
    with pytest.raises(UsageError) as refused:
        drawn(MemoryEngine([], "en"), "fog", **plan)
    assert said in (refused.value.hint or "")


@given(st.integers(1, 10_000).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base))))
def test_an_interval_of_wilson_holds_its_share_and_no_more_than_there_is(
    pair: tuple[int, int],
) -> None:
    n, base = pair
    lower, upper = wilson(n, base)
    assert 0 <= lower <= n / base <= upper <= 1


def test_an_interval_of_wilson_solves_the_equation_that_it_is_made_from() -> None:
    for n, base in itertools.product((1, 7, 30), (40, 4000)):
        for end in wilson(n, base):
            # Both ends p are so far from the share, in standard deviations at p.
            away = abs(n / base - end) / (end * (1 - end) / base) ** 0.5
            assert away == pytest.approx(1.959964)
