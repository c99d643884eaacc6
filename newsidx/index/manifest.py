"""The manifest: the small file that says what an index directory is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import asdict

from newsidx.durable import checksum_of, replace_file
from newsidx.errors import IndexDamaged, IndexNotFound, IndexVersionError, NewsidxError

__all__ = [
    "FORMAT",
    "Manifest",
    "engine_directory",
    "is_as_written",
    "manifest_stamp",
    "read_manifest",
    "write_manifest",
]

FORMAT = 2
"""1 had no checksums, and fewer columns."""
NAME = "manifest.json"


class Manifest(Struct, frozen=True):
    """What an index directory is, as of its last commit.

    Attributes:
        engine: The live engine's name.
        number: Which of its directories is live: `engine/<name>-<number>`.
        options: What the engine was given when it was made, such as an address; no secrets.
        language: The stemmer of articles whose language is not known.
        tokens: Version of the definition of a token.
        stems: Version of the stemming.
        ranking: The ranking constants that are baked into what is stored.
        generation: Rises by one with every commit.
        commit: The engine's own number of its last commit, to tell a manifest that a
            killed run left behind.
        articles: Number of live articles.
        state: Order-independent hash over their ids and contents, 32 hex digits.
        finished: Whether the run that made that commit went to its end.
        roots: Label -> absolute path of the folder that its articles' paths are below.
        reading: Label -> `only` and `options` of the root (`rows.Root`): with the roots,
            what it takes to make a lost ledger again.
    """

    engine: str
    language: str
    tokens: int
    stems: int
    ranking: dict[str, Any]
    number: int = 1
    options: dict[str, Any] = field(default_factory=dict)
    generation: int = 0
    commit: int = 0
    articles: int = 0
    state: str = "0" * 32
    finished: bool = True
    roots: dict[str, str] = field(default_factory=dict)
    reading: dict[str, dict[str, Any]] = field(default_factory=dict)
    format: int = FORMAT


def read_manifest(directory: Path) -> Manifest:
    """Read the manifest of an index, of this format or an older one.

    Raises:
        IndexNotFound: The directory is no index.
        IndexVersionError: Its format is newer than this version of newsidx.
        IndexDamaged: The manifest makes no sense.
    """
    data = _record(directory)
    path = directory / NAME
    try:
        found = int(data["format"])
        if found > FORMAT:
            what = f"format {found}; this version reads {FORMAT}"
            raise IndexVersionError.newer(directory, what)
        data.pop("sum", None)
        return Manifest(**data)
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise IndexDamaged(f"{path} is not a manifest: {problem}") from problem


def _record(directory: Path) -> dict[str, Any]:
    path = directory / NAME
    try:
        data: dict[str, Any] = json.loads(path.read_bytes())
    except NotADirectoryError:
        raise IndexNotFound(
            f"{directory} is a file, and no index.", "Name the directory of an index: --index PATH"
        ) from None
    except PermissionError:
        raise NewsidxError(
            f"The index at {directory} may not be read by you.", "Look at whose it is: ls -ld PATH"
        ) from None
    except FileNotFoundError:
        raise IndexNotFound(
            f"There is no index at {directory}.", "Make one with: newsidx index DIR"
        ) from None
    except (OSError, ValueError) as problem:
        raise IndexDamaged(f"{path} can't be read: {problem}") from problem
    return data


def manifest_stamp(directory: Path) -> tuple[int, ...] | None:
    """What is another once the manifest was replaced; None where it can't be looked at."""
    try:
        found = (directory / NAME).stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def is_as_written(directory: Path) -> bool:
    """Whether the manifest has the checksum that it was written with."""
    data = _record(directory)
    return bool(data.pop("sum", None) == _sum(data))


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """Replace the manifest in one step, durably."""
    data = asdict(manifest)
    data["sum"] = _sum(data)
    text = json.dumps(data, ensure_ascii=True, indent=1, sort_keys=True)
    replace_file(directory / NAME, text.encode() + b"\n")


def _sum(data: dict[str, Any]) -> str:
    return checksum_of(json.dumps(data, sort_keys=True).encode())


def engine_directory(directory: Path, manifest: Manifest) -> Path:
    """Where the files of the engine are that a manifest names."""
    return directory / "engine" / f"{manifest.engine}-{manifest.number}"
