"""newsidx kwic."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsidx.app import Index
from newsidx.app import open as open_index
from newsidx.cli.asking import Asked
from newsidx.cli.forms import RecordForm
from newsidx.cli.options import EngineOption, IndexOption, QueryCommand, single_command
from newsidx.config import load_settings
from newsidx.errors import UsageError
from newsidx.output.forms import Form, put_records
from newsidx.output.streams import say
from newsidx.results import Page
from newsidx.searcher.question import Ask, Understood, notes
from newsidx.text.counted import counted

if TYPE_CHECKING:
    from newsidx.searcher.collocates import Collocates, Neighbours
    from newsidx.searcher.concordance import Concordance, Line

__all__ = ["command", "kwic"]

_LINES = 50
_FEWEST_LINES = 10
_COLLOCATES = 20
# What the line of the shell, and what is said below, take of a screen.
_TAKEN = 6


def kwic(
    asked: Asked,
    sort: Annotated[
        str,
        typer.Option(
            "--sort",
            metavar="BY",
            help="right or left: the words behind the match, or before it from the match "
            "outwards; date, the oldest first; source; relevance.",
        ),
    ] = "right",
    limit: Annotated[
        int | None,
        typer.Option(
            "-n",
            "--limit",
            metavar="N",
            help="Lines at most; 0 is all. Default: what fits the terminal, 10 to 50; 50 with "
            "--json; all otherwise.",
            show_default=False,
        ),
    ] = None,
    offset: Annotated[int, typer.Option("--offset", metavar="N", help="Lines to skip.")] = 0,
    width: Annotated[
        int | None,
        typer.Option(
            "--width",
            metavar="COLUMNS",
            help="Columns of a line, about half on either side of the match. Default: as wide "
            "as the terminal, 60 to 200; 160 otherwise.",
            show_default=False,
        ),
    ] = None,
    collocates: Annotated[
        int | None,
        typer.Option(
            "--collocates",
            metavar="[N]",
            help="Count the words around the match and list the N most telling; 20 if N is "
            "left out, 0 is all.",
            show_default=False,
        ),
    ] = None,
    window: Annotated[
        int, typer.Option("--window", metavar="N", help="Words on either side that are around it.")
    ] = 5,
    stopwords: Annotated[
        bool,
        typer.Option(
            "--stopwords", help="Count stop words too, and the words of the query themselves."
        ),
    ] = False,
    *,
    form: RecordForm,
    index: IndexOption = None,
    engine: EngineOption = None,
) -> int:
    """Show every place where a query matches, in its context, a line each.

    A phrase is one match, and so are words NEAR each other and loose words that stand side
    by side. Matches in headlines count too (T on a terminal). On a terminal the lines are
    aligned on the match; elsewhere each is a line of id, date, source, what stands before
    the match, the match, and what stands behind it, separated by tabs.

    --collocates lists words that stand around the match more often than elsewhere in the
    same articles: how often near, on which side, how often elsewhere and in how many
    articles near; log ratio, the size of the effect: 1 is twice as frequent, 3 eight times
    (Hardie 2014); and G2, the log-likelihood ratio, by which they are sorted (Dunning
    1993): above 10.8 it is chance in one of a thousand cases. On a terminal they stand
    below the lines; in every other form they take the place of the lines.

    The exit status is 0 when something was found, 1 when nothing was, 2 for an error.
    """
    from newsidx.output.concordance import COLLOCATES, LINES
    from newsidx.searcher.collocates import Neighbours
    from newsidx.searcher.concordance import check_sort

    (LINES if collocates is None else COLLOCATES).check(form)
    check_sort(sort)
    _check_numbers(limit, offset, width, collocates, window)
    settings = load_settings(index)
    question = asked.ask(settings)
    neighbours = Neighbours(window, everything=stopwords)
    with open_index(settings.index, engine) as opened:
        understood = opened.understand(question)
        understood = replace(understood, info=replace(understood.info, sort=sort))
        for note in (*opened.warnings, *notes(understood.info)):
            say(f"newsidx: {note}")
        asking = _Asking(opened, question, understood, form, sort, offset, width)
        if form.kind == "terminal":
            return _show(asking, limit, collocates, neighbours)
        if collocates is not None:
            return _put_collocates(asking, collocates, neighbours)
        if form.kind == "json" or limit:
            return _put_page(asking, (limit or None) if limit is not None else _LINES)
        return _stream(asking)


class _Asking:
    """A question on its way to the answer."""

    def __init__(
        self,
        opened: Index,
        question: Ask,
        understood: Understood,
        form: Form,
        sort: str,
        offset: int,
        width: int | None,
    ) -> None:
        self.opened, self.question, self.understood, self.form = opened, question, understood, form
        self.sort, self.offset, self.width = sort, offset, width

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


def _show(
    asking: _Asking, limit: int | None, collocates: int | None, neighbours: Neighbours
) -> int:
    """Lines in columns, and the collocates below them."""
    from newsidx.output.columns import terminal_width
    from newsidx.output.concordance import print_collocates, print_lines
    from newsidx.output.streams import console

    width = terminal_width() if asking.width is None else asking.width
    asking.width = 2 * width  # in cells it may be less
    if limit is None:
        rows = shutil.get_terminal_size().lines - _TAKEN
        limit = max(_FEWEST_LINES, min(_LINES, rows))
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


def _put_page(asking: _Asking, limit: int | None) -> int:
    """Part of the lines, and in JSON what they are a part of."""
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
    if asking.form.kind != "json" and page.next_offset is not None:
        _say_place(page)
    return 0


def _stream(asking: _Asking) -> int:
    """All lines, one after the other."""
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
    seen = False

    def records() -> Iterator[dict[str, Any]]:
        nonlocal seen
        for line in islice(found, asking.offset, None):
            seen = True
            yield line_record(line)

    put_records(asking.form, LINES, records())
    return 0 if seen else asking.nothing(matching)


def _begun(found: Iterator[Line]) -> Iterator[Line]:
    """The same, with the first taken: all are held by then."""
    from itertools import chain

    return chain(list(islice(found, 1)), found)


def _put_collocates(asking: _Asking, limit: int, neighbours: Neighbours) -> int:
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
    if asking.form.kind != "json" and len(words) < len(found.words):
        _say_collocates(found, limit)
    return 0


def _check_numbers(
    limit: int | None, offset: int, width: int | None, collocates: int | None, window: int
) -> None:
    if offset < 0 or any(number is not None and number < 0 for number in (limit, collocates)):
        raise UsageError("A limit or offset can't be negative.", "--limit 0 shows everything.")
    if window < 1:
        raise UsageError("A window of no words holds none.", "Write --window 5.")
    if width is not None and width < 20:
        raise UsageError(f"{width} columns are too few for a line.", "Write --width 60 or more.")


class _KwicCommand(QueryCommand):
    """Takes `--collocates` with or without a number, of three digits at most, behind it."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Give it its number, then parse as usual."""
        given = list(args)
        end = given.index("--") if "--" in given else len(given)
        for at, word in enumerate(given[:end]):
            if word == "--collocates" and not re.fullmatch(
                r"\d{1,3}", "".join(given[at + 1 : at + 2])
            ):
                given[at] = f"--collocates={_COLLOCATES}"
        return super().parse_args(ctx, given)


def command() -> Any:
    """The command, for the group."""
    return single_command(kwic, is_query=True, cls=_KwicCommand)
