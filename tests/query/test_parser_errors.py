"""Queries that are refused: the place, the message and the repair."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from newsidx.errors import QueryError
from newsidx.query.parser import parse

Refused = Callable[[str], QueryError]


@pytest.mark.parametrize("query", ["", " ", "\t\u00a0\n"])
def test_an_empty_query_is_an_error(query: str) -> None:
    with pytest.raises(QueryError, match="The query is empty") as caught:
        parse(query)
    assert (caught.value.start, caught.value.end) == (0, len(query))


@pytest.mark.parametrize(
    ("marked", "repaired"),
    [
        ("calexit AND ⟦(⟧", "calexit"),
        ("⟦(⟧a", "(a)"),
        ("⟦(⟧a (b)", "(a (b))"),
        ("a AND (b OR ⟦(⟧c", "a AND (b OR (c))"),
        ("a AND ⟦(⟧b OR", "a AND (b)"),
        ("title:⟦(⟧a", "title:(a)"),
        ("a⟦)⟧", "a"),
        ("(a)⟦)⟧ b", "(a) b"),
        ("⟦)⟧", None),
        ("⟦()⟧", None),
        ("a ⟦(  )⟧ b", "a b"),
        ("a AND ⟦()⟧", "a"),
        ("a title:⟦()⟧", "a"),
    ],
)
def test_brackets_come_in_pairs_around_something(
    refused: Refused, marked: str, repaired: str | None
) -> None:
    assert refused(marked).repaired == repaired


@pytest.mark.parametrize(
    ("marked", "message", "repaired"),
    [
        ("⟦AND⟧ x", "Nothing stands before AND.", "x"),
        ("a (⟦OR⟧ b)", "Nothing stands before OR.", "a (b)"),
        ("x ⟦OR⟧", "Nothing stands after OR.", "x"),
        ("(x ⟦AND⟧) b", "Nothing stands after AND.", "(x) b"),
        ("a ⟦NOT⟧", "Nothing stands after NOT.", "a"),
        ("⟦NOT⟧ OR b", "Nothing stands after NOT.", "b"),
        ("a ⟦-⟧AND b", "Nothing stands after -.", "a AND b"),
        ("⟦AND⟧", "Nothing stands before AND.", None),
        ("⟦NOT⟧", "Nothing stands after NOT.", None),
        ("a AND ⟦OR⟧ b", "Nothing stands between AND and OR.", "a OR b"),
        ("a OR ⟦OR⟧ b", "Nothing stands between OR and OR.", "a OR b"),
    ],
)
def test_an_operator_has_words_on_both_sides(
    refused: Refused, marked: str, message: str, repaired: str | None
) -> None:
    error = refused(marked)
    assert error.message == message
    assert error.repaired == repaired


@pytest.mark.parametrize(
    ("marked", "repaired"),
    [
        ("calexit ⟦or⟧ secession", "calexit OR secession"),
        ("(a b) ⟦or⟧ title:c", "(a b) OR title:c"),
        ('"a" ⟦or⟧ "b"', '"a" OR "b"'),
        ("a^2 ⟦or⟧ -b", "a^2 OR -b"),
        ("title:a ⟦not⟧ b", "title:a NOT b"),
        ("a AND b ⟦not⟧ (c)", "a AND b NOT (c)"),
        ("a AND ⟦not⟧ b", "a AND NOT b"),
        ("a and ⟦not⟧ b", "a and NOT b"),
        ("a ⟦or⟧ not b", "a OR NOT b"),
        ("a ⟦or⟧ b or c", "a OR b OR c"),
        ("(a ⟦or⟧ b)", "(a OR b)"),
    ],
)
def test_lower_case_or_and_not_between_operands_are_an_error(
    refused: Refused, marked: str, repaired: str
) -> None:
    assert refused(marked).repaired == repaired


def test_the_error_for_a_lower_case_operator_shows_both_readings(refused: Refused) -> None:
    message = refused("calexit ⟦or⟧ secession").message
    assert "calexit OR secession finds either" in message
    assert "calexit secession both" in message
    message = refused("biden ⟦not⟧ trump").message
    assert "biden NOT trump leaves it out" in message
    assert 'biden "not" trump looks for the word' in message


@pytest.mark.parametrize(
    ("marked", "repaired"),
    [
        ("title:(⟦author:⟧a)", "title:(a)"),
        ("title:(b OR (⟦author:⟧(a c)))", "title:(b OR ((a c)))"),
        ("title:(a ⟦words⟧>5)", None),
        ("title:(a ⟦date:⟧2016..2017)", None),
    ],
)
def test_a_field_in_the_brackets_of_a_field_is_an_error(
    refused: Refused, marked: str, repaired: str | None
) -> None:
    assert refused(marked).repaired == repaired


@pytest.mark.parametrize(
    ("marked", "repaired"),
    [
        ("⟦words >⟧ 500", "words>500"),
        ("a ⟦words >500⟧", "a words>500"),
        ("⟦date <=⟧ 2016-11-08 b", "date<=2016-11-08 b"),
    ],
)
def test_a_comparison_with_a_space_in_it_is_an_error(
    refused: Refused, marked: str, repaired: str
) -> None:
    assert refused(marked).repaired == repaired
