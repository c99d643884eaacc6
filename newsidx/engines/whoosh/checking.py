"""Holding the files of a Whoosh index against the checksums that were kept at each commit."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from newsidx.durable import checksum
from newsidx.engines.base import EngineCheck, PartCheck
from newsidx.engines.whoosh.sealing import SUMS, latest, read_toc, toc_path, write_toc
from newsidx.errors import IndexDamaged

__all__ = ["check", "drop"]


def check(folder: Path, known: Mapping[str, PartCheck], tell: Callable[[int], None]) -> EngineCheck:
    """As of `EngineFactory`."""
    generation = latest(folder)
    if generation < 0:
        return EngineCheck(-1, problems=(f"{folder.name} has no table of contents.",))
    toc = toc_path(folder, generation)
    _, _, problems = _compare(folder, toc.with_suffix(SUMS), tell)
    if problems:
        return EngineCheck(generation, problems=problems)
    try:
        table = read_toc(folder, generation)
    except IndexDamaged as problem:
        return EngineCheck(generation, problems=(problem.message,))
    parts = [_part(folder, segment, known, tell) for segment in table.segments]
    return EngineCheck(generation, tuple(parts))


def _part(
    folder: Path, segment: Any, known: Mapping[str, PartCheck], tell: Callable[[int], None]
) -> PartCheck:
    name = segment.segment_id()
    articles = segment.doc_count_all() - segment.deleted_count()
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


def drop(folder: Path, parts: Collection[str]) -> None:
    """As of `EngineFactory`."""
    table = read_toc(folder, latest(folder))
    kept = [segment for segment in table.segments if segment.segment_id() not in parts]
    write_toc(folder, table.schema, kept, table.generation + 1)
