"""Where output goes: standard output for data, standard error for everything else."""

from __future__ import annotations

import errno
import os
import select
import shutil
import stat
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO

from newsidx.output.safe import printable

if TYPE_CHECKING:
    from rich.console import Console

__all__ = [
    "console",
    "in_locale",
    "is_terminal",
    "say",
    "wants_color",
    "whole_output",
    "write",
    "write_each",
    "write_text",
    "written_out",
]

# Seconds that a reader may have to wait for what is there.
_A_WHILE = 0.1


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
    """A Rich console as wide as the terminal, which colours only where it may."""
    from rich.console import Console

    class PipedConsole(Console):
        def on_broken_pipe(self) -> None:  # Rich would end the process, with the status 1
            raise BrokenPipeError

    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="replace")
    return PipedConsole(
        file=stream,
        width=shutil.get_terminal_size().columns,
        # The eight colours that every terminal has, in the shades of its theme.
        color_system="standard" if color else None,
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


def write_each(parts: Iterable[bytes]) -> None:
    """Write parts as they come, for a reader who does not wait for the last of them.

    The first two, a header and what stands below it, are passed on at once, the others
    when they fill a buffer or the last time is a while ago.
    """
    passed_on = 0.0
    for number, part in enumerate(parts):
        write(part)
        if number < 2 or time.monotonic() - passed_on > _A_WHILE:
            sys.stdout.buffer.flush()
            passed_on = time.monotonic()


def in_locale(text: str) -> bytes:
    """Text in the encoding of standard output; what that lacks becomes `?`."""
    return text.encode(sys.stdout.encoding or "utf-8", "replace")


def write_text(text: str) -> None:
    """Write text to standard output, in its encoding."""
    write(in_locale(text))


def written_out() -> None:
    """See that all that was printed is out of this process, and a file's on the disk.

    Raises:
        OSError: Some of it is not: the disk is full, or nobody takes it.
        BrokenPipeError: The reader has gone away already.
    """
    sys.stdout.flush()
    if sys.__stdout__ is None:  # it was closed before the process began
        raise OSError(errno.EBADF, "Standard output is closed")
    handle = sys.stdout.fileno()
    mode = os.fstat(handle).st_mode
    if stat.S_ISREG(mode):
        os.fsync(handle)
    elif stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode):
        watch = select.poll()
        watch.register(handle, 0)
        if watch.poll(0):  # an error or a hang-up: all that is told of where nothing is asked
            raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))


@contextmanager
def whole_output(name: str | None) -> Iterator[BinaryIO]:
    """Standard output, where there is no name, or a file that is there when all is written."""
    if name is None:
        sys.stdout.flush()
        yield sys.stdout.buffer
        return
    path = Path(name)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def say(text: str) -> None:
    """Write a line for people to standard error, without characters that act on it."""
    text = printable(text)
    if sys.stderr is not None and not sys.stderr.closed:
        encoding = sys.stderr.encoding or "utf-8"
        with suppress(OSError):
            print(text.encode(encoding, "replace").decode(encoding), file=sys.stderr)  # noqa: T201
