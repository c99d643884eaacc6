"""Generated articles and generated queries: every engine finds what the oracle finds."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx import analysis
from newsidx.analysis import ArticleView, index_terms
from newsidx.article import Article, Published
from newsidx.engines.base import SearchRequest
from newsidx.engines.memory import MemoryEngine
from newsidx.engines.tantivy import records
from newsidx.engines.whoosh import segment
from newsidx.query import nodes
from newsidx.query.bind import bind
from newsidx.query.match import match
from tests.contract.engines import FILLERS, forget

# Few words, so that they meet often; among them stems that are no forms, accented and
# folded spellings of one word, a stop word, initials, and scripts without spaces.
WORDS = [
    "secede", "secession", "seceding", "Calexit", "the", "U.S.", "Trump's", "políticas",
    "politicas", "naïve", "naive", "election", "elect", "news", "new", "universe", "univers",
    "Häuser", "Haus", "новый", "новая", "東京", "does", "doe", "covid-19", "l'homme",
]  # fmt: skip
LANGUAGES = [None, "en", "de", "es", "ru", "fr", "ja", "pl"]
SOURCES = [None, "CNN", "CNN International", "Harbor Courier"]

words = st.sampled_from(WORDS)
texts = st.lists(words, max_size=9).map(" ".join)
days = st.one_of(
    st.none(),
    st.builds(Published, st.sampled_from([2016, 2017])),
    st.builds(Published, st.sampled_from([2016, 2017]), st.integers(1, 12)),
    st.builds(Published, st.sampled_from([2016, 2017]), st.integers(1, 12), st.integers(1, 28)),
)


@st.composite
def archives(draw: st.DrawFn) -> list[Article]:
    return [
        Article(
            id=f"{number:012}",
            title=draw(texts),
            body=draw(texts),
            tags=tuple(draw(st.lists(texts.filter(bool), max_size=3))),
            source=draw(st.sampled_from(SOURCES)),
            published=draw(days),
            language=draw(st.sampled_from(LANGUAGES)),
            words=draw(st.integers(0, 5)),
        )
        for number in range(draw(st.integers(1, 7)))
    ]


def _patterns(word: str) -> st.SearchStrategy[str]:
    stem = "".join(character for character in word if character.isalpha())[:6] or "x"
    return st.sampled_from([stem[:3] + "*", "*" + stem[-2:], stem[:1] + "?" + stem[2:], stem + "*"])


leaves = st.one_of(
    words.map(nodes.Word),
    st.lists(words, min_size=1, max_size=3).map(" ".join).map(nodes.Phrase),
    words.filter(lambda word: word != "東京").flatmap(_patterns).map(nodes.Pattern),
    st.builds(nodes.InField, st.sampled_from(["title", "body", "tag"]), words.map(nodes.Word)),
    st.builds(nodes.InField, st.just("source"), st.just(nodes.Word("cnn"))),
    st.sampled_from(["date", "tag", "source"]).map(
        lambda name: nodes.InField(name, nodes.Pattern("*"))
    ),
    st.sampled_from(["2016", "2016-05", "2017-02-03"])
    .map(nodes.Word)
    .map(lambda word: nodes.InField("date", word)),
    st.builds(nodes.Compare, st.sampled_from([">", ">=", "<", "<="]), st.just("2016-06"))
    .map(lambda compare: nodes.InField("date", compare)),
    st.builds(nodes.Compare, st.sampled_from([">", "<="]), st.just("2"))
    .map(lambda compare: nodes.InField("words", compare)),
    st.just(nodes.Pattern("*")),
)  # fmt: skip

phrases = st.lists(words, min_size=1, max_size=3).map(" ".join)
singles = st.one_of(
    words.map(nodes.Word),
    phrases.map(nodes.Phrase),
    st.builds(nodes.Exact, phrases | words.map(str.upper), st.booleans()),
)
patterns = st.one_of(
    st.sampled_from(["elect*", "*e?", "se*"]).map(nodes.Pattern),
    st.builds(
        nodes.Fuzzy,
        st.sampled_from(["news", "naïves", "eletc", "Huas", "нова", "do", "univers"]),
        st.sampled_from([1, 2]),
    ),
    st.sampled_from(["sece(de|ssion)", "new?s?", "[^a-z]+", ".*s", "(un|e)[a-z]{3,7}", "Ha.+"])
    .map(nodes.Regex),
)  # fmt: skip


def _either(children: st.SearchStrategy[nodes.Node]) -> st.SearchStrategy[nodes.Node]:
    return children | st.lists(children, min_size=2, max_size=3).map(tuple).map(nodes.Or)


near = st.builds(
    nodes.Near, _either(singles), _either(singles), st.sampled_from([1, 2, 3, 9]), st.booleans()
)
slop = st.builds(nodes.Slop, phrases, st.integers(0, 4))
newer = st.one_of(
    singles,
    patterns,
    slop,
    near,
    st.builds(nodes.AtLeast, st.integers(1, 3), _either(singles | patterns)),
    st.builds(
        nodes.InField,
        st.sampled_from(["title", "body", "tag", "hlead", "hlead"]),
        singles | patterns | slop | near,
    ),
    st.builds(
        nodes.InField,
        st.just("source"),
        st.builds(nodes.Exact, st.sampled_from(["cnn", "CNN", "cnn international"]), st.booleans()),
    ),
    st.builds(nodes.InField, st.just("tag"), st.builds(nodes.Exact, words, st.booleans())),
    st.just(nodes.InField("hlead", nodes.Pattern("*"))),
)


def _branches(children: st.SearchStrategy[nodes.Node]) -> st.SearchStrategy[nodes.Node]:
    several = st.lists(children, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        children.map(nodes.Not),
        several.map(nodes.And),
        several.map(nodes.Or),
        several.map(nodes.Loose),
        st.builds(nodes.Boost, children, st.sampled_from([0.5, 2.0])),
    )


# Articles here are short, and so is their lead: that of some ends within the body.
LEAD_WORDS = 4


@pytest.fixture(autouse=True)
def short_lead(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (analysis, segment, records):
        monkeypatch.setattr(module, "LEAD_WORDS", LEAD_WORDS)


trees = st.recursive(leaves | newer, _branches, max_leaves=6)


IN_CLUSTERS = [name for name in FILLERS if name.startswith("opensearch-")]
ON_DISK = [name for name in FILLERS if name not in ("memory", *IN_CLUSTERS)]
generated = given(
    archive=archives(), queries=st.lists(trees, min_size=1, max_size=6), any_word=st.booleans()
)


@pytest.mark.parametrize("name", ON_DISK)
@generated
@settings(max_examples=80)
def test_matches_order_and_scores_are_the_oracles(
    name: str,
    archive: list[Article],
    queries: list[nodes.Node],
    any_word: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    _compare(name, archive, queries, any_word, tmp_path_factory)


@pytest.mark.parametrize("name", IN_CLUSTERS)
@generated
@settings(max_examples=20)  # a cluster takes its time to make an index
def test_they_are_in_a_cluster(
    name: str,
    archive: list[Article],
    queries: list[nodes.Node],
    any_word: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    _compare(name, archive, queries, any_word, tmp_path_factory)


def _compare(
    name: str,
    archive: list[Article],
    queries: list[nodes.Node],
    any_word: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = Path(tmp_path_factory.mktemp(name))
    engine = FILLERS[name](archive, folder)
    oracle = MemoryEngine(archive, "en", engine.round_length)
    for node in queries:
        query = bind(node, "", language="en", today=date(2024, 1, 1), any_word=any_word)
        for sort in ("relevance", "newest"):
            ours = engine.search(SearchRequest(query, sort, None))
            theirs = oracle.search(SearchRequest(query, sort, None))
            assert ours.total == theirs.total
            assert dict(ours.hits) == pytest.approx(dict(theirs.hits), rel=1e-4)
            assert [hit.id for hit in ours.hits] == [hit.id for hit in theirs.hits]
    engine.close()
    forget(name, folder)


@given(archive=archives(), query=trees)
def test_highlights_lie_on_tokens_of_their_field(archive: list[Article], query: nodes.Node) -> None:
    tree = bind(query, "", language="en", today=date(2024, 1, 1)).tree
    for article in archive:
        view = ArticleView(article, "en")
        for span in match(tree, view) or []:
            tokens = view.values(span.field)[span.value]
            assert span.start in {token.start for token in tokens}
            assert span.end in {token.end for token in tokens}


@given(archive=archives())
def test_what_is_written_is_what_is_matched(archive: list[Article]) -> None:
    for article in archive:
        terms, view = index_terms(article, "en"), ArticleView(article, "en")
        assert {form for form in terms.positions["hlead"] if not form.startswith("~")} == {
            token.form for value in view.values("hlead") for token in value
        }
        assert terms.length == view.ranking_length()
        assert terms.stemmer == view.stemmer
        for field in ("title", "body"):
            positions: dict[str, list[int]] = {}
            forms = [token.form for value in view.values(field) for token in value]
            for position, form in enumerate(forms):
                positions.setdefault(form, []).append(position)
            unmarked = {t: p for t, p in terms.positions[field].items() if not t.startswith("~")}
            assert unmarked == positions
