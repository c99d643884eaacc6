"""Sending many documents: few requests at once, and what comes back is looked at.

A busy cluster refuses (429): then fewer and later. What it refuses for good is kept, with
the reason, for the ledger.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import Any

from newsidx.engines.opensearch.client import Cluster, Refusal, passes, pause
from newsidx.errors import EngineError, IndexDamaged

__all__ = ["Bulk"]

_BYTES = 4_000_000
_DOCUMENTS = 1_000
_AT_ONCE = 2  # requests under way, while the next is put together
_PATIENCE = 300.0
_TIMEOUT = 120.0

_Line = tuple[str, bytes]


class Bulk:
    """Sends actions to one physical index, in the order they come.

    Attributes:
        rejected: Id -> why the cluster would not have its document.
    """

    def __init__(self, cluster: Cluster, physical: str) -> None:
        self._cluster = cluster
        self._physical = physical
        self._pool = ThreadPoolExecutor(_AT_ONCE, "newsidx-bulk")
        self._waiting: list[Future[None]] = []
        self._lines: list[_Line] = []
        self._size = 0
        self._closed = Event()
        self.rejected: dict[str, str] = {}

    def index(self, key: str, document: bytes) -> None:
        """Add or replace a document."""
        action = json.dumps({"index": {"_id": key}}).encode()
        self._take(key, action + b"\n" + document + b"\n")

    def delete(self, keys: Iterable[str]) -> None:
        """Delete documents; those that are not there are no matter."""
        for key in keys:
            self._take(key, json.dumps({"delete": {"_id": key}}).encode() + b"\n")

    def _take(self, key: str, line: bytes) -> None:
        self._lines.append((key, line))
        self._size += len(line)
        if self._size >= _BYTES or len(self._lines) >= _DOCUMENTS:
            self._send()

    def _send(self) -> None:
        if not self._lines:
            return
        lines, self._lines, self._size = self._lines, [], 0
        while len(self._waiting) >= _AT_ONCE:
            self._waiting.pop(0).result()
        self._waiting.append(self._pool.submit(self._deliver, lines))

    def flush(self) -> None:
        """Wait until everything has arrived, or was rejected.

        Raises:
            EngineError: The cluster went, or stayed busy for minutes.
        """
        self._send()
        while self._waiting:
            self._waiting.pop(0).result()

    def close(self) -> None:
        """Let go of the threads, and of what was not sent."""
        self._lines = []
        self._closed.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _deliver(self, lines: list[_Line]) -> None:
        begun, attempt = time.monotonic(), 0
        while lines:
            try:
                lines = self._refused(lines)
            except Refusal as problem:
                if problem.status != 413:
                    raise
                if len(lines) == 1:
                    self.rejected[lines[0][0]] = "The cluster takes no document of its size (413)."
                    return
                middle = len(lines) // 2  # more than the cluster takes in one request
                self._deliver(lines[:middle])
                lines = lines[middle:]
                continue
            if not lines:
                return
            if time.monotonic() - begun > _PATIENCE:
                raise EngineError(
                    f"The cluster at {self._cluster.home.shown} has been too busy for minutes.",
                    "Wait, and run newsidx index again: it goes on where it stopped.",
                )
            if self._closed.wait(pause(attempt)):
                return  # nobody waits for it any more
            attempt += 1

    def _refused(self, lines: list[_Line]) -> list[_Line]:
        """Send lines; gives those that the cluster is too busy for."""
        body = b"".join(line for _, line in lines)
        params = {"filter_path": "errors,items.*.status,items.*.error"}
        path = f"/{self._physical}/_bulk"
        answer = self._cluster.call("POST", path, body, params, timeout=_TIMEOUT)
        if not answer["errors"]:
            return []
        again = []
        for line, item in zip(lines, answer["items"], strict=True):
            ((kind, result),) = item.items()
            status = result["status"]
            if passes(status, result.get("error")):
                again.append(line)
            elif status == 404 and kind == "delete" and "error" not in result:
                continue
            elif "error" in result:
                if result["error"].get("type") == "index_not_found_exception":
                    raise IndexDamaged(f"The index {self._physical} is gone from the cluster.")
                if kind != "index" or status != 400:
                    raise self._unable(status, result["error"])
                self.rejected[line[0]] = f"The cluster rejected it: {_why(result['error'])}"
        return again

    def _unable(self, status: int, error: dict[str, Any]) -> EngineError:
        """What is no fault of the document: no right to write, a disk that is full."""
        return EngineError(
            f"The cluster at {self._cluster.home.shown} does not do what it is sent ({status}): "
            f"{_why(error)}",
            "Mend that, and run newsidx index again: it goes on where it stopped.",
        )


def _why(error: dict[str, Any]) -> str:
    return ": ".join(_reasons(error))[:480]


def _reasons(error: dict[str, Any]) -> Iterator[str]:
    while isinstance(error, dict):
        if error.get("reason"):
            yield str(error["reason"])
        error = error.get("caused_by")  # type: ignore[assignment]
