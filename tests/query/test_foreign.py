"""Signs of other languages are refused: the place, the wording, the repair."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from newsidx.errors import QueryError

Refused = Callable[[str], QueryError]


@pytest.mark.parametrize(
    ("marked", "repaired"),
    [
        ("⟦!⟧trump biden", "-trump biden"),
        ("a ⟦!!⟧b", "a -b"),
        ('a ⟦!⟧"b c"', 'a -"b c"'),
        ("a ⟦!⟧(b c)", "a -(b c)"),
        ("-⟦!⟧a", "-a"),
        ("title:⟦!⟧a", "-title:a"),
        ("⟦–⟧trump biden", "-trump biden"),
        ("biden ⟦−⟧trump", "biden -trump"),
        ("a ⟦−⟧5", "a -5"),
        ('⟦—⟧"a b"', '-"a b"'),
        ('"pro"⟦–⟧life', '"pro" life'),
    ],
)
def test_an_exclamation_mark_or_a_pasted_dash_before_a_word_is_an_error(
    refused: Refused, marked: str, repaired: str
) -> None:
    error = refused(marked)
    assert "is unclear" in error.message
    assert error.repaired == repaired


@pytest.mark.parametrize(
    ("marked", "repaired"),
    [
        ("a ⟦||⟧ b", "a OR b"),
        ("a⟦||⟧b", "a OR b"),
        ("a ⟦||⟧b", "a OR b"),
        ("a ⟦|⟧ b", "a OR b"),
        ("x a⟦|⟧b|c", "x (a OR b OR c)"),
        ("-a⟦|⟧b", "-(a OR b)"),
        ("source:cnn⟦|⟧bbc", "source:(cnn OR bbc)"),
        ("a ⟦&&⟧ b", "a AND b"),
        ("a⟦&&⟧b", "a AND b"),
        ("⟦|⟧ a", "a"),
        ("a ⟦|⟧", "a"),
        ("⟦||⟧", None),
    ],
)
def test_operators_in_signs_are_an_error(
    refused: Refused, marked: str, repaired: str | None
) -> None:
    error = refused(marked)
    assert "operators are AND, OR and NOT, in capitals" in error.message
    assert error.repaired == repaired


@pytest.mark.parametrize(
    ("marked", "repaired"),
    [
        ("source⟦=⟧cnn", "source:=cnn"),
        ("a Source⟦==⟧cnn b", "a Source:=cnn b"),
        ('source⟦=⟧"cnn x"', 'source:="cnn x"'),
        ("source⟦!=⟧cnn", "-source:cnn"),
        ("title⟦=⟧calexit", "title:calexit"),
        ("date⟦=⟧2016-11", "date:2016-11"),
        ("words⟦=>⟧500", "words>=500"),
    ],
)
def test_an_equals_sign_after_a_field_is_an_error(
    refused: Refused, marked: str, repaired: str
) -> None:
    error = refused(marked)
    assert "is not understood" in error.message
    assert error.repaired == repaired


@pytest.mark.parametrize(
    ("marked", "repaired"),
    [
        ("elect⟦.⟧*", "elect*"),
        ("*⟦-⟧19", "19"),
        ("covid⟦-⟧*", "covid"),
        ("u⟦.⟧s.*", "u s*"),
        ("x -a⟦-⟧*b", "x -(a *b)"),
        ("path:*⟦.⟧txt", "path:txt"),
        ("date:2016⟦-⟧*", "date:2016"),
        ("l⟦'⟧homm*", "l homm*"),
        ("example⟦.⟧com/?q=1", '"example.com/?q=1"'),
    ],
)
def test_punctuation_inside_a_wildcard_word_is_an_error(
    refused: Refused, marked: str, repaired: str
) -> None:
    error = refused(marked)
    assert "is several words, and a wildcard stands for part of one" in error.message
    assert error.repaired == repaired
