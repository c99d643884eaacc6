"""Extracting many files, in worker processes when that pays, always in order."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context

from newsidx.indexer.extract import Extracted, Job, extract

__all__ = ["extract_all"]

# Below this much, starting workers takes longer than the work.
_FEW_FILES = 48
_FEW_BYTES = 1_500_000
_CHUNK = 16


def extract_all(jobs: list[Job], processes: int, size: int) -> Iterator[Extracted]:
    """Extract files and yield the results in the order of the jobs.

    Args:
        jobs: The files.
        processes: How many workers; 1 works in this process.
        size: Bytes in all files together, to judge whether workers pay.
    """
    if processes < 2 or (len(jobs) < _FEW_FILES and size < _FEW_BYTES):
        yield from map(extract, jobs)
        return
    chunks = _chunks(jobs)
    pool = _pool(processes)
    running: deque[tuple[list[Job], Future[list[Extracted]]]] = deque()
    waiting: list[list[Job]] = []
    finished = False
    try:
        while True:
            waiting += islice(chunks, max(0, 3 * processes - len(running) - len(waiting)))
            try:
                while waiting:
                    running.append((waiting[0], pool.submit(_extract_chunk, waiting[0])))
                    del waiting[0]
                if not running:
                    finished = True
                    return
                found = running[0][1].result()
            except BrokenProcessPool:
                # A worker died, and the pool with it: find out on which file.
                pool.shutdown(cancel_futures=True)
                lost = [*(chunk for chunk, _ in running), *waiting]
                running.clear()
                waiting.clear()
                yield from _one_by_one([job for chunk in lost for job in chunk])
                pool = _pool(processes)
            else:
                running.popleft()
                yield from found
    finally:
        if not finished:
            _end(pool)
        pool.shutdown(wait=False, cancel_futures=True)


def _end(pool: ProcessPoolExecutor) -> None:
    """Stop the workers in the middle of what they do: nobody wants it any more."""
    for process in list((pool._processes or {}).values()):  # noqa: SLF001 - there is no public way before Python 3.14
        process.terminate()


def _one_by_one(jobs: list[Job]) -> Iterator[Extracted]:
    """Extract files each alone in a worker, so that one that kills it is known."""
    pool = _pool(1)
    for job in jobs:
        try:
            yield pool.submit(extract, job).result()
        except BrokenProcessPool:
            yield Extracted(job.path, reason="internal", detail="Reading it killed the process.")
            pool.shutdown()
            pool = _pool(1)
    pool.shutdown()


def _chunks(jobs: Iterable[Job]) -> Iterator[list[Job]]:
    rest = iter(jobs)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk


def _extract_chunk(jobs: list[Job]) -> list[Extracted]:
    return [extract(job) for job in jobs]


def _pool(processes: int) -> ProcessPoolExecutor:
    # Spawned workers share no file, lock or database with this process.
    return ProcessPoolExecutor(
        processes,
        mp_context=get_context("spawn"),
        initializer=_start_worker,
        initargs=(os.getpid(),),
    )


def _start_worker(parent: int) -> None:
    """Leave Ctrl-C to the parent, and do not outlive it, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
