"""A run as the operating system sees it: its streams, the signals that end it, its status."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from newsidx.output.streams import say

__all__ = ["Ended", "ending", "flushed", "leave_output", "open_streams"]


class Ended(KeyboardInterrupt):
    """A signal asks the process to end. What holds files or processes lets go of them first.

    Attributes:
        status: The exit status that shells give to a process which the signal killed.
    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self.status = 128 + number


@contextmanager
def ending() -> Iterator[None]:
    """Let a signal to terminate, or the loss of the terminal, raise `Ended`; a second one kills."""
    before = {}
    for number in (signal.SIGTERM, signal.SIGHUP):
        # What whoever started this has it ignore, as nohup does, stays ignored.
        if signal.getsignal(number) == signal.SIG_DFL:
            with suppress(ValueError):  # not in the main thread
                before[number] = signal.signal(number, _end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - as signals are
    signal.signal(number, signal.SIG_DFL)
    raise Ended(number)


def open_streams() -> None:
    """Put something in place of standard streams that were closed before the start.

    Otherwise the next file to be opened would be taken for one of them, and be written into.
    """
    while True:
        number = os.open(os.devnull, os.O_RDWR)
        if number > 2:
            os.close(number)
            break
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w"))  # noqa: PTH123, SIM115 - for the whole run


def flushed(status: int) -> int:
    """The status, when all that was printed could be written; 2 when the disk is full."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        leave_output()
    except OSError as error:
        say(f"newsidx: The output could not be written: {error.strerror}.")
        leave_output()
        return 2
    return status


def leave_output() -> None:
    """Let Python close its output without complaint, and without waiting for a reader."""
    silence = os.open(os.devnull, os.O_WRONLY)
    with suppress(OSError, ValueError):
        os.dup2(silence, sys.stdout.fileno())
    os.close(silence)
