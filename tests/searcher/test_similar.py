"""Articles like one: found by its telling words, without itself and its copies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from newsidx.article import Article
from newsidx.engines.base import Engine, SearchRequest
from newsidx.searcher.similar import TERMS, similar
from tests.conftest import make_article
from tests.contract.engines import USUAL

BODY = "Ferries stayed in port as the storm broke over the harbour wall."
STORM = make_article("Storm", BODY, source="Courier", language="en")
COPY = make_article("Sea", BODY, source="Other", language="en", same_text=STORM.id)
LIKE = make_article("A storm passes", "The harbour wall held; ferries sail again.", language="en")
LESS = make_article("Timetables", "Ferries sail at nine.", language="en")
BREAD = make_article("Bakery", "It bakes bread at night.", language="en")
SNOW = make_article("Snow", "Snow fell on hills.", language="en")
ARCHIVE = [STORM, COPY, LIKE, LESS, BREAD, SNOW]


@pytest.fixture(params=USUAL)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    engine = USUAL[request.param](ARCHIVE, tmp_path)
    yield engine
    engine.close()


def like(engine: Engine, article: Article) -> list[str]:
    """The titles of the articles that are like one, the likest first."""
    query, _ = similar(engine, article, "en")
    page = engine.search(SearchRequest(query, limit=None))
    found = engine.get([hit.id for hit in page.hits])
    assert page.total == len(page.hits)
    return [found[hit.id].title for hit in page.hits]


def test_the_likest_comes_first_and_what_shares_nothing_is_not_there(engine: Engine) -> None:
    assert like(engine, STORM) == ["A storm passes", "Timetables"]


def test_the_article_and_its_copies_are_left_out(engine: Engine) -> None:
    for article in (STORM, COPY):
        assert {"Storm", "Sea"}.isdisjoint(like(engine, article))


def test_a_text_from_elsewhere_has_its_copies_left_out(engine: Engine) -> None:
    stranger = replace(STORM, id="", same_text=None, title="Read elsewhere")
    assert like(engine, stranger) == ["A storm passes", "Timetables"]


def test_a_text_from_elsewhere_finds_what_is_like_it(engine: Engine) -> None:
    text = make_article("", "Bread and ferries, bread and hills.", id="")
    assert like(engine, text)[0] == "Bakery"


def test_an_article_without_a_telling_word_is_like_none(engine: Engine) -> None:
    for body in ("", "The and of 12 7.", "zeppelin"):
        query, words = similar(engine, make_article("", body, id=""), "en")
        assert words == ""
        assert engine.search(SearchRequest(query)).total == 0


def test_the_words_are_given_the_strongest_first(engine: Engine) -> None:
    query, words = similar(engine, LIKE, "en")
    weights = {
        word: float(weight)
        for word, _, weight in (each.partition("^") for each in words.split(" OR "))
    }
    assert len(weights) == len(query.scored) <= TERMS
    assert next(iter(weights)) == "sail"  # two articles have it, and three the storm
    assert weights["storm"] > weights["wall"]  # it is in the title


def test_words_that_no_other_article_has_are_not_looked_for(engine: Engine) -> None:
    _, words = similar(engine, LIKE, "en")
    assert "passes" not in words
    assert "held" not in words
