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
from newsidx.cli.process import Ended, ending, flushed, leave_output, open_streams
from newsidx.errors import UsageError
from newsidx.output.streams import say

__all__ = ["COMMANDS", "build", "main"]

# Name -> what it does. The text stands here so that --help imports no command.
COMMANDS: dict[str, str] = {
    "index": "Index folders and files of articles, or bring the known ones in step.",
    "watch": "Keep the index in step as files come and go.",
    "search": "Find articles; the best first.",
    "count": "Count the articles that match a query.",
    "facets": "Count articles by the values of a field: source, tags, authors.",
    "timeline": "Draw how many articles match a query in each week, month or year.",
    "alert": "Keep queries to be asked again and again what is new.",
    "new": "Print what has come to the index since the last time.",
    "suggest": "List words that a query could be widened with.",
    "similar": "Find articles like one.",
    "spread": "Show who printed a story when, and what each changed.",
    "kwic": "Show every place where a query matches, in its context, a line each.",
    "terms": "List the words of the archive, with the number of articles that have each.",
    "keywords": "Say which words set some articles apart from others.",
    "quote": "Say whether quotations are in the archive, and what was changed.",
    "sample": "Draw articles at random from what a query matches, to be read and judged.",
    "assess": "Say how good a query is, from a sample that was judged.",
    "cite": "Print what a methods section says of a search: numbers, coverage, versions, state.",
    "freeze": "Keep what the archive holds, or a query finds, under a name.",
    "diff": "Say what came, went and changed between two states or results.",
    "report": "Write a dossier: queries, coverage, matches and articles on one page of HTML.",
    "show": "Print articles, all that is known of them and where that came from.",
    "cat": "Print the text of articles, and nothing else.",
    "stats": "Say what is in the index, and what became of every file.",
    "files": "Say what became of every file, and why.",
    "read": "Print the articles of files as they would be indexed, as JSON Lines.",
    "formats": "List the formats that can be read.",
    "init": "Make an index for this folder and those below it.",
    "rm": "Remove articles, and keep them out of search from then on.",
    "restore": "Search articles again that were removed.",
    "export": "Print articles with all that is known of them, full text and provenance.",
    "roots": "List, rename, move or forget the folders that are indexed.",
    "optimize": "Merge the index into one segment, without what is deleted.",
    "migrate": "Let another engine hold the index, without reading its sources again.",
    "verify": "Check that every file of the index is as it was committed.",
    "repair": "Mend a damaged index.",
    "schema": "Print the JSON Schema of what a command prints.",
    "completion": "Print a script that completes commands, options and values in a shell.",
    "man": "Print the manual page, newsidx(1).",
    "help": "Explain the query language, formats, fields, and the rest.",
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
            from newsidx.cli.complaints import no_such_command

            raise no_such_command(args[0], list(COMMANDS))
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
    open_streams()
    own = argv[: argv.index("--")] if "--" in argv else argv
    debug = "--debug" in own or bool(os.environ.get("NEWSIDX_DEBUG"))
    if "--debug" in own:
        argv = [word for at, word in enumerate(argv) if word != "--debug" or at >= len(own)]
    try:
        with ending():
            status = _run(list(argv))
    except typer.Exit as done:
        status = done.exit_code
    except BrokenPipeError:
        leave_output()
        return 0
    except Ended as signalled:
        leave_output()
        return signalled.status
    except (KeyboardInterrupt, typer.Abort):
        leave_output()
        say("Interrupted.")
        return 130
    except Exception as error:
        status = report_error(error, argv, as_json="--json" in own, debug=debug)
    return flushed(status)


def _run(argv: list[str]) -> int:
    if any("\0" in word for word in argv):
        raise UsageError("An argument holds a NUL character.", "No name and no query has one.")
    # Not through Typer's own main, which ends a broken pipe with the status 1.
    group = build()
    with group.make_context("newsidx", argv) as context:
        status = group.invoke(context)
    sys.stdout.flush()
    return status if isinstance(status, int) else 0
