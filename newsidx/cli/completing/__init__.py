"""Completion in shells: what may stand at the end of a command line.

`newsidx completion SHELL` prints a small script, which asks `newsidx _complete SHELL LINE`
whenever somebody presses Tab. That has 200 ms, so it never goes through the command line
proper: a command is imported only where its options or arguments are wanted, and the index
is opened only for values.
"""

from __future__ import annotations

import os
import sys

__all__ = ["main"]


def main(argv: list[str]) -> int:
    """Answer a shell. What goes wrong is not said: somebody is typing.

    Args:
        argv: The shell, the line, and for bash what ends a word.
    """
    try:
        from newsidx.cli.completing.shells import answered

        sys.stdout.buffer.write(answered(*argv).encode("utf-8", "surrogateescape"))
        sys.stdout.flush()
    except Exception:
        if os.environ.get("NEWSIDX_DEBUG"):
            raise
        return 1
    return 0
