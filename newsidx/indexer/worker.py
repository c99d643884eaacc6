"""What a worker process does: it is sent files to read, and sends back what they gave."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from multiprocessing.connection import Connection
from typing import NamedTuple

from newsidx.collector import collect_rarely
from newsidx.engines.registry import ENGINES
from newsidx.indexer.extract import extract, version_of
from newsidx.indexer.parts import Parts, Recipe
from newsidx.indexer.pieces import Extracted, Job, Part
from newsidx.text.sketch import sketch

__all__ = ["BUNDLE", "Numbered", "Orders", "Read", "weight", "work", "work_on"]

BUNDLE = 64
"""So much is sent at once, by `weight`."""

# And what took longer than so many seconds.
_SECONDS = 0.3
# An article weighs 1, and as much more as it has text.
_CHARACTERS = 1000


class Orders(NamedTuple):
    """What a worker is sent first: how to prepare articles, and how much to send at once."""

    recipe: Recipe
    bundle: int


class Read(NamedTuple):
    """A piece of a file, and the number of its job."""

    job: int
    piece: Extracted


Numbered = tuple[int, Job]


def weight(message: object) -> int:
    """What a message takes of the room for what waits to be committed."""
    if not isinstance(message, Read):
        return 0
    items = message.piece.items
    return len(items) + sum(len(item.article.body) for item in items) // _CHARACTERS


def work_on(jobs: Iterator[Numbered], parts: Parts) -> Iterator[Read | Part]:
    """Read files: yields the pieces of each in order, and the parts they belong to."""
    try:
        for number, job in jobs:
            for piece in extract(job):
                for found in parts.take(job, piece):
                    yield found if isinstance(found, Part) else Read(number, found)
        yield parts.finish()
    except BaseException:
        parts.cancel()
        raise


def work(pipe: Connection, parent: int, engine: str) -> None:
    """Jobs in, pieces and parts out, until there are no more.

    Args:
        pipe: On which `Orders` come, then lists of numbered jobs, and at last an empty one.
        parent: The id of the process at its other end.
        engine: For which orders are likely to come, or nothing.
    """
    collect_rarely()
    _attend(parent)
    try:
        _load(engine)
        orders: Orders = pipe.recv()
        parts, outbox = Parts(orders.recipe), _Outbox(pipe, orders.bundle)
        for message in work_on(_received(pipe, outbox), parts):
            outbox.put(message)
        pipe.send([])
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return  # nobody wants it any more


def _load(engine: str) -> None:
    """Import what the work will take, while there is none yet."""
    if engine not in ENGINES:
        return
    version_of(None)  # all readers
    import_module("newsidx.refine.refine")
    sketch("")
    with suppress(ImportError):  # who needs what is missing will say so
        import_module(f"{ENGINES[engine]}.prepare")


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
        self._weight += 1 + weight(message)
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
