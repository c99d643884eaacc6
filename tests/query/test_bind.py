"""What binding refuses and what it notes."""

from __future__ import annotations

from datetime import date

import pytest

from newsidx.errors import QueryError
from newsidx.query import bound
from newsidx.query.bind import bind
from newsidx.query.parser import parse, parse_literal
from newsidx.schema import TEXT_FIELDS

TODAY = date(2024, 5, 17)


def bound_query(query: str, *, literal: bool = False) -> bound.BoundQuery:
    node = parse_literal(query) if literal else parse(query)
    return bind(node, query, language="en", today=TODAY, literal=literal)


def refused(query: str) -> QueryError:
    with pytest.raises(QueryError) as caught:
        bound_query(query)
    return caught.value


@pytest.mark.parametrize(
    ("query", "repaired"),
    [
        ("date:last 30 days", 'date:"last 30 days"'),
        ("calexit date:last week russia", 'calexit date:"last week" russia'),
        ("date:8 Nov 2016", 'date:"8 Nov 2016"'),
        ("date:November 8, 2016 x", 'date:"November 8, 2016" x'),
        ("date>last month", 'date>"last month"'),
        ("date:2016..last week", 'date:2016.."last week"'),
        ("(date:last year)", '(date:"last year")'),
    ],
)
def test_a_date_of_several_words_without_quotes_is_repaired_with_them(
    query: str, repaired: str
) -> None:
    error = refused(query)
    assert error.repaired == repaired
    assert error.hint == "quotes around a date of several words"
    bound_query(repaired)


def test_what_is_no_date_however_far_one_reads_has_no_repair() -> None:
    for query in ("date:last foo", "date:x", 'date:"last" week', "date:last (week)"):
        assert refused(query).repaired is None, query


@pytest.mark.parametrize(
    ("query", "near"),
    [("titel:x", "title"), ("sorce:x", "source"), ("autor:x", "author"), ("tags_:x", "tags")],
)
def test_a_misspelt_field_names_the_one_that_was_meant(query: str, near: str) -> None:
    assert refused(query).repaired == f"{near}:x"


@pytest.mark.parametrize("name", ["sport", "re", "note", "http", "warning", "breaking"])
def test_a_name_that_is_like_no_field_is_given_no_field(name: str) -> None:
    error = refused(f"{name}:x")
    assert error.repaired is None
    assert error.hint == "quotes around it to search for the text itself"


@pytest.mark.parametrize("query", ['id:"aaaa bbbb"', "id:aaaa-bbbb"])
def test_an_id_is_one_word(query: str) -> None:
    error = refused(query)
    assert (error.start, error.end) == (3, len(query))
    assert error.repaired == "id:(aaaa OR bbbb)"
    bound_query("id:(aaaa OR bbbb)")


def test_a_wildcard_in_quotes_is_noted() -> None:
    assert bound_query('"yes calif*" "who won?"').starred == ("yes calif*",)
    assert bound_query('title:"te?t is"').starred == ("te?t is",)
    assert bound_query("yes* calif*").starred == ()
    assert bound_query('"yes calif*', literal=True).starred == ()


def test_punctuation_around_a_wildcard_word_is_looked_through() -> None:
    for query in ("#elect*,", "elect*", "elect\u00ad*", "‘ELECT*’"):
        assert bound_query(query).tree == bound.Wildcard(TEXT_FIELDS, "elect*"), query


@pytest.mark.parametrize("text", ["", "  ", "& %", "-- ?"])
def test_a_literal_text_without_a_word_matches_nothing_and_is_no_error(text: str) -> None:
    found = bound_query(text, literal=True)
    assert found.tree == bound.Or(())
    assert found.ignored == tuple(text.split())
