"""The forms of words: `=word`, `word~`, `"..."~5`, `/regex/`, NEAR/5, atleast3(), hlead:."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from newsidx.errors import QueryError
from newsidx.query.nodes import (
    And,
    AtLeast,
    Boost,
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
    Regex,
    Slop,
    Word,
)
from newsidx.query.parser import mixed_reading, parse

Refused = Callable[[str], QueryError]

A, B, C, D = Word("a"), Word("b"), Word("c"), Word("d")


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("=secession", Exact("secession")),
        ("==WHO", Exact("WHO", spelling=True)),
        ('=="May"', Exact("May", spelling=True)),
        ('="Yes California"', Exact("Yes California")),
        ("=OR", Exact("OR")),
        ('-=a -="b"', Loose((Not(Exact("a")), Not(Exact("b"))))),
        ("source:=cnn", InField("source", Exact("cnn"))),
        ('source:="cnn x"', InField("source", Exact("cnn x"))),
        ("source:(=a OR =b)", InField("source", Or((Exact("a"), Exact("b"))))),
        ("source:==CNN", InField("source", Exact("CNN", spelling=True))),
        ("=a^2", Boost(Exact("a"), 2.0)),
        ("marinelly~", Fuzzy("marinelly", 1)),
        ("marinelly~1", Fuzzy("marinelly", 1)),
        ("marinelly~2", Fuzzy("marinelly", 2)),
        ("title:a~2", InField("title", Fuzzy("a", 2))),
        ('"a b"~5', Slop("a b", 5)),
        ("“a b”~0", Slop("a b", 0)),
        ('title:"a b"~5', InField("title", Slop("a b", 5))),
        ("/secess(ion|ed)/", Regex("secess(ion|ed)")),
        ("(/a/)", Regex("a")),
        ('-/a/ /b{1,2}/^2 "c"', Loose((Not(Regex("a")), Boost(Regex("b{1,2}"), 2.0), Phrase("c")))),
        ("-/(a|b)/", Not(Regex("(a|b)"))),
        ("-/.*/", Not(Regex(".*"))),
        ("title:/a.c/", InField("title", Regex("a.c"))),
        ("hlead:calexit", InField("hlead", Word("calexit"))),
        ("HLEAD:(a NEAR/2 b)", InField("hlead", Near(A, B, 2))),
        ("atleast3(russia)", AtLeast(3, Word("russia"))),
        ("AtLeast2((a OR b))", AtLeast(2, Or((A, B)))),
        ("-atleast2(a*)^2", Not(Boost(AtLeast(2, Pattern("a*")), 2.0))),
        (
            "a atleast2(a~ OR /b/ OR =c) b",
            Loose((A, AtLeast(2, Or((Fuzzy("a"), Regex("b"), Exact("c")))), B)),
        ),
    ],
)
def test_what_you_type_means(query: str, tree: Node) -> None:
    assert parse(query) == tree


@pytest.mark.parametrize("query", ["a NEAR/5 b", "a near/5 b", "a w/5 b", "a W/05 b"])
def test_near_is_written_in_several_ways(query: str) -> None:
    assert parse(query) == Near(A, B, 5)


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("a pre/5 b", Near(A, B, 5, ordered=True)),
        ("NOT a w/5 b", Not(Near(A, B, 5))),
        ("-a w/5 b", Not(Near(A, B, 5))),
        ("a w/5 b c", Loose((Near(A, B, 5), C))),
        ("a b w/5 c", Loose((A, Near(B, C, 5)))),
        ("a AND b w/5 c OR d", Or((And((A, Near(B, C, 5))), D))),
        ("a w/5 b d pre/1 c", Loose((Near(A, B, 5), Near(D, C, 1, ordered=True)))),
        ("(a w/5 b)^2", Boost(Near(A, B, 5), 2.0)),
        ("(a OR b) w/5 (c OR d)", Near(Or((A, B)), Or((C, D)), 5)),
        ('"a b" w/5 =c', Near(Phrase("a b"), Exact("c"), 5)),
        ("u.s. w/5 b", Near(Word("u.s."), B, 5)),
        ("title:(a w/5 b OR c)", InField("title", Or((Near(A, B, 5), C)))),
        ("a w/5 or", Near(A, Word("or"), 5)),
    ],
)
def test_proximity_binds_before_not_and_and_or(query: str, tree: Node) -> None:
    assert parse(query) == tree


@pytest.mark.parametrize(
    ("query", "reading"),
    [
        ("a w/5 b c OR d", "((a NEAR/5 b) AND c) OR d"),
        ("a OR b AND NOT c w/2 d", "a OR (b AND NOT (c NEAR/2 d))"),
        ("=a b~ OR /c/", "(=a AND b~) OR /c/"),
        ('"a b"~2 c OR atleast2(a OR b)', '("a b"~2 AND c) OR atleast2(a OR b)'),
        ("a w/5 b OR c", None),
        ("(a OR b) w/5 c d", None),
        ("atleast2(a OR b) c", None),
    ],
)
def test_mixed_operators_are_read_out_with_the_new_ones(query: str, reading: str | None) -> None:
    assert mixed_reading(parse(query)) == reading
    if reading is not None:
        assert mixed_reading(parse(reading)) is None


# Spans: errors of binding point at them


def test_spans_take_in_signs_and_brackets() -> None:
    for query, span in [
        ("x ==May", (2, 7)),
        ('x ="a b"', (2, 8)),
        ("x a~2", (2, 5)),
        ('x "a b"~5', (2, 9)),
        ("x /a/", (2, 5)),
        ("x atleast2(a)", (2, 13)),
    ]:
        tree = parse(query)
        assert isinstance(tree, Loose)
        assert tree.children[1].span == span, query
    near = parse("(a OR b) w/5 c")
    assert near.span == (0, 14)


# What is refused


@pytest.mark.parametrize(
    ("marked", "repaired"),
    [
        ("⟦=⟧(a b)", "(a b)"),
        ("⟦=⟧elect*", "elect*"),
        ("⟦==⟧el?ct", "el?ct"),
        ("⟦=⟧a~", "a~"),
        ("⟦=⟧/a/", "/a/"),
        ("⟦=⟧title:a", "title:a"),
        ("⟦===⟧a", "==a"),
        ("source:⟦=⟧*", "source:*"),
        ("source:⟦=⟧(a b)", "source:(a b)"),
        ("⟦source:=⟧", "source"),
        ('="a b"⟦~3⟧', '="a b"'),
    ],
)
def test_an_equals_sign_stands_before_a_word_or_a_phrase(
    refused: Refused, marked: str, repaired: str
) -> None:
    assert refused(marked).repaired == repaired


@pytest.mark.parametrize(
    ("marked", "repaired"),
    [
        ("a⟦~3⟧", "a~2"),
        ("a⟦~0⟧", "a~"),
        ("a⟦~0.5⟧ b", "a~ b"),
        ("covid-19⟦~⟧", "covid-19"),
        ("el*t⟦~⟧", "el*t"),
        ("title:a⟦~9⟧", "title:a~2"),
    ],
)
def test_a_fuzzy_word_is_one_word_with_one_edit_or_two(
    refused: Refused, marked: str, repaired: str
) -> None:
    assert refused(marked).repaired == repaired


@pytest.mark.parametrize(
    ("marked", "repaired"),
    [
        ('"a b"⟦~⟧', '"a b"~5'),
        ('"a b"⟦~x⟧', '"a b"~5'),
        ('"a b"⟦~1.5⟧', '"a b"~5'),
        ('"a b"⟦~501⟧', '"a b"~500'),
        ("(a b)⟦~5⟧", "(a b)"),
        ('date:2016.."a"⟦~5⟧', 'date:2016.."a"'),
    ],
)
def test_a_tilde_after_a_phrase_says_how_many_words(
    refused: Refused, marked: str, repaired: str
) -> None:
    assert refused(marked).repaired == repaired


@pytest.mark.parametrize(
    ("marked", "repaired"),
    [
        ("/⟦^⟧a/ b", "/a/ b"),
        ("a /b⟦$⟧/", "a /b/"),
        ("/a+⟦?⟧/", "/a+/"),
        ("(/a⟦\\1⟧/)", "(/a/)"),
        ("title:/⟦\\d⟧/", "title:/[0-9]/"),
        ("/r⟦/⟧politics/ b", '"/r/politics/" b'),
        ("/⟦(⟧/", '"/(/"'),
        ("/⟦(?⟧=a)/", '"/(?=a)/"'),
        ("/covid⟦-⟧19/", '"/covid-19/"'),
    ],
)
def test_an_expression_that_is_not_of_the_subset_is_an_error_at_its_place(
    refused: Refused, marked: str, repaired: str
) -> None:
    assert refused(marked).repaired == repaired


@pytest.mark.parametrize(
    ("marked", "repaired"),
    [
        ("a w/5 ⟦(b c)⟧", 'a w/5 "b c"'),
        ("a w/5 ⟦(b AND c)⟧", "a AND (b AND c)"),
        ("a w/5 (b OR ⟦(c d)⟧)", 'a w/5 (b OR "c d")'),
        ("a w/5 ⟦title:b⟧", "a AND title:b"),
        ("⟦title:a⟧ w/5 b", "title:a AND b"),
        ("a w/5 ⟦b^2⟧", "a w/5 b"),
        ("⟦elect*⟧ w/5 b", "elect* AND b"),
        ("a w/5 ⟦b~⟧", "a AND b~"),
        ("a w/5 ⟦/b/⟧", "a AND /b/"),
        ('a w/5 ⟦"b c"~2⟧', 'a AND "b c"~2'),
        ("a w/5 ⟦atleast2(b)⟧", "a AND atleast2(b)"),
        ("⟦(a w/5 b)⟧ w/5 c", "(a w/5 b) AND c"),
        ("a w/5 b ⟦w/3⟧ c", "a w/5 b AND b w/3 c"),
        ("a ⟦w/5⟧ NOT b", "a NOT b"),
        ("a ⟦w/5⟧ -b", "a -b"),
        ("a ⟦w/5⟧ AND b", "a AND b"),
        ("a ⟦w/5⟧", "a"),
        ("(a ⟦w/5⟧) b", "(a) b"),
        ("⟦w/5⟧ a", "a"),
        ("a w/5 ⟦w/3⟧ b", "a w/3 b"),
        ("a ⟦w/0⟧ b", "a w/1 b"),
        ("a ⟦NEAR/501⟧ b", "a NEAR/500 b"),
        ("a ⟦NEAR⟧ b", "a NEAR/5 b"),
        ("title:⟦w/5⟧ a", 'title:"w/5" a'),
    ],
)
def test_a_side_of_near_is_a_word_a_phrase_or_an_or_of_these(
    refused: Refused, marked: str, repaired: str
) -> None:
    assert refused(marked).repaired == repaired


def test_three_words_near_each_other_are_two_pairs(refused: Refused) -> None:
    assert "pairs joined by AND" in (refused("a w/3 b ⟦pre/3⟧ c").hint or "")


@pytest.mark.parametrize(
    ("marked", "repaired"),
    [
        ("⟦atleast0⟧(a)", "atleast1(a)"),
        ("atleast2⟦(a b)⟧", 'atleast2("a b")'),
        ("x atleast2⟦(a AND b)⟧ y", "x (atleast2(a) atleast2(b)) y"),
        ("atleast2(⟦a^2⟧)", "atleast2(a)"),
        ("atleast2(⟦title:a⟧)", None),
        ("atleast2(⟦-a⟧)", None),
        ("atleast2⟦(a w/2 b)⟧", None),
        ("atleast2(a OR ⟦(b c)⟧)", None),
        ("title:⟦atleast2⟧(a)", "title:(a)"),
        ("title:(⟦atleast2⟧(a))", "title:((a))"),
        ("a atleast2⟦()⟧", "a"),
    ],
)
def test_atleast_counts_a_word_a_phrase_a_pattern_or_an_or_of_these(
    refused: Refused, marked: str, repaired: str | None
) -> None:
    error = refused(marked)
    if repaired is not None:
        assert error.repaired == repaired


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("and/or", ["and/or"]),
        ("/a", ["/a"]),
        ("9/11 w/o NEAR/x", ["9/11", "w/o", "NEAR/x"]),
        ("NEAR a", ["NEAR", "a"]),
        ("near a b", ["near", "a", "b"]),
        ("atleast3 atleast", ["atleast3", "atleast"]),
        ("a~b ~a", ["a~b", "~a"]),
        ("=> == a", ["=>", "==", "a"]),
        ("a=b", ["a=b"]),
    ],
)
def test_what_only_looks_alike_is_words(query: str, words: list[str]) -> None:
    tree = parse(query)
    found = tree.children if isinstance(tree, Loose) else (tree,)
    assert found == tuple(map(Word, words))
