"""What the contract suite is too small for: many pages, many forms, several shards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from newsidx.article import Article
from newsidx.engines import opensearch
from newsidx.engines.base import SORTS, SearchRequest
from newsidx.engines.memory import MemoryEngine
from newsidx.engines.opensearch import reading, scoring
from newsidx.engines.opensearch.engine import OpenSearchEngine
from newsidx.query.bind import bind
from newsidx.query.bound import BoundQuery
from newsidx.query.parser import parse
from tests.cluster.server import MAJORS, address
from tests.conftest import make_article
from tests.contract.cases import ARCHIVE


def bound(query: str) -> BoundQuery:
    return bind(parse(query), query, language="en", today=date(2024, 5, 17))


def articles() -> list[Article]:
    made = [
        make_article(
            f"Ferry {number % 7}",
            f"The ferry {'sailed ' * (number % 5)}past marker{number} elected{number % 3}.",
            source=("Ledger", "Courier", None)[number % 3],
            published=(None, "2019", "2019-03", f"2020-01-{1 + number % 28:02}")[number % 4],
            id=f"m{number:011}",
        )
        for number in range(40)
    ]
    return [*ARCHIVE.values(), *made]


@pytest.fixture(scope="module", params=MAJORS)
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OpenSearchEngine]:
    home = tmp_path_factory.mktemp("opensearch")
    url = f"{address(request.param)}/many-{uuid4().hex[:12]}"
    given = {"url": url, "replicas": 0, "shards": 3}
    opensearch.create(home, "en", given)
    opened = opensearch.open(home, "en")
    writer = opened.writer()
    for article in articles():
        writer.add(article)
    writer.commit()
    opened.close()
    opened = opensearch.open(home, "en")
    yield opened
    opened.close()
    opensearch.discard(home)


@pytest.fixture
def oracle(engine: OpenSearchEngine) -> MemoryEngine:
    return MemoryEngine(articles(), "en", engine.round_length)


@pytest.mark.parametrize("sort", SORTS)
def test_an_answer_of_many_pages_is_the_oracles(
    engine: OpenSearchEngine, oracle: MemoryEngine, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_PAGE", 7)
    monkeypatch.setattr(reading.Reader, "page", 7)
    query = bound("ferry OR the OR sailed^2 OR -zzz")
    for offset, limit in ((0, None), (3, 20), (10, 9), (44, 5)):
        request = SearchRequest(query, sort, limit, offset)
        ours, theirs = engine.search(request), oracle.search(request)
        assert ours.total == theirs.total
        assert [hit.id for hit in ours.hits] == [hit.id for hit in theirs.hits]
        scores = [hit.score for hit in theirs.hits]
        assert [hit.score for hit in ours.hits] == pytest.approx(scores, rel=1e-4)


def test_buckets_come_in_pages(
    engine: OpenSearchEngine, oracle: MemoryEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_BUCKETS", 2)
    query = bound("the OR ferry")
    assert engine.facets(query, "source") == oracle.facets(query, "source")
    assert engine.timeline(query, "month") == oracle.timeline(query, "month")
    assert list(engine.terms("title", "f")) == list(oracle.terms("title", "f"))
    for fields in (("body",), ("title", "body"), ("hlead",), ("source",), ("title", "source")):
        assert list(engine.lexicon(fields)) == list(oracle.lexicon(fields))


def test_a_wildcard_of_more_forms_than_a_query_takes_is_scored_all_the_same(
    engine: OpenSearchEngine, oracle: MemoryEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scoring, "MOST_FORMS", 1)
    for text in ("marker*", "*ark?r*", "sail* m*1*", "elect*^3 OR *e", "хау*"):
        request = SearchRequest(bound(text), limit=None)
        ours, theirs = engine.search(request), oracle.search(request)
        assert dict(ours.hits) == pytest.approx(dict(theirs.hits), rel=1e-4), text


def test_articles_of_a_long_answer_are_fetched_many_at_a_time(
    engine: OpenSearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    ask = reading.Reader.ask
    monkeypatch.setattr(reading.Reader, "ask", lambda *given: asked.append(1) or ask(*given))
    hits = engine.search(SearchRequest(bound("*"), "newest", None)).hits
    del asked[:]
    found = [engine.get([hit.id])[hit.id].id for hit in hits]
    assert found == [hit.id for hit in hits]
    assert len(asked) == 1


def test_words_of_several_fields_that_no_list_holds_are_read(
    engine: OpenSearchEngine, oracle: MemoryEngine
) -> None:
    for fields in (("source", "tags"), ("title", "tags")):
        assert list(engine.lexicon(fields, "le")) == list(oracle.lexicon(fields, "le"))
        assert list(engine.lexicon(fields))


def test_a_listing_that_one_answer_holds_leaves_nothing_open(engine: OpenSearchEngine) -> None:
    for query in ("*", "zzzqqq"):
        engine.search(SearchRequest(bound(query), "newest", None))
        assert not engine._reader._open


def test_what_was_opened_is_let_go_of(
    engine: OpenSearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_PAGE", 7)
    monkeypatch.setattr(reading.Reader, "page", 7)
    another = opensearch.open(engine._directory, "en")
    hits = another.search(SearchRequest(bound("*"), "newest", None)).hits
    assert hits[0].id
    assert another._reader._open
    another.close()
    assert not another._reader._open


def test_an_index_without_a_folder_of_its_own_is_found_by_nobody(tmp_path: Path) -> None:
    assert opensearch.latest(tmp_path) == -1


def test_a_listing_goes_on_where_it_was_when_its_point_in_time_is_lost(
    engine: OpenSearchEngine, oracle: MemoryEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_PAGE", 7)
    monkeypatch.setattr(reading.Reader, "page", 7)
    request = SearchRequest(bound("ferry^2 OR the"), limit=None)
    hits = engine.search(request).hits
    assert hits[0].id
    for point in list(engine._reader._open):  # as a node does that goes
        engine.cluster.call("DELETE", "/_search/point_in_time", {"pit_id": [point]})
    assert [hit.id for hit in hits] == [hit.id for hit in oracle.search(request).hits]
