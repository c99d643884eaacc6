"""The forms in which records are printed: one mechanism for every command that has some.

A record is a dict as JSON has it. What its command prints, in which columns, is a
`Shape`; what was asked for on the command line is a `Form`. In a table, a list is its
values with `; ` between them, and what is not known is empty.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from msgspec import Struct

from newsidx.errors import UsageError
from newsidx.output.records import json_bytes
from newsidx.output.safe import one_line, printable
from newsidx.output.streams import is_terminal, write, write_each

__all__ = ["Form", "Kind", "Record", "Shape", "put_records", "record_lines"]

Record = Mapping[str, Any]
Kind = Literal["terminal", "plain", "json", "jsonl", "csv", "tsv", "paths", "null"]

# What makes a spreadsheet take a cell for a formula (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class Form(Struct, frozen=True):
    """How records are wanted.

    Attributes:
        kind: `terminal` is for people; `plain`, tab-separated lines without a header, is
            what a pipe gets that asked for nothing.
        fields: Only these, in this order; None is all.
        version: The version of the shape that the reader knows; None is whatever comes.
        defused: Whether no cell of a table may be a formula to a spreadsheet.
        color: Whether colours may be used.
    """

    kind: Kind
    fields: tuple[str, ...] | None = None
    version: int | None = None
    defused: bool = False
    color: bool = False

    @property
    def streams(self) -> bool:
        """Whether records are printed one by one, and none has to be held."""
        return self.kind not in ("terminal", "json")

    def check(self, schema: str) -> None:
        """Refuse to print a shape in another version than was asked for.

        Args:
            schema: Name and version: `newsidx.search/1`.

        Raises:
            UsageError: It is another.
        """
        name, _, version = schema.partition("/")
        if self.version not in (None, int(version)):
            raise UsageError(
                f"This newsidx can't print version {self.version} of {name}.",
                f"It prints version {version}.",
            )


class Shape(Struct, frozen=True):
    """What the records of a command are.

    Attributes:
        schema: Name and version: `newsidx.search/1`.
        rows: The key under which `--json` has them.
        columns: Fields of a record, as tables have them.
        more: Fields that a record has, or can be asked for, besides.
        plain: The columns of plain lines, if they are fewer.
    """

    schema: str
    rows: str
    columns: tuple[str, ...]
    more: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()

    def check(self, form: Form) -> None:
        """Refuse a form that these records can't have.

        Raises:
            UsageError: A field is not one of theirs, or the version is another.
        """
        known = (*self.columns, *self.more)
        for name in form.fields or ():
            if name not in known:
                raise UsageError(f"There is no field {name!r}.", f"Fields: {', '.join(known)}.")
        form.check(self.schema)

    def columns_for(self, form: Form) -> tuple[str, ...]:
        """The columns of a table, or of plain lines."""
        if form.fields is not None:
            return form.fields
        return self.plain if form.kind == "plain" and self.plain else self.columns


def put_records(
    form: Form,
    shape: Shape,
    records: Iterable[Record],
    head: Mapping[str, Any] | None = None,
    tail: Mapping[str, Any] | None = None,
) -> None:
    """Print records in any form but that of a terminal; they are taken one by one.

    Args:
        head: What `--json` has before them, behind `schema`.
        tail: What it has behind them.
    """
    if form.kind == "json":
        rows = [_selected(form, record) for record in records]
        write(
            json_bytes({"schema": shape.schema, **(head or {}), shape.rows: rows, **(tail or {})})
        )
        return
    write_each(record_lines(form, shape, records, shown=is_terminal(sys.stdout)))


def record_lines(
    form: Form, shape: Shape, records: Iterable[Record], *, shown: bool
) -> Iterator[bytes]:
    """Records as lines, in any form that streams; they are taken one by one.

    Args:
        shown: Whether a terminal gets them, which nothing in them may act on.
    """
    if form.kind == "jsonl":
        for record in records:
            yield json_bytes(_selected(form, record))
        return
    columns = shape.columns_for(form)
    row = {"csv": _shown_csv_row if shown else _csv_row, "tsv": _tsv_row, "plain": _plain_row}[
        form.kind
    ]
    if form.kind != "plain":
        yield row(columns)
    for record in records:
        values = [record.get(name) for name in columns]
        yield row([_defused(each) if form.defused else _cell(each) for each in values])


def _selected(form: Form, record: Record) -> Record:
    return record if form.fields is None else {name: record.get(name) for name in form.fields}


def _csv_row(cells: Iterable[str]) -> bytes:
    line = io.StringIO(newline="")
    # With "\n" as its end, a cell with a carriage return would not be quoted.
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue().removesuffix("\r\n").encode("utf-8", "replace") + b"\n"


def _tsv_row(cells: Iterable[str]) -> bytes:
    """A line as the IANA registration of text/tab-separated-values has it."""
    return ("\t".join(one_line(cell) for cell in cells) + "\n").encode("utf-8", "replace")


def _plain_row(cells: Iterable[str]) -> bytes:
    """The same in the encoding of the locale, as anything that people read."""
    text = "\t".join(one_line(cell) for cell in cells) + "\n"
    return text.encode(sys.stdout.encoding or "utf-8", "replace")


def _shown_csv_row(cells: Iterable[str]) -> bytes:
    return _csv_row(map(printable, cells))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple) and all(isinstance(each, str) for each in value):
        return "; ".join(value)
    return json.dumps(value, ensure_ascii=False)


def _defused(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula: with an apostrophe before it.

    Only text can be one: a number is ours, and -5 is to be reckoned with.
    """
    cell = _cell(value)
    return f"'{cell}" if not isinstance(value, int | float) and cell.startswith(_FORMULA) else cell
