"""newsidx spread."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from newsidx.app import open as open_index
from newsidx.cli.forms import RecordForm
from newsidx.cli.options import EngineOption, IndexOption, single_command
from newsidx.cli.screen import PagerOption
from newsidx.config import load_settings
from newsidx.output.streams import say

__all__ = ["command", "spread"]


def spread(
    target: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="An article's id, or the first four or more characters of it.",
            show_default=False,
        ),
    ],
    against: Annotated[
        str | None,
        typer.Option(
            "--against",
            metavar="ID",
            help="Hold the others against this version. Default: against the earliest.",
            show_default=False,
        ),
    ] = None,
    diff: Annotated[
        bool, typer.Option("--diff", help="Tell what was changed word by word.")
    ] = False,
    *,
    form: RecordForm,
    pager: PagerOption = True,
    index: IndexOption = None,
    engine: EngineOption = None,
) -> int:
    """Show who printed a story when, and what each changed.

    A version is an article that shares 55 % or more of the shorter one's text with this one,
    or with the fullest of these: cut, reordered, under another headline, with words replaced.
    Where less than 80 % is shared, it has to be of the same week.

    The earliest comes first, and what has no date last. Of each it says how much it keeps of
    the version that it is held against, and how much of it is from there; which sentences
    were cut and which added, and whether the headline or the order is another.

    The exit status is 0 when there are other versions, 1 when there are none, 2 for an error.
    """
    from newsidx.output.spread import VERSIONS, put_spread, warnings_of

    VERSIONS.check(form)
    with open_index(load_settings(index).index, engine) as opened:
        wanted = diff or "changes" in (form.fields or ())
        found = opened.spread(target, against=against, by_word=wanted)
        warnings = (*opened.warnings, *warnings_of(found))
        info = opened.info
    for note in warnings:
        say(f"newsidx: {note}")
    if form.kind == "terminal":
        from newsidx.output.pager import paged
        from newsidx.output.streams import console
        from newsidx.output.versions import print_versions

        with paged(pager) as stream:
            print_versions(console(stream, form.color), found)
    else:
        put_spread(form, info, found, warnings)
    if len(found.versions) > 1:
        return 0
    say(f"newsidx: No other article in {info.path} is a version of {found.asked}.")
    return 1


def command() -> Any:
    """The command, for the group."""
    return single_command(spread)
