"""Collocates: counted by hand, and the same on every engine."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from newsidx.engines.base import Engine
from newsidx.engines.memory import MemoryEngine
from newsidx.searcher.association import contingency_g2, log_ratio
from newsidx.searcher.collocates import Collocates, Neighbours
from newsidx.searcher.passages import read
from newsidx.searcher.question import Ask, understand
from tests.conftest import make_article
from tests.contract.cases import ARCHIVE
from tests.contract.engines import USUAL

PRESS = [
    make_article(
        "Red ferry",
        "The red ferry sails, and the red ferry burns. Far away from it all, long after that "
        "night, stands a house with a red door and a cold cellar.",
    ),
    make_article("", "A red boat, a blue ferry and the cold sea."),
    make_article("", "Nothing of the kind: red, red, red."),
]


def counted(engine: Engine, query: str, window: int = 5, everything: bool = False) -> Collocates:
    understood = understand(Ask(query), "en", date(2024, 5, 17))
    neighbours = Neighbours(window, everything)
    for reading in read(engine, understood.query, understood.tree, "oldest", "en")[1]:
        neighbours.add(reading)
    return neighbours.collocates()


def test_words_near_a_match_are_counted_by_side_and_held_against_the_rest_of_the_articles() -> None:
    found = counted(MemoryEngine(PRESS), "ferry", window=1)
    assert (found.matches, found.articles) == (4, 2)
    # Near: red | red, sails | red, burns | blue, and; elsewhere: all else but the matches.
    assert found.words_near == 7
    assert found.words_near + found.words_elsewhere == 2 + 9 + 20 + 10 - 4
    (red,) = found.words
    assert (red.word, red.left, red.right, red.near, red.elsewhere, red.articles) == (
        "red",
        3,
        0,
        3,
        2,
        1,
    )
    here, there = found.words_near, found.words_elsewhere
    assert red.g2 == contingency_g2(3, 2, here, there)
    assert red.log_ratio == log_ratio(3, 2, here, there)


def test_what_stands_between_the_words_of_a_match_is_near_it_on_neither_side() -> None:
    article = make_article("", "Trump warmly met Putin. Putin warmly met Trump. " + "Other. " * 20)
    found = counted(MemoryEngine([article]), "trump NEAR/3 putin", window=1)
    by_word = {each.word: each for each in found.words}
    assert set(by_word) == {"warmly", "met"}
    assert (by_word["met"].near, by_word["met"].left, by_word["met"].right) == (2, 0, 0)


def test_stop_words_and_the_querys_own_are_left_out_unless_asked() -> None:
    body = "the big ferry of the big ferry, " + "and so on it goes " * 10 + " ferries"
    engine = MemoryEngine([make_article("", body)])
    plain = {each.word for each in counted(engine, '"ferry of"', window=3).words}
    every = {each.word for each in counted(engine, '"ferry of"', window=3, everything=True).words}
    assert plain == {"big"}
    assert every == {"big", "the"}


def test_a_word_near_two_matches_counts_once() -> None:
    engine = MemoryEngine([make_article("", "ferry big ferry big ferry " + "word " * 30)])
    found = counted(engine, "ferry")
    assert [(each.word, each.near) for each in found.words if each.word == "big"] == [("big", 2)]


@pytest.mark.parametrize("name", sorted(USUAL))
@pytest.mark.parametrize("query", ["california", "california NEAR/8 state", "the OR yes"])
def test_every_engine_counts_the_same(name: str, query: str, tmp_path: Path) -> None:
    engine = USUAL[name](ARCHIVE.values(), tmp_path / "e")
    assert counted(engine, query) == counted(MemoryEngine(ARCHIVE.values()), query)
