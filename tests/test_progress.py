"""How far a run is, in one line of a terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path

import pytest

from newsidx.indexer.report import Progress
from newsidx.output.progress import Rate, progress_line
from tests.processes import Finished, environment

BUSY = Progress("reading", 12_345, 1_000_000, 54_321, 10**9, 10**11, failed=1_234)


@pytest.mark.parametrize("width", range(20, 201))
def test_a_line_fits_its_terminal(width: int) -> None:
    for progress in (BUSY, Progress(total=1_000_000), Progress("writing", 5, 5, 5, 5, 5)):
        line = progress_line(progress, 12.3e6, 123_456, width)
        assert len(line) <= width
        assert line.startswith(progress.phase.capitalize())


def test_a_wide_terminal_shows_everything_and_a_narrow_one_what_matters_most() -> None:
    wide = progress_line(BUSY, 12.34e6, 3_725, 160)
    for part in ("12,345 of 1,000,000 files", "54,321 articles", "12.3 MB/s", "1,234 failed"):
        assert part in wide
    assert "1:02:05 left" in wide
    narrow = progress_line(BUSY, 12.34e6, 3_725, 64)
    assert "1:02:05 left" in narrow
    assert "MB/s" not in narrow


def test_a_bar_grows_with_the_work_that_is_done() -> None:
    def filled(done: int, size: int) -> int:
        progress = Progress("reading", done, 100, 0, size, 10_000_000)
        return progress_line(progress, 0, None, 120, fancy=False).count("#")

    assert filled(0, 0) == 0
    assert filled(1, 5_000_000) == pytest.approx(filled(100, 10_000_000) / 2, abs=1)
    assert "-" not in progress_line(Progress("reading", 9, 9, 0, 9, 9), 0, None, 120, fancy=False)


def test_a_steady_speed_is_seen_as_such_and_a_new_one_soon_believed() -> None:
    rate = Rate(0.0, 0.0)
    assert rate.seconds_to(100.0) is None
    for second in range(1, 11):
        rate.see(second * 10.0, float(second))
    assert rate.per_second == pytest.approx(10.0)
    assert rate.seconds_to(200.0) == pytest.approx(10.0)
    for second in range(11, 131):
        rate.see(100.0 + (second - 10) * 50.0, float(second))
    assert rate.per_second == pytest.approx(50.0, rel=0.05)


def on_terminal(*args: str | Path, columns: int = 80, **env: str) -> str:
    """What a command shows on a terminal that is its standard error."""
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "newsidx", *map(str, args)],
        stdout=subprocess.DEVNULL,
        stderr=child,
        env=environment(**{"TERM": "xterm", **env}),
    )
    os.close(child)
    shown = b""
    while True:
        try:
            more = os.read(parent, 65536)
        except OSError:  # Linux's way to say that nobody writes any more
            break
        if not more:
            break
        shown += more
    os.close(parent)
    assert process.wait(60) == 0
    return shown.decode()


def test_a_terminal_shows_progress_and_is_left_clean(sample_data: Path, tmp_path: Path) -> None:
    shown = on_terminal("index", sample_data, "--index", tmp_path / "index", columns=70)
    drawn, _, after = shown.rpartition("\x1b[K")
    assert "Reading" in drawn
    assert after.startswith("Articles: ")
    assert all(len(line) < 70 for line in re.split(r"\r|\x1b\[K|\n", drawn))


def test_a_dumb_terminal_a_pipe_and_the_quiet_see_none(
    sample_data: Path, tmp_path: Path, newsidx: Callable[..., Finished]
) -> None:
    index = tmp_path / "index"
    dumb = on_terminal("index", sample_data, "--index", index, TERM="dumb")
    assert "\x1b" not in dumb
    assert "Reading" not in dumb
    assert "Reading" not in newsidx("index", "--reread", "--index", index).err
    assert on_terminal("index", "--reread", "-q", "--index", index) == ""


def test_a_terminal_shows_that_merging_goes_on(sample_data: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    on_terminal("index", sample_data, "--index", index)
    assert "\rOptimizing  0:00" in on_terminal("optimize", "--index", index)
    assert "Optimizing" not in on_terminal("optimize", "--index", index, TERM="dumb")
