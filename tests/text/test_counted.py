"""Counted nouns."""

from __future__ import annotations

from newsidx.text.counted import counted


def test_one_is_singular_and_every_other_number_is_plural() -> None:
    assert counted(1, "article") == "1 article"
    assert counted(0, "article") == "0 articles"
    assert counted(2, "bad record") == "2 bad records"


def test_a_plural_that_is_not_regular_is_given() -> None:
    assert counted(1, "copy", "copies") == "1 copy"
    assert counted(3, "copy", "copies") == "3 copies"


def test_thousands_are_separated() -> None:
    assert counted(1204, "word") == "1,204 words"
