"""An archive on disk for tests: a folder of articles, and an index of it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from newsidx.app import Index
from newsidx.indexer.report import Report
from newsidx.indexer.run import RunOptions, run
from newsidx.indexer.writing import create_index
from newsidx.results import Page

ENGINE = os.environ.get("NEWSIDX_TEST_ENGINE", "whoosh")
"""What holds the index of tests that are not of one engine."""


class Archive:
    """Files below `press`, indexed into `index`. Files are dated well in the past."""

    def __init__(self, folder: Path) -> None:
        self.press = folder / "press"
        self.path = folder / "index"
        self.press.mkdir(parents=True)
        create_index(self.path, ENGINE, "en")
        self.clock = 1_500_000_000

    def write(self, name: str, text: str | dict[str, Any] | list[Any]) -> Path:
        """Write a file, a moment later than the last one."""
        path = self.press / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text if isinstance(text, str) else json.dumps(text))
        self.clock += 10
        os.utime(path, (self.clock, self.clock))
        return path

    def index(self, *paths: str | Path, **options: Any) -> Report:
        """Run the indexer on the press folder, or on other paths."""
        given = [str(path) for path in paths or (self.press,)]
        return run(self.path, given, RunOptions(**options))

    def search(self, query: str, **options: Any) -> Page:
        with Index(self.path) as index:
            return index.search(query, limit=None, **options)

    def titles(self, query: str = "*") -> list[str]:
        return sorted(hit.article.title for hit in self.search(query).hits)

    def ids(self, query: str = "*") -> set[str]:
        return {hit.article.id for hit in self.search(query).hits}

    def paths(self, query: str = "*") -> list[str]:
        return sorted(hit.article.path for hit in self.search(query).hits)

    @property
    def state(self) -> str:
        with Index(self.path) as index:
            return index.manifest.state

    def outcomes(self) -> dict[str, str]:
        """Path -> status, of all files of all roots."""
        with Index(self.path) as index:
            ledger = index.ledger()
            found = {
                path: row.status
                for root in ledger.roots()
                for path, row in ledger.files(root.id).items()
            }
            ledger.close()
        return found


def story(title: str, body: str, **fields: Any) -> dict[str, Any]:
    """A JSON article."""
    return {"title": title, "text": body, **fields}
