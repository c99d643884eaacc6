"""The line under a query that points at an error."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.errors import QueryError
from newsidx.query.caret import COLUMNS, point_at


def pointed(query: str, start: int, end: int) -> list[str]:
    return point_at(QueryError("Wrong.", query, start, end)).split("\n")


def columns(text: str) -> int:
    """Columns of a text without combining marks."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


@pytest.mark.parametrize(
    ("query", "start", "end", "carets"),
    [
        ("calexit AND (", 12, 13, "            ^"),
        ("a or b", 2, 4, "  ^^"),
        ("", 0, 0, "^"),
        ("abc", 3, 3, "   ^"),
        ("abc", 1, 1, " ^"),
        ("日本 or 東京", 3, 5, "     ^^"),
        ("日本 東京", 3, 5, "     ^^^^"),
        ("e\u0301e\u0301 x\u0308", 5, 7, "   ^"),
        ("ＡＢ c", 0, 2, "^^^^"),
        ("abc", 7, 9, "   ^"),
    ],
)
def test_the_carets_stand_under_the_place(query: str, start: int, end: int, carets: str) -> None:
    assert pointed(query, start, end) == [query, carets]


def test_characters_that_a_terminal_acts_on_are_replaced() -> None:
    assert pointed("a\tb\nc\x1b[31m\u202e\ud800\u2028(", 13, 14) == [
        "a b c\ufffd[31m\ufffd\ufffd (",
        "             ^",
    ]


def test_a_long_query_is_cut_around_the_place() -> None:
    line, carets = pointed("a" * 500 + "(" + "b" * 500, 500, 501)
    assert line.startswith("…")
    assert line.endswith("…")
    assert len(line) <= COLUMNS
    assert line[carets.index("^")] == "("


def test_a_long_query_is_cut_on_one_side_where_the_place_is_near_an_end() -> None:
    line, carets = pointed("(" + "a" * 500, 0, 1)
    assert (line[0], line[-1], carets) == ("(", "…", "^")
    line, carets = pointed("a" * 500 + "(", 500, 501)
    assert (line[0], line[-1], line[carets.index("^")]) == ("…", "(", "(")


@settings(max_examples=150, deadline=None)
@given(st.text("a日\x1b ", max_size=250), st.integers(0, 260), st.integers(0, 260))
def test_neither_line_is_wider_than_its_columns(query: str, start: int, length: int) -> None:
    line, carets = pointed(query, start, start + length)
    assert columns(line) <= COLUMNS
    assert len(carets) <= COLUMNS
    assert carets.strip(" ").strip("^") == ""
    assert carets.endswith("^")
