"""newsidx export."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer

from newsidx.app import Index
from newsidx.app import open as open_index
from newsidx.cli.options import IndexOption, LiteralOption, single_command
from newsidx.config import load_settings
from newsidx.output.streams import say
from newsidx.text.counted import counted

__all__ = ["command", "export"]


def export(
    query: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[QUERY]",
            help="Only articles that match, as for newsidx search. Default: all.",
            show_default=False,
        ),
    ] = None,
    literal: LiteralOption = False,
    as_lines: Annotated[  # noqa: ARG001 - there is no other form yet
        bool, typer.Option("--jsonl", help="Print one JSON object for each: the default.")
    ] = True,
    output: Annotated[
        str | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Write to a file, which is there only when all of it is.",
            show_default=False,
        ),
    ] = None,
    index: IndexOption = None,
) -> int:
    """Print articles with all that is known of them, as JSON Lines.

    Each is what newsidx show --json prints, and newsidx index reads it again: an export of
    everything makes, in a new index, the same articles with the same ids. They come in the
    order of root, path and place in the file. The exit status is 1 when none matches.
    """
    settings = load_settings(index)
    with open_index(settings.index) as opened:
        ids = None
        if query:
            ids = _matching(opened, " ".join(query), literal=literal, exact=settings.exact)
        else:
            for note in opened.warnings:
                say(f"newsidx: {note}")
        count = 0
        with _output(output) as stream:
            from newsidx.output.records import json_bytes

            for record in opened.export(ids):
                stream.write(json_bytes(record))
                count += 1
        expected = opened.engine.statistics().articles if ids is None else len(ids)
    if count != expected:
        say(f"newsidx: {counted(expected - count, 'article')} changed meanwhile and were left out.")
    if output is not None:
        say(f"{counted(count, 'article')} written to {output}.")
    if query and not count:
        say(f"newsidx: No article of {settings.index} matches.")
    return 0 if count or not query else 1


def _matching(opened: Index, text: str, *, literal: bool, exact: bool) -> set[str]:
    from newsidx.engines.base import SearchRequest
    from newsidx.searcher.question import Ask, notes

    understood = opened.understand(Ask(text, literal, exact=exact, sort="newest", scores=False))
    for note in (*opened.warnings, *notes(understood.info)):
        say(f"newsidx: {note}")
    request = SearchRequest(understood.query, "newest", None, scores=False)
    return {hit.id for hit in opened.engine.search(request).hits}


@contextmanager
def _output(name: str | None) -> Iterator[BinaryIO]:
    """Standard output, or a file that takes its place when all is written."""
    if name is None:
        sys.stdout.flush()
        yield sys.stdout.buffer
        return
    path = Path(name)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def command() -> Any:
    """The command, for the group."""
    return single_command(export, is_query=True)
