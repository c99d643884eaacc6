"""Keeping an index in step with its roots as files come and go."""

from __future__ import annotations

import os
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Event

from msgspec import Struct
from msgspec.structs import replace

from newsidx.errors import (
    IndexDamaged,
    IndexLocked,
    IndexNotFound,
    IndexVersionError,
    NewsidxError,
    Refused,
)
from newsidx.index.ledger import Ledger
from newsidx.indexer.changes import Pending, Scope, changes, concerned, require_watchfiles
from newsidx.indexer.report import Progress, Report
from newsidx.indexer.run import RunOptions, run

__all__ = ["News", "watch"]

# More changes than this at once, and the whole is looked at: it is quicker then, and finds
# what is missing where the system could not keep up with telling.
MANY = 2000
# Seconds between attempts after one that failed, at first and at most.
_RETRY, _LONGEST_RETRY = 5.0, 60.0
# What no further attempt can mend.
_FATAL = (IndexDamaged, IndexNotFound, IndexVersionError)


class News(Struct, frozen=True):
    """What watching tells.

    Attributes:
        event: `ready` when all was brought in step for the first time and is watched from
            now on; `batch` after changes; `check` when a check of everything found some;
            `waiting` for another writer; `refused` and `failed` when a run was.
        report: Of the run, if there was one.
        changed: Number of paths that the batch was about.
        message, hint: For people, where something is in the way.
    """

    event: str
    report: Report | None = None
    changed: int = 0
    message: str | None = None
    hint: str | None = None


class _Stopped(Exception):
    """Somebody wants it to end, and nothing is being committed."""


def watch(
    directory: Path,
    paths: Iterable[str],
    options: RunOptions,
    tell: Callable[[News], None],
    stop: Event,
    *,
    every: float,
    progress: Callable[[Progress], None] = lambda _: None,
) -> None:
    """Bring an index in step with its roots, and keep it so until `stop` is set.

    Args:
        directory: The index, which exists.
        paths: Folders and files; none means all known roots, also those that come.
        tell: Called with what happens.
        every: Seconds between complete checks, for what no event tells of.
        progress: Told of the first run.

    Raises:
        NewsidxError: A path does not exist, or the index can't be used any more.
    """
    require_watchfiles()
    watching = _Watch(directory, [os.path.realpath(path) for path in paths], options, tell, stop)
    try:
        watching.run(every, progress)
    except _Stopped:
        return


