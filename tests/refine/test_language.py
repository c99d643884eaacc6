"""The language: as declared, else as script, stop words or the detector tell."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.refine.language import detect
from newsidx.refine.language_codes import language_code

# A paragraph of our own in each language.
PARAGRAPHS = {
    "da": "Borgmesteren sagde, at havnen skal lukkes i et år, fordi kajen er for gammel, og at "
    "de fleste af fiskerne har fået et brev om det. Hun var ikke overrasket, men mange i byen "
    "blev vrede, da de hørte det.",
    "de": "Der Hafen wird für ein Jahr geschlossen, weil die Mauer zu alt ist, sagte die "
    "Bürgermeisterin am Montag. Viele in der Stadt sind nicht überrascht, aber die Fischer "
    "haben einen Brief an das Amt geschrieben.",
    "en": "The harbour will be closed for a year because the wall is too old, the mayor said "
    "on Monday. Many in the town were not surprised, but the fishermen have written a letter "
    "to her and to the paper.",
    "es": "El puerto estará cerrado durante un año porque el muro es demasiado viejo, dijo la "
    "alcaldesa el lunes. Muchos en la ciudad no se sorprendieron, pero los pescadores le han "
    "escrito una carta sobre lo que van a perder.",
    "fi": "Satama suljetaan vuodeksi, koska muuri on liian vanha, sanoi pormestari maanantaina. "
    "Monet kaupungissa eivät olleet yllättyneitä, mutta kalastajat ovat kirjoittaneet kirjeen "
    "siitä, mitä he menettävät.",
    "fr": "Le port sera fermé pendant un an parce que le mur est trop vieux, a dit la maire "
    "lundi. Beaucoup dans la ville ne sont pas surpris, mais les pêcheurs lui ont écrit une "
    "lettre sur ce qu'ils vont perdre avec cette décision.",
    "hu": "A kikötőt egy évre bezárják, mert a fal túl régi, mondta hétfőn a polgármester. "
    "Sokan a városban nem lepődtek meg, de a halászok levelet írtak arról, hogy mit veszítenek "
    "el ezzel.",
    "it": "Il porto sarà chiuso per un anno perché il muro è troppo vecchio, ha detto la "
    "sindaca lunedì. Molti nella città non sono sorpresi, ma i pescatori le hanno scritto una "
    "lettera su quello che perderanno con questa decisione.",
    "nl": "De haven wordt een jaar gesloten omdat de muur te oud is, zei de burgemeester op "
    "maandag. Veel mensen in de stad waren niet verbaasd, maar de vissers hebben haar een "
    "brief geschreven over wat zij zullen verliezen.",
    "no": "Havnen skal stenges i et år fordi muren er for gammel, sa ordføreren på mandag. "
    "Mange i byen ble ikke overrasket, men fiskerne har skrevet et brev til henne om hva de "
    "kommer til å miste.",
    "pt": "O porto ficará fechado durante um ano porque o muro está muito velho, disse a "
    "prefeita na segunda-feira. Muitos na cidade não ficaram surpresos, mas os pescadores "
    "escreveram uma carta sobre o que eles vão perder.",
    "ro": "Portul va fi închis timp de un an pentru că zidul este prea vechi, a spus primarul "
    "luni. Mulți din oraș nu sunt surprinși, dar pescarii au scris o scrisoare despre ceea ce "
    "vor pierde prin această hotărâre.",
    "ru": "Порт закроют на год, потому что стена слишком старая, сказала мэр в понедельник. "
    "Многие в городе не удивились, но рыбаки написали ей письмо о том, что они потеряют.",
    "sv": "Hamnen ska stängas i ett år eftersom muren är för gammal, sade borgmästaren på "
    "måndagen. Många i staden var inte förvånade, men fiskarna har skrivit ett brev till "
    "henne om vad de kommer att förlora.",
    "tr": "Duvar çok eski olduğu için liman bir yıl kapatılacak, dedi belediye başkanı "
    "pazartesi günü. Kentte birçok kişi şaşırmadı, ancak balıkçılar bu karar ile ne kadar "
    "kaybedeceklerini anlatan bir mektup yazdı.",
}

# Languages without a stemmer here, close to one that has.
NEIGHBOURS = {
    "af": "Die hawe gaan vir 'n jaar gesluit wees omdat die muur te oud is, het die "
    "burgemeester op Maandag gesê. Baie mense in die dorp was nie verbaas nie, maar die "
    "vissers het vir haar 'n brief geskryf.",
    "ca": "El port estarà tancat durant un any perquè el mur és massa vell, va dir l'alcaldessa "
    "dilluns. Molts a la ciutat no es van sorprendre, però els pescadors li han escrit una "
    "carta sobre el que perdran amb aquesta decisió.",
    "gl": "O porto estará pechado durante un ano porque o muro é demasiado vello, dixo a "
    "alcaldesa o luns. Moitos na cidade non se sorprenderon, pero os mariñeiros escribíronlle "
    "unha carta sobre o que van perder con isto.",
    "uk": "Порт закриють на рік, тому що стіна занадто стара, сказала мер у понеділок. Багато "
    "хто в місті не здивувався, але рибалки написали їй листа про те, що вони втратять.",
    "bg": "Пристанището ще бъде затворено за една година, защото стената е твърде стара, каза "
    "кметът в понеделник. Мнозина в града не са изненадани, но рибарите ѝ написаха писмо.",
}


@pytest.mark.parametrize("code", PARAGRAPHS)
def test_a_paragraph_in_a_language_with_a_stemmer_is_told(code: str) -> None:
    assert detect(PARAGRAPHS[code])[0] == code


@pytest.mark.parametrize("code", ["de", "en", "fr", "it", "nl"])
def test_stop_words_settle_what_they_can(code: str) -> None:
    assert detect(PARAGRAPHS[code]) == (code, "stop-words")


@pytest.mark.parametrize("code", NEIGHBOURS)
def test_a_neighbour_is_not_taken_for_the_language_it_resembles(code: str) -> None:
    assert detect(NEIGHBOURS[code]) in ((code, "detector"), (None, None))


def test_only_the_first_500_characters_count() -> None:
    mixed = (PARAGRAPHS["en"] * 3)[:500] + PARAGRAPHS["de"] * 20
    assert detect(mixed) == ("en", "stop-words")


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("ja", "市長は月曜日に、港を一年間閉鎖すると発表した。"),
        ("ko", "시장은 월요일에 항구를 일 년 동안 폐쇄한다고 밝혔다."),
        ("th", "นายกเทศมนตรีกล่าวว่าท่าเรือจะปิดเป็นเวลาหนึ่งปี"),
        ("el", "Το λιμάνι θα κλείσει για ένα χρόνο, είπε η δήμαρχος."),
        ("he", "הנמל ייסגר לשנה כי הקיר ישן מדי, אמרה ראש העיר."),
        ("yi", "דער פּאָרט וועט זײַן פֿאַרמאַכט אַ יאָר, האָט געזאָגט דער בירגערמייסטער."),
    ],
)
def test_a_script_of_its_own_tells_a_language_even_in_a_headline(code: str, text: str) -> None:
    if code == "yi":
        assert detect(text) == (None, None)  # Hebrew letters, and not Hebrew
    else:
        assert detect(text) == (code, "script")


@pytest.mark.parametrize(
    "headline",
    [
        "Harbour wall to close",
        "Die Hard star dies",
        "Paris, Texas",
        "Le Pen in der Halle",
        "U.S. GDP +2.5 pct",
        "Calexit",
        "港口关闭",
        "",
        "1,234 5,678 – 90",
    ],
)
def test_a_few_words_give_no_language_rather_than_a_wrong_one(headline: str) -> None:
    assert detect(headline) == (None, None)


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ("en", "en"),
        ("en-US", "en"),
        ("de_AT", "de"),
        ("de_DE.UTF-8", "de"),
        ("eng", "en"),
        ("ger", "de"),
        ("deu", "de"),
        ("English", "en"),
        (" GERMAN (Austria) ", "de"),
        ("español", "es"),
        ("zh-Hans-CN", "zh"),
        ("iw", "he"),
    ],
)
def test_a_declared_language_is_normalised_and_believed(declared: str, code: str) -> None:
    assert detect(PARAGRAPHS["fr"], declared) == (code, "declared")


@pytest.mark.parametrize(
    "declared", ["x-default", "und", "mul", "us", "en, fr", "en;q=0.8", "Klingon", "", "none"]
)
def test_a_declaration_that_names_no_single_language_is_ignored(declared: str) -> None:
    assert language_code(declared) is None
    assert detect(PARAGRAPHS["fr"], declared) == ("fr", "stop-words")


def test_the_detector_is_loaded_only_when_it_is_asked() -> None:
    program = (
        "import sys; from newsidx.refine.language import detect;"
        f"assert detect({PARAGRAPHS['en']!r}) == ('en', 'stop-words');"
        "assert 'py3langid' not in sys.modules and 'numpy' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


@settings(max_examples=150)
@given(st.text(), st.none() | st.text(max_size=12))
def test_any_text_gives_a_code_with_its_origin_or_neither(text: str, declared: str | None) -> None:
    code, way = detect(text, declared)
    assert (code is None) == (way is None)
    assert way in (None, "declared", "script", "stop-words", "detector")
    assert code is None or language_code(code) is not None
