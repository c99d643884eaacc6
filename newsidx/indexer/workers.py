"""Reading many files and preparing their articles, in worker processes when that pays.

Each worker has a pipe of its own, on which it is sent jobs and sends back pieces and,
from time to time, the part that they belong to. A thread takes what comes from any of
them as long as there is room; otherwise they wait in their pipes. So memory is bounded,
however much a file holds.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from multiprocessing.connection import Connection, wait
from typing import NamedTuple

from newsidx.errors import NewsidxError
from newsidx.indexer.crew import FEW_FILES, Crew
from newsidx.indexer.parts import Parts, Recipe
from newsidx.indexer.pieces import Extracted, Job, Part
from newsidx.indexer.worker import BUNDLE, Numbered, Orders, Read, weight, work_on

__all__ = ["Lost", "Read", "extract_all"]

# Files that are large all together pay however few they are.
_FEW_BYTES = 1_500_000
# So many files are sent to a worker at once, and as many while it still has some.
_CHUNK = 16
# Files of so many bytes on average are sent one by one, each to who has nothing to do.
_LARGE = 300_000
# What may wait to be committed, by `weight`.
_ROOM = 40_000
# Seconds after which it is looked again whether there is room.
_PATIENCE = 0.1
# So many workers may die, one behind another, without a file to blame.
_DEATHS = 3


class Lost(NamedTuple):
    """What a worker has sent since its last part is lost with it, and is read again."""


Message = Read | Part | Lost


def extract_all(
    jobs: Sequence[Job],
    processes: int,
    size: int,
    recipe: Recipe,
    crew: Crew,
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
        crew: Of which workers are taken.
        meanwhile: Called while workers start.

    Yields:
        The number of a stream, and what comes in it.
    """
    if processes < 2 or len(jobs) < 2 or (len(jobs) < FEW_FILES and size < _FEW_BYTES):
        for message in work_on(enumerate(jobs), Parts(recipe)):
            yield 0, message
        return
    pool = _Pool(jobs, min(processes, len(jobs)), size, recipe, crew)
    try:
        meanwhile()
        yield from pool.messages()
    finally:
        pool.end()


class _Worker:
    """A process, and the pipe to it.

    Attributes:
        given: The jobs it was sent of which a part hasn't come yet, in order.
        done: How many of these are finished.
        dismissed: It was told that there is nothing more to do.
        finished: It has sent its last part, and an empty list behind it.
    """

    def __init__(self, recipe: Recipe, crew: Crew) -> None:
        self._recipe = recipe
        self._crew = crew
        self.given: deque[Numbered] = deque()
        self.done = self._deaths = 0
        # What files that killed it come to, told with the part that their neighbours are in.
        self._blamed: list[Read] = []
        self.dismissed = self.finished = self._careful = False
        self._start()

    def _start(self) -> None:
        self.process, self.pipe = self._crew.hand()
        self._send(Orders(self._recipe, 1 if self._careful else BUNDLE))

    def give(self, jobs: list[Numbered]) -> None:
        """Send it jobs; none dismisses it when it is done with those it has."""
        self.given += jobs
        self.dismissed = not jobs
        self._send(jobs)

    def _send(self, message: Orders | list[Numbered]) -> None:
        with suppress(OSError):  # when it is dead, reading from it will tell
            self.pipe.send(message)

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

    def __init__(
        self, jobs: Sequence[Job], processes: int, size: int, recipe: Recipe, crew: Crew
    ) -> None:
        self.jobs = enumerate(jobs)
        self.chunk = max(1, min(_CHUNK, len(jobs) // (4 * processes)))
        self.ahead = self.chunk
        if size >= _LARGE * len(jobs):
            self.chunk, self.ahead = 1, 0
        self.waiting: deque[tuple[int, Message]] = deque()
        self.held = 0
        self.news = threading.Condition()
        self.over = False
        self.failure: BaseException | None = None
        self.workers = [_Worker(recipe, crew) for _ in range(processes)]
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
                self.held -= weight(message)
            yield stream, message

    def end(self) -> None:
        """Stop everything."""
        self.over = True
        self.thread.join()
        for worker in self.workers:
            worker.end()

    def _supply(self, worker: _Worker) -> None:
        """Let a worker have jobs to go on with, or know that there are none."""
        while not worker.dismissed and len(worker.given) - worker.done <= self.ahead:
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
                self.held += weight(message)
            self.news.notify()