class _Watch:
    def __init__(
        self,
        directory: Path,
        paths: list[str],
        options: RunOptions,
        tell: Callable[[News], None],
        stop: Event,
    ) -> None:
        self.directory = directory
        self.index = os.path.realpath(directory)
        self.paths = paths
        self.options = replace(options, wait=1.0)
        self.tell = tell
        self.stop = stop
        self.pending = Pending()
        self.failures = 0
        self.manifest: tuple[int, int] | None = None
        self.scopes = self._find_scopes() or []

    def run(self, every: float, progress: Callable[[Progress], None]) -> None:
        anew: set[str] = set()
        ready, checked = False, time.monotonic()
        while not self.stop.is_set():
            folders = {scope.path for scope in self.scopes if not scope.is_file}
            for found in changes(self.scopes, self.stop):
                # From here on nothing is missed, so that this is the time to look at all that
                # was not watched till now.
                now = time.monotonic()
                if not ready:
                    self._begin(progress)
                    ready, checked = True, time.monotonic()
                self.pending.add(anew, now)
                anew = found & folders
                self._note(found - folders, now)
                self._look()
                if now - checked > every:
                    self._attempt("check", {scope.path for scope in self.scopes})
                    checked = time.monotonic()
                if (scopes := self._find_scopes()) is not None and scopes != self.scopes:
                    anew |= {scope.path for scope in scopes if scope not in self.scopes}
                    self.scopes = scopes
                    break
            self.stop.wait(0.2)  # where what is watched goes as quickly as it comes

    def _find_scopes(self) -> list[Scope] | None:
        """What to watch, or None where that can't have changed."""
        if self.paths:
            known = self.manifest is not None
            self.manifest = (0, 0)
            return None if known else [Scope(path, os.path.isfile(path)) for path in self.paths]  # noqa: PTH113
        try:
            status = (self.directory / "manifest.json").stat()
        except FileNotFoundError:
            raise IndexNotFound(f"The index at {self.directory} is gone.") from None
        now = (status.st_ino, status.st_mtime_ns)
        if now == self.manifest:
            return None
        try:
            ledger = Ledger(self.directory / "ledger.db")
            try:
                roots = ledger.roots()
            finally:
                ledger.close()
        except sqlite3.OperationalError:  # a writer is at it; there is a next time
            return None
        self.manifest = now
        scopes = [Scope(root.path, root.only is not None) for root in roots]
        own = Scope(self.index)  # what came on standard input changes by our own hand only
        return [scope for scope in scopes if not own.holds(scope.path)]

    def _begin(self, progress: Callable[[Progress], None]) -> None:
        report = None
        try:
            report = self._run(self.paths, self.options, progress)
        except Refused as refused:
            self.tell(News("refused", message=refused.message, hint=refused.hint))
        self.tell(News("ready", report))

    def _note(self, found: set[str], now: float) -> None:
        """Take down what changed, as far as it can matter."""
        paths = {each for path in found for each in concerned(path, self.scopes, self.index)}
        self.pending.add(paths, now)

    def _look(self) -> None:
        """Bring in step what it is time for."""
        ready = self.pending.take(time.monotonic())
        changed = len(ready)
        if changed > MANY:
            ready = set(self._by_scope(ready))
        if ready:
            self._attempt("batch", ready, changed)

    def _by_scope(self, paths: set[str]) -> dict[str, set[str]]:
        groups: dict[str, set[str]] = defaultdict(set)
        for path in paths:
            scope = next((scope.path for scope in self.scopes if scope.holds(path)), path)
            groups[scope].add(path)
        return groups

    # Runs

    def _attempt(self, event: str, paths: set[str], changed: int = 0) -> None:
        """Bring some paths in step, in as many runs as it takes, and tell of it."""
        try:
            report = self._run(sorted(paths), replace(self.options, gone=True))
        except Refused as refused:
            smaller = self._smaller(paths)
            for part in smaller:
                self._attempt(event, part, len(part))
            if not smaller:
                self.tell(News("refused", message=refused.message, hint=refused.hint))
        except _FATAL:
            raise
        except (NewsidxError, OSError, sqlite3.OperationalError) as problem:
            wait = min(_RETRY * 2**self.failures, _LONGEST_RETRY)
            self.failures += 1
            self.pending.add(paths, time.monotonic(), wait=wait)
            hint = f"It is tried again in {wait:.0f} seconds."
            self.tell(News("failed", message=str(problem), hint=hint))
        else:
            self.failures = 0
            if _is_news(report):
                self.tell(News(event, report, changed))

    def _smaller(self, paths: set[str]) -> list[set[str]]:
        """What of a run that was refused may be done all the same."""
        groups = list(self._by_scope(paths).values())
        if len(groups) > 1:
            return groups
        there = {path for path in paths if os.path.lexists(path)}
        return [there, paths - there] if there and there != paths else []

    def _run(
        self,
        paths: list[str],
        options: RunOptions,
        progress: Callable[[Progress], None] = lambda _: None,
    ) -> Report:
        def show(how_far: Progress) -> None:
            # Never in the middle of a commit, so that this is a good moment to end.
            if self.stop.is_set():
                raise _Stopped
            progress(how_far)

        told = False
        while True:
            try:
                return run(self.directory, paths, options, show)
            except IndexLocked as locked:
                if not told:
                    self.tell(News("waiting", message=locked.message))
                told = True
            if self.stop.is_set():
                raise _Stopped


def _is_news(report: Report) -> bool:
    """Whether a run did, or found, anything."""
    changes = (report.added, report.updated, report.removed, report.read, report.moved)
    return any((*changes, report.files_removed, report.problems, report.warnings))
