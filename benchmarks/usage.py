"""What a command costs: time on the clock, time of the processors, memory.

The command is a process of its own with all its children. Memory is the proportional set
size (PSS) of the whole tree, in which a page that several processes share counts once; it
is looked at every 50 ms, and less often where looking takes long, so that it never takes
more than a twentieth of one processor. Pages of files that are mapped count as well.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Usage", "measured", "pss", "size_of", "tree_of"]

_EVERY = 0.05
_SHARE = 20
_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Usage:
    """What a command took.

    Attributes:
        wall, cpu: Seconds; the latter those of the process and all children it waited for.
        peak: Bytes of all processes together at their most; None where there is no /proc.
    """

    wall: float
    cpu: float
    peak: int | None


def measured(
    command: Sequence[str],
    environ: Mapping[str, str] | None = None,
    *,
    memory: bool = True,
    statuses: Sequence[int] = (0,),
) -> Usage:
    """Run a command to its end.

    Args:
        environ: Variables added to those of this process.
        memory: Whether to look at it while it runs.
        statuses: Exit statuses that are as they should be.

    Raises:
        SystemExit: The command failed; its last words are in the message.
    """
    with tempfile.TemporaryFile() as said:
        started = time.monotonic()
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            env={**os.environ, **(environ or {})},
        )
        watch = (
            _Watch(process.pid) if memory and _PROC.joinpath("self/smaps_rollup").exists() else None
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        peak = watch.stop() if watch else None
        if process.returncode not in statuses:
            said.seek(0)
            words = said.read().decode("utf-8", "replace")[-2000:]
            raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{words}")
    return Usage(wall, used.ru_utime + used.ru_stime, peak)


class _Watch:
    """Looks at the memory of a process and its descendants, in a thread."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._peak = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        pause = 0.0
        while not self._over.wait(pause):
            started = time.thread_time()
            self._peak = max(self._peak, sum(map(pss, tree_of(self._pid))))
            pause = max(_EVERY, _SHARE * (time.thread_time() - started))

    def stop(self) -> int:
        self._over.set()
        self._thread.join()
        return self._peak


def tree_of(pid: int) -> Iterator[int]:
    """A process and all its descendants, as far as they are still there."""
    yield pid
    try:
        threads = list(_PROC.joinpath(str(pid), "task").iterdir())
    except OSError:
        return
    for thread in threads:
        try:
            children = thread.joinpath("children").read_text().split()
        except OSError:
            continue
        for child in children:
            yield from tree_of(int(child))


def pss(pid: int) -> int:
    """The proportional set size of a process in bytes; 0 when it is gone."""
    try:
        lines = _PROC.joinpath(str(pid), "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def size_of(path: Path) -> int:
    """The bytes of a file, or of all files of a folder."""
    if path.is_file():
        return path.stat().st_size
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
