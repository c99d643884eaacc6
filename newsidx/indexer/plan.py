"""What a run has to do: the files on disk held against the ledger."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from newsidx.index.rows import FileRow, Root
from newsidx.indexer.discover import Discovery, Seen
from newsidx.indexer.extract import digest_of

__all__ = ["Plan", "Task", "find_moves", "plan_root"]

# A file touched this shortly before it was recorded may have changed again within
# the resolution of its time stamp.
RACY_NS = 2_000_000_000


@dataclass(slots=True)
class Task:
    """A file to be read, and what the ledger knew of it."""

    root: Root
    path: str
    row: FileRow | None
    seen: Seen
    again: bool = False
    moved: bool = False


@dataclass(slots=True)
class Plan:
    """What is to be done about a root.

    Attributes:
        read: Files that are new or may have changed.
        vanished: Files that are known and no longer there.
        unchanged: Number of files that need not be opened.
        unseen: Known files in folders that could not be listed.
        restored: Files that had been unseen and are back, as they were.
    """

    root: Root
    found: Discovery
    within: str = ""
    read: list[Task] = field(default_factory=list)
    vanished: list[FileRow] = field(default_factory=list)
    unchanged: int = 0
    unseen: list[FileRow] = field(default_factory=list)
    restored: list[FileRow] = field(default_factory=list)


def plan_root(
    root: Root,
    found: Discovery,
    known: dict[str, FileRow],
    *,
    within: str = "",
    rehash: bool = False,
    is_stale: Callable[[FileRow], bool] = lambda _: False,
) -> Plan:
    """Compare a root's files with the ledger.

    Args:
        known: The ledger's files of this root, by path.
        within: Judge only what lies below this folder, or is this file.
        rehash: Open every file, whatever its time stamps say.
        is_stale: Whether a file must be read anew though it hasn't changed.
    """
    plan = Plan(root, found, within)
    for path, seen in found.files.items():
        row = known.get(path)
        if row is not None and row.recorded is not None and not is_stale(row):
            if not rehash and _unchanged(row, seen):
                plan.unchanged += 1
                if row.status == "unseen":
                    plan.restored.append(row)
                continue
            plan.read.append(Task(root, path, row, seen))
        else:
            plan.read.append(Task(root, path, row, seen, again=True))
    for path, row in known.items():
        if path in found.files or not _concerned(path, within):
            continue
        if found.is_unlisted(path):
            plan.unseen.append(row)
        else:
            plan.vanished.append(row)
    plan.read.sort(key=lambda task: task.path)
    return plan


def _concerned(path: str, within: str) -> bool:
    return not within or path == within or path.startswith(within + "/")


def _unchanged(row: FileRow, seen: Seen) -> bool:
    same = (row.size, row.mtime, row.ctime, row.inode) == (
        seen.size,
        seen.mtime,
        seen.ctime,
        seen.inode,
    )
    return same and row.recorded is not None and row.recorded - row.mtime > RACY_NS


def find_moves(plans: list[Plan]) -> int:
    """Pair files that vanished with new ones of the same content; gives their number.

    A pair's task takes over the row of the file that vanished, and with it the
    identity of its articles. Only new files of a size that vanished are opened.
    """
    gone: dict[tuple[int, bytes], list[FileRow]] = defaultdict(list)
    for plan in plans:
        for row in plan.vanished:
            if row.digest is not None:
                gone[row.size, row.digest].append(row)
    sizes = {size for size, _ in gone}
    moved: set[int | None] = set()
    for plan in plans:
        for task in plan.read:
            if task.row is not None or task.seen.size not in sizes:
                continue
            try:
                digest = digest_of(os.path.join(plan.root.base, task.path))  # noqa: PTH118 - may be no UTF-8
            except OSError:
                continue
            if rows := gone.get((task.seen.size, digest)):
                rows.sort(key=lambda row: (row.root, row.path))
                task.row, task.moved, task.again = rows.pop(0), True, True
                moved.add(task.row.id)
    for plan in plans:
        plan.vanished = [row for row in plan.vanished if row.id not in moved]
    return len(moved)


def now_ns() -> int:
    """The time that fingerprints are recorded with, in nanoseconds since the epoch."""
    return time.time_ns()
