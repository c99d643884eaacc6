"""Pieces of a query: which text is one word, one value, which a weight."""

from __future__ import annotations

import pytest

from newsidx.query.lexer import tokenize_query
from newsidx.query.nodes import Compare, Pattern, Phrase, Range, Word
from newsidx.query.tokens import TokenKind

ORDINARY = (
    "russia 9/11 and/or w/out u.s. covid-19 #calexit @realDonaldTrump C++ AT&T rock'n'roll 12:30 "
    "$5.3bn 50% a/b /r/politics / // & — -- -> ++ née:x ‘quoted’ 'tis ~50 a~b ~ ~~ a=b = == R&D> "
    "wait... a..b <3 >500 ? ?! ** and And Or NEAR w/ pre/ NEAR/x atleast3 [a] {b} \\ a\\b & ! a! "
    "a–b source= cnn=source 日本語 e\u0301 a\u200bb 12:30:45 1:2 \x00 \ud800"
)


def kinds(query: str) -> list[str]:
    return [token.kind.name for token in tokenize_query(query)]


def leaves(query: str) -> list[object]:
    return [token.node for token in tokenize_query(query) if token.node is not None]


# Words


@pytest.mark.parametrize("word", ORDINARY.split())
def test_this_is_one_ordinary_word(word: str) -> None:
    assert leaves(word) == [Word(word)]
    assert kinds(word) == ["LEAF"]


def test_a_token_knows_its_place_in_code_points() -> None:
    tokens = tokenize_query("  𝒳é (title:x")
    assert [(token.start, token.end) for token in tokens] == [(2, 4), (5, 6), (6, 11), (12, 13)]


def test_any_white_space_separates_words() -> None:
    assert leaves("a\u00a0b\tc\nd\u3000e") == [Word(word) for word in "abcde"]


def test_brackets_and_quotes_end_a_word() -> None:
    assert kinds('a(b)c"d"e') == ["LEAF", "OPEN", "LEAF", "CLOSE", "LEAF", "LEAF", "LEAF"]


def test_operators_are_operators_only_in_capitals() -> None:
    assert kinds("a AND b and c") == ["LEAF", "AND", "LEAF", "LEAF", "LEAF"]
    assert kinds("NOT a Or b") == ["NOT", "LEAF", "LEAF", "LEAF"]
    assert leaves("ANDROID NOTE ORB") == [Word("ANDROID"), Word("NOTE"), Word("ORB")]


# Phrases


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ('"Yes California"', "Yes California"),
        ("“Yes California”", "Yes California"),
        ("„Yes California“", "Yes California"),
        ("”Yes California”", "Yes California"),
        ("«Yes California»", "Yes California"),
        ("»Yes California«", "Yes California"),
        ('"Yes “California” now"', "Yes “California” now"),
        ('“Yes "California" now”', 'Yes "California" now'),
        ('"l\'homme (1) - a^2 * who? NOT"', "l'homme (1) - a^2 * who? NOT"),
        ('"it’s"', "it’s"),
        ('"..."', "..."),
    ],
)
def test_straight_curly_and_angled_quotes_make_a_phrase(query: str, text: str) -> None:
    assert leaves(query) == [Phrase(text)]


def test_an_apostrophe_or_single_quote_never_quotes() -> None:
    assert leaves("'yes california' rock'n'roll ‘a’") == [
        Word("'yes"),
        Word("california'"),
        Word("rock'n'roll"),
        Word("‘a’"),
    ]


# Wildcards


@pytest.mark.parametrize(
    "text", ["elect*", "te?t", "*", "*tion", "f**k", "a?*", "?a", "won?*", "#elect*,"]
)
def test_a_star_or_a_question_mark_in_a_word_makes_a_pattern(text: str) -> None:
    assert leaves(text) == [Pattern(text)]


def test_within_quotes_wildcards_are_punctuation() -> None:
    assert leaves('"who won? *"') == [Phrase("who won? *")]


# Dashes


@pytest.mark.parametrize(
    "query", ["-a", '-"a b"', "-(a b)", "-title:a", "-*", "a -b", "(-a)", "-u.s.", "-https://a.b"]
)
def test_a_dash_directly_before_something_negates_it(query: str) -> None:
    assert "NOT" in kinds(query)


