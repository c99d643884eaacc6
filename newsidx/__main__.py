"""`python -m newsidx`, and what the `newsidx` command runs."""

from __future__ import annotations

import atexit
import os
import sys
from contextlib import suppress
from typing import NoReturn

from newsidx._version import __version__
from newsidx.collector import collect_rarely

collect_rarely()  # here, since worker processes import this module first


def main() -> None:
    """Run the command line and exit with its status."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        try:
            print(f"newsidx {__version__}", flush=True)  # noqa: T201 - nothing is imported to print with
        except OSError:
            sys.stderr.write("newsidx: The output could not be written.\n")
            os._exit(2)
        sys.exit(0)
    # Arrays are sorted here and not multiplied: NumPy needs no threads, which take long to start.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if sys.argv[1:2] == ["_complete"]:
        from newsidx.cli.completing import main as answer

        _end(answer(sys.argv[2:]))
    try:
        from newsidx.cli.main import main as run

        _end(run(sys.argv[1:]))
    except KeyboardInterrupt:  # before the command line could see to it itself
        sys.exit(130)


def _end(status: int) -> NoReturn:
    """End at once: to free module by module what is there takes longer than many a search.

    What was registered to be done at the end is done. Who traces or profiles this process
    has it end as usual.
    """
    if sys.gettrace() or sys.getprofile():
        sys.exit(status)
    atexit._run_exitfuncs()  # noqa: SLF001 - as multiprocessing ends its own
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(status)


if __name__ == "__main__":
    main()
