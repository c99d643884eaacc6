"""Files in archives, kept while they are read, and bounds on what unpacks.

No member is ever written under its own name, so that none can lead out of anything:
a short one is held in memory, a long one in a temporary file.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct, field

from newsidx.errors import ReadError
from newsidx.readers.source import MAX_RATIO, Source

__all__ = [
    "BLOCK",
    "MAX_DEPTH",
    "SEPARATOR",
    "Budget",
    "Member",
    "budget_of",
    "day_of",
    "kept",
    "member_name",
    "refused",
]

BLOCK = 1024 * 1024
"""Bytes in which a member is unpacked."""

MAX_DEPTH = 3
"""Archives in one another: a zip of zips of zips, and no more."""

SEPARATOR = "!/"
"""Between the path of an archive and that of a member in it, as in JAR URLs."""

MAX_MEMBER = 4 * 1024 * 1024 * 1024
"""Bytes in one member."""

_IN_MEMORY = 16 * 1024 * 1024
# However small an archive, this much may come out of it; beyond it, a ratio counts.
_FREE_BYTES = 1024 * 1024 * 1024


class Budget(Struct):
    """How much may yet come out of a file on disk, whatever the depth it comes from."""

    left: int

    def spend(self, size: int) -> None:
        """Take in that so many bytes came out.

        Raises:
            ReadError: `too-large`.
        """
        self.left -= size
        if self.left < 0:
            raise ReadError("too-large", f"it unpacks to more than {MAX_RATIO} times its size")


class Member(Source, frozen=True):
    """A file in an archive; its `path` is that of a temporary file, or of nothing.

    Attributes:
        modified: The day of its last change, as the archive has it.
        depth: How many archives are around it.
        problem: Why it can't be had; opening it raises this.
    """

    modified: date | None = None
    depth: int = 1
    budget: Budget = field(default_factory=lambda: Budget(0))
    problem: ReadError | None = None

    def open_raw(self) -> BinaryIO:
        """The bytes of the member, as the archive gave them."""
        if self.problem is not None:
            raise self.problem
        return super().open_raw()


def budget_of(source: Source) -> tuple[Budget, int]:
    """What may come out of an archive, and how deep its members will be.

    Raises:
        ReadError: `too-large` when it is too deep itself; `unreadable`.
    """
    if isinstance(source, Member):
        if source.depth >= MAX_DEPTH:
            raise ReadError("too-large", f"archives are nested more than {MAX_DEPTH} deep")
        return source.budget, source.depth + 1
    try:
        size = source.path.stat().st_size if source.data is None else len(source.data)
    except OSError as error:
        raise ReadError("unreadable", f"it can't be read: {error.strerror or error}") from error
    return Budget(max(_FREE_BYTES, MAX_RATIO * size)), 1


def member_name(archive: str, name: str) -> str:
    """The path of a member: `press.zip!/a/b.html`.

    Raises:
        ReadError: `outside-root` where its name leads out of the archive.
    """
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
    if ".." in parts or name.startswith("/"):
        raise ReadError("outside-root", f"its name leads out of the archive: {name[:80]!r}")
    if any(part.startswith(".") or part == "__MACOSX" for part in parts):
        raise ReadError("hidden", "its name, or that of its folder, marks it as hidden")
    return archive + SEPARATOR + "/".join(parts)


def refused(archive: str, name: str, problem: ReadError) -> Member:
    """A member that can't be had, under the name that it claims."""
    plain = "/".join(part for part in name.replace("\\", "/").split("/") if part)
    return Member(archive + SEPARATOR + plain, Path(), problem=problem)


@contextmanager
def kept(
    name: str, blocks: Iterable[bytes], modified: date | None, budget: Budget, depth: int
) -> Iterator[Member]:
    """A member, for as long as it is read.

    Raises:
        ReadError: `too-large` beyond `MAX_MEMBER` bytes or the budget, `unreadable` where
            there is no room for it, and what taking from `blocks` raises.
    """
    blocks = _counted(blocks, budget)
    first = []
    for block in blocks:
        first.append(block)
        if sum(map(len, first)) > _IN_MEMORY:
            break
    else:
        yield Member(name, Path(), b"".join(first), modified, depth, budget)
        return
    with tempfile.NamedTemporaryFile(prefix="newsidx-") as file:
        try:
            for part in (first, blocks):
                file.writelines(part)
            file.flush()
        except OSError as error:
            message = f"there is no room to unpack it: {error.strerror or error}"
            raise ReadError("unreadable", message) from error
        first.clear()
        yield Member(name, Path(file.name), None, modified, depth, budget)


def _counted(blocks: Iterable[bytes], budget: Budget) -> Iterator[bytes]:
    size = 0
    for block in blocks:
        size += len(block)
        budget.spend(len(block))
        if size > MAX_MEMBER:
            raise ReadError("too-large", f"it holds more than {MAX_MEMBER // 1024**3} GiB")
        yield block


def day_of(parts: tuple[int, ...] | None) -> date | None:
    """The day of (year, month, day, ...), where there is such a day."""
    try:
        return date(*parts[:3]) if parts else None
    except (ValueError, TypeError):
        return None
