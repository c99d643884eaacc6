"""Each article by its own stemmer, and the lead of a long article, on every engine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from newsidx.engines.base import Engine, SearchRequest
from newsidx.query.bind import bind
from newsidx.query.parser import parse
from newsidx.schema import LEAD_WORDS
from tests.conftest import make_article
from tests.contract.engines import FILLERS

# Language -> a form that stands in an article, and another of the same word.
INFLECTED = {
    "da": ("husene", "husets"),
    "de": ("Häuser", "Haus"),
    "en": ("elections", "elected"),
    "es": ("libros", "libro"),
    "fi": ("talossa", "talo"),
    "fr": ("élections", "élection"),
    "hu": ("házak", "ház"),
    "it": ("elezioni", "elezione"),
    "nl": ("boeken", "boek"),
    "no": ("husene", "huset"),
    "pt": ("políticas", "político"),
    "ro": ("copiilor", "copii"),
    "ru": ("новый", "новая"),
    "sv": ("husen", "huset"),
    "tr": ("evler", "evlerin"),
}

# Scripts written without spaces, by character.
UNSPACED = {
    "zh": ("北京的天气很好", "天气", "气天"),
    "ja": ("東京都の選挙が行われた", "選挙", "挙選"),
    "th": ("ประเทศไทย", "ไทย", "ยทไ"),
}

BEFORE = " ".join(f"w{number}" for number in range(LEAD_WORDS - 1))


@pytest.fixture(scope="module", params=FILLERS)
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    articles = [
        # The same text as an article of the language and as one without a stemmer.
        make_article(body=f"aaa {form} bbb", id=f"{code}{name}00000000", language=name)
        for code, (form, _) in INFLECTED.items()
        for name in (code, "pl")
    ]
    articles += [
        make_article(body=text, id=f"{code}{code}00000000", language=code)
        for code, (text, _, _) in UNSPACED.items()
    ]
    articles.append(
        make_article("Short title", f"{BEFORE} inside outside elections", id="long00000000")
    )
    opened = FILLERS[request.param](articles, tmp_path_factory.mktemp(request.param))
    yield opened
    opened.close()


def found(engine: Engine, query: str, *, exact: bool = False) -> set[str]:
    bound = bind(parse(query), query, language="en", today=date(2024, 5, 17), exact=exact)
    page = engine.search(SearchRequest(bound, limit=None))
    assert page.total == len(page.hits)
    return {hit.id[:4] for hit in page.hits}


@pytest.mark.parametrize("code", INFLECTED)
def test_a_word_meets_the_forms_of_its_stem_in_articles_of_the_language(
    engine: Engine, code: str
) -> None:
    form, other = INFLECTED[code]
    here = {f"{code}{code}", f"{code}pl"}
    for query in (
        f"{other} lang:{code}",
        f"aaa w/1 {other} lang:{code}",
        f"aaa pre/1 {other} lang:{code}",
        f"atleast1({other}) lang:{code}",
        f"hlead:{other} lang:{code}",
        f"body:{other} lang:{code}",
    ):
        assert found(engine, query) & here == {f"{code}{code}"}, query
    assert found(engine, f"{form} id:{code}") == here


@pytest.mark.parametrize("code", INFLECTED)
def test_in_articles_without_a_stemmer_a_word_meets_its_own_form_only(
    engine: Engine, code: str
) -> None:
    form, other = INFLECTED[code]
    assert f"{code}pl" in found(engine, f"{form} lang:pl")
    assert f"{code}pl" not in found(engine, f"{other} lang:pl")
    assert f"{code}pl" not in found(engine, f"aaa w/1 {other} lang:pl")


@pytest.mark.parametrize("code", INFLECTED)
def test_exact_an_equals_sign_and_quotes_switch_stemming_off_in_every_language(
    engine: Engine, code: str
) -> None:
    form, other = INFLECTED[code]
    for query in (f"={other}", f'"{other}"', f"aaa w/1 ={other}"):
        assert not found(engine, query) & {f"{code}{code}", f"{code}pl"}, query
    assert f"{code}{code}" not in found(engine, other, exact=True)
    assert {f"{code}{code}", f"{code}pl"} <= found(engine, form, exact=True)


@pytest.mark.parametrize("code", UNSPACED)
def test_scripts_without_spaces_are_searched_by_character(engine: Engine, code: str) -> None:
    _, word, reversed_word = UNSPACED[code]
    assert found(engine, word) == {code + code}
    assert found(engine, f"hlead:{word}") == {code + code}
    assert found(engine, reversed_word) == set()
    first, last = word[0], word[1]
    assert found(engine, f"{first} pre/1 {last}") == {code + code}
    assert found(engine, f"{last} pre/1 {first}") == set()


def test_the_lead_ends_after_its_last_word(engine: Engine) -> None:
    for query in ("inside", "outside", '"inside outside"', "w0 w/500 outside"):
        assert found(engine, query) == {"long"}, query
    for query in ("hlead:inside", "hlead:short", "hlead:(w0 w/98 w98)", "hlead:(w0 w/99 inside)"):
        assert found(engine, query) == {"long"}, query
    for query in (
        "hlead:outside",
        "hlead:outs*",
        "hlead:election",
        "hlead:outsid~",
        'hlead:"inside outside"',
        'hlead:"title w0"~500',
        "hlead:(title w/500 w0)",
    ):
        assert "long" not in found(engine, query), query
