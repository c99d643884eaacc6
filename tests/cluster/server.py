"""One real server of each version for a whole run of the tests, all of its workers included."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

import pytest
from filelock import FileLock

from tests.cluster.java import VERSIONS, Missing, java_for, libraries

__all__ = ["MAJORS", "address"]

MAJORS = tuple(VERSIONS)

_WANTED = os.environ.get("NEWSIDX_TEST_CLUSTER", "2,3").split(",")
_RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())
_ENVIRON = dict(os.environ)
_REPOSITORY = Path(__file__).resolve().parents[2]
_STARTING = 240.0
# In memory where that is a folder: a cluster flushes to the disk again and again.
_SHARED = Path("/dev/shm")
_SCRATCH = _SHARED if os.access(_SHARED, os.W_OK) else Path(tempfile.gettempdir())


def address(major: int) -> str:
    """The base address of a server, started if it isn't.

    Skips the test where it isn't wanted, or there can be none; under CI that is a failure.
    """
    if str(major) not in _WANTED:
        pytest.skip(f"NEWSIDX_TEST_CLUSTER={','.join(_WANTED)} leaves OpenSearch {major} out")
    try:
        return _address(major)
    except Missing as problem:
        if os.environ.get("CI"):
            pytest.fail(f"no OpenSearch {major}: {problem}")
        pytest.skip(f"no OpenSearch {major}: {problem}")


@cache
def _address(major: int) -> str:
    java_for(major)
    libraries(major)
    folder = _SCRATCH / f"newsidx-cluster-{_RUN}" / str(major)
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.parent / f"{major}.lock"):
        if not (folder / "ready").exists() and not (folder / "missing").exists():
            _start(major, folder)
    if (folder / "missing").exists():
        raise Missing((folder / "missing").read_text())
    return (folder / "ready").read_text()


def _start(major: int, folder: Path) -> None:
    worker = "PYTEST_XDIST_WORKER" in _ENVIRON
    # Of several workers none outlives the one that started them.
    owner = os.getppid() if worker else os.getpid()
    command = [sys.executable, "-m", "tests.cluster.keeper", str(major), str(owner), str(folder)]
    keeper = subprocess.Popen(
        command,
        cwd=_REPOSITORY,
        env=_ENVIRON,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    end = time.monotonic() + _STARTING
    while not any((folder / name).exists() for name in ("ready", "missing")):
        if keeper.poll() is not None or time.monotonic() > end:
            keeper.terminate()
            raise Missing("its keeper ended, or it took too long to start")
        time.sleep(0.2)
    keeper.returncode = 0  # it goes on after us: nobody waits for it
