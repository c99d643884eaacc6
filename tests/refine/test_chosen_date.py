"""Which of its dates an article gets, and what is said of the others."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.article import Published, RawArticle
from newsidx.refine.published import Dated, published_of

TODAY = date(2020, 6, 15)
DAY = Published(2016, 11, 8)


def _chosen(
    *dates: tuple[str, str], url: str | None = None, order: str | None = None, mtime: bool = False
) -> Dated:
    """What comes of dates of which the first is the record's."""
    raw = RawArticle(other_dates=list(dates[1:]))
    if dates:
        way, raw.published = dates[0]
        raw.provenance["published"] = way
    day = date(2019, 1, 1) if mtime else None
    return published_of(raw, url, today=TODAY, order=order, mtime=day)


URL = "https://example.org/2016/11/08/storm"


def test_the_order_of_trust_is_json_ld_meta_record_address_text() -> None:
    dates = [
        ("text", "2016-11-05"),
        ("column:date", "2016-11-06"),
        ("meta:date", "2016-11-07"),
        ("json-ld", "2016-11-08"),
    ]
    ways = []
    while dates:
        ways.append(
            (_chosen(*dates, url="https://example.org/2016/11/04/a").way or "").split(";")[0]
        )
        dates.pop()
    assert ways == ["json-ld", "meta:date", "column:date", "url"]
    assert _chosen(("text", "8 November 2016")) == Dated(DAY, "text")


def test_a_page_within_a_record_is_trusted_for_what_it_declares() -> None:
    dated = _chosen(("column:date", "2016-11-01"), ("record:html (json-ld)", "2016-11-08"))
    assert dated.published == DAY
    assert dated.way == "record:html (json-ld); column:date says 2016-11-01"


def test_what_a_page_within_a_record_shows_is_visible_text() -> None:
    dates = (("record:html (text)", "2016"), ("record:html (text)", "2016-11-01"))
    assert _chosen(*dates, url=URL).way == "url; record:html (text) says 2016-11-01"


def test_one_date_is_noted_by_its_way_alone() -> None:
    assert _chosen(("json-ld", "2016-11-08")) == Dated(DAY, "json-ld")
    assert _chosen() == Dated(None, None)


@pytest.mark.parametrize("other", ["2016-11-07", "2016-11-09", "2016-11", "2016"])
def test_a_day_apart_is_no_disagreement(other: str) -> None:
    assert _chosen(("json-ld", "2016-11-08"), ("meta:date", other)).way == "json-ld"


def test_the_first_that_is_more_than_a_day_off_is_noted() -> None:
    dates = (("json-ld", "2016-11-08"), ("meta:date", "2016-11-07"), ("itemprop", "2016-11-10"))
    dated = _chosen(*dates, url="https://example.org/2016/12/24/a")
    assert dated == Dated(DAY, "json-ld; itemprop says 2016-11-10")
    assert _chosen(("json-ld", "2016-11-08"), url="https://example.org/2016/12/a").way == (
        "json-ld; url says 2016-12"
    )


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("0001-01-01T00:00:00Z", "absurd"),
        ("2050-01-01", "absurd"),
        ("31 February 2016", "impossible"),
        ("soon", "unreadable"),
        ("201611", "ambiguous"),
    ],
)
def test_a_date_that_can_not_be_taken_is_left_out_and_recorded(written: str, reason: str) -> None:
    assert _chosen(("column:date", written)) == Dated(None, f"rejected: {reason}: {written}")
    assert _chosen(("column:date", written), url=URL) == Dated(
        DAY, f"url; column:date rejected: {reason}: {written}"
    )
    assert _chosen(("column:date", written), mtime=True).way == (
        f"file-time; rejected: {reason}: {written}"
    )


def test_the_files_time_hides_no_other_date() -> None:
    assert _chosen(("text", "8 November 2016"), mtime=True).published == DAY
    assert _chosen(url=URL, mtime=True).way == "url"


def test_an_ambiguous_date_keeps_its_year_and_shows_that_it_is_open() -> None:
    dated = _chosen(("column:date", "03/04/2016"))
    assert dated == Dated(Published(2016), "ambiguous: 03/04/2016", "open")


