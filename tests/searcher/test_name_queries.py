"""Names with gaps and slips, held against every way in which they can be written."""

from __future__ import annotations

import itertools
import random
from datetime import date

import pytest

from newsidx.article import Article
from newsidx.engines.base import SearchRequest
from newsidx.engines.memory import MemoryEngine
from newsidx.errors import UsageError
from newsidx.query.bind import bind
from newsidx.query.nodes import Phrase, Slop
from newsidx.query.patterns import distance_within
from newsidx.searcher.names import Names

WORDS = ("ana", "anna", "maria", "mraia", "ruiz", "riuz", "ruis", "lopez", "x")


@pytest.fixture(scope="module")
def bodies() -> dict[str, list[str]]:
    chance = random.Random(3)
    return {f"{at:012x}": chance.choices(WORDS, k=chance.randrange(1, 12)) for at in range(600)}


@pytest.fixture(scope="module")
def engine(bodies: dict[str, list[str]]) -> MemoryEngine:
    return MemoryEngine(Article(key, "", " ".join(body)) for key, body in bodies.items())


def found(engine: MemoryEngine, name: str, slop: int, edits: int) -> set[str]:
    query = bind(Names(engine, slop, edits).node(name), name, language="en", today=date(2024, 5, 1))
    return {hit.id for hit in engine.search(SearchRequest(query, limit=None)).hits}


def has(body: list[str], name: list[str], slop: int, edits: int) -> bool:
    """Whether the words stand in order with at most so many others between."""
    fits = [
        [at for at, word in enumerate(body) if distance_within(wanted, word, edits)]
        if edits
        else [at for at, word in enumerate(body) if word == wanted]
        for wanted in name
    ]
    return any(
        all(a < b for a, b in itertools.pairwise(places))
        and places[-1] - places[0] - len(places) < slop
        for places in itertools.product(*fits)
    )


@pytest.mark.parametrize("edits", [0, 1, 2])
@pytest.mark.parametrize("slop", [0, 1, 3])
@pytest.mark.parametrize("name", ["ruiz", "ana ruiz", "ana maria ruiz", "maria lopez x"])
def test_a_name_is_found_where_its_words_are_so_near_and_so_alike(
    engine: MemoryEngine, bodies: dict[str, list[str]], name: str, slop: int, edits: int
) -> None:
    expected = {key for key, body in bodies.items() if has(body, name.split(), slop, edits)}
    assert expected
    assert found(engine, name, slop, edits) == expected


def test_a_name_that_the_archive_has_in_no_way_is_looked_for_as_it_stands(
    engine: MemoryEngine,
) -> None:
    assert Names(engine, 0, 1).node("Zbigniew Ruiz") == Phrase("Zbigniew Ruiz")
    assert Names(engine, 2, 1).node("Zbigniew Ruiz") == Slop("Zbigniew Ruiz", 2)


@pytest.mark.parametrize("name", ["", "?!", "  "])
def test_a_name_without_a_word_is_an_error(engine: MemoryEngine, name: str) -> None:
    with pytest.raises(UsageError, match="no word"):
        Names(engine, 0, 1).node(name)
