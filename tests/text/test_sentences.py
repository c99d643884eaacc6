"""Where a sentence ends, and where it only looks like it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.text.sentences import sentence_ends


def _sentences(text: str, language: str | None = None) -> list[str]:
    ends = [0, *sentence_ends(text, language)]
    return [text[start:end].strip() for start, end in pairwise(ends)]


def test_a_sentence_ends_at_a_stop_before_a_capital() -> None:
    assert _sentences("It rained. It stopped! Why? No one knew…") == [
        "It rained.",
        "It stopped!",
        "Why?",
        "No one knew…",
    ]


def test_double_spaces_and_brackets_between_sentences_do_no_harm() -> None:
    assert _sentences("He left.  [According to her, he ran. It was late.") == [
        "He left.",
        "[According to her, he ran.",
        "It was late.",
    ]


def test_closing_quotes_and_brackets_belong_to_the_sentence() -> None:
    assert _sentences("“We won.” He smiled. (They lost.) “So?” she said.") == [
        "“We won.”",
        "He smiled.",
        "(They lost.)",
        "“So?” she said.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "He came to the U. S. Senate from L. A. County.",
        "The U.S. House met at 3 p.m. Eastern time.",
        "Mr. Smith met Dr. Jones on Jan. 5 in St. Louis.",
        "J. R. Miller and George W. Bush spoke.",
        "Apple Inc. Chief Tim Cook spoke.",
        "It cost 3.5 million, e.g. Nothing else.",
        "See No. 5 and Art. 3 of it.",
        "Version 2.0 runs at example.com and costs $1.50.",
    ],
)
def test_abbreviations_initials_and_numbers_end_no_sentence(text: str) -> None:
    assert _sentences(text) == [text]


def test_no_ends_a_sentence_unless_a_number_follows() -> None:
    assert _sentences("She said no. They left.") == ["She said no.", "They left."]


def test_a_german_ordinal_ends_no_sentence_and_an_english_score_does() -> None:
    german = "Am 8. November wurde gewählt."
    assert _sentences(german, "de") == [german]
    assert _sentences("They won by 3. Nobody cheered.", "en") == [
        "They won by 3.",
        "Nobody cheered.",
    ]


def test_scripts_with_stops_of_their_own_end_sentences_without_a_space() -> None:
    assert _sentences("雨が降った。「止んだ。」と言った。") == [
        "雨が降った。",
        "「止んだ。」",
        "と言った。",
    ]


@settings(max_examples=200)
@given(st.text(st.sampled_from('aA .!?"”)\n8…。')))
def test_ends_rise_and_lie_behind_a_stop(text: str) -> None:
    ends = list(sentence_ends(text))
    assert ends == sorted(set(ends))
    assert all(0 < end <= len(text) for end in ends)
    assert all(text[:end].rstrip('"”)')[-1] in ".!?…。" for end in ends)
