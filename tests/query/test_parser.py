"""The grammar: what a query means, and how it is refused."""

from __future__ import annotations

import pytest

from newsidx.errors import QueryError
from newsidx.query.nodes import (
    And,
    Boost,
    Compare,
    InField,
    Loose,
    Node,
    Not,
    Or,
    Pattern,
    Phrase,
    Range,
    Word,
)
from newsidx.query.parser import mixed_reading, parse, parse_literal

A, B, C, D = Word("a"), Word("b"), Word("c"), Word("d")


# What you type and what it means


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("russia", Word("russia")),
        ("russia secession", Loose((Word("russia"), Word("secession")))),
        ("a AND b", And((A, B))),
        ("a OR b", Or((A, B))),
        ("NOT a", Not(A)),
        ("-a", Not(A)),
        ("(a)", A),
        ('"Yes California"', Phrase("Yes California")),
        ("u.s. covid-19 9/11", Loose((Word("u.s."), Word("covid-19"), Word("9/11")))),
        ("elect* te?t", Loose((Pattern("elect*"), Pattern("te?t")))),
        ("title:calexit", InField("title", Word("calexit"))),
        ("TITLE:Calexit", InField("title", Word("Calexit"))),
        ("author:(smith OR jones)", InField("author", Or((Word("smith"), Word("jones"))))),
        ("source:cnn", InField("source", Word("cnn"))),
        ('tag:"Vladimir Putin"', InField("tag", Phrase("Vladimir Putin"))),
        ("date:2016-11", InField("date", Word("2016-11"))),
        ("date:2016..2017-02", InField("date", Range("2016", "2017-02"))),
        ("date>=2016-11-08", InField("date", Compare(">=", "2016-11-08"))),
        ("date:yesterday", InField("date", Word("yesterday"))),
        ('date:"last 30 days"', InField("date", Phrase("last 30 days"))),
        ("words>500", InField("words", Compare(">", "500"))),
        ("words:100..300", InField("words", Range("100", "300"))),
        ("author:*", InField("author", Pattern("*"))),
        ("-date:*", Not(InField("date", Pattern("*")))),
        ("term^2", Boost(Word("term"), 2.0)),
        ("https://a.b/c", InField("url", Word("https://a.b/c"))),
        ("*", Pattern("*")),
    ],
)
def test_what_you_type_means(query: str, tree: Node) -> None:
    assert parse(query) == tree


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("a b OR c", Or((Loose((A, B)), C))),
        ("a OR b c", Or((A, Loose((B, C))))),
        ("a AND b c", And((A, Loose((B, C))))),
        ("a b AND c", And((Loose((A, B)), C))),
        ("a AND b OR c AND d", Or((And((A, B)), And((C, D))))),
        ("a OR b AND c OR d", Or((A, And((B, C)), D))),
        ("NOT a AND b", And((Not(A), B))),
        ("NOT a b", Loose((Not(A), B))),
        ("NOT a OR b", Or((Not(A), B))),
        ("a AND NOT b", And((A, Not(B)))),
        ("a OR -b", Or((A, Not(B)))),
        ("(a OR b) AND c", And((Or((A, B)), C))),
        ("a (b c)", Loose((A, Loose((B, C))))),
        ("((a b))", Loose((A, B))),
        ("a(b)c", Loose((A, B, C))),
        ("US AND RUSSIA", And((Word("US"), Word("RUSSIA")))),
    ],
)
def test_not_binds_first_then_words_side_by_side_then_and_then_or(query: str, tree: Node) -> None:
    assert parse(query) == tree


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("a -b", Loose((A, Not(B)))),
        ("a NOT b", Loose((A, Not(B)))),
        ("-(a b)", Not(Loose((A, B)))),
        ('-"a b"', Not(Phrase("a b"))),
        ("-title:a", Not(InField("title", A))),
        ("NOT NOT a", Not(Not(A))),
        ("NOT -a", Not(Not(A))),
        ("-a^2", Not(Boost(A, 2.0))),
        ("(-a)^2", Boost(Not(A), 2.0)),
    ],
)
def test_not_and_the_dash_negate_the_one_thing_that_follows(query: str, tree: Node) -> None:
    assert parse(query) == tree


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("(a b)^2", Boost(Loose((A, B)), 2.0)),
        ('"a b"^.5 c', Loose((Boost(Phrase("a b"), 0.5), C))),
        ("title:a^2", Boost(InField("title", A), 2.0)),
        ("title:(a^2 b)^3", Boost(InField("title", Loose((Boost(A, 2.0), B))), 3.0)),
        ("date:2016..^2", Boost(InField("date", Range("2016", None)), 2.0)),
    ],
)
def test_a_weight_weighs_what_stands_directly_before_it(query: str, tree: Node) -> None:
    assert parse(query) == tree


def test_an_address_in_a_field_is_a_word_of_that_field() -> None:
    address = Word("https://a.b")
    assert parse("url:https://a.b") == parse("https://a.b") == InField("url", address)
    assert parse("path:https://a.b") == InField("path", address)
    assert parse("url:(https://a.b OR a)") == InField("url", Or((address, A)))
    assert parse("(https://a.b OR a)") == Or((InField("url", address), A))


