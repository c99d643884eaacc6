"""Which roots a run is about: paths as given, held against the roots that are known."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from newsidx.errors import UsageError
from newsidx.index.ledger import Ledger
from newsidx.index.rows import Root
from newsidx.indexer.options import RootOptions

__all__ = ["Target", "targets"]


@dataclass(slots=True)
class Target:
    """A root, or a part of one, to be brought in step.

    Attributes:
        within: The folder or file below the root that was asked for; "" is all of it.
        reread: Its reading options changed, so that every file is to be read again.
    """

    root: Root
    within: str = ""
    reread: bool = False


def targets(
    ledger: Ledger, paths: Iterable[str], changes: Mapping[str, Any] | None, *, every: bool = False
) -> list[Target]:
    """The targets of a run, in order of label; roots that are new are not yet stored.

    Args:
        paths: Folders and files; none means all known roots.
        changes: Attributes of `RootOptions` -> new values for the roots; what is not
            named stays as it is.
        every: Take all known roots as a whole besides.

    Raises:
        UsageError: A path isn't there, or there is nothing to do, or options are for a part.
    """
    known = ledger.roots()
    given = list(paths)
    if not given:
        if not known:
            raise UsageError(
                "There is nothing to index yet.", "Name a folder of articles: newsidx index DIR"
            )
        return [_with_options(Target(root), changes) for root in known]
    found: dict[tuple[str, str], Target] = {}
    for path in given:
        target = _target(path, known)
        if not target.root.id and target.root not in known:
            known.append(target.root)
        found[target.root.label, target.within] = _with_options(target, changes)
    if every:
        for root in ledger.roots():
            found.setdefault((root.label, ""), Target(root))
    return _without_parts(sorted(found.values(), key=lambda t: (t.root.label, t.within)))


def _target(path: str, known: list[Root]) -> Target:
    if not os.path.lexists(path):
        raise UsageError(f"There is no {_shown(path)!r}.", "Check the path; nothing was indexed.")
    real = os.path.realpath(path)
    if not os.path.exists(real):  # noqa: PTH110 - may be no UTF-8
        raise UsageError(f"{_shown(path)!r} is a link that leads nowhere.", "Nothing was indexed.")
    for root in known:
        if real == root.path:
            return Target(root)
    around = [
        root
        for root in known
        if root.only is None and real.startswith(root.base.rstrip(os.sep) + os.sep)
    ]
    if around:
        inner = max(around, key=lambda root: len(root.base))
        return Target(inner, real[len(inner.base.rstrip(os.sep)) + 1 :])
    label = _unique(os.path.basename(real) or "root", {root.label for root in known})  # noqa: PTH119
    if os.path.isdir(real):  # noqa: PTH112
        return Target(Root(0, label, real))
    base, only = os.path.split(real)
    return Target(Root(0, label, base, only))


def _unique(name: str, taken: set[str]) -> str:
    clean = name.encode("utf-8", "replace").decode()
    label, number = clean, 1
    while label in taken:
        number += 1
        label = f"{clean}-{number}"
    return label


def _with_options(target: Target, changes: Mapping[str, Any] | None) -> Target:
    """Change those of a root's options that are given."""
    if not changes:
        return target
    if target.within:
        raise UsageError(
            f"{target.within} is a part of the root {target.root.label!r}, and options are "
            "for a whole root.",
            f"Say: newsidx index {_shown(target.root.path)} with the options.",
        )
    before = RootOptions.from_json(target.root.options)
    after = replace(before, **changes)
    target.reread = bool(target.root.id) and before.reading() != after.reading()
    target.root.options = after.to_json()
    return target


def _without_parts(found: list[Target]) -> list[Target]:
    """Leave out parts that lie in others."""
    parts = {(target.root.label, target.within) for target in found}

    def is_inside(target: Target) -> bool:
        above = target.within
        while above:
            above = above.rpartition("/")[0]
            if (target.root.label, above) in parts:
                return True
        return False

    return [target for target in found if not is_inside(target)]


def _shown(path: str) -> str:
    return path.encode("utf-8", "replace").decode()
