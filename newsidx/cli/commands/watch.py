"""newsidx watch."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from threading import Event
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsidx.cli.commands.index import prepare
from newsidx.cli.engine import Chosen
from newsidx.cli.options import IndexOption, JobsOption, MemoryOption, single_command
from newsidx.config import load_settings
from newsidx.errors import UsageError
from newsidx.output.safe import valid
from newsidx.output.streams import is_terminal, say, write

if TYPE_CHECKING:
    from newsidx.indexer.watch import News

__all__ = ["command", "watch"]


def _often_enough(value: float) -> float:
    if not value >= 1:  # nan is not
        raise UsageError(f"{value:g} seconds are too few.", "Write --every 1 or more.")
    return value


def watch(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH]...",
            help="Folders and files of articles. None: all that were indexed before.",
            show_default=False,
        ),
    ] = None,
    every: Annotated[
        float,
        typer.Option(
            "--every",
            metavar="SECONDS",
            callback=_often_enough,
            help="Check everything this often besides: network drives tell of no changes.",
        ),
    ] = 3600.0,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove articles, however many files are gone.")
    ] = False,
    jobs: JobsOption = None,
    memory: MemoryOption = None,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Say only what went wrong.")] = False,
    as_jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Print an object a line for whatever happens.")
    ] = False,
    index_path: IndexOption = None,
) -> int:
    """Keep the index in step as files come and go.

    Brings everything in step first, as newsidx index does, then watches until it is
    stopped. Changes are taken in as soon as files come to rest, many at a time; other
    commands may write to the index in between. Ctrl-C or a signal to terminate ends it
    when no commit is under way, with the status 130 or 0; a second one, at once.
    """
    from newsidx.indexer.changes import require_watchfiles
    from newsidx.indexer.run import RunOptions
    from newsidx.indexer.watch import watch as follow

    require_watchfiles()
    for path in paths or ():
        if not os.path.lexists(path):
            raise UsageError(f"There is no {valid(path)!r}.", "Nothing is watched.")
    stop = _Stop()
    settings = load_settings(index_path)
    prepare(settings, None, Chosen(), wants_new=bool(paths))
    options = RunOptions(jobs=jobs or settings.jobs, memory=memory or settings.memory, prune=prune)

    def tell(news: News) -> None:
        _say(news, quiet=quiet or as_jsonl)
        if as_jsonl:
            _print(news, str(settings.index))

    with ExitStack() as stack:
        shown = None
        if not quiet and is_terminal(sys.stderr):
            from newsidx.output.progress import shown as progress

            shown = stack.enter_context(progress())

        def tell_after_progress(news: News) -> None:
            stack.close()  # what is said would stand in the middle of it
            tell(news)

        follow(
            settings.index,
            paths or [],
            options,
            tell_after_progress,
            stop.event,
            every=every,
            progress=shown or (lambda _: None),
        )
    if not quiet:
        say("Stopped.")
    return 130 if stop.signal == signal.SIGINT else 0


class _Stop:
    """The first signal asks to end, a second one ends it wherever it is."""

    def __init__(self) -> None:
        self.event = Event()
        self.signal: int | None = None
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # What whoever started this has it ignore, as nohup does, stays ignored.
            if signal.getsignal(each) != signal.SIG_IGN:
                signal.signal(each, self._come)

    def _come(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - as signals are
        if self.event.is_set():
            raise KeyboardInterrupt
        self.signal = number
        self.event.set()


def _say(news: News, *, quiet: bool) -> None:
    from newsidx.output.summary import batch_line, problem_lines

    if news.message:
        say(f"newsidx: {news.message}")
        if news.hint:
            say(f"  {news.hint}")
    record = news.report.to_dict() if news.report else None
    if record:
        for line in problem_lines(record):
            say(line)
        for warning in record["warnings"]:
            say(f"newsidx: {valid(warning)}")
    if not quiet and news.event in ("ready", "batch", "check"):
        at = f"{datetime.now().astimezone():%H:%M:%S}"
        say(f"{at}  {batch_line(news.event, record)}")


def _print(news: News, index: str) -> None:
    from newsidx.output.records import json_bytes

    record: dict[str, Any] = {
        "schema": "newsidx.watch/1",
        "event": news.event,
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "index": {"path": valid(index)},
    }
    if news.message:
        record |= {"message": valid(news.message), "hint": news.hint}
    if report := news.report:
        record["index"] |= {
            "articles": report.articles,
            "state": report.state,
            "generation": report.generation,
        }
        record |= {"changed": news.changed, **report.to_dict()}
    write(json_bytes(record))
    sys.stdout.flush()


def command() -> Any:
    """The command, for the group."""
    return single_command(watch)
