from __future__ import annotations

import csv
from pathlib import Path
from unicodedata import category

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.text import tokens
from newsidx.text.folding import cut, fold
from newsidx.text.tokens import Token, forms, lowered, tokenize

ODD = (
    "asSzéßŁİΣςй1²_-. \n'’ʼ＇ｓ\u00ad\u200b\ufeff\u0301\u0308\u0e31\ufe0f"
    "ʻـ“”–…\u00a0発売〇々ーｶﾞกาក្မ한ا\ud800\ue000𠮷𝐬"
)
anything = st.text(st.one_of(st.sampled_from(ODD), st.characters()), max_size=30)
ascii_text = st.text(
    st.one_of(st.sampled_from("asST19 '._\n"), st.characters(max_codepoint=127)), max_size=40
)
news_text = st.text(
    st.one_of(
        st.sampled_from("asST19 '._\n"),
        st.sampled_from("’‘“”„‚–—…•\u2011€\u2009\u202f™\u00a0\u00adéÜßªº²×"),
        st.characters(max_codepoint=255),
    ),
    max_size=40,
)


def agree(text: str) -> None:
    """Every way through gives the same tokens."""
    expected = tokens._tokens_by_class(text)
    assert tokenize(text) == expected
    assert lowered(text) == [token.lower for token in expected]
    assert forms(text) == [token.form for token in expected]


UNSPACED = [
    *(range(0x0E01, 0x0F00), range(0x1000, 0x10A0), range(0x1780, 0x1800)),
    *(range(0xA9E0, 0xAA00), range(0xAA60, 0xAA80), range(0x3005, 0x3008)),
    *(range(0x3031, 0x3036), range(0x303B, 0x303D), range(0x3041, 0x3100)),
    *(range(0x31F0, 0x3200), range(0x3400, 0x4DC0), range(0x4E00, 0xA000)),
    *(range(0xF900, 0xFB00), range(0xFF66, 0xFFA0), range(0x1AFF0, 0x1B000)),
    *(range(0x1B000, 0x1B170), range(0x20000, 0x3FFFE)),
]


def spelled_out(text: str) -> list[Token]:
    """The definition, character by character, with no thought for speed."""
    found: list[Token] = []
    run: list[int] = []
    after_apostrophe = False

    def end_run() -> None:
        nonlocal run
        if run:
            lower = cut("".join(text[at] for at in run).lower())
            dropped = after_apostrophe and lower in ("s", "ｓ")
            if fold(lower) and not dropped:
                found.append(Token(fold(lower), lower, run[0], run[-1] + 1))
        run = []

    for at, char in enumerate(text):
        kind = category(char)
        if kind == "Cf":
            continue
        if char in "'’ʼ＇" or not (kind[0] in "LM" or kind == "Nd" or char == "〇"):
            end_run()
            after_apostrophe = char in "'’ʼ＇"
            continue
        mark = kind[0] == "M" or char in "ﾞﾟ" or not fold(char)
        base = not mark and any(ord(char) in script for script in UNSPACED)
        in_unspaced = bool(run) and any(ord(text[run[0]]) in script for script in UNSPACED)
        in_unspaced = in_unspaced and category(text[run[0]])[0] != "M" and text[run[0]] not in "ﾞﾟ"
        if run and (base or (in_unspaced and not mark)):
            end_run()
            after_apostrophe = False
        run.append(at)
    end_run()
    return found


@given(anything)
@settings(max_examples=300)
def test_tokens_are_what_the_definition_says(text: str) -> None:
    assert tokenize(text) == spelled_out(text)


@given(anything)
@settings(max_examples=300)
def test_every_way_through_gives_the_same_tokens(text: str) -> None:
    agree(text)


@given(ascii_text)
@settings(max_examples=300)
def test_the_ascii_path_equals_the_general_one(text: str) -> None:
    agree(text)


@given(news_text)
@settings(max_examples=300)
def test_the_path_of_western_news_equals_the_general_one(text: str) -> None:
    agree(text)


@given(anything)
def test_offsets_are_in_order_and_cut_the_word_out_of_the_text(text: str) -> None:
    end = 0
    for token in tokenize(text):
        assert end <= token.start < token.end <= len(text)
        end = token.end
        word = text[token.start : token.end]
        assert category(word[0]) != "Cf"
        assert category(word[-1]) != "Cf"
        assert "".join(char for char in word if category(char) != "Cf").lower() == token.lower


@given(anything)
def test_a_form_is_the_folded_token_and_never_empty(text: str) -> None:
    for token in tokenize(text):
        assert token.form == fold(token.lower)
        assert token.form


@pytest.mark.parametrize("name", ["bbc/business", "gnad10k_german", "blns", "seed"])
def test_every_way_agrees_on_real_text(data: Path, name: str) -> None:
    files = [path for path in sorted((data / name).rglob("*")) if path.is_file()][:20]
    assert files
    for path in files:
        for line in path.read_text("utf-8", "replace")[:100_000].split("\n\n"):
            agree(line)


# Runs


def test_a_token_is_a_run_of_letters_marks_and_decimal_digits() -> None:
    assert forms("Covid19 re\u0301sume\u0301 2016") == ["covid19", "resume", "2016"]


