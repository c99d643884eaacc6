"""A shell at a terminal of its own, typed into as a person would."""

from __future__ import annotations

import os
import pty
import select
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

__all__ = ["Typist"]

_PATIENCE = 60


class Typist:
    """Types into a program at a terminal.

    Args:
        command: The program and its arguments.
        environ: All of its environment.
    """

    def __init__(self, command: Sequence[str], environ: Mapping[str, str]) -> None:
        self._process, self._terminal = pty.fork()
        if self._process == 0:
            os.execvpe(command[0], list(command), dict(environ))
        self.seen = ""

    def type(self, text: str) -> None:
        os.write(self._terminal, text.encode())

    def wait_for(self, path: Path) -> str:
        """What a file holds, once it is there; whatever is printed meanwhile is read."""
        self._until(path.exists)
        return path.read_text()

    def wait_for_text(self, text: str) -> None:
        self._until(lambda: text in self.seen)

    def _until(self, there: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not there():
            if time.monotonic() > deadline:
                raise TimeoutError(f"nothing came of it; on the screen: {self.seen[-2000:]!r}")
            self._read()

    def _read(self) -> None:
        if select.select([self._terminal], [], [], 0.05)[0]:
            with suppress(OSError):
                data = os.read(self._terminal, 65536)
                self.seen += data.decode(errors="replace")
                if b"\x1b[c" in data:  # fish asks what the terminal is, and waits
                    self.type("\x1b[?62;c")

    def close(self) -> None:
        with suppress(OSError):
            os.kill(self._process, signal.SIGKILL)
        os.close(self._terminal)
        os.waitpid(self._process, 0)
