"""Titles made from bodies."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.refine.titles import MAX_LENGTH, title_from_body


def test_a_title_is_the_first_sentence() -> None:
    body = "The council met on Monday. It decided nothing.\n\nThen it rained."
    assert title_from_body(body) == "The council met on Monday."


def test_a_long_sentence_is_cut_between_words_and_says_so() -> None:
    body = "The council of the old town by the river " * 5 + "met."
    title = title_from_body(body)
    assert title.endswith("…")
    assert len(title) <= MAX_LENGTH
    assert body.startswith(title[:-1] + " ")


def test_no_comma_or_opening_quote_stands_before_the_ellipsis() -> None:
    body = "a" * 100 + " and then, “" + "b" * 100
    assert title_from_body(body) == "a" * 100 + " and then…"


def test_text_without_spaces_is_cut_before_a_letter_never_before_its_mark() -> None:
    letter = "q\u0323\u0301"  # one letter, three code points: the limit falls on a mark
    assert title_from_body("x" * 117 + letter * 40) == "x" * 117 + "…"


def test_white_space_within_the_sentence_is_collapsed() -> None:
    assert title_from_body("  The   council met  — at last. More.") == "The council met — at last."


@pytest.mark.parametrize(
    "dateline",
    [
        "WASHINGTON (Outlet) — ",
        "LONDON, Jan. 5 (Reuters) - ",
        "NEW YORK — ",
        "St. Paul, Minn. (AP) – ",
        "(CNN) ",
        "Washington (CNN) ",
        "FORT COLLINS, Colo. -- ",
    ],
)
def test_a_dateline_is_left_out(dateline: str) -> None:
    assert title_from_body(f"{dateline}The council met on Monday.") == "The council met on Monday."


@pytest.mark.parametrize(
    "text",
    [
        "The council (which nobody likes) met on Monday.",
        "NATO forces met on Monday in the capital.",
        "Smith (Democrat) won the seat on Monday.",
        "I — of all people — was asked on Monday.",
    ],
)
def test_a_sentence_that_only_resembles_a_dateline_stays_whole(text: str) -> None:
    assert title_from_body(text) == text


@pytest.mark.parametrize(
    "above",
    ["Jane Doe", "ANALYSIS/OPINION:", "7 years ago", "(Photo: A. Miller)", "* * *", "Dear reader:"],
)
def test_what_scrapers_leave_above_a_story_is_passed_over(above: str) -> None:
    assert title_from_body(f"{above}\n\nThe council met on Monday.") == "The council met on Monday."


def test_a_headline_without_a_full_stop_is_a_title() -> None:
    body = "Council meets after long quarrel\n\nIt decided nothing on Monday."
    assert title_from_body(body) == "Council meets after long quarrel"


def test_a_short_first_sentence_takes_the_next_along() -> None:
    assert title_from_body("Why now? Nobody in the town knows. More below.") == (
        "Why now? Nobody in the town knows."
    )


def test_a_sentence_runs_on_over_lines_that_a_program_broke() -> None:
    body = (
        "    The council of the old town by the river met on Monday in\n"
        "Springfield and decided, after a quarrel of some hours, that it\n"
        "would meet again. It did."
    )
    assert title_from_body(body).startswith("The council of the old town by the river met on")
    assert "in Springfield and decided" in title_from_body(body)


def test_bullets_are_left_out() -> None:
    assert title_from_body("• The council met on Monday.") == "The council met on Monday."


def test_something_is_better_than_nothing() -> None:
    assert title_from_body("Jane Doe") == "Jane Doe"
    assert title_from_body("!!!") == "!!!"
    assert title_from_body("") == ""


@settings(max_examples=300)
@given(st.text(), st.sampled_from([None, "en", "de"]))
def test_a_title_is_one_line_of_bounded_length_and_never_missing(
    body: str, language: str | None
) -> None:
    title = title_from_body(body, language)
    assert len(title) <= MAX_LENGTH
    assert title == " ".join(title.split())
    assert bool(title) == bool(body.strip())
