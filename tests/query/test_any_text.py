"""The promises that hold for any text whatever."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.errors import QueryError
from newsidx.query.nodes import Loose, Word
from newsidx.query.parser import mixed_reading, parse, parse_literal

FRAGMENTS = [
    *"()-^*?~=/:<>.\"\u201c\u201d\u201e\u00ab\u00bb' ",
    "  ",
    *("a", "b", "or", "not", "and", "AND", "OR", "NOT", "words", "9/11", "u.s.", "te?t", "é"),
    *("|", "||", "&&", "!", "\u2013", "\u2212", "source=", "words=>", ".*", "id:"),
    *(
        "NEAR/2",
        "pre/0",
        " w/3 ",
        "atleast3(",
        "~2",
        "==",
        ":=",
        "/a",
        "/",
        "[^",
        "]",
        "{1,2}",
        "+",
    ),
    *("title:", "date:", "hlead:", "x>=", "..", "^2", "https://", "NEAR/5", "atleast2", "\ud800"),
]
texts = st.text(st.characters(), max_size=40) | st.lists(
    st.sampled_from(FRAGMENTS), max_size=20
).map("".join)


def problem_of(text: str) -> QueryError | None:
    try:
        parse(text)
    except QueryError as error:
        return error
    return None


@settings(max_examples=400, deadline=None)
@given(texts)
def test_only_a_query_error_leaves_the_parser_and_its_repair_parses(text: str) -> None:
    error = problem_of(text)
    if error is None:
        return
    assert 0 <= error.start <= error.end <= len(text)
    assert error.query == text
    assert error.message
    assert error.hint
    assert error.repaired != text
    assert error.repaired is None or problem_of(error.repaired) is None


@settings(max_examples=100, deadline=None)
@given(texts)
def test_every_text_can_be_taken_literally(text: str) -> None:
    tree = parse_literal(text)
    words = tree.children if isinstance(tree, Loose) else (tree,)
    assert [word.text for word in words if isinstance(word, Word)] == text.split()


@settings(max_examples=200, deadline=None)
@given(texts)
def test_a_reading_says_the_same_as_the_query_it_explains(text: str) -> None:
    if problem_of(text) is None and (reading := mixed_reading(parse(text))) is not None:
        assert mixed_reading(parse(reading)) is None
