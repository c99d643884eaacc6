"""newsidx verify."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsidx.cli.forms import JsonForm
from newsidx.cli.options import IndexOption, single_command
from newsidx.config import load_settings
from newsidx.output.safe import valid
from newsidx.output.streams import write, write_text

if TYPE_CHECKING:
    from newsidx.indexer.verify import Verdict

__all__ = ["command", "record_of", "verify"]

_SCHEMA = "newsidx.verify/1"


def verify(*, form: JsonForm, index: IndexOption = None) -> int:
    """Check that every file of the index is as it was committed.

    Files are held against the checksums that were kept when they were written, the ledger
    against the engine. Nothing is written, and no lock is needed. The exit status is
    0 when all is sound, 1 when something is damaged, 2 when that can't be told.
    """
    from newsidx.indexer import verify as verifying
    from newsidx.output.checkup import percent_shown, verify_lines

    form.check(_SCHEMA)
    settings = load_settings(index)
    with percent_shown("Checking") as progress:
        verdict = verifying.verify(settings.index, progress)
    record = {"schema": _SCHEMA, **record_of(verdict, settings.index)}
    if form.kind == "json":
        from newsidx.output.records import json_bytes

        write(json_bytes(record))
    else:
        write_text("\n".join(verify_lines(record)) + "\n")
    return 0 if verdict.sound else 1


def record_of(verdict: Verdict, path: Path) -> dict[str, Any]:
    """A verdict as JSON has it."""
    manifest = verdict.manifest
    return {
        "index": {
            "path": valid(str(path)),
            "engine": manifest.engine if manifest else None,
            "articles": verdict.articles,
            "state": manifest.state if manifest else None,
            "generation": manifest.generation if manifest else None,
        },
        "sound": verdict.sound,
        "findings": [
            {"part": each.part, "name": each.name, "detail": valid(each.detail)}
            for each in verdict.findings
        ],
        "segments": [
            {
                "name": each.name,
                "articles": each.articles,
                "files": each.files,
                "size": each.size,
                "sound": not each.problems,
            }
            for each in verdict.segments
        ],
        "missing": sorted(verdict.missing),
        "unknown": sorted(verdict.unknown),
        "notes": verdict.notes,
    }


def command() -> Any:
    """The command, for the group."""
    return single_command(verify)
