"""How far the indexer is: one line on a terminal, drawn over again."""

from __future__ import annotations

import math
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Protocol, TextIO

from newsidx.output.streams import is_terminal
from newsidx.text.counted import counted

__all__ = ["ProgressLike", "Rate", "progress_line", "shown", "working"]

# Seconds between drawings, and between changes of what would jitter otherwise.
_INTERVAL = 0.1
_CALM = 1.0
# Seconds over which speeds are averaged, and before which nothing is foretold.
_MEMORY = 30.0
_PATIENCE = 2.0
# A file takes as long as so many bytes, whatever is in it.
_FILE = 2000
_LONGEST_BAR, _SHORTEST_BAR = 40, 8


class ProgressLike(Protocol):
    """What is shown of a run."""

    phase: str
    done: int
    total: int
    articles: int
    size: int
    total_size: int
    failed: int


class Rate:
    """How fast something grows: on average since the start, and later over half a minute."""

    def __init__(self, amount: float, now: float) -> None:
        self._started = self._last = now
        self._amount = amount
        self._grown = self._seconds = 0.0

    def see(self, amount: float, now: float) -> None:
        """Note how much it is now."""
        passed = now - self._last
        fading = math.exp(-passed / _MEMORY)
        self._grown = self._grown * fading + amount - self._amount
        self._seconds = self._seconds * fading + passed
        self._amount, self._last = amount, now

    @property
    def per_second(self) -> float:
        """Its speed."""
        return self._grown / self._seconds if self._seconds else 0.0

    def seconds_to(self, whole: float) -> float | None:
        """How long until it is so much; None where that can't be told yet."""
        if self._last - self._started < _PATIENCE or self.per_second <= 0:
            return None
        return max(0.0, whole - self._amount) / self.per_second


def progress_line(
    progress: ProgressLike, speed: float, left: float | None, width: int, *, fancy: bool = True
) -> str:
    """A run's progress in one line of at most `width` columns, the least needed left out first.

    Args:
        speed: Bytes per second.
        left: Seconds to go, where that is known.
        fancy: Whether the bar may be drawn with more than ASCII.
    """
    phase = progress.phase.capitalize()
    if progress.phase == "looking":
        return f"{phase}  {counted(progress.total, 'file')}"[:width]
    files = f"{progress.done:,} of {counted(progress.total, 'file')}"
    failed = [f"{progress.failed:,} failed"] if progress.failed else []
    time_left = [f"{_clock(left)} left"] if left is not None else []
    articles, rate = counted(progress.articles, "article"), f"{speed / 1e6:.1f} MB/s"
    choices = (
        [files, articles, rate, *failed, *time_left],
        [files, articles, *failed, *time_left],
        [files, *time_left],
        [files],
    )
    for facts in choices:
        text = "  ".join(facts)
        room = width - len(text) - 9 - 4  # the phase, and the gaps around the bar
        if room >= _SHORTEST_BAR:
            return f"{phase:9}  {_bar(progress, min(room, _LONGEST_BAR), fancy)}  {text}"
    return f"{phase}  {files}"[:width]


def _bar(progress: ProgressLike, width: int, fancy: bool) -> str:
    full, empty = "━─" if fancy else "#-"
    done = round(_work(progress) / max(_whole(progress), 1) * width)
    return full * done + empty * (width - done)


def _work(progress: ProgressLike) -> float:
    return progress.size + progress.done * _FILE


def _whole(progress: ProgressLike) -> float:
    return progress.total_size + progress.total * _FILE


def _clock(seconds: float) -> str:
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


@contextmanager
def shown() -> Iterator[Callable[[ProgressLike], None]]:
    """A function that shows a run's progress on standard error, ten times a second at most.

    On a terminal that can't take back what it has shown, nothing is.
    """
    if os.environ.get("TERM", "dumb") == "dumb":
        yield lambda _: None
        return
    line = _Line(sys.stderr)
    try:
        yield line.show
    finally:
        line.draw("")


@contextmanager
def working(what: str, patience: float = 0.0) -> Iterator[None]:
    """Show on a terminal's standard error that something goes on, and for how long by now.

    Args:
        patience: Seconds that it may take without anything being shown.
    """
    if os.environ.get("TERM", "dumb") == "dumb" or not is_terminal(sys.stderr):
        yield
        return
    import threading

    line, over, begun = _Line(sys.stderr), threading.Event(), time.monotonic()

    def tick() -> None:
        if over.wait(patience):
            return
        while True:
            line.draw(f"{what}  {_clock(time.monotonic() - begun)}")
            if over.wait(1):
                return

    thread = threading.Thread(target=tick, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        line.draw("")


class _Line:
    """The line of a terminal that the cursor is in."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.fancy = (stream.encoding or "").lower().replace("-", "") == "utf8"
        self.drawn = self.phase = ""
        self.last = self.calm = -math.inf
        self.bytes: Rate | None = None
        self.speed = 0.0
        self.left: float | None = None

    def show(self, progress: ProgressLike) -> None:
        now = time.monotonic()
        if now - self.last < _INTERVAL and progress.phase == self.phase:
            return
        self.last, self.phase = now, progress.phase
        if progress.phase != "looking":
            self._reckon(progress, now)
        width = self._width() - 1  # in the last column some terminals go to the next line
        self.draw(progress_line(progress, self.speed, self.left, width, fancy=self.fancy))

    def _reckon(self, progress: ProgressLike, now: float) -> None:
        if self.bytes is None:
            if not progress.done:
                return  # processes that are still starting say nothing of how fast they will be
            self.bytes, self.work = Rate(progress.size, now), Rate(_work(progress), now)
        if now - self.calm >= _CALM:
            self.calm = now
            self.bytes.see(progress.size, now)
            self.work.see(_work(progress), now)
            self.speed, self.left = self.bytes.per_second, self.work.seconds_to(_whole(progress))

    def _width(self) -> int:
        with suppress(OSError, ValueError):
            return os.get_terminal_size(self.stream.fileno()).columns or 80
        return 80

    def draw(self, text: str) -> None:
        """Show a line instead of the last one, in one go, so that nothing flickers."""
        if text != self.drawn:
            self.drawn = text
            with suppress(OSError):
                self.stream.write(f"\r{text}\x1b[K")
                self.stream.flush()
