"""newsidx count."""

from __future__ import annotations

from typing import Any

from newsidx.cli.asking import Asked
from newsidx.cli.commands.search import search
from newsidx.cli.forms import JsonForm
from newsidx.cli.options import (
    EngineOption,
    ExpandOption,
    ExplainOption,
    IndexOption,
    SearchedOption,
    single_command,
)
from newsidx.cli.screen import Look

__all__ = ["command", "count"]


def count(
    asked: Asked,
    expand: ExpandOption = False,
    explain: ExplainOption = False,
    searched: SearchedOption = False,
    *,
    form: JsonForm,
    index: IndexOption = None,
    engine: EngineOption = None,
) -> int:
    """Count the articles that match a query.

    The query is as for newsidx search; - reads queries from standard input and answers each
    with a JSON object on a line. The exit status is 0 when there are any, 1 when
    there are none, 2 for an error.
    """
    return search(
        asked,
        expand=expand,
        explain=explain,
        searched=searched,
        count=True,
        listed=None,
        form=form,
        screen=Look(),
        index=index,
        engine=engine,
    )


def command() -> Any:
    """The command, for the group."""
    return single_command(count, is_query=True)