def test_spans_take_in_brackets_names_and_weights() -> None:
    tree = parse("x OR  title:(a -b)^2")
    assert isinstance(tree, Or)
    assert tree.span == (0, 20)
    boost = tree.children[1]
    assert isinstance(boost, Boost)
    assert boost.span == (6, 20)
    field = boost.child
    assert isinstance(field, InField)
    assert field.span == (6, 18)
    group = field.child
    assert isinstance(group, Loose)
    assert group.span == (12, 18)
    assert [child.span for child in group.children] == [(13, 14), (15, 17)]


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("or", Word("or")),
        ("not my", Loose((Word("not"), Word("my")))),
        ("a or", Loose((A, Word("or")))),
        ("a not AND b", And((Loose((A, Word("not"))), B))),
        ("a AND or b", And((A, Loose((Word("or"), B))))),
        ("a (or b)", Loose((A, Loose((Word("or"), B))))),
        ("a (not) b", Loose((A, Word("not"), B))),
        ("a or^2 b", Loose((A, Boost(Word("or"), 2.0), B))),
        ('a "or" b', Loose((A, Phrase("or"), B))),
        ("a title:not b", Loose((A, InField("title", Word("not")), B))),
        ("a Or b", Loose((A, Word("Or"), B))),
    ],
)
def test_or_and_not_that_could_be_no_operator_are_words(query: str, tree: Node) -> None:
    assert parse(query) == tree


def test_lower_case_and_is_a_word() -> None:
    assert parse("a and b") == Loose((A, Word("and"), B))


def test_other_words_before_a_sign_are_words() -> None:
    assert parse("love <3") == Loose((Word("love"), Word("<3")))
    assert parse("title >5") == Loose((Word("title"), Word(">5")))


# Nesting


def test_a_hundred_brackets_are_understood_and_more_are_an_error() -> None:
    assert parse("(" * 100 + "a" + ")" * 100) == A
    with pytest.raises(QueryError, match="nested more than 100 deep") as caught:
        parse("(" * 101 + "a" + ")" * 101)
    assert (caught.value.start, caught.value.end) == (100, 101)


@pytest.mark.parametrize(
    ("before", "after"), [("a AND (", ")"), ("a (", ")"), ("NOT ", ""), ("NOT (", ")"), ("-(", ")")]
)
def test_a_hundred_nested_nodes_are_understood_and_more_are_an_error(
    before: str, after: str
) -> None:
    deepest = parse(before * 100 + "a" + after * 100)
    height = 0
    while not isinstance(deepest, Word):
        assert isinstance(deepest, And | Loose | Not)
        deepest = deepest.child if isinstance(deepest, Not) else deepest.children[-1]
        height += 1
    assert height == 100
    with pytest.raises(QueryError, match="nested more than 100 deep"):
        parse(before * 101 + "a" + after * 101)


def test_no_tree_is_higher_than_a_hundred_nodes_around_a_leaf() -> None:
    bracketed = "a OR b AND c ("
    assert parse(bracketed * 33 + "a" + ")" * 33)
    with pytest.raises(QueryError, match="nested more than 100 deep"):
        parse(bracketed * 34 + "a" + ")" * 34)


@pytest.mark.parametrize("piece", ["a AND (", "(", "NOT ", "-(", "title:(a OR ("])
def test_absurd_nesting_is_an_error_and_no_crash(piece: str) -> None:
    with pytest.raises(QueryError):
        parse(piece * 10_000)


# Literal text


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a", A),
        (" a  b\n", Loose((A, B))),
        ("a AND (b", Loose((A, Word("AND"), Word("(b")))),
        ('title:x "', Loose((Word("title:x"), Word('"')))),
        ("won?", Word("won?")),
        ("a or b", Loose((A, Word("or"), B))),
        ("\x00 \ud800", Loose((Word("\x00"), Word("\ud800")))),
    ],
)
def test_a_literal_text_is_its_words_whatever_they_are(text: str, tree: Node) -> None:
    assert parse_literal(text) == tree


def test_a_literal_word_knows_its_place() -> None:
    assert [child.span for child in parse_literal(" ab c").children] == [(1, 3), (4, 5)]  # type: ignore[union-attr]


# Mixed operators


@pytest.mark.parametrize(
    ("query", "reading"),
    [
        ("a b OR c", "(a AND b) OR c"),
        ("a OR b c", "a OR (b AND c)"),
        ("a AND b OR c", "(a AND b) OR c"),
        ("a AND b c OR d", "(a AND b AND c) OR d"),
        ("a -b OR c", "(a AND NOT b) OR c"),
        ("x AND (a OR b c)", "x AND (a OR (b AND c))"),
        ("title:(a b OR c)^2", "title:((a AND b) OR c)^2"),
        ("NOT (a b OR c)", "NOT ((a AND b) OR c)"),
        ("(a) b OR c", "(a AND b) OR c"),
        ("(a b) OR c d", "(a AND b) OR (c AND d)"),
    ],
)
def test_mixed_and_and_or_are_shown_as_they_were_read(query: str, reading: str) -> None:
    assert mixed_reading(parse(query)) == reading


@pytest.mark.parametrize(
    "query",
    [
        "a",
        "a b AND c",
        "a OR b OR c",
        "(a b) OR c",
        "((a AND b)) OR c",
        "a OR (b c)^2",
        "a OR NOT b",
        "a (b OR c)",
        "a OR title:(b c)",
        "a OR -(b c)",
        "a OR https://b.c",
    ],
)
def test_a_query_with_brackets_or_with_one_operator_is_not_mixed(query: str) -> None:
    assert mixed_reading(parse(query)) is None
