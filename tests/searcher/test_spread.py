"""Who printed a story, and stories in place of their copies; on every engine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from newsidx.article import Article
from newsidx.engines.base import SORTS, Engine
from newsidx.errors import UsageError
from newsidx.results.spread import Spread
from newsidx.searcher import collapse
from newsidx.searcher.collapse import Folded, fold
from newsidx.searcher.copies import sketched
from newsidx.searcher.question import Ask, understand
from newsidx.searcher.spread import spread
from tests.conftest import make_article
from tests.contract.engines import USUAL

WORDS = [f"w{number}" for number in range(120)]
WHOLE = f"Ferries stayed in port. {' '.join(WORDS)}."
HALF = f"Ferries stayed in port. {' '.join(WORDS[:60])}."
END = f"{' '.join(WORDS[40:])}. Ferries sail again."
STORY = [
    make_article("Wire", WHOLE, id="wire00000000", source="Wire", published="2020-03-02"),
    make_article("Cut", HALF, id="cut000000000", source="Courier", published="2020-03-03"),
    make_article("Late", END, id="late00000000", source="Ledger", published="2020-03"),
    make_article("Undated", WHOLE, id="undated00000", source="Courier"),
]
OTHERS = [
    make_article("Bread", "Bakeries and ferries at night.", id="bread0000000", source="Wire"),
    make_article("Snow", "Snow fell on ferries.", id="snow00000000", published="2020-03-04"),
]
ARCHIVE = [*STORY, *OTHERS]
EVERY = list(map(sketched, ARCHIVE))


@pytest.fixture(params=USUAL)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    engine = USUAL[request.param](ARCHIVE, tmp_path)
    yield engine
    engine.close()


def found(engine: Engine, article: Article, **options: Any) -> Spread:
    return spread(engine, article, options.pop("known", EVERY), "en", {}, **options)


def titles(found: Spread) -> list[str]:
    return [version.article.title for version in found.versions]


def test_the_earliest_comes_first_and_what_has_no_date_last(engine: Engine) -> None:
    # What is known to the month only is not said to be earlier than a day in it.
    assert titles(found(engine, STORY[0])) == ["Wire", "Cut", "Late", "Undated"]


def test_all_versions_are_found_from_each_by_way_of_the_fullest(engine: Engine) -> None:
    for article in STORY:
        assert set(titles(found(engine, article))) == {"Wire", "Cut", "Late", "Undated"}


def test_an_article_that_nobody_else_printed_is_alone(engine: Engine) -> None:
    assert titles(found(engine, OTHERS[0])) == ["Bread"]


def test_a_sketch_of_what_the_engine_has_not_yet_is_passed_over(engine: Engine) -> None:
    coming = [sketched(make_article("Coming", WHOLE, id="coming000000")), *EVERY]
    assert titles(found(engine, STORY[0], known=coming)) == titles(found(engine, STORY[0]))


def test_more_candidates_than_are_held_at_once_are_all_looked_at(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = titles(found(engine, STORY[0]))
    monkeypatch.setattr("newsidx.searcher.copies._TEXTS_HELD", 2)
    monkeypatch.setattr("newsidx.searcher.spread.TEXTS_AT_ONCE", 1)
    assert titles(found(engine, STORY[0])) == whole


def test_outlets_stand_in_the_order_in_which_they_first_printed_it(engine: Engine) -> None:
    assert found(engine, STORY[1]).outlets == ("Wire", "Courier", "Ledger")


def test_without_any_sketch_versions_are_found_by_their_words(engine: Engine) -> None:
    known = found(engine, STORY[0], known=[])
    assert titles(known) == titles(found(engine, STORY[0]))
    assert known.unsketched == len(ARCHIVE)
    assert found(engine, STORY[0]).unsketched == 0


def test_the_others_are_held_against_the_earliest_or_against_one_that_is_named(
    engine: Engine,
) -> None:
    plain = found(engine, STORY[1])
    assert plain.base == STORY[0].id
    assert [version.changes is None for version in plain.versions] == [True, False, False, False]
    named = found(engine, STORY[1], against="late")
    assert named.base == STORY[2].id
    with pytest.raises(UsageError, match="not one version"):
        found(engine, STORY[1], against="bread0000000")
    with pytest.raises(UsageError, match="not one version"):
        found(engine, STORY[1], against="wir")


def test_the_fullest_is_what_others_are_held_against_where_none_has_a_date(tmp_path: Path) -> None:
    articles = [
        make_article("Cut", HALF, id="cut000000000"),
        make_article("Whole", WHOLE, id="whole0000000"),
    ]
    engine = USUAL["memory"](articles, tmp_path)
    assert spread(engine, articles[0], [], "en", {}).base == articles[1].id


def test_differences_by_word_are_told_only_where_they_are_asked_for(engine: Engine) -> None:
    for wanted in (False, True):
        changes = found(engine, STORY[0], by_word=wanted).versions[1].changes
        assert changes is not None
        assert (changes.words is not None) == wanted


# Folding


def folded(engine: Engine, **options: Any) -> tuple[Folded, list[str]]:
    question = Ask("ferries", **{"limit": None, **options})
    query = understand(question, "en", date(2020, 1, 1)).query
    made = fold(engine, query, question, lambda _: EVERY)
    return made, [hit.id for hit in made.page.hits]


@pytest.mark.parametrize("sort", SORTS)
def test_a_story_stands_where_its_first_article_would(engine: Engine, sort: str) -> None:
    made, ids = folded(engine, sort=sort)
    question = Ask("ferries", sort=sort, limit=None)
    from newsidx.engines.base import SearchRequest

    query = understand(question, "en", date(2020, 1, 1)).query
    plain = [hit.id for hit in engine.search(SearchRequest(query, sort, None)).hits]
    story = {each.id for each in STORY}
    expected = []
    for key in plain:
        if key not in story or story.isdisjoint(expected):
            expected.append(key)
    assert ids == expected
    assert (made.total, made.stories) == (6, 3)
    (members,) = made.members.values()
    assert members == [key for key in plain if key in story]


def test_pages_of_stories_follow_on_each_other(engine: Engine) -> None:
    _, every = folded(engine)
    pages = [folded(engine, limit=1, offset=at) for at in range(4)]
    assert [key for _, ids in pages for key in ids] == every
    assert {(made.total, made.stories) for made, _ in pages} == {(6, 3)}


def test_articles_without_a_sketch_are_folded_as_well(engine: Engine) -> None:
    question = Ask("ferries", limit=None)
    query = understand(question, "en", date(2020, 1, 1)).query
    assert fold(engine, query, question, lambda _: []).stories == 3
    assert fold(engine, query, question, lambda _: EVERY[:2]).stories == 3


def test_more_texts_than_can_be_read_for_one_answer_are_an_error_with_a_way_out(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collapse, "MOST_MADE", 3)
    question = Ask("ferries", limit=None)
    query = understand(question, "en", date(2020, 1, 1)).query
    with pytest.raises(UsageError, match="have no sketch yet"):
        fold(engine, query, question, lambda _: EVERY[:2])
    assert fold(engine, query, question, lambda _: EVERY[:3]).stories == 3


def test_only_matching_articles_count(engine: Engine) -> None:
    question = Ask('"sail again" OR snow', limit=None)
    query = understand(question, "en", date(2020, 1, 1)).query
    made = fold(engine, query, question, lambda _: EVERY)
    assert (made.total, made.stories, made.members) == (2, 2, {})
