"""The window of an article that is shown for a query."""

from __future__ import annotations

from itertools import pairwise

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


def test_a_snippet_is_whole_sentences_where_they_are_short_enough() -> None:
    body = f"{FILLER}\nThe mayor spoke at noon. A harbour was opened. Then it rained. {FILLER}"
    (snippet,) = snippets(make_article("", body), spans_of(body, "harbour"))
    assert snippet.text.startswith("The mayor spoke") or snippet.text.startswith("A harbour")
    assert snippet.text.endswith(".")


def test_of_a_long_sentence_whole_words_are_shown() -> None:
    body = "and so it went on " * 60 + "to the harbour where " + "it went on and on " * 60
    (snippet,) = snippets(make_article("", body), spans_of(body, "harbour"))
    assert "harbour" in snippet.text
    assert len(snippet.text) <= WINDOW
    assert f" {body} ".count(f" {snippet.text} ") >= 1


def test_a_window_of_other_words_is_better_than_one_of_the_same_stem() -> None:
    body = f"Elect, elected, elects. {FILLER} The harbour elected a mayor. {FILLER}"
    spans = spans_of(body, "elect", "elected", "elects", "harbour")
    (snippet,) = snippets(make_article("", body, language="en"), spans)
    assert "harbour elected" in snippet.text


def test_a_snippet_does_not_say_the_title_again_where_another_window_is_as_good() -> None:
    title = "The harbour is closed for repairs"
    body = f"{title}. {FILLER} Nobody knows when the harbour opens. {FILLER}"
    (snippet,) = snippets(make_article(title, body), spans_of(body, "harbour"))
    assert "Nobody knows when" in snippet.text
    alone = f"{title}. {FILLER}"
    (only,) = snippets(make_article(title, alone), spans_of(alone, "harbour"))
    assert only.text.startswith(title)


def test_the_lead_of_a_text_that_begins_with_its_title_is_what_follows() -> None:
    title = "The harbour is closed"
    body = f"{title}\n\nIt needs repairs. {FILLER}"
    (snippet,) = snippets(make_article(title, body), [Span("title", 4, 11)])
    assert snippet.text.startswith("It needs repairs.")


def test_a_script_without_blanks_is_cut_between_characters_and_at_its_full_stops() -> None:
    sentence = "市長は昨日、新しい計画を発表した。"
    body = sentence * 20 + "東京の港は静かだった。" + sentence * 20
    (snippet,) = snippets(make_article("", body), spans_of(body, "港"))
    assert "東京の港は静かだった。" in snippet.text
    assert snippet.text.endswith("。")
    assert len(snippet.text) <= WINDOW
    endless = "市長計画" * 200 + "港" + "市長計画" * 200
    (cut,) = snippets(make_article("", endless), spans_of(endless, "港"))
    assert "港" in cut.text
    assert 60 <= len(cut.text) <= WINDOW


WORDS = ["harbour", "wind", "the", "U.S.", "said.", "“Yes,”", "x" * 90, "\n\n", "東京の港。", "  "]


@given(st.lists(st.sampled_from(WORDS), max_size=150).map(" ".join), st.integers(1, 4))
def test_no_word_and_no_match_is_cut(body: str, wanted: int) -> None:
    spans = spans_of(body, "harbour", "wind", "東", "港", "x" * 90)
    near = [(a, b) for a, b in pairwise(spans) if 0 < b.start - a.end < 9]
    spans += [Span("body", a.start, b.end) for a, b in near]
    found = snippets(make_article("", body), spans, wanted)
    covered = [span for span in spans if span.field == "body"]
    for snippet in found:
        assert snippet.text == snippet.text.strip()
        for at in (snippet.start, snippet.end):
            assert not any(span.start < at < span.end for span in covered)
            if 0 < at < len(body) and body[at - 1].isascii() and body[at].isascii():
                assert not (body[at - 1].isalnum() and body[at].isalnum())
    assert all(a.end <= b.start for a, b in zip(found, found[1:], strict=False))
    if covered:
        assert all(any(s.start >= f.start and s.end <= f.end for s in covered) for f in found)


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
