"""How a question is understood and answered: notes, places, scores."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from newsidx.engines.base import Capabilities, SearchRequest
from newsidx.engines.memory import MemoryEngine
from newsidx.errors import IndexDamaged
from newsidx.results import QueryInfo
from newsidx.searcher.question import Ask, notes, understand
from newsidx.searcher.search import ask, find_article, located
from tests.contract.cases import ARCHIVE
from tests.contract.engines import USUAL

TODAY = date(2024, 5, 17)


def info(text: str, **options: bool) -> QueryInfo:
    return understand(Ask(text, **options), "en", TODAY).info  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("the calexit", "Left out as too common: the. Put them in quotes to look for them."),
        ("calexit &", "Ignored, for want of a letter or digit: &"),
        ('"yes calif*"', "A * or ? in quotes is punctuation, not a wildcard: yes calif*"),
        ("a b OR c", "Read as: (a AND b) OR c"),
    ],
)
def test_what_a_reader_should_know_of_a_query_is_said(text: str, note: str) -> None:
    assert notes(info(text)) == (note,)


def test_nothing_is_said_of_a_query_that_says_it_all() -> None:
    assert notes(info('calexit "yes california" date:2016')) == ()


def test_a_literal_query_without_a_word_says_why_it_finds_nothing() -> None:
    assert notes(info("", literal=True)) == ("There is nothing in this query to look for.",)
    assert notes(info("& %", literal=True)) == ("Ignored, for want of a letter or digit: & %",)


def test_the_answer_says_whether_stems_were_used() -> None:
    assert not info("calexit").exact
    assert info("calexit", exact=True).exact


@pytest.mark.parametrize(
    ("base", "place"), [("/press", "/press/a/b.txt"), ("/", "/a/b.txt"), (None, "a/b.txt")]
)
def test_a_file_is_where_its_root_is_now(base: str | None, place: str) -> None:
    roots = {"press": base} if base else {}
    assert located(roots, "press", "a/b.txt") == place


@pytest.mark.parametrize("name", USUAL)
def test_scores_are_made_where_they_are_shown_or_sorted_by(name: str, tmp_path: Path) -> None:
    engine = USUAL[name](ARCHIVE.values(), tmp_path)

    def scores(sort: str, *, wanted: bool) -> dict[str, float]:
        question = Ask("california OR elect*", sort=sort, limit=None, scores=wanted)
        bound = understand(question, "en", TODAY).query
        _, hits = ask(engine, bound, question, "en", {})
        return {hit.article.id: hit.score for hit in hits}

    shown = scores("newest", wanted=True)
    assert all(shown.values())
    assert scores("relevance", wanted=True) == shown
    assert scores("relevance", wanted=False) == shown
    assert set(scores("newest", wanted=False).values()) == {0.0}
    engine.close()


@pytest.mark.parametrize("marks", [True, False])
def test_where_an_article_matches_is_found_where_it_is_wanted(*, marks: bool) -> None:
    engine = MemoryEngine(ARCHIVE.values(), "en")
    question = Ask("california", marks=marks)
    total, hits = ask(engine, understand(question, "en", TODAY).query, question, "en", {})
    assert [bool(hit.highlights) for hit in hits] == [marks] * total
    assert total


@pytest.mark.parametrize("name", USUAL)
def test_scores_of_a_page_are_those_of_the_whole(name: str, tmp_path: Path) -> None:
    engine = USUAL[name](ARCHIVE.values(), tmp_path)
    query = understand(Ask("california OR elect* OR texas"), "en", TODAY).query
    whole = engine.search(SearchRequest(query, "oldest", None)).hits
    assert engine.search(SearchRequest(query, "oldest", 1, 1)).hits == whole[1:2]
    engine.close()


def test_an_article_that_the_index_names_and_does_not_hold_is_damage() -> None:
    class Forgetful:
        capabilities = Capabilities()

        def ids(self, prefix: str) -> list[str]:
            return [prefix]

        def get(self, ids: list[str]) -> dict[str, object]:
            return {}

    with pytest.raises(IndexDamaged, match="names an article 'aaaa'") as caught:
        find_article(Forgetful(), "aaaa")  # type: ignore[arg-type]
    assert "newsidx repair" in (caught.value.hint or "")
