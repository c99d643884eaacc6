"""The day of a command, for what bears one: today, or the one that was named."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from newsidx.cli.groups import Together
from newsidx.errors import UsageError

__all__ = ["Day"]


def _day(
    day: Annotated[
        str | None,
        typer.Option(
            "--date",
            metavar="DAY",
            help="The day of the run, from which yesterday counts too: 2016-11-08. Given one, no "
            "clock is in the output.",
            show_default="today",
        ),
    ] = None,
) -> date:
    if day is None:
        return date.today()  # noqa: DTZ011 - the user's day
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise UsageError(
            f"--date can't be {day!r}.", "Write a day, as in --date 2016-11-08."
        ) from None


Day = Annotated[date, Together(_day)]
"""`--date`."""
