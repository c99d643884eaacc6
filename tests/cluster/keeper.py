"""Runs a node for as long as another process lives, however that one ends.

python -m tests.cluster.keeper MAJOR PID FOLDER: it starts, writes FOLDER/ready with the
address, or FOLDER/missing with the reason, and ends what it started when PID is no more.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

from tests.cluster.java import Missing
from tests.cluster.nodes import Nodes


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def main() -> None:
    """Start, tell, wait, stop."""
    major, pid, folder = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    nodes = Nodes(folder, major)
    try:
        try:
            nodes.start()
        except Missing as problem:
            (folder / "missing.new").write_text(str(problem))
            (folder / "missing.new").rename(folder / "missing")
            return
        (folder / "ready.new").write_text(nodes.urls[0])
        (folder / "ready.new").rename(folder / "ready")
        while _alive(pid):
            time.sleep(0.5)
    finally:
        nodes.stop()
        shutil.rmtree(folder, ignore_errors=True)
        (folder.parent / f"{major}.lock").unlink(missing_ok=True)
        with suppress(OSError):  # the other version is still there
            folder.parent.rmdir()


if __name__ == "__main__":
    main()