@pytest.mark.parametrize("separator", list(" \n\t.,-_/#@%½²Ⅷ€\u00a0\u2028\ue000\ud800🗞"))
def test_everything_else_separates(separator: str) -> None:
    assert forms(f"yes{separator}california") == ["yes", "california"]
    assert [token.start for token in tokenize(f"yes{separator}california")] == [0, 4]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("u.s.", ["u", "s"]),
        ("U. S.", ["u", "s"]),
        ("covid-19", ["covid", "19"]),
        ("9/11", ["9", "11"]),
        ("#CalExit", ["calexit"]),
        ("Kevin de León", ["kevin", "de", "leon"]),
        ("x² + ½", ["x"]),
    ],
)
def test_what_newspapers_write(text: str, expected: list[str]) -> None:
    assert forms(text) == expected


def test_a_text_without_words_has_no_tokens() -> None:
    for text in ("", " ", "'", "'s", "…—", "\ufeff", "\ud800"):
        assert tokenize(text) == []
        assert lowered(text) == forms(text) == []


def test_a_token_carries_its_place_in_the_original_text() -> None:
    assert tokenize("“Ja”, sagte Łukasz") == [
        Token("ja", "ja", 1, 3),
        Token("sagte", "sagte", 6, 11),
        Token("lukasz", "łukasz", 12, 18),
    ]


def test_places_count_code_points() -> None:
    assert tokenize("🗞🗞 press")[0].start == 3


def test_lower_case_keeps_accents_and_forms_do_not() -> None:
    assert lowered("ÉLECTION Größe İzmir ΟΔΟΣ") == ["élection", "größe", "i̇zmir", "οδος"]
    assert forms("ÉLECTION Größe İzmir ΟΔΟΣ") == ["election", "grosse", "izmir", "οδοσ"]


@pytest.mark.parametrize("format_character", ["\u00ad", "\u200b", "\u200d", "\u2060", "\ufeff"])
def test_format_characters_inside_a_run_are_ignored(format_character: str) -> None:
    text = f"{format_character}se{format_character}cession{format_character} now"
    assert tokenize(text) == [
        Token("secession", "secession", 1, 11),
        Token("now", "now", 13, 16),
    ]
    assert lowered(text) == ["secession", "now"]


def test_a_variation_selector_by_itself_is_no_token() -> None:
    assert forms("I ❤\ufe0f news") == ["i", "news"]
    assert lowered("I ❤\ufe0f news") == ["i", "news"]
    assert [token.lower for token in tokenize("I ❤\ufe0f news")] == ["i", "news"]


# Length


def test_a_token_is_cut_at_255_units_and_still_spans_the_word() -> None:
    text = "see " + "A" * 300 + " end"
    assert tokenize(text)[1] == Token("a" * 255, "a" * 255, 4, 304)
    assert lowered(text) == forms(text) == ["see", "a" * 255, "end"]


@pytest.mark.parametrize(
    "word", ["é" * 256, "İ" * 128, "й" * 400, "𝔸" * 128, "ß" * 200, "ʻa" * 200]
)
def test_cutting_is_the_same_on_every_way(word: str) -> None:
    for text in (word, f"a {word} b", f"{word}’s", f"発 {word}"):
        agree(text)
        assert all(len(form.encode("utf-16-le")) <= 510 for form in forms(text))


# Apostrophes


@pytest.mark.parametrize("apostrophe", list("'’ʼ＇"))
def test_an_apostrophe_separates(apostrophe: str) -> None:
    assert forms(f"l{apostrophe}homme") == ["l", "homme"]
    assert forms(f"O{apostrophe}Neill") == ["o", "neill"]


@pytest.mark.parametrize("apostrophe", list("'’ʼ＇"))
@pytest.mark.parametrize("s", ["s", "S"])
def test_a_lone_s_after_an_apostrophe_takes_no_position(apostrophe: str, s: str) -> None:
    text = f"Trump{apostrophe}{s} tower"
    assert tokenize(text) == [Token("trump", "trump", 0, 5), Token("tower", "tower", 8, 13)]
    assert lowered(text) == forms(text) == ["trump", "tower"]


def test_only_a_lone_s_is_dropped() -> None:
    assert forms("'sun 's2 don't we're 's_x") == ["sun", "s2", "don", "t", "we", "re", "x"]


def test_an_s_without_an_apostrophe_right_before_it_stays() -> None:
    assert forms("U.S. ' s s's s' s") == ["u", "s", "s", "s", "s", "s"]


def test_two_of_them_in_a_row_are_both_dropped() -> None:
    assert forms("a's's b") == ["a", "b"]


def test_a_wide_s_after_a_wide_apostrophe_is_dropped_too() -> None:
    assert forms("Ｔｒｕｍｐ＇ｓ") == ["trump"]


def test_an_s_before_a_script_without_spaces_is_lone() -> None:
    assert forms("Trump's発言") == ["trump", "発", "言"]


# The quick ways


@pytest.mark.parametrize(("char", "plain"), tokens._TYPOGRAPHY)
def test_typography_is_replaced_by_its_like(char: str, plain: str) -> None:
    assert len(char) == 1
    assert tokens._class_of(char) == tokens._class_of(plain)


def test_a_german_article_is_read_as_a_whole(data: Path) -> None:
    with (data / "gnad10k_german" / "test.csv").open(encoding="utf-8", newline="") as file:
        row = next(csv.reader(file, delimiter=";", quotechar="'"))
    assert forms(row[0]) == ["wirtschaft"]
    assert len(forms(row[1])) == len(tokenize(row[1])) > 100
