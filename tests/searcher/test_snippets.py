"""The window of an article that is shown for a query."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newsidx.analysis import ArticleView
from newsidx.query.bound import Term
from newsidx.query.match import match
from newsidx.results import Span
from newsidx.searcher.snippets import WINDOW, snippets
from tests.conftest import make_article

FILLER = "Nothing of note was said about it by anyone. " * 20


def spans_of(body: str, *words: str) -> list[Span]:
    view = ArticleView(make_article("", body), "en")
    found: list[Span] = []
    for word in words:
        found += match(Term(("body",), word, word), view) or []
    return found


def test_the_window_with_most_different_words_wins() -> None:
    body = f"The harbour, the harbour, the harbour. {FILLER} The harbour and a wind. {FILLER}"
    article = make_article("", body)
    (snippet,) = snippets(article, spans_of(body, "harbour", "wind"))
    assert "harbour and a wind" in snippet.text


def test_without_a_match_in_the_body_it_is_the_beginning() -> None:
    (snippet,) = snippets(make_article("Sea", FILLER), [Span("title", 0, 3)])
    assert snippet.start == 0
    assert snippet.text.startswith("Nothing of note")


def test_several_windows_do_not_overlap_and_are_in_order() -> None:
    body = f"Harbour first. {FILLER} Harbour second. {FILLER} Harbour third."
    found = snippets(make_article("", body), spans_of(body, "harbour"), 3)
    assert [s.text.lower().count("harbour") for s in found] == [1, 1, 1]
    assert all(a.end <= b.start for a, b in zip(found, found[1:], strict=False))


def test_an_empty_body_has_no_snippet() -> None:
    assert snippets(make_article("Sea", ""), []) == ()


@given(
    st.lists(
        st.sampled_from(["harbour", "wind", "x" * 300, "a", "\n\n", "東京"]), max_size=200
    ).map(" ".join),
    st.integers(0, 4),
)
def test_a_snippet_is_the_text_between_its_ends(body: str, wanted: int) -> None:
    article = make_article("", body)
    found = snippets(article, spans_of(body, "harbour", "wind", "東"), wanted)
    assert len(found) <= wanted
    for snippet in found:
        assert body[snippet.start : snippet.end] == snippet.text
        assert len(snippet.text) <= WINDOW + 300