def test_the_order_of_the_source_settles_an_ambiguous_date_and_is_noted() -> None:
    dated = _chosen(("column:date", "03/04/2016"), order="dmy")
    assert dated == Dated(Published(2016, 4, 3), "column:date; read as dmy", "open")
    certain = _chosen(("column:date", "13/04/2016"), order="mdy")
    assert certain == Dated(Published(2016, 4, 13), "column:date", "dmy")


@pytest.mark.parametrize(
    ("path", "day", "order"),
    [
        ("2016/04/03", "2016-04-03", "dmy"),
        ("2016/03/04", "2016-03-04", "mdy"),
        ("2016/04", "2016-04-03", "dmy"),
    ],
)
def test_the_address_settles_an_ambiguous_date_of_its_article(
    path: str, day: str, order: str
) -> None:
    dated = _chosen(("column:date", "03/04/2016 10:00 GMT"), url=f"https://example.org/{path}/a")
    assert dated.published == Published.from_iso(day, f"{day}T10:00:00Z")
    assert (dated.way, dated.order) == (f"column:date; read as {order}", order)


def test_an_address_that_fits_neither_reading_settles_nothing() -> None:
    dated = _chosen(("column:date", "03/04/2016"), url="https://example.org/2017/08/09/a")
    assert dated.published == Published(2016)
    assert dated.way == "ambiguous: 03/04/2016; url says 2017-08-09"
    assert dated.order == "open"


def test_what_is_shown_of_the_order_counts_even_where_the_day_does_not() -> None:
    assert _chosen(("column:date", "31/12/2050")).order is None
    assert _chosen(("column:date", "08/11/16")).order == "open"


@pytest.mark.parametrize("shown", ["2016", "November 2016", "Storm of 2016"])
def test_visible_text_that_is_no_whole_day_says_nothing(shown: str) -> None:
    assert _chosen(("text", shown)) == Dated(None, None)


def test_visible_text_with_several_days_says_nothing() -> None:
    raw = RawArticle(other_dates=[("text", "8 November 2016"), ("text", "9 November 2016")])
    assert published_of(raw, None, today=TODAY) == Dated()
    raw.other_dates = [("text", "8 November 2016"), ("text", "2016-11-08")]
    assert published_of(raw, None, today=TODAY) == Dated(DAY, "text")


def test_visible_text_can_wait_for_the_order_of_its_source() -> None:
    assert _chosen(("text", "03/04/2016")) == Dated(
        Published(2016), "ambiguous: 03/04/2016", "open"
    )
    assert _chosen(("text", "03/04/2016"), order="mdy") == Dated(
        Published(2016, 3, 4), "text; read as mdy", "open"
    )


def test_a_date_that_is_not_taken_still_shows_the_order_of_its_source() -> None:
    dated = _chosen(("json-ld", "2016-04-13"), ("column:date", "13/04/2016"))
    assert (dated.way, dated.order) == ("json-ld", "dmy")
    dated = _chosen(("json-ld", "2016-04-03"), ("column:date", "03/04/2016"))
    assert (dated.way, dated.order) == ("json-ld", None)


_WRITTEN = st.sampled_from(["2016-11-08", "03/04/2016", "31/12/2016", "0001-01-01", "x", "2016"])
_WAYS = st.sampled_from(["json-ld", "meta:date", "record", "text", "record:html (meta:date)"])


@given(
    st.lists(st.tuples(_WAYS, _WRITTEN | st.text(max_size=20)), max_size=4),
    st.none() | st.sampled_from([URL, "https://example.org/2016/04/a"]),
    st.none() | st.sampled_from(["dmy", "mdy", "ymd"]),
)
@settings(max_examples=300)
def test_a_day_always_has_a_way_and_no_day_is_invented(
    dates: list[tuple[str, str]], url: str | None, order: str | None
) -> None:
    raw = RawArticle(other_dates=dates)
    dated = published_of(raw, url, today=TODAY, order=order)
    assert (dated.published is not None) <= bool(dated.way)
    if dated.way and dated.published is None:
        assert dated.way.startswith("rejected: ")
    if dated.published is None and url:
        raise AssertionError("the address had a day")
    assert dated.order in (None, "open", "dmy", "mdy", "ymd")
