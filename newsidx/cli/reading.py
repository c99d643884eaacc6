"""How files are to be read, as options of commands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, BinaryIO

import typer

from newsidx.cli.options import mapped_fields
from newsidx.errors import UsageError

__all__ = [
    "DateFromMtimeOption",
    "DateOrderOption",
    "FormatOption",
    "HeaderOption",
    "SectionFromFolderOption",
    "SourceFromFolderOption",
    "checked_format",
    "reading_changes",
    "standard_input",
    "suffix_of",
]

DateFromMtimeOption = Annotated[
    bool | None,
    typer.Option(
        "--date-from-mtime/--no-date-from-mtime",
        help="Date articles without a date by their file.",
        show_default=False,
    ),
]
DateOrderOption = Annotated[
    str | None,
    typer.Option(
        "--date-order",
        metavar="ORDER",
        help="What 03/04/2016 means: dmy, mdy, or auto: what each source shows elsewhere.",
        show_default=False,
    ),
]
HeaderOption = Annotated[
    bool | None,
    typer.Option(
        "--header/--no-header",
        help="Tables begin with the names of their columns, or don't: then --map title=2 "
        "names the second. Default: as it looks.",
        show_default=False,
    ),
]
SourceFromFolderOption = Annotated[
    bool | None,
    typer.Option(
        "--source-from-folder/--no-source-from-folder",
        help="Articles without a source have that of their folder's name.",
        show_default=False,
    ),
]
SectionFromFolderOption = Annotated[
    bool | None,
    typer.Option(
        "--section-from-folder/--no-section-from-folder",
        help="Likewise the section.",
        show_default=False,
    ),
]
FormatOption = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="NAME",
        help="Read every file as this format (newsidx formats lists them), or auto.",
        show_default=False,
    ),
]

_ORDERS = ("dmy", "mdy")


def reading_changes(
    map_fields: list[str] | None,
    date_from_mtime: bool | None,
    date_order: str | None,
    header: bool | None,
    source_from_folder: bool | None,
    section_from_folder: bool | None,
    format_name: str | None,
) -> dict[str, Any]:
    """What was given, as attributes of `RootOptions` -> values.

    Raises:
        UsageError: A value makes no sense.
    """
    if date_order not in (None, "auto", *_ORDERS):
        raise UsageError(f"{date_order!r} is no order of dates.", "Write dmy, mdy or auto.")
    given = {
        "fields": mapped_fields(map_fields) if map_fields else None,
        "date_from_mtime": date_from_mtime,
        "date_order": date_order,
        "header": header,
        "source_from_folder": source_from_folder,
        "section_from_folder": section_from_folder,
        "format": checked_format(format_name),
    }
    return {
        name: None if value == "auto" else value
        for name, value in given.items()
        if value is not None
    }


def checked_format(name: str | None) -> str | None:
    """The name, if it is that of a format or `auto`.

    Raises:
        UsageError: It is of neither.
    """
    from newsidx.readers.registry import reader_named, readers

    if name not in (None, "auto") and reader_named(str(name)) is None:
        known = ", ".join(reader.name for reader in readers())
        raise UsageError(f"There is no format {name!r}.", f"There are: {known}.")
    return name


def suffix_of(format_name: str) -> str:
    """The usual ending of files of a format."""
    from newsidx.readers.registry import reader_named

    reader = reader_named(format_name)
    return reader.suffixes[0] if reader and reader.suffixes else ""


@contextmanager
def standard_input(
    what: str = "articles", example: str = "scraper | newsidx index -"
) -> Iterator[BinaryIO]:
    """The bytes of standard input.

    Args:
        what: What is read there, for the error.
        example: A pipe that gives it.

    Raises:
        UsageError: It is a terminal, where nobody would type articles.
    """
    import sys

    if sys.stdin is None:
        raise UsageError("Standard input is closed.", "Pipe articles in: scraper | newsidx index -")
    if sys.stdin.isatty():
        raise UsageError(
            f"- reads {what} from standard input, and that is a terminal.",
            f"Pipe them in: {example}",
        )
    yield sys.stdin.buffer
