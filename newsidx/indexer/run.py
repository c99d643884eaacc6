"""A run of the indexer: discover, plan, extract, write, commit."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import asdict, replace

from newsidx.errors import Refused
from newsidx.index.outcomes import REASONS, status_for
from newsidx.index.rows import FileRow
from newsidx.indexer.discover import Discovery, Seen, discover
from newsidx.indexer.memory import shared_memory
from newsidx.indexer.options import RootOptions
from newsidx.indexer.plan import Plan, Task, find_moves, plan_root
from newsidx.indexer.report import Problem, Progress, Report
from newsidx.indexer.roots import Target, targets
from newsidx.indexer.writing import Writing, writing
from newsidx.text.counted import counted

if TYPE_CHECKING:
    from newsidx.indexer.crew import Crew

__all__ = ["RunOptions", "run"]

# A run that would remove more than both of these asks first.
REMOVAL_SHARE = 0.05
REMOVAL_COUNT = 50


class RunOptions(Struct, frozen=True):
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
        gone: The paths have changed, come or gone below known roots, by whatever means:
            they are absolute, need not be there any more, and nothing is said of those
            that are left out or in no root.
    """

    roots: Mapping[str, Any] | None = None
    jobs: int = 1
    memory: int | None = None
    wait: float = 0.0
    rehash: bool = False
    reread: bool = False
    rebuild: bool = False
    prune: bool = False
    gone: bool = False


def run(
    directory: Path,
    paths: Iterable[str],
    options: RunOptions,
    progress: Callable[[Progress], None] = lambda _: None,
    crew: Crew | None = None,
) -> Report:
    """Bring an index in step with its roots.

    Args:
        directory: The index, which exists.
        paths: Folders and files to index; none means all known roots.
        progress: Called often, with the same object each time.
        crew: Workers, who may be waiting already.

    Raises:
        UsageError: A path does not exist.
        Refused: Too many articles would be removed; nothing was changed.
    """
    started = time.monotonic()
    with writing(directory, wait=options.wait, rebuild=options.rebuild) as index:
        report = Report(recovered=index.recovered)
        # A rebuild that leaves a root out would lose its articles.
        wanted = targets(
            index.ledger, paths, options.roots, every=index.rebuilding, gone=options.gone
        )
        changed = _Run(index, options, report, progress, crew).execute(wanted)
        counts = asdict(index.committer.counts)
        counts.pop("collisions")
        for name, count in counts.items():
            setattr(report, name, count)
        if changed or not options.gone or not index.live.finished:
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
        crew: Crew | None,
    ) -> None:
        self.index = index
        self.ledger = index.ledger
        self.options = options
        self.crew = crew
        self.report = report
        self.tell = progress
        self.progress = Progress()
        self.targets: list[Target] = []

    def execute(self, wanted: list[Target]) -> bool:
        """Do it all; gives whether there was anything to do."""
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
        tasks = [task for plan in plans for task in plan.read]
        gone = [row for plan in plans for row in plan.vanished]
        if tasks:
            self._read(tasks, self.report, self.progress)
        if gone:
            self.index.committer.apply([], gone)
            self.report.files_removed = len(gone)
        if tasks or gone or not self.options.gone:
            self._apply_date_orders(plans)
        if tasks:
            self.ledger.set_meta("runs", int(self.ledger.meta("runs", 0)) + 1)
        return bool(tasks or gone)

    def _read(self, tasks: list[Task], report: Report, progress: Progress) -> None:
        from newsidx.indexer.reading import Reading

        reading = Reading(self.index, report, progress, self.tell)
        jobs, memory = shared_memory(self.options.jobs, self.options.memory)
        reading.read(tasks, jobs, memory, self.crew)

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
        if tasks:
            self._read(sorted(tasks, key=lambda task: task.path), Report(), Progress())

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
        found = {target.root.id or target.root.label: target for target in wanted}
        for root in self.ledger.roots():
            if root.id in unread:
                found[root.id] = replace(found.get(root.id, Target(root)), parts=frozenset())
        self.targets = sorted(found.values(), key=lambda target: target.root.label)
        return self.targets

    def _plans(self, wanted: list[Target]) -> list[Plan]:
        roots = [*self.ledger.roots(), *(target.root for target in wanted)]
        bases = [root.base for root in roots if root.only is None]
        plans = []
        looked = 0

        def tell(found: int) -> None:
            self.progress.total = looked + found
            self.tell(self.progress)

        for target in wanted:
            root = target.root
            found = discover(
                root.base,
                RootOptions.from_json(root.options),
                only=root.only,
                parts=target.parts,
                others=bases,
                tell=tell,
            )
            looked += len(found.files)
            anew = self.index.rebuilding and not self.index.begun
            again = self.options.reread or target.reread or anew
            if not self.options.gone:
                self._warn_of_nothing(target, found)
            plan = plan_root(
                root,
                found,
                self.ledger,
                parts=target.parts,
                rehash=self.options.rehash,
                is_stale=lambda *reading, again=again: again or _is_stale(*reading),
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

    def _warn_of_nothing(self, target: Target, found: Discovery) -> None:
        """Say why what was named in so many words gives nothing."""
        root = target.root
        for named in sorted(target.parts) or [root.only or ""]:
            if named and (why := found.why_nothing(named if target.parts else "")):
                path = os.path.join(root.base, named)  # noqa: PTH118 - may be no UTF-8
                reasons = sorted(REASONS[reason] for reason in why)
                shown = path.encode("utf-8", "replace").decode()
                self.report.warnings.append(f"Nothing of {shown} was read: {', '.join(reasons)}.")

    def _check_removals(self, plans: list[Plan]) -> None:
        if self.options.prune:
            return
        for plan in plans:
            gone = [row.id for row in plan.vanished if row.id is not None]
            going = self.ledger.count_articles_of(gone)
            if going <= REMOVAL_COUNT:
                continue
            total = self.ledger.count_articles_below(plan.root.id)
            if going > REMOVAL_SHARE * total:
                raise Refused(
                    f"Gone or left out now: {counted(len(gone), 'file')} of {plan.root.label!r}, "
                    f"with {going:,} of its {counted(total, 'article')}. Nothing was changed.",
                    "If that is meant, say so with --prune.",
                )

    def _note(self, plans: list[Plan]) -> None:
        """Write down what is known before any file is opened."""
        report = self.report
        for plan in plans:
            report.seen += plan.seen
            report.unchanged += plan.unchanged
            report.unseen += len(plan.unseen)
            report.excluded += sum(plan.found.left_out.values())
            self._report_unlisted(plan)
            rows = [(path, why, count) for (path, why), count in plan.found.left_out.items()]
            self.ledger.set_left_out(plan.root.id, plan.parts, plan.found.passed, rows)
            for row in plan.unseen:
                if row.status != "unseen":
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


def _is_stale(reader: str | None, version: int | None, reason: str | None) -> bool:
    """Whether readers have since learned to read a file better, or at all."""
    from newsidx.indexer.extract import version_of

    if reader is None and reason != "unknown-format":
        return False
    return version_of(reader) != version
