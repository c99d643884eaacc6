"""What a command costs is measured over all its processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.usage import measured, pss, size_of, tree_of

needs_proc = pytest.mark.skipif(
    not Path("/proc/self/smaps_rollup").exists(), reason="memory is looked up in /proc"
)

HOLD = "import sys, time; held = bytearray(b'x') * int(sys.argv[1]); time.sleep(0.4)"
SPIN = "import time\nwhile time.process_time() < 0.3: pass"


def child_of(code: str, *arguments: str) -> list[str]:
    """A command whose child runs the code."""
    run = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {code!r}, *sys.argv[1:]])"
    return [sys.executable, "-c", run, *arguments]


@needs_proc
def test_the_memory_of_a_child_counts() -> None:
    used = measured(child_of(HOLD, "60000000"))
    assert used.peak is not None
    assert 60_000_000 < used.peak < 120_000_000


def test_the_processor_time_of_a_child_counts() -> None:
    used = measured(child_of(SPIN), memory=False)
    assert used.cpu >= 0.3
    assert used.peak is None


@needs_proc
def test_the_tree_of_a_process_has_its_children() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert {os.getpid(), child.pid} <= set(tree_of(os.getpid()))
        child.communicate(b"\n")
    assert child.pid not in tree_of(os.getpid())
    assert pss(child.pid) == 0


def test_a_command_that_fails_is_told_with_its_last_words() -> None:
    failing = [sys.executable, "-c", "raise SystemExit('no room left')"]
    with pytest.raises(SystemExit, match="no room left"):
        measured(failing, memory=False)
    assert measured(failing, memory=False, statuses=(0, 1)).wall > 0


def test_a_variable_is_added_to_the_environment() -> None:
    check = "import os, sys; sys.exit(os.environ['CHECKED'] != 'yes' or 'PATH' not in os.environ)"
    measured([sys.executable, "-c", check], {"CHECKED": "yes"}, memory=False)


def test_the_size_of_a_folder_is_that_of_its_files(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a").write_bytes(b"12345")
    (tmp_path / "b").write_bytes(b"678")
    assert size_of(tmp_path) == 8
    assert size_of(tmp_path / "b") == 3
