"""How far the indexer is, on a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from newsidx.text.counted import counted

__all__ = ["ProgressLike", "shown"]

_INTERVAL = 0.1


class ProgressLike(Protocol):
    """What is shown of a run."""

    phase: str
    done: int
    total: int
    articles: int
    size: int
    failed: int


@contextmanager
def shown() -> Iterator[Callable[[ProgressLike], None]]:
    """A function that shows a run's progress on standard error, ten times a second at most."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        TextColumn("{task.completed:,} of {task.fields[files]}"),
        TextColumn("{task.fields[facts]}"),
        TimeRemainingColumn(),
    )
    console = Console(file=sys.stderr)
    # Rich's own refreshing would start a thread; the run itself tells often enough.
    with Progress(*columns, console=console, auto_refresh=False, transient=True) as bar:
        task = bar.add_task("Looking", total=0, files="0 files", facts="")
        started = last = time.monotonic()

        def show(progress: ProgressLike) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last < _INTERVAL and progress.phase != "writing":
                return
            last = now
            speed = progress.size / 1e6 / max(now - started, 0.1)
            facts = f"{counted(progress.articles, 'article')}  {speed:.1f} MB/s"
            if progress.failed:
                facts += f"  {progress.failed:,} failed"
            bar.update(
                task,
                description=progress.phase.capitalize(),
                completed=progress.done,
                total=progress.total,
                files=counted(progress.total, "file"),
                facts=facts,
            )
            bar.refresh()

        yield show
