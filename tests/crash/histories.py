"""Random histories whose runs are killed by a signal, before any step of theirs."""

from __future__ import annotations

import os
import traceback
from pathlib import Path

from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from newsidx.indexer.run import RunOptions, run
from tests.crash import checks
from tests.crash.steps import Plan, attend
from tests.crash.victim import small_batches
from tests.indexer.test_histories import FOLDERS, OPTIONS, Histories

__all__ = ["KilledHistories", "histories"]


class KilledHistories(Histories):
    """What can happen to a folder and its index, with runs that die in processes of their own."""

    @rule(
        part=st.sampled_from(("", "", "", *FOLDERS)),
        options=st.sampled_from(OPTIONS),
        small=st.booleans(),
        steps=st.lists(st.integers(1, 160), min_size=1, max_size=3),
    )
    def run_killed(self, part: str, options: RunOptions, small: bool, steps: list[int]) -> None:
        if not (self.press / part).exists() or (part and options.rebuild):
            return
        self.sound = False
        if part:
            self.written.clear()
        log = Path(self.folder.name) / "states.log"
        log.unlink(missing_ok=True)
        checks.note_state(self.archive.path, log)
        for step in steps:
            self._run_forked(Plan(self.archive.path, log, step), part, options, small)
            checks.check_answers(self.archive.path, log, ("bridge", "storm* -wind"))
        self.sound = True

    def _run_forked(self, plan: Plan, part: str, options: RunOptions, small: bool) -> None:
        plan.died.unlink(missing_ok=True)
        pid = os.fork()
        if not pid:
            status = 70
            try:
                os.setsid()
                small_batches(int(small))
                attend(plan)
                run(self.archive.path, [str(self.press / part)], options)
                status = 0
            finally:
                os._exit(status)
        _, status = os.waitpid(pid, 0)
        assert os.waitstatus_to_exitcode(status) in (0, -9)


def histories(count: int, number: int) -> str | None:
    """Live through so many histories, by that seed; gives what went wrong, if anything did."""
    try:
        run_state_machine_as_test(
            seed(number)(KilledHistories),
            settings=_settings(count),
        )
    except Exception:
        return traceback.format_exc()
    return None


def _settings(count: int) -> settings:
    quiet = list(HealthCheck)  # how long anything takes is of no concern here
    return settings(
        max_examples=count,
        stateful_step_count=20,
        database=None,
        deadline=None,
        suppress_health_check=quiet,
    )