def test_a_dash_within_a_word_is_part_of_it() -> None:
    assert leaves("covid-19 a-b- well—known") == [
        Word("covid-19"),
        Word("a-b-"),
        Word("well—known"),
    ]


# Fields and values


def test_a_name_directly_before_a_colon_and_a_value_is_a_field() -> None:
    tokens = tokenize_query("Title:calexit _x9:a")
    assert [token.name for token in tokens] == ["title", "", "_x9", ""]
    assert kinds("title:(a)") == ["FIELD", "OPEN", "LEAF", "CLOSE"]


@pytest.mark.parametrize(
    ("query", "value"),
    [
        ("source:cnn", Word("cnn")),
        ('tag:"Vladimir Putin"', Phrase("Vladimir Putin")),
        ("author:*", Pattern("*")),
        ("title:elect*", Pattern("elect*")),
        ("date:2016-11", Word("2016-11")),
        ("date:2016/11/08", Word("2016/11/08")),
        ("time:12:30", Word("12:30")),
        ("title:wait...", Word("wait...")),
        ("title:or", Word("or")),
        ("date:2016..2017-02", Range("2016", "2017-02")),
        ("date:..2017-02", Range(None, "2017-02")),
        ("date:2016..", Range("2016", None)),
        ("words:100..300", Range("100", "300")),
        ("x:1.5..2.5", Range("1.5", "2.5")),
        ('date:"8 Nov 2016".."9 Nov 2016"', Range("8 Nov 2016", "9 Nov 2016")),
        ('date:"8 Nov 2016"..', Range("8 Nov 2016", None)),
        ('date:.."last week"', Range(None, "last week")),
        ('date:2016.."last week"', Range("2016", "last week")),
        ('date:"last week"..today', Range("last week", "today")),
        ('x:"a..b".."c..d"', Range("a..b", "c..d")),
        ("x:..-5", Range(None, "-5")),
        ("words>500", Compare(">", "500")),
        ("words<500", Compare("<", "500")),
        ("words<=500", Compare("<=", "500")),
        ("date>=2016-11-08", Compare(">=", "2016-11-08")),
        ("date:>=2016-11-08", Compare(">=", "2016-11-08")),
        ("date:<12:30", Compare("<", "12:30")),
        ('date>"8 Nov 2016"', Compare(">", "8 Nov 2016")),
        ("words>-5", Compare(">", "-5")),
    ],
)
def test_a_field_takes_a_word_phrase_pattern_range_or_comparison(query: str, value: object) -> None:
    assert kinds(query) == ["FIELD", "LEAF"]
    assert leaves(query) == [value]


def test_the_span_of_a_value_is_the_value_alone() -> None:
    for query, span in [
        ("date:2016..2017 a", (5, 15)),
        ('date:"a b"..c d', (5, 13)),
        ("date:>5 a", (5, 7)),
        ("date>5 a", (4, 6)),
    ]:
        token = tokenize_query(query)[1]
        assert token.node is not None
        assert token.node.span == (token.start, token.end) == span


@pytest.mark.parametrize(
    ("query", "address"),
    [
        ("https://a.b/c?d=e&f#g a", "https://a.b/c?d=e&f#g"),
        ("HTTP://A.B", "HTTP://A.B"),
        ("(https://a.b)", "https://a.b"),
        ("https://en.wikipedia.org/wiki/X_(Y)", "https://en.wikipedia.org/wiki/X_(Y)"),
        ("(https://a.b/X_(Y))", "https://a.b/X_(Y)"),
        ('https://a.b/*/"c"^2..~1', 'https://a.b/*/"c"^2..~1'),
        ("https://a.b/(c", "https://a.b/(c"),
    ],
)
def test_an_address_runs_to_white_space_or_an_unbalanced_bracket(query: str, address: str) -> None:
    found = [token.node for token in tokenize_query(query) if token.kind is TokenKind.URL]
    assert found == [Word(address)]


# Weights


@pytest.mark.parametrize(
    ("query", "factor"),
    [("a^2", 2.0), ('"a b"^0.5', 0.5), ("(a)^.5", 0.5), ("a*^1000", 1000.0), ("title:a^3", 3.0)],
)
def test_a_weight_stands_directly_after_what_it_weighs(query: str, factor: float) -> None:
    last = tokenize_query(query)[-1]
    assert (last.kind, last.factor) == (TokenKind.BOOST, factor)
