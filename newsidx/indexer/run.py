"""A run of the indexer: discover, plan, extract, write, commit."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from newsidx.errors import Refused
from newsidx.index.ledger import FileRow, Root
from newsidx.index.outcomes import status_for
from newsidx.indexer.commit import Change
from newsidx.indexer.discover import discover
from newsidx.indexer.extract import Extracted, job_for
from newsidx.indexer.options import RootOptions
from newsidx.indexer.plan import Plan, Task, find_moves, now_ns, plan_root
from newsidx.indexer.report import Problem, Progress, Report
from newsidx.indexer.roots import Target, targets
from newsidx.indexer.workers import extract_all
from newsidx.indexer.writing import Writing, writing

__all__ = ["RunOptions", "run"]

# A commit every so often: what a kill can lose, and what has to be held in memory.
BATCH_ARTICLES = 10_000
BATCH_BYTES = 48_000_000

# A run that would remove more than both of these asks first.
REMOVAL_SHARE = 0.05
REMOVAL_COUNT = 50

# Reasons that may be gone the next time, though the file is the same.
_PASSING = frozenset({"vanished", "unreadable", "internal", "missing-extra"})


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What a run may do, beyond the options that its roots keep.

    Attributes:
        roots: New options for the roots; None leaves those that they have.
        jobs: Number of worker processes.
        wait: Seconds to wait for another writer.
        rehash: Open every file to see whether it changed.
        reread: Read every file again, changed or not.
        rebuild: Make the engine's index anew from the files.
        prune: Remove articles however many there are.
    """

    roots: RootOptions | None = None
    jobs: int = 1
    wait: float = 0.0
    rehash: bool = False
    reread: bool = False
    rebuild: bool = False
    prune: bool = False


