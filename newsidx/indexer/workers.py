"""Reading many files and preparing their articles, in worker processes when that pays.

Each worker has a pipe of its own, on which it is sent jobs and sends back pieces and,
from time to time, the part that they belong to. A thread takes what comes from any of
them as long as there is room; otherwise they wait in their pipes. So memory is bounded,
however much a file holds.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import NamedTuple

from newsidx.collector import collect_rarely
from newsidx.errors import NewsidxError
from newsidx.indexer.extract import extract
from newsidx.indexer.parts import Parts, Recipe
from newsidx.indexer.pieces import Extracted, Job, Part

__all__ = ["Lost", "Read", "extract_all"]

# Below this much, starting workers takes longer than the work.
_FEW_FILES = 48
_FEW_BYTES = 1_500_000
_CHUNK = 16
# What may wait to be committed: an article weighs 1, and as much more as it has text.
_ROOM = 40_000
_CHARACTERS = 1000
# Seconds after which it is looked again whether there is room.
_PATIENCE = 0.1
# So much is sent at once, and what took longer than so many seconds.
_BUNDLE = 64
_SECONDS = 0.3
# So many workers may die, one behind another, without a file to blame.
_DEATHS = 3


class Read(NamedTuple):
    """A piece of a file, and the number of its job."""

    job: int
    piece: Extracted


class Lost(NamedTuple):
    """What a worker has sent since its last part is lost with it, and is read again."""


Message = Read | Part | Lost
Numbered = tuple[int, Job]


def extract_all(
    jobs: Sequence[Job],
    processes: int,
    size: int,
    recipe: Recipe,
    meanwhile: Callable[[], None],
) -> Iterator[tuple[int, Message]]:
    """Read files: yields the pieces of each in order, and the parts they belong to.

    Pieces come in several streams, one for each worker; a part ends what came before it
    in its own stream. Nothing comes behind the last part of a stream.

    Args:
        jobs: The files.
        processes: How many workers; 1 works in this process.
        size: Bytes in all files together, to judge whether workers pay.
        recipe: How articles are prepared.
        meanwhile: Called while workers start.

    Yields:
        The number of a stream, and what comes in it.
    """
    if processes < 2 or len(jobs) < 2 or (len(jobs) < _FEW_FILES and size < _FEW_BYTES):
        for message in _work_on(enumerate(jobs), Parts(recipe)):
            yield 0, message
        return
    pool = _Pool(jobs, min(processes, len(jobs)), recipe)
    try:
        meanwhile()
        yield from pool.messages()
    finally:
        pool.end()


def _work_on(jobs: Iterator[Numbered], parts: Parts) -> Iterator[Read | Part]:
    try:
        for number, job in jobs:
            for piece in extract(job):
                for found in parts.take(job, piece):
                    yield found if isinstance(found, Part) else Read(number, found)
        yield parts.finish()
    except BaseException:
        parts.cancel()
        raise


class _Worker:
    """A process, and the pipe to it.

    Attributes:
        given: The jobs it was sent of which a part hasn't come yet, in order.
        done: How many of these are finished.
        dismissed: It was told that there is nothing more to do.
        finished: It has sent its last part, and an empty list behind it.
    """

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe
        self.given: deque[Numbered] = deque()
        self.done = self._deaths = 0
        # What files that killed it come to, told with the part that their neighbours are in.
        self._blamed: list[Read] = []
        self.dismissed = self.finished = self._careful = False
        self._start()

    def _start(self) -> None:
        # Spawned workers share no file, lock or database with this process.
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(
            target=_work,
            args=(theirs, os.getpid(), self._recipe, 1 if self._careful else _BUNDLE),
            daemon=True,
        )
        with _safe_path():
            self.process.start()
        theirs.close()

    def give(self, jobs: list[Numbered]) -> None:
        """Send it jobs; none dismisses it when it is done with those it has."""
        self.given += jobs
        self.dismissed = not jobs
        self._send(jobs)

    def _send(self, jobs: list[Numbered]) -> None:
        with suppress(OSError):  # when it is dead, reading from it will tell
            self.pipe.send(jobs)

    def take(self) -> list[Message]:
        """What it says next; where it died, that, and a piece that says so of its job."""
        try:
            messages: list[Read | Part] = self.pipe.recv()
        except (EOFError, OSError):
            return self._start_again()
        self.finished = not messages
        for message in messages:
            if isinstance(message, Read):
                self.done += message.piece.ends_job
            else:
                for _ in range(self.done):
                    self.given.popleft()
                self.done = self._deaths = 0
                self._blamed.clear()
        return list(messages)

    def _start_again(self) -> list[Message]:
        self.pipe.close()
        self.process.join()
        if not self._careful:
            # It may have done more than it said: only the next death tells at which job.
            self._careful = True
        elif self.done < len(self.given):
            number, job = self.given[self.done]
            del self.given[self.done]
            detail = "Reading it killed the process."
            piece = Extracted(job.path, last=True, reason="internal", detail=detail)
            self._blamed.append(Read(number, piece))
        else:
            self._deaths += 1
            if self._deaths == _DEATHS:
                raise NewsidxError(
                    "Worker processes are being killed.",
                    "Perhaps memory runs out: try --memory 300, or --jobs 1.",
                )
        self.done = 0
        self._start()
        if self.given:
            self._send(list(self.given))
        if self.dismissed:
            self._send([])
        return [Lost(), *self._blamed]

    def end(self) -> None:
        """Stop it, in the middle of what it does when nobody wants that any more."""
        self.process.terminate()
        self.process.join()
        self.pipe.close()


class _Pool:
    """Workers, and a thread that takes what they send while the parent does other things."""

    def __init__(self, jobs: Sequence[Job], processes: int, recipe: Recipe) -> None:
        self.jobs = enumerate(jobs)
        self.chunk = max(1, min(_CHUNK, len(jobs) // (4 * processes)))
        self.waiting: deque[tuple[int, Message]] = deque()
        self.held = 0
        self.news = threading.Condition()
        self.over = False
        self.failure: BaseException | None = None
        self.workers = [_Worker(recipe) for _ in range(processes)]
        for worker in self.workers:
            self._supply(worker)
        self.thread = threading.Thread(target=self._receive_all, daemon=True)
        self.thread.start()

    def messages(self) -> Iterator[tuple[int, Message]]:
        """What comes from all workers, until they are done."""
        while True:
            with self.news:
                while not self.waiting:
                    if self.failure:
                        raise self.failure
                    if self.over:
                        return
                    self.news.wait(1)
                stream, message = self.waiting.popleft()
                self.held -= _weight(message)
            yield stream, message

    def end(self) -> None:
        """Stop everything."""
        self.over = True
        self.thread.join()
        for worker in self.workers:
            worker.end()

    def _supply(self, worker: _Worker) -> None:
        """Let a worker have jobs to go on with, or know that there are none."""
        while not worker.dismissed and len(worker.given) - worker.done <= self.chunk:
            worker.give(list(islice(self.jobs, self.chunk)))

    # In the thread

    def _receive_all(self) -> None:
        try:
            while not self.over and (active := self._active()):
                if self.held >= _ROOM:
                    time.sleep(_PATIENCE)
                    continue
                for pipe in wait(list(active), _PATIENCE):
                    self._receive(active[pipe])  # type: ignore[index]
        except BaseException as failure:
            self.failure = failure
        self.over = True
        with self.news:
            self.news.notify()

    def _active(self) -> dict[Connection, int]:
        return {w.pipe: at for at, w in enumerate(self.workers) if not w.finished}

    def _receive(self, stream: int) -> None:
        worker = self.workers[stream]
        messages = worker.take()
        self._supply(worker)
        with self.news:
            for message in messages:
                self.waiting.append((stream, message))
                self.held += _weight(message)
            self.news.notify()


@contextmanager
def _safe_path() -> Iterator[None]:
    """Let a new Python look for no module in the folder that somebody happens to stand in."""
    before = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHONSAFEPATH"]
        else:
            os.environ["PYTHONSAFEPATH"] = before


def _weight(message: Message) -> int:
    if not isinstance(message, Read):
        return 0
    items = message.piece.items
    return len(items) + sum(len(item.article.body) for item in items) // _CHARACTERS


def _work(pipe: Connection, parent: int, recipe: Recipe, bundle: int) -> None:
    """What a worker does: jobs in, pieces and parts out, until there are no more."""
    collect_rarely()
    _attend(parent)
    parts, outbox = Parts(recipe), _Outbox(pipe, bundle)
    try:
        for message in _work_on(_received(pipe, outbox), parts):
            outbox.put(message)
        pipe.send([])
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return  # nobody wants it any more


class _Outbox:
    """Sends messages several at once: to wake the parent for every small file takes long."""

    def __init__(self, pipe: Connection, bundle: int) -> None:
        self._pipe = pipe
        self._bundle = bundle
        self._held: list[Read | Part] = []
        self._weight = 0
        self._since = time.monotonic()

    def put(self, message: Read | Part) -> None:
        self._held.append(message)
        self._weight += 1 + _weight(message)
        late = time.monotonic() - self._since > _SECONDS
        if late or self._weight >= self._bundle or isinstance(message, Part):
            self.flush()

    def flush(self) -> None:
        if self._held:
            self._pipe.send(self._held)
        self._held, self._weight, self._since = [], 0, time.monotonic()


def _received(pipe: Connection, outbox: _Outbox) -> Iterator[Numbered]:
    """The jobs that are sent, until there are no more."""
    while True:
        if not pipe.poll():
            outbox.flush()  # they are sent for what is done
        jobs = pipe.recv()
        if not jobs:
            return
        yield from jobs


def _attend(parent: int) -> None:
    """Leave Ctrl-C to the parent, and do not outlive it, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
