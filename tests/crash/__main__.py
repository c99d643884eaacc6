"""Kill newsidx again and again, and read from it while it never stops writing.

    python -m tests.crash [--minutes 10] [--kills 100] [--every-step] [--histories 40]
                          [--seed 0] [--keep FOLDER]

Runs of every kind are killed, at moments spread over their duration and between any two
steps of theirs, and what is left is held to what was promised: the index opens and answers
as of a commit, and the next run ends in what an undisturbed one ends in. Then one process
writes and eight read for so many minutes. The status is 1 when anything was wrong; the
damaged index, its files and what is known of it are then in FOLDER.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from tests.crash.crowd import Crowd
from tests.crash.histories import histories
from tests.crash.kills import Blow, Campaign, Phase, Tally, phases

_KILLS_A_PHASE = 6
_SIZE = 56  # files: so many that worker processes are started
_SMALL = 8  # files, where there is a run for each step
_READERS = 8


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.crash",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--minutes", type=float, default=10, help="of writing and reading")
    parser.add_argument("--kills", type=int, default=100, help="at least so many")
    parser.add_argument("--every-step", action="store_true", help="and before every single step")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--histories", type=int, default=40, help="random ones, killed on the way")
    parser.add_argument("--keep", type=Path, default=Path("crash-finds"))
    options = parser.parse_args()
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="newsidx-crash-") as folder:
        keep = options.keep.absolute()
        kill(Path(folder), options.seed, options.kills, keep, tally)
        if options.every_step:
            sweep(Path(folder), options.seed, keep, tally)
    say(table(tally))
    if options.histories:
        fault = histories(options.histories, options.seed)
        say(f"{options.histories} random histories, killed on the way: {fault or 'sound'}")
        tally.faults += [fault] if fault else []
    if options.minutes:
        crowd = Crowd(options.seed, options.minutes * 60, _READERS, options.keep.absolute())
        tally.faults += crowd.run()
        say(crowd.summary())
    for fault in tally.faults:
        say(f"FAULT: {fault}")
    say(f"{len(tally.faults)} faults" if tally.faults else "Nothing was lost.")
    sys.exit(1 if tally.faults else 0)


def kill(folder: Path, seed: int, kills: int, keep: Path, tally: Tally) -> None:
    """Kill runs in all phases of one archive after another, until there were enough."""
    while sum(tally.kills.values()) < kills:
        campaign = _campaign(folder / str(seed), seed, _SIZE, keep, tally)
        for phase in phases():
            campaign.begin(phase)
            _strike(campaign, phase, campaign.some_strikes(_KILLS_A_PHASE))
        seed += 1


def sweep(folder: Path, seed: int, keep: Path, tally: Tally) -> None:
    """Kill a run in each phase of one small archive before every step of it."""
    campaign = _campaign(folder / "sweep", seed, _SMALL, keep, tally)
    for phase in phases():
        campaign.begin(phase, measure=False)
        _strike(campaign, phase, ([blow] for blow in campaign.every_step()))


def _campaign(folder: Path, seed: int, size: int, keep: Path, tally: Tally) -> Campaign:
    folder.mkdir()
    campaign = Campaign(folder, seed, size, keep=keep)
    campaign.tally = tally
    return campaign


def _strike(campaign: Campaign, phase: Phase, strikes: Iterable[list[Blow]]) -> None:
    tally = campaign.tally
    begun, before = time.monotonic(), sum(tally.kills.values())
    for blows in strikes:
        campaign.strike(phase, blows)
    campaign.end()
    done = sum(tally.kills.values())
    say(
        f"{campaign.folder.name}, {phase.name}: {campaign.steps} steps, {campaign.seconds:.1f} s;"
        f" {done - before} kills in {time.monotonic() - begun:.0f} s, {done} so far,"
        f" {len(tally.faults)} faults"
    )


def table(tally: Tally) -> str:
    """Kills by phase, and what came of them."""
    kinds = sorted({kind for _, kind in tally.kills})
    names = [phase.name for phase in phases()]
    head = ["phase", *kinds, "kills", "too late", "recovered", "answers"]
    rows = [head]
    for name in names:
        by_kind = [tally.kills[name, kind] for kind in kinds]
        rest = (tally.missed[name], tally.recovered[name], tally.answers[name])
        rows.append([name, *map(str, (*by_kind, sum(by_kind), *rest))])
    numbers = [[int(cell) for cell in row[1:]] for row in rows[1:]]
    rows.append(["all", *(str(sum(column)) for column in zip(*numbers, strict=True))])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for name, *cells in rows:
        padded = (c.rjust(w) for c, w in zip(cells, widths[1:], strict=True))
        lines.append("  ".join((name.ljust(widths[0]), *padded)))
    return "\n".join(lines)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
