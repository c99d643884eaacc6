"""The files of a Tantivy index: sealed with checksums, named by its `meta.json`, cleared.

What the engine directory holds after a commit is what `meta.json` names:

    meta.json          Tantivy's own: the segments and their deletions, the schema; and
                       as its payload what we know of the files, with a checksum of it all
    <id>.<part>        the files of a segment, written once and never again
    <id>.<n>.del       which of its documents are deleted
    words.<n>          how often each form occurs (`words`)

Everything else is left over from a writer that was cut off, but for Tantivy's locks.
Tantivy never writes here: a transaction is made in a folder of its own (`writer`), and
is there when `meta.json` is replaced.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from newsidx.durable import checksum, checksum_of, flush, replace_file
from newsidx.errors import IndexDamaged

__all__ = [
    "META",
    "Commit",
    "Segment",
    "Sum",
    "clear",
    "deleted_in",
    "files_of",
    "make",
    "read_commit",
    "read_meta",
]
__all__ += ["reading", "seal", "segment_name", "write_commit", "write_meta"]

META = "meta.json"

Sum = tuple[int, str]
"""The size of a file and its checksum."""

Segment = dict[str, Any]
"""A segment as Tantivy describes it: `segment_id`, `max_doc`, `deletes`."""


class Commit(Struct):
    """What a commit consists of.

    Attributes:
        number: Tantivy's `opstamp`; rises with every commit.
        segments: In Tantivy's words.
        schema: Likewise, with the settings.
        sums: Segment -> file -> size and checksum; the word counts under "".
    """

    number: int
    segments: list[Segment]
    schema: dict[str, Any]
    sums: dict[str, dict[str, Sum]] = field(default_factory=dict)

    @property
    def documents(self) -> int:
        """All of them, deleted ones included."""
        return sum(each["max_doc"] for each in self.segments)

    @property
    def deleted(self) -> int:
        """Those that are deleted."""
        return sum(map(deleted_in, self.segments))

    @property
    def names(self) -> set[str]:
        """Of all files."""
        return {name for files in self.sums.values() for name in files}


def deleted_in(segment: Segment) -> int:
    """How many documents of a segment are deleted."""
    return int(segment["deletes"]["num_deleted_docs"]) if segment["deletes"] else 0


def segment_name(segment: Segment) -> str:
    """What the names of a segment's files begin with."""
    name = str(segment["segment_id"]).replace("-", "")
    if len(name) != 32 or not name.isalnum():
        raise ValueError(f"a segment can't be called {name!r}")
    return name


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Let whatever goes wrong with the files of an index be known as damage.

    Raises:
        IndexDamaged: Something did.
    """
    try:
        yield
    except (ValueError, OSError, KeyError, TypeError, AttributeError) as problem:
        raise IndexDamaged(f"The Tantivy index in {folder} can't be read: {problem}") from problem
    except BaseException as problem:
        if type(problem).__name__ != "PanicException":  # how Tantivy fails on what it trusts
            raise
        raise IndexDamaged(f"The Tantivy index in {folder} can't be read: {problem}") from None


def make(folder: Path) -> None:
    """Make an empty index."""
    from tantivy import Index

    from newsidx.engines.tantivy.layout import tantivy_schema

    Index(tantivy_schema(), str(folder))
    meta = read_meta(folder)
    write_commit(folder, Commit(1, [], _frame(meta)))


def read_meta(folder: Path) -> dict[str, Any]:
    """Tantivy's description of an index, as it wrote it."""
    found: dict[str, Any] = json.loads((folder / META).read_bytes())
    return found


def _frame(meta: Mapping[str, Any]) -> dict[str, Any]:
    return {key: meta[key] for key in ("index_settings", "schema")}


def read_commit(folder: Path) -> Commit:
    """The last commit.

    Raises:
        IndexDamaged: There is none, or it is not what was written.
    """
    with reading(folder):
        meta = read_meta(folder)
        record = json.loads(meta.pop("payload"))
        if record.pop("sum") != _sum_of(meta, record):
            raise ValueError(f"{META} is not what was written: its checksum differs")
        sums = {
            name: {file: (int(size), str(kept)) for file, (size, kept) in files.items()}
            for name, files in record["sums"].items()
        }
        for name in (name for files in sums.values() for name in files):
            if Path(name).name != name:
                raise ValueError(f"a file can't be called {name!r}")
        for segment in meta["segments"]:
            segment_name(segment)
        return Commit(int(meta["opstamp"]), list(meta["segments"]), _frame(meta), sums)


def write_commit(folder: Path, commit: Commit) -> None:
    """Commit: once `meta.json` is replaced, what it names is the index."""
    meta = _meta(commit)
    record: dict[str, Any] = {"sums": commit.sums}
    record["sum"] = _sum_of(meta, record)
    meta["payload"] = json.dumps(record, sort_keys=True)
    replace_file(folder / META, json.dumps(meta, indent=1).encode() + b"\n")


def write_meta(folder: Path, commit: Commit) -> None:
    """Describe an index to Tantivy alone, where it is written to and nobody reads."""
    (folder / META).write_text(json.dumps(_meta(commit)))


def _meta(commit: Commit) -> dict[str, Any]:
    return {**commit.schema, "segments": commit.segments, "opstamp": commit.number}


def _sum_of(meta: Mapping[str, Any], record: Mapping[str, Any]) -> str:
    return checksum_of(json.dumps([meta, record], sort_keys=True).encode())


def files_of(folder: Path, segment: Segment) -> list[Path]:
    """The files of a segment, but for deletions that are out of date."""
    name = segment_name(segment)
    deletes = f"{name}.{segment['deletes']['opstamp']}.del" if segment["deletes"] else ""
    found = folder.glob(f"{name}.*")
    return sorted(p for p in found if p.suffix != ".del" or p.name == deletes)


def seal(paths: Collection[Path]) -> dict[str, Sum]:
    """Flush files that are complete, and give their checksums by their names."""
    found = {}
    for path in paths:
        flush(path)
        found[path.name] = checksum(path)
    return found


def clear(folder: Path, commit: Commit) -> None:
    """Remove the files that a commit does not name; what can't be removed waits.

    Folders and Tantivy's locks are left alone.
    """
    kept = {META, *commit.names}
    for path in folder.iterdir():
        if path.name not in kept and not path.name.startswith(".") and not path.is_dir():
            with suppress(OSError):
                path.unlink()
