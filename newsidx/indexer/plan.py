"""What a run has to do: the files on disk held against the ledger."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Callable, Collection

from msgspec import Struct, field

from newsidx.index.ledger import Ledger
from newsidx.index.rows import FileRow, Root
from newsidx.indexer.discover import Discovery, Fingerprint, Seen

__all__ = ["Plan", "Task", "find_moves", "plan_root"]

# A file touched this shortly before it was recorded may have changed again within
# the resolution of its time stamp.
RACY_NS = 2_000_000_000


class Task(Struct):
    """A file to be read, and what the ledger knew of it."""

    root: Root
    path: str
    row: FileRow | None
    seen: Seen
    again: bool = False
    moved: bool = False


class Plan(Struct):
    """What is to be done about a root.

    Attributes:
        parts: What of the root this is about; none is all of it.
        seen: Number of files on disk.
        read: Files that are new or may have changed.
        vanished: Files that are known and no longer there.
        unchanged: Number of files that need not be opened.
        unseen: Known files in folders that could not be listed.
        restored: Files that had been unseen and are back, as they were.
    """

    root: Root
    found: Discovery
    parts: Collection[str] = ()
    seen: int = 0
    read: list[Task] = field(default_factory=list)
    vanished: list[FileRow] = field(default_factory=list)
    unchanged: int = 0
    unseen: list[FileRow] = field(default_factory=list)
    restored: list[FileRow] = field(default_factory=list)


def plan_root(
    root: Root,
    found: Discovery,
    ledger: Ledger,
    *,
    parts: Collection[str] = (),
    rehash: bool = False,
    is_stale: Callable[[str | None, int | None, str | None], bool],
) -> Plan:
    """Compare a root's files with the ledger.

    Most files are as they were, so that only their fingerprints are compared; rows are
    fetched for the others. What is found to be as it was goes out of `found.files`.

    Args:
        parts: Judge only what lies below these folders, or is one of these files.
        rehash: Open every file, whatever its time stamps say.
        is_stale: Whether a file must be read anew though it hasn't changed, by its reader,
            the reader's version then, and the reason for which there is nothing of it.
    """
    plan = Plan(root, found, parts, seen=len(found.files))
    stale: dict[tuple[object, ...], bool] = {}
    others: list[tuple[int, Fingerprint | None]] = []
    for known in ledger.fingerprints(root.id, parts, RACY_NS):
        seen = found.files.pop(known[0], None)
        reading = known[5:8]
        if reading not in stale:
            stale[reading] = is_stale(*reading)
        if known[8] and seen == known[1:5] and not rehash and not stale[reading]:
            plan.unchanged += 1
        else:
            others.append((known[9], seen))
    for key, now in others:
        row = ledger.file(key)
        again = row.recorded is None or stale[row.reader, row.reader_version, row.reason]
        if now is not None:
            _plan_known(plan, row, Seen(*now), again=again, rehash=rehash)
        elif found.is_unlisted(row.path):
            plan.unseen.append(row)
        else:
            plan.vanished.append(row)
    plan.read += [
        Task(root, path, None, Seen(*seen), again=True) for path, seen in found.files.items()
    ]
    plan.read.sort(key=lambda task: task.path)
    return plan


def _plan_known(plan: Plan, row: FileRow, seen: Seen, *, again: bool, rehash: bool) -> None:
    """A file that is there and in the ledger, and more than merely unchanged."""
    if again or rehash or not _unchanged(row, seen):
        plan.read.append(Task(plan.root, row.path, row, seen, again=again))
        return
    plan.unchanged += 1
    if row.status == "unseen":
        plan.restored.append(row)


def _unchanged(row: FileRow, seen: Seen) -> bool:
    same = (row.size, row.mtime, row.ctime, row.inode) == seen
    return same and row.recorded is not None and row.recorded - row.mtime > RACY_NS


def find_moves(plans: list[Plan]) -> int:
    """Pair files that vanished with new ones of the same content; gives their number.

    A pair's task takes over the row of the file that vanished, and with it the
    identity of its articles. Only new files of a size that vanished are opened.
    """
    from newsidx.indexer.extract import digest_of

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
