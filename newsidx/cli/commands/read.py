"""newsidx read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from newsidx.cli.options import MapOption, mapped_fields, single_command
from newsidx.errors import UsageError
from newsidx.output.safe import valid
from newsidx.output.streams import say, write

__all__ = ["command", "read"]


def read(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH", help="Files and folders.", show_default=False)
    ],
    map_fields: MapOption = None,
    date_from_mtime: Annotated[
        bool,
        typer.Option("--date-from-mtime", help="Date articles without a date by their file."),
    ] = False,
) -> int:
    """Print the articles of files as they would be indexed, one JSON object a line.

    Each has all fields of an article, and where each came from; no index is touched.
    What can't be read is named on standard error, and the exit status is then 3.
    """
    from newsidx.indexer.extract import Job, extract
    from newsidx.indexer.options import RootOptions
    from newsidx.output.records import extracted_record, json_bytes

    options = RootOptions(fields=mapped_fields(map_fields), date_from_mtime=date_from_mtime)
    status = 0
    for base, path in _files(paths, options):
        found = extract(Job(base, path, os.path.basename(base), options))  # noqa: PTH119 - may be no UTF-8
        where = valid(f"{base}/{path}")
        for item in found.items:
            write(json_bytes(extracted_record(item.article.to_dict(), where)))
        if found.reason:
            say(f"newsidx: {where}: {found.reason}: {found.detail}")
        for bad in found.bad:
            say(f"newsidx: {where}, record {bad.position}: {bad.reason}: {bad.message}")
        if found.reason or found.bad:
            status = 3
    return status


def _files(paths: list[str], options: Any) -> Iterator[tuple[str, str]]:
    """Folder and name of each file that is named, or lies below a folder that is."""
    from newsidx.indexer.discover import discover

    for path in paths:
        if not os.path.lexists(path):
            raise UsageError(f"There is no {valid(path)!r}.", "Check the path.")
        real = os.path.realpath(path)
        if os.path.isdir(real):  # noqa: PTH112 - names may be no UTF-8
            for name in sorted(discover(real, options).files):
                yield real, name
        else:
            base, name = os.path.split(real)
            yield base, name


def command() -> Any:
    """The command, for the group."""
    return single_command(read)
