"""newsidx diff."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from newsidx.app import open as open_index
from newsidx.cli.day import Day
from newsidx.cli.forms import RecordForm
from newsidx.cli.options import EngineOption, ExactOption, IndexOption, single_command
from newsidx.config import load_settings
from newsidx.output.frozen import DIFF, difference_lines, put_difference
from newsidx.output.streams import say, write_text

__all__ = ["command", "diff"]


def diff(
    first: Annotated[
        str,
        typer.Argument(
            metavar="A",
            help="The name of what was frozen; now, the archive as it is; or query:QUERY, what "
            "a query finds.",
            show_default=False,
        ),
    ],
    second: Annotated[
        str | None,
        typer.Argument(
            metavar="[B]",
            help="Likewise. Default: A as it is now, so of a frozen result what its query finds.",
            show_default=False,
        ),
    ] = None,
    exact: ExactOption = None,
    *,
    day: Day,
    form: RecordForm,
    index: IndexOption = None,
    engine: EngineOption = None,
) -> int:
    """Say what came, went and changed between two states or two results.

    \b
    newsidx diff spring            what was frozen as spring, and the same now
    newsidx diff spring summer     two that were frozen
    newsidx diff query:calexit query:secession
    newsidx diff spring 'query:calexit source:courier'

    An article is the same where all that it says is, to the letter, wherever its file lies.
    Of what went it is said whether the archive still has it: the same, changed (it may
    match no more for that), removed with newsidx rm, or gone.

    Without a terminal each is a line of event, id, date, source, title and path. The exit
    status is 0 when both are the same, 1 when they are not, 2 for an error.
    """  # noqa: D301 - the backspace keeps the table from being wrapped
    DIFF.check(form)
    settings = load_settings(index)
    wanted = settings.exact if exact is None else exact
    with open_index(settings.index, engine) as opened:
        found, info = opened.diff(first, second, day=day, exact=wanted), opened.info
    for note in found.warnings:
        say(f"newsidx: {note}")
    if form.kind == "terminal":
        lines = difference_lines(found, color=form.color)
        write_text("".join(f"{line}\n" for line in lines))
    else:
        put_difference(form, info, found)
    if form.kind not in ("terminal", "json") and not found.changes:
        say(f"Nothing came, went or changed; {found.same:,} are the same.")
    return 1 if found.changes else 0


def command() -> Any:
    """The command, for the group."""
    return single_command(diff)
