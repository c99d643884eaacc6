"""The queries of the search benchmark say the same to every system."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from benchmarks.queries import QUERIES, Filling, Query
from newsidx.article import Article, Published
from newsidx.engines.base import SearchRequest
from newsidx.engines.memory import MemoryEngine
from newsidx.searcher.question import Ask, understand

FILLING = Filling("Harbour Wire", 2014)
TODAY = date(2020, 1, 1)


def article(number: int, text: str, source: str = "Harbour Wire", year: int = 2014) -> Article:
    title, _, body = text.partition(": ")
    published = Published(year, 5, 1)
    return Article(f"{number:012}", title, body, source=source, published=published, words=5)


# Some match and some fail to by one word, an order, an outlet or a year.
ARTICLES = [
    article(number, *rest)
    for number, rest in enumerate(
        (
            ("Presidents: of governments and markets, no court",),
            ("Cocoa: a refinery, hysteria, Psaki",),
            ("Oil price: health care, reformed laws",),
            ("Trump: on Russia and Trump",),
            ("Government: the president and the government",),
            ("Interest: a rate of the banks",),
            ("Opec: outputs and quotas",),
            ("White House: the prime minister on money supply",),
            ("House white: minister prime, supply of money",),
            ("End of the year: crude oil prices",),
            ("Supreme Court: on abortion",),
            ("Courts: supremely good",),
            ("Immigration: immigrants and women in the proposal",),
            ("Democratic senators: a woman in the senate",),
            ("Wheat: Obama on the dollar and gas taxes",),
            ("Soybean: yen and marks for Romney; oil tax",),
            ("Elections: one economy",),
            ("Elections: one economy", "Blue Ridge Reporter"),
            ("Elections: one economy", "Harbour Wire", 2015),
        )
    )
]


@pytest.fixture(scope="module")
def dialects(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Each peer that is installed, with an index of the articles."""
    folder = tmp_path_factory.mktemp("peers")
    with pytest.MonkeyPatch.context() as patch:
        # They are scripts, which find each other in their own folder.
        patch.syspath_prepend(str(Path(__file__).parents[2] / "benchmarks"))
        import dialects
        import peers

        lines = folder / "articles.jsonl"
        peers.write_articles(ARTICLES, lines)
        found: dict[str, Any] = {}
        makers = {"whoosh-two-fields": dialects.Whoosh, "whoosh-one-field": dialects.Whoosh}
        makers |= {"fts5": dialects.Fts5, "tantivy": dialects.Tantivy}
        for name, maker in makers.items():
            if not peers.missing(name):
                peers.BUILDERS[name](lines, folder / name)
                found[name] = maker(folder / name)
        yield found
        for dialect in found.values():
            dialect.close()


def test_there_are_thirty_different_ones() -> None:
    assert len({query.text for query in QUERIES}) == len(QUERIES) == 30
    assert {query.kind for query in QUERIES} >= {"word", "phrase", "wildcard", "AND", "OR", "NOT"}


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.text)
def test_every_system_finds_what_newsidx_finds(query: Query, dialects: dict[str, Any]) -> None:
    engine = MemoryEngine(ARTICLES, "en")
    text = FILLING.text(query.text)
    assert text
    bound = understand(Ask(text), "en", TODAY).query
    total = engine.search(SearchRequest(bound)).total
    assert total
    found = {}
    for name, dialect in dialects.items():
        try:
            made = query.build(dialect, FILLING)
        except NotImplementedError:  # FTS5 has no wildcard inside a word
            assert (name, query.kind) == ("fts5", "wildcard")
            continue
        found[name] = dialect.total(made)
        assert len(dialect.search(made)) == found[name]
    assert found == dict.fromkeys(found, total)


def test_a_filter_that_no_article_can_meet_leaves_its_query_out() -> None:
    assert Filling(None, 2014).text('a source:="OUTLET"') is None
    assert Filling("Harbour Wire", None).text("a date:YEAR") is None
    assert Filling(None, 2014).text("a date:YEAR") == "a date:2014"
