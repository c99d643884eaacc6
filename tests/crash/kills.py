"""Killing runs of newsidx, phase by phase, and holding what is left to what must hold."""

from __future__ import annotations

import json
import random
import shutil
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from newsidx.cli.main import COMMANDS
from tests.crash import checks
from tests.crash.press import Press
from tests.crash.steps import Plan
from tests.crash.victim import Process, forked, started

__all__ = ["Blow", "Campaign", "Phase", "Tally", "phases"]

_PATIENCE = 300
# Exit statuses of a run that was not disturbed: done, nothing found to do it to, done with
# files that can't be read.
_DONE = (0, 1, 3)


@dataclass(frozen=True)
class Phase:
    """What is done to an index, and what happens to its files before.

    Attributes:
        arguments: Of the command line, before `--index`; `PRESS` stands for the folder.
        changes: How much happens to the files before.
        batch: Articles for each commit; 0 is as many as newsidx thinks right.
    """

    name: str
    arguments: tuple[str, ...]
    changes: int = 0
    batch: int = 0

    @property
    def indexes(self) -> bool:
        """Whether it is a run of the indexer, which makes good by itself what was cut off."""
        return self.arguments[0] == "index"


_AGAIN = Phase("again", ("index", "--prune"))


def phases() -> list[Phase]:
    """The phases of an index's life, those of commands that are there."""
    found = [
        Phase("building", ("index", "PRESS", "--prune"), batch=25),
        Phase("updating", ("index", "--prune"), changes=12),
        Phase("merging", ("index", "--prune"), changes=20, batch=8),
        Phase("reading anew", ("index", "--reread", "--prune"), changes=3),
        Phase("rebuilding", ("index", "--rebuild", "--prune"), changes=3, batch=40),
    ]
    if "rm" in COMMANDS:
        found.append(Phase("removing", ("rm", "--query", '"night bus"', "--yes")))
        found.append(Phase("updating around", ("index", "--prune"), changes=8, batch=10))
        found.append(Phase("purging", ("rm", "--purge", "--yes")))
    if "restore" in COMMANDS:
        found.append(Phase("restoring", ("restore", "--all")))
    found.append(Phase("updating again", ("index", "--prune"), changes=6, batch=4))
    if "optimize" in COMMANDS:
        found.append(Phase("optimising", ("optimize",)))
    return found


@dataclass(frozen=True)
class Blow:
    """How a run is killed.

    Attributes:
        fork: In a copy of this process, which is quick and has no workers.
        step: Before which step, from 1; 0 is at a moment of time.
        share: Of the run's duration, that moment.
        whom: `group`, `parent` alone, or one `worker` alone.
    """

    fork: bool
    step: int = 0
    share: float = 0.0
    whom: str = "group"

    @property
    def kind(self) -> str:
        where = "step" if self.step else "moment"
        return f"{where}, {self.whom}"


@dataclass
class Tally:
    """What came of it."""

    kills: Counter[tuple[str, str]] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    recovered: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


