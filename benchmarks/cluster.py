"""Whether a cluster of three nodes loses anything when one of them is killed.

    python benchmarks/cluster.py [--articles 4000] [--seconds 60]

Three nodes of OpenSearch 2.19, each a process, on this machine: three shards, one replica.
One folder is indexed and counted; then a second is indexed while others search all the
time, and the node that leads the cluster is killed with SIGKILL in the middle of it. Every
search and every run is a whole command (`newsidx search`, `newsidx index`).

Told is: how many commands ran and how many failed, whether any total differed, whether
all articles of both folders are there (`newsidx verify`), and how long it took until every
shard had its replica again, with the node back. The exit status is 0 when all is well.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from tests.cluster.nodes import Nodes, get  # noqa: E402

WORDS = [f"word{number}" for number in range(3000)]
QUERIES = ["older", '"older river"', "older (word7 OR word8)", "older word1*", "older date:2016"]


def articles(path: Path, count: int, mark: str, seed: int) -> None:
    """A file of made articles, each with a word that only those of its folder have."""
    rng = random.Random(seed)
    path.mkdir(parents=True)
    for part in range(10):
        with (path / f"{part}.jsonl").open("w") as file:
            for number in range(part, count, 10):
                words = [
                    WORDS[int(3000 * rng.random() ** 3)] for _ in range(rng.randrange(60, 400))
                ]
                body = f"{mark} river {' '.join(words)}."
                day = f"20{16 + number % 3}-0{1 + number % 9}-1{number % 10}"
                row = {
                    "title": f"{mark} {number}",
                    "body": body,
                    "date": day,
                    "id": f"{mark}{number}",
                }
                file.write(json.dumps(row) + "\n")


class Load:
    """Commands that run all the time, and what became of them."""

    def __init__(self, index: Path) -> None:
        self.index = index
        self.ran = 0
        self.failed: list[str] = []
        self.slowest = 0.0
        self.totals: dict[str, set[int]] = {query: set() for query in QUERIES}
        self.over = threading.Event()

    def search(self, query: str) -> None:
        begun = time.monotonic()
        done = newsidx("search", query, "--json", "--index", str(self.index))
        self.slowest = max(self.slowest, time.monotonic() - begun)
        self.ran += 1
        if done.returncode:
            self.failed.append(done.stderr.strip()[-300:])
        else:
            self.totals[query].add(json.loads(done.stdout)["total"])

    def run(self, seed: int) -> None:
        rng = random.Random(seed)
        while not self.over.is_set():
            self.search(rng.choice(QUERIES))


def newsidx(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "newsidx", *words]
    environ = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    return subprocess.run(command, capture_output=True, text=True, env=environ)


def leader(nodes: Nodes) -> int:
    """The number of the node that leads."""
    found: Any = get(f"{nodes.urls[0]}/_cat/cluster_manager?format=json")
    return int(found[0]["node"].removeprefix("n"))


def main() -> int:
    """Do it all, and say how it went."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=4000)
    parser.add_argument("--seconds", type=float, default=60.0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="newsidx-cluster-") as name:
        folder = Path(name)
        nodes = Nodes(folder / "nodes", 2, count=3)
        (folder / "nodes").mkdir()
        try:
            begun = time.monotonic()
            nodes.start()
            print(f"three nodes green after {time.monotonic() - begun:.0f} s", flush=True)
            return exercise(nodes, folder, given.articles, given.seconds)
        finally:
            nodes.stop()


def exercise(nodes: Nodes, folder: Path, count: int, seconds: float) -> int:
    articles(folder / "old", count, "older", 1)
    articles(folder / "new", count, "newer", 2)
    index = folder / "index"
    urls = ",".join(f"{url}/news" for url in nodes.urls)
    engine = ("--engine", "opensearch", "--url", urls, "--shards", "3", "--replicas", "1")
    first = newsidx("index", str(folder / "old"), "--index", str(index), *engine)
    print(first.stderr.strip() or first.stdout, flush=True)
    nodes.wait(3)
    load = Load(index)
    for query in QUERIES:
        load.search(query)
    before = {query: set(found) for query, found in load.totals.items()}
    searchers = [threading.Thread(target=load.run, args=(seed,)) for seed in range(2)]
    runs: list[subprocess.CompletedProcess[str]] = []
    writer = threading.Thread(
        target=lambda: runs.append(newsidx("index", str(folder / "new"), "--index", str(index)))
    )
    started = time.monotonic()
    for thread in (*searchers, writer):
        thread.start()
    time.sleep(4.0)
    killed = leader(nodes)
    nodes.kill(killed)
    print(
        f"killed n{killed}, the leader, {time.monotonic() - started:.1f} s into the load",
        flush=True,
    )
    time.sleep(max(0.0, seconds - (time.monotonic() - started)))
    writer.join()
    load.over.set()
    for thread in searchers:
        thread.join()
    begun = time.monotonic()
    nodes.start_one(killed)
    nodes.wait(3)
    healed = time.monotonic() - begun
    for query in QUERIES:
        load.search(query)
    verified = newsidx("verify", "--index", str(index))
    everything = newsidx("count", "*", "--index", str(index))
    same = load.totals == before
    whole = int(everything.stdout) == 2 * count
    print(f"searches: {load.ran}, failed: {len(load.failed)}, slowest: {load.slowest:.1f} s")
    print(f"the run of newsidx index: status {runs[0].returncode}")
    print(runs[0].stderr.strip())
    print(f"totals before {sum(map(sum, before.values()))}; the same all the time: {same}")
    print(f"articles: {everything.stdout.strip()} of {2 * count}; {verified.stdout.strip()}")
    print(verified.stderr.strip())
    print(f"every shard has its replica again {healed:.0f} s after the node came back")
    for query in QUERIES:
        if load.totals[query] != before[query]:
            print(f"DIFFERS: {query}: {before[query]} before, then {load.totals[query]}")
    for each in load.failed[:5]:
        print("FAILED:", each)
    good = not load.failed and same and whole and not runs[0].returncode
    return 0 if good and not verified.returncode else 1


if __name__ == "__main__":
    sys.exit(main())
