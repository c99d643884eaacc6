"""The files of a Whoosh index: sealed with checksums, named by a table of contents, cleared.

What the engine directory holds after a commit is what its table of contents names:

    _MAIN_<n>.toc     the segments of commit n and which of their documents are deleted
    _MAIN_<n>.sums    size and checksum of that file
    MAIN_<id>.<...>   the files of a segment, written once and never again
    MAIN_<id>.sums    size and checksum of each of them, and the segment's documents

Everything else is left over from a writer that was cut off.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.index import TOC

from newsidx.durable import checksum, checksum_of, flush, replace_file
from newsidx.errors import IndexDamaged, NewsidxError

__all__ = [
    "SUMS",
    "clear",
    "clear_all",
    "latest",
    "read_toc",
    "reading",
    "seal",
    "segment_files",
    "toc_path",
    "write_toc",
]

SUMS = ".sums"
"""What the name of a file of checksums ends in."""

_NAME = "MAIN"


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Whatever Whoosh trips over while it reads an index is damage to its files.

    A wrong byte shows as any error at all, anywhere. What the system won't let anybody
    read or write is none.
    """
    try:
        yield
    except (NewsidxError, MemoryError):
        raise
    except Exception as problem:
        if isinstance(problem, OSError) and not isinstance(problem, FileNotFoundError):
            raise
        raise IndexDamaged(f"The Whoosh index in {folder} can't be read: {problem!r}") from problem


def toc_path(folder: Path, generation: int) -> Path:
    """Where the table of contents of a commit is."""
    return folder / f"_{_NAME}_{generation}.toc"


def segment_files(folder: Path, name: str) -> list[Path]:
    """The files of a segment, without its checksums."""
    return sorted(p for p in folder.glob(f"{name}.*") if p.name != name + SUMS)


def seal(folder: Path, segment: Any) -> None:
    """Flush the files of a segment that is complete, and keep their checksums beside them.

    It may be done where the segment was written, before it is moved to its place. A
    segment that is sealed already is left as it is.
    """
    name = segment.segment_id()
    sums = folder / (name + SUMS)
    if sums.exists():
        return
    files: dict[str, tuple[int, str]] = {}
    for path in segment_files(folder, name):
        flush(path)
        files[path.name] = checksum(path)
    record = {"documents": segment.doc_count_all(), "files": files}
    replace_file(sums, _encoded(record))


def write_toc(folder: Path, schema: Any, segments: list[Any], generation: int) -> None:
    """Commit: once the table of contents has its name, its segments are the index."""
    memory = RamStorage()
    table: Any = TOC(schema, segments, generation)
    table.write(memory, _NAME)
    path = toc_path(folder, generation)
    data = bytes(memory.files[path.name])
    record = {"files": {path.name: (len(data), checksum_of(data))}}
    # With the name of the sums those of the segments' files are flushed: before they are needed.
    replace_file(path.with_suffix(SUMS), _encoded(record))
    replace_file(path, data)


def latest(folder: Path) -> int:
    """The number of the last commit, or -1 if there is none."""
    pattern = f"_{_NAME}_*.toc"
    numbers = [path.stem.rpartition("_")[2] for path in folder.glob(pattern)]
    return max((int(number) for number in numbers if number.isdecimal()), default=-1)


def read_toc(folder: Path, generation: int) -> Any:
    """Whoosh's table of contents of a commit.

    Raises:
        IndexDamaged: It can't be read, or there is none.
    """
    with reading(folder):
        return TOC.read(FileStorage(str(folder)), _NAME, generation)


def clear(folder: Path, generation: int, segments: Iterable[Any]) -> None:
    """Remove the files that a commit does not name; what can't be removed waits.

    Folders are left alone: see `clear_all`.
    """
    toc = toc_path(folder, generation)
    kept = {toc.name, toc.with_suffix(SUMS).name}
    names = {segment.segment_id() for segment in segments}
    for path in folder.iterdir():
        if path.name not in kept and path.name.partition(".")[0] not in names:
            with suppress(OSError):
                path.unlink()


def clear_all(folder: Path, generation: int, segments: Iterable[Any]) -> None:
    """The same with the folders, in which nobody may be writing."""
    import shutil

    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
    clear(folder, generation, segments)


def _encoded(record: dict[str, Any]) -> bytes:
    return json.dumps(record, indent=1, sort_keys=True).encode() + b"\n"
