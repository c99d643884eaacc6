"""Extracting many files, in worker processes when that pays, always in order.

Each worker has a pipe of its own, on which it is sent jobs and sends back pieces. The
parent takes what comes from any of them as long as it has room, and otherwise only from
the one whose turn it is; the others wait in their pipes. So memory is bounded, however
much a file holds.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from newsidx.indexer.extract import Extracted, Job, extract

__all__ = ["extract_all"]

# Below this much, starting workers takes longer than the work.
_FEW_FILES = 48
_FEW_BYTES = 1_500_000
_CHUNK = 16
# Characters of text that may wait for their turn in the parent, and the seconds after
# which it looks again whether there is room.
_ROOM = 32_000_000
_PATIENCE = 0.1


def extract_all(jobs: list[Job], processes: int, size: int) -> Iterator[Extracted]:
    """Extract files and yield their pieces in the order of the jobs.

    Args:
        jobs: The files.
        processes: How many workers; 1 works in this process.
        size: Bytes in all files together, to judge whether workers pay.
    """
    if processes < 2 or len(jobs) < 2 or (len(jobs) < _FEW_FILES and size < _FEW_BYTES):
        for job in jobs:
            yield from extract(job)
        return
    pool = _Pool(jobs, min(processes, len(jobs)))
    try:
        yield from pool.pieces()
    finally:
        pool.end()


@dataclass(slots=True)
class _Chunk:
    """Jobs that one worker does, and what it has sent of them.

    Attributes:
        done: How many of the jobs are finished.
        begun: Whether a piece of the next one has come.
        lost: Whether the worker that was given it has died.
    """

    jobs: list[Job]
    pieces: deque[Extracted] = field(default_factory=deque)
    done: int = 0
    begun: bool = False
    lost: bool = False

    def take(self, piece: Extracted) -> None:
        self.pieces.append(piece)
        self.begun = not piece.ends_job
        self.done += piece.ends_job

    @property
    def finished(self) -> bool:
        return self.done == len(self.jobs)


class _Worker:
    """A process, and the pipe to it."""

    def __init__(self) -> None:
        # Spawned workers share no file, lock or database with this process.
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(
            target=_work, args=(theirs, os.getpid()), daemon=True
        )
        with _safe_path():
            self.process.start()
        theirs.close()
        self.chunk: _Chunk | None = None

    def give(self, chunk: _Chunk) -> None:
        self.chunk, chunk.lost = chunk, False
        with suppress(OSError):  # when it is dead, reading from it will tell
            self.pipe.send(chunk.jobs[chunk.done :])

    def take(self, chunk: _Chunk) -> Extracted:
        """Its next piece; where it died, one that says so of the job that it was at."""
        try:
            return self.pipe.recv()  # type: ignore[no-any-return]
        except (EOFError, OSError):
            self._start_again()
            path, first = chunk.jobs[chunk.done].path, not chunk.begun
            detail = "Reading it killed the process."
            chunk.lost = True
            return Extracted(path, first=first, last=True, reason="internal", detail=detail)

    def _start_again(self) -> None:
        self.pipe.close()
        self.process.join()
        fresh = _Worker()
        self.pipe, self.process = fresh.pipe, fresh.process

    def end(self) -> None:
        self.process.terminate()
        self.process.join()
        self.pipe.close()


class _Pool:
    """Workers, and a thread that takes what they send while the parent does other things."""

    def __init__(self, jobs: list[Job], processes: int) -> None:
        rest = iter(jobs)
        each = max(1, min(_CHUNK, len(jobs) // processes))
        self.chunks = iter(lambda: list(islice(rest, each)), [])
        self.order: deque[_Chunk] = deque()
        self.held = 0
        self.news = threading.Condition()
        self.ended = False
        self.failure: BaseException | None = None
        self.workers = [_Worker() for _ in range(processes)]
        for worker in self.workers:
            self._next_chunk(worker)
        self.thread = threading.Thread(target=self._receive_all, daemon=True)
        self.thread.start()

    def pieces(self) -> Iterator[Extracted]:
        while piece := self._next_piece():
            yield piece

    def _next_piece(self) -> Extracted | None:
        with self.news:
            while self.order:
                chunk = self.order[0]
                if chunk.pieces:
                    piece = chunk.pieces.popleft()
                    self.held -= _weight(piece)
                    return piece
                if chunk.finished:
                    self.order.popleft()
                elif self.failure:
                    raise self.failure
                else:
                    self.news.wait(1)
        return None

    def end(self) -> None:
        """Stop the workers, in the middle of what they do when nobody wants it any more."""
        self.ended = True
        self.thread.join()
        for worker in self.workers:
            worker.end()

    def _next_chunk(self, worker: _Worker) -> None:
        worker.chunk = None
        if jobs := next(self.chunks, None):
            chunk = _Chunk(jobs)
            self.order.append(chunk)
            worker.give(chunk)

    # In the thread

    def _receive_all(self) -> None:
        try:
            while not self.ended and (waiting := self._open_workers()):
                for pipe in wait(list(waiting), _PATIENCE):
                    self._receive(waiting[pipe])  # type: ignore[index]
        except BaseException as failure:
            self.failure = failure

    def _open_workers(self) -> dict[Connection, _Worker]:
        """Those to take from: any at work while there is room, else the one whose turn it is."""
        with self.news:
            first = next((chunk for chunk in self.order if not chunk.finished), None)
            return {
                worker.pipe: worker
                for worker in self.workers
                if worker.chunk and (worker.chunk is first or self.held < _ROOM)
            }

    def _receive(self, worker: _Worker) -> None:
        chunk = worker.chunk
        assert chunk is not None
        piece = worker.take(chunk)
        with self.news:
            chunk.take(piece)
            self.held += _weight(piece)
            if chunk.finished:
                self._next_chunk(worker)
            elif chunk.lost:
                worker.give(chunk)
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


def _weight(piece: Extracted) -> int:
    return sum(len(item.article.body) for item in piece.items)


def _work(pipe: Connection, parent: int) -> None:
    """What a worker does: jobs in, pieces out, until there are no more."""
    _attend(parent)
    while True:
        try:
            jobs: Iterable[Job] = pipe.recv()
        except EOFError:
            return
        try:
            for job in jobs:
                for piece in extract(job):
                    pipe.send(piece)
        except (BrokenPipeError, ConnectionResetError):
            return  # nobody wants it any more


def _attend(parent: int) -> None:
    """Leave Ctrl-C to the parent, and do not outlive it, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
