"""Days, weeks, months, quarters and years: each day is in one bucket, and none is left out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsidx.errors import UsageError
from newsidx.query.render import render
from newsidx.searcher.buckets import (
    MOST,
    SIZES,
    bucket_of,
    buckets_between,
    ends_of,
    node_for,
    size_for,
)

DAYS = st.dates()
sizes = st.sampled_from(SIZES)


@pytest.mark.parametrize(
    ("size", "name", "query"),
    [
        ("day", "2016-11-08", "date:2016-11-08"),
        ("week", "2016-W45", "date:2016-11-07..2016-11-13"),
        ("month", "2016-11", "date:2016-11"),
        ("quarter", "2016-Q4", "date:2016-10..2016-12"),
        ("year", "2016", "date:2016"),
    ],
)
def test_buckets_have_the_names_of_iso_8601_and_a_query_each(
    size: str, name: str, query: str
) -> None:
    assert bucket_of(date(2016, 11, 8), size) == name
    assert render(node_for(name, size)) == query


def test_weeks_are_those_of_iso_8601_and_may_belong_to_another_year() -> None:
    assert bucket_of(date(2021, 1, 3), "week") == "2020-W53"
    assert bucket_of(date(2018, 12, 31), "week") == "2019-W01"
    assert ends_of("2020-W53", "week") == (date(2020, 12, 28), date(2021, 1, 3))


@given(DAYS, sizes)
def test_a_day_lies_between_the_ends_of_its_bucket_which_are_in_it_too(
    day: date, size: str
) -> None:
    first, last = ends_of(bucket_of(day, size), size)
    assert first <= day <= last
    assert {bucket_of(end, size) for end in (first, last)} == {bucket_of(day, size)}


@given(DAYS, st.integers(0, 1500), sizes)
def test_between_two_days_no_bucket_is_left_out_and_none_is_there_twice(
    day: date, more: int, size: str
) -> None:
    end = date.fromordinal(min(date.max.toordinal(), day.toordinal() + more))
    found = buckets_between(day, end, size)
    every = [bucket_of(day + timedelta(each), size) for each in range((end - day).days + 1)]
    assert found == list(dict.fromkeys(every))


def test_more_buckets_than_anybody_reads_are_refused_with_advice() -> None:
    with pytest.raises(UsageError) as refused:
        buckets_between(date(1, 1, 1), date(2020, 1, 1), "day")
    assert f"{MOST:,}" in refused.value.message
    assert "--by" in (refused.value.hint or "")


@given(DAYS, DAYS)
def test_the_size_that_suits_a_span_gives_few_buckets(one: date, other: date) -> None:
    first, last = sorted((one, other))
    size = size_for(first, last)
    if size != "year":
        assert len(buckets_between(first, last, size)) <= 63
