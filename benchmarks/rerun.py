"""Index a folder a second time, with nothing changed, beside a bare walk over its files.

    python benchmarks/rerun.py [--files 40000] [--runs 3] [--folder FOLDER]

Makes the files itself: tiny ones, a hundred to a folder. Whole processes, CPU and wall seconds,
in turn, so that a machine that drifts drifts for all. The bare walk is `os.scandir` with
a stat of each file in a Python process that imports nothing else; `find` prints the size, time
and inode of each. Prints the medians, files a second, peak memory, and ratios.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WALK = """
import os, sys
folders, count = [sys.argv[1]], 0
while folders:
    with os.scandir(folders.pop()) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.path)
            else:
                status = entry.stat(follow_symlinks=False)
                count += status.st_size > 0
"""


def make(folder: Path, files: int) -> None:
    for number in range(files):
        home = folder / f"{number // 10_000}" / f"{number // 100 % 100:02}"
        if number % 100 == 0:
            home.mkdir(parents=True)
        (home / f"story-{number:07}.txt").write_text(
            f"Town {number} mends its bridge\n\nThe council of town {number} voted to mend it.\n"
        )


def measured(command: list[str]) -> tuple[float, float, float]:
    """CPU seconds, wall seconds and peak memory in MB of a command."""
    started = time.monotonic()
    environ = {**os.environ, "NEWSIDX_CONFIG": os.devnull}
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environ
    ) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} ended with the status {process.returncode}")
    unit = 1e6 if sys.platform == "darwin" else 1e3  # bytes there, kilobytes elsewhere
    wall = time.monotonic() - started
    return used.ru_utime + used.ru_stime, wall, used.ru_maxrss / unit


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=40_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="index these files instead of making some")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        files, index = options.folder or Path(scratch, "files"), f"{scratch}/index"
        if not options.folder:
            make(files, options.files)
        count = sum(len(names) for _, _, names in os.walk(files))
        newsidx = [sys.executable, "-m", "newsidx", "index", "-q", "--index", index]
        print(f"{count:,} files, first run: {measured([*newsidx, str(files)])[1]:.1f} s")
        time.sleep(2.1)  # files touched this shortly before are opened again
        measured(newsidx)  # warms the caches, and opens what was too young
        peers = {
            "newsidx": newsidx,
            "bare walk": [sys.executable, "-I", "-S", "-c", WALK, str(files)],
        }
        if shutil.which("find"):
            peers["find"] = ["find", str(files), "-type", "f", "-printf", "%s %T@ %C@ %i\\n"]
        times: dict[str, list[tuple[float, float, float]]] = {name: [] for name in peers}
        for _ in range(options.runs):
            for name, command in peers.items():
                times[name].append(measured(command))
    head = f"{'':12}{'CPU s':>8}{'wall s':>8}{'files/s':>10}{'MB':>7}"
    print(f"{head}   medians of {options.runs}; files/s of CPU time")
    for name, found in times.items():
        cpu, wall, memory = (statistics.median(column) for column in zip(*found, strict=True))
        print(f"{name:12}{cpu:8.2f}{wall:8.2f}{count / cpu:10,.0f}{memory:7.0f}")
    for peer in list(peers)[1:]:
        pairs = zip(times["newsidx"], times[peer], strict=True)
        ratio = statistics.median(ours[0] / theirs[0] for ours, theirs in pairs)
        print(f"newsidx / {peer}, CPU: {ratio:.1f}")


if __name__ == "__main__":
    main()
