"""What programs wait for: many queries in one process, and the first line of everything.

    python benchmarks/pipes.py INDEX [--queries 1000] [--starts 100] [--names 500] [--runs 5]

1. Queries made of the index's own words, one to three each, always the same: answered by one
   `newsidx search -`, and by a start of `newsidx search --json` for each. Of these only so many
   are made as `--starts` says, and the time of all is reckoned from them. Then the lag of a line
   in a conversation, where each query waits for the answer before it.
2. A list of names, each two words of the index side by side or not: `--queries -F`, and with
   `--fuzzy 1`.
3. `newsidx search '*' --jsonl | head -1`: to the first line and to the end of the process, with
   the peak of its memory (PSS where there is a /proc); beside a search for one result, which
   nothing that finds an article can be quicker than; and all of it read to the end. Then
   pages of ten, the first and those far behind.

Prints medians and ratios; the two of a ratio are run in turn.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tables import markdown
from usage import measured, pss

import newsidx

NEWSIDX = [sys.executable, "-m", "newsidx"]
ENVIRON = {**os.environ, "NEWSIDX_CONFIG": os.devnull}


def vocabulary(index: Path) -> list[str]:
    """Words of titles that several articles have."""
    with newsidx.open(index) as opened:
        return [
            form for form, count in opened.engine.terms("title") if count > 2 and form.isalpha()
        ]


def queries(words: list[str], count: int) -> list[str]:
    chance = random.Random(5)
    made = []
    for _ in range(count):
        some = chance.sample(words, chance.choice((1, 1, 2, 3)))
        made.append(chance.choice((" ", " OR ", " -")).join(some))
    return made


def at_once(index: Path, lines: list[str]) -> float:
    command = [*NEWSIDX, "search", "-", "--index", str(index)]
    started = time.monotonic()
    text = "".join(f"{line}\n" for line in lines).encode()
    done = subprocess.run(command, input=text, capture_output=True, env=ENVIRON, check=False)
    taken = time.monotonic() - started
    assert len(done.stdout.splitlines()) == len(lines), done.stderr
    return taken


def one_by_one(index: Path, lines: list[str]) -> float:
    started = time.monotonic()
    for line in lines:
        command = [*NEWSIDX, "search", "--json", "--index", str(index), "--", line]
        subprocess.run(command, capture_output=True, env=ENVIRON, check=False)
    return time.monotonic() - started


def lags(index: Path, lines: list[str]) -> list[float]:
    """Seconds from a line to its answer, in a conversation."""
    command = [*NEWSIDX, "search", "-", "--index", str(index)]
    pipe = subprocess.PIPE
    found = []
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, env=ENVIRON) as process:
        assert process.stdin
        assert process.stdout
        for line in lines:
            started = time.monotonic()
            process.stdin.write(f"{line}\n".encode())
            process.stdin.flush()
            json.loads(process.stdout.readline())
            found.append(time.monotonic() - started)
        process.stdin.close()
    return found[1:]  # the first waits for the start


def first_line(index: Path, *args: str) -> tuple[float, float, float]:
    """Seconds to the first line, seconds to the end once nobody reads on, MB at the first line."""
    command = [*NEWSIDX, "search", *args, "--index", str(index)]
    started = time.monotonic()
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=subprocess.DEVNULL, env=ENVIRON) as process:
        assert process.stdout
        process.stdout.readline()
        first = time.monotonic() - started
        memory = max(pss(process.pid), _most(process.pid))
        process.stdout.close()
        process.wait()
    return first, time.monotonic() - started, memory / 1e6


def _most(pid: int) -> int:
    """The most that a process had in memory, shared pages whole; 0 where that is not known."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), 0)


def medians(run: Callable[[], tuple[float, ...]], runs: int) -> list[float]:
    return [statistics.median(column) for column in zip(*(run() for _ in range(runs)), strict=True)]


