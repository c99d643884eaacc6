from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from newsidx.indexer.run import RunOptions, run
from newsidx.indexer.writing import create_index


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, sample_data: Path) -> Path:
    """An index of sample_data."""
    index = tmp_path_factory.mktemp("demo") / "index"
    create_index(index, "whoosh", "en")
    run(index, [str(sample_data)], RunOptions(jobs=1))
    return index


@dataclass(frozen=True)
class Finished:
    """A process that has ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def environment(**more: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("COV_")}
    return {**kept, "NEWSIDX_CONFIG": os.devnull, **more}


@pytest.fixture(scope="session")
def newsidx() -> Callable[..., Finished]:
    """Run the command line in a process of its own."""

    def finished(*args: str | os.PathLike[str], **options: Any) -> Finished:
        env = environment(**options.pop("env", {}))
        done = subprocess.run(
            [sys.executable, "-m", "newsidx", *map(os.fspath, args)],
            capture_output=True,
            env=env,
            timeout=120,
            check=False,
            **options,
        )
        return Finished(
            done.returncode,
            done.stdout.decode("utf-8", "replace"),
            done.stderr.decode("utf-8", "replace"),
        )

    return finished
