"""Reading what a plan says is to be read, in batches that are committed."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import closing
from itertools import chain

from msgspec import Struct, field

from newsidx.engines.base import Prepared
from newsidx.index.outcomes import PASSING, status_for
from newsidx.index.rows import FileRow
from newsidx.indexer import parts
from newsidx.indexer.commit import Change
from newsidx.indexer.crew import Crew
from newsidx.indexer.extract import first_origin, job_for
from newsidx.indexer.pieces import Extracted, Job, Part
from newsidx.indexer.plan import Task, now_ns
from newsidx.indexer.report import Problem, Progress, Report
from newsidx.indexer.workers import Lost, Read, extract_all
from newsidx.indexer.writing import Writing

__all__ = ["Reading"]


class _Batch(Struct):
    """What a stream gave since its last part, or several that are committed together."""

    pieces: list[Read] = field(default_factory=list)
    prepared: list[Prepared] = field(default_factory=list)
    size: int = 0
    articles: int = 0
    files: int = 0


class _Members(Struct):
    """The members of an archive that is being read.

    Attributes:
        before: As they were, less those found.
        unfinished: Those of which the last piece hasn't come: archives in it, and a file
            in those.
    """

    before: dict[str, FileRow]
    unfinished: dict[str, FileRow] = field(default_factory=dict)


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
        self.batches: defaultdict[int, _Batch] = defaultdict(_Batch)
        self.held = _Batch()
        self.committed = time.monotonic()
        self.archives: dict[int, _Members] = {}
        self.taken: set[str] = set()

    def read(
        self, tasks: list[Task], processes: int, memory: int, crew: Crew | None = None
    ) -> None:
        """Read files, and commit what is in them.

        Args:
            processes: How many may read side by side.
            memory: What each of them may gather, in bytes.
            crew: Of which they are taken; they may be waiting already.
        """
        size = sum(task.seen.size for task in tasks)
        self.progress.phase, self.progress.total = "reading", len(tasks)
        self.progress.total_size = size
        self.tell(self.progress)
        orders = self.ledger.date_orders()
        jobs = [_job(task, orders) for task in tasks]
        recipe = self.index.recipe(memory)
        try:
            for stream, message in extract_all(
                jobs, processes, size, recipe, crew or Crew(), self._make_ready
            ):
                match message:
                    case Read():
                        self._receive(self.batches[stream], message, tasks[message.job])
                    case Part():
                        self._hold(self.batches.pop(stream, _Batch()), message.prepared)
                        late = time.monotonic() - self.committed >= parts.PART_SECONDS
                        if late or self.held.articles >= parts.PART_ARTICLES:
                            self._commit(tasks)
                    case Lost():
                        self._forget(self.batches.pop(stream, _Batch()))
            self._commit(tasks)
        finally:
            self.index.clear_building()

    def _make_ready(self) -> None:
        """Load what a commit takes: at the end nothing else would be left to do meanwhile."""
        with closing(self.index.open_engine()) as engine:
            engine.writer()

    def _receive(self, batch: _Batch, read: Read, task: Task) -> None:
        batch.pieces.append(read)
        batch.articles += len(read.piece.items)
        self.progress.articles += len(read.piece.items)
        if read.piece.ends_job:
            batch.files += 1
            batch.size += task.seen.size
            self.progress.done += 1
            self.progress.size += task.seen.size
        self.tell(self.progress)

    def _forget(self, batch: _Batch) -> None:
        self.progress.articles -= batch.articles
        self.progress.done -= batch.files
        self.progress.size -= batch.size

    def _hold(self, batch: _Batch, prepared: Prepared | None) -> None:
        """Have a part committed, together with others that come soon."""
        held = self.held
        held.pieces += batch.pieces
        held.articles += batch.articles
        if prepared:
            for item in chain.from_iterable(read.piece.items for read in batch.pieces):
                if item.kept:
                    item.kept.part = len(held.prepared)
            held.prepared.append(prepared)

    def _commit(self, tasks: list[Task]) -> None:
        batch, self.held = self.held, _Batch()
        if not batch.pieces:
            return
        self.progress.phase = "writing"
        self.tell(self.progress)
        changes: list[Change] = []
        gone: list[FileRow] = []
        renewed = []
        origins = {_plain_origin(tasks[number], piece) for number, piece in batch.pieces}
        self.taken = self.ledger.taken_origins(origins)
        for number, piece in batch.pieces:
            task = tasks[number]
            if piece.first and not piece.member:
                self.archives[number] = _Members(self._members(task))
            members = self.archives[number]
            self._count(task, piece, members)
            if piece.same:
                renewed.append((task, piece))
            elif piece.member:
                changes.append(Change(self._member_row(task, piece, members), piece, task.row))
            else:
                changes.append(Change(self._row(task, piece), piece))
                if piece.last and piece.reason not in PASSING:
                    gone += members.before.values()
            if piece.ends_job:
                del self.archives[number]
        if renewed:
            with self.ledger.transaction():
                for task, piece in renewed:
                    self._renew(task, piece)
        if changes:
            self.index.committer.apply(changes, gone, batch.prepared)
            self._report_rejected()
            self.index.publish(done=False)
        self.progress.phase = "reading"
        self.committed = time.monotonic()

    def _report_rejected(self) -> None:
        rejected = self.index.committer.rejected
        bases = {root.id: root.base for root in self.ledger.roots()} if rejected else {}
        while rejected:
            each = rejected.pop(0)
            path = os.path.join(bases[each.file.root], each.file.path)  # noqa: PTH118 - may be no UTF-8
            problem = Problem(path, "rejected", each.detail, each.position)
            self.report.problems.append(problem)
            self.report.bad_records += 1

    # Rows

    def _members(self, task: Task) -> dict[str, FileRow]:
        """The members that an archive had."""
        row = task.row
        found = self.ledger.members(row.id) if row and row.id is not None else {}
        if task.moved and row:
            # By their new paths.
            return {task.path + path.removeprefix(row.path): each for path, each in found.items()}
        return found

    def _row(self, task: Task, piece: Extracted) -> FileRow:
        """The row of a file on disk."""
        if task.row is None:
            task.row = FileRow(task.root.id, task.path, self._origin(task, piece))
        row = task.row
        seen = piece.seen or task.seen
        row.root, row.path = task.root.id, task.path
        row.size, row.mtime, row.ctime, row.inode = seen.size, seen.mtime, seen.ctime, seen.inode
        self._fill(row, piece)
        return row

    def _member_row(self, task: Task, piece: Extracted, members: _Members) -> FileRow:
        """The row of a member of the archive that is being read."""
        assert task.row is not None
        row = (members.before if piece.first else members.unfinished).pop(piece.path, None)
        if row is None:
            row = FileRow(task.root.id, piece.path, self._origin(task, piece))
        row.root, row.path = task.root.id, piece.path
        if piece.seen:
            row.size, row.mtime = piece.seen.size, piece.seen.mtime
        self._fill(row, piece)
        if not piece.last:
            members.unfinished[piece.path] = row
        return row

    def _fill(self, row: FileRow, piece: Extracted) -> None:
        passing = piece.reason in PASSING
        # A reading that failed tells nothing of the content: that is as it was when last
        # known, or first looked at with the same time stamp.
        other = row.digest != piece.digest if row.digest else row.dated != row.mtime
        if not row.run or (piece.first and other and not passing):
            row.run, row.dated = self.number, row.mtime
        # What isn't finished, or may be no fault of the file's, is looked at again.
        row.recorded = now_ns() if piece.last and not passing else None
        row.digest = row.digest if passing else piece.digest
        row.reader, row.reader_version = piece.reader, piece.reader_version

    def _origin(self, task: Task, piece: Extracted) -> str:
        """The identity of a new file: where it is, unless a file that moved came from there."""
        origin = plain = _plain_origin(task, piece)
        if plain not in self.taken:
            return plain
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

    def _count(self, task: Task, piece: Extracted, members: _Members) -> None:
        report = self.report
        report.articles_read += len(piece.items)
        report.bad_records += len(piece.bad)
        path = os.path.join(task.root.base, piece.path)  # noqa: PTH118 - may be no UTF-8
        row = members.before.get(piece.path) if piece.member else task.row
        known = row.reason if row else None  # why it could not be read before
        for bad in piece.bad:
            report.problems.append(Problem(path, bad.reason, bad.message, bad.position))
        if piece.same:
            report.unchanged += 1
        elif piece.last:
            self._count_file(path, piece, known)

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


def _plain_origin(task: Task, piece: Extracted) -> str:
    return first_origin(task.root.label, piece.path)


def _ids(rows: dict[str, FileRow]) -> list[int]:
    return [row.id for row in rows.values() if row.id is not None]


def _job(task: Task, orders: dict[str, str]) -> Job:
    row = task.row
    known = row.digest if row and not task.again else None
    return job_for(task.root, task.path, known, orders, row.origin if row else None)
