"""A concordance and its collocates, answered in the form that was asked for."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from newsidx.app import Index
from newsidx.output.forms import Form, put_records
from newsidx.output.streams import say
from newsidx.results import Page
from newsidx.searcher.question import Ask, Understood, notes
from newsidx.text.counted import counted

if TYPE_CHECKING:
    from newsidx.searcher.collocates import Collocates, Neighbours
    from newsidx.searcher.concordance import Concordance, Line

__all__ = ["PAGE", "Asking", "put_collocates", "put_page", "show", "stream"]

PAGE = 50
"""Lines of a page at most, unless more are asked for."""

_FEWEST_LINES = 10
# What the line of the shell, and what is said below, take of a screen.
_TAKEN = 6


class Asking(Struct, frozen=True):
    """A question on its way to the answer.

    Attributes:
        width: Columns of a line; None is what suits the form.
    """

    opened: Index
    question: Ask
    understood: Understood
    form: Form
    sort: str
    offset: int
    width: int | None

    def page(self, limit: int | None, neighbours: Neighbours | None = None) -> Concordance:
        """A page of lines; the neighbours are counted on the way."""
        from newsidx.output.progress import working
        from newsidx.searcher.concordance import concordance

        with working("Reading", patience=1):
            matching, readings = self.opened.readings(self.understood, self.sort)
            if neighbours is not None:
                readings = neighbours.watched(readings)
            roots = self.opened.manifest.roots
            return concordance(
                readings, matching, self.sort, roots, self.context, limit, self.offset
            )

    @property
    def context(self) -> int:
        """Characters on either side."""
        from newsidx.searcher.concordance import CONTEXT

        return CONTEXT if self.width is None else self.width // 2

    def head(self) -> dict[str, Any]:
        """What JSON begins with: index and query."""
        from newsidx.output.records import count_record

        record = count_record(Page(self.opened.info, self.understood.info, 0, 0, ()))
        return {name: record[name] for name in ("index", "query")}

    def tail(self) -> dict[str, Any]:
        """What JSON ends with."""
        return {"warnings": [*self.opened.warnings, *notes(self.understood.info)]}

    def nothing(self, matching: int) -> int:
        """Say why there is no line; gives the exit status."""
        if matching:
            articles = counted(matching, "article matches", "articles match")
            say(f"{articles}, but not by a word in a headline or body.")
            return 1
        from newsidx.output.explanation import nothing_lines

        leaves, suggestions = self.opened.missed(self.question, self.understood)
        for line in nothing_lines(self.opened.info, self.understood.info, leaves, suggestions):
            say(line)
        return 1


def show(asking: Asking, limit: int | None, collocates: int | None, neighbours: Neighbours) -> int:
    """Draw lines in columns, and the collocates below them; gives the exit status.

    Args:
        limit: How many lines; None is what fits the screen, 0 all.
        collocates: How many of them, 0 is all; None where they are not wanted.
    """
    from newsidx.output.columns import terminal_width
    from newsidx.output.concordance import print_collocates, print_lines
    from newsidx.output.streams import console

    width = terminal_width() if asking.width is None else asking.width
    asking = replace(asking, width=2 * width)  # in cells it may be less
    if limit is None:
        rows = shutil.get_terminal_size().lines - _TAKEN
        limit = max(_FEWEST_LINES, min(PAGE, rows))
    page = asking.page(limit or None, neighbours if collocates is not None else None)
    if not page.total:
        return asking.nothing(page.matching)
    screen = console(sys.stdout, asking.form.color)
    print_lines(screen, page.lines, width, asking.sort)
    sys.stdout.flush()
    _say_place(page)
    if collocates is not None:
        found = neighbours.collocates()
        say("")
        if found.words:
            print_collocates(screen, found.words[: collocates or None], width)
            sys.stdout.flush()
        _say_collocates(found, collocates)
    return 0


def _say_place(page: Concordance) -> None:
    found = f"{counted(page.total, 'match', 'matches')} in {counted(page.articles, 'article')}"
    first, last = page.offset + 1, page.offset + len(page.lines)
    if page.matching > page.articles:
        silent = page.matching - page.articles
        found += f", and {silent:,} without a match in the text"
    if not page.lines:
        say(f"{found}; there are none from {first:,} on.")
    elif page.next_offset is not None:
        say(f"{found}; shown are {first:,} to {last:,}. More: --offset {page.next_offset}")
    else:
        say(f"{found}. Read one: newsidx show {page.lines[0].id}")


def _say_collocates(found: Collocates, limit: int) -> None:
    words = counted(len(found.words), "word stands", "words stand")
    shown = f"; shown are {limit:,}" if 0 < limit < len(found.words) else ""
    matches = counted(found.matches, "match", "matches")
    say(
        f"{words} within {counted(found.window, 'word')} of {matches} more often than elsewhere "
        f"in the same {counted(found.articles, 'article')}{shown}."
    )


# For programs


def put_page(asking: Asking, limit: int | None) -> int:
    """Print some of the lines, and in JSON what they are a part of; gives the exit status."""
    from newsidx.output.concordance import LINES, line_record

    page = asking.page(limit)
    head = {
        **asking.head(),
        "total": page.total,
        "articles": page.articles,
        "matching": page.matching,
        "returned": len(page.lines),
        "offset": page.offset,
        "next_offset": page.next_offset,
    }
    put_records(asking.form, LINES, map(line_record, page.lines), head, asking.tail())
    if not page.total:
        return asking.nothing(page.matching)
    if asking.form.kind != "json" and (page.next_offset is not None or not page.lines):
        _say_place(page)
    return 0


def stream(asking: Asking) -> int:
    """All lines, one after the other; gives the exit status."""
    from newsidx.output.concordance import LINES, line_record
    from newsidx.output.progress import working
    from newsidx.searcher.concordance import ENGINE_SORTS, lines

    matching, readings = asking.opened.readings(asking.understood, asking.sort)
    found: Iterator[Line] = lines(
        readings, asking.sort, asking.opened.manifest.roots, asking.context
    )
    if asking.sort not in ENGINE_SORTS:
        with working("Reading", patience=1):
            found = _begun(found)
    last = 0

    def records() -> Iterator[dict[str, Any]]:
        nonlocal last
        for line in found:
            last = line.rank
            if last > asking.offset:
                yield line_record(line)

    put_records(asking.form, LINES, records())
    if 0 < last <= asking.offset:
        say(f"{counted(last, 'match', 'matches')}; there are none from {asking.offset + 1:,} on.")
    return 0 if last else asking.nothing(matching)


def _begun(found: Iterator[Line]) -> Iterator[Line]:
    """The same, with the first taken: all are held by then."""
    return chain(list(islice(found, 1)), found)


def put_collocates(asking: Asking, limit: int, neighbours: Neighbours) -> int:
    """Print collocates in place of lines; gives the exit status."""
    from newsidx.output.concordance import COLLOCATES, collocate_record
    from newsidx.output.progress import working

    with working("Reading", patience=1):
        matching, readings = asking.opened.readings(asking.understood)
        for reading in readings:
            neighbours.add(reading)
        found = neighbours.collocates()
    words = found.words[: limit or None]
    head = {
        **asking.head(),
        "matches": found.matches,
        "articles": found.articles,
        "window": found.window,
        "words_near": found.words_near,
        "words_elsewhere": found.words_elsewhere,
        "total": len(found.words),
        "returned": len(words),
    }
    records = (collocate_record(rank, word) for rank, word in enumerate(words, 1))
    put_records(asking.form, COLLOCATES, records, head, asking.tail())
    if not found.matches:
        return asking.nothing(matching)
    if asking.form.kind != "json" and (not words or len(words) < len(found.words)):
        _say_collocates(found, limit)
    return 0 if words else 1
