"""What is printed is safe to print."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsidx.output.explanation import explanation_lines, nothing_lines
from newsidx.output.forms import Form
from newsidx.output.hits import shows_marks
from newsidx.output.listing import print_page
from newsidx.output.records import hit_record, json_bytes, plain_line
from newsidx.output.safe import one_line, printable, valid
from newsidx.output.streams import console, wants_color
from newsidx.results import Correction, Hit, IndexInfo, Leaf, Page, QueryInfo, Snippet, Span
from newsidx.results.explained import Explanation, Part, Ranked, Reckoning, Share
from tests.conftest import make_article

HOSTILE = "Red \x1b[31malert\x1b]0;title\x07 \u202etxt.exe\u2066 \x9b1m \r\n\t end"


def hit(**fields: object) -> Hit:
    article = make_article(
        "Title " + HOSTILE, "Body " + HOSTILE, source=HOSTILE, url=HOSTILE, tags=[HOSTILE]
    )
    values: dict[str, object] = {"rank": 1, "score": 1.5, "article": article, "path": "/p\udce9/a"}
    return Hit(**{**values, **fields})  # type: ignore[arg-type]


@given(st.text())
def test_what_is_made_printable_keeps_its_length(text: str) -> None:
    assert len(printable(text)) == len(one_line(text)) == len(text)
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in one_line(text))
    valid(text).encode()


def test_a_plain_line_is_one_line_of_five_cells() -> None:
    line = plain_line(hit())
    assert line.count("\n") == 1
    assert line.count("\t") == 4
    assert "\x1b" not in line


def test_a_coloured_line_is_the_plain_one_with_colours_in_between() -> None:
    spans = (Span("body", 0, 3), Span("title", 0, 5), Span("title", 2, 9), Span("title", 9, 9))
    shown = hit(highlights=spans)
    coloured = plain_line(shown, color=True)
    assert "\x1b[1;31mTitle\x1b[0m\x1b[1;31m Red\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain_line(shown)


@pytest.mark.parametrize("width", [40, 60, 80, 200])
@pytest.mark.parametrize("color", [False, True])
def test_a_page_on_a_terminal_holds_no_sequence_of_an_article(width: int, color: bool) -> None:
    shown = hit(
        snippets=(Snippet("body", 0, 20, ("Body " + HOSTILE)[:20]),),
        highlights=(Span("title", 0, 5), Span("body", 0, 4), Span("tags", 0, 3)),
        reckoning=Reckoning(400.0, (Share(HOSTILE, 1, 1.0, 1.0, 1.0, 1.0),)),
    )
    page = Page(IndexInfo("/i", "whoosh", 1, "0"), QueryInfo("x", "x"), 1, 0, (shown,))
    stream = io.StringIO()
    drawn = console(stream, color)
    drawn.width = width
    print_page(drawn, page)
    text = stream.getvalue()
    for forbidden in ("\x1b[31m", "\x07", "\u202e", "\u2066", "\x9b", "\x1b]0;"):
        assert forbidden not in text
    assert ("\x1b[" in text) == color
    if not color:
        assert max(map(len, text.splitlines())) <= width


def test_what_is_said_of_a_query_is_safe_to_print_on_one_line_each() -> None:
    inner = Part("word", HOSTILE, ("title", "body"), 1, (("en", HOSTILE),), ((HOSTILE, 1),), 1)
    part = Part("all", HOSTILE, (), 1, children=(inner, inner))
    ranked = (Ranked(HOSTILE, 2.0, 1, 0.5),)
    query = QueryInfo(HOSTILE, HOSTILE, filters=(HOSTILE,))
    lines = [
        *explanation_lines(query, Explanation(part, (part,), ranked, 1, 400.0)),
        *nothing_lines(
            IndexInfo("/i", "whoosh", 1, "0"),
            query,
            (Leaf(HOSTILE, ("body",), 0, known=(HOSTILE,)), Leaf(HOSTILE, (), 1, negated=True)),
            (Correction(HOSTILE, (HOSTILE,), 3),),
        ),
    ]
    assert len(lines) > 12
    for line in lines:
        assert one_line(line) == line


def test_a_list_of_forms_that_is_cut_says_so() -> None:
    part = Part("wildcard", "e*", ("title", "body"), 9, (), (("even", 5), ("ever", 4)), 1234)
    lines = explanation_lines(QueryInfo("e*", "e*"), Explanation(part, (), (), 9, 400.0))
    assert "    forms: even 5, ever 4, … and 1,232 rarer of 1,234 in all" in list(lines)


def test_json_is_utf_8_whatever_the_path_is() -> None:
    record = hit_record(hit())
    assert json_bytes(record).decode().endswith("}\n")
    assert record["path"] == "/p?/a" or "\ufffd" in record["path"]


@pytest.mark.parametrize(
    ("choice", "environ", "expected"),
    [
        ("always", {"NO_COLOR": "1"}, True),
        ("never", {"FORCE_COLOR": "1"}, False),
        ("auto", {}, False),
        ("auto", {"FORCE_COLOR": "1"}, True),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_colour_is_as_asked(choice: str, environ: dict[str, str], expected: bool) -> None:
    assert wants_color(io.StringIO(), choice, environ) == expected


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        (Form("terminal"), True),
        (Form("json"), True),
        (Form("jsonl"), True),
        (Form("jsonl", fields=("id", "title")), False),
        (Form("jsonl", fields=("id", "highlights")), True),
        (Form("csv"), True),
        (Form("csv", fields=("id", "snippet")), True),
        (Form("tsv", fields=("id", "path")), False),
        (Form("plain"), False),
        (Form("plain", color=True), True),
        (Form("plain", fields=("snippet",)), True),
        (Form("paths"), False),
        (Form("null"), False),
    ],
)
def test_where_articles_match_is_looked_for_where_it_is_printed(form: Form, *, shown: bool) -> None:
    assert shows_marks(form) is shown
