"""Starting worker processes, some before it is known what they will do."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import NamedTuple

from newsidx.indexer.worker import work

__all__ = ["FEW_FILES", "Crew", "Hand", "are_many"]

FEW_FILES = 48
"""Of fewer files, unless they are large, starting workers takes longer than the work."""

# So many files and folders are looked at before it is said that there are few.
_LOOKED = 1000


class Hand(NamedTuple):
    """A process that waits for `Orders`, and the pipe to it."""

    process: BaseProcess
    pipe: Connection


class Crew:
    """Worker processes.

    Python and all that reading takes need a third of a second to start. Who is likely to
    need workers starts them first, and does meanwhile what else there is to do.
    """

    def __init__(self) -> None:
        self._waiting: list[Hand] = []

    def start(self, processes: int, engine: str) -> None:
        """Start some before there is work for them.

        Args:
            engine: By its name; what it takes is loaded.
        """
        self._waiting += (_started(engine) for _ in range(processes))

    def hand(self) -> Hand:
        """One that waits, or else a new one; it is for the caller to end it."""
        return self._waiting.pop(0) if self._waiting else _started()

    def end(self) -> None:
        """End those that were not asked for."""
        for hand in self._waiting:
            hand.process.terminate()
        while self._waiting:
            hand = self._waiting.pop()
            hand.process.join()
            hand.pipe.close()


def are_many(paths: Iterable[str]) -> bool:
    """Whether paths hold so many files that workers pay, as far as a quick look tells."""
    files = 0
    for is_file in islice(_entries(paths), _LOOKED):
        files += is_file
        if files == FEW_FILES:
            return True
    return False


def _entries(folders: Iterable[str]) -> Iterator[bool]:
    """For all that lies in folders, at any depth, whether it is a file."""
    for folder in folders:
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    inside = entry.is_dir(follow_symlinks=False)
                    yield not inside
                    if inside:
                        yield from _entries([entry.path])
        except OSError:
            continue  # a file, or what will be reported by who reads it


def _started(engine: str = "") -> Hand:
    # Spawned workers share no file, lock or database with this process.
    context = get_context("spawn")
    pipe, theirs = context.Pipe()
    process = context.Process(target=work, args=(theirs, os.getpid(), engine), daemon=True)
    with _safe_path(), _without_interrupts():
        process.start()
    theirs.close()
    return Hand(process, pipe)


@contextmanager
def _safe_path() -> Iterator[None]:
    """Let a new Python look for no module in the folder that somebody happens to stand in."""
    before = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHONSAFEPATH"]
        else:
            os.environ["PYTHONSAFEPATH"] = before


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Let a new process have no Ctrl-C, which is for this one, from its first moment on."""
    resource_tracker.ensure_running()  # which would let them through again once it is started
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
