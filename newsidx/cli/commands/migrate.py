"""newsidx migrate."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

import typer

from newsidx.cli.engine import EngineOptions
from newsidx.cli.forms import JsonForm
from newsidx.cli.options import IndexOption, WaitOption, single_command
from newsidx.config import load_settings
from newsidx.output.safe import valid
from newsidx.output.streams import say, write

__all__ = ["command", "migrate"]

_SCHEMA = "newsidx.migrate/1"


def migrate(
    engine: Annotated[
        str, typer.Option("--to", metavar="ENGINE", help="The engine that is to hold the index.")
    ],
    to_index: Annotated[
        Path | None,
        typer.Option(
            "--to-index",
            metavar="PATH",
            help="Make another index in this new directory, and leave this one as it is.",
            show_default=False,
        ),
    ] = None,
    wait: WaitOption = 0.0,
    *,
    options: EngineOptions,
    form: JsonForm,
    index: IndexOption = None,
) -> int:
    """Let another engine hold the index, without reading its sources again.

    Articles are copied from one engine to the other, the counts and a sample of articles
    and queries are compared on both, and then the index is switched over. Until then the
    old engine answers, whatever happens. Folders, removals, alerts and frozen sets stay.
    """
    from newsidx.indexer import migrate as migrating
    from newsidx.output.checkup import migrate_lines, percent_shown

    form.check(_SCHEMA)
    settings = load_settings(index)
    with ExitStack() as stack:
        progress = stack.enter_context(percent_shown("Copying", "articles"))
        done = migrating.migrate(
            settings.index, engine, options, to_index=to_index, wait=wait, progress=progress
        )
    before, after = (
        {"engine": name, "size": size} for name, size in zip(done.engines, done.size, strict=True)
    )
    record = {
        "schema": _SCHEMA,
        "index": {"path": valid(str(done.path))},
        "articles": done.articles,
        "before": before,
        "after": after,
        "compared": {"articles": done.sampled, "queries": done.queries},
    }
    if form.kind == "json":
        from newsidx.output.records import json_bytes

        write(json_bytes(record))
    else:
        for line in migrate_lines(record):
            say(line)
    return 0


def command() -> Any:
    """The command, for the group."""
    return single_command(migrate)
