"""newsidx roots list, rename, move and forget."""

from __future__ import annotations

import os
import sys
from typing import Annotated, Any

import typer

from newsidx.app import open as open_index
from newsidx.cli.forms import RecordForm
from newsidx.cli.groups import spelled_out
from newsidx.cli.options import IndexOption, WaitOption
from newsidx.config import load_settings
from newsidx.errors import Refused, UsageError
from newsidx.output.forms import Form, Shape, put_records
from newsidx.output.safe import one_line, valid
from newsidx.output.streams import is_terminal, say, write_text
from newsidx.text.counted import counted

__all__ = ["ROOTS", "command"]

ROOTS = Shape(
    schema="newsidx.roots/1", rows="roots", columns=("label", "path", "files", "there", "options")
)

LabelArgument = Annotated[str, typer.Argument(metavar="LABEL", help="A root's name.")]

app = typer.Typer(
    name="roots",
    help="List, rename, move or forget the folders that are indexed.",
    add_completion=False,
    rich_markup_mode=None,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
@spelled_out
def _default(ctx: typer.Context, *, form: RecordForm, index: IndexOption = None) -> int:
    if ctx.invoked_subcommand is None:
        return _list(form, index)
    if any(_given(ctx, name) for name in ctx.params):
        raise UsageError(
            f"Options come after the command: newsidx roots {ctx.invoked_subcommand} --index PATH.",
            "See newsidx roots --help.",
        )
    return 0


def _given(ctx: typer.Context, name: str) -> bool:
    """Whether an option was on the command line."""
    source = ctx.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


@app.command("list")
@spelled_out
def list_roots(*, form: RecordForm, index: IndexOption = None) -> int:
    """List the roots: label, number of files, path."""
    return _list(form, index)


def _list(form: Form, index: str | None) -> int:
    ROOTS.check(form)
    settings = load_settings(index)
    with open_index(settings.index) as opened:
        ledger = opened.ledger()
        try:
            rows = [
                {
                    "label": root.label,
                    "path": valid(root.path),
                    "files": len(ledger.files(root.id)),
                    "there": os.path.lexists(root.path),
                    "options": root.options,
                }
                for root in ledger.roots()
            ]
        finally:
            ledger.close()
    if form.kind not in ("terminal", "plain") or form.fields:
        put_records(form, ROOTS, rows)
        return 0
    if not rows:
        say(f"Nothing has been indexed into {settings.index} yet: newsidx index DIR")
    if form.kind == "terminal":
        _draw(rows)
        return 0
    for row in rows:
        note = "" if row["there"] else "\t(not there)"
        write_text(f"{row['label']}\t{row['files']}\t{one_line(str(row['path']))}{note}\n")
    return 0


def _draw(rows: list[dict[str, Any]]) -> None:
    """A line for each root that fits the terminal."""
    import shutil

    from newsidx.output.filelines import root_line

    width = shutil.get_terminal_size().columns
    size = max((len(row["label"]) for row in rows), default=0)
    for row in rows:
        write_text(root_line(row, size, width) + "\n")


@app.command()
def rename(
    label: LabelArgument,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its new name.")],
    wait: WaitOption = 0.0,
    index: IndexOption = None,
) -> int:
    """Give a root another name; its articles keep their ids."""
    from newsidx.indexer.manage import rename_root
    from newsidx.indexer.run import RunOptions

    settings = load_settings(index)
    rename_root(settings.index, label, name, RunOptions(jobs=settings.jobs, wait=wait))
    say(f"{label} is {name} now.")
    return 0


@app.command()
def move(
    label: LabelArgument,
    path: Annotated[str, typer.Argument(metavar="PATH", help="Where it is now.")],
    wait: WaitOption = 0.0,
    index: IndexOption = None,
) -> int:
    """Say where a root is now, after its folder was moved."""
    from newsidx.indexer.manage import move_root
    from newsidx.indexer.run import RunOptions
    from newsidx.output.summary import summary_lines

    settings = load_settings(index)
    options = RunOptions(jobs=settings.jobs, wait=wait)
    report = move_root(settings.index, label, path, options)
    for line in summary_lines(report.to_dict(), str(settings.index)):
        say(line)
    return 0


@app.command()
def forget(
    label: LabelArgument,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
    wait: WaitOption = 0.0,
    index: IndexOption = None,
) -> int:
    """Remove a root and its articles from the index. Its files are not touched."""
    from newsidx.indexer.manage import forget_root

    settings = load_settings(index)
    if not yes:
        if not is_terminal(sys.stdin):
            raise Refused(f"{label} was not forgotten.", "Say --yes where nobody can be asked.")
        typer.confirm(f"Remove {label} and its articles from {settings.index}?", abort=True)
    count = forget_root(settings.index, label, wait)
    say(f"{label} is forgotten; {counted(count, 'article')} went with it.")
    return 0


def command() -> Any:
    """The commands, for the group."""
    return typer.main.get_command(app)
