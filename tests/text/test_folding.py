from __future__ import annotations

import sys
from unicodedata import category, normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.text import folding
from newsidx.text.folding import MAX_UNITS, cut, fold

# Characters that a rule speaks of, so that Hypothesis meets them together.
ODD = "aZéßſİıŁøæёйиΣςάᾳŉﷺｶﾞ각〇1²ʼʻـ'’ _-\u0301\u0308\u0327\u0345\u00ad\u200d\ufe0f\ud800\ue000🗞𝔸"
anything = st.text(st.one_of(st.sampled_from(ODD), st.characters()), max_size=12)


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@pytest.mark.parametrize(
    ("token", "form"),
    [
        ("Calexit", "calexit"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("ΟΔΟΣ", "οδοσ"),
        ("οδος", "οδοσ"),
        ("ſecret", "secret"),
    ],
)
def test_case_is_folded(token: str, form: str) -> None:
    assert fold(token) == form


@pytest.mark.parametrize(
    ("token", "form"),
    [
        ("ﬁnance", "finance"),
        ("Ｔｏｋｙｏ", "tokyo"),
        ("２０１６", "2016"),
        ("ｶﾞｽ", "ガス"),
        ("1º", "1o"),
    ],
)
def test_compatibility_characters_become_what_they_stand_for(token: str, form: str) -> None:
    assert fold(token) == form


@pytest.mark.parametrize(
    ("token", "form"),
    [
        ("León", "leon"),
        ("Việt", "viet"),
        ("Dvořák", "dvorak"),
        ("Șomoș", "somos"),
        ("Άρης", "αρησ"),
    ],
)
def test_marks_are_removed_after_latin_and_greek(token: str, form: str) -> None:
    assert fold(token) == form
    assert fold(normalize("NFD", token)) == form


@pytest.mark.parametrize(
    "token",
    ["новый", "український", "हिन्दी", "ที่นี่", "ガス", "مُحَمَّد", "שָׁלוֹם", "한국어"],
)
def test_marks_stay_in_every_other_script(token: str) -> None:
    assert fold(token) == normalize("NFC", token)
    assert fold(normalize("NFD", token)) == normalize("NFC", token)


@pytest.mark.parametrize(
    ("token", "form"),
    [
        ("Łódź", "lodz"),
        ("Đorđe", "dorde"),
        ("Øresund", "oresund"),
        ("Ǿ", "o"),
        ("ığdır", "igdir"),
        ("İstanbul", "istanbul"),
        ("Ærø", "aero"),
        ("Œuvre", "oeuvre"),
        ("Davíð", "david"),
        ("Þór", "thor"),
        ("Ħamrun", "hamrun"),
        ("Ŧ", "t"),
        ("Ŋ", "n"),
        ("Ɖ", "d"),
        ("Əliyev", "eliyev"),
    ],
)
def test_letters_that_do_not_decompose_are_spelled_out(token: str, form: str) -> None:
    assert fold(token) == form


@pytest.mark.parametrize("token", ["Ёлка", "ёлка", "е\u0308лка", "ЕЛКА", "ё\u0308лка"])
def test_russian_yo_is_ye(token: str) -> None:
    assert fold(token) == "елка"


def test_short_i_is_not_i() -> None:
    assert fold("й") != fold("и")


@pytest.mark.parametrize(
    ("token", "form"),
    [("Hawaiʻi", "hawaii"), ("Qurʾan", "quran"), ("ʿAlī", "ali"), ("الـعـربية", "العربية")],
)
def test_letters_that_only_decorate_are_left_out(token: str, form: str) -> None:
    assert fold(token) == form


def test_variation_selectors_and_fillers_are_left_out() -> None:
    assert fold("葛\U000e0100") == "葛"
    assert fold("\u3164") == fold("\ufe0f") == ""


def test_what_nfkc_brings_in_is_dropped() -> None:
    assert fold("ŉ") == "n"  # NFKC: letter apostrophe and n
    assert fold("ﷺ") == "صلىاللهعليهوسلم"  # NFKC: four words
    assert fold("ŀ") == "l"  # NFKC: l and a middle dot


def test_the_han_zero_is_kept() -> None:
    assert fold("〇") == "〇"


@pytest.mark.parametrize("token", ["", " ", "'", "_", "—", "\ud800", "\ue000"])
def test_nothing_of_a_token_gives_no_form(token: str) -> None:
    assert fold(token) == ""


def test_a_form_is_cut_at_255_utf_16_units() -> None:
    assert fold("A" * 300) == "a" * 255
    assert fold("é" * 300) == "e" * 255
    assert fold("Æ" * 200) == ("ae" * 128)[:255]
    assert fold("𠮷" * 200) == "𠮷" * 127  # two units each; half a pair is never left


def test_short_text_is_not_cut() -> None:
    assert cut("𠮷" * 127 + "a") == "𠮷" * 127 + "a"
    assert cut("a" * 255) == "a" * 255


def test_no_single_character_folds_unsoundly() -> None:
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        if category(char) in ("Cn", "Co", "Cs") or "\u4e00" < char < "\u9fff":
            continue
        form = folding._fold(char)
        assert folding._fold(form) == form, hex(code)
        assert folding._fold(char.lower()) == form, hex(code)
        assert folding._fold(char.upper()) == form, hex(code)


@given(anything)
@settings(max_examples=300)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(anything)
def test_a_form_holds_only_letters_marks_and_decimal_digits(text: str) -> None:
    form = fold(text)
    assert all(category(c)[0] in "LM" or category(c) == "Nd" or c == "〇" for c in form)
    assert not set(form) & set("ʼ'’＇_ ")
    assert form == normalize("NFC", form)


@given(anything)
def test_case_and_composition_of_the_input_do_not_matter(text: str) -> None:
    assert fold(text.lower()) == fold(normalize("NFD", text)) == fold(text)


@given(st.text(st.sampled_from("aéß𠮷각\u0301"), min_size=100, max_size=300))
@settings(max_examples=30)
def test_a_form_is_never_longer_than_255_units(text: str) -> None:
    assert units(fold(text)) <= MAX_UNITS
    assert units(cut(text)) <= MAX_UNITS
    assert text.startswith(cut(text))


def test_the_cache_of_forms_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "_CACHE_SIZE", 10)
    monkeypatch.setattr(folding, "_forms", folding._Forms())
    for number in range(100):
        assert fold(f"é{number}") == f"e{number}"
    fold("é" * 10_000)
    assert len(folding._forms) <= 10
    assert max(map(len, folding._forms)) < 10
