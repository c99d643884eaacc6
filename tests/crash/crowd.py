"""One process that never stops writing, and many that read meanwhile."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from newsidx.app import Index
from newsidx.cli.main import COMMANDS
from tests.crash import checks
from tests.crash.press import Press
from tests.crash.steps import Plan, ids_print
from tests.crash.victim import forked
from tests.processes import environment

__all__ = ["Crowd"]

_FILES = 16
_QUERIES = ("bridge", '"old bridge"', "harbour OR museum", "source:courier -bridge")


class Crowd:
    """A writer and readers, each in a process of its own, until their time is over.

    Each writes down what it saw; whether that was a committed state is judged at the end,
    when all of these are known.

    Args:
        seconds: How long they are at it.
        readers: How many of them; every fourth runs whole commands.
        keep: Where the index is kept when something was wrong.
    """

    def __init__(self, seed: int, seconds: float, readers: int, keep: Path | None = None) -> None:
        self.seed = seed
        self.seconds = seconds
        self.readers = readers
        self.keep = keep
        self.counts: Counter[str] = Counter()

    def run(self) -> list[str]:
        """Let them work; gives what was wrong."""
        with tempfile.TemporaryDirectory(prefix="newsidx-crowd-") as name:
            self.folder = Path(name)
            self.index, self.log = self.folder / "index", self.folder / "states.log"
            self.press = Press(self.folder / "press", self.seed, _FILES)
            self._write("index", str(self.press.folder))
            self.until = time.monotonic() + self.seconds
            works: list[Callable[[], None]] = [self._write_on]
            for number in range(self.readers):
                work = self._command if number % 4 == 3 else self._read
                works.append(lambda work=work, number=number: work(number))  # type: ignore[misc]
            faults = self._all(works) + self._judge()
            if faults and self.keep:
                shutil.copytree(self.folder, self.keep / "crowd", dirs_exist_ok=True)
        return faults

    def summary(self) -> str:
        """What they did, in a line."""
        counts = self.counts
        return (
            f"{self.readers} readers beside a writer for {self.seconds:.0f} s: {counts['states']}"
            f" states committed; {counts['reads']} answers read, {counts['commands']} by whole"
            f" commands, {counts['across']} across commits by readers that stayed open;"
            f" {counts['named']} named the state that they were, the others that it was changing"
        )

    def _all(self, works: list[Callable[[], None]]) -> list[str]:
        """Do each in a process of its own; gives what they came to grief with."""
        pids = [self._fork(number, work) for number, work in enumerate(works)]
        faults = []
        for number, pid in enumerate(pids):
            status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            if status:
                said = self.folder / f"{number}.error"
                text = said.read_text() if said.exists() else ""
                faults.append(f"process {number} ended with {status}: {text}")
        return faults

    def _fork(self, number: int, work: Callable[[], None]) -> int:
        pid = os.fork()
        if pid:
            return pid
        try:
            work()
            os._exit(0)
        except BaseException:
            (self.folder / f"{number}.error").write_text(traceback.format_exc())
        finally:
            os._exit(1)

    # The writer

    def _write(self, *arguments: str, batch: int = 0) -> None:
        plan = Plan(self.index, self.log, batch=batch)
        process = forked(plan, *arguments, "--index", str(self.index))
        status = process.wait()
        assert status in (0, 1, 3), f"{arguments}: {status}, {process.complaints()}"

    def _write_on(self) -> None:
        chance = random.Random(self.seed)
        while time.monotonic() < self.until:
            self.press.change(chance.randint(1, 6))
            match chance.randrange(12):
                case 0:
                    self._write("index", "--rebuild", "--prune", "--jobs", "1")
                case 1:
                    self._write("index", "--reread", "--prune", "--jobs", "1", batch=5)
                case 2 | 3 if "optimize" in COMMANDS:
                    self._write("optimize")
                case _:
                    batch = chance.choice((0, 1, 3))
                    self._write("index", "--prune", "--jobs", "1", batch=batch)

    # The readers

    def _note(self, number: int, **values: Any) -> None:
        with (self.folder / f"reader-{number}.log").open("a") as file:
            file.write(json.dumps(values) + "\n")

    def _read(self, number: int) -> None:
        """Open and ask, and stay open for a while, across whatever is committed meanwhile."""
        chance = random.Random(self.seed * 100 + number)
        while time.monotonic() < self.until:
            with Index(self.index) as index:
                seen = self._look(index)
                self._note(number, kind="reads", **seen)
                query = chance.choice(_QUERIES)
                answer = _answer(index, query)
                with Index(self.index) as other:
                    self._note(number, kind="reads", **self._look(other))
                time.sleep(chance.random() * chance.choice((0, 0.1, 3)))
                assert self._look(index) == seen, "a reader that was open saw something else"
                assert _answer(index, query) == answer, query
                with Index(self.index) as later:
                    across = later.manifest.generation != index.manifest.generation
                self._note(number, kind="across" if across else "reads", **seen)

    def _look(self, index: Index) -> dict[str, Any]:
        """What an open index is."""
        articles, engine = list(index.engine.scan()), index.engine
        everything = _answer(index, "*")
        assert everything == (len(articles), sorted(a.id for a in articles))
        same = engine.commit == index.manifest.commit
        if same:
            assert index.manifest.state == checks.state_of(articles)
            assert index.manifest.articles == len(articles)
        return {
            "engine": index.manifest.number,
            "print": checks.print_of_articles(articles),
            "named": same,
        }

    def _command(self, number: int) -> None:
        while time.monotonic() < self.until:
            done = subprocess.run(
                [sys.executable, "-m", "newsidx", "search", "*", "--json", "--limit", "0",
                 "--index", str(self.index)],
                capture_output=True, env=environment(), check=False, timeout=300,
            )  # fmt: skip
            assert done.returncode == 0, done.stderr.decode()
            page = json.loads(done.stdout)
            ids = [result["id"] for result in page["results"]]
            assert page["total"] == len(ids) == len(set(ids))
            self._note(
                number,
                kind="commands",
                ids=ids_print(ids),
                state=page["index"]["state"],
                warned=bool(page["warnings"]),
            )

    # The verdict

    def _judge(self) -> list[str]:
        states = checks.committed(self.log)
        self.counts["states"] = len({record["print"] for record in states})
        prints = {(record["engine"], record["print"]) for record in states}
        ids = {record["ids"] for record in states}
        named = {(record["state"], record["ids"]) for record in states}
        faults = []
        for path in sorted(self.folder.glob("reader-*.log")):
            for line in path.read_text().splitlines():
                seen = json.loads(line)
                self.counts[seen["kind"]] += 1
                if seen["kind"] == "commands":
                    exact = (seen["state"], seen["ids"]) in named
                    sound = seen["ids"] in ids and (exact or seen["warned"])
                else:
                    exact = seen["named"]
                    sound = (seen["engine"], seen["print"]) in prints
                self.counts["named"] += exact
                if not sound:
                    faults.append(f"{path.name}: no committed state: {line}")
        return faults


def _answer(index: Index, query: str) -> tuple[int, list[str]]:
    page = index.search(query, limit=None, snippets=0, suggest=False)
    return page.total, sorted(hit.article.id for hit in page.hits)
