"""Values of a field, counted: every number is checked against the query that lists it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from newsidx.engines.base import Engine, SearchRequest
from newsidx.engines.memory import MemoryEngine
from newsidx.errors import UsageError
from newsidx.query.bind import bind
from newsidx.query.parser import parse
from newsidx.results.counts import FacetCounts
from newsidx.searcher.facets import facet_field, facets
from newsidx.searcher.filters import filters_of
from newsidx.searcher.question import Ask, understand
from tests.contract.engines import USUAL
from tests.contract.test_counts import ARTICLES

TODAY = date(2024, 5, 17)
FIELDS = ["authors", "source", "section", "tags", "root", "language"]
QUESTIONS = [
    Ask("*"),
    Ask("the california"),
    Ask("california russia", any_word=True),
    Ask("elections", exact=True),
    Ask("(the ferry) and: more", literal=True, any_word=True),
    Ask("ferry OR -california"),
    Ask("-ferry"),
    Ask("*", filters=filters_of(since="2016", source=["ledger", "courier"])),
]


@pytest.fixture(scope="module", params=USUAL)
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    opened = USUAL[request.param](ARTICLES, tmp_path_factory.mktemp(request.param))
    yield opened
    opened.close()


def counted(engine: Engine, question: Ask, field: str, limit: int | None = None) -> FacetCounts:
    return facets(engine, understand(question, "en", TODAY), facet_field(field), limit)


def total(engine: Engine, query: str) -> int:
    bound = bind(parse(query), query, language="en", today=TODAY)
    return engine.search(SearchRequest(bound, limit=0)).total


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each.text)
@pytest.mark.parametrize("field", FIELDS)
def test_the_query_of_a_value_lists_as_many_articles_as_were_counted(
    engine: Engine, question: Ask, field: str
) -> None:
    found = counted(engine, question, field)
    assert found.missing_query is not None
    assert total(engine, found.missing_query) == found.missing
    named = [each for each in found.values if each.query is not None]
    assert [total(engine, each.query or "") for each in named] == [each.articles for each in named]
    assert all(not any(map(str.isalnum, each.value)) for each in found.values if not each.query)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each.text)
def test_every_engine_counts_the_same(engine: Engine, question: Ask) -> None:
    oracle = MemoryEngine(ARTICLES, "en")
    for field in FIELDS:
        assert counted(engine, question, field) == counted(oracle, question, field)


def test_shares_are_of_the_matches_and_ratios_of_all_that_have_the_value(engine: Engine) -> None:
    found = counted(engine, Ask("ferry sailed"), "authors")
    (first, *_) = found.values
    assert (first.value, first.articles, first.share) == ("Al Bo", 2, 2 / found.total)
    assert (first.base, first.ratio) == (3, 2 / 3)
    assert found.base == len(ARTICLES)


def test_a_limit_cuts_the_values_and_says_of_how_many(engine: Engine) -> None:
    every, some = counted(engine, Ask("*"), "source"), counted(engine, Ask("*"), "source", 2)
    assert some.values == every.values[:2]
    assert some.distinct == len(every.values) > 2


def test_filters_hold_for_the_base_too(engine: Engine) -> None:
    question = Ask("sailed", filters=filters_of(source="ledger"))
    found = counted(engine, question, "authors")
    assert found.base == total(engine, 'source:"ledger"') > found.total


def test_a_query_without_any_match_has_no_values(engine: Engine) -> None:
    found = counted(engine, Ask("zzzz"), "source")
    assert (found.total, found.missing, found.values) == (0, 0, ())
    assert counted(engine, Ask("?!", literal=True), "source").missing_query is None


@pytest.mark.parametrize("name", ["by", "Author", "tag", "lang", "publication"])
def test_a_field_is_found_by_any_of_its_names(name: str) -> None:
    assert facet_field(name).name in FIELDS


def test_a_wrong_field_lists_those_there_are_and_dates_have_a_command_of_their_own() -> None:
    for name in ("titel", "title"):
        with pytest.raises(UsageError) as refused:
            facet_field(name)
        assert all(field in (refused.value.hint or "") for field in FIELDS)
    with pytest.raises(UsageError, match="newsidx timeline"):
        facet_field("date")
