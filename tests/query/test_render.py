"""A tree's canonical text: it parses to the same tree, and holds no bracket too many."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.errors import QueryError
from newsidx.query.characters import quoted
from newsidx.query.lexer import tokenize_query
from newsidx.query.nodes import (
    And,
    AtLeast,
    Boost,
    Compare,
    Exact,
    Fuzzy,
    InField,
    Loose,
    Near,
    Node,
    Not,
    Or,
    Pattern,
    Phrase,
    Range,
    Regex,
    Slop,
    Word,
)
from newsidx.query.parser import parse, parse_literal
from newsidx.query.render import render
from newsidx.query.tokens import TokenKind

FRAGMENTS = [
    *'()-^*?.:"“„»« ',
    *("a", "b", "or", "not", "words", ">5", "9/11", "te?t", "é", "=", "--", "a..b"),
    *(" AND ", " OR ", " NOT ", " -", " (", ") ", " title:(", " date:", "^2", " https://x("),
    *(" NEAR/2 ", " pre/9 ", " atleast2(", "~2", "~", "=", "==", "/", "/a/", " NEAR ", "[", "{2}"),
]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("  a   b ", "a b"),
        ("((a)) AND ((b OR c))", "a AND (b OR c)"),
        ("(a b) OR (c AND d)", "a b OR c AND d"),
        ("a (b c)", "a (b c)"),
        ("a -b", "a NOT b"),
        ("-(a b) -title:c", "NOT (a b) NOT title:c"),
        ("“Yes California”", '"Yes California"'),
        ('“Yes "California"”', '“Yes "California"”'),
        ('«a “b” "c"»', '«a “b” "c"»'),
        ("TITLE:(Calexit)", "title:Calexit"),
        ("title:(a^2.0)^2.50", "title:(a^2)^2.5"),
        ("date:>=2016-11-08", "date>=2016-11-08"),
        ('date:"2016".."last week"', 'date:2016.."last week"'),
        ("https://a.b/c", "url:https://a.b/c"),
        ("(https://a.b/(c )^2", "(url:https://a.b/(c )^2"),
        ("a (or) b", "a (or) b"),
        ("a AND (not) b", "a AND (not) b"),
        ("words (>500)", "words (>500)"),
        ("title:(>5)", "title:(>5)"),
        ("title:(a..b)", "title:(a..b)"),
        ("a^0.00001", "a^0.00001"),
        ("a^1000", "a^1000"),
        ('="May" ==u.s. ="a b"', '=May ==u.s. ="a b"'),
        ("source:=cnn", "source:=cnn"),
        ('source:(="cnn x")', 'source:="cnn x"'),
        ("a~1 b~2", "a~ b~2"),
        ('“a b”~0 title:"a b"~7', '"a b"~0 title:"a b"~7'),
        ("(/a|b/)^2", "/a|b/^2"),
        ("a w/5 b", "a NEAR/5 b"),
        ("a Near/05 b", "a NEAR/5 b"),
        ('("a b") pre/2 (c OR (d))', '"a b" PRE/2 (c OR d)'),
        ("-(a w/5 b) (a w/5 b)^2", "NOT a NEAR/5 b (a NEAR/5 b)^2"),
        ("title:(a w/5 b)", "title:(a NEAR/5 b)"),
        ("ATLEAST03((a))", "atleast3(a)"),
        ("a (NEAR) b", "a (NEAR) b"),
        ("x (or) w/2 b", "x or NEAR/2 b"),
    ],
)
def test_a_query_is_written_in_its_canonical_form(query: str, text: str) -> None:
    assert render(parse(query)) == text
    assert parse(text) == parse(query)


def test_the_explicit_form_writes_every_and() -> None:
    assert render(parse("a b OR c"), explicit=True) == "(a AND b) OR c"


def test_the_explicit_form_puts_what_is_near_in_brackets_of_its_own() -> None:
    text = render(parse("a NOT b w/2 c OR d pre/1 e"), explicit=True)
    assert text == "(a AND NOT (b NEAR/2 c)) OR (d PRE/1 e)"
    assert render(parse("a w/2 b"), explicit=True) == "a NEAR/2 b"


def test_a_literal_word_that_no_query_can_spell_comes_out_quoted() -> None:
    assert render(parse_literal("AND (b https://x won? or y")) == (
        '"AND" "(b" "https://x" "won?" (or) y'
    )
    assert parse(render(parse_literal('a"b”»«c'))) == Phrase("a b”»«c")


# Trees that the parser can make


EXACT = ["May", "u.s.", "a b", "OR", "w/5", "a)", "won?", ">5", 'a "b"', "https://x/(a", "日"]


def leaf(*extra: str, counts: bool = True) -> st.SearchStrategy[Node]:
    words = ["a", "u.s.", "9/11", "or", "not", "and", "words", ">500", "=", "--", "?", "a..b", "日"]
    phrases = st.text(min_size=1, max_size=6).filter(
        lambda text: text.strip() != "" and quoted(text)[1:-1] == text
    )
    word = st.sampled_from([*words, *extra]).map(Word)
    phrase = st.sampled_from(['a "b"', "a ”", "OR", "a^2 ("]).map(Phrase) | phrases.map(Phrase)
    exact = st.builds(Exact, st.sampled_from(EXACT), st.booleans())
    pattern = (
        st.sampled_from(["*", "te?t", "elect*", ">a*", "a*.."]).map(Pattern)
        | st.builds(Fuzzy, st.sampled_from(["a", "#é,", "日", ">5"]), st.sampled_from([1, 2]))
        | st.sampled_from(["a", "a(b|c)", "[^a-c]{2,3}x?", ".*"]).map(Regex)
    )
    single = word | phrase | exact
    side = single | st.lists(single, min_size=2, max_size=3).map(tuple).map(Or)
    counted = single | pattern
    found = (
        counted
        | st.builds(Slop, phrases, st.integers(0, 500))
        | st.builds(Near, side, side, st.integers(1, 500), st.booleans())
    )
    if not counts:  # in a field
        return found
    either = counted | st.lists(counted, min_size=2, max_size=3).map(tuple).map(Or)
    return found | st.builds(AtLeast, st.integers(1, 1000), either)


def branches(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(children, min_size=2, max_size=4).map(tuple)
    factors = st.floats(0, 1000, exclude_min=True) | st.sampled_from([0.5, 2.0])
    return (
        several.map(Loose)
        | several.map(And)
        | several.map(Or)
        | children.map(Not)
        | st.builds(Boost, children, factors)
    )


ends = st.sampled_from(["2016", "2016-11-08", "last week", "-5", "a..b", "12:30", "x:y", "a.", "*"])
values = (
    ends.map(lambda low: Range(low, None))
    | ends.map(lambda high: Range(None, high))
    | st.builds(Range, ends, ends)
    | st.builds(Compare, st.sampled_from([">", ">=", "<", "<="]), ends)
)
addresses = st.sampled_from(["https://a.b/c?d", "HTTP://x/(a", "https://x/(y)", "http://x^2"])
inside = st.recursive(leaf("https://x/(a", "http://y", counts=False), branches, max_leaves=6)
fields = st.builds(InField, st.sampled_from(["title", "date", "x_1"]), inside | values)
trees = st.recursive(
    leaf() | fields | addresses.map(lambda text: InField("url", Word(text))),
    branches,
    max_leaves=10,
)
texts = st.text(st.characters(), max_size=30) | st.lists(
    st.sampled_from(FRAGMENTS), max_size=16
).map("".join)


@settings(max_examples=300, deadline=None)
@given(trees)
def test_every_tree_comes_back_from_its_text(tree: Node) -> None:
    text = render(tree)
    assert parse(text) == tree
    assert render(parse(text)) == text


@settings(max_examples=300, deadline=None)
@given(texts)
def test_every_query_means_the_same_as_its_canonical_text(text: str) -> None:
    try:
        tree = parse(text)
    except QueryError:
        return
    assert parse(render(tree)) == tree


@settings(max_examples=150, deadline=None)
@given(trees)
def test_no_pair_of_brackets_can_be_left_out(tree: Node) -> None:
    text = render(tree)
    opened = []
    for token in tokenize_query(text):
        if token.kind is TokenKind.OPEN:
            opened.append(token.start)
        elif token.kind is TokenKind.CLOSE:
            start = opened.pop()
            without = text[:start] + text[start + 1 : token.start] + text[token.end :]
            try:
                assert parse(without) != tree
            except QueryError:
                continue


@settings(max_examples=100, deadline=None)
@given(texts)
def test_every_literal_text_has_a_text_that_parses(text: str) -> None:
    if text.strip():
        parse(render(parse_literal(text)))
