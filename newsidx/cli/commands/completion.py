"""newsidx completion."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from newsidx.cli.completing.shells import SCRIPTS, script
from newsidx.cli.options import single_command
from newsidx.errors import UsageError
from newsidx.output.streams import write_text

__all__ = ["command", "completion"]


def completion(
    shell: Annotated[
        str, typer.Argument(metavar="SHELL", help="bash, zsh or fish.", show_default=False)
    ],
) -> int:
    """Print a script that completes commands, options and values in a shell.

    It completes sources, tags, authors, sections and languages too, as the index has them,
    also inside a query behind source: or tag:, and the ids of articles.

    \b
    bash  in ~/.bashrc:                   eval "$(newsidx completion bash)"
    zsh   in ~/.zshrc, behind compinit:   eval "$(newsidx completion zsh)"
    fish  newsidx completion fish > ~/.config/fish/completions/newsidx.fish
    """  # noqa: D301 - the backspace keeps the lines as they are
    if shell not in SCRIPTS:
        raise UsageError(f"There is no completion for {shell!r}.", "Write bash, zsh or fish.")
    write_text(script(shell))
    return 0


def command() -> Any:
    """The command, for the group."""
    return single_command(completion)
