"""Files and roots on a terminal: a line for each, whatever the length of its path."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from newsidx.output.safe import one_line
from newsidx.text.counted import counted

__all__ = ["file_line", "homely", "path_tail", "root_line"]


def file_line(row: Mapping[str, Any], width: int) -> str:
    """A file of `newsidx.files/1`: status, reason, articles, and as much of its path as fits."""
    number = f"{row['articles']:,}"
    if row["status"] == "excluded":
        number = counted(row["files"], "file")
    start = f"{row['status']:<11}{row['reason'] or '':<16}{number:>9}  "
    return start + path_tail(row["path"], width - len(start))


def root_line(row: Mapping[str, Any], size: int, width: int) -> str:
    """A root of `newsidx.roots/1`: label, number of files, path.

    Args:
        size: Columns for labels.
    """
    note = "" if row["there"] else " (not there)"
    start = f"{one_line(row['label']):<{size}}{counted(row['files'], 'file'):>15}  "
    return start + path_tail(row["path"], width - len(start) - len(note)) + note


def path_tail(path: str, width: int) -> str:
    """A path on so many columns: of a longer one the end, which tells most."""
    text = homely(one_line(path))
    if len(text) <= width:
        return text
    return "…" + text[-max(1, width - 1) :]


def homely(path: str) -> str:
    """A path as people write it: with ~ for their own folder."""
    home = os.environ.get("HOME", "").rstrip("/")
    return f"~{path[len(home) :]}" if home and path.startswith(f"{home}/") else path
