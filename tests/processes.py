"""Running the command line in processes of its own, on an index of sample_data."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Finished:
    """A process that has ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def environment(**more: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("COV_")}
    return {**kept, "NEWSIDX_CONFIG": os.devnull, **more}


def finished(*args: str | os.PathLike[str], **options: Any) -> Finished:
    """Run `newsidx` with arguments to its end."""
    env = environment(**options.pop("env", {}))
    done = subprocess.run(
        [sys.executable, "-m", "newsidx", *map(os.fspath, args)],
        capture_output=True,
        env=env,
        timeout=120,
        check=False,
        **options,
    )
    out, err = (stream.decode("utf-8", "replace") for stream in (done.stdout, done.stderr))
    return Finished(done.returncode, out, err)


def on_terminal(*args: str | os.PathLike[str], columns: int = 80, **options: Any) -> Finished:
    """The same with output and messages on a terminal: `out` is all that comes there.

    The terminal is 200 lines high, so that nothing calls for a pager.
    """
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 200, columns, 0, 0))
    env = environment(
        **{"TERM": "xterm-256color", "COLUMNS": str(columns), **options.pop("env", {})}
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "newsidx", *map(os.fspath, args)],
        stdin=subprocess.DEVNULL,
        stdout=child,
        stderr=child,
        env=env,
        **options,
    )
    os.close(child)
    shown = b""
    try:
        while piece := os.read(parent, 65536):
            shown += piece
    except OSError:  # how Linux says that nobody holds the other end
        pass
    finally:
        os.close(parent)
    return Finished(process.wait(timeout=120), shown.decode().replace("\r\n", "\n"), "")
