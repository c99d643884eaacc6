"""Reading what a plan says is to be read, in batches that are committed."""

from __future__ import annotations

import os
from collections.abc import Callable

from newsidx.index.outcomes import PASSING, status_for
from newsidx.index.rows import FileRow
from newsidx.indexer.commit import Change
from newsidx.indexer.extract import Extracted, job_for
from newsidx.indexer.plan import Task, now_ns
from newsidx.indexer.report import Problem, Progress, Report
from newsidx.indexer.workers import extract_all
from newsidx.indexer.writing import Writing

__all__ = ["Reading"]

# A commit every so often: what a kill can lose, and what has to be held in memory.
BATCH_ARTICLES = 10_000
BATCH_BYTES = 48_000_000


class Reading:
    """Files being read, and what came of them so far.

    Attributes:
        number: Of the run, from 1.
    """

    def __init__(
        self,
        index: Writing,
        report: Report,
        progress: Progress,
        tell: Callable[[Progress], None],
    ) -> None:
        self.index = index
        self.ledger = index.ledger
        self.report = report
        self.progress = progress
        self.tell = tell
        self.number = int(self.ledger.meta("runs", 0)) + 1
        self.batch: list[Change] = []
        self.gone: list[FileRow] = []
        self.articles = self.held = 0
        # Of the archive that is being read: its members as they were, less those found.
        self.members: dict[str, FileRow] = {}
        # And those of which the last piece hasn't come: archives in it, and a file in those.
        self.unfinished: dict[str, FileRow] = {}

    def read(self, tasks: list[Task], processes: int) -> None:
        """Read files, and commit what is in them."""
        size = sum(task.seen.size for task in tasks)
        self.progress.phase, self.progress.total = "reading", len(tasks)
        self.progress.total_size = size
        self.tell(self.progress)
        orders = self.ledger.date_orders()
        jobs = [
            job_for(task.root, task.path, None if task.again else _digest(task), orders)
            for task in tasks
        ]
        rest = iter(tasks)
        task = next(rest, None)
        for piece in extract_all(jobs, processes, size):
            assert task is not None
            self._take(task, piece)
            if piece.ends_job:
                task = next(rest, None)
        self._commit()

    def _take(self, task: Task, piece: Extracted) -> None:
        self._count(task, piece)
        if piece.same:
            self._renew(task, piece)
            return
        row = self._member_row(task, piece) if piece.member else self._row(task, piece)
        self.batch.append(Change(row, piece, task.row if piece.member else None))
        self.articles += len(piece.items)
        self.held += sum(len(item.article.body) for item in piece.items)
        if piece.ends_job and piece.reason not in PASSING:
            self.gone += self.members.values()
        if self.articles >= BATCH_ARTICLES or self.held >= BATCH_BYTES:
            self._commit()

    def _commit(self) -> None:
        if self.batch:
            self.progress.phase = "writing"
            self.tell(self.progress)
            self.index.committer.apply(self.batch, self.gone)
            self.index.publish(done=False)
            self.progress.phase = "reading"
        self.batch, self.gone, self.articles, self.held = [], [], 0, 0

    # Rows

    def _row(self, task: Task, piece: Extracted) -> FileRow:
        """The row of a file on disk."""
        if piece.first:
            row = task.row
            self.members = self.ledger.members(row.id) if row and row.id is not None else {}
            if task.moved and row:
                self.members = _moved(self.members, row.path, task.path)
        if task.row is None:
            task.row = FileRow(task.root.id, task.path, self._origin(task, piece))
        row = task.row
        seen = piece.seen or task.seen
        row.root, row.path = task.root.id, task.path
        row.size, row.mtime, row.ctime, row.inode = seen.size, seen.mtime, seen.ctime, seen.inode
        self._fill(row, piece)
        return row

    def _member_row(self, task: Task, piece: Extracted) -> FileRow:
        """The row of a member of the archive that is being read."""
        assert task.row is not None
        row = (self.members if piece.first else self.unfinished).pop(piece.path, None)
        if row is None:
            row = FileRow(task.root.id, piece.path, self._origin(task, piece))
        row.root, row.path = task.root.id, piece.path
        if piece.seen:
            row.size, row.mtime = piece.seen.size, piece.seen.mtime
        self._fill(row, piece)
        if not piece.last:
            self.unfinished[piece.path] = row
        return row

    def _fill(self, row: FileRow, piece: Extracted) -> None:
        if piece.first and (row.digest != piece.digest or not row.run):
            row.run, row.dated = self.number, row.mtime
        # What isn't finished, or may be no fault of the file's, is looked at again.
        row.recorded = now_ns() if piece.last and piece.reason not in PASSING else None
        row.digest = piece.digest
        row.reader, row.reader_version = piece.reader, piece.reader_version

    def _origin(self, task: Task, piece: Extracted) -> str:
        """The identity of a new file: where it is, unless a file that moved came from there."""
        path = piece.path.encode("utf-8", "backslashreplace").decode()
        origin = plain = f"{task.root.label}/{path}"
        digest = piece.digest.hex() if piece.digest else ""
        number = 1
        while self.ledger.origin_taken(origin, None):
            origin = f"{plain}?{digest}" + (f"-{number}" if number > 1 else "")
            number += 1
        return origin

    def _renew(self, task: Task, piece: Extracted) -> None:
        """The same bytes with another time stamp: remember the time stamp."""
        row = task.row
        assert row is not None
        assert row.id is not None
        seen = piece.seen or task.seen
        row.size, row.mtime, row.ctime, row.inode = seen.size, seen.mtime, seen.ctime, seen.inode
        row.recorded = now_ns()
        if row.status == "unseen":
            row.status = status_for(row.reason) if row.reason else "indexed"
        self.ledger.save_file(row)
        self.ledger.refresh_statuses([row.id, *_ids(self.ledger.members(row.id))])

    # Counting

    def _count(self, task: Task, piece: Extracted) -> None:
        report, progress = self.report, self.progress
        report.articles_read += len(piece.items)
        progress.articles += len(piece.items)
        report.bad_records += len(piece.bad)
        path = os.path.join(task.root.base, piece.path)  # noqa: PTH118 - may be no UTF-8
        known = self._known_reason(task, piece)
        for bad in piece.bad:
            report.problems.append(Problem(path, bad.reason, bad.message, bad.position))
        if piece.same:
            report.unchanged += 1
        elif piece.last:
            self._count_file(path, piece, known)
        if piece.ends_job:
            progress.done += 1
            progress.size += task.seen.size
        self.tell(progress)

    def _known_reason(self, task: Task, piece: Extracted) -> str | None:
        """Why a file could not be read before, if it could not."""
        row = self.members.get(piece.path) if piece.member else task.row
        return row.reason if row else None

    def _count_file(self, path: str, piece: Extracted, known: str | None) -> None:
        report = self.report
        counts = report.members if piece.member else report
        counts.read += 1
        reason = piece.reason
        if reason and reason == known:
            return  # it failed in the same way before, and was reported then
        if not reason and piece.bad and not piece.articles:
            reason = piece.bad[0].reason
        if not reason:
            return
        status = status_for(reason)
        if status == "failed":
            counts.failed += 1
            self.progress.failed += 1
            if piece.reason:
                report.problems.append(Problem(path, reason, piece.detail or ""))
        elif status == "skipped":
            counts.skipped += 1


def _moved(members: dict[str, FileRow], before: str, after: str) -> dict[str, FileRow]:
    """Members of an archive that is now elsewhere, by their new paths."""
    return {after + path.removeprefix(before): row for path, row in members.items()}


def _ids(rows: dict[str, FileRow]) -> list[int]:
    return [row.id for row in rows.values() if row.id is not None]


def _digest(task: Task) -> bytes | None:
    return task.row.digest if task.row else None
