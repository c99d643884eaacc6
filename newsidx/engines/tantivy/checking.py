"""Holding the files of a Tantivy index against the checksums that were kept at each commit."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from newsidx.durable import checksum
from newsidx.engines.base import EngineCheck, PartCheck
from newsidx.engines.tantivy import files
from newsidx.engines.tantivy.files import Commit, Sum, deleted_in, read_commit, segment_name
from newsidx.errors import IndexDamaged

__all__ = ["assert_whole", "check", "clear", "drop"]


def check(folder: Path, known: Mapping[str, PartCheck], tell: Callable[[int], None]) -> EngineCheck:
    """As of `EngineFactory`."""
    try:
        commit = read_commit(folder)
    except IndexDamaged as problem:
        return EngineCheck(-1, problems=(problem.message,))
    problems = _problems(folder, commit.sums.get("", {}), tell)
    if problems:
        return EngineCheck(commit.number, problems=problems)
    parts = []
    for segment in commit.segments:
        name, articles = segment_name(segment), segment["max_doc"] - deleted_in(segment)
        sums = commit.sums.get(name, {})
        # A segment is another once documents of it were deleted.
        label = name if not deleted_in(segment) else f"{name}.{segment['deletes']['opstamp']}"
        size = sum(size for size, _ in sums.values())
        found = () if label in known else _problems(folder, sums, tell)
        parts.append(PartCheck(label, articles, len(sums), size, found))
    return EngineCheck(commit.number, tuple(parts))


def _problems(
    folder: Path, sums: Mapping[str, Sum], tell: Callable[[int], None]
) -> tuple[str, ...]:
    """What is wrong with some files, a sentence each."""
    problems = []
    for name, (size, kept) in sorted(sums.items()):
        try:
            found, actual = checksum(folder / name, tell)
        except FileNotFoundError:
            problems.append(f"{name} is gone.")
        except OSError as problem:
            problems.append(f"{name} can't be read: {problem.strerror}.")
        else:
            if found != size:
                problems.append(f"{name} has {found:,} bytes and not {size:,}.")
            elif actual != kept:
                problems.append(f"{name} is not what was written: its checksum differs.")
    return tuple(problems)


def assert_whole(folder: Path, sums: Mapping[str, Sum]) -> None:
    """See that files are what was written, before others are made of them.

    Raises:
        IndexDamaged: One is not.
    """
    for problem in _problems(folder, sums, lambda _: None):
        raise IndexDamaged(f"The Tantivy index in {folder} is damaged: {problem}")


def drop(folder: Path, parts: Collection[str]) -> None:
    """As of `EngineFactory`."""
    commit = read_commit(folder)
    gone = {part.partition(".")[0] for part in parts}
    kept = [each for each in commit.segments if segment_name(each) not in gone]
    sums = {name: kept for name, kept in commit.sums.items() if name and name not in gone}
    after = Commit(commit.number + 1, kept, commit.schema, sums)
    after.sums[""] = _counted_anew(folder, after)
    files.write_commit(folder, after)


def _counted_anew(folder: Path, commit: Commit) -> dict[str, Sum]:
    """A file of the word counts of what is left: of what goes, they can't be told."""
    from newsidx.engines.base import BUILDING
    from newsidx.engines.tantivy.merge import described, link, stored_in
    from newsidx.engines.tantivy.prepare import WORDS
    from newsidx.engines.tantivy.words import counts_in, save

    scratch = folder / BUILDING / "left"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    try:
        for segment in commit.segments:
            for path in files.files_of(folder, segment):
                link(path, scratch / path.name)
        with files.reading(folder):
            counts = counts_in(stored_in(described(scratch, commit.schema, commit.segments)))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    path = folder / f"{WORDS}.{commit.number}"
    save(path, counts)
    return files.seal([path])


def clear(folder: Path) -> None:
    """As of `EngineFactory`."""
    commit = read_commit(folder)
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
    files.clear(folder, commit)
