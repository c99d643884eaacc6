"""The forms that records can be printed in, as options of any command that has some."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from msgspec.structs import replace

from newsidx.cli.groups import Together
from newsidx.cli.options import ColorOption, JsonOption
from newsidx.errors import UsageError
from newsidx.output.forms import Form, Kind
from newsidx.output.streams import is_terminal, wants_color

__all__ = ["HitForm", "JsonForm", "RecordForm"]

_JsonLines = Annotated[bool, typer.Option("--jsonl", help="Print one JSON object a line.")]
_Csv = Annotated[bool, typer.Option("--csv", help="Print comma-separated values with a header.")]
_Tsv = Annotated[bool, typer.Option("--tsv", help="Print tab-separated values with a header.")]
_Paths = Annotated[
    bool, typer.Option("-l", "--files", help="Print the paths of source files, each once.")
]
_Null = Annotated[
    bool, typer.Option("-0", "--null", help="As -l, with a NUL after each: for xargs -0.")
]
_Fields = Annotated[
    str | None,
    typer.Option(
        "--fields",
        metavar="A,B",
        help="Only these fields, in this order; a wrong name lists them all.",
        show_default=False,
    ),
]
_Version = Annotated[
    int | None,
    typer.Option(
        "--format-version",
        metavar="N",
        help="Fail unless JSON comes in this version of its shape.",
        show_default=False,
    ),
]
_Defused = Annotated[
    bool,
    typer.Option(
        "--defuse",
        help="Put an apostrophe before what a spreadsheet would run as a formula.",
    ),
]


def _form(
    as_json: JsonOption = False,
    as_lines: _JsonLines = False,
    as_csv: _Csv = False,
    as_tsv: _Tsv = False,
    fields: _Fields = None,
    format_version: _Version = None,
    defuse: _Defused = False,
    color: ColorOption = "auto",
) -> Form:
    asked: dict[Kind, bool] = {"json": as_json, "jsonl": as_lines, "csv": as_csv, "tsv": as_tsv}
    return _made(asked, fields, format_version, defuse=defuse, color=color)


def _made(
    asked: dict[Kind, bool], fields: str | None, version: int | None, *, defuse: bool, color: str
) -> Form:
    """What was asked for, or what suits where the output goes.

    Raises:
        UsageError: Two forms were asked for, or fields of what has none.
    """
    chosen = [kind for kind, wanted in asked.items() if wanted]
    if len(chosen) > 1:
        raise UsageError("Two forms of output were asked for.", "Choose one of them.")
    names = tuple(name.strip() for name in (fields or "").split(",") if name.strip()) or None
    if fields is not None and names is None:
        raise UsageError("--fields names no field.", "Write --fields id,title.")
    # Who names fields wants columns, on a terminal too.
    usual = "plain" if names else _usual()
    return Form(
        chosen[0] if chosen else usual, names, version, defuse, wants_color(sys.stdout, color)
    )


def _usual() -> Kind:
    return "terminal" if is_terminal(sys.stdout) else "plain"


def _json_form(as_json: JsonOption = False, format_version: _Version = None) -> Form:
    return Form("json" if as_json else _usual(), version=format_version)


JsonForm = Annotated[Form, Together(_json_form)]
"""One JSON object, or what suits where the output goes: for what is no list of records."""

RecordForm = Annotated[Form, Together(_form)]
"""JSON, JSON Lines, CSV, TSV, or what suits where the output goes."""


def _hit_form(form: RecordForm, paths: _Paths = False, null: _Null = False) -> Form:
    if not (paths or null):
        return form
    if form.kind not in ("terminal", "plain"):
        raise UsageError("Two forms of output were asked for.", "Choose one of them.")
    if form.fields:
        raise UsageError("--files and --null print paths, and --fields others.", "Choose one.")
    return replace(form, kind="null" if null else "paths")


HitForm = Annotated[Form, Together(_hit_form)]
"""The same, and the paths of source files."""
