"""newsidx read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsidx.cli.options import MapOption, single_command
from newsidx.cli.reading import (
    DateFromMtimeOption,
    DateOrderOption,
    FormatOption,
    HeaderOption,
    SectionFromFolderOption,
    SourceFromFolderOption,
    reading_changes,
    standard_input,
    suffix_of,
)
from newsidx.errors import UsageError
from newsidx.output.safe import valid
from newsidx.output.streams import say, write

if TYPE_CHECKING:
    from newsidx.indexer.options import RootOptions

__all__ = ["command", "read"]


def read(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH",
            help="Files and folders, or - for standard input (JSON Lines, or --format).",
            show_default=False,
        ),
    ],
    map_fields: MapOption = None,
    date_from_mtime: DateFromMtimeOption = None,
    date_order: DateOrderOption = None,
    header: HeaderOption = None,
    source_from_folder: SourceFromFolderOption = None,
    section_from_folder: SectionFromFolderOption = None,
    format_name: FormatOption = None,
) -> int:
    """Print the articles of files as they would be indexed, one JSON object a line.

    Each has all fields of an article, and where each came from; no index is touched.
    What can't be read is named on standard error, and the exit status is then 3.
    """
    from newsidx.indexer.options import RootOptions

    options = RootOptions(
        **reading_changes(
            map_fields,
            date_from_mtime,
            date_order,
            header,
            source_from_folder,
            section_from_folder,
            format_name,
        )
    )
    failed = False
    for path in paths:
        if path == "-":
            failed |= _read_standard_input(options)
            continue
        for base, name in _files(path, options):
            failed |= _print(base, name, options)
    return 3 if failed else 0


def _print(base: str, name: str, options: RootOptions, shown: str | None = None) -> bool:
    """Print the articles of a file; gives whether something in it could not be read."""
    from newsidx.indexer.extract import extract
    from newsidx.indexer.pieces import Job
    from newsidx.output.records import extracted_record, json_bytes

    failed = False
    for piece in extract(Job(base, name, os.path.basename(base), options)):  # noqa: PTH119 - may be no UTF-8
        where = shown or valid(f"{base}/{piece.path}")
        for item in piece.items:
            write(json_bytes(extracted_record(item.article.to_dict(), where)))
        if piece.reason:
            say(f"newsidx: {where}: {piece.reason}: {piece.detail}")
        for bad in piece.bad:
            say(f"newsidx: {where}, record {bad.position}: {bad.reason}: {bad.message}")
        failed |= bool(piece.reason or piece.bad)
    return failed


def _read_standard_input(options: RootOptions) -> bool:
    """Read what comes on standard input by way of a file, as readers may go back in it."""
    import shutil
    import tempfile

    from msgspec.structs import replace

    options = replace(options, format=options.format or "jsonl")
    with (
        standard_input() as stream,
        tempfile.TemporaryDirectory(prefix="newsidx-") as folder,
    ):
        name = "stdin" + suffix_of(str(options.format))
        with open(os.path.join(folder, name), "wb") as file:  # noqa: PTH118, PTH123
            shutil.copyfileobj(stream, file)
        return _print(folder, name, options, "standard input")


def _files(path: str, options: RootOptions) -> Iterator[tuple[str, str]]:
    """Folder and name of the file that is named, or of each below a folder that is."""
    from newsidx.indexer.discover import discover

    if not os.path.exists(path):  # noqa: PTH110 - names may be no UTF-8
        raise UsageError(f"There is no {valid(path)!r}.", "Check the path.")
    real = os.path.realpath(path)
    if os.path.isdir(real):  # noqa: PTH112 - likewise
        for name in sorted(discover(real, options).files):
            yield real, name
    elif os.path.isfile(real):  # noqa: PTH113 - likewise
        base, name = os.path.split(real)
        yield base, name
    else:
        raise UsageError(f"{valid(path)!r} is neither a file nor a folder.", "Check the path.")


def command() -> Any:
    """The command, for the group."""
    return single_command(read)
