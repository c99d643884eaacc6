"""Pages of an archive with words in more articles than a block of postings holds."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

import pytest

from newsidx.article import Article
from newsidx.engines.base import Engine, SearchRequest
from newsidx.query.bind import bind
from newsidx.query.parser import parse
from tests.contract.engines import FILLERS

WORDS = ("harbour", "strike", "wheat", "tariff")
PHRASES = ("the harbour of the north", "harbour strike", "the wheat", "strike harbour strike")


def text(chance: random.Random) -> str:
    """The first and the last word in most texts, the others in fewer; many next to others."""
    often = [word for word in WORDS for _ in range(chance.choice((0, 0, 1, 2, 9)))]
    rest = ["the", "of", "the", "north", *chance.choices(PHRASES, k=chance.randrange(3))]
    some = [*often, *rest, *["filler"] * chance.randrange(30)]
    chance.shuffle(some)
    return " ".join(some)


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    chance = random.Random(7)
    return {f"{number:012x}": text(chance) for number in range(1300)}


@pytest.fixture(scope="module")
def engine(texts: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    articles = [Article(id=key, title="", body=body) for key, body in texts.items()]
    opened = FILLERS["whoosh"](articles, tmp_path_factory.mktemp("pages"))
    yield opened
    opened.close()


def request(query: str, limit: int | None, offset: int = 0) -> SearchRequest:
    bound = bind(parse(query), query, language="en", today=date(2024, 5, 17))
    return SearchRequest(bound, "relevance", limit, offset)


@pytest.mark.parametrize(
    "query",
    [
        "harbour",
        "harbour OR strike",
        "harbour OR strike OR wheat OR tariff",
        "harbour^9 OR wheat",
        "harbour strike",
        "(harbour OR strike) wheat",
        "harbour -strike",
        "har* OR wheat",
        '"harbour strike" OR tariff',
        "body:harbour OR body:wheat OR strike",
    ],
)
def test_a_page_is_a_part_of_all_matches_and_knows_how_many_they_are(
    engine: Engine, query: str
) -> None:
    every = engine.search(request(query, None))
    assert len(every.hits) == every.total > 100
    for limit, offset in ((1, 0), (10, 0), (10, 15), (80, 3)):
        page = engine.search(request(query, limit, offset))
        assert page.total == every.total
        assert page.hits == every.hits[offset : offset + limit]


@pytest.mark.parametrize("phrase", PHRASES)
def test_a_phrase_is_found_wherever_its_words_stand_in_this_order(
    engine: Engine, texts: dict[str, str], phrase: str
) -> None:
    found = {hit.id for hit in engine.search(request(f'"{phrase}"', None)).hits}
    assert found == {key for key, body in texts.items() if f" {phrase} " in f" {body} "}
    assert found
