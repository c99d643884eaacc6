"""Requests to a cluster: tried again where that helps, and errors that people understand."""

from __future__ import annotations

import logging
import random
import time
import warnings
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from newsidx.engines.opensearch.home import Home
from newsidx.engines.opensearch.secrets import API_KEY, PASSWORD, USER, credentials, verifies
from newsidx.errors import EngineError, IndexDamaged

__all__ = ["Cluster", "NotThere", "Refusal", "passes", "pause"]

# Statuses of a cluster that is busy, or has just lost a node.
_PASSING = frozenset({429, 502, 503, 504})

# What a node answers (with a 500) whose connection to another broke in the middle of a request.
_BROKEN = frozenset(
    f"{name}_exception"
    for name in (
        *("node_disconnected", "node_not_connected", "node_closed"),
        *("connect_transport", "send_request_transport", "index_shard_closed"),
    )
)

# So long is a request tried again, in seconds: electing another cluster manager and promoting
# replicas takes ten to thirty. One that never got an answer at all is given up sooner.
_PATIENCE = 90.0
_FIRST_PATIENCE = 3.0
_TIMEOUT = 60.0


class NotThere(IndexDamaged):
    """What was asked for is not in the cluster (404)."""


class Refusal(EngineError):
    """A request that the cluster understood and would not do.

    Attributes:
        status: Of HTTP.
        kind: The cluster's own name of the error.
    """

    def __init__(self, message: str, hint: str | None, status: int, kind: str) -> None:
        super().__init__(message, hint)
        self.status = status
        self.kind = kind


def pause(attempt: int) -> float:
    """Seconds to wait before another attempt, from 0: growing, and never the same for all."""
    return min(5.0, 0.1 * 2.0**attempt) * random.uniform(0.5, 1.5)  # noqa: S311 - no secret


class Cluster:
    """A client of the nodes that a directory names.

    Raises:
        EngineError: The client isn't installed.
    """

    def __init__(self, home: Home) -> None:
        self.home = home
        self._client = _client(home)
        self._answered = False

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        params: Mapping[str, Any] | None = None,
        *,
        timeout: float = _TIMEOUT,
        patience: float = _PATIENCE,
    ) -> Any:
        """What the cluster answers.

        Args:
            timeout: Seconds for one attempt.
            patience: Seconds in which another is made.

        Raises:
            NotThere: 404.
            Refusal: Any other answer that says no.
            EngineError: It can't be reached, or asks who we are.
        """
        import opensearchpy

        begun, attempt = time.monotonic(), 0
        while True:
            given = {**(params or {}), "request_timeout": timeout}  # the client takes it out
            try:
                found = self._client.transport.perform_request(method, path, given, body)
            except opensearchpy.exceptions.SSLError:
                raise self._untrusted() from None
            except opensearchpy.exceptions.TransportError as problem:
                status = problem.status_code
                passing = not isinstance(status, int) or passes(status, problem.info)
                reached = self._answered or isinstance(status, int)
                limit = patience if reached else min(patience, _FIRST_PATIENCE)
                if not passing or time.monotonic() - begun > limit:
                    raise self._explained(problem) from None
            except opensearchpy.exceptions.SerializationError:
                raise EngineError(
                    f"What answers at {self.home.shown} is no OpenSearch.", "Look at the address."
                ) from None
            else:
                self._answered = True
                return found
            time.sleep(pause(attempt))
            attempt += 1

    def _untrusted(self) -> EngineError:
        return EngineError(
            f"The certificate of {self.home.shown} isn't trusted.",
            "Name the file of the authority that signed it: --ca FILE",
        )

    def _explained(self, problem: Any) -> Exception:
        where, status = self.home.shown, problem.status_code
        if status == 404:
            reason = _reason(problem)[1]
            return NotThere(f"The index {where} is gone from the cluster: {reason}")
        if not isinstance(status, int):
            return EngineError(
                f"The cluster at {where} can't be reached.",
                "Look at the address and whether a node answers there: curl URL",
            )
        if status == 401:
            return EngineError(
                f"The cluster at {where} doesn't let us in (401).",
                f"Set ${USER} and ${PASSWORD}, or ${API_KEY}.",
            )
        if status == 403:
            return EngineError(
                f"The cluster at {where} doesn't let us do that (403).",
                "docs/opensearch.md says which permissions a role needs.",
            )
        kind, reason = _reason(problem)
        over_soon = passes(status, problem.info)
        hint = "Wait until it has recovered, and try again." if over_soon else None
        return Refusal(f"The cluster at {where} answers {status}: {reason}", hint, status, kind)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()


def passes(status: int, error: Any) -> bool:
    """Whether an error is of a kind that is over soon.

    Args:
        status: Of HTTP, of a request or of one document in it.
        error: What the cluster says of it.
    """
    return status in _PASSING or (status == 500 and not _BROKEN.isdisjoint(_kinds(error)))


def _kinds(info: Any) -> Iterator[str]:
    """The kinds of all errors that an error consists of."""
    if isinstance(info, list):
        for each in info:
            yield from _kinds(each)
    elif isinstance(info, dict):
        yield str(info.get("type", ""))
        for name in ("error", "root_cause", "caused_by", "failed_shards", "reason"):
            yield from _kinds(info.get(name))


def _reason(problem: Any) -> tuple[str, str]:
    """The kind of an error and its reason, as far down as the cluster tells."""
    info = problem.info if isinstance(problem.info, dict) else {}
    error = info.get("error")
    if not isinstance(error, dict):
        return "", str(error or problem.error)[:300]
    causes = error.get("root_cause") or [error]
    cause, kind, reason = causes[0], str(causes[0].get("type", "")), ""
    while isinstance(cause, dict):
        reason = str(cause.get("reason") or reason)
        cause = cause.get("caused_by")
    return kind, reason[:300]


def _client(home: Home) -> Any:
    try:
        import opensearchpy
    except ImportError:
        raise EngineError(
            "The engine opensearch needs a package that isn't installed.",
            "Install it: pip install 'newsidx[opensearch]'",
        ) from None
    # Failed requests are told about by our own errors.
    logger = logging.getLogger("opensearch")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    warnings.filterwarnings("ignore", category=opensearchpy.OpenSearchWarning)
    parts = [urlsplit(host) for host in home.hosts]
    hosts = [
        {"host": p.hostname, "port": p.port, "url_prefix": p.path, "use_ssl": p.scheme == "https"}
        for p in parts
    ]
    tls: dict[str, Any] = {}
    if parts[0].scheme == "https":
        verify = verifies()
        tls = {"verify_certs": verify, "ssl_show_warn": False, "ssl_assert_hostname": verify}
        if home.ca:
            tls["ca_certs"] = home.ca
    local = all(part.hostname in ("127.0.0.1", "localhost", "::1") for part in parts)
    return opensearchpy.OpenSearch(
        hosts,
        http_compress=not local,
        max_retries=len(hosts) - 1,  # each node once; `Cluster.call` tries again
        retry_on_timeout=False,
        retry_on_status=(),
        pool_maxsize=8,
        timeout=_TIMEOUT,
        **tls,
        **credentials(),
    )
