"""newsidx stats."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsidx.app import Index
from newsidx.app import open as open_index
from newsidx.cli.options import IndexOption, JsonOption, single_command
from newsidx.config import load_settings
from newsidx.output.safe import valid
from newsidx.output.streams import write, write_text

if TYPE_CHECKING:
    from newsidx.index.ledger import Ledger

__all__ = ["command", "stats"]


def stats(as_json: JsonOption = False, index: IndexOption = None) -> int:
    """Say what is in the index, and what became of every file."""
    settings = load_settings(index)
    with open_index(settings.index) as opened:
        record = _record(opened)
    if as_json:
        from newsidx.output.records import json_bytes

        write(json_bytes(record))
        return 0
    from newsidx.output.summary import stats_lines

    write_text("\n".join(stats_lines(record)) + "\n")
    return 0


def _record(opened: Index) -> dict[str, Any]:
    numbers = opened.engine.statistics()
    info, manifest = opened.info, opened.manifest
    ledger = opened.ledger()
    try:
        files, roots, bad = _files(ledger), _roots(ledger), ledger.count_bad_records()
    finally:
        ledger.close()
    return {
        "schema": "newsidx.stats/1",
        "index": {
            "path": valid(info.path),
            "engine": info.engine,
            "articles": info.articles,
            "state": info.state,
            "language": manifest.language,
            "generation": manifest.generation,
            "segments": numbers.parts,
            "deleted": numbers.deleted,
        },
        "size": _size(opened.path),
        "files": files,
        "records": {"bad": bad},
        "languages": [{"language": code, "articles": count} for code, count in _languages(opened)],
        "roots": roots,
    }


def _files(ledger: Ledger) -> dict[str, Any]:
    by_status: dict[str, int] = {}
    by_reason: dict[str, dict[str, int]] = {}
    for status, reason, count in ledger.count_files():
        by_status[status] = by_status.get(status, 0) + count
        if reason:
            by_reason.setdefault(status, {})[reason] = count
    return {"total": sum(by_status.values()), "by_status": by_status, "by_reason": by_reason}


def _roots(ledger: Ledger) -> list[dict[str, Any]]:
    articles = ledger.count_by_root()
    return [
        {"label": root.label, "path": valid(root.path), "articles": articles.get(root.id, 0)}
        for root in ledger.roots()
    ]


def _languages(opened: Index) -> list[tuple[str, int]]:
    counts = list(opened.engine.terms("language"))
    return sorted(counts, key=lambda pair: (-pair[1], pair[0]))


def _size(path: Path) -> int:
    """Bytes of all files of the index."""
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())


def command() -> Any:
    """The command, for the group."""
    return single_command(stats)
