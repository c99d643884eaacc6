"""newsidx repair."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsidx.cli.commands.verify import record_of
from newsidx.cli.forms import JsonForm
from newsidx.cli.options import IndexOption, JobsOption, WaitOption, single_command
from newsidx.config import load_settings
from newsidx.output.safe import valid
from newsidx.output.streams import is_terminal, say, write

if TYPE_CHECKING:
    from newsidx.indexer.repair import Mended

__all__ = ["command", "repair"]

_SCHEMA = "newsidx.repair/1"


def repair(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what is wrong and what would be done.")
    ] = False,
    prune: Annotated[
        bool,
        typer.Option("--prune", help="Give up articles whose sources are gone, however many."),
    ] = False,
    jobs: JobsOption = None,
    wait: WaitOption = 0.0,
    *,
    form: JsonForm,
    index: IndexOption = None,
) -> int:
    """Mend a damaged index.

    What is damaged is dropped, and read again from the files it came from, where those
    are still there. The exit status is 0 when the index is sound and nothing is lost, 3
    when articles are lost, 2 when it could not be mended; with --dry-run 1 when there is
    something to mend.
    """
    from newsidx.indexer import repair as repairing
    from newsidx.indexer.run import RunOptions
    from newsidx.output.checkup import repair_lines

    form.check(_SCHEMA)
    settings = load_settings(index)
    options = RunOptions(jobs=jobs or settings.jobs, wait=wait, prune=prune)
    with ExitStack() as stack:
        progress: Any = None
        if not dry_run and is_terminal(sys.stderr):
            from newsidx.output.progress import shown

            progress = stack.enter_context(shown())
        mended = repairing.repair(
            settings.index, options, dry_run=dry_run, progress=progress or (lambda _: None)
        )
    record = _record(mended, settings.index, dry_run=dry_run)
    if form.kind == "json":
        from newsidx.output.records import json_bytes

        write(json_bytes(record))
    else:
        for line in repair_lines(record):
            say(line)
    if dry_run:
        return 0 if mended.before.sound else 1
    if not record["sound"]:
        return 2
    return 3 if mended.lost or mended.unread else 0


def _record(mended: Mended, path: Path, *, dry_run: bool) -> dict[str, Any]:
    after = mended.after or mended.before
    found = record_of(mended.before, path)
    return {
        "schema": _SCHEMA,
        **record_of(after, path),
        "dry_run": dry_run,
        "findings": found["findings"],
        "segments_before": found["segments"],
        "steps": mended.steps,
        "articles": {
            "missing": len(mended.missing),
            "restored": len(mended.missing) - len(mended.lost),
            "lost": len(mended.lost),
        },
        "lost": [
            {
                "id": each.id,
                "path": valid(each.path) if each.path else None,
                "title": valid(each.title) if each.title else None,
            }
            for each in mended.lost
        ],
        "unread": mended.unread,
    }


def command() -> Any:
    """The command, for the group."""
    return single_command(repair)
