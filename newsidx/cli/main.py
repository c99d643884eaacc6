"""The command line: which commands there are, and what becomes of errors.

A command is one file in `newsidx/cli/commands/`, imported when it is called. Its
function returns the exit status.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from newsidx.cli.boundary import report_error
from newsidx.output.streams import say

__all__ = ["COMMANDS", "build", "main"]

# Name -> what it does. The text stands here so that --help imports no command.
COMMANDS: dict[str, str] = {
    "index": "Index folders and files of articles, or bring the known ones in step.",
    "watch": "Keep the index in step as files come and go.",
    "search": "Find articles; the best first.",
    "count": "Count the articles that match a query.",
    "suggest": "List words that a query could be widened with.",
    "similar": "Find articles like one.",
    "show": "Print one article, all that is known of it and where that came from.",
    "stats": "Say what is in the index, and what became of every file.",
    "files": "Say what became of every file, and why.",
    "read": "Print the articles of files as they would be indexed, as JSON Lines.",
    "formats": "List the formats that can be read.",
    "init": "Make an index for this folder and those below it.",
    "rm": "Remove articles, and keep them out of search from then on.",
    "restore": "Search articles again that were removed.",
    "export": "Print articles with all that is known of them, as JSON Lines.",
    "roots": "List, rename, move or forget the folders that are indexed.",
    "optimize": "Merge the index into one segment, without what is deleted.",
    "verify": "Check that every file of the index is as it was committed.",
    "repair": "Mend a damaged index.",
    "schema": "Print the JSON Schema of what a command prints.",
    "help": "Explain the query language, or print the stop words.",
}


class LazyGroup(TyperGroup):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - Typer's signature
        """The names, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - likewise
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"newsidx.cli.commands.{cmd_name}")
        return module.command()

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find a command, or say which one was probably meant."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            import difflib

            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            hint = f"Did you mean {near[0]}?" if near else "See newsidx --help for the commands."
            ctx.fail(f"There is no command {args[0]!r}. {hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - likewise
        """List the commands from the table."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _root(
    version: bool = typer.Option(False, "--version", "-V", help="Print the version."),
) -> int:
    """Search news archives on the command line.

    newsidx index DIR reads every article below a folder; newsidx search QUERY finds
    them again. Each command has its own --help.
    """
    if version:
        from newsidx._version import __version__
        from newsidx.output.streams import write_text

        write_text(f"newsidx {__version__}\n")
        raise typer.Exit(0)
    return 0


def build() -> Any:
    """The command line as a group of Typer's."""
    app = typer.Typer(
        name="newsidx",
        cls=LazyGroup,
        add_completion=False,
        no_args_is_help=True,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(epilog="Any command takes --debug, which shows where an error came from.")(_root)
    return typer.main.get_group(app)


def main(argv: list[str]) -> int:
    """Run a command line and give its exit status; never raises."""
    _replace_closed_streams()
    own = argv[: argv.index("--")] if "--" in argv else argv
    debug = "--debug" in own or bool(os.environ.get("NEWSIDX_DEBUG"))
    if "--debug" in own:
        argv = [word for at, word in enumerate(argv) if word != "--debug" or at >= len(own)]
    try:
        # Not through Typer's own main, which ends a broken pipe with the status 1.
        group = build()
        with group.make_context("newsidx", list(argv)) as context:
            status = group.invoke(context)
        sys.stdout.flush()
    except typer.Exit as done:
        status = done.exit_code
    except BrokenPipeError:
        _leave_pipe()
        return 0
    except (KeyboardInterrupt, typer.Abort):
        say("Interrupted.")
        return 130
    except Exception as error:
        status = report_error(error, as_json="--json" in own, debug=debug)
    return _flushed(status if isinstance(status, int) else 0)


def _flushed(status: int) -> int:
    """The status, when all that was printed could be written; 2 when the disk is full."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _leave_pipe()
    except OSError as error:
        say(f"newsidx: The output could not be written: {error.strerror}.")
        _leave_pipe()
        return 2
    return status


def _replace_closed_streams() -> None:
    """Python gives None for a stream that was closed before it started."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w"))  # noqa: PTH123, SIM115 - for the whole run


def _leave_pipe() -> None:
    """Let Python close its output without complaint when the reader has gone away."""
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, sys.stdout.fileno())
