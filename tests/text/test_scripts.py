"""Tokens of the scripts that news is written in."""

from __future__ import annotations

import pytest

from newsidx.text.tokens import Token, forms, tokenize


@pytest.mark.parametrize(
    ("script", "text", "expected"),
    [
        ("Latin", "Žižek à Łódź", ["zizek", "a", "lodz"]),
        ("Greek", "Η Ελλάδα ψηφίζει", ["η", "ελλαδα", "ψηφιζει"]),
        ("Cyrillic", "Новый Йорк, ёлка", ["новый", "йорк", "елка"]),
        ("Arabic", "قالَ الرئيس، اليوم", ["قالَ", "الرئيس", "اليوم"]),
        ("Hebrew", "ראש הממשלה־שלום", ["ראש", "הממשלה", "שלום"]),
        ("Devanagari", "प्रधानमंत्री ने कहा।", ["प्रधानमंत्री", "ने", "कहा"]),
        ("Hangul", "서울은 대한민국의 수도", ["서울은", "대한민국의", "수도"]),
        ("Thai", "ที่นี่ ข่าว", ["ที่", "นี่", "ข่", "า", "ว"]),
        ("Lao", "ຂ່າວ", ["ຂ່", "າ", "ວ"]),
        ("Khmer", "ភ្នំ។", ["ភ្", "នំ"]),
        ("Burmese", "သတင်း၊", ["သ", "တ", "င်း"]),
        ("Han", "東京都、𠮷野家", ["東", "京", "都", "𠮷", "野", "家"]),
        ("kana", "スーパーと人々", ["ス", "ー", "パ", "ー", "と", "人", "々"]),
        ("half-width kana", "ｶﾞｰﾄﾞ", ["ガ", "ー", "ド"]),
        ("decomposed kana", "か\u3099く", ["が", "く"]),
    ],
)
def test_each_script_has_its_words(script: str, text: str, expected: list[str]) -> None:
    assert forms(text) == expected
    assert [token.form for token in tokenize(text)] == expected


def test_scripts_may_meet_in_one_run() -> None:
    assert forms("iPhone発売2016年") == ["iphone", "発", "売", "2016", "年"]


def test_the_han_zero_is_a_character_of_its_own() -> None:
    assert forms("二〇一六年") == ["二", "〇", "一", "六", "年"]


def test_a_format_character_before_a_mark_is_ignored() -> None:
    assert tokenize("ก\u200d\u0e31น") == [Token("กั", "กั", 0, 3), Token("น", "น", 3, 4)]


def test_decomposed_and_composed_text_give_the_same_forms() -> None:
    assert forms("re\u0301gion и\u0306од") == forms("région йод") == ["region", "йод"]
