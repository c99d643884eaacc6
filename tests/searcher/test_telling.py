"""By which fields the matches of a query are broken down."""

from __future__ import annotations

from typing import Any

import pytest

from newsidx.article import Article
from newsidx.engines.memory import MemoryEngine
from newsidx.query.bound import All, BoundQuery
from newsidx.results import Breakdown
from newsidx.searcher import telling
from newsidx.searcher.telling import breakdowns
from tests.conftest import make_article


def broken_down(fields: list[dict[str, Any]]) -> dict[str, Breakdown]:
    articles: list[Article] = [
        make_article(f"Harbour {number}", "quiet", **each) for number, each in enumerate(fields)
    ]
    engine = MemoryEngine(articles, "en", float)
    found = breakdowns(engine, BoundQuery(All(), ()), len(articles))
    return {each.field: each for each in found}


def test_sources_come_commonest_first_and_years_in_order() -> None:
    years = ["2018", "2016"] * 3
    found = broken_down(
        [{"source": name, "published": year} for name, year in zip("AABBBC", years, strict=True)]
    )
    assert found["source"].values == (("B", 3), ("A", 2), ("C", 1))
    assert found["year"].values == (("2016", 3), ("2018", 3))


def test_a_field_that_says_nothing_is_left_out() -> None:
    alike = {"source": "A", "section": "x", "tags": ["same"]}
    assert broken_down([{**alike, "published": f"{year}"} for year in range(2000, 2010)]) == {}
    rare = [{"tags": ["a"]}, {"tags": ["a"]}, {"tags": ["b"]}, *({} for _ in range(9))]
    assert broken_down(rare) == {}


def test_values_that_are_not_named_are_counted() -> None:
    many = [{"section": f"s{number}"} for number in range(30)] + [{"section": "s0"}]
    (found,) = broken_down(many).values()
    assert found.values[0] == ("s0", 2)
    assert len(found.values) + found.others == 30


def test_there_are_at_most_three() -> None:
    fields = [
        {"source": c, "section": c, "tags": [c], "published": y, "language": lang}
        for c, y, lang in zip("AABBCC", ["2016", "2017", "2018"] * 2, ["en", "de"] * 3, strict=True)
    ]
    assert list(broken_down(fields)) == ["source", "year", "language"]


def test_few_matches_and_too_many_are_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    fields: list[dict[str, Any]] = [{"source": c} for c in "AABBB"]
    assert broken_down(fields[:4]) == {}
    assert list(broken_down(fields)) == ["source"]
    monkeypatch.setattr(telling, "MOST_COUNTED", 4)
    assert broken_down(fields) == {}
