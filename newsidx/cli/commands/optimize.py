"""newsidx optimize."""

from __future__ import annotations

from typing import Any

from newsidx.cli.forms import JsonForm
from newsidx.cli.options import IndexOption, WaitOption, single_command
from newsidx.config import load_settings
from newsidx.output.safe import valid
from newsidx.output.streams import say, write

__all__ = ["command", "optimize"]

_SCHEMA = "newsidx.optimize/1"


def optimize(wait: WaitOption = 0.0, *, form: JsonForm, index: IndexOption = None) -> int:
    """Merge the index into one segment, without what is deleted.

    Searches are a little quicker then, and the index a little smaller. It answers all
    the while, and needs room on the disk for the new segment beside the old ones. An
    index is never in need of it: newsidx index merges as it goes.
    """
    from newsidx.indexer import optimize as optimizing
    from newsidx.output.checkup import optimize_lines
    from newsidx.output.progress import working

    form.check(_SCHEMA)
    settings = load_settings(index)
    with working("Optimizing"):
        done = optimizing.optimize(settings.index, wait)
    before, after = (
        {"segments": done.segments[at], "deleted": done.deleted[at], "size": done.size[at]}
        for at in (0, 1)
    )
    record = {
        "schema": _SCHEMA,
        "index": {"path": valid(str(settings.index))},
        "articles": done.articles,
        "before": before,
        "after": after,
    }
    if form.kind == "json":
        from newsidx.output.records import json_bytes

        write(json_bytes(record))
    else:
        for line in optimize_lines(record):
            say(line)
    return 0


def command() -> Any:
    """The command, for the group."""
    return single_command(optimize)
