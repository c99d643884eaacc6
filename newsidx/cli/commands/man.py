"""newsidx man."""

from __future__ import annotations

from typing import Any

from newsidx.cli.options import single_command
from newsidx.output.streams import write_text

__all__ = ["command", "man"]


def man() -> int:
    """Print the manual page, newsidx(1).

    \b
    newsidx man | man -l -                                     read it
    newsidx man > ~/.local/share/man/man1/newsidx.1            install it
    """  # noqa: D301 - the backspace keeps the lines as they are
    from newsidx.cli.manual import manual_page

    write_text(manual_page())
    return 0


def command() -> Any:
    """The command, for the group."""
    return single_command(man)
