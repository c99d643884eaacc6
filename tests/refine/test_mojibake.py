"""Broken text is mended, and text that is right stays to the letter."""

from __future__ import annotations

import re

import ftfy.bad_codecs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.refine.mojibake import mended

ftfy.bad_codecs.ok()  # registers the codec that browsers have for Windows-1252

SENTENCES = [
    "It’s a café — “quoted” … naïve",
    "São Paulo amanhã à noite, coração",
    "voilà\xa0! à la carte où l’été",
    "Łódź gęślą jaźń, śnieg",
    "Tiếng Việt: một người đã được ở Hà Nội",
    "Über Größe und „Straße“, ÄÖÜ",
    "El niño ¿qué? ÁÉÍÓÚ",
    "Москва сегодня",
    "Αθήνα σήμερα",
    "The price of £5 is €6 at 5°C, in a shop™",
    "İstanbul şehri, ağaç",
    "Žluťoučký kůň",
    "The end.\xa0 The next 😀",
    "L’État et l’École à Paris",
]


@pytest.mark.parametrize("codec", ["sloppy-windows-1252", "latin-1"])
@pytest.mark.parametrize("text", SENTENCES)
def test_utf_8_that_was_read_as_something_else_is_put_right(text: str, codec: str) -> None:
    broken = text.encode().decode(codec)
    assert broken != text
    assert mended(broken) == text


def test_what_was_broken_twice_is_mended_twice() -> None:
    broken = SENTENCES[0]
    for _ in range(2):
        broken = broken.encode().decode("sloppy-windows-1252")
    assert mended(broken) == SENTENCES[0]


def test_control_characters_of_windows_become_what_they_were() -> None:
    assert mended("Don\x92t say \x93maybe\x94 \x96 they said") == "Don’t say “maybe” – they said"


def test_a_no_break_space_that_a_browser_made_plain_loses_its_letter() -> None:
    assert "Â" not in mended("The first.Â  The second.")


@pytest.mark.parametrize(
    "text",
    [
        *SENTENCES,
        "“AMANHÔ, disse o MÃE’s",
        "MANHÃ – TARDE, AMANHÃ… e IRMÃ: «IRMû",
        "«está»… y «allá»… así",
        "„Café“ und „Spaß“ in Köln, „JÄ…“",
        "VOILÀ\xa0! À 5 €, «À…» – Ç’A",
        "Tiếng Việt, DẤU «Â» và «Ă», CHÂU Â",
        "ÅRETS BÄSTA “BÖRJAN” ‹Å›",
        "La «â» roumaine et l’Île «Ï»",
        "Þór Ðe Ís, Ñandú… ¿Ñ?",
        "ΑΒΓ Ðа Ñо",
        "Ä“ “Ä” Ä‘ Ö–Ä–Å–",
        "plain words",
    ],
)
def test_right_text_stays_to_the_letter(text: str) -> None:
    assert mended(text) is text


def test_only_the_lines_that_are_broken_are_touched() -> None:
    right = "“AMANHÔ, disse"
    assert mended(f"{right}\nIt was a cafÃ©.\n{right}") == f"{right}\nIt was a café.\n{right}"


def test_nothing_but_the_encoding_is_changed() -> None:
    text = "ﬁne ‘quotes’ \u2028 ＦＵＬＬ cafÃ©"
    assert mended(text) == "ﬁne ‘quotes’ \u2028 ＦＵＬＬ café"


_LETTERS = "aeiounrstl ,.ãáàâçéêíóôõúüäößñżźłęąśćńăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệ"


@given(
    st.lists(
        st.text(st.sampled_from(_LETTERS), min_size=1, max_size=12)
        | st.sampled_from(["«{}»", "“{}”", "„{}“", "‘{}’", "– ", "… ", "5\xa0€", "10°", "£"]),
        max_size=20,
    )
)
@settings(max_examples=300)
def test_words_of_many_languages_with_their_quotation_marks_stay(words: list[str]) -> None:
    text = " ".join(words)
    assert mended(text) == text
    # `.Â ` has lost its no-break space: no right sentence ends so, and begins with a lone letter.
    upper = re.sub("(?<=[.,])Â ", "", text.upper())
    assert mended(upper) == upper


@given(st.text() | st.text(st.sampled_from("ÃÂâ€™©\xa0\x92ð aÐÑº»")))
@settings(max_examples=200)
def test_any_text_can_be_asked_about(text: str) -> None:
    assert mended(text).count("\n") == text.count("\n")
