from __future__ import annotations

import sys
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.errors import ConfigError
from newsidx.text import stems as module
from newsidx.text.folding import fold
from newsidx.text.stems import STEMMERS, UNSTEMMED, stem, stemmer_for, stems
from newsidx.text.tokens import lowered

WORDS = {
    "da": "regeringen valgene ministeren undersøgelser børnene danskernes",
    "de": "regierungen häuser gewählte größere straßen abgeordneten übernahmen",
    "en": "secession elections running generously skies governments parties happily",
    "es": "elecciones gobiernos rápidamente compañías españolas votación niños",
    "fi": "hallituksen vaalit äänestäjille kansanedustajien työttömyys taloissa",
    "fr": "élections gouvernements naïvement régionales étudiantes œuvres théâtre",
    "hu": "kormányok választások házakban újságírók gyűlések",
    "it": "elezioni governi velocemente città perché università però",
    "nl": "verkiezingen regeringen huizen mogelijkheden gelopen ministers",
    "no": "regjeringen valgene ministrene undersøkelser barnas løpende",
    "pt": "eleições governos rapidamente ações políticas corações votação",
    "ro": "alegerile guvernului orașelor știrile președinții țărilor",
    "ru": "новый новая выборы правительства российского ёлками говорили",
    "sv": "regeringen valen ministrarna undersökningar människors löpande",
    "tr": "seçimler hükümetin evlerinden çocukların başkanlığı ığdır",
}


def test_every_language_has_a_snowball_stemmer() -> None:
    assert set(STEMMERS) == set(WORDS)
    for language in STEMMERS:
        words = WORDS[language].split()
        assert any(stem(word, language) != fold(word) for word in words), language


def test_an_article_is_stemmed_by_its_language() -> None:
    assert stemmer_for("de", "en") == "de"
    assert stemmer_for("en", "de") == "en"


@pytest.mark.parametrize("language", ["no", "nb", "nn"])
def test_both_kinds_of_norwegian_are_norwegian(language: str) -> None:
    assert stemmer_for(language, "en") == "no"


def test_a_language_without_a_stemmer_is_not_stemmed() -> None:
    assert stemmer_for("ja", "en") == UNSTEMMED
    assert stemmer_for("pl", "en") == UNSTEMMED


def test_an_unknown_language_takes_the_default() -> None:
    assert stemmer_for(None, "en") == "en"
    assert stemmer_for(None, UNSTEMMED) == UNSTEMMED


def test_unstemmed_words_stem_to_their_form() -> None:
    assert stem("élections", UNSTEMMED) == "elections"
    assert stems("élections", UNSTEMMED) == ("elections",)
    assert stem("выборы", UNSTEMMED) == "выборы"


@pytest.mark.parametrize(
    ("stemmer", "words"),
    [
        ("en", "secession secessions"),
        ("de", "haus häuser hauses"),
        ("ru", "новый новая новые"),
        ("fr", "élection élections"),
        ("pt", "político política políticos"),
        ("es", "elección elecciones"),
        ("sv", "regering regeringen"),
    ],
)
def test_the_forms_of_a_word_share_a_stem(stemmer: str, words: str) -> None:
    assert len({stem(word, stemmer) for word in words.split()}) == 1


def test_stemming_comes_before_folding() -> None:
    # Folded first, these would lose the letter by which Snowball knows their ending.
    assert stem("compañías", "es") == stem("compañía", "es") == "compan"
    assert stem("companias", "es") != "compan"
    assert stem("новый", "ru") == stem("новая", "ru") == "нов"


@pytest.mark.parametrize("language", sorted(WORDS))
def test_a_word_typed_without_accents_finds_the_accented_one(language: str) -> None:
    for word in WORDS[language].split():
        assert stem(fold(word), language) in stems(word, language), word
        assert stem(word, language) in stems(word, language), word


def test_a_word_has_a_second_stem_only_where_it_differs() -> None:
    assert stems("elections", "en") == ("elect",)
    assert stems("rápidamente", "es") == ("rapid",)
    assert stems("compañías", "es") == ("compan", "compani")


def test_decomposed_and_compatibility_text_stem_alike() -> None:
    assert stem(normalize("NFD", "élections"), "fr") == stem("élections", "fr")
    assert stem("новы\u0438\u0306", "ru") == "нов"
    assert stem("ｅｌｅｃｔｉｏｎｓ", "en") == "elect"


@given(st.text(max_size=20), st.sampled_from([UNSTEMMED, "en", "ru", "tr"]))
@settings(max_examples=150)
def test_a_stem_is_folded_and_never_empty(text: str, stemmer: str) -> None:
    for word in lowered(text):
        for found in stems(word, stemmer):
            assert found
            assert fold(found) == found
        assert stem(word, stemmer) == stems(word, stemmer)[0]


def test_an_ascii_word_whose_stem_is_none_has_it_folded() -> None:
    assert stems("agac", "tr") == ("agac",) == stems("ağaç", "tr")
    assert stems("academic", "tr") == ("academic",)


def test_where_stemming_leaves_nothing_the_form_stands() -> None:
    assert module._Stems(lambda word: "")["été"] == ("ete",)


def test_an_unknown_stemmer_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="klingon") as caught:
        stem("word", "klingon")
    assert "en" in (caught.value.hint or "")


def test_both_libraries_give_the_same_stems(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("Stemmer", reason="PyStemmer is not installed")
    compiled = {language: module._snowball(language) for language in STEMMERS}
    # Importing None is an ImportError: snowballstemmer then takes its own Python code.
    monkeypatch.setitem(sys.modules, "Stemmer", None)
    monkeypatch.delitem(sys.modules, "snowballstemmer", raising=False)
    for language in STEMMERS:
        pure = module._snowball(language)
        assert type(getattr(pure, "__self__", None)).__module__.startswith("snowballstemmer")
        for word in WORDS[language].split():
            assert pure(word) == compiled[language](word), word
            assert pure(fold(word)) == compiled[language](fold(word)), word


def test_the_cache_of_stems_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CACHE_SIZE", 10)
    known = module._Stems(str)
    for number in range(100):
        assert known[f"word{number}"] == (f"word{number}",)
    assert len(known) <= 10
