"""A run of the indexer: discover, plan, extract, write, commit."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from newsidx.errors import Refused
from newsidx.index.outcomes import REASONS, status_for
from newsidx.index.rows import FileRow, Root
from newsidx.indexer.discover import Seen, discover
from newsidx.indexer.extract import version_of
from newsidx.indexer.memory import shared_memory
from newsidx.indexer.options import RootOptions
from newsidx.indexer.plan import Plan, Task, find_moves, plan_root
from newsidx.indexer.reading import Reading
from newsidx.indexer.report import Problem, Progress, Report
from newsidx.indexer.roots import Target, targets
from newsidx.indexer.writing import Writing, writing
from newsidx.text.counted import counted

__all__ = ["RunOptions", "run"]

# A run that would remove more than both of these asks first.
REMOVAL_SHARE = 0.05
REMOVAL_COUNT = 50


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What a run may do, beyond the options that its roots keep.

    Attributes:
        roots: Attributes of `RootOptions` -> new values, kept with the roots of this run.
        jobs: Number of worker processes.
        memory: What all processes together should take, in MB; None leaves it to us.
        wait: Seconds to wait for another writer.
        rehash: Open every file to see whether it changed.
        reread: Read every file again, changed or not.
        rebuild: Make the engine's index anew from the files.
        prune: Remove articles however many there are.
    """

    roots: Mapping[str, Any] | None = None
    jobs: int = 1
    memory: int | None = None
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
        self.targets: list[Target] = []

    def execute(self, wanted: list[Target]) -> None:
        plans = self._plans(self._with_unread(wanted))
        self.report.moved = find_moves(plans)
        self._check_removals(plans)
        if self.index.rebuilding:
            self._begin_rebuild(plans)
        with self.ledger.transaction():
            for plan, target in zip(plans, self.targets, strict=True):
                self.ledger.save_root(plan.root)
                if target.reread:
                    # Durable with the options, so that a run cut short can't forget it.
                    self.ledger.forget_readings(plan.root.id)
            self._note(plans)
        reading = Reading(self.index, self.report, self.progress, self.tell)
        jobs, memory = shared_memory(self.options.jobs, self.options.memory)
        reading.read([task for plan in plans for task in plan.read], jobs, memory)
        gone = [row for plan in plans for row in plan.vanished]
        if gone:
            self.index.committer.apply([], gone)
            self.report.files_removed = len(gone)
        self._apply_date_orders(plans)
        self.ledger.set_meta("runs", reading.number)

    def _apply_date_orders(self, plans: list[Plan]) -> None:
        """Read again the files whose dates are clear now that more of their sources is known."""
        with self.ledger.transaction():
            files = self.ledger.learn_date_orders()
            self.ledger.forget_reading(files)
        roots = {plan.root.id: plan.root for plan in plans}
        tasks = []
        for key in files:
            row = self.ledger.file(key)
            if root := roots.get(row.root):
                seen = Seen(row.size, row.mtime, row.ctime, row.inode)
                tasks.append(Task(root, row.path, row, seen, again=True))
        again = Reading(self.index, Report(), Progress(), self.tell)
        jobs, memory = shared_memory(self.options.jobs, self.options.memory)
        again.read(sorted(tasks, key=lambda task: task.path), jobs, memory)

    # Planning

    def _begin_rebuild(self, plans: list[Plan]) -> None:
        unseen = sum(len(plan.unseen) for plan in plans)
        if unseen and not self.options.prune:
            raise Refused(
                f"The index has to be built anew, and {counted(unseen, 'file')} can't be read now. "
                "Nothing was changed.",
                "Make them readable, or give their articles up with --prune.",
            )
        if not self.index.begun:
            self.index.begin_rebuild()

    def _with_unread(self, wanted: list[Target]) -> list[Target]:
        """Take whole what holds files that are to be read again.

        After a run that was cut short their articles are missing, whatever part of the
        archive this run was asked for.
        """
        unread = self.ledger.unread_roots()
        targets = {(t.root.label, t.within): t for t in wanted if t.root.id not in unread}
        given = {t.root.id: t for t in wanted}
        for root in self.ledger.roots():
            if root.id in unread:
                target = given.get(root.id, Target(root))
                targets[root.label, ""] = replace(target, within="")
        self.targets = [target for _, target in sorted(targets.items())]
        return self.targets

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
            self._warn_of_nothing(plan)
            plans.append(plan)
            self.report.roots.append(root.label)
        return plans

    def _warn_of_nothing(self, plan: Plan) -> None:
        """Say why what was named in so many words gives nothing."""
        named = plan.within or plan.root.only
        if named and not plan.found.files and plan.found.left_out:
            path = os.path.join(plan.root.base, named)  # noqa: PTH118 - may be no UTF-8
            reasons = sorted({REASONS[reason] for _, reason in plan.found.left_out})
            shown = path.encode("utf-8", "replace").decode()
            self.report.warnings.append(f"Nothing of {shown} was read: {', '.join(reasons)}.")

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
                    f"Gone or left out now: {counted(len(gone), 'file')} of {plan.root.label!r}, "
                    f"with {going:,} of its {counted(total, 'article')}. Nothing was changed.",
                    "If that is meant, say so with --prune.",
                )

    def _articles_of(self, root: Root, files: set[int | None]) -> tuple[int, int]:
        rows = self.ledger.db.execute(
            "SELECT coalesce(f.container, f.id), count(*) FROM places p JOIN files f"
            " ON f.id = p.file WHERE f.root = ? AND p.status = 'indexed' GROUP BY 1",
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
            self._report_unlisted(plan)
            rows = [(path, why, count) for (path, why), count in plan.found.left_out.items()]
            self.ledger.set_left_out(plan.root.id, plan.within, rows)
            for row in plan.unseen:
                self._mark(row, seen=False)
            for row in plan.restored:
                self._mark(row, seen=True)

    def _report_unlisted(self, plan: Plan) -> None:
        """Name what could not be listed, unless that is known from before."""
        known = self.ledger.left_out(plan.root.id, "unreadable")
        for folder in plan.found.unlisted:
            if folder not in known:
                path = os.path.join(plan.root.base, folder)  # noqa: PTH118 - may be no UTF-8
                detail = "The folder can't be listed, or its rules can't be read."
                self.report.problems.append(Problem(path, "unreadable", detail))
                self.report.unlisted += 1

    def _mark(self, row: FileRow, *, seen: bool) -> None:
        """Note that a file, and what is in it, can't be looked at now; or can be again."""
        assert row.id is not None
        rows = [*self.ledger.members(row.id).values(), row]
        for each in rows:
            each.status = status_for(each.reason) if each.reason else "indexed"
            each.status = each.status if seen else "unseen"
            self.ledger.save_file(each)
        if seen:
            self.ledger.refresh_statuses([each.id for each in rows if each.id is not None])


def _is_stale(row: FileRow) -> bool:
    """Whether readers have since learned to read a file better, or at all."""
    if row.reader is None and row.reason != "unknown-format":
        return False
    return version_of(row.reader) != row.reader_version
