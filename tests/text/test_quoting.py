"""Quotations as they are written: words, what a quoter may do to them, passages of a draft."""

from __future__ import annotations

import pytest

from newsidx.text.negation import is_negation, is_number
from newsidx.text.quoting import quoted_passages, units_of
from newsidx.text.words import words_of


def forms(text: str) -> list[str]:
    return [word.form for word in words_of(text)]


def kinds(text: str) -> list[str]:
    return [unit.kind for unit in units_of(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trump’s plan isn't new", ["trump's", "plan", "isn't", "new"]),
        ("l'homme d’État", ["l'homme", "d'etat"]),
        ("3.5% of $1,000", ["3.5%", "of", "$1,000"]),
        ("2015–16 and 2015-16", ["2015-16", "and", "2015-16"]),
        (
            "it fell to −5, or -5, or .5",
            ["it", "fell", "to", "-5", "or", "-5", "or", ".5"],
        ),
        ("5 % or 5% or 5 € and €5", ["5%", "or", "5%", "or", "5€", "and", "€5"]),
        ("a ½ cup – 5 people", ["a", "½", "cup", "5", "people"]),
        ("‘yes,’ he said", ["yes", "he", "said"]),
    ],
)
def test_words_are_what_changes_what_is_said(text: str, expected: list[str]) -> None:
    assert forms(text) == expected


def test_words_know_where_they_stand_and_what_hyphens_join() -> None:
    text = "a well-known inde-\npendent"
    words = words_of(text)
    assert [text[word.start : word.end] for word in words] == text.replace("-", " ").split()
    assert [word.grouped for word in words] == [1, 2, 2, 2, 2]
    assert [word.broken for word in words] == [False, False, False, True, False]


@pytest.mark.parametrize(
    ("text", "gaps"),
    [
        ("the   plan had", ["plan"]),
        ("It ended.  The plan", []),
        ("It ended.   plan had", ["plan"]),
        ("the\n   plan", []),
        ("Rounds,   .D., said", ["d"]),
        ("the\u00a0 plan", ["plan"]),
    ],
)
def test_a_run_of_blanks_inside_a_sentence_is_a_gap(text: str, gaps: list[str]) -> None:
    assert [word.form for word in words_of(text) if word.gap] == gaps


@pytest.mark.parametrize("mark", ["…", "...", "....", ". . .", "[...]", "[…]", "[ . . . ]", "(…)"])
def test_every_ellipsis_is_one(mark: str) -> None:
    assert kinds(f"we will {mark} go on") == ["word", "word", "ellipsis", "word", "word"]
    assert kinds(f"{mark} we will go {mark}") == ["word"] * 3


def test_brackets_stand_for_words_or_for_parts_of_one() -> None:
    found = units_of("[He] want[ed] [the office of] it, [sic] [T]he")
    assert [unit.kind for unit in found] == [
        "bracket",
        "within",
        "bracket",
        "word",
        "bracket",
        "within",
    ]
    assert [word.form for word in found[2].inside] == ["the", "office", "of"]
    assert (found[1].before, found[1].after) == ("want", "")
    assert found[5].word is not None
    assert found[5].word.spelling == "The"


def test_a_bracket_that_never_closes_is_punctuation() -> None:
    assert kinds("[By his own account it was") == ["word"] * 6


def test_the_first_word_behind_an_ellipsis_may_have_another_case() -> None:
    opens = [
        unit.word.form for unit in units_of("We go … and [they] stay") if unit.word and unit.opens
    ]
    assert opens == ["we", "and", "stay"]


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        ('He said "we will go" and left.', ["we will go"]),
        ("He said “we will go” and left.", ["we will go"]),
        ("Er sagte „wir gehen jetzt“ und ging.", ["wir gehen jetzt"]),
        ("Er sagte »wir gehen jetzt« und ging.", ["wir gehen jetzt"]),
        ("Il dit « nous allons partir » et part.", ["nous allons partir"]),
        ("Dijo «él dijo “no voy” hoy» y nada.", ["él dijo “no voy” hoy"]),
        ("“the ‘big’ one” and ‘another one’", ["the ‘big’ one", "another one"]),
        ("“one “two” three” four", ["one “two” three"]),
        ("'it isn't over' said the Joneses' dog", ["it isn't over"]),
        ("It's the dogs' home, isn't it?", []),
        ("他说「我们走」", ["我们走"]),
        ('a 5" pipe', []),
        ("“First paragraph.\n\n“Second one.” End", ["First paragraph.", "Second one."]),
        ('"one" and "two"\n\n"three', ["one", "two"]),
    ],
)
def test_quoted_passages_of_a_draft_are_found(draft: str, expected: list[str]) -> None:
    found = list(quoted_passages(draft))
    assert [passage.text for passage in found] == expected
    for passage in found:
        assert draft[passage.start : passage.end] == passage.text
        assert passage.line == draft.count("\n", 0, passage.start) + 1


@pytest.mark.parametrize(
    ("word", "language"),
    [
        *(("not", "en"), ("don't", "en"), ("without", "en"), ("cannot", "en"), ("no", None)),
        *(("nicht", "de"), ("keinen", "de"), ("nunca", "es"), ("n'est", "fr"), ("pas", "fr")),
        *(("never", "fi"), ("non", "it"), ("não", "pt"), ("geen", "nl")),
    ],
)
def test_negations_are_known_by_the_language_of_the_text(word: str, language: str | None) -> None:
    assert is_negation(word, language)


def test_no_other_words_are_negations() -> None:
    assert not any(
        is_negation(word, "en") for word in ("note", "trump's", "noch", "pas", "o'brien")
    )


def test_numbers_are_digits_and_their_words() -> None:
    assert all(is_number(word, "en") for word in ("7", "2nd", "twelve", "million"))
    assert is_number("zwölf", "de")
    assert not is_number("one", "en")
