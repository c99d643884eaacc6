"""A process that runs the command line and is killed: on its own, or by its harness.

    python -m tests.crash.victim PLAN ARGUMENT...

runs `newsidx ARGUMENT...`. Worker processes that it starts import this module as well, and
learn of the plan from the arguments that they inherit.
"""

from __future__ import annotations

import importlib
import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.crash.steps import Plan, Writes, attend
from tests.processes import environment

__all__ = ["Process", "forked", "processes_of", "small_batches", "started"]

REPOSITORY = Path(__file__).resolve().parents[2]


def _live(plan: Plan, arguments: Sequence[str]) -> int:
    """Run the command line in this process; gives its exit status."""
    from newsidx.cli.main import main

    small_batches(plan.batch)
    writes = attend(plan)
    writes.note(begun=os.getpid())
    status = main(list(arguments))
    writes.note(steps=writes.count)
    return status


def small_batches(articles: int) -> None:
    """Commit whenever there are so many articles; 0 leaves it as it is."""
    for name, constant in (("reading", "BATCH_ARTICLES"), ("parts", "PART_ARTICLES")):
        with suppress(ModuleNotFoundError):
            module = importlib.import_module(f"newsidx.indexer.{name}")
            if articles and hasattr(module, constant):
                setattr(module, constant, articles)


@dataclass
class Process:
    """A victim at work, the leader of a process group of its own."""

    pid: int
    plan: Plan
    errors: Path
    status: int | None = None

    def kill(self, *, alone: bool) -> None:
        """Kill it, or it and all that it started."""
        with suppress(ProcessLookupError):
            (os.kill if alone else os.killpg)(self.pid, signal.SIGKILL)

    def kill_a_worker(self, chance: random.Random) -> bool:
        """Kill one of the processes that it started; gives whether there was one."""
        workers = [pid for pid in processes_of(self.pid) if pid != self.pid]
        if workers:
            with suppress(ProcessLookupError):
                os.kill(chance.choice(workers), signal.SIGKILL)
        return bool(workers)

    def wait(self) -> int:
        """Wait for its end; gives its exit status, or less than 0 if it was killed."""
        if self.status is None:
            self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.status

    def has_ended(self) -> bool:
        """Whether it is over."""
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.status = os.waitstatus_to_exitcode(status) if pid else None
        return self.status is not None

    def has_begun(self) -> bool:
        """Whether it has imported what it needs."""
        lines = self.plan.log.read_text().splitlines() if self.plan.log.exists() else []
        return any(json.loads(line).get("begun") == self.pid for line in lines)

    def complaints(self) -> str:
        """What it said on standard error, the end of it."""
        return self.errors.read_text(errors="replace")[-2000:] if self.errors.exists() else ""


def processes_of(group: int) -> dict[int, str]:
    """The processes of a group that are alive, with their command lines."""
    shown = subprocess.run(
        ["ps", "-A", "-o", "pgid=,stat=,pid=,args="], capture_output=True, text=True, check=True
    ).stdout
    rows = (line.split(None, 3) for line in shown.splitlines())
    return {int(row[2]): row[-1] for row in rows if row[0] == str(group) and row[1][0] != "Z"}


def started(plan: Plan, *arguments: str) -> Process:
    """Start the command line as it is started by users."""
    errors = plan.log.with_suffix(".stderr")
    with errors.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.victim", plan.to_json(), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stream,
            env=environment(PYTHONPATH=str(REPOSITORY)),
            cwd=plan.log.parent,
            start_new_session=True,
        )
    process.returncode = 0  # it is waited for by its id, here and nowhere else
    return Process(process.pid, plan, errors)


def forked(plan: Plan, *arguments: str) -> Process:
    """Run the command line in a copy of this process, which has imported it already."""
    errors = plan.log.with_suffix(".stderr")
    pid = os.fork()
    if pid:
        return Process(pid, plan, errors)
    status = 70
    try:
        os.setsid()
        null, said = os.open(os.devnull, os.O_RDWR), os.open(errors, os.O_WRONLY | os.O_CREAT)
        for handle, stream in ((null, 0), (null, 1), (said, 2)):
            os.dup2(handle, stream)
        sys.stdin, sys.stdout, sys.stderr = (os.fdopen(n, "rw"[n > 0]) for n in range(3))
        status = _live(plan, arguments)
        sys.stderr.flush()
    finally:
        os._exit(status)


def _begin_worker() -> Writes | None:
    """In a worker process, which inherits the arguments of its parent."""
    if __name__ != "__mp_main__" or len(sys.argv) < 2:
        return None
    plan = Plan.from_json(sys.argv[1])
    small_batches(plan.batch)
    return attend(plan, worker=True)


_writes = _begin_worker()

if __name__ == "__main__":
    sys.exit(_live(Plan.from_json(sys.argv[1]), sys.argv[2:]))
