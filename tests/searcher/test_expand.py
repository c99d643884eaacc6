"""Feedback: what is added to a query, what that may bring in, and what it may not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from newsidx.article import Article
from newsidx.engines.base import Engine, SearchRequest
from newsidx.engines.memory import MemoryEngine
from newsidx.query.bound import BoundQuery, Term
from newsidx.searcher.expand import MIX, TERMS, Added, candidates, expand
from newsidx.searcher.filters import Filters
from newsidx.searcher.question import Ask, Understood, notes, understand
from tests.conftest import make_article
from tests.contract.engines import USUAL, factory_of

TODAY = date(2024, 5, 17)

STORM = [
    make_article(
        f"Storm on day {number}",
        "The storm closed the harbour. Ferries stayed in port, and a ferry was lost to waves.",
        source="Harbor Courier" if number % 2 else "Northline",
        published=f"2016-11-0{number + 1}",
        language="en",
    )
    for number in range(4)
]
FERRY = make_article("Timetables", "A ferry sails at nine.", source="Northline", language="en")
WAVES = make_article("Physics", "Waves carry energy.", source="Harbor Courier", language="en")
BREAD = make_article("Bakery", "It bakes bread at night.", source="Northline", language="en")
STURM = make_article("Sturm", "Der Sturm schloss die Häfen; die Fähren blieben.", language="de")
ARCHIVE = [*STORM, FERRY, WAVES, BREAD, STURM]


@pytest.fixture(params=USUAL)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    engine = USUAL[request.param](ARCHIVE, tmp_path)
    yield engine
    engine.close()


def expanded(
    engine: Engine, text: str, **options: object
) -> tuple[Understood, tuple[Added, ...], set[str]]:
    """The question widened, what was added, and the titles that it finds."""
    question = Ask(text, **options)  # type: ignore[arg-type]
    wide, added = expand(engine, question, understand(question, "en", TODAY), "en", TODAY)
    return wide, added, titles(engine, wide.query)


def titles(engine: Engine, query: BoundQuery) -> set[str]:
    page = engine.search(SearchRequest(query, limit=None))
    return {article.title for article in engine.get([hit.id for hit in page.hits]).values()}


STORMS = {article.title for article in STORM}


def test_words_of_the_best_articles_are_added_and_bring_in_others(engine: Engine) -> None:
    _, added, found = expanded(engine, "storm")
    assert {"ferries", "waves"} & {each.form for each in added}
    assert found == STORMS | {"Timetables", "Physics"}


def test_a_word_is_shown_in_its_commonest_form() -> None:
    texts = ["storm elections", "storm electing elections", "storm elected elections"]
    engine = MemoryEngine([make_article(f"{n}", text) for n, text in enumerate(texts)])
    _, added, _ = expanded(engine, "storm")
    assert "elections" in {each.form for each in added}


def test_the_words_typed_are_alternatives(engine: Engine) -> None:
    wide, _, found = expanded(engine, "storm bakery")
    assert wide.info.any
    assert found >= STORMS | {"Bakery"}


@pytest.mark.parametrize(
    "text",
    [
        "storm source:northline",
        "storm -title:physics",
        "storm date:2016-11-02..2016-11-03",
        "storm (ferry OR bread)",
        "storm AND harbour",
        "storm OR sturm",
        "title:storm",
        "title:storm -port",
        '"storm closed" source:northline',
        "source:northline",
        "storm the",
        "the and of",
    ],
)
def test_nothing_passes_a_condition(engine: Engine, text: str) -> None:
    question = Ask(text, any_word=True)
    plain = understand(question, "en", TODAY)
    before = titles(engine, plain.query)
    _, _, found = expanded(engine, text)
    assert found >= before
    for condition in ("source:northline", "-title:physics", "date:2016-11-02..2016-11-03"):
        if condition in text:
            allowed = titles(engine, understand(Ask(condition), "en", TODAY).query)
            assert found <= allowed
    if not text.startswith(("storm source", "storm -", "storm the", '"')):
        assert found == before


def test_nothing_passes_a_filter(engine: Engine) -> None:
    filters = Filters(source=("northline",), since="2016-11-01")
    wide, added, found = expanded(engine, "storm", filters=filters)
    assert added
    assert found == {article.title for article in STORM if article.source == "Northline"}
    assert wide.filters


def test_without_a_loose_word_only_the_order_changes(engine: Engine) -> None:
    wide, added, found = expanded(engine, "title:storm")
    assert found == STORMS
    assert len(wide.query.scored) > 1
    assert added


@pytest.mark.parametrize("text", ["source:northline", "zeppelin", "*", "date:2016"])
def test_a_query_that_ranks_or_finds_nothing_stays_as_it_is(engine: Engine, text: str) -> None:
    wide, added, _ = expanded(engine, text)
    question = Ask(text, any_word=True)
    assert wide == understand(question, "en", TODAY)
    assert added == ()


def test_most_of_the_weight_stays_with_what_was_typed(engine: Engine) -> None:
    wide, added, _ = expanded(engine, "storm^2 ferry")
    whole = sum(each.boost for each in wide.query.scored)
    assert whole == pytest.approx(3 / MIX)
    assert sum(each.weight for each in added) == pytest.approx(3 * (1 - MIX) / MIX)
    assert [each.weight for each in added] == sorted((a.weight for a in added), reverse=True)
    assert len(added) <= TERMS


def test_a_word_typed_weighs_more_and_is_not_added_again(engine: Engine) -> None:
    wide, added, _ = expanded(engine, "storms harbour")
    (storm,) = [each for each in added if each.form == "storm"]
    assert storm.typed
    words = [each.word.lower for each in wide.query.scored if isinstance(each.word, Term)]
    assert "storms" in words
    assert "storm" not in words
    assert wide.query.scored[0].boost == pytest.approx(1 + storm.weight)


def test_stop_words_numbers_and_words_of_one_article_are_not_added(engine: Engine) -> None:
    _, added, _ = expanded(engine, "storm")
    forms = {each.form for each in added}
    assert forms.isdisjoint({"the", "and", "in", "a", "1", "2"})
    _, added, _ = expanded(engine, "bakery")
    assert added == ()


def test_what_is_added_is_always_said_as_it_would_be_typed(tmp_path: Path) -> None:
    wide, added, _ = expanded(MemoryEngine(ARCHIVE), "storm")
    words = tuple((each.form, each.weight) for each in added if not each.typed)
    (note,) = notes(replace(wide.info, expanded=words))
    front, _, typed = note.partition(": ")
    assert front == "Added by --expand"
    again = understand(Ask(typed), "en", TODAY)
    shown = {
        each.word.form: each.boost for each in again.query.scored if hasattr(each.word, "form")
    }
    assert shown == {form: float(f"{weight:.2g}") for form, weight in words}


def test_an_article_in_another_language_gives_words_of_that_language() -> None:
    archive = [
        make_article(f"Sturm {n}", "Der Sturm schloss die Häfen.", language="de") for n in range(3)
    ]
    harbours = make_article("Hafen", "Ein Hafen liegt am Meer.", language="de")
    engine = MemoryEngine([*archive, harbours, BREAD])
    _, added, found = expanded(engine, "sturm")
    assert "häfen" in {each.form for each in added}
    assert "Hafen" in found


def test_exact_words_are_added_as_they_are_written() -> None:
    storms = [make_article(f"{n}", "Storm: no ferries sailed.", language="en") for n in range(2)]
    engine = MemoryEngine([*storms, FERRY, BREAD])
    assert "ferries" in {each.form for each in expanded(engine, "storm")[1]}
    assert "Timetables" in expanded(engine, "storm")[2]
    assert "Timetables" not in expanded(engine, "storm", exact=True)[2]


# Candidates


def test_candidates_say_what_each_would_add(engine: Engine) -> None:
    question = Ask("storm harbour")
    found = candidates(engine, question, understand(question, "en", TODAY), "en", TODAY)
    by_form = {each.form: each for each in found}
    assert (by_form["waves"].articles, by_form["waves"].adds) == (5, 1)
    assert all(each.adds for each in found)
    assert "storm" not in by_form
    assert "port" not in by_form  # in articles that the query matches alone


def test_candidates_are_counted_within_the_filters(engine: Engine) -> None:
    question = Ask("storm", filters=Filters(source=("harbor courier",)))
    found = candidates(engine, question, understand(question, "en", TODAY), "en", TODAY)
    assert {each.form: (each.articles, each.adds) for each in found} == {"waves": (3, 1)}


@pytest.mark.parametrize("name", USUAL)
def test_candidates_count_live_articles_only(name: str, tmp_path: Path) -> None:
    engine = USUAL[name]([*ARCHIVE, gone()], tmp_path / name)
    writer = engine.writer()
    writer.delete([gone().id])
    writer.commit()
    engine.close()
    question = Ask("storm")
    live = engine if name == "memory" else factory_of(name).open(tmp_path / name, "en")
    found = candidates(live, question, understand(question, "en", TODAY), "en", TODAY)
    assert {each.form: each.adds for each in found}["waves"] == 1
    live.close()


def gone() -> Article:
    return make_article("Gone", "Waves, waves.", language="en")
