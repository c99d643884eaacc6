"""What is longer than the screen is shown by a pager, as git does it.

It is `$NEWSIDX_PAGER`, else `$PAGER`, else less, which is told by `LESS=FRX` (unless
that is set) to keep colours and the screen, and to end where all fits after all. An
empty name, or `cat`, is none.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TextIO, cast

from newsidx.output.links import without_links
from newsidx.output.streams import is_terminal, say

if TYPE_CHECKING:
    from subprocess import Popen

__all__ = ["paged", "pager_command"]

# Since this version less passes links on.
_LINKS_SINCE = 581


class _LeftError(Exception):
    """The reader has left the pager: there is nobody to draw for."""


def pager_command(environ: Mapping[str, str] = os.environ) -> str | None:
    """The pager's command line, for a shell; None where there is to be none."""
    for name in ("NEWSIDX_PAGER", "PAGER"):
        if name in environ:
            command = environ[name].strip()
            return None if command in ("", "cat") else command
    return "less"


@contextmanager
def paged(wanted: bool = True) -> Iterator[TextIO]:
    """Standard output, or a stream that goes through the pager once it fills the screen.

    Who leaves the pager early ends the block, without an error.

    Args:
        wanted: False never starts one.
    """
    command = pager_command() if wanted else None
    if command is None or not is_terminal(sys.stdout) or os.environ.get("TERM") == "dumb":
        yield sys.stdout
        return
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    stream = _Paged(command, shutil.get_terminal_size().lines)
    try:
        with suppress(_LeftError):
            yield cast("TextIO", stream)
    finally:
        stream.finish()


class _Paged(io.TextIOBase):
    """Text held back until it is more than a screen, and then written to a pager."""

    def __init__(self, command: str, height: int) -> None:
        super().__init__()
        self._command = command
        self._held: list[str] = []
        self._lines = 1  # the prompt's
        self._height = height
        self._process: Popen[bytes] | None = None
        self._direct = False
        self._links = True

    def isatty(self) -> bool:
        """It ends on a terminal."""
        return True

    def writable(self) -> bool:
        """It is for nothing else."""
        return True

    def write(self, text: str) -> int:
        """Hold text back, or pass it on."""
        if self._process is not None:
            self._pass_on(text)
        elif self._direct:
            sys.stdout.write(text)
        else:
            self._held.append(text)
            self._lines += text.count("\n")
            if self._lines > self._height:
                self._start()
        return len(text)

    def _start(self) -> None:
        import shlex
        import subprocess

        held, self._held = "".join(self._held), []
        try:
            program = shlex.split(self._command)[0]
        except (ValueError, IndexError):
            program = ""
        if "=" not in program and shutil.which(program) is None:
            if self._command != "less":
                say(f"newsidx: The pager {self._command!r} is not there.")
            self._direct = True
            sys.stdout.write(held)
            return
        environ = {"LESS": "FRX", "LV": "-c", **os.environ}
        self._links = self._command == "less" and _less_has_links(environ["LESS"])
        sys.stdout.flush()
        # By a shell, since $PAGER is a command line: "less -S".
        self._process = subprocess.Popen(  # noqa: S602
            self._command, shell=True, stdin=subprocess.PIPE, env=environ
        )
        self._pass_on(held)

    def _pass_on(self, text: str) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        shown = text if self._links else without_links(text)
        try:
            self._process.stdin.write(shown.encode(sys.stdout.encoding or "utf-8", "replace"))
        except (BrokenPipeError, ValueError):
            raise _LeftError from None

    def finish(self) -> None:
        """Write what was held back, or wait until the reader has left the pager."""
        if self._process is None:
            sys.stdout.write("".join(self._held))
            self._held = []
            return
        with suppress(BrokenPipeError):
            assert self._process.stdin is not None
            self._process.stdin.close()
        # Ctrl-C is the pager's while it has the terminal.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            self._process.wait()
        finally:
            signal.signal(signal.SIGINT, before)


def _less_has_links(options: str) -> bool:
    """Whether less shows links as such: it is told to take sequences, and knows them."""
    import subprocess

    if "R" not in options and "r" not in options:
        return False
    try:
        told = subprocess.run(
            ["less", "--version"],  # noqa: S607 - the one that is about to be started
            capture_output=True,
            text=True,
            timeout=2,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    version = re.match(r"less (\d+)", told.stdout)
    return version is not None and int(version[1]) >= _LINKS_SINCE
