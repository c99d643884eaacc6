"""Build an index of a folder of text files, beside the `whoosh` command on the same files.

    python benchmarks/build.py FOLDER [--runs 3]

Whole processes, CPU seconds of the process and its children, in turn, so that a machine
that drifts drifts for both. Prints the medians and the ratio of each pair.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def measured(command: list[str]) -> tuple[float, float]:
    """CPU and wall seconds of a command and all its children."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    environ = {**os.environ, "NEWSIDX_CONFIG": os.devnull}
    subprocess.run(command, check=True, capture_output=True, env=environ)
    after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic() - started
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, wall


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    scripts = Path(sys.executable).parent
    times: dict[str, list[tuple[float, float]]] = {"newsidx": [], "whoosh": []}
    for _ in range(options.runs):
        with tempfile.TemporaryDirectory() as scratch:
            # The whoosh command puts its index into the folder: each gets a copy of its own.
            ours, theirs = f"{scratch}/ours", f"{scratch}/theirs"
            for copy in (ours, theirs):
                shutil.copytree(options.folder, copy)
            newsidx = [f"{scripts}/newsidx", "index", "-q", ours, "--index", f"{scratch}/index"]
            times["newsidx"].append(measured(newsidx))
            times["whoosh"].append(measured([f"{scripts}/whoosh", "index", theirs]))
    print(f"{'':10}{'CPU s':>8}{'wall s':>8}   medians of {options.runs}")
    for name, found in times.items():
        cpu, wall = (statistics.median(column) for column in zip(*found, strict=True))
        print(f"{name:10}{cpu:8.2f}{wall:8.2f}")
    pairs = list(zip(times["newsidx"], times["whoosh"], strict=True))
    for at, what in enumerate(("CPU", "wall")):
        ratio = statistics.median(ours[at] / theirs[at] for ours, theirs in pairs)
        print(f"newsidx / whoosh, {what}: {ratio:.2f}")


if __name__ == "__main__":
    main()
