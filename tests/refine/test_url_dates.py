"""Dates and sections in addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsidx.article import Published
from newsidx.refine.urldates import date_in_url, section_in_url


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/2016/11/08/storm", "2016-11-08"),
        ("/2016/11/8/20948348/storm", "2016-11-08"),
        ("/2016/11/08", "2016-11-08"),
        ("/news/2016/11/08-storm", "2016-11-08"),
        ("/world/2016/nov/08/storm", "2016-11-08"),
        ("/world/2016/Nov/8/storm", "2016-11-08"),
        ("/2016-11-08-storm", "2016-11-08"),
        ("/story/2016-11-08/storm", "2016-11-08"),
        ("/2016-11-08.html", "2016-11-08"),
        ("/a/20161108/storm", "2016-11-08"),
        ("/1987/03/26/business/dollar.html", "1987-03-26"),
        ("/2016/11/storm", "2016-11"),
        ("/2016/11/", "2016-11"),
        ("/web/20161108000000/https://example.com/2016/11/07/storm", "2016-11-07"),
    ],
)
def test_a_date_in_the_path_is_read(path: str, day: str) -> None:
    assert date_in_url(f"https://example.org{path}") == Published.from_iso(day)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/storm-of-2016",
        "/2016/",
        "/2016/storm",
        "/2016/11",
        "/2016/13/01/a",
        "/2016/31/12/a",
        "/2016/02/30/a",
        "/2016/11/45/a",
        "/2016/5/storm",
        "/1987/03/storm",
        "/season/2015-16/",
        "/season/2011-12/",
        "/20161308/a",
        "/20161108123/a",
        "/19850101/a",
        "/a20161108/",
        "/id/1201611081/",
        "/2016/november/a",
        "/08/11/2016/a",
        "/2016/11/08/2016-11-09-a",
        "/a?date=2016-11-08",
    ],
)
def test_a_number_that_is_no_date_for_sure_is_none(path: str) -> None:
    assert date_in_url(f"https://example.org{path}") is None


@given(st.text(st.sampled_from("/-0129nov."), max_size=30) | st.text(max_size=30))
def test_no_path_makes_it_fail(path: str) -> None:
    day = date_in_url(f"https://example.org/{path}")
    assert day is None or day.month
    assert section_in_url(f"https://example.org/{path}") is None or path


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("/politics/2016/11/08/storm", "politics"),
        ("/Politics/storm", "politics"),
        ("/2016/11/08/politics/storm", "politics"),
        ("/story/news/politics/2016/11/08/storm", "politics"),
        ("/news/world/storm", "world"),
        ("/wirtschaft/storm-1.234", "wirtschaft"),
        ("/economia/2016/storm", "economia"),
    ],
)
def test_a_known_section_where_sections_stand_is_one(path: str, section: str) -> None:
    assert section_in_url(f"https://example.org{path}") == section


@pytest.mark.parametrize(
    "path",
    ["/", "/politics", "/news/politics", "/2016/11/08/politics", "/a/politics/b", "/us/a",
     "/media/a", "/articles/2016/11/08/a", "/politics-of-storms/a"],
)  # fmt: skip
def test_any_other_part_of_a_path_is_no_section(path: str) -> None:
    assert section_in_url(f"https://example.org{path}") is None
