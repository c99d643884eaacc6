"""newsidx freeze, freeze list and freeze rm."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from newsidx.app import open as open_index
from newsidx.cli.asking import Asked
from newsidx.cli.day import Day
from newsidx.cli.forms import RecordForm
from newsidx.cli.groups import spelled_out
from newsidx.cli.options import IndexOption, QueryCommand, WaitOption
from newsidx.config import load_settings
from newsidx.index import frozen
from newsidx.output.frozen import FROZEN, frozen_lines, put_frozen
from newsidx.output.streams import say, write_text
from newsidx.searcher.filters import Filters
from newsidx.searcher.question import notes
from newsidx.text.counted import counted

__all__ = ["command"]

NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="Letters a-z, digits, and - _ . among them.")
]


class _FreezeGroup(TyperGroup):
    """A group in which whatever is no command of its own is the name of what to freeze."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take `freeze NAME` for `freeze add NAME`."""
        known = (*self.commands, "-h", "--help")
        return super().parse_args(ctx, ["add", *args] if args and args[0] not in known else args)


app = typer.Typer(
    name="freeze",
    help="Keep what the archive holds, or what a query finds, under a name: newsidx freeze NAME "
    "[QUERY] is short for newsidx freeze add. See what has changed since: newsidx diff NAME.",
    cls=_FreezeGroup,
    subcommand_metavar="NAME [QUERY] | COMMAND",
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def add(
    name: NameArgument,
    asked: Asked,
    *,
    day: Day,
    wait: WaitOption = 0.0,
    index: IndexOption = None,
) -> int:
    """Keep what a query finds under a name; without a query and filters, all there is.

    Of each article its id is kept and a hash of all that it says, so that newsidx diff NAME
    can tell what came, went and changed since. No text is kept. The name has to be new,
    unless it stands for just the same already.
    """
    settings = load_settings(index)
    question = None
    if asked.text is not None or asked.filters != Filters():
        question = asked.ask(settings)
    with open_index(settings.index) as opened:
        for note in opened.warnings:
            say(f"newsidx: {note}")
        if question is not None:
            for note in notes(opened.understand(question, day).info):
                say(f"newsidx: {note}")
        kept, new = opened.freeze(name, question, day=day, wait=wait)
    held = counted(kept.articles, "article")
    what = f"{held} frozen as {name}" if new else f"{held} are frozen as {name} already"
    say(f"{what}. See what has changed since: newsidx diff {name}")
    return 0


def list_frozen(form: RecordForm, index: IndexOption = None) -> int:
    """List what was frozen: name, query as understood, filters, articles, hashes, day."""
    FROZEN.check(form)
    settings = load_settings(index)
    with open_index(settings.index) as opened:
        info = opened.info
    found = frozen.every(settings.index)
    if form.kind == "terminal":
        write_text("".join(f"{line}\n" for line in frozen_lines(found, color=form.color)))
    else:
        put_frozen(form, info, found)
    if not found:
        say(f"Nothing is frozen in {settings.index}: newsidx freeze NAME [QUERY]")
    return 0 if found else 1


def rm(name: NameArgument, wait: WaitOption = 0.0, index: IndexOption = None) -> int:
    """Forget what was frozen under a name; the articles stay as they are."""
    settings = load_settings(index)
    with open_index(settings.index):
        frozen.remove(settings.index, name, wait)
    say(f"{name} is frozen no more.")
    return 0


app.command("add", cls=QueryCommand)(spelled_out(add))
app.command("list")(spelled_out(list_frozen))
app.command("rm")(rm)


def command() -> Any:
    """The commands, for the group."""
    return typer.main.get_command(app)
