"""Every benchmark can be started as its text says: by its path, from anywhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"
# What compares with other libraries needs them before it can say anything.
STARTED = sorted(
    path.name
    for path in FOLDER.glob("*.py")
    if "ArgumentParser(" in (text := path.read_text(encoding="utf-8")) and "from peers" not in text
)


@pytest.mark.parametrize("name", STARTED)
def test_it_says_what_it_takes(name: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, FOLDER / name, "--help"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: ")
