"""Removing articles that are searched, and getting them back.

What is removed stays so until it is restored, whatever runs come. Source files are never
touched.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from msgspec import Struct

from newsidx.index import removals
from newsidx.index.ledger import Ledger
from newsidx.index.rows import Place
from newsidx.indexer.discover import Seen
from newsidx.indexer.memory import shared_memory
from newsidx.indexer.plan import Task
from newsidx.indexer.purge import purge, received_cuts
from newsidx.indexer.reading import Reading
from newsidx.indexer.report import Progress, Report
from newsidx.indexer.writing import writing

__all__ = ["Removed", "Restored", "remove", "restore"]

# So many articles go in one commit.
_BATCH = 10_000


class Removed(Struct, frozen=True):
    """What became of articles that were to be removed.

    Attributes:
        articles: How many were searched until then.
        rewritten, deleted: Of what came on standard input, how many files were.
    """

    articles: int
    rewritten: int = 0
    deleted: int = 0


class Restored(Struct, frozen=True):
    """What became of a removal that was lifted.

    Attributes:
        id: Of the article that had been removed.
        status: `restored`; `lost`, where no source file holds it any more or none could be
            read; `removed`, where another removal keeps it out as well.
        articles: The ids under which it is searched now: as a rule, its own.
        paths: Files on disk that held it.
    """

    id: str
    status: str
    articles: tuple[str, ...]
    paths: tuple[tuple[str, str], ...]


def remove(
    index: Path, ids: Collection[str], *, for_good: bool = False, wait: float = 0.0
) -> Removed:
    """Remove articles, their copies and their versions.

    Args:
        ids: Those that are not searched are passed over.
        for_good: Take out of the index directory all text of whatever was ever removed.
        wait: Seconds to wait for another writer.

    Raises:
        Refused: The index is being rebuilt; or text that came on standard input can't be
            taken out of it. Nothing was changed.
    """
    with writing(index, wait=wait) as held:
        held.refuse_while_rebuilding()
        wanted = sorted(ids)
        cuts = received_cuts(held.ledger, index, wanted) if for_good else []
        try:
            for start in range(0, len(wanted), _BATCH):
                held.committer.remove(wanted[start : start + _BATCH])
            if for_good:
                purge(held, cuts)
        finally:
            for cut in cuts:
                cut.discard()
        held.publish(done=held.was_finished)
        rewritten = sum(bool(cut.rest) for cut in cuts)
        return Removed(held.committer.counts.removed, rewritten, len(cuts) - rewritten)


def restore(index: Path, ids: Collection[str], wait: float = 0.0, jobs: int = 1) -> list[Restored]:
    """Search removed articles again; their source files are read for that.

    Args:
        ids: Of removals.
        wait: Seconds to wait for another writer.
        jobs: Number of worker processes.

    Raises:
        Refused: The index is being rebuilt; nothing was changed.
    """
    with writing(index, wait=wait) as held:
        held.refuse_while_rebuilding()
        ledger = held.ledger
        marks = removals.marks_of(ledger, ids)
        with ledger.transaction():
            files = removals.lift(ledger, ids)
        report = Report()
        Reading(held, report, Progress(), lambda _: None).read(
            _tasks(ledger, files), *shared_memory(jobs, None)
        )
        held.publish(done=held.was_finished)
        return [_became(ledger, key, marks[key], files) for key in sorted(ids)]


def _tasks(ledger: Ledger, files: Collection[int]) -> list[Task]:
    roots = {root.id: root for root in ledger.roots()}
    tasks = []
    for key in files:
        row = ledger.file(key)
        seen = Seen(row.size, row.mtime, row.ctime, row.inode)
        tasks.append(Task(roots[row.root], row.path, row, seen, again=True))
    return sorted(tasks, key=lambda task: (task.root.label, task.path))


def _became(
    ledger: Ledger, key: str, marks: Collection[bytes], files: dict[int, set[str]]
) -> Restored:
    mine = [file for file, lifted in files.items() if key in lifted]
    labels = {root.id: root.label for root in ledger.roots()}
    rows = [ledger.file(file) for file in mine]
    paths = tuple(sorted((labels[row.root], row.path) for row in rows))
    found: list[Place] = []
    for row in rows:
        members = [each.id for each in ledger.members(row.id or 0).values()]
        found += [
            place
            for place in ledger.places_by("file", [row.id, *members])
            if not {place.url_key, place.own_key, place.content}.isdisjoint(marks)
        ]
    if ids := tuple(sorted({p.article or "" for p in found if p.status != "removed"})):
        return Restored(key, "restored", ids, paths)
    return Restored(key, "removed" if found else "lost", (), paths)
