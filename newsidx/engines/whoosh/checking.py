"""Holding the files of a Whoosh index against the checksums that were kept at each commit."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from newsidx.durable import checksum
from newsidx.engines.base import EngineCheck, PartCheck
from newsidx.engines.whoosh.damage import reading
from newsidx.engines.whoosh.layout import whoosh_schema, whoosh_segment
from newsidx.engines.whoosh.sealing import SUMS, clear_all, toc_path, write_toc
from newsidx.engines.whoosh.toc import SegmentInfo, Toc, latest_generation, read_toc
from newsidx.errors import IndexDamaged

__all__ = ["assert_whole", "check", "clear", "drop", "table_of"]


def check(folder: Path, known: Mapping[str, PartCheck], tell: Callable[[int], None]) -> EngineCheck:
    """As of `EngineFactory`."""
    try:
        generation = latest_generation(folder)
    except FileNotFoundError:
        return EngineCheck(-1, problems=(f"{folder.name} has no table of contents.",))
    toc = toc_path(folder, generation)
    _, _, problems = _compare(folder, toc.with_suffix(SUMS), tell)
    if problems:
        return EngineCheck(generation, problems=problems)
    try:
        table = table_of(folder)
    except IndexDamaged as problem:
        return EngineCheck(generation, problems=(problem.message,))
    parts = [_part(folder, segment, known, tell) for segment in table.segments]
    return EngineCheck(generation, tuple(parts))


def _part(
    folder: Path, segment: SegmentInfo, known: Mapping[str, PartCheck], tell: Callable[[int], None]
) -> PartCheck:
    name, articles = segment.name, segment.documents - len(segment.deleted)
    if name in known:
        return PartCheck(name, articles, known[name].files, known[name].size)
    return PartCheck(name, articles, *_compare(folder, folder / (name + SUMS), tell))


def _compare(
    folder: Path, sums: Path, tell: Callable[[int], None]
) -> tuple[int, int, tuple[str, ...]]:
    """How many files a file of checksums names, their bytes, and what is wrong with them."""
    try:
        files: dict[str, tuple[int, str]] = json.loads(sums.read_bytes())["files"]
        every = sorted((str(name), int(size), str(kept)) for name, (size, kept) in files.items())
    except FileNotFoundError:
        return 0, 0, (f"{sums.name}, which has the checksums, is gone.",)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        return 0, 0, (f"{sums.name}, which has the checksums, can't be read: {problem!r}.",)
    problems = []
    for name, size, kept in every:
        try:
            found, actual = checksum(folder / Path(name).name, tell)
        except FileNotFoundError:
            problems.append(f"{name} is gone.")
        except OSError as problem:
            problems.append(f"{name} can't be read: {problem.strerror}.")
        else:
            if found != size:
                problems.append(f"{name} has {found:,} bytes and not {size:,}.")
            elif actual != kept:
                problems.append(f"{name} is not what was written: its checksum differs.")
    return len(every), sum(size for _, size, _ in every), tuple(problems)


def assert_whole(folder: Path, names: Collection[str]) -> None:
    """See that segments are what was written, before others are made of them.

    Checksums of damaged files would make the damage look sound. Segments of the
    transaction that is under way have none yet, and are passed over.

    Raises:
        IndexDamaged: One is not.
    """
    for name in names:
        sums = folder / (name + SUMS)
        if sums.exists():
            for problem in _compare(folder, sums, lambda _: None)[2]:
                raise IndexDamaged(f"The Whoosh index in {folder} is damaged: {problem}")


def drop(folder: Path, parts: Collection[str]) -> None:
    """As of `EngineFactory`."""
    table = table_of(folder)
    kept = [whoosh_segment(info) for info in table.segments if info.name not in parts]
    write_toc(folder, whoosh_schema(), kept, table.generation + 1)


def clear(folder: Path) -> None:
    """As of `EngineFactory`."""
    table = table_of(folder)
    clear_all(folder, table.generation, [info.name for info in table.segments])


def table_of(folder: Path) -> Toc:
    """The table of contents of the last commit.

    Raises:
        IndexDamaged: It can't be read, or there is none.
    """
    with reading(folder):
        return read_toc(folder)
