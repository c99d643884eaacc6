"""What a query met, and how scores come about: every number is checked against a search."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from newsidx.engines.base import Engine, SearchRequest
from newsidx.engines.memory import MemoryEngine
from newsidx.engines.registry import factory
from newsidx.query.bind import bind
from newsidx.query.parser import parse
from newsidx.results import Hit, Leaf
from newsidx.results.explained import Explanation, Part
from newsidx.searcher.explain import FORMS_SHOWN, explain, leaves
from newsidx.searcher.filters import Filters, filters_of
from newsidx.searcher.question import Ask, Understood, understand
from newsidx.searcher.search import ask
from newsidx.searcher.wording import wording
from tests.conftest import make_article
from tests.contract.cases import ARCHIVE, CASES
from tests.contract.engines import USUAL

TODAY = date(2024, 5, 17)


@pytest.fixture
def engine() -> MemoryEngine:
    return MemoryEngine(ARCHIVE.values(), "en")


def read(text: str, filters: Filters | None = None, **options: bool) -> Understood:
    question = Ask(text, filters=filters or Filters(), **options)  # type: ignore[arg-type]
    return understand(question, "en", TODAY)


def explained(
    engine: Engine, text: str, filters: Filters | None = None, **options: bool
) -> Explanation:
    found = read(text, filters, **options)
    return explain(engine, found.tree, found.filters, found.query.scored, "en")


def total(engine: Engine, text: str) -> int:
    query = bind(parse(text), text, language="en", today=TODAY)
    return engine.search(SearchRequest(query, limit=0)).total


def every(part: Part) -> list[Part]:
    return [part, *(inner for child in part.children for inner in every(child))]


# Wording


@pytest.mark.parametrize("text", [text for text, _ in CASES])
def test_the_wording_of_a_query_is_a_query_that_means_the_same(text: str) -> None:
    tree = read(text).tree
    again = wording(tree)
    assert bind(parse(again), again, language="en", today=TODAY).tree == tree, again


# The tree


def test_the_tree_is_the_query_as_understood(engine: MemoryEngine) -> None:
    tree = explained(engine, "california (russia OR te?as) -date:2017").tree
    assert [(part.kind, part.text, part.articles) for part in every(tree)] == [
        ("all", "california AND (russia OR te?as) AND NOT date:2017-01-01..2017-12-31", 1),
        ("word", "california", 2),
        ("any", "russia OR te?as", 1),
        ("word", "russia", 1),
        ("wildcard", "te?as", 1),
        ("not", "NOT date:2017-01-01..2017-12-31", 5),
        ("range", "date:2017-01-01..2017-12-31", 1),
    ]


@pytest.mark.parametrize("name", USUAL)
@pytest.mark.parametrize(
    "text", ["california -covid", "elect* OR haus", 'tag:secession "yes california"', "the rain"]
)
def test_a_parts_number_is_what_searching_for_it_finds(
    name: str, text: str, tmp_path: Path
) -> None:
    filled = USUAL[name](ARCHIVE.values(), tmp_path)
    for part in every(explained(filled, text).tree):
        assert part.articles == total(filled, part.text), part.text
    filled.close()


def test_filters_are_parts_of_their_own(engine: MemoryEngine) -> None:
    found = explained(engine, "california", filters_of(since="2016-12", source=["cnn", "courier"]))
    assert [(part.kind, part.articles) for part in found.filters] == [("range", 3), ("any", 3)]
    assert [word.word for word in found.ranked] == ["california"]


def test_a_word_is_explained_by_its_stem_in_each_language_of_the_archive(
    engine: MemoryEngine,
) -> None:
    tree = explained(engine, "häuser").tree
    assert dict(tree.stems) == {"en": "hauser", "de": "haus", "ru": "hauser", "none": "hauser"}
    assert tree.stems[0][0] == "en"


def test_exact_words_have_no_stem(engine: MemoryEngine) -> None:
    tree = explained(engine, "voters", exact=True).tree
    assert (tree.kind, tree.text, tree.stems) == ("phrase", '"voters"', ())


@pytest.mark.parametrize("name", USUAL)
def test_forms_are_those_that_a_word_met_in_articles_of_each_language(
    name: str, tmp_path: Path
) -> None:
    archive = [
        make_article("One", "Elections and the elected, election night, electing.", language="en"),
        make_article("Two", "An election. Markets.", language="en"),
        make_article("Drei", "Die Märkte und der Markt, der Marktes.", language="de"),
    ]
    filled = USUAL[name](archive, tmp_path)
    word = explained(filled, "election").tree
    assert word.forms == (("election", 2), ("elected", 1), ("electing", 1), ("elections", 1))
    assert word.forms_met == 4
    assert explained(filled, "markt").tree.forms == (("markt", 1), ("markte", 1), ("marktes", 1))
    assert explained(filled, "title:election").tree.forms == ()
    filled.close()


def test_a_list_of_forms_is_cut_and_says_how_many_there_are(tmp_path: Path) -> None:
    words = [f"case{number:02}" for number in range(30)]
    archive = [make_article("", " ".join(words), path="a"), make_article("", "case29", path="b")]
    part = explained(MemoryEngine(archive, "en"), "case*").tree
    assert len(part.forms) == FORMS_SHOWN
    assert part.forms[0] == ("case29", 2)
    assert part.forms_met == 30


@pytest.mark.parametrize("name", USUAL)
@pytest.mark.parametrize(
    ("text", "kind", "forms"),
    [
        ("elec*", "wildcard", ["elected", "elections", "electors"]),
        ("/elect(ed|ors)/", "regex", ["elected", "electors"]),
        ("marinely~2", "fuzzy", ["marinelli"]),
        ("source:cn*", "wildcard", ["cnn"]),
    ],
)
def test_a_pattern_lists_the_forms_that_it_met(
    name: str, text: str, kind: str, forms: list[str], tmp_path: Path
) -> None:
    filled = USUAL[name](ARCHIVE.values(), tmp_path)
    part = explained(filled, text).tree
    assert (part.kind, part.forms_met) == (kind, len(forms))
    assert sorted(form for form, _ in part.forms) == forms
    assert all(articles > 0 for _, articles in part.forms)
    filled.close()


def test_the_words_of_nearness_and_number_are_parts(engine: MemoryEngine) -> None:
    near = explained(engine, '(yes OR no) NEAR/3 "california kevin"').tree
    assert [(part.kind, part.text) for part in near.children] == [
        ("word", "yes"),
        ("word", "no"),
        ("phrase", '"california kevin"'),
    ]
    often = explained(engine, "atleast2(elect*)").tree
    assert [part.forms_met for part in often.children] == [3]


# Scores


@pytest.mark.parametrize("name", USUAL)
@pytest.mark.parametrize(
    "text",
    [
        "california",
        "california OR texas^3 OR elect*",
        '"yes california" OR title:texas -zzzz',
        "haus OR häuser^0.5",
        "marinely~2 OR /te.as/^2",
        '"yes texas"~1 OR california NEAR/3 yes OR atleast2(elect*)',
        "hlead:texas",
        "date:2016",
    ],
)
def test_a_score_is_the_sum_of_its_shares(name: str, text: str, tmp_path: Path) -> None:
    filled = USUAL[name](ARCHIVE.values(), tmp_path)
    found = read(text)
    explanation = explain(filled, found.tree, found.filters, found.query.scored, "en")
    question = Ask(text, limit=None)
    _, hits = ask(filled, found.query, question, "en", {}, explanation)
    seen = list[Hit](hits)
    assert seen
    for hit in seen:
        assert hit.reckoning is not None
        shares = hit.reckoning.shares
        assert [share.word for share in shares] == [word.word for word in explanation.ranked]
        assert sum(share.score for share in shares) == pytest.approx(hit.score, rel=1e-6)
        for share in shares:
            product = share.boost * share.idf * share.saturated
            assert share.score == pytest.approx(product)
            assert (share.frequency > 0) == (share.score > 0)
    filled.close()


def test_a_score_is_the_sum_of_its_shares_while_deleted_articles_wait_for_a_merge(
    tmp_path: Path,
) -> None:
    filled = USUAL["whoosh"](ARCHIVE.values(), tmp_path)
    writer = filled.writer()
    writer.delete([ARCHIVE["undated"].id])
    writer.commit()
    filled.close()
    filled = factory("whoosh").open(tmp_path, "en")
    found = read("california OR texas")
    explanation = explain(filled, found.tree, found.filters, found.query.scored, "en")
    _, hits = ask(filled, found.query, Ask("x", limit=None), "en", {}, explanation)
    for hit in hits:
        assert hit.reckoning is not None
        shares = hit.reckoning.shares
        assert sum(share.score for share in shares) == pytest.approx(hit.score, rel=1e-6)
    filled.close()


def test_without_being_asked_no_score_is_taken_apart(engine: MemoryEngine) -> None:
    found = read("california")
    _, hits = ask(engine, found.query, Ask("california"), "en", {})
    assert [hit.reckoning for hit in hits] == [None, None]


# Leaves


def test_each_leaf_counts_by_itself_also_one_that_is_excluded(engine: MemoryEngine) -> None:
    tree = read("california zzzz -(texas OR author:*) california").tree
    assert leaves(engine, tree) == (
        Leaf("california", ("title", "body"), 2),
        Leaf("zzzz", ("title", "body"), 0),
        Leaf("texas", ("title", "body"), 1, negated=True),
        Leaf("author:*", ("authors",), 2, negated=True),
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('"yes califronia"', [('"yes califronia"', 0), ('"yes"', 2), ('"califronia"', 0)]),
        ('"secession yes"~2', [('"secession yes"~2', 0), ('"secession"', 1), ('"yes"', 2)]),
        ("yes NEAR/3 zzzz", [("yes NEAR/3 zzzz", 0), ("yes", 2), ("zzzz", 0)]),
        ("atleast9(texas)", [("atleast9(texas)", 0), ("texas", 1)]),
        ('"yes california"', [('"yes california"', 1)]),
    ],
)
def test_of_several_words_that_nothing_matches_each_counts_too(
    engine: MemoryEngine, text: str, words: list[tuple[str, int]]
) -> None:
    found = leaves(engine, read(text).tree)
    assert [(leaf.text, leaf.articles) for leaf in found] == words


@pytest.mark.parametrize("name", USUAL)
def test_who_asks_for_a_language_that_is_not_there_is_told_which_are(
    name: str, tmp_path: Path
) -> None:
    filled = USUAL[name](ARCHIVE.values(), tmp_path)
    (leaf,) = leaves(filled, read("lang:english").tree)
    assert leaf.known == ("de", "en", "ja", "ru")
    filled.close()
