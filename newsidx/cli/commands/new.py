"""newsidx new."""

from __future__ import annotations

import sys
from itertools import groupby
from typing import Annotated, Any

import typer

from newsidx import alerts
from newsidx.cli.commands.alert import FromStart
from newsidx.cli.forms import HitForm
from newsidx.cli.options import IndexOption, WaitOption, single_command
from newsidx.config import load_settings
from newsidx.errors import UsageError
from newsidx.output.forms import Form
from newsidx.output.news import NEWS, put_news
from newsidx.output.safe import one_line
from newsidx.output.streams import say, written_out
from newsidx.results import Page
from newsidx.results.news import Found, News
from newsidx.text.counted import counted

__all__ = ["command", "new"]


def new(
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="An alert. Default: all of them.", show_default=False),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            "-n",
            "--limit",
            metavar="N",
            help="At most so many of each alert, those that came first; the rest stays new.",
            show_default=False,
        ),
    ] = None,
    *,
    peek: Annotated[
        bool, typer.Option("--peek", help="Print it, and let it be new the next time too.")
    ] = False,
    ack: Annotated[
        int | None,
        typer.Option(
            "--ack",
            metavar="CURSOR",
            help="Print nothing: all up to this cursor, which was printed before, is done with.",
            show_default=False,
        ),
    ] = None,
    from_start: FromStart = False,
    form: HitForm,
    wait: WaitOption = 0.0,
    index: IndexOption = None,
) -> int:
    """Print what an alert matches and has not been printed for it.

    An article is new, or changed: another version of one that was printed before, or
    was there when the alert was added. What is moved, copied or read again is neither.

    It counts as printed only when all of it was written and taken without an error.
    With --peek nothing does, and --ack says so afterwards, with the cursor from --json.

    Without a terminal each article is a line of alert, event, id, date, source, title
    and path, separated by tabs. The exit status is 0 when something was new, 1 when
    nothing was, 2 for an error.
    """
    NEWS.check(form)
    settings = load_settings(index)
    if ack is not None:
        return _acknowledge(str(settings.index), name, ack, wait, other=peek or from_start)
    whole = form.kind in ("json", "jsonl", "csv", "tsv") or bool(form.fields)
    with alerts.new(
        settings.index,
        name,
        limit=limit,
        from_start=from_start,
        peek=peek,
        snippets=1 if whole or form.kind == "terminal" else 0,
        scores=whole,
        wait=wait,
    ) as news:
        for note in news.warnings:
            say(f"newsidx: {note}")
        try:
            _print(form, news, name)
            written_out()
        except OSError:
            if news.total and not peek:
                say("newsidx: Not all of it was taken. It stays new.")
            raise
        _say_rest(news, name)
    return 0 if news.total else 1


def _acknowledge(index: str, name: str | None, cursor: int, wait: float, *, other: bool) -> int:
    if name is None:
        raise UsageError("A cursor is that of one alert.", "Write: newsidx new NAME --ack CURSOR")
    if other:
        raise UsageError("--ack prints nothing.", "Leave --peek and --from-start out.")
    alerts.acknowledge(index, name, cursor, wait=wait)
    return 0


def _print(form: Form, news: News, name: str | None) -> None:
    if form.kind != "terminal":
        put_news(form, news, name)
        return
    from newsidx.output.links import has_links
    from newsidx.output.listing import Surroundings, print_page
    from newsidx.output.streams import console

    screen = console(sys.stdout, form.color)
    around = Surroundings(links=has_links())
    told = {each.alert: each for each in news.tellings}
    for (alert, event), found in groupby(news, key=_group):
        telling = told[alert]
        asked = " ".join([telling.query.understood, *telling.query.filters])
        screen.print(one_line(f"{alert}: {asked} ({event})"), style="bold cyan")
        hits = tuple(each.hit for each in found)
        print_page(screen, Page(news.index, telling.query, telling.total, 0, hits), around)


def _group(found: Found) -> tuple[str, str]:
    return found.alert, found.event


def _say_rest(news: News, name: str | None) -> None:
    """What there is to know besides, on standard error."""
    if not news.tellings:
        say("There are no alerts: newsidx alert add NAME QUERY")
    elif not news.total:
        what = f"the alert {name}" if name else counted(len(news.tellings), "alert")
        say(f"Nothing is new to {what}.")
    rest = sum(each.total - each.returned for each in news.tellings)
    if rest:
        say(f"{counted(rest, 'more article is', 'more articles are')} new.")


def command() -> Any:
    """The command, for the group."""
    return single_command(new)
