"""Where output goes: standard output for data, standard error for everything else."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from io import TextIOWrapper
from typing import TYPE_CHECKING, TextIO

from newsidx.output.safe import printable

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["console", "is_terminal", "say", "wants_color", "write", "write_text"]


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person is likely to be looking; a stream closed from the start is None."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False


def wants_color(stream: TextIO, choice: str, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether to colour what goes to a stream.

    Args:
        choice: `auto`, `always` or `never`, as in `--color`; `auto` follows NO_COLOR
            (no-color.org), FORCE_COLOR, TERM=dumb, and whether it is a terminal.
    """
    if choice != "auto":
        return choice == "always"
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR"):
        return True
    return is_terminal(stream) and environ.get("TERM") != "dumb"


def console(stream: TextIO, color: bool) -> Console:
    """A Rich console that never wraps or colours unless it may."""
    from rich.console import Console

    class PipedConsole(Console):
        def on_broken_pipe(self) -> None:  # Rich would end the process, with the status 1
            raise BrokenPipeError

    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="replace")
    return PipedConsole(
        file=stream,
        color_system="auto" if color else None,
        force_terminal=color or None,
        no_color=not color,
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=False,
    )


def write(data: bytes) -> None:
    """Write bytes to standard output."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)


def write_text(text: str) -> None:
    """Write text to standard output, in its encoding; what that lacks becomes `?`."""
    encoding = sys.stdout.encoding or "utf-8"
    write(text.encode(encoding, "replace"))


def say(text: str) -> None:
    """Write a line for people to standard error, without characters that act on it."""
    text = printable(text)
    if sys.stderr is not None and not sys.stderr.closed:
        encoding = sys.stderr.encoding or "utf-8"
        with suppress(OSError):
            print(text.encode(encoding, "replace").decode(encoding), file=sys.stderr)  # noqa: T201
