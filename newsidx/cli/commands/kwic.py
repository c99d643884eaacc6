"""newsidx kwic."""

from __future__ import annotations

import re
from typing import Annotated, Any

import typer
from msgspec.structs import replace

from newsidx.app import open as open_index
from newsidx.cli.asking import Asked
from newsidx.cli.concordance import PAGE, Asking, put_collocates, put_page, show, stream
from newsidx.cli.forms import RecordForm
from newsidx.cli.options import EngineOption, IndexOption, QueryCommand, single_command
from newsidx.config import load_settings
from newsidx.errors import UsageError
from newsidx.output.streams import say
from newsidx.searcher.question import notes

__all__ = ["command", "kwic"]

_COLLOCATES = 20


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
        asking = Asking(opened, question, understood, form, sort, offset, width)
        if form.kind == "terminal":
            return show(asking, limit, collocates, neighbours)
        if collocates is not None:
            return put_collocates(asking, collocates, neighbours)
        if form.kind == "json" or limit:
            return put_page(asking, (limit or None) if limit is not None else PAGE)
        return stream(asking)


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
