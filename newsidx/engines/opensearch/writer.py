"""Writing to a cluster. It has no transactions: articles appear batch by batch, each whole.

What is small enough for one request is held back until the commit, so that it can still be
forgotten. Of more, a rollback leaves what has arrived: the ledger's intent names it, and the
next run removes it and reads its files again.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import cast

from msgspec.structs import replace

from newsidx.article import Article
from newsidx.engines.base import Prepared
from newsidx.engines.opensearch.bulk import Bulk
from newsidx.engines.opensearch.client import Cluster
from newsidx.engines.opensearch.home import read_home, write_home
from newsidx.engines.opensearch.layout import encoded
from newsidx.engines.opensearch.prepare import PreparedDocuments
from newsidx.errors import EngineError, Refused

__all__ = ["OpenSearchWriter"]

# In seconds: that a merge may take; that may go until nothing is left, and between two looks.
_LONG = 3600.0
_PATIENCE = 120.0
_PAUSE = 2.0


class OpenSearchWriter:
    """One run of changes.

    Attributes:
        rejected: Id -> why the cluster would not have an article, after `commit`.
    """

    def __init__(self, directory: Path, language: str, cluster: Cluster) -> None:
        self._directory = directory
        self._language = language
        self._cluster = cluster
        self._home = home = read_home(directory)
        if not home.physical:
            raise Refused(
                f"This index is attached to {home.shown} for searching only.",
                "Index into one of your own: newsidx index DIR --index PATH "
                "--engine opensearch --url URL",
            )
        self._bulk = Bulk(cluster, home.physical)
        self._deleted: set[str] = set()
        self._merge = self._expunge = False

    @property
    def rejected(self) -> dict[str, str]:
        """Id -> reason."""
        return self._bulk.rejected

    def add(self, article: Article) -> None:
        """Add an article."""
        self._put(article.id, encoded(article, self._language, self._home.owner))

    def _put(self, key: str, document: bytes) -> None:
        self._deleted.discard(key)  # it is replaced
        self._bulk.index(key, document)

    def delete(self, ids: Iterable[str]) -> None:
        """Delete articles of this ledger; it has no others in its physical index."""
        self._deleted.update(ids)

    def optimize(self) -> None:
        """Let the commit merge each shard into one segment."""
        self._merge = True

    def reclaim(self) -> None:
        """Leave nothing of deleted articles behind."""
        self._expunge = True

    def adopt(self, prepared: Prepared, without: Collection[int]) -> None:
        """Send documents that were prepared, but for some."""
        documents = cast(PreparedDocuments, prepared)
        gone = set(without)
        for key, line in documents.lines([n for n in range(documents.documents) if n not in gone]):
            self._put(key, line)

    def commit(self) -> None:
        """Wait until everything has arrived, and let searches see it."""
        try:
            self._bulk.delete(sorted(self._deleted))
            self._bulk.flush()
            # Of what was refused, no earlier version may go on answering.
            self._bulk.delete(sorted(self._bulk.rejected))
            self._bulk.flush()
            self._refresh()
            if self._merge:
                self._force_merge({"max_num_segments": 1})
            if self._expunge:
                self._leave_nothing()
        finally:
            self._bulk.close()
        write_home(self._directory, replace(self._home, commit=self._home.commit + 1))

    def _refresh(self) -> None:
        self._cluster.call("POST", f"/{self._home.physical}/_refresh")

    def _leave_nothing(self) -> None:
        """Merge until nothing is left that was deleted.

        The cluster keeps it for copies that may want to catch up, until half a minute has gone.
        """
        begun = time.monotonic()
        while True:
            self._cluster.call("POST", f"/{self._home.physical}/_flush", None, {"force": "true"})
            self._force_merge({"only_expunge_deletes": "true"})
            if not self._left():
                return
            if time.monotonic() - begun > _PATIENCE:
                raise EngineError(
                    f"The cluster at {self._home.shown} still keeps what was deleted, for copies "
                    "that may catch up.",
                    "See that all nodes are there, and say it again later.",
                )
            time.sleep(_PAUSE)

    def _left(self) -> int:
        """How many deleted documents there are still, copies included."""
        stats = self._cluster.call("GET", f"/{self._home.physical}/_stats/docs")
        return int(stats["_all"]["total"]["docs"]["deleted"])

    def _force_merge(self, params: dict[str, object]) -> None:
        path = f"/{self._home.physical}/_forcemerge"
        self._cluster.call("POST", path, None, params | {"flush": "true"}, timeout=_LONG)
        self._refresh()

    def rollback(self) -> None:
        """Forget what has not been sent."""
        self._bulk.close()
