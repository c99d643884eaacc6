"""Changing roots: another name, another place, or none."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from newsidx.errors import UsageError
from newsidx.index.ledger import Ledger
from newsidx.index.rows import Root
from newsidx.indexer.received import RECEIVED
from newsidx.indexer.report import Report
from newsidx.indexer.run import RunOptions, run
from newsidx.indexer.writing import writing

__all__ = ["forget_root", "move_root", "rename_root"]


def _root(ledger: Ledger, label: str) -> Root:
    roots = ledger.roots()
    for root in roots:
        if root.label == label:
            return root
    names = ", ".join(root.label for root in roots) or "none"
    raise UsageError(f"There is no root {label!r}.", f"Roots: {names}.")


def rename_root(index: Path, label: str, name: str, options: RunOptions) -> Report:
    """Give a root another label; its articles keep their ids.

    Its files are read again, because every article names its root.

    Raises:
        UsageError: There is no such root, or the name is taken or can't be one.
    """
    if not name.strip() or "/" in name or not name.isprintable():
        raise UsageError(f"{name!r} can't be the name of a root.", "Use a name without slashes.")
    with writing(index, wait=options.wait) as held:
        held.refuse_while_rebuilding()
        root = _root(held.ledger, label)
        if any(other.label == name for other in held.ledger.roots()):
            raise UsageError(f"There is a root {name!r} already.", "Choose another name.")
        root.label = name
        with held.ledger.transaction():
            held.ledger.save_root(root)
            held.ledger.forget_readings(root.id)
        held.publish(done=True)
    return run(index, [root.path], options)


def move_root(index: Path, label: str, path: str, options: RunOptions) -> Report:
    """Tell the archive where a root is now, and bring it in step.

    Raises:
        UsageError: There is no such root, or nothing of its kind at the path.
    """
    real = os.path.realpath(path)
    with writing(index, wait=options.wait) as held:
        held.refuse_while_rebuilding()
        root = _root(held.ledger, label)
        if root.only is None and not os.path.isdir(real):  # noqa: PTH112 - may be no UTF-8
            raise UsageError(f"{path} is no folder.", f"{label!r} was {root.base}.")
        if root.only is not None and not os.path.isfile(real):  # noqa: PTH113 - likewise
            raise UsageError(f"{path} is no file.", f"{label!r} was {root.path}.")
        if root.only is None:
            root.base = real
        else:
            root.base, root.only = os.path.split(real)
        if any(
            other.base == root.base and other.only == root.only and other.id != root.id
            for other in held.ledger.roots()
        ):
            raise UsageError(f"{path} is another root already.", "See newsidx roots.")
        with held.ledger.transaction():
            held.ledger.save_root(root)
        held.publish(done=True)
    return run(index, [root.path], options)


def forget_root(index: Path, label: str, wait: float = 0.0) -> int:
    """Remove a root and its articles from the index; gives how many articles went.

    Source files are never touched; what came on standard input is the index's own, and goes.

    Raises:
        UsageError: There is no such root.
    """
    with writing(index, wait=wait) as held:
        held.refuse_while_rebuilding()
        root = _root(held.ledger, label)
        held.committer.apply([], list(held.ledger.files(root.id).values()))
        with held.ledger.transaction():
            held.ledger.delete_root(root)
        if Path(root.base).parent == Path(os.path.realpath(index)) / RECEIVED:
            shutil.rmtree(root.base)  # ours, and of no use to anybody now
        held.publish(done=True)
        return held.committer.counts.removed
