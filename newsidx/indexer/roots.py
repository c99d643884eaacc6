"""Which roots a run is about: paths as given, held against the roots that are known."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from newsidx.errors import UsageError
from newsidx.index.ledger import Ledger
from newsidx.index.rows import Root
from newsidx.indexer.options import RootOptions

__all__ = ["Target", "targets"]


class Target(Struct):
    """A root, or parts of one, to be brought in step.

    Attributes:
        parts: The folders and files below the root that were asked for, none of them in
            another; none is all of it.
        reread: Its reading options changed, so that every file is to be read again.
    """

    root: Root
    parts: frozenset[str] = frozenset()
    reread: bool = False


def targets(
    ledger: Ledger,
    paths: Iterable[str],
    changes: Mapping[str, Any] | None,
    *,
    every: bool = False,
    gone: bool = False,
) -> list[Target]:
    """The targets of a run, in order of label; roots that are new are not yet stored.

    Args:
        paths: Folders and files; none means all known roots.
        changes: Attributes of `RootOptions` -> new values for the roots; what is not
            named stays as it is.
        every: Take all known roots as a whole besides.
        gone: Paths are absolute, lie in known roots and need not be there any more; those
            in none are passed over.

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
        return [_with_options(Target(root), "", changes) for root in known]
    found: dict[str, tuple[Root, set[str]]] = {}
    for path in given:
        root, part = _located(path, known) if gone else _named(path, known)
        if root is None:
            continue
        if root not in known:
            known.append(root)
        found.setdefault(root.label, (root, set()))[1].add(part)
    if every:
        found |= {root.label: (root, {""}) for root in ledger.roots()}
    return [
        _with_options(Target(root, _outermost(parts)), max(parts), changes)
        for _, (root, parts) in sorted(found.items())
    ]


def _named(path: str, known: list[Root]) -> tuple[Root, str]:
    """The root that a path is, or lies in, or will be; and its place below it."""
    if not os.path.lexists(path):
        raise UsageError(f"There is no {_shown(path)!r}.", "Check the path; nothing was indexed.")
    real = os.path.realpath(path)
    if not os.path.exists(real):  # noqa: PTH110 - may be no UTF-8
        raise UsageError(f"{_shown(path)!r} is a link that leads nowhere.", "Nothing was indexed.")
    root, part = _located(real, known)
    if root is not None:
        return root, part
    label = _unique(os.path.basename(real) or "root", {root.label for root in known})  # noqa: PTH119
    if os.path.isdir(real):  # noqa: PTH112
        return Root(0, label, real), ""
    base, only = os.path.split(real)
    return Root(0, label, base, only), ""


def _located(real: str, known: list[Root]) -> tuple[Root | None, str]:
    """The known root that an absolute path is, or the innermost that it lies in."""
    for root in known:
        if real == root.path:
            return root, ""
    around = [
        root
        for root in known
        if root.only is None and real.startswith(root.base.rstrip(os.sep) + os.sep)
    ]
    if not around:
        return None, ""
    inner = max(around, key=lambda root: len(root.base))
    return inner, real[len(inner.base.rstrip(os.sep)) + 1 :]


def _unique(name: str, taken: set[str]) -> str:
    clean = name.encode("utf-8", "replace").decode()
    label, number = clean, 1
    while label in taken:
        number += 1
        label = f"{clean}-{number}"
    return label


def _with_options(target: Target, part: str, changes: Mapping[str, Any] | None) -> Target:
    """Change those of a root's options that are given, unless it is about a part of the root."""
    if not changes:
        return target
    if part or target.parts:
        raise UsageError(
            f"{part or min(target.parts)} is a part of the root {target.root.label!r}, and "
            "options are for a whole root.",
            f"Say: newsidx index {_shown(target.root.path)} with the options.",
        )
    before = RootOptions.from_json(target.root.options)
    after = replace(before, **changes)
    target.reread = bool(target.root.id) and before.reading() != after.reading()
    target.root.options = after.to_json()
    return target


def _outermost(parts: set[str]) -> frozenset[str]:
    """Leave out parts that lie in others; none is left when one of them is everything."""
    if "" in parts:
        return frozenset()

    def is_inside(part: str) -> bool:
        while part := part.rpartition("/")[0]:
            if part in parts:
                return True
        return False

    return frozenset(part for part in parts if not is_inside(part))


def _shown(path: str) -> str:
    return path.encode("utf-8", "replace").decode()
