"""Dates as records write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.article import Published
from newsidx.refine.dates import ORDERS, Reading, date_order, read_date

TODAY = date(2020, 6, 15)


def _day(raw: str) -> str | None:
    reading = read_date(raw, today=TODAY)
    assert reading.reason is None
    return reading.published.isoformat() if reading.published else None


def _instant(raw: str) -> str | None:
    published = read_date(raw, today=TODAY).published
    return published.instant if published else None


@pytest.mark.parametrize(
    "raw",
    [
        "2016-12-08",
        "2016-12-8",
        "20161208",
        "2016/12/08",
        "2016.12.08",
        "2016-12-08T23:15:00-05:00",
        "2016-12-08T23:15:00.123456Z",
        "2016-12-08 23:15:00",
        "20161208T231500Z",
        "20161208231500",
        "Thu, 08 Dec 2016",
        "Thu, 08 Dec 2016 23:15:00 GMT",
        "Thu, 8 Dec 16 23:15 EST",
        "8-DEC-2016 15:01:01.79",
        " 8-DEC-2016 15:01:01.79\t\t\tE F",
        "8-DEC-2016 15:01:01.79A RM",
        "Thu Dec  8 23:15:00 2016",
        "Thu Dec  8 23:15:00 UTC 2016",
        "December 8, 2016",
        "Dec. 8, 2016, at 3 p.m.",
        "DECEMBER 8TH, 2016",
        "Published on December 8, 2016 | 3:04 PM",
        "3:04 PM ET, Thu December 8, 2016",
        "8 December 2016",
        "the 8th of December, 2016",
        "2016 December 8",
        "8. Dezember 2016, 15:04 Uhr",
        "Donnerstag, 8. Dez. 2016",
        "8 de diciembre de 2016",
        "jueves, 8 de diciembre de 2016 a las 15:04",
        "jeudi 8 décembre 2016 à 15h04",
        "8 dicembre 2016",
        "Qui, 08 Dez 2016 10:00:00 -0300",
        "8 december 2016",
        "08.12.2016",
        "8. 12. 2016",
        "2016年12月8日",
        "2016년 12월 8일",
        "٢٠١٦-١٢-٠٨",
        "1481155200",
        "1481155200.25",
        "1481155200000",
        "{'$date': 1481155200000}",
        '{"$date": {"$numberLong": "1481155200000"}}',
        '{"$date": "2016-12-08T00:00:00Z"}',
        "/Date(1481155200000)/",
        "2016-12-08T10:00:00+01:00[Europe/Berlin]",
        "2016-12-08 10:00:00.123 +0000 UTC",
        "Donnerstag, 8. Dezember 2016, 15.04 Uhr",
        "Thursday 8 December 2016 15.04 GMT",
        "8 December 2016 at 3.04pm",
        "2016-12-08 10:00 America/New_York",
        "Dec 8, 2016 10:00 AM Pacific Time",
    ],
)
def test_every_usual_form_of_a_day_is_read(raw: str) -> None:
    assert _day(raw) == "2016-12-08"


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("2016-12", "2016-12"),
        ("2016/12", "2016-12"),
        ("12/2016", "2016-12"),
        ("December 2016", "2016-12"),
        ("2016", "2016"),
    ],
)
def test_a_date_is_as_precise_as_it_is_written(raw: str, day: str) -> None:
    assert _day(raw) == day


@pytest.mark.parametrize(
    ("raw", "instant"),
    [
        ("2016-11-08T23:00:00-05:00", "2016-11-09T04:00:00Z"),
        ("2016-11-08T23:00:00Z", "2016-11-08T23:00:00Z"),
        ("Tue, 08 Nov 2016 10:00:00 +0100 (CET)", "2016-11-08T09:00:00Z"),
        ("Tue, 08 Nov 2016 10:00:00 EST", "2016-11-08T15:00:00Z"),
        ("Nov. 8, 2016 12:30 AM EST", "2016-11-08T05:30:00Z"),
        ("Nov. 8, 2016 12:30 PM GMT+2", "2016-11-08T10:30:00Z"),
        ("1478646000", "2016-11-08T23:00:00Z"),
    ],
)
def test_a_time_with_a_zone_gives_the_instant_and_the_day_stays_local(
    raw: str, instant: str
) -> None:
    assert _instant(raw) == instant
    assert _day(raw) == "2016-11-08"


@pytest.mark.parametrize(
    "raw",
    [
        "2016-11-08",
        "2016-11-08T23:00:00",
        "Nov. 8, 2016 3:04 PM",
        "Nov. 8, 2016 3:04 PM ET",  # one of two zones
        "2016-11-08 10:00 Europe/Berlin",
        "2016-11-08T25:00:00Z",  # no such time
        "2016-11-08T10:00:00+99:00",  # no such zone
        "Nov. 8, 2016 15:04 PM EST",  # no such hour
    ],
)
def test_without_a_time_and_a_zone_there_is_a_day_and_no_instant(raw: str) -> None:
    assert _day(raw) == "2016-11-08"
    assert _instant(raw) is None


@pytest.mark.parametrize("raw", ["13/04/2016", "04/13/2016", "13-4-2016", "4/13/16"])
def test_a_number_over_twelve_says_which_is_the_day(raw: str) -> None:
    assert _day(raw) == "2016-04-13"


def test_the_same_number_twice_is_no_riddle() -> None:
    assert _day("05/05/2016") == "2016-05-05"


@pytest.mark.parametrize(
    ("raw", "year"), [("03/04/2016", 2016), ("3-4-2016", 2016), ("4/12/19", 2019)]
)
def test_of_an_ambiguous_day_the_year_is_kept_and_nothing_else(raw: str, year: int) -> None:
    assert read_date(raw, today=TODAY) == Reading(Published(year), "ambiguous", "open")


@pytest.mark.parametrize("raw", ["08/11/16", "201611", "201611081234"])
def test_of_an_ambiguous_year_nothing_is_kept(raw: str) -> None:
    reading = read_date(raw, today=TODAY)
    assert (reading.published, reading.reason) == (None, "ambiguous")


@pytest.mark.parametrize(
    ("raw", "order", "day"),
    [
        ("03/04/2016", "dmy", "2016-04-03"),
        ("03/04/2016", "mdy", "2016-03-04"),
        ("3-4-2016 10:00", "mdy", "2016-03-04"),
        ("08/11/16", "dmy", "2016-11-08"),
        ("08/11/16", "mdy", "2016-08-11"),
        ("08/11/16", "ymd", "2008-11-16"),
    ],
)
def test_a_known_order_settles_what_is_open(raw: str, order: str, day: str) -> None:
    reading = read_date(raw, order=order, today=TODAY)
    assert reading.reason is None
    assert reading.published == Published.from_iso(day)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(
    "raw", ["13/04/2016", "04/13/2016", "13.04.2016", "2016-04-13", "April 13, 2016"]
)
def test_a_known_order_changes_nothing_that_is_certain(raw: str, order: str) -> None:
    reading = read_date(raw, order=order, today=TODAY)
    assert reading.published == Published(2016, 4, 13)


def test_an_order_that_does_not_fit_leaves_it_open() -> None:
    assert read_date("03/04/2016", order="ymd", today=TODAY).reason == "ambiguous"


@pytest.mark.parametrize(
    ("raw", "order"),
    [
        ("13/04/2016", "dmy"),
        ("13-4-2016 10:00", "dmy"),
        ("13.04.2016", "dmy"),
        ("04/13/2016", "mdy"),
        ("4/13/16", "mdy"),
        ("99/12/31", "ymd"),
        ("03/04/2016", "open"),
        ("13/04/16", "open"),  # or the 16th of April 2013
        ("05/05/2016", None),
        ("03.04.2016", None),
        ("2016-04-13", None),
        ("13 April 2016", None),
        ("31/02/2016", None),
        ("1460505600", None),
        ("soon", None),
    ],
)
def test_a_date_shows_its_order_only_by_a_number_that_is_no_month(
    raw: str, order: str | None
) -> None:
    assert date_order(raw) == order


@given(st.dates(date(2000, 1, 1), TODAY), st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%m-%d-%Y"]))
@settings(max_examples=150)
def test_with_its_order_every_numeric_date_is_the_day_it_was(day: date, form: str) -> None:
    order = "dmy" if form.startswith("%d") else "mdy"
    written = day.strftime(form)
    reading = read_date(written, order=order, today=TODAY)
    assert reading.published == Published(day.year, day.month, day.day)
    assert date_order(written) in (order, "open", None)


@pytest.mark.parametrize(
    "raw",
    [
        "31-MAR-1987 605:12:19.12",
        "31-MAR-1987 25:61:00",
        "31-MAR-1987 00:00:00.00    # date added as guesswork",
        "1987-03-31T99:12:00Z",
        "1987-03-31 16:30-:00+16:30",
    ],
)
def test_a_clock_that_there_is_not_costs_the_time_and_not_the_day(raw: str) -> None:
    reading = read_date(raw, today=TODAY)
    assert reading == Reading(Published(1987, 3, 31))


@pytest.mark.parametrize(("raw", "day"), [("20 Apr 49", "2049-04-20"), ("20 Apr 50", "1950-04-20")])
def test_a_short_year_is_of_1950_to_2049(raw: str, day: str) -> None:
    published = read_date(raw, today=date(2050, 1, 1)).published
    assert published is not None
    assert published.isoformat() == day


@pytest.mark.parametrize(
    "raw", ["2016-02-31", "31/02/2016", "February 30, 2016", "2016-13-01", "0000-00-00 00:00:00"]
)
def test_a_day_that_never_was_is_rejected_and_not_moved(raw: str) -> None:
    assert read_date(raw, today=TODAY) == Reading(None, "impossible")


@pytest.mark.parametrize(
    "raw", ["0001-01-01T00:00:00Z", "1599-12-31", "2020-06-18", "2021", "9999999999", "9999-12-31"]
)
def test_a_day_where_no_news_can_lie_is_absurd(raw: str) -> None:
    assert read_date(raw, today=TODAY) == Reading(None, "absurd")


def test_two_days_ahead_is_still_news() -> None:
    assert _day("2020-06-17") == "2020-06-17"


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "None",
        "yesterday",
        "2 hours ago",
        "December 8",
        "8 December",
        "15:04",
        "12",
        "8-9 November 2016",
        "10 and 20 2016",
        "Updated 2016-11-08, 2016-11-09",
        "call 555 2016",
        "2016-11-08 " * 20,
    ],
)
def test_what_names_no_single_day_is_unreadable(raw: str) -> None:
    assert read_date(raw, today=TODAY) == Reading(None, "unreadable")


@settings(max_examples=500)
@given(st.text() | st.text(st.sampled_from("0123456789-/.:TZ+ ,'{}$dateNovMarPM年")))
def test_no_text_makes_it_fail_or_give_a_day_that_is_not_one(raw: str) -> None:
    reading = read_date(raw, today=TODAY)
    assert reading.reason in (None, "unreadable", "impossible", "ambiguous", "absurd")
    assert (reading.published is None) <= (reading.reason is not None)
    if reading.published:
        assert date(1600, 1, 1) <= reading.published.first <= date(2020, 6, 17)
        assert Published.from_iso(reading.published.isoformat()).first == reading.published.first


@settings(max_examples=100)
@given(st.dates(date(1600, 1, 1), TODAY))
def test_every_day_is_read_back_from_every_certain_form(day: date) -> None:
    forms = ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%d %B %Y", "%B %d, %Y", "%a, %d %b %Y")
    for form in forms:
        written = day.strftime(form.replace("%Y", f"{day.year:04}"))
        reading = read_date(written, today=TODAY)
        assert (reading.published, reading.reason) == (
            Published(day.year, day.month, day.day),
            None,
        )