class Campaign:
    """An archive, an index of it that nobody disturbs, and one that is killed.

    Args:
        folder: To work in.
        size: About how many files.
        jobs: Worker processes of runs that are not forked.
        keep: Where damaged indexes are kept; without, a fault is an error.
    """

    def __init__(
        self, folder: Path, seed: int, size: int, *, jobs: int = 2, keep: Path | None = None
    ) -> None:
        self.folder = folder
        self.chance = random.Random(seed)
        self.press = Press(folder / "press", seed, size)
        self.calm = folder / "calm"
        self.struck = folder / "struck"
        self.log = folder / "states.log"
        self.jobs = jobs
        self.keep = keep
        self.tally = Tally()
        self.steps = 0
        self.seconds = 0.0
        self.workers_killed = 0

    # Phases

    def begin(self, phase: Phase, *, measure: bool = True) -> None:
        """Let the files change, and do to the calm index what will be done to the other.

        Args:
            measure: How long a whole process takes, too.
        """
        self.press.change(phase.changes)
        before = self.folder / "before"
        _copy(self.calm, before)
        plan = Plan(self.calm, self.folder / "calm.log", batch=phase.batch)
        plan.log.unlink(missing_ok=True)
        self._finish(forked(plan, *self._arguments(phase, self.calm, 1)))
        (self.steps,) = (r["steps"] for r in _records(plan.log) if "steps" in r)
        if measure:
            self.seconds = self._duration(phase, before)
        self.portrait = checks.Portrait.of(self.calm)

    def _duration(self, phase: Phase, index: Path) -> float:
        plan = Plan(index, self.folder / "measured.log", batch=phase.batch)
        plan.log.unlink(missing_ok=True)
        process = started(plan, *self._arguments(phase, index, self.jobs))
        _await_begin(process)
        begun = time.monotonic()
        self._finish(process)
        return time.monotonic() - begun

    def _arguments(self, phase: Phase, index: Path, jobs: int) -> list[str]:
        given = [str(self.press.folder) if each == "PRESS" else each for each in phase.arguments]
        more = ["--jobs", str(jobs), "--quiet"] if phase.indexes else []
        return [*given, "--index", str(index), *more]

    def _finish(self, process: Process) -> None:
        status = process.wait()
        assert status in _DONE, f"the exit status is {status}: {process.complaints()}"

    def some_strikes(self, count: int) -> Iterator[list[Blow]]:
        """So many blows of all kinds, spread over a run; now and then several to one run."""
        begun = 0
        while begun < count:
            blows = [self._some_blow() for _ in range(min(count - begun, self._some_times()))]
            begun += len(blows)
            yield blows

    def _some_times(self) -> int:
        return self.chance.choice((1, 1, 1, 2, 3))

    def _some_blow(self) -> Blow:
        chance = self.chance
        if chance.random() < 0.4:
            return Blow(fork=True, step=chance.randint(1, self.steps))
        whom = chance.choice(("group", "group", "parent", "parent", "worker"))
        if chance.random() < 0.4:
            # Of a worker's steps there are fewer: those of the segments that it writes.
            most = self.steps if whom != "worker" else 60
            return Blow(fork=False, step=chance.randint(1, most), whom=whom)
        return Blow(fork=False, share=chance.random(), whom=whom)

    def every_step(self, stride: int = 1) -> Iterator[Blow]:
        """A blow before each step, or each so-manieth, of a forked run."""
        first = self.chance.randint(1, stride)
        return (Blow(fork=True, step=step) for step in range(first, self.steps + 1, stride))

    # Kills

    def strike(self, phase: Phase, blows: list[Blow]) -> None:
        """Kill a run of the phase, again and again while it recovers, and see what is left.

        The index that is struck is a copy of what the last one became.
        """
        trial = self.folder / "trial"
        _copy(self.struck, trial)
        self.log.unlink(missing_ok=True)
        if trial.exists():
            checks.note_state(trial, self.log)
        try:
            groups = [self._blow(phase, trial, blow) for blow in blows]
            self._recover(phase, trial, fork=all(blow.fork for blow in blows))
            for group in groups:
                checks.check_no_orphans(group)
            self.tally.recovered[phase.name] += len(blows)
        except Exception:
            if self.keep is None:
                raise
            self._keep(phase, blows, trial)

    def end(self) -> None:
        """The phase is over: what became of the last one that was struck is struck on."""
        trial = self.folder / "trial"
        sound = trial.exists() and not self.tally.faults
        _copy(trial if sound else self.calm, self.struck)

    def _blow(self, phase: Phase, trial: Path, blow: Blow) -> int:
        """Run and kill; gives the process group."""
        plan = Plan(trial, self.log, batch=phase.batch)
        arguments = self._arguments(phase, trial, 1 if blow.fork else self.jobs)
        plan.died.unlink(missing_ok=True)
        if blow.step:
            own, worker = blow.whom != "group", blow.whom == "worker"
            plan = replace(plan, die_at=blow.step, alone=own, in_worker=worker)
            process = (forked if blow.fork else started)(plan, *arguments)
        else:
            process = started(plan, *arguments)
            self._kill_at(process, blow)
        status = process.wait()
        assert status < 0 or status in _DONE, process.complaints()
        self.workers_killed += plan.died.exists()
        if status < 0 or self.workers_killed:
            self.workers_killed = 0
            self.tally.kills[phase.name, blow.kind] += 1
        else:
            self.tally.missed[phase.name] += 1
        self.tally.answers[phase.name] += checks.check_answers(trial, self.log)
        return process.pid

    def _kill_at(self, process: Process, blow: Blow) -> None:
        _await_begin(process)
        time.sleep(blow.share * self.seconds)
        if blow.whom != "worker":
            process.kill(alone=blow.whom == "parent")
        else:
            self.workers_killed += process.kill_a_worker(self.chance)

    def _recover(self, phase: Phase, trial: Path, *, fork: bool) -> None:
        plan = Plan(trial, self.log, batch=phase.batch)
        for again in (phase,) if phase.indexes else (_AGAIN, phase):
            arguments = self._arguments(again, trial, 1 if fork else self.jobs)
            self._finish((forked if fork else started)(plan, *arguments))
        checks.check_agreement(trial)
        checks.check_ledger_is_sound(trial)
        checks.Portrait.of(trial).check_same(self.portrait)
        checks.check_leftovers(trial, self.calm)
        if "verify" in COMMANDS:
            status = forked(plan, "verify", "--index", str(trial)).wait()
            assert status == 0, f"newsidx verify finds something: {status}"
        self.tally.answers[phase.name] += checks.check_answers(trial, self.log)

    def _keep(self, phase: Phase, blows: list[Blow], trial: Path) -> None:
        assert self.keep is not None
        why = traceback.format_exc()
        kept = self.keep / f"{len(self.tally.faults) + 1}-{phase.name.replace(' ', '-')}"
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir(parents=True)
        for path in (self.struck, trial, self.calm, self.press.folder):
            if path.exists():
                shutil.copytree(path, kept / path.name, symlinks=True)
        for log in self.folder.glob("states.*"):
            shutil.copy2(log, kept / log.name)
        (kept / "why.txt").write_text(f"{phase}\n{blows}\n\n{why}")
        last = why.strip().splitlines()[-1][:200]
        self.tally.faults.append(f"{phase.name}, {[b.kind for b in blows]}: {last} ({kept})")


def _copy(source: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    if source.exists():
        shutil.copytree(source, target)


def _records(log: Path) -> list[dict[str, object]]:
    lines = log.read_text().splitlines() if log.exists() else []
    return [json.loads(line) for line in lines]


def _await_begin(process: Process) -> None:
    until = time.monotonic() + _PATIENCE
    while not process.has_begun():
        if process.has_ended() or time.monotonic() > until:
            raise AssertionError(f"it did not begin: {process.complaints()}")
        time.sleep(0.01)
