from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from string import ascii_lowercase

import pytest

from newsidx.text.folding import fold
from newsidx.text.stems import STEMMERS
from newsidx.text.stopwords import stop_words
from newsidx.text.tokens import forms

LANGUAGES = sorted(STEMMERS)

# Words that a query must not lose, in the language where one would think to list them.
KEPT = {
    "da": "ikke ingen hans skål mod",
    "de": "nicht kein keine nie ohne über will mal weil Oder Seine Waren Würde man",
    "en": "us it may will who not no nor can might one new can't said",
    "es": "no ni nunca sin era este sobre ser",
    "fi": "ei eivät en Mika Mikä juuri",
    "fr": "ne pas non ni sans plus été mais car or son Elle Notre Lui vers",
    "hu": "nem sem ne ki ok ügy úgy Volt ott",
    "it": "non né senza sei ai stato secondo prima era nostra sì",
    "nl": "niet geen nooit haar wie Den bij meer Dan nu",
    "no": "ikke ikkje ingen hans år har vår ved",
    "pt": "não nem sem no nunca Pará são era",
    "ro": "nu nici fără mai ai dar",
    "ru": "не нет ни без том кто ли",
    "sv": "inte ingen hans år är har vår sedan utan",
    "tr": "değil yok ne ben can su var",
}

SENTENCES = {
    "da": "Regeringen og dens støtter er blevet enige om at sænke skatten for de fleste",
    "de": "Die Regierung hat am Montag mit der Opposition über das Gesetz und die Steuern beraten",
    "en": "The government has agreed with the opposition that the tax should be lower for families",
    "es": "El gobierno y la oposición se reunieron para hablar de los impuestos en las ciudades",
    "fi": "Hallitus on sitä mieltä että vero ja maksut olivat liian korkeat mutta se odottaa vielä",
    "fr": "Le gouvernement et les députés ont voté dans la nuit pour une réforme de la taxe",
    "hu": "A kormány és az ellenzék arról tárgyalt hogy az adó már túl magas és ezért csökken",
    "it": "Il governo ha detto che la riforma della scuola e delle tasse sono nel programma",
    "nl": "De regering heeft met de oppositie over het plan gesproken en dat wordt gevolgd",
    "no": "Regjeringen og partiene ble enige om at skatten ikke skulle økes etter valget fra nå av",
    "pt": "O governo e os deputados falaram ontem sobre uma reforma do imposto em Lisboa",
    "ro": "Guvernul și opoziția au votat în această noapte pentru o lege care este nouă",
    "ru": "Правительство и парламент заявили что новый закон был принят на этой неделе и для всех",
    "sv": "Regeringen och partierna kom överens om att skatten ska sänkas för de flesta familjer",
    "tr": "Hükümet ve muhalefet bu yasa için bir araya geldi ancak daha sonra çok şey oldu",
}


def best(words: Iterable[str]) -> str:
    """The language with the most of its stop words among these, single letters aside."""
    counted = [word for word in words if word not in ascii_lowercase]
    return max(LANGUAGES, key=lambda language: sum(w in stop_words(language) for w in counted))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_is_short(language: str) -> None:
    assert 30 <= sum(len(word) > 1 for word in stop_words(language)) <= 80


@pytest.mark.parametrize("language", LANGUAGES)
def test_single_latin_letters_are_on_every_list(language: str) -> None:
    assert set(ascii_lowercase) <= stop_words(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_stop_words_are_forms_of_single_tokens(language: str) -> None:
    for word in stop_words(language):
        assert fold(word) == word
        assert forms(word) == [word]


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_initials_nouns_and_negations_are_kept(language: str) -> None:
    kept = {form for form in forms(KEPT[language]) if len(form) > 1}
    assert kept
    assert not kept & stop_words(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_means_much_in_english_is_on_no_list(language: str) -> None:
    assert not {"us", "it", "may", "will", "who", "not", "no"} & stop_words(language)


def test_a_language_without_a_list_has_no_stop_words() -> None:
    assert stop_words("ja") == frozenset()
    assert stop_words("") == frozenset()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_holds_most_stop_words_of_its_own_language(language: str) -> None:
    assert best(forms(SENTENCES[language])) == language


def test_english_and_german_news_are_told_apart(data: Path) -> None:
    english = sorted((data / "bbc" / "politics").glob("*.txt"))[:50]
    with (data / "gnad10k_german" / "test.csv").open(encoding="utf-8", newline="") as file:
        german = [row[1] for row in csv.reader(file, delimiter=";", quotechar="'")][:50]
    assert [best(forms(path.read_text("latin-1"))) for path in english] == ["en"] * 50
    assert [best(forms(text)) for text in german] == ["de"] * 50