def many(index: Path, lines: list[str], starts: int, runs: int) -> None:
    some = lines[:starts]
    pairs = [(at_once(index, lines), one_by_one(index, some)) for _ in range(runs)]
    batch = statistics.median(pair[0] for pair in pairs)
    each = statistics.median(pair[1] for pair in pairs) / len(some) * len(lines)
    ratio = statistics.median(b / len(some) * len(lines) / a for a, b in pairs)
    talk = sorted(lags(index, lines))
    lag, most = (1000 * talk[int(len(talk) * part)] for part in (0.5, 0.99))
    rows = [
        ["one process, through -", f"{batch:.2f}", f"{1000 * batch / len(lines):.2f}", ""],
        [
            f"starts (from {len(some)})",
            f"{each:.1f}",
            f"{1000 * each / len(lines):.1f}",
            f"{ratio:.1f}",
        ],
        ["a conversation", f"{sum(talk):.2f}", f"{lag:.2f}", ""],
    ]
    print(markdown([f"{len(lines):,} queries", "s", "ms each", "times as long"], rows))
    print(f"\nIn a conversation, 99 of 100 lines are answered within {most:.0f} ms.\n")


def names(index: Path, words: list[str], count: int) -> None:
    chance = random.Random(6)
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        file.write("name\n")
        file.writelines(f"{' '.join(chance.sample(words, 2))}\n" for _ in range(count))
        file.flush()
        rows = []
        for options in (["-F"], ["-F", "--slop", "2"], ["--fuzzy", "1"]):
            command = [*NEWSIDX, "search", "--queries", file.name, *options, "--index", str(index)]
            used = measured(command, {"NEWSIDX_CONFIG": os.devnull}, statuses=(0, 1))
            peak = f"{used.peak / 1e6:.0f}" if used.peak else ""
            rows.append(
                [" ".join(options), f"{used.wall:.1f}", f"{used.wall / count * 1000:.1f}", peak]
            )
    print(markdown([f"{count:,} names", "s", "ms each", "peak MB"], rows), end="\n\n")


def stream(index: Path, runs: int) -> None:
    least = medians(lambda: first_line(index, "*", "-n", "1", "--jsonl"), runs)
    rows = [["* -n 1 --jsonl", *_shown(least), ""]]
    with newsidx.open(index) as opened:
        far = str(opened.info.articles - 10)
    cases = (
        ("*", "--jsonl"),
        ("*", "--jsonl", "--sort", "title"),
        ("the OR a", "--jsonl"),
        ("*", "-n", "10", "--offset", far, "--jsonl"),
        ("the OR a", "-n", "10", "--offset", "1000", "--jsonl"),
    )
    for args in cases:
        found = medians(lambda args=args: first_line(index, *args), runs)  # type: ignore[misc]
        rows.append([" ".join(args), *_shown(found), f"{found[0] / least[0]:.2f}"])
    head = ["search … | head -1", "first line, ms", "end, ms", "peak MB", "to -n 1"]
    print(markdown(head, rows), end="\n\n")
    command = [*NEWSIDX, "search", "*", "--jsonl", "--index", str(index)]
    used = measured(command, {"NEWSIDX_CONFIG": os.devnull})
    peak = f", {used.peak / 1e6:.0f} MB at most" if used.peak else ""
    print(f"All of it, read to the end: {used.wall:.1f} s{peak}.")


def _shown(found: list[float]) -> list[str]:
    first, end, memory = found
    return [f"{first * 1000:.0f}", f"{end * 1000:.0f}", f"{memory:.0f}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("index", type=Path)
    parser.add_argument("--queries", type=int, default=1000)
    parser.add_argument("--starts", type=int, default=100)
    parser.add_argument("--names", type=int, default=500)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    words = vocabulary(options.index)
    lines = queries(words, options.queries)
    many(options.index, lines, options.starts, max(1, options.runs // 2))
    names(options.index, words, options.names)
    stream(options.index, options.runs)


if __name__ == "__main__":
    main()
