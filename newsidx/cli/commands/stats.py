"""newsidx stats."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsidx.app import Index
from newsidx.app import open as open_index
from newsidx.cli.forms import JsonForm
from newsidx.cli.options import ColorOption, IndexOption, single_command
from newsidx.cli.screen import PagerOption
from newsidx.config import load_settings
from newsidx.output.safe import valid
from newsidx.output.streams import console, wants_color, write, write_text

if TYPE_CHECKING:
    from newsidx.index.ledger import Ledger

__all__ = ["command", "stats"]

_SCHEMA = "newsidx.stats/1"


def stats(
    color: ColorOption = "auto",
    pager: PagerOption = True,
    *,
    form: JsonForm,
    index: IndexOption = None,
) -> int:
    """Say what is in the index, and what became of every file."""
    form.check(_SCHEMA)
    settings = load_settings(index)
    with open_index(settings.index) as opened:
        record = _record(opened)
    if form.kind == "json":
        from newsidx.output.records import json_bytes

        write(json_bytes(record))
        return 0
    if form.kind == "terminal":
        from newsidx.output.overview import print_overview
        from newsidx.output.pager import paged

        with paged(pager) as stream:
            print_overview(console(stream, wants_color(sys.stdout, color)), record)
        return 0
    from newsidx.output.summary import stats_lines

    write_text("\n".join(stats_lines(record)) + "\n")
    return 0


def _record(opened: Index) -> dict[str, Any]:
    segments = opened.engine.segments()
    info, manifest = opened.info, opened.manifest
    from newsidx.index import accounts
    from newsidx.index.removals import removals

    ledger = opened.ledger()
    try:
        files = _by_status(accounts.count_files(ledger))
        members = _by_status(accounts.count_members(ledger))
        roots, bad = _roots(ledger), accounts.count_bad_records(ledger)
        covered = accounts.coverage(ledger)
        removed = len(removals(ledger))
    finally:
        ledger.close()
    return {
        "schema": _SCHEMA,
        "index": {
            "path": valid(info.path),
            "engine": info.engine,
            "articles": info.articles,
            "state": info.state,
            "language": manifest.language,
            "generation": manifest.generation,
            "segments": segments.number,
            "deleted": segments.deleted,
        },
        "size": _size(opened.path),
        "files": files,
        "members": members,
        "records": {"bad": bad},
        "removed": removed,
        "coverage": {
            "sources": _counted("source", covered.sources),
            "months": _counted("month", covered.months),
            "without": covered.without,
            "shortest": [
                {"id": key, "words": words, "path": valid(path)}
                for key, words, path in covered.shortest
            ],
        },
        "languages": _counted("language", covered.languages),
        "roots": roots,
    }


def _by_status(counts: list[tuple[str, str | None, int]]) -> dict[str, Any]:
    by_status: dict[str, int] = {}
    by_reason: dict[str, dict[str, int]] = {}
    for status, reason, count in counts:
        by_status[status] = by_status.get(status, 0) + count
        if reason:
            by_reason.setdefault(status, {})[reason] = count
    return {"total": sum(by_status.values()), "by_status": by_status, "by_reason": by_reason}


def _counted(name: str, rows: list[tuple[str | None, int]]) -> list[dict[str, Any]]:
    return [{name: value, "articles": count} for value, count in rows]


def _roots(ledger: Ledger) -> list[dict[str, Any]]:
    from newsidx.index.accounts import count_by_root

    articles = count_by_root(ledger)
    return [
        {"label": root.label, "path": valid(root.path), "articles": articles.get(root.id, 0)}
        for root in ledger.roots()
    ]


def _size(path: Path) -> int:
    """Bytes of all files of the index."""
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())


def command() -> Any:
    """The command, for the group."""
    return single_command(stats)
