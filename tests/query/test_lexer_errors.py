"""Pieces of a query that are refused: the place, the message and the repair."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from newsidx.errors import QueryError

Refused = Callable[[str], QueryError]


@pytest.mark.parametrize(
    ("marked", "repaired"),
    [
        ('⟦"⟧Yes California', '"Yes California"'),
        ('a ⟦"⟧Yes California', 'a "Yes California"'),
        ('Yes California⟦"⟧', "Yes California"),
        ('(a OR ⟦"⟧b c)', '(a OR "b c")'),
        ('⟦"⟧Yes California”', '"Yes California"'),
        ('⟦“⟧Yes California" a', "“Yes California” a"),
        ("California⟦”⟧", "California"),
        ('6⟦"⟧ nails', '6" nails"'),
        ('title:⟦"⟧a b', 'title:"a b"'),
    ],
)
def test_quotes_that_are_never_closed_are_an_error(
    refused: Refused, marked: str, repaired: str
) -> None:
    error = refused(marked)
    assert error.message == "These quotes are never closed."
    assert error.repaired == repaired


@pytest.mark.parametrize(
    ("marked", "repaired"),
    [
        ('⟦""⟧', None),
        ('⟦"  "⟧', None),
        ("a ⟦“”⟧ b", "a b"),
        ('a title:⟦""⟧', "a"),
        ('a OR ⟦""⟧', "a"),
    ],
)
def test_quotes_without_anything_between_are_an_error(
    refused: Refused, marked: str, repaired: str | None
) -> None:
    assert refused(marked).repaired == repaired


@pytest.mark.parametrize(
    ("marked", "repaired"),
    [
        ("who won⟦?⟧", "who won"),
        ("won⟦??⟧", "won"),
        ("won⟦?⟧!", "won"),
        ("won⟦?⟧’ he said", "won he said"),
        ("(won⟦?⟧)", "(won)"),
        ("te?t⟦?⟧", "te?t"),
        ("title:won⟦?⟧", "title:won"),
    ],
)
def test_a_question_mark_that_ends_a_word_is_an_error_with_both_readings(
    refused: Refused, marked: str, repaired: str
) -> None:
    error = refused(marked)
    assert error.repaired == repaired
    assert "finds the word" in error.message
    assert "begins so" in error.message


@pytest.mark.parametrize(
    ("marked", "repaired"),
    [
        ("a ⟦-⟧ b", "a b"),
        ("⟦-⟧ a", "a"),
        ("a ⟦-⟧", "a"),
        ("(⟦-⟧)", None),
        ('a ⟦-⟧ "b"', 'a "b"'),
        ("⟦-⟧", None),
    ],
)
def test_a_dash_by_itself_is_an_error(refused: Refused, marked: str, repaired: str | None) -> None:
    assert refused(marked).repaired == repaired


def test_the_error_for_a_lone_dash_shows_both_readings(refused: Refused) -> None:
    assert "-b leaves b out, b looks for it" in refused("a ⟦-⟧ b").message


@pytest.mark.parametrize(
    ("marked", "repaired"),
    [("⟦--⟧a", "-a"), ("a ⟦---⟧b", "a -b"), ("⟦--⟧(a b)", "-(a b)"), ('⟦--⟧"a"', '-"a"')],
)
def test_several_dashes_before_a_word_are_an_error(
    refused: Refused, marked: str, repaired: str
) -> None:
    assert refused(marked).repaired == repaired


@pytest.mark.parametrize(
    ("marked", "repaired"), [('"pro"⟦-⟧life', '"pro" life'), ("(a)⟦-⟧b", "(a) b")]
)
def test_a_dash_directly_after_quotes_or_brackets_is_an_error(
    refused: Refused, marked: str, repaired: str
) -> None:
    assert refused(marked).repaired == repaired


@pytest.mark.parametrize(
    ("marked", "repaired"),
    [
        ("⟦title:⟧", "title"),
        ("a ⟦title:⟧", "a"),
        ("⟦title:⟧ calexit", "title:calexit"),
        ("⟦Trump:⟧ I won", "Trump I won"),
        ("(⟦source:⟧)", "(source)"),
        ("⟦title:⟧^2", "title^2"),
        ("⟦words>⟧ 500", "words>500"),
        ("⟦words>=⟧", "words"),
        ("⟦words>⟧(500)", None),
        ("⟦words:>⟧ 500", "words:>500"),
    ],
)
def test_a_field_with_nothing_directly_after_it_is_an_error(
    refused: Refused, marked: str, repaired: str | None
) -> None:
    assert refused(marked).repaired == repaired


@pytest.mark.parametrize(
    ("marked", "repaired"),
    [
        ("title:⟦author:⟧x", 'title:"author:x"'),
        ("path:⟦C:⟧\\news", 'path:"C:\\news"'),
        ("title:⟦foo:⟧ bar", 'title:"foo:" bar'),
        ("title:⟦words>⟧5", 'title:"words>5"'),
    ],
)
def test_a_field_on_a_field_is_an_error(refused: Refused, marked: str, repaired: str) -> None:
    assert refused(marked).repaired == repaired


def test_a_dash_between_field_and_value_is_an_error(refused: Refused) -> None:
    assert refused("a title:⟦-⟧x").repaired == "a -title:x"
    assert refused("-title:⟦-⟧x").repaired == "-title:x"


def test_an_operator_as_a_value_is_an_error(refused: Refused) -> None:
    assert refused("title:⟦NOT⟧ x").repaired == 'title:"NOT" x'


def test_a_range_has_one_or_two_ends(refused: Refused) -> None:
    assert refused("date:⟦..⟧").repaired == "date:*"
    refused("date:⟦a..b..c⟧")
    refused('date:⟦"a".."b"..⟧c')


@pytest.mark.parametrize(
    ("marked", "repaired"),
    [
        ("a⟦^0⟧", "a"),
        ("a⟦^0.0⟧", "a"),
        ("a⟦^x⟧ b", "a b"),
        ("a⟦^-1⟧", "a"),
        ("a⟦^⟧", "a"),
        ("a⟦^1e3⟧", "a"),
        ("a⟦^1000.5⟧", "a"),
        ("a⟦^" + "9" * 400 + "⟧", "a"),
        ("a⟦^٣⟧", "a"),
        ("a^2⟦^3⟧", "a^2"),
        ("a ⟦^2⟧", "a^2"),
        ("⟦^a⟧", "a"),
        ("a OR ⟦^2⟧", "a OR 2"),
    ],
)
def test_a_weight_that_is_no_number_in_its_place_is_an_error(
    refused: Refused, marked: str, repaired: str
) -> None:
    assert refused(marked).repaired == repaired
