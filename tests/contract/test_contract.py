"""Every engine answers every row of the query language with the same articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Set
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from newsidx.analysis import ArticleView
from newsidx.engines.base import Engine, SearchRequest
from newsidx.engines.memory import MemoryEngine
from newsidx.query.bind import bind
from newsidx.query.bound import BoundQuery
from newsidx.query.match import match
from newsidx.query.parser import parse, parse_literal
from tests.contract.cases import ANY_CASES, ARCHIVE, CASES, EVERYTHING, LITERAL_CASES
from tests.contract.engines import FILLERS, factory_of

NAMES = {article.id: name for name, article in ARCHIVE.items()}
TODAY = date(2024, 5, 17)


@pytest.fixture(scope="module", params=FILLERS)
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    opened = FILLERS[request.param](ARCHIVE.values(), tmp_path_factory.mktemp(request.param))
    yield opened
    opened.close()


def bound(query: str, **options: bool) -> BoundQuery:
    literal = options.pop("literal", False)
    node = parse_literal(query) if literal else parse(query)
    return bind(node, query, language="en", today=TODAY, **options)


def found(engine: Engine, query: BoundQuery, **request: object) -> list[str]:
    page = engine.search(SearchRequest(query, limit=None, **request))  # type: ignore[arg-type]
    assert page.total == len(page.hits)
    return [NAMES[hit.id] for hit in page.hits]


@pytest.mark.parametrize(("query", "expected"), CASES, ids=[query for query, _ in CASES])
def test_every_row_finds_its_articles(engine: Engine, query: str, expected: Set[str]) -> None:
    assert set(found(engine, bound(query))) == expected


@pytest.mark.parametrize(("query", "expected"), ANY_CASES)
def test_any_makes_loose_words_alternatives(engine: Engine, query: str, expected: set[str]) -> None:
    assert set(found(engine, bound(query, any_word=True))) == expected


@pytest.mark.parametrize(("query", "expected"), LITERAL_CASES)
def test_a_literal_query_is_loose_words(engine: Engine, query: str, expected: set[str]) -> None:
    assert set(found(engine, bound(query, literal=True))) == expected


def test_exact_switches_stemming_off(engine: Engine) -> None:
    assert found(engine, bound("elected", exact=True)) == ["undated"]
    assert found(engine, bound("elect", exact=True)) == []
    assert found(engine, bound("elected w/1 electors", exact=True)) == ["undated"]
    assert found(engine, bound("elect w/1 electors", exact=True)) == []
    assert found(engine, bound("atleast1(elect) OR hlead:elect", exact=True)) == []


@pytest.mark.parametrize("field", ["title", "hlead", "source", "tags", "path"])
def test_the_terms_of_a_field_are_its_forms_and_nothing_else(engine: Engine, field: str) -> None:
    views = [ArticleView(article, "en") for article in ARCHIVE.values()]
    expected = Counter(
        form
        for view in views
        for form in {token.form for value in view.values(field) for token in value}
    )
    assert dict(engine.terms(field)) == expected
    long = {form: count for form, count in expected.items() if len(form) > 6}
    assert list(engine.terms(field, "c", lambda form: len(form) > 6)) == sorted(
        pair for pair in long.items() if pair[0].startswith("c")
    )


@pytest.mark.parametrize("query", [query for query, _ in CASES])
def test_every_match_has_highlights_on_its_words(query: str) -> None:
    tree = bound(query).tree
    for article in ARCHIVE.values():
        for span in match(tree, ArticleView(article, "en")) or []:
            value = article.values(span.field)[span.value]
            marked = value[span.start : span.end]
            assert marked
            assert marked == marked.strip()


@pytest.mark.parametrize("name", [name for name in FILLERS if name != "memory"])
@pytest.mark.parametrize(
    "query",
    [
        "california",
        "california russia^2",
        '"yes california" OR hauser',
        "elect* stay",
        "marineli~ OR /elect.*/ OR russai~^3",
        "louis w/5 california OR yes pre/3 (texas OR california)",
        'atleast2(calexit) OR "said texas"~9',
        "=secession OR ==Texas OR hlead:hauser",
        "california -(louis w/1 marinelli)",
    ],
)
def test_scores_are_the_oracles(name: str, query: str, tmp_path: Path) -> None:
    engine = FILLERS[name](ARCHIVE.values(), tmp_path)
    oracle = MemoryEngine(ARCHIVE.values(), "en", engine.round_length)
    request = SearchRequest(bound(query), limit=None)
    ours, theirs = engine.search(request).hits, oracle.search(request).hits
    assert [hit.id for hit in ours] == [hit.id for hit in theirs]
    assert [hit.score for hit in ours] == pytest.approx([hit.score for hit in theirs], rel=1e-4)
    assert all(hit.score > 0 for hit in ours)
    engine.close()


def test_filters_and_negations_score_nothing(engine: Engine) -> None:
    request = SearchRequest(bound("source:cnn -zzzz date:2016.."), limit=None)
    assert [hit.score for hit in engine.search(request).hits] == [0.0]
    request = SearchRequest(bound("source:=cnn -(a w/1 b)"))
    assert [hit.score for hit in engine.search(request).hits] == [0.0]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("louis w/4 california", "louis california"),
        ('"louis yes"~2', "louis yes"),
        ("atleast2(calexit)", "calexit"),
        ("=voters", "voter"),
        ("==Marinelli", "marinelli"),
        ("hlead:calexit", "calexit"),
    ],
)
def test_words_score_by_their_stems_wherever_they_stand(
    engine: Engine, query: str, words: str
) -> None:
    hits = {hit.id: hit.score for hit in engine.search(SearchRequest(bound(words))).hits}
    (hit,) = engine.search(SearchRequest(bound(query))).hits
    assert hit.score == pytest.approx(hits[hit.id])


def test_all_forms_of_a_pattern_count_as_one_word(engine: Engine) -> None:
    scores = {
        engine.search(SearchRequest(bound(query))).hits[0].score
        for query in ("elect*", "/elect.*/", "/elect(ions|ed|ors)/")
    }
    assert len(scores) == 1


def test_a_field_query_scores_as_its_words_do(engine: Engine) -> None:
    inside = engine.search(SearchRequest(bound("title:calexit"))).hits
    outside = engine.search(SearchRequest(bound("calexit"))).hits
    assert inside == outside


def test_newest_first_puts_undated_articles_last_and_ties_by_id(engine: Engine) -> None:
    order = found(engine, bound("*"), sort="newest")
    assert order == ["moscow", "haeuser", "texas", "calexit", "tokyo", "undated"]


def test_oldest_first_puts_undated_articles_last(engine: Engine) -> None:
    order = found(engine, bound("*"), sort="oldest")
    assert order == ["calexit", "texas", "haeuser", "moscow", "tokyo", "undated"]


def test_titles_are_sorted_by_their_words(engine: Engine) -> None:
    order = found(engine, bound("*"), sort="title")
    assert order == ["calexit", "haeuser", "texas", "undated", "moscow", "tokyo"]


def test_sources_are_sorted_and_missing_ones_last(engine: Engine) -> None:
    order = found(engine, bound("*"), sort="source")
    assert order == ["undated", "texas", "calexit", "haeuser", "moscow", "tokyo"]


def test_without_a_score_the_newest_come_first(engine: Engine) -> None:
    assert found(engine, bound("*")) == found(engine, bound("*"), sort="newest")


@pytest.mark.parametrize("sort", ["relevance", "newest", "title"])
def test_pages_put_together_are_the_whole(engine: Engine, sort: str) -> None:
    query = bound("california OR the OR date:*")
    whole = engine.search(SearchRequest(query, sort, None)).hits
    paged = []
    for offset in range(0, 8, 2):
        page = engine.search(SearchRequest(query, sort, 2, offset))
        assert page.total == len(whole)
        paged += page.hits
    assert paged == whole


def test_a_limit_of_none_counts_without_hits(engine: Engine) -> None:
    page = engine.search(SearchRequest(bound("*"), limit=0))
    assert (page.total, page.hits) == (len(ARCHIVE), [])


def test_articles_come_back_as_they_went_in(engine: Engine) -> None:
    ids = [article.id for article in ARCHIVE.values()]
    assert engine.get([*ids, "zzzz00000000"]) == {a.id: a for a in ARCHIVE.values()}
    assert {article.id for article in engine.scan()} == set(ids)


def test_ids_are_found_by_prefix(engine: Engine) -> None:
    assert engine.ids("bbbb") == ["bbbb00000003", "bbbb00000004"]
    assert engine.ids("zzzz") == []


def test_terms_are_forms_with_their_number_of_articles(engine: Engine) -> None:
    assert list(engine.terms("body", "elect")) == [
        ("elected", 1),
        ("elections", 1),
        ("electors", 1),
    ]
    assert dict(engine.terms("source"))["cnn"] == 2
    assert all(form.isalnum() or not form.isascii() for form, _ in engine.terms("body"))


def test_statistics_count_articles_and_languages(engine: Engine) -> None:
    numbers = engine.statistics()
    assert numbers.articles == len(EVERYTHING)
    assert engine.segments().deleted == 0
    assert numbers.languages == {"en", "de", "ja", "ru"}


@pytest.mark.parametrize("name", FILLERS)
def test_a_rollback_leaves_the_index_as_it_was(name: str, tmp_path: Path) -> None:
    engine = FILLERS[name](list(ARCHIVE.values())[:3], tmp_path)
    writer = engine.writer()
    writer.delete(["aaaa00000001"])
    writer.add(ARCHIVE["tokyo"])
    writer.rollback()
    assert set(found(engine, bound("*"))) == {"calexit", "texas", "haeuser"}
    engine.close()


@pytest.mark.parametrize("name", FILLERS)
def test_deleted_articles_are_gone_and_replaced_ones_are_new(name: str, tmp_path: Path) -> None:
    engine = FILLERS[name](ARCHIVE.values(), tmp_path)
    writer = engine.writer()
    writer.delete(["aaaa00000002", "bbbb00000003", "aaaa00000001"])
    writer.add(ARCHIVE["texas"])
    writer.commit()
    if name != "memory":
        engine.close()
        engine = factory_of(name).open(tmp_path, "en")
    assert set(found(engine, bound("*"))) == EVERYTHING - {"calexit", "haeuser"}
    assert found(engine, bound("secede")) == ["texas"]
    assert found(engine, bound("haus")) == []
    assert found(engine, bound("-weather")) == ["moscow", "texas", "tokyo"]
    assert engine.ids("aaaa") == ["aaaa00000002"]
    assert engine.statistics().articles == 4
    engine.close()


@pytest.mark.parametrize("name", FILLERS)
def test_a_file_name_that_is_no_utf_8_comes_back_as_it_was(name: str, tmp_path: Path) -> None:
    odd = replace(ARCHIVE["calexit"], path="caf\udce9/calexit.txt")
    engine = FILLERS[name]([odd, ARCHIVE["texas"]], tmp_path)
    assert engine.get([odd.id]) == {odd.id: odd}
    assert found(engine, bound("path:calexit.txt")) == ["calexit"]
    assert set(found(engine, bound("*"))) == {"calexit", "texas"}
    assert {article.path for article in engine.scan()} == {odd.path, ARCHIVE["texas"].path}
    engine.close()


@pytest.mark.parametrize("name", FILLERS)
def test_an_empty_index_answers_with_nothing(name: str, tmp_path: Path) -> None:
    engine = FILLERS[name]([], tmp_path)
    assert found(engine, bound("calexit OR -x")) == []
    assert list(engine.scan()) == []
    assert engine.statistics().articles == 0
    engine.close()
