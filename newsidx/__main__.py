"""`python -m newsidx`, and what the `newsidx` command runs."""

from __future__ import annotations

import sys

from newsidx._version import __version__


def main() -> None:
    """Run the command line and exit with its status."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        print(f"newsidx {__version__}")  # noqa: T201 - before anything is imported to print with
        sys.exit(0)
    from newsidx.cli.main import main as run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