def run(
    directory: Path,
    paths: Iterable[str],
    options: RunOptions,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Report:
    """Bring an index in step with its roots.

    Args:
        directory: The index, which exists.
        paths: Folders and files to index; none means all known roots.
        progress: Called often, with the same object each time.

    Raises:
        UsageError: A path does not exist.
        Refused: Too many articles would be removed; nothing was changed.
    """
    started = time.monotonic()
    with writing(directory, wait=options.wait, rebuild=options.rebuild) as index:
        report = Report(recovered=index.recovered)
        # A rebuild that leaves a root out would lose its articles.
        wanted = targets(index.ledger, paths, options.roots, every=index.rebuilding)
        _Run(index, options, report, progress).execute(wanted)
        counts = asdict(index.committer.counts)
        counts.pop("collisions")
        for name, count in counts.items():
            setattr(report, name, count)
        index.publish(done=True)
        report.articles = index.manifest.articles
        report.state = index.manifest.state
        report.generation = index.manifest.generation
    report.seconds = time.monotonic() - started
    return report


class _Run:
    def __init__(
        self,
        index: Writing,
        options: RunOptions,
        report: Report,
        progress: Callable[[Progress], None],
    ) -> None:
        self.index = index
        self.ledger = index.ledger
        self.options = options
        self.report = report
        self.tell = progress
        self.progress = Progress()
        self.number = int(self.ledger.meta("runs", 0)) + 1

    def execute(self, wanted: list[Target]) -> None:
        plans = self._plans(wanted)
        self.report.moved = find_moves(plans)
        self._check_removals(plans)
        if self.index.rebuilding:
            self._begin_rebuild(plans)
        with self.ledger.transaction():
            for plan in plans:
                self.ledger.save_root(plan.root)
            self._note(plans)
        self._read(plans)
        gone = [row for plan in plans for row in plan.vanished]
        if gone:
            self.index.committer.apply([], gone)
            self.report.files_removed = len(gone)
        self.ledger.set_meta("runs", self.number)

    # Planning

    def _begin_rebuild(self, plans: list[Plan]) -> None:
        unseen = sum(len(plan.unseen) for plan in plans)
        if unseen and not self.options.prune:
            raise Refused(
                f"The index has to be built anew, and {unseen} of its files can't be read now. "
                "Nothing was changed.",
                "Make them readable, or give their articles up with --prune.",
            )
        if not self.index.begun:
            self.index.begin_rebuild()

    def _plans(self, wanted: list[Target]) -> list[Plan]:
        roots = [*self.ledger.roots(), *(target.root for target in wanted)]
        bases = [root.base for root in roots if root.only is None]
        plans = []
        for target in wanted:
            root = target.root
            self.tell(self.progress)
            found = discover(
                root.base,
                RootOptions.from_json(root.options),
                only=root.only,
                within=target.within,
                others=bases,
            )
            anew = self.index.rebuilding and not self.index.begun
            again = self.options.reread or target.reread or anew
            plan = plan_root(
                root,
                found,
                self.ledger.files(root.id),
                within=target.within,
                rehash=self.options.rehash,
                is_stale=lambda row, again=again: again or _is_stale(row),  # type: ignore[misc]
            )
            if not os.path.isdir(root.base):  # noqa: PTH112 - may be no UTF-8
                plan.unseen, plan.vanished = plan.unseen + plan.vanished, []
                self.report.warnings.append(
                    f"{root.path} is not there; what was indexed from it stays. "
                    f"Say `newsidx roots move {root.label} PATH` or `roots forget {root.label}`."
                )
            plans.append(plan)
            self.report.roots.append(root.label)
        return plans

    def _check_removals(self, plans: list[Plan]) -> None:
        if self.options.prune:
            return
        for plan in plans:
            gone = {row.id for row in plan.vanished}
            if len(gone) == 0:
                continue
            total, going = self._articles_of(plan.root, gone)
            if going > REMOVAL_COUNT and going > REMOVAL_SHARE * total:
                raise Refused(
                    f"{len(gone)} files of {plan.root.label!r} are gone or left out now, and with "
                    f"them {going} of its {total} articles. Nothing was changed.",
                    "If that is meant, say so with --prune.",
                )

    def _articles_of(self, root: Root, files: set[int | None]) -> tuple[int, int]:
        rows = self.ledger.db.execute(
            "SELECT p.file, count(*) FROM places p JOIN files f ON f.id = p.file"
            " WHERE f.root = ? AND p.status = 'indexed' GROUP BY p.file",
            (root.id,),
        ).fetchall()
        return sum(count for _, count in rows), sum(n for key, n in rows if key in files)

    def _note(self, plans: list[Plan]) -> None:
        """Write down what is known before any file is opened."""
        report = self.report
        for plan in plans:
            report.seen += len(plan.found.files)
            report.unchanged += plan.unchanged
            report.unseen += len(plan.unseen)
            report.excluded += sum(plan.found.left_out.values())
            rows = [(path, why, count) for (path, why), count in plan.found.left_out.items()]
            self.ledger.set_left_out(plan.root.id, plan.within, rows)
            for row in plan.unseen:
                row.status = "unseen"
                self.ledger.save_file(row)
            for row in plan.restored:
                row.status = status_for(row.reason) if row.reason else "indexed"
                self.ledger.save_file(row)
            self.ledger.refresh_statuses([row.id for row in plan.restored if row.id is not None])

    # Reading

    def _read(self, plans: list[Plan]) -> None:
        tasks = [task for plan in plans for task in plan.read]
        self.progress.phase, self.progress.total = "reading", len(tasks)
        self.tell(self.progress)
        jobs = [
            job_for(task.root, task.path, None if task.again else _digest(task)) for task in tasks
        ]
        size = sum(task.seen.size for task in tasks)
        batch: list[Change] = []
        held = articles = 0
        for task, found in zip(tasks, extract_all(jobs, self.options.jobs, size), strict=True):
            self._count(task, found)
            if found.same:
                self._renew(task, found)
                continue
            batch.append(self._change(task, found))
            articles += len(found.items)
            held += sum(len(item.article.body) for item in found.items)
            if articles >= BATCH_ARTICLES or held >= BATCH_BYTES:
                self._commit(batch)
                batch, held, articles = [], 0, 0
        self._commit(batch)

    def _commit(self, batch: list[Change]) -> None:
        if batch:
            self.progress.phase = "writing"
            self.tell(self.progress)
            self.index.committer.apply(batch, [])
            self.index.publish(done=False)
            self.progress.phase = "reading"

    def _count(self, task: Task, found: Extracted) -> None:
        progress, report = self.progress, self.report
        progress.done += 1
        progress.size += task.seen.size
        if found.same:
            report.unchanged += 1
        else:
            self._count_read(task, found)
        self.tell(progress)

    def _count_read(self, task: Task, found: Extracted) -> None:
        progress, report = self.progress, self.report
        report.read += 1
        report.articles_read += len(found.items)
        progress.articles += len(found.items)
        if found.reason and task.row is not None and task.row.reason == found.reason:
            return  # it failed in the same way before, and was reported then
        reason = found.reason or (found.bad[0].reason if found.bad and not found.items else None)
        path = os.path.join(task.root.base, task.path)  # noqa: PTH118 - may be no UTF-8
        if found.reason:
            skipped = status_for(found.reason) == "skipped"
            if not skipped:
                report.problems.append(Problem(path, found.reason, found.detail or ""))
        for bad in found.bad:
            report.problems.append(Problem(path, bad.reason, bad.message, bad.position))
        report.bad_records += len(found.bad)
        if reason and status_for(reason) == "skipped":
            report.skipped += 1
        elif reason:
            report.failed += 1
            progress.failed += 1

    def _renew(self, task: Task, found: Extracted) -> None:
        """The same bytes with another time stamp: remember the time stamp."""
        row = task.row
        assert row is not None
        seen = found.seen or task.seen
        row.size, row.mtime, row.ctime, row.inode = seen.size, seen.mtime, seen.ctime, seen.inode
        row.recorded = now_ns()
        if row.status == "unseen":
            row.status = status_for(row.reason) if row.reason else "indexed"
        self.ledger.save_file(row)
        if row.id is not None:
            self.ledger.refresh_statuses([row.id])

    def _change(self, task: Task, found: Extracted) -> Change:
        seen = found.seen or task.seen
        row = task.row or FileRow(task.root.id, task.path, self._origin(task, found))
        changed = row.digest != found.digest
        row.root, row.path = task.root.id, task.path
        row.size, row.mtime, row.ctime, row.inode = seen.size, seen.mtime, seen.ctime, seen.inode
        # What may be no fault of the file's is looked at again the next time.
        row.recorded = None if found.reason in _PASSING else now_ns()
        row.digest = found.digest
        row.reader, row.reader_version = found.reader, found.reader_version
        row.run = self.number if changed or not row.run else row.run
        return Change(row, found)

    def _origin(self, task: Task, found: Extracted) -> str:
        """The identity of a new file: where it is, unless a file that moved came from there."""
        path = task.path.encode("utf-8", "backslashreplace").decode()
        origin = f"{task.root.label}/{path}"
        if not self.ledger.origin_taken(origin, None):
            return origin
        return f"{origin}?{found.digest.hex() if found.digest else ''}"


def _is_stale(row: FileRow) -> bool:
    """Whether the reader that read a file has since learned to read it better."""
    from newsidx.readers.registry import readers

    if row.reader is None:
        return False
    versions = {reader.name: reader.version for reader in readers()}
    return versions.get(row.reader) != row.reader_version


def _digest(task: Task) -> bytes | None:
    return task.row.digest if task.row else None
