"""What becomes of an error: a message for people, an object for programs, a status."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress

from newsidx.errors import IndexDamaged, NewsidxError, QueryError
from newsidx.output.streams import say, write

__all__ = ["report_error"]


def report_error(error: Exception, words: Sequence[str] = (), *, as_json: bool, debug: bool) -> int:
    """Say what went wrong on standard error, and with --json on standard output too.

    Args:
        words: The command line, to say of a wrong one what was meant.

    Returns:
        The exit status: never 1, which means that nothing was found, unless an article
        that was asked for by its id is not there.
    """
    if debug:
        say(traceback.format_exc().rstrip())
    if type(error).__name__ == "NoArgsIsHelpError":
        say(str(getattr(error, "message", "")))
        return 2
    known = _as_newsidx_error(error, words)
    say(f"newsidx: {known.message}")
    if isinstance(known, QueryError) and known.query.strip():
        from newsidx.query.caret import point_at

        for line in point_at(known).splitlines():
            say(f"  {line}")
    if known.hint:
        label = "expected: " if isinstance(known, QueryError) else ""
        say(f"  {label}{known.hint}")
    if isinstance(known, QueryError) and known.repaired:
        say(f"  perhaps: {known.repaired}")
    if as_json:
        from newsidx.output.records import error_record, json_bytes

        with suppress(OSError):
            write(json_bytes(error_record(known)))
    return known.exit_code


def _is_damaged_ledger(error: Exception) -> bool:
    """Whether SQLite found its file to be none, or its pages to contradict each other."""
    sqlite3 = sys.modules.get("sqlite3")  # not loaded, it raised nothing
    if sqlite3 is None or not isinstance(error, sqlite3.DatabaseError):
        return False
    code = getattr(error, "sqlite_errorcode", None) or 0
    return code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _as_newsidx_error(error: Exception, words: Sequence[str]) -> NewsidxError:
    if isinstance(error, NewsidxError):
        return error
    if hasattr(error, "format_message"):  # what Typer raises for a wrong command line
        from newsidx.cli.complaints import usage_error

        return usage_error(error, list(words))
    if _is_damaged_ledger(error):
        return IndexDamaged(f"The ledger of the index can't be read: {error}.")
    if isinstance(error, OSError):
        where = (
            f"{os.fsdecode(error.filename)}: " if isinstance(error.filename, str | bytes) else ""
        )
        return NewsidxError(f"{where}{error.strerror or error}.")
    if isinstance(error, MemoryError):
        return NewsidxError("There is not enough memory.")
    return NewsidxError(
        f"newsidx failed unexpectedly: {type(error).__name__}: {error}",
        "Run it again with --debug and report what it prints.",
    )
