"""The days that people mean by what they type after `date:`."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.query.dates import date_range

TODAY = date(2016, 11, 9)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2016", "2016-01-01", "2016-12-31"),
        ("2016-11", "2016-11-01", "2016-11-30"),
        ("2016/11", "2016-11-01", "2016-11-30"),
        ("2016-02", "2016-02-01", "2016-02-29"),
        ("1900-02", "1900-02-01", "1900-02-28"),
        ("2016-11-08", "2016-11-08", "2016-11-08"),
        ("2016/11/08", "2016-11-08", "2016-11-08"),
        ("2016-1-8", "2016-01-08", "2016-01-08"),
        ("0001", "0001-01-01", "0001-12-31"),
        ("9999-12-31", "9999-12-31", "9999-12-31"),
        ("Nov 2016", "2016-11-01", "2016-11-30"),
        ("November 2016", "2016-11-01", "2016-11-30"),
        ("8 Nov 2016", "2016-11-08", "2016-11-08"),
        ("8 November 2016", "2016-11-08", "2016-11-08"),
        ("November 8, 2016", "2016-11-08", "2016-11-08"),
        ("Nov 8 2016", "2016-11-08", "2016-11-08"),
        ("Nov. 8, 2016", "2016-11-08", "2016-11-08"),
        ("Sept 2016", "2016-09-01", "2016-09-30"),
        ("may 2016", "2016-05-01", "2016-05-31"),
        ("  8\u00a0 NOV   2016 ", "2016-11-08", "2016-11-08"),
        ("today", "2016-11-09", "2016-11-09"),
        ("Yesterday", "2016-11-08", "2016-11-08"),
        ("tomorrow", "2016-11-10", "2016-11-10"),
        ("last 1 day", "2016-11-09", "2016-11-09"),
        ("last 30 days", "2016-10-11", "2016-11-09"),
        ("this week", "2016-11-07", "2016-11-13"),
        ("last week", "2016-10-31", "2016-11-06"),
        ("this month", "2016-11-01", "2016-11-30"),
        ("last month", "2016-10-01", "2016-10-31"),
        ("this year", "2016-01-01", "2016-12-31"),
        ("last year", "2015-01-01", "2015-12-31"),
    ],
)
def test_a_typed_date_is_its_first_and_last_day(text: str, first: str, last: str) -> None:
    assert date_range(text, TODAY) == (date.fromisoformat(first), date.fromisoformat(last))


def test_the_month_before_january_is_december() -> None:
    assert date_range("last month", date(2017, 1, 31)) == (date(2016, 12, 1), date(2016, 12, 31))


@pytest.mark.parametrize("offset", range(7))
def test_a_week_begins_on_monday(offset: int) -> None:
    monday = date(2016, 11, 7)
    assert date_range("this week", monday + timedelta(offset)) == (monday, date(2016, 11, 13))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2016-02-30", "There is no 30 February 2016: that month has 29 days."),
        ("2015-02-29", "There is no 29 February 2015: that month has 28 days."),
        ("31 April 2016", "There is no 31 April 2016: that month has 30 days."),
        ("November 0, 2016", "There is no 0 November 2016: that month has 30 days."),
        ("2016-13", "There is no month 13: months go from 1 to 12."),
        ("2016-00-01", "There is no month 0: months go from 1 to 12."),
        ("0000", "There is no year 0: years go from 1 to 9999."),
        ("last 0 days", "The last 0 days are no days at all."),
        ("last 9999999 days", "last 9999999 days lies outside the years 1 to 9999."),
    ],
)
def test_a_day_that_the_calendar_does_not_have_is_an_error(text: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared below
        date_range(text, TODAY)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("03/04/2016", "03/04/2016 could be two days: write 2016-03-04 or 2016-04-03."),
        ("3.4.2016", "3.4.2016 could be two days: write 2016-03-04 or 2016-04-03."),
        ("03-04-2016", "03-04-2016 could be two days: write 2016-03-04 or 2016-04-03."),
        ("13/04/2016", "13/04/2016 does not begin with its year: write 2016-04-13."),
        ("04/13/2016", "04/13/2016 does not begin with its year: write 2016-04-13."),
        ("04/04/2016", "04/04/2016 does not begin with its year: write 2016-04-04."),
        ("31/31/2016", "31/31/2016 is no day of the calendar. Write it as 2016-11-08."),
    ],
)
def test_a_date_that_ends_with_its_year_is_an_error_with_its_readings(
    text: str, message: str
) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared below
        date_range(text, TODAY)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "soon",
        "20161108",
        "16-11-08",
        "2016-11/08",
        "2016-11-08T12:00",
        "2016-",
        "-2016",
        "8 Nov",
        "Nov 16",
        "Foo 2016",
        "8 Foo 2016",
        "last days",
        "last -3 days",
        "next week",
        "last 30",
        "٢٠١٦",
        "2016-11-08 2016-11-09",
        "03/04/16",
    ],
)
def test_anything_else_is_an_error_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a date\. Write 2016, 2016-11, 2016-11-08"):
        date_range(text, TODAY)


@pytest.mark.parametrize(
    ("text", "today"),
    [
        ("tomorrow", date.max),
        ("this week", date.max),
        ("yesterday", date.min),
        ("last week", date.min),
        ("last 2 days", date.min),
    ],
)
def test_days_beyond_the_calendar_are_an_error(text: str, today: date) -> None:
    with pytest.raises(ValueError, match="outside the years 1 to 9999"):
        date_range(text, today)


def test_months_and_years_before_the_first_are_an_error() -> None:
    for text in ("last month", "last year"):
        with pytest.raises(ValueError, match="There is no year 0"):
            date_range(text, date.min)


@settings(max_examples=100, deadline=None)
@given(st.dates(), st.integers(1, 5000))
def test_the_last_days_are_that_many_and_end_today(today: date, count: int) -> None:
    if today.toordinal() < count:
        return
    first, last = date_range(f"last {count} days", today)
    assert (last, (last - first).days + 1) == (today, count)


@settings(max_examples=100, deadline=None)
@given(st.dates(min_value=date(1000, 1, 1)), st.sampled_from(["%d %b %Y", "%B %d, %Y", "%Y/%m/%d"]))
def test_a_day_is_found_however_it_is_written(day: date, form: str) -> None:
    assert date_range(day.strftime(form), TODAY) == (day, day)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=12) | st.text("0123456789-/. lastweekdaysnov", max_size=12))
def test_any_text_is_a_range_of_days_or_a_plain_error(text: str) -> None:
    try:
        first, last = date_range(text, TODAY)
    except ValueError as problem:
        message = str(problem)
    else:
        message = f"{first} to {last}." if first <= last else ""
    assert message.endswith(".")
