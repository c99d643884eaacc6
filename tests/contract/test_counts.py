"""Every engine counts values and dates over all matches of a query, and counts the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from newsidx.article import Article, Published, article_id
from newsidx.engines import whoosh
from newsidx.engines.base import Engine
from newsidx.engines.memory import MemoryEngine
from newsidx.engines.whoosh.layout import FACETS
from newsidx.engines.whoosh.stored import Stored
from newsidx.query.bind import bind
from newsidx.query.bound import BoundQuery
from newsidx.query.parser import parse
from tests.contract.cases import ARCHIVE
from tests.contract.engines import FILLERS

SPELLINGS = [
    ("Ledger", ["Zoë Ray", "Al Bo"], "2019-03-04"),
    ("LEDGER", ["Zoe Ray", "zoe ray"], "2019-03"),
    ("LEDGER", [], "2019"),
    ("Ledger", ["Al Bo"], "2019-03-04"),
    ("Ledger", ["???"], None),
    (None, ["Al Bo"], "2020-01-01"),
]
MADE = [
    Article(
        id=article_id(f"made:{number}"),
        title="The ferry",
        body="It sailed." if number else "It stayed in the harbour.",
        source=source,
        authors=tuple(authors),
        published=Published.from_iso(day) if day else None,
    )
    for number, (source, authors, day) in enumerate(SPELLINGS)
]
ARTICLES = [*ARCHIVE.values(), *MADE]


@pytest.fixture(scope="module", params=FILLERS)
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    opened = FILLERS[request.param](ARTICLES, tmp_path_factory.mktemp(request.param))
    yield opened
    opened.close()


def bound(query: str) -> BoundQuery:
    return bind(parse(query), query, language="en", today=date(2024, 5, 17))


def test_values_that_a_query_does_not_tell_apart_are_one_by_its_commonest_spelling(
    engine: Engine,
) -> None:
    found = engine.facets(bound("ferry"), "source")
    assert found == (6, 1, [("Ledger", 5)])


def test_each_author_is_counted_once_an_article_and_those_without_are_known(
    engine: Engine,
) -> None:
    found = engine.facets(bound("ferry"), "authors")
    assert found.values == [("Al Bo", 3), ("Zoe Ray", 2), ("???", 1)]
    assert (found.total, found.missing) == (6, 1)


def test_only_matches_are_counted(engine: Engine) -> None:
    assert engine.facets(bound("ferry sailed"), "authors").values[0] == ("Al Bo", 2)
    assert engine.facets(bound("zzzz"), "authors") == (0, 0, [])


def test_dates_less_exact_than_the_unit_are_counted_apart(engine: Engine) -> None:
    assert engine.timeline(bound("ferry"), "day") == (
        6, 1, 2, [("2019-03-04", 2), ("2020-01-01", 1)],
    )  # fmt: skip
    assert engine.timeline(bound("ferry"), "month") == (
        6, 1, 1, [("2019-03", 3), ("2020-01", 1)],
    )  # fmt: skip
    assert engine.timeline(bound("ferry"), "year") == (6, 1, 0, [("2019", 4), ("2020", 1)])


def test_the_words_of_bodies_are_counted_by_the_same_dates(engine: Engine) -> None:
    found = engine.timeline(bound("*"), "year", words=True)
    dated = [(each.published.first.year, each.words) for each in ARTICLES if each.published]
    assert found.total == sum(each.words for each in ARTICLES)
    assert found.undated == found.total - sum(words for _, words in dated)
    assert found.buckets == [
        (str(year), sum(words for each, words in dated if each == year))
        for year in sorted({year for year, _ in dated})
    ]


@pytest.mark.parametrize("query", ["*", "the OR california", "-date:*", "lang:en"])
def test_every_engine_counts_as_the_oracle_does(engine: Engine, query: str) -> None:
    oracle = MemoryEngine(ARTICLES, "en")
    for field in FACETS:
        assert engine.facets(bound(query), field) == oracle.facets(bound(query), field)
    for unit in ("day", "month", "year"):
        for words in (False, True):
            found = engine.timeline(bound(query), unit, words=words)
            assert found == oracle.timeline(bound(query), unit, words=words)


def test_counting_and_sorting_read_no_stored_article(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from newsidx.engines.base import SORTS, SearchRequest

    def refused(stored: Stored, document: int) -> str:
        raise AssertionError("an article was read")

    FILLERS["whoosh"](ARTICLES, tmp_path).close()
    opened = whoosh.open(tmp_path, "en")
    monkeypatch.setattr(Stored, "article", refused)
    for field in FACETS:
        assert opened.facets(bound("*"), field).total == len(ARTICLES)
    assert opened.timeline(bound("words<9999"), "month").total == len(ARTICLES)
    for sort in SORTS:
        request = SearchRequest(bound("source:ledger date:2019"), sort)
        assert opened.search(request).total == 4
    opened.close()


def test_whoosh_alone_reads_the_columns(tmp_path: Path) -> None:
    from whoosh.index import open_dir

    FILLERS["whoosh"](MADE, tmp_path).close()
    reader = open_dir(str(tmp_path)).reader()
    authors = reader.column_reader("authors_values", translate=False)
    assert [authors[number] for number in range(len(MADE))] == [
        [author.encode() for author in authors] for _, authors, _ in SPELLINGS
    ]
    reader.close()
