"""The quotations of the benchmark: disguised or altered, and each only that."""

from __future__ import annotations

from random import Random

import pytest

from benchmarks.disguises import DISGUISES, FUNCTIONS, Sentence, altered

TEXT = (
    "The well-known mayor said that she would not resign before the count of 41 wards was over "
    "and the long-awaited report was out."
)
KEPT = TEXT.index("well-known"), TEXT.index("well-known") + len("well-known")


def sentence(number: int) -> Sentence:
    return Sentence(f"id{number}", TEXT.replace("mayor", f"mayor{'s' * number}"), KEPT)


@pytest.mark.parametrize("name", DISGUISES)
def test_a_disguise_changes_a_sentence_but_for_what_is_kept(name: str) -> None:
    for seed in range(30):
        found = FUNCTIONS[name](TEXT, KEPT, Random(seed))
        assert found != TEXT
        assert TEXT[slice(*KEPT)] in found


def test_a_third_of_the_altered_ones_has_a_change_of_each_kind_where_it_says() -> None:
    every = [sentence(number) for number in range(12)]
    found = altered(every, 9, Random(3))
    assert sorted(each.kind for each in found) == sorted(["word", "number", "negation"] * 3)
    for kind, changed, (start, end) in found:
        original = next(each for each in every if each.article == changed.article)
        assert changed.text != original.text
        assert changed.text[:start] == original.text[:start]
        rest = changed.text[end:]
        assert original.text.endswith(rest)
        assert ("not" in original.text) != ("not" in changed.text) or kind != "negation"
