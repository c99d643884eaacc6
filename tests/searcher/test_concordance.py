"""A concordance: which places of the text are a line, what is on it, in which order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from newsidx.analysis import ArticleView
from newsidx.article import Article
from newsidx.engines.base import Engine
from newsidx.engines.memory import MemoryEngine
from newsidx.errors import UsageError
from newsidx.query.match import match
from newsidx.searcher.concordance import ENGINE_SORTS, LINE_SORTS, Line, check_sort, concordance
from newsidx.searcher.concordance import lines as all_lines
from newsidx.searcher.passages import passages, read
from newsidx.searcher.question import Ask, understand
from tests.conftest import make_article
from tests.contract.cases import ARCHIVE, CASES
from tests.contract.engines import USUAL

TODAY = date(2024, 5, 17)


def places(query: str, body: str, title: str = "", **fields: object) -> list[str]:
    """The text of each place where an article matches."""
    view = ArticleView(make_article(title, body, **fields), "en")
    understood = understand(Ask(query), "en", TODAY)
    assert match(understood.tree, view) is not None
    found = []
    for field, first, last in passages(understood.tree, view).passages:
        tokens, text = view.values(field)[0], view.text(field, 0)
        found.append(text[tokens[first].start : tokens[last].end])
    return found


def lines(
    engine: Engine, query: str, sort: str = "right", context: int = 80, **page: int
) -> list[Line]:
    understood = understand(Ask(query), "en", TODAY)
    order = ENGINE_SORTS.get(sort, "oldest")
    matching, readings = read(engine, understood.query, understood.tree, order, "en")
    return list(concordance(readings, matching, sort, {}, context, **page).lines)


def of(*articles: Article) -> MemoryEngine:
    return MemoryEngine(articles)


@pytest.mark.parametrize(
    ("query", "body", "expected"),
    [
        ('"supreme court"', "The Supreme Court met. Supreme Court!", ["Supreme Court"] * 2),
        ("trump NEAR/5 russia", "Trump spoke of Russia.", ["Trump spoke of Russia"]),
        ("trump NEAR/2 russia", "Trump, Trump. Russia", ["Trump. Russia"]),
        ("russia NEAR/3 trump", "Trump on Russia", ["Trump on Russia"]),
        ('"yes california"~2', "Yes, dear California", ["Yes, dear California"]),
        (
            "climate change",
            "Climate change; change of climate",
            ["Climate change", "change", "climate"],
        ),
        ("very", "very very good", ["very", "very"]),
        ('"a b" OR b', "a b b", ["a b", "b"]),
        ("elect*", "Elections elect the elected", ["Elections", "elect", "elected"]),
        ("election", "Elections of one election", ["Elections", "election"]),
        ("ferry OR (harbour AND quay)", "the ferry in the harbour", ["ferry"]),
        ("ferry -quay", "the ferry", ["ferry"]),
        ("atleast2(ferry)", "ferry, ferry", ["ferry", "ferry"]),
    ],
)
def test_a_phrase_or_words_near_each_other_or_side_by_side_are_one_place(
    query: str, body: str, expected: list[str]
) -> None:
    assert places(query, body) == expected


def test_headlines_come_first_and_other_fields_are_no_text() -> None:
    assert places("ferry", "A ferry.", "Ferry sails") == ["Ferry", "ferry"]
    assert places("hlead:ferry", "A ferry.", "Ferry sails") == ["Ferry", "ferry"]
    assert places("author:may ferry", "A ferry in May.", authors=["May Day"]) == ["ferry"]
    assert places("author:may", "A ferry in May.", authors=["May Day"]) == []


@pytest.mark.parametrize("query", [query for query, _ in CASES])
def test_every_word_that_matches_in_the_text_is_in_a_line_unless_it_has_a_nearer_partner(
    query: str,
) -> None:
    understood = understand(Ask(query), "en", TODAY)
    for article in ARCHIVE.values():
        view = ArticleView(article, "en")
        spans = match(understood.tree, view)
        if spans is None:
            continue
        found = passages(understood.tree, view)
        inside = {(p.field, at) for p in found.passages for at in range(p.first, p.last + 1)}
        text = [span for span in spans if span.field in ("title", "body")]
        assert bool(text) == bool(found.passages)
        if not re.search(r"NEAR|w/|pre/|~\d|\"~", query):
            assert found.matched <= inside
        for before, after in zip(found.passages, found.passages[1:], strict=False):
            assert before.field != after.field or before.last < after.first


def test_a_headline_made_of_the_first_sentence_is_not_shown_beside_it() -> None:
    made = {"provenance": {"title": "first-sentence"}}
    assert places("ferry", "A ferry sails. More.", "A ferry sails.", **made) == ["ferry"]
    assert places("title:ferry", "A ferry sails. More.", "A ferry sails.", **made) == ["ferry"]
    assert len(places("ferry", "A ferry sails. More.", "A ferry sails.")) == 2


def test_a_line_is_a_piece_of_the_text_with_single_blanks() -> None:
    body = "One  two\n\nthree\tfour ferry, five six.  Seven"
    (line,) = lines(of(make_article("", body)), "ferry")
    assert line.left + line.match + line.right == "One two three four ferry, five six. Seven"
    assert (line.left, line.match) == ("One two three four ", "ferry")
    assert body[line.start : line.end] == "ferry"


def test_context_is_cut_between_words_where_there_are_gaps_and_is_never_longer() -> None:
    body = "word " * 100 + "ferry" + " next" * 100
    (line,) = lines(of(make_article("", body)), "ferry", context=33)
    assert line.left.startswith("word ")
    assert line.right.endswith(" next")
    assert 20 < len(line.left) <= 33
    assert 20 < len(line.right) <= 33
    (line,) = lines(of(make_article("", "海" * 200 + "船" + "岸" * 200)), "船", context=33)
    assert (line.left, line.right) == ("海" * 33, "岸" * 33)


SORTED = [
    make_article("", "an old ferry sails at noon", source="B", published="2020-01-02"),
    make_article("", "the new ferry sails alone", source="A", published="2020-01-03"),
    make_article("", "that new ferry burns", source="C", published="2020-01-01"),
    make_article("", "Ferry", source=None),
    make_article("", "by ferry", source="D", published="2021"),
]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("right", ["that new", "the new", "an old", "by", ""]),
        ("left", ["by", "that new", "the new", "an old", ""]),  # from the match outwards
        ("date", ["that new", "an old", "the new", "by", ""]),
        ("source", ["the new", "an old", "that new", "by", ""]),
    ],
)
def test_lines_are_sorted_by_the_words_around_the_match_or_by_their_article(
    sort: str, expected: list[str]
) -> None:
    found = lines(of(*SORTED), "ferry", sort)
    assert [line.left.strip() for line in found] == expected


def test_an_order_that_lines_do_not_have_is_an_error() -> None:
    with pytest.raises(UsageError, match="sorted by 'size'"):
        check_sort("size")


@pytest.mark.parametrize("sort", LINE_SORTS)
def test_pages_are_parts_of_the_whole_and_streams_the_same(sort: str) -> None:
    engine = of(*ARCHIVE.values())
    understood = understand(Ask("*e*"), "en", TODAY)
    order = ENGINE_SORTS.get(sort, "oldest")
    whole = lines(engine, "*e*", sort)
    assert [line.rank for line in whole] == list(range(1, len(whole) + 1))
    _, readings = read(engine, understood.query, understood.tree, order, "en")
    assert list(all_lines(readings, sort, {})) == whole
    _, readings = read(engine, understood.query, understood.tree, order, "en")
    page = concordance(readings, 0, sort, {}, limit=7, offset=5)
    assert list(page.lines) == whole[5:12]
    assert page.total == len(whole)
    assert page.next_offset == 12


@pytest.fixture(scope="module", params=sorted(USUAL))
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    directory: Path = tmp_path_factory.mktemp("engine") / "e"
    return USUAL[request.param](ARCHIVE.values(), directory)


QUERIES: Sequence[str] = ("*e*", '"yes california"', "california NEAR/8 state", "title:t*", "s*")


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("sort", [sort for sort in LINE_SORTS if sort != "relevance"])
def test_every_engine_gives_the_same_lines(engine: Engine, query: str, sort: str) -> None:
    assert lines(engine, query, sort) == lines(of(*ARCHIVE.values()), query, sort)
