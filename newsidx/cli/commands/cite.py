"""newsidx cite."""

from __future__ import annotations

from typing import Any

from newsidx.app import open as open_index
from newsidx.cli.asking import Asked
from newsidx.cli.day import Day
from newsidx.cli.forms import JsonForm
from newsidx.cli.options import EngineOption, IndexOption, single_command
from newsidx.config import load_settings
from newsidx.output.streams import say, write, write_text

__all__ = ["cite", "command"]


def cite(
    asked: Asked,
    *,
    day: Day,
    form: JsonForm,
    index: IndexOption = None,
    engine: EngineOption = None,
) -> int:
    """Print what a methods section says of a search, a line for each thing.

    The query as typed and as understood, with its filters; how many articles it finds, in
    which sources and from when to when; the same of all that was searched, with its gaps;
    what was left out of the query, and which files could not be read; a hash of the articles
    found and one of the whole archive, versions, and the date, which is the only thing in it
    that doesn't follow from the archive and the query.

    Where two print the same hash, the same articles were found, to the letter. The exit
    status is 0 when something was found, 1 when nothing was, 2 for an error.
    """
    from newsidx.output.citation import CITE, citation_lines, citation_record
    from newsidx.output.records import json_bytes

    form.check(CITE)
    settings = load_settings(index)
    question = asked.ask(settings)
    with open_index(settings.index, engine) as opened:
        found = opened.cite(question, day=day)
    for note in found.warnings:
        say(f"newsidx: {note}")
    if form.kind == "json":
        write(json_bytes(citation_record(found)))
    else:
        write_text("".join(f"{line}\n" for line in citation_lines(found)))
    return 0 if found.total else 1


def command() -> Any:
    """The command, for the group."""
    return single_command(cite, is_query=True)
