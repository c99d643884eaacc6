"""kill -9 while a Tantivy index is built and brought in step: it opens, and is completed."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from newsidx.app import Index
from newsidx.engines.base import BUILDING
from newsidx.index.manifest import read_manifest
from newsidx.indexer.run import RunOptions, run
from newsidx.indexer.verify import verify
from newsidx.indexer.writing import create_index

pytest.importorskip("tantivy")

RUN = """
import sys
from pathlib import Path
from newsidx.indexer import parts
from newsidx.indexer.run import RunOptions, run
parts.PART_ARTICLES = 40  # so that there are several commits
run(Path(sys.argv[1]), [sys.argv[2]], RunOptions())
"""

FILES, KILLS = 12, 6


def write(press: Path, version: int) -> None:
    press.mkdir(exist_ok=True)
    for number in range(FILES):
        rows = [
            {"id": f"{number}-{row}", "title": f"Story {row}", "text": f"Version{version} ferry."}
            for row in range(20)
        ]
        path = press / f"{number}.jsonl"
        path.write_text("\n".join(map(json.dumps, rows)))
        os.utime(path, (1_500_000_000 + version, 1_500_000_000 + version))


def exported(index: Path) -> list[object]:
    with Index(index) as opened:
        return list(opened.export())


def test_a_kill_at_any_moment_leaves_an_index_that_opens_and_can_be_completed(
    tmp_path: Path,
) -> None:
    press, index, calm = tmp_path / "press", tmp_path / "index", tmp_path / "calm"
    chance = random.Random(5)
    for path in (index, calm):
        create_index(path, "tantivy", "en")
    for version in (1, 2):
        write(press, version)
        took = None
        for _ in range(KILLS // 2):
            begun = time.monotonic()
            process = subprocess.Popen([sys.executable, "-c", RUN, str(index), str(press)])
            try:
                process.wait((took and chance.uniform(0.3, 0.9) * took) or 0.9)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
            took = took or time.monotonic() - begun
            with Index(index) as opened:
                assert opened.engine.statistics().articles <= FILES * 20
                assert opened.count("ferry") == opened.engine.statistics().articles
            assert not verify(index).has("manifest", "ledger", "engine", "segment")
        run(index, [str(press)], RunOptions())
        run(calm, [str(press)], RunOptions())
        assert exported(index) == exported(calm)
        assert read_manifest(index).state == read_manifest(calm).state
        assert verify(index).sound
        assert not list((index / "engine").glob(f"*/{BUILDING}"))
