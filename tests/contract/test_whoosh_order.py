"""The order of many matches over several segments, and pages anywhere in it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from newsidx.article import Article, Published
from newsidx.engines.base import SORTS, Engine, SearchRequest
from newsidx.engines.ordering import day_number, sort_text
from newsidx.engines.registry import factory
from newsidx.query.bind import bind
from newsidx.query.parser import parse
from tests.contract.engines import FILLERS

TITLES = ("Wheat", "Tariff", "Harbour strike", "")
SOURCES = ("Courier", "Northline", None)


def article(chance: random.Random, number: int) -> Article:
    day = chance.choice((None, Published(2016, 11), Published(2016, 11, chance.randrange(1, 9))))
    body = "harbour " * chance.choice((0, 1, 1, 3)) + "filler " * chance.choice((1, 1, 20))
    title, source = chance.choice(TITLES), chance.choice(SOURCES)
    return Article(f"{number:012x}", title, body, source=source, published=day)


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    chance = random.Random(11)
    found = [article(chance, number) for number in range(500)]
    chance.shuffle(found)
    return found


@pytest.fixture(scope="module")
def engine(articles: list[Article], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Three fifths of the articles in a second segment, and some of the first deleted."""
    home = tmp_path_factory.mktemp("order")
    first = FILLERS["whoosh"](articles[:200], home)
    writer = first.writer()
    for each in articles[200:]:
        writer.add(each)
    writer.delete([each.id for each in articles[190:200]])
    writer.commit()
    first.close()
    opened = factory("whoosh").open(home, "en")
    yield opened
    opened.close()


def request(query: str, sort: str, limit: int | None, offset: int = 0) -> SearchRequest:
    bound = bind(parse(query), query, language="en", today=date(2024, 5, 17))
    return SearchRequest(bound, sort, limit, offset)


def sort_key(sort: str, article: Article, score: float) -> tuple[Any, ...]:
    day = day_number(article)
    if sort in ("title", "source"):
        value = sort_text(getattr(article, sort))
        return (not value, value, -day, article.id)
    first = {"relevance": (-score, -day), "newest": (-day,), "oldest": (not day, day)}[sort]
    return (*first, article.id)


@pytest.mark.parametrize("query", ["*", "harbour", "filler harbour", "strike OR wheat"])
@pytest.mark.parametrize("sort", SORTS)
def test_any_page_is_a_part_of_all_matches_in_order(
    engine: Engine, articles: list[Article], sort: str, query: str
) -> None:
    by_id = {each.id: each for each in articles}
    every = engine.search(request(query, sort, None))
    assert engine.segments().number > 1
    assert len(every.hits) == every.total > 150
    assert list(every.hits) == sorted(
        every.hits, key=lambda hit: sort_key(sort, by_id[hit.id], hit.score)
    )
    for limit, offset in ((1, 0), (7, 0), (10, 20), (5, 140), (60, 90), (10, every.total - 3)):
        page = engine.search(request(query, sort, limit, offset))
        assert page.total == every.total
        assert list(page.hits) == every.hits[offset : offset + limit]


def test_hits_are_taken_from_any_place(engine: Engine) -> None:
    hits = engine.search(request("harbour", "oldest", None)).hits
    every = list(hits)
    assert (hits[3], hits[-1], hits[2:9:3]) == (every[3], every[-1], every[2:9:3])
    assert hits == every
    assert hits != every[1:]
    with pytest.raises(IndexError):
        hits[len(every)]


def test_the_articles_of_hits_are_there_whichever_were_taken_last(engine: Engine) -> None:
    hits = engine.search(request("*", "newest", None)).hits
    first, last = hits[:5], hits[-5:]
    found = engine.get([hit.id for hit in (*first, *last)])
    assert [found[hit.id].id for hit in (*first, *last)] == [hit.id for hit in (*first, *last)]
