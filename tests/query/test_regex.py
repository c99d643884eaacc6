"""The regular expressions of the query language: what they mean and what they refuse."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.query.regex import RegexError, compile_regex

PIECES = ["a", "b", "c", ".", "(", "|", ")", "*", "+", "?", "{2}", "{1,2}", "{0,}"]
PIECES += ["[ab]", "[^a]", "[a-b]", "[b-]", "(a|b)*", "(ab)+"]
expressions = st.lists(st.sampled_from(PIECES), min_size=1, max_size=9).map("".join)
forms = st.text("abcd", max_size=8)


@pytest.mark.parametrize(
    ("expression", "fits", "others"),
    [
        ("secess(ion|ed)", ["secession", "secessed"], ["secess", "secessions", "xsecession"]),
        ("el.ct", ["elect", "elxct"], ["elct", "elexxct"]),
        ("[a-c]x", ["ax", "cx"], ["dx", "x"]),
        ("[^a-c]x", ["dx", "яx"], ["ax", "x"]),
        ("colou?r", ["color", "colour"], ["colouur"]),
        ("go*l", ["gl", "gol", "goool"], ["gal"]),
        ("go+l", ["gol", "gool"], ["gl"]),
        ("a{2}", ["aa"], ["a", "aaa"]),
        ("a{2,}", ["aa", "aaaa"], ["a"]),
        ("a{2,3}", ["aa", "aaa"], ["a", "aaaa"]),
        ("a{0}b", ["b"], ["ab"]),
        ("(a|)b", ["ab", "b"], ["aab"]),
        ("東.", ["東京"], ["東"]),
    ],
)
def test_an_expression_describes_whole_forms(
    expression: str, fits: list[str], others: list[str]
) -> None:
    automaton = compile_regex(expression)
    assert [form for form in fits if not automaton.matches(form)] == []
    assert [form for form in others if automaton.matches(form)] == []


@pytest.mark.parametrize(
    ("expression", "form"),
    [
        ("Secess.*", "secession"),
        ("é", "e"),
        ("e\u0301+", "ee"),
        ("Straße", "strasse"),
        ("[A-Z]+", "abc"),
        ("[É]", "e"),
        ("Ж", "ж"),
        ("æ", "ae"),
    ],
)
def test_its_letters_are_folded_as_forms_are(expression: str, form: str) -> None:
    assert compile_regex(expression).matches(form)


@given(expressions, forms)
@settings(max_examples=400)
def test_what_can_be_read_means_what_it_means_elsewhere(expression: str, form: str) -> None:
    try:
        automaton = compile_regex(expression)
    except RegexError:
        return
    assert automaton.matches(form) == (re.fullmatch(expression, form) is not None)


@given(expressions, forms)
@settings(max_examples=200)
def test_whatever_fits_begins_with_the_prefix(expression: str, form: str) -> None:
    try:
        automaton = compile_regex(expression)
    except RegexError:
        return
    assert not automaton.matches(form) or form.startswith(automaton.prefix())


@pytest.mark.parametrize(
    ("expression", "prefix"),
    [
        ("secess(ion|ed)", "secess"),
        ("abc", "abc"),
        ("abc?", "ab"),
        ("a|b", ""),
        (".a", ""),
        ("a*", ""),
    ],
)
def test_the_prefix_is_what_the_dictionary_is_read_from(expression: str, prefix: str) -> None:
    assert compile_regex(expression).prefix() == prefix


@pytest.mark.parametrize(
    ("marked", "repaired"),
    [
        ("⟦^⟧a", "a"),
        ("a⟦$⟧", "a"),
        ("⟦\\b⟧a", "a"),
        ("a⟦\\1⟧", "a"),
        ("⟦\\d⟧+", "[0-9]+"),
        ("a⟦\\.⟧", "a"),
        ("⟦(?⟧=a)", None),
        ("⟦(?⟧<!a)b", None),
        ("⟦(?⟧:a)b", "(a)b"),
        ("a*⟦?⟧", "a*"),
        ("a{2}⟦?⟧", "a{2}"),
        ("a*⟦*⟧", "a*"),
        ("a+⟦{⟧2}", None),
        ("⟦*⟧a", "a"),
        ("⟦(⟧a", "a"),
        ("a⟦)⟧", "a"),
        ("⟦[⟧a", "a"),
        ("a⟦]⟧", "a"),
        ("⟦[]⟧", None),
        ("[⟦b-a⟧]", None),
        ("[⟦æ⟧]", None),
        ("a⟦{⟧", "a"),
        ("a⟦{,2}⟧", None),
        ("a⟦{3,2}⟧", "a"),
        ("a⟦{256}⟧", "a"),
        ("covid⟦-⟧19", None),
        ("l⟦'⟧homme", None),
        ("⟦(a{0,255}){0,255}⟧", None),
    ],
)
def test_what_is_not_of_the_subset_is_an_error_with_its_place(
    marked: str, repaired: str | None
) -> None:
    expression = marked.replace("⟦", "").replace("⟧", "")
    with pytest.raises(RegexError) as caught:
        compile_regex(expression)
    assert caught.value.start == marked.index("⟦")
    if repaired is not None:
        assert caught.value.end == marked.index("⟧") - 1
        assert caught.value.repaired == repaired
        compile_regex(repaired)
    assert caught.value.expected


@pytest.mark.parametrize("expression", ["(" * 60 + "a" + ")" * 60, "(" * 10_000, "a" * 3000])
def test_what_is_too_deep_or_too_large_is_an_error_and_no_crash(expression: str) -> None:
    with pytest.raises(RegexError):
        compile_regex(expression)


def test_an_expression_that_blows_up_elsewhere_is_followed_step_by_step() -> None:
    automaton = compile_regex("(a|a)*(a*)*(a+)+b")
    assert not automaton.matches("a" * 255)
    assert automaton.matches("a" * 254 + "b")


def test_what_is_remembered_of_an_expression_is_bounded_and_changes_nothing() -> None:
    automaton = compile_regex("[ab]*a[ab]{11}")  # 4,096 states as a deterministic one
    for number in range(1 << 13):
        form = format(number, "013b").replace("0", "a").replace("1", "b")
        assert automaton.matches(form) == (form[-12] == "a")
