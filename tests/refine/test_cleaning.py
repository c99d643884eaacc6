"""What cleaning takes out, what it leaves, and that it does so once."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.refine.cleaning import clean_line, clean_text

_TRICKY = st.text(
    st.sampled_from("aé \n\r\t\x0b\x0c\x1b[3m]\x07\x00\x85\xa0\xad\u0301\u034f\u200b\u200c\u200d")
    | st.sampled_from("\u2028\u2029\u202e\ufeff\ufffd\ud83d\ude00\u0915\u094d\u0937\u064b\u3000")
    | st.sampled_from("\U0001f468\U000e0041\u2000\x1f\\;0")
)


@settings(max_examples=400)
@given(st.text() | _TRICKY)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    for clean in (clean_text, clean_line):
        once = clean(text)
        assert clean(once) == once


@settings(max_examples=400)
@given(st.text() | _TRICKY)
def test_what_is_clean_is_composed_and_shows_no_control_characters(text: str) -> None:
    clean = clean_text(text)
    assert unicodedata.is_normalized("NFC", clean)
    kinds = {unicodedata.category(char) for char in clean.replace("\n", "")}
    assert kinds.isdisjoint(("Cc", "Cs", "Zl", "Zp"))
    assert "\n\n\n" not in clean
    assert " \n" not in clean
    assert clean == clean.strip()


@settings(max_examples=200)
@given(st.text() | _TRICKY)
def test_a_cleaned_line_has_single_spaces_and_no_line_ends(text: str) -> None:
    line = clean_line(text)
    assert line.split() == line.split(" ") or line == ""


@settings(max_examples=200)
@given(st.text(st.characters(categories=("Lu", "Ll", "Lo", "Nd", "Po", "Sc"))))
def test_letters_digits_and_punctuation_stay(text: str) -> None:
    assert clean_text(text) == unicodedata.normalize("NFC", text)


def test_plain_text_is_returned_as_it_is() -> None:
    text = "The first paragraph.\n\nThe second,  with a gap."
    assert clean_text(text) is text


def test_gaps_within_a_line_stay_in_a_body_and_go_from_a_line() -> None:
    text = "a disgruntled voter  —   and former   opponent"
    assert clean_text(text) == text
    assert clean_line(text) == "a disgruntled voter — and former opponent"


def test_indents_stay_and_line_ends_are_trimmed() -> None:
    assert clean_text("one  \n    two\t\n\n\n\nthree") == "one\n    two\n\nthree"


@pytest.mark.parametrize("end", ["\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_line_ends_of_every_kind_become_a_line_feed(end: str) -> None:
    assert clean_text(f"one{end}two") == "one\ntwo"


@pytest.mark.parametrize("space", ["\t", "\xa0", "\u2003", "\u202f", "\u3000", "\x1f"])
def test_spaces_of_every_kind_become_an_ordinary_space(space: str) -> None:
    assert clean_text(f"one{space}two") == "one two"


@pytest.mark.parametrize(
    "char", ["\x00", "\x08", "\x7f", "\x93", "\xad", "\u034f", "\u200b", "\u2060"]
)
def test_what_shows_nothing_goes_and_leaves_the_word_whole(char: str) -> None:
    assert clean_text(f"se{char}cession") == "secession"


@pytest.mark.parametrize("char", ["\u200e", "\u202e", "\u2066", "\u061c", "\ufeff", "\U000e0041"])
def test_direction_marks_byte_order_marks_and_tags_go(char: str) -> None:
    assert clean_text(f"{char}secession{char}") == "secession"


def test_terminal_escapes_go_with_their_letters_and_numbers() -> None:
    assert clean_text("\x1b[1;31mred\x1b[0m \x1b]0;title\x07news\x1b") == "red news"


def test_an_escape_that_never_ends_takes_no_text_along() -> None:
    assert clean_text("\x1b]0;title and\nmore") == "]0;title and\nmore"


def test_letters_and_marks_are_composed() -> None:
    assert clean_text("Kevin de Le\u0301on") == "Kevin de Léon"


def test_a_lone_surrogate_is_replaced_and_a_pair_is_joined() -> None:
    assert clean_text("a\ud83db") == "a\ufffdb"
    assert clean_text("a\ud83d\ude00b") == "a😀b"


def test_joiners_stay_where_a_script_spells_with_them_or_an_emoji_needs_them() -> None:
    persian, hindi = "می\u200cخواهم", "क्\u200dष"
    family = "👨\u200d👩\u200d👧"
    assert clean_text(f"{persian} {hindi} {family}") == f"{persian} {hindi} {family}"


def test_joiners_between_other_letters_go() -> None:
    assert clean_text("se\u200ccess\u200dion") == "secession"
    assert clean_text("می\u200c\u200cخواهم") == "می\u200cخواهم"
