"""newsidx files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsidx.app import open as open_index
from newsidx.cli.forms import RecordForm
from newsidx.cli.options import IndexOption, single_command
from newsidx.config import load_settings
from newsidx.errors import UsageError
from newsidx.index.outcomes import REASONS, STATUSES
from newsidx.output.forms import Form, Shape, put_records
from newsidx.output.safe import one_line, valid
from newsidx.output.streams import say, write_text
from newsidx.text.counted import counted

if TYPE_CHECKING:
    from newsidx.index.ledger import Ledger

__all__ = ["FILES", "command", "files"]

FILES = Shape(
    schema="newsidx.files/1",
    rows="files",
    columns=(
        "path",
        "root",
        "status",
        "reason",
        "detail",
        "files",
        "member",
        "reader",
        "articles",
        "bad_records",
        "size",
        "read_at",
    ),
)


def files(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH]...", help="Only these files and folders.", show_default=False
        ),
    ] = None,
    status: Annotated[
        str | None,
        typer.Option(
            "--status",
            metavar="STATUS",
            help=", ".join(STATUSES) + ".",
            show_default=False,
        ),
    ] = None,
    reason: Annotated[
        str | None,
        typer.Option("--reason", metavar="REASON", help="As in newsidx stats.", show_default=False),
    ] = None,
    *,
    form: RecordForm,
    index: IndexOption = None,
) -> int:
    """Say what became of every file, and why.

    A line for each: status, reason, articles, path, separated by tabs. Files in archives
    have lines of their own; those left out by a rule have one for each folder, with their
    number. The exit status is 1 when no file
    is of the kind that was asked for.
    """
    FILES.check(form)
    _check(status, STATUSES, "status")
    _check(reason, REASONS, "reason")
    settings = load_settings(index)
    wanted = [os.path.realpath(path) for path in paths or ()]
    with open_index(settings.index) as opened:
        ledger = opened.ledger()
        try:
            rows = _rows(ledger, status, reason, wanted)
            count = _print(rows, form)
        finally:
            ledger.close()
    if not count:
        say(f"newsidx: No such file is known to {settings.index}.")
    return 0 if count else 1


def _check(value: str | None, known: dict[str, str], what: str) -> None:
    if value is not None and value not in known:
        raise UsageError(f"There is no {what} {value!r}.", f"There are: {', '.join(known)}.")


def _rows(
    ledger: Ledger, status: str | None, reason: str | None, wanted: list[str]
) -> Iterator[dict[str, Any]]:
    from newsidx.index.accounts import outcomes

    for found in outcomes(ledger, status, reason):
        path = os.path.join(found.base, found.path) if found.path else found.base  # noqa: PTH118 - may be no UTF-8
        if wanted and not any(path == one or path.startswith(one + os.sep) for one in wanted):
            continue
        moment = None
        if found.recorded:
            moment = datetime.fromtimestamp(found.recorded / 1e9, tz=UTC).isoformat("T", "seconds")
        yield {
            "path": valid(path),
            "root": found.root,
            "status": found.status,
            "reason": found.reason,
            "detail": found.detail,
            "files": found.files,
            "member": bool(found.member),
            "reader": found.reader,
            "articles": found.articles,
            "bad_records": [
                {"record": position, "reason": why, "detail": what}
                for position, why, what in ledger.bad_records(found.id)
            ]
            if found.bad
            else [],
            "size": found.size,
            "read_at": moment,
        }


def _print(rows: Iterator[dict[str, Any]], form: Form) -> int:
    """Print them; gives how many there are."""
    if form.kind == "terminal":
        return _draw(rows)
    if form.kind == "json":
        every = list(rows)
        put_records(form, FILES, every, {"total": len(every)})
        return len(every)
    count = 0

    def counting() -> Iterator[dict[str, Any]]:
        nonlocal count
        for row in rows:
            count += 1
            yield row

    if form.kind == "plain" and form.fields is None:
        for row in counting():
            write_text(_line(row))
    else:
        put_records(form, FILES, counting())
    return count


def _line(row: dict[str, Any]) -> str:
    """Status, reason, number of articles or files left out, path."""
    number = row["articles"] if row["status"] != "excluded" else counted(row["files"], "file")
    return f"{row['status']}\t{row['reason'] or ''}\t{number}\t{one_line(row['path'])}\n"


def _draw(rows: Iterator[dict[str, Any]]) -> int:
    """A line for each file that fits the terminal; gives their number."""
    import shutil

    from newsidx.output.filelines import file_line
    from newsidx.output.pager import paged

    width = shutil.get_terminal_size().columns
    count = 0
    with paged() as stream:
        for count, row in enumerate(rows, 1):  # noqa: B007 - the number is what is given
            stream.write(file_line(row, width) + "\n")
    return count


def command() -> Any:
    """The command, for the group."""
    return single_command(files)
