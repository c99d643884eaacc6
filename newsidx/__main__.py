"""`python -m newsidx`, and what the `newsidx` command runs."""

from __future__ import annotations

import os
import sys

from newsidx._version import __version__
from newsidx.collector import collect_no_more, collect_rarely

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

        status = answer(sys.argv[2:])
        collect_no_more()
        sys.exit(status)
    try:
        from newsidx.cli.main import main as run

        status = run(sys.argv[1:])
        collect_no_more()
        sys.exit(status)
    except KeyboardInterrupt:  # before the command line could see to it itself
        sys.exit(130)


if __name__ == "__main__":
    main()
