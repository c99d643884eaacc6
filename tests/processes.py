"""Running the command line in processes of its own, on an index of sample_data."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any


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


def finished(*args: str | os.PathLike[str], **options: Any) -> Finished:
    """Run `newsidx` with arguments to its end."""
    env = environment(**options.pop("env", {}))
    done = subprocess.run(
        [sys.executable, "-m", "newsidx", *map(os.fspath, args)],
        capture_output=True,
        env=env,
        timeout=120,
        check=False,
        **options,
    )
    out, err = (stream.decode("utf-8", "replace") for stream in (done.stdout, done.stderr))
    return Finished(done.returncode, out, err)
