"""Concordances, collocates, keywords and terms on a terminal: aligned, within it, and safe."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from newsidx.output.columns import cut, cut_left, cut_middle, fitting, padded
from newsidx.output.concordance import print_collocates, print_lines
from newsidx.output.lexicon import print_keywords, print_terms
from newsidx.output.streams import console
from newsidx.searcher.collocates import Collocate
from newsidx.searcher.concordance import Line
from newsidx.searcher.keywords import Keyword

HOSTILE = "Red \x1b[31malert\x1b]0;title\x07 \u202etxt.exe\u2066 \x9b1m \r\n\t end "
WIDTHS = [60, 80, 120, 200]


def line(left: str, match: str = "ferry", right: str = " sails on", field: str = "body") -> Line:
    return Line(
        1, "aaaa00000001", "2020-01-02", "Courier", "A", field, left, match, right, 0, 5, "/a"
    )


LINES = [
    line("the old "),
    line("in Tokio, 海の新しい船と古い", "船", "が港に入った。" * 40),
    line("many words " * 30, right=" goes on" * 50),
    line("", right="", field="title"),
    line("decomposed e\u0301te\u0301 and a 👩 "),
]


def drawn(draw: Callable[[Console], None], color: bool = False) -> str:
    stream = io.StringIO()
    draw(console(stream, color))
    return stream.getvalue()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("sort", ["left", "right", "date"])
def test_every_match_begins_in_the_same_column_and_no_line_is_too_wide(
    width: int, sort: str
) -> None:
    shown = drawn(lambda screen: print_lines(screen, LINES, width, sort)).splitlines()
    assert len(shown) == len(LINES)
    starts = set()
    for text, each in zip(shown, LINES, strict=True):
        assert cell_len(text) <= width
        starts.add(cell_len(text[: text.rindex(each.match) if not each.right else _at(text, each)]))
    assert len(starts) == 1


def _at(text: str, each: Line) -> int:
    """Where the match stands, in front of what begins its right context."""
    return text.index(each.match + each.right[:3])


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("color", [False, True])
def test_no_sequence_of_an_article_reaches_a_terminal(width: int, color: bool) -> None:
    lines = [line(HOSTILE, HOSTILE, HOSTILE), line("x", right=HOSTILE * 9)]
    term = [(HOSTILE, 2, 3)]
    shown = drawn(lambda screen: print_lines(screen, lines, width), color)
    near = [Collocate(HOSTILE, 1, 2, 3, 4, 5, 6.0, 7.0)]
    shown += drawn(lambda screen: print_collocates(screen, near, width), color)
    key = [Keyword(HOSTILE, 1, 2, 3.0, 4.0, 5, 6.0, 7.0)]
    shown += drawn(lambda screen: print_keywords(screen, key, width), color)
    shown += drawn(lambda screen: print_terms(screen, term, width), color)
    for forbidden in ("\x1b[31m", "\x07", "\u202e", "\u2066", "\x9b", "\x1b]0;", "\t"):
        assert forbidden not in shown
    assert ("\x1b[" in shown) == color
    if not color:
        assert max(map(cell_len, shown.splitlines())) <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_tables_and_lists_of_words_keep_within_the_terminal(width: int) -> None:
    words = [Collocate("w" * size, 10**6, 10**6, 10**6, 10**7, 9999, 1e7, 9.9) for size in (1, 99)]
    keys = [Keyword("海" * size, 10**6, 10**7, 1e6, 1e6, 9999, 1e7, 9.9) for size in (1, 99)]
    terms = [("w" * (number % 30 + 1), number, 1) for number in range(1, 200)]
    for draw in (
        lambda screen: print_collocates(screen, words, width),
        lambda screen: print_keywords(screen, keys, width),
        lambda screen: print_terms(screen, terms, width),
    ):
        assert max(map(cell_len, drawn(draw).splitlines())) <= width


def test_a_long_match_shows_its_first_and_last_words() -> None:
    match = "Trump has not spoken of it, nor of anything else, to Mr. Putin"
    shown = drawn(lambda screen: print_lines(screen, [line("Mr. ", match, " since")], 60))
    assert "Mr. Trump" in shown
    assert "…" in shown
    assert "Putin since" in shown


@given(st.text(), st.integers(1, 40))
def test_what_is_cut_to_a_width_has_it_at_most_and_is_a_piece_of_the_text(
    text: str, width: int
) -> None:
    for piece in (cut_left(text, width), fitting(text, width)):
        assert cell_len(piece) <= width
        assert piece in text
    assert cell_len(cut(text, width)) <= width
    assert cell_len(cut_middle(text, width)) <= width
    assert cell_len(padded(cut(text, width), width)) == width
    if cell_len(text) <= width:
        assert cut(text, width) == cut_left(text, width) == fitting(text, width) == text
