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
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.schemas import validate_printed

# Of many records of one shape, so many are looked at.
_MANY = 50


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
    # A terminal's size is its own, whatever that is which the tests run on.
    left_out = ("COLUMNS", "LINES", "PAGER", "LESS")
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith("COV_") and key not in left_out
    }
    return {**kept, "NEWSIDX_CONFIG": os.devnull, **more}


def finished(*args: str | os.PathLike[str], **options: Any) -> Finished:
    """Run `newsidx` with arguments to its end. JSON that it prints has to be as its schema says."""
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
    return checked(done.returncode, out, err, args)


def checked(status: int, out: str, err: str, args: Sequence[str | os.PathLike[str]]) -> Finished:
    """What a command line came to; each JSON record of it is held to its schema."""
    words = map(os.fspath, args)
    args = [word.partition("=")[0] if word.startswith("--") else word for word in words]
    form = next((form for form in ("json", "jsonl") if f"--{form}" in args), None)
    if form is not None:
        for line in out.splitlines()[:_MANY]:
            record = json.loads(line)
            for name, value in record.items():
                record[name] = value[:_MANY] if isinstance(value, list) else value
            validate_printed(record, args, form, partial="--fields" in args)
    return Finished(status, out, err)


def on_screen(
    *args: str | os.PathLike[str], columns: int = 80, lines: int = 1000, **env: str
) -> Finished:
    """Run `newsidx` on a terminal of some size: all that it shows there, status included."""
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "newsidx", *map(os.fspath, args)],
        stdin=subprocess.DEVNULL,
        stdout=child,
        stderr=child,
        env=environment(**{"TERM": "xterm-256color", **env}),
    )
    os.close(child)
    shown = b""
    while True:
        try:
            more = os.read(parent, 65536)
        except OSError:  # Linux's way to say that nobody writes any more
            break
        if not more:
            break
        shown += more
    os.close(parent)
    text = shown.decode("utf-8", "replace").replace("\r\n", "\n")
    return Finished(process.wait(60), text, "")
