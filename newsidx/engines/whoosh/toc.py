"""The table of contents of a Whoosh index: which segments there are, as of a commit.

It is read without Whoosh. The schema in it is passed over: ours is `layout.whoosh_schema`.
"""

from __future__ import annotations

import re
import struct
from pathlib import Path
from typing import Any

from msgspec import Struct

from newsidx.engines.whoosh.files import varint
from newsidx.engines.whoosh.pickles import Made, Unreadable, load

__all__ = ["INDEX_NAME", "SegmentInfo", "Toc", "latest_generation", "read_toc"]

INDEX_NAME = "MAIN"
"""What Whoosh calls an index that was given no name."""

_FILE = re.compile(f"_{INDEX_NAME}_([0-9]{{1,9}})\\.toc")
_SEGMENT = re.compile(r"[0-9a-z]{1,32}")
_INTEGER = struct.Struct("!i")
# Sizes of an int, a long and a float, a number to tell the order of bytes by, a version
# (whoosh.index.TOC.write).
_HEAD = struct.pack("!3Bii", 4, 8, 4, -12345, -111)

# More segments than merging ever leaves: each takes open files.
_MOST_SEGMENTS = 1000


class SegmentInfo(Struct, frozen=True):
    """A segment, as the table of contents describes it.

    Attributes:
        name: What the names of its files begin with.
        documents: How many it has, deleted ones included.
        deleted: Numbers of those that are.
        field_lengths: Field -> the sum of its lengths in all documents.
    """

    name: str
    documents: int
    deleted: frozenset[int]
    field_lengths: dict[str, int]


class Toc(Struct, frozen=True):
    """What a table of contents says.

    Attributes:
        generation: The number of the commit.
    """

    generation: int
    segments: tuple[SegmentInfo, ...]


def latest_generation(directory: Path) -> int:
    """The number of the last commit.

    Raises:
        FileNotFoundError: There is no index.
    """
    found = [match for path in directory.iterdir() if (match := _FILE.fullmatch(path.name))]
    if not found:
        raise FileNotFoundError(f"there is no table of contents in {directory}")
    return max(int(match[1]) for match in found)


def read_toc(directory: Path) -> Toc:
    """Read the table of contents of the last commit.

    Raises:
        OSError: There is none, or it can't be read.
        Unreadable: It makes no sense, or tries to be more than data.
    """
    generation = latest_generation(directory)
    data = (directory / f"_{INDEX_NAME}_{generation}.toc").read_bytes()
    if not data.startswith(_HEAD):
        raise Unreadable("the table of contents is of another format")
    at = len(_HEAD)
    for _ in range(3):  # Whoosh's own version
        _, at = varint(data, at)
    schema, at = varint(data, at)
    at += schema
    if at + 8 > len(data) or _INTEGER.unpack_from(data, at)[0] != generation:
        raise Unreadable("the table of contents makes no sense")
    described, _ = load(data, at + 8)
    if not isinstance(described, list) or len(described) > _MOST_SEGMENTS:
        raise Unreadable("the table of contents names no segments, or too many")
    return Toc(generation, tuple(map(_segment, described)))


def _segment(made: Any) -> SegmentInfo:
    state = made.state if isinstance(made, Made) else None
    if not isinstance(state, dict):
        raise Unreadable("the table of contents describes no segment")
    segment, documents = state.get("segid"), state.get("_doccount")
    deleted, lengths = state.get("_deleted") or set(), state.get("_fieldlengths")
    if (
        state.get("indexname") != INDEX_NAME
        or state.get("compound")
        or not isinstance(segment, str)
        or not _SEGMENT.fullmatch(segment)
        or type(documents) is not int
        or not 0 <= documents < 1 << 31
        or not isinstance(deleted, set)
        or not all(type(number) is int and 0 <= number < documents for number in deleted)
        or not isinstance(lengths, dict)
        or not all(type(length) is int and length >= 0 for length in lengths.values())
    ):
        raise Unreadable("the table of contents describes a segment that can't be")
    return SegmentInfo(f"{INDEX_NAME}_{segment}", documents, frozenset(deleted), lengths)
