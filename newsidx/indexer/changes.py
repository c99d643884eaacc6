"""What changes on disk below some paths, and when it is time to look at it."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from threading import Event

from msgspec import Struct, field

from newsidx.errors import NewsidxError
from newsidx.indexer.discover import IGNORE_FILE, VERSION_CONTROL, page_parts

__all__ = ["Pending", "Scope", "changes", "concerned", "require_watchfiles"]

# Milliseconds without news after which what came is passed on, at most after so many, and
# after which the caller has a turn where there is no news at all.
_QUIET = 200
_LONGEST = 3000
_TURN = 500
# Seconds for which a file has to be gone before it counts as gone: editors put a new file
# in the place of the old, and a move tells of two places. And how long that may hold up others.
_GONE = 0.4
_PATIENCE = 4.0
# A file that changes again and again is read after so many seconds, then twice as many, up to:
_PACE, _SLOWEST = 1.0, 30.0


class Scope(Struct, frozen=True):
    """A folder or a file that is watched, by its absolute path, free of links."""

    path: str
    is_file: bool = False

    def holds(self, path: str) -> bool:
        """Whether a path is its own, or lies below it."""
        return path == self.path or path.startswith(self.path.rstrip(os.sep) + os.sep)

    def identity(self) -> tuple[int, ...]:
        """What changes when it goes, comes, is mounted or replaced; for a file, or written to."""
        try:
            status = os.stat(self.path)  # noqa: PTH116 - may be no UTF-8
        except OSError:
            return ()
        if self.is_file:
            return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
        return (status.st_dev, status.st_ino)


def require_watchfiles() -> None:
    """Raise a clear error where the package that watching needs is not installed."""
    try:
        import watchfiles  # noqa: F401
    except ImportError as problem:
        raise NewsidxError(
            "Watching needs an extra that is not installed.",
            'Install it: pip install "newsidx[watch]"',
        ) from problem


def changes(scopes: Iterable[Scope], stop: Event) -> Iterator[set[str]]:
    """The paths that changed since it last yielded; about twice a second, with none if none did.

    What changes after the first time it yields is sure to be told. It ends when `stop` is
    set, and after it has told of a folder of the scopes that it went, came or was replaced:
    that has to be watched anew.

    Raises:
        NewsidxError: The system refuses to watch so much.
    """
    from watchfiles._rust_notify import WatchfilesRustInternalError

    before = {scope: scope.identity() for scope in scopes}
    folders = {scope.path for scope in before if not scope.is_file}
    there = [scope.path for scope, found in before.items() if found and not scope.is_file]
    try:
        with closing(_told(there, stop)) as told:
            for found in told:
                for scope, known in before.items():
                    now = scope.identity()
                    if now != known:
                        before[scope] = now
                        found.add(scope.path)
                yield found
                if not folders.isdisjoint(found):
                    return
    except FileNotFoundError:
        yield {path for path in there if not os.path.isdir(path)}  # noqa: PTH112 - may be no UTF-8
    except WatchfilesRustInternalError:
        # Such as a name that is no UTF-8, or more news than fit: what it was is lost.
        yield set(there)
    except OSError as problem:
        hint = "See newsidx watch --help."
        if "limit" in str(problem):
            hint = "Allow more, as root: sysctl fs.inotify.max_user_watches=1000000"
        raise NewsidxError(f"These folders can't be watched: {problem}", hint) from problem


def _told(folders: list[str], stop: Event) -> Generator[set[str], None, None]:
    """What the operating system tells."""
    if not folders:
        while not stop.wait(_TURN / 1000):
            yield set()
        return
    from watchfiles import watch

    told = watch(
        *folders,
        watch_filter=None,
        debounce=_LONGEST,
        step=_QUIET,
        rust_timeout=_TURN,
        yield_on_timeout=True,
        stop_event=stop,
        raise_interrupt=True,
        ignore_permission_denied=True,
    )
    for found in told:
        yield {path for _, path in found}


def concerned(path: str, scopes: Iterable[Scope], index: str) -> Iterator[str]:
    """What has to be looked at when a path changed: mostly the path, and sometimes nothing.

    Args:
        index: The index directory, free of links; it changes whenever it is written to.
    """
    scope = next((scope for scope in scopes if scope.holds(path)), None)
    if scope is None or path == index or path.startswith(index + os.sep):
        return
    names = path[len(scope.path) :].split("/")
    if names[-1] == IGNORE_FILE:  # a rule for all that lies beside it
        names.pop()
        path = os.path.dirname(path)  # noqa: PTH120 - may be no UTF-8
    if any(name.startswith(".") or name in VERSION_CONTROL for name in names):
        return
    yield path
    yield from filter(os.path.isdir, page_parts(path))


class Pending(Struct):
    """Paths that changed and haven't been looked at yet.

    Attributes:
        due: Path -> the moment at which to look; moments are those of `time.monotonic`.
        gone: Of these, the ones that are not there, which hold up the others a little:
            where they went is perhaps among what comes next.
        recent: Path -> when it was last looked at, and how long to wait the next time.
    """

    due: dict[str, float] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    recent: dict[str, tuple[float, float]] = field(default_factory=dict)
    since: float = 0.0

    def add(self, paths: Iterable[str], now: float, *, wait: float = 0.0) -> None:
        """Note that paths changed.

        Args:
            wait: Seconds before which they are not to be looked at.
        """
        for path in paths:
            if not self.due:
                self.since = now
            moment = now + wait
            if not os.path.lexists(path):
                self.gone.add(path)
                moment = max(moment, now + _GONE)
            else:
                self.gone.discard(path)
                last, pause = self.recent.get(path, (0.0, 0.0))
                moment = max(moment, last + pause)
            self.due[path] = moment

    def take(self, now: float) -> set[str]:
        """The paths that it is time to look at, which are pending no more."""
        waiting = any(self.due[path] > now for path in self.gone)
        if waiting and now - self.since < _PATIENCE:
            return set()
        ready = {path for path, moment in self.due.items() if moment <= now}
        for path in ready:
            del self.due[path]
            self.gone.discard(path)
        self._remember(ready, now)
        return ready

    def _remember(self, paths: set[str], now: float) -> None:
        for path in paths:
            pause = self.recent.get(path, (0.0, _PACE / 2))[1]
            self.recent[path] = (now, min(2 * pause, _SLOWEST))
        # A file that was left alone for twice its pause is a file like any other.
        self.recent = {
            path: (last, pause)
            for path, (last, pause) in self.recent.items()
            if now - last < 2 * pause
        }
