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
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import RamStorage
from whoosh.index import TOC

from newsidx.durable import checksum, checksum_of, flush, replace_file
from newsidx.engines.whoosh.toc import INDEX_NAME

__all__ = [
    "SUMS",
    "clear",
    "clear_all",
    "seal",
    "segment_files",
    "toc_path",
    "write_toc",
]

SUMS = ".sums"
"""What the name of a file of checksums ends in."""


def toc_path(folder: Path, generation: int) -> Path:
    """Where the table of contents of a commit is."""
    return folder / f"_{INDEX_NAME}_{generation}.toc"


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
    table.write(memory, INDEX_NAME)
    path = toc_path(folder, generation)
    data = bytes(memory.files[path.name])
    record = {"files": {path.name: (len(data), checksum_of(data))}}
    # With the name of the sums those of the segments' files are flushed: before they are needed.
    replace_file(path.with_suffix(SUMS), _encoded(record))
    replace_file(path, data)


def clear(folder: Path, generation: int, segments: Collection[str]) -> None:
    """Remove the files that a commit does not name; what can't be removed waits.

    Args:
        segments: The names of those that are left.

    Folders are left alone: see `clear_all`.
    """
    toc = toc_path(folder, generation)
    kept = {toc.name, toc.with_suffix(SUMS).name}
    for path in folder.iterdir():
        if path.name not in kept and path.name.partition(".")[0] not in segments:
            with suppress(OSError):
                path.unlink()


def clear_all(folder: Path, generation: int, segments: Collection[str]) -> None:
    """The same with the folders, in which nobody may be writing."""
    import shutil

    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
    clear(folder, generation, segments)


def _encoded(record: dict[str, Any]) -> bytes:
    return json.dumps(record, indent=1, sort_keys=True).encode() + b"\n"
