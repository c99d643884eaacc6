"""Sketches: the same wherever they are made, and close to the true likeness of texts."""

from __future__ import annotations

import numpy as np
import pytest

from newsidx.text import sketch as module
from newsidx.text.shingles import WIDTH, shingles, words_of
from newsidx.text.sketch import PERMUTATIONS, SIZE, scheme, sketch
from newsidx.text.tokens import forms

PINNED = "61c3bed0777b2a8247669ea6d7626358"
SCHEME = "cd4fbeb1251a2cb0"
WORDS = [f"word{number}" for number in range(2000)]


def agreement(one: str, other: str) -> float:
    a, b = (np.frombuffer(sketch(text), "<u2") for text in (one, other))
    return float(np.mean(a == b))


def test_a_sketch_is_the_same_on_every_machine_and_with_every_version_of_the_library() -> None:
    made = sketch("The ferry left the harbour at nine, and nobody waved.")
    assert len(made) == SIZE
    assert made[:16].hex() == PINNED
    assert scheme() == SCHEME


def test_what_is_made_otherwise_has_another_scheme(monkeypatch: pytest.MonkeyPatch) -> None:
    before = scheme()
    monkeypatch.setattr(module, "TOKEN_VERSION", module.TOKEN_VERSION + 1)
    scheme.cache_clear()
    assert scheme() != before
    monkeypatch.undo()
    monkeypatch.setattr(module, "_SEED", 2)
    scheme.cache_clear()
    assert scheme() != before
    monkeypatch.undo()
    scheme.cache_clear()


@pytest.mark.parametrize("shared", [0.1, 0.33, 0.6, 0.9])
def test_the_share_of_places_that_agree_is_about_the_jaccard_coefficient(shared: float) -> None:
    cut = round(len(WORDS) * shared)
    found = agreement(" ".join(WORDS), " ".join(WORDS[:cut]))
    deviation = (shared * (1 - shared) / PERMUTATIONS) ** 0.5
    assert abs(found - shared) < 4 * deviation


def test_case_accents_and_punctuation_make_no_difference() -> None:
    assert sketch("Élan, vital: it is!") == sketch("elan VITAL it is")


def test_a_text_without_words_has_no_sketch_and_a_short_one_has() -> None:
    assert sketch("… — !") == b""
    assert len(sketch("Nine")) == SIZE
    assert sketch("Nine") != sketch("Ten")


@pytest.mark.parametrize("text", ["", "Nine", "Ärzte’s Łódź, naïve", "海の日 12 км", "a b c d e f"])
def test_shingles_are_of_the_forms_that_are_searched(text: str) -> None:
    words = forms(text)
    assert words_of(text) == words
    found = shingles(words)
    if len(words) >= WIDTH:
        assert found == [" ".join(words[at : at + WIDTH]) for at in range(len(words) - WIDTH + 1)]
    else:
        assert found == ([" ".join(words)] if words else [])
