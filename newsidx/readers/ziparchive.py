"""Zip archives of files, each read for itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from newsidx.errors import ReadError
from newsidx.readers.documents.zipped import (
    ZIP_MAGIC,
    declared_type,
    member_names,
    opened,
    zip_errors,
)
from newsidx.readers.members import BLOCK, budget_of, day_of, kept, member_name, refused
from newsidx.readers.source import Source

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

__all__ = ["READER", "ZipArchive"]

# An archive without members is only its end (APPNOTE.TXT, 4.3.16).
_EMPTY = b"PK\x05\x06"
_ENCRYPTED = 0x1
# Stored, deflated and bzip2 (4.4.5). LZMA, which few programs write, asks for any memory
# that it likes.
_METHODS = frozenset({0, 8, 12})
# The directory is read at once; this much lists some quarter of a million
# members, and takes ten times as much.
_MAX_DIRECTORY = 32 * 1024 * 1024
# What marks an archive as one document, or as a program: office files, ODF and EPUB, Java.
_PARTS = ("[Content_Types].xml", "_rels/", "META-INF/", "AndroidManifest.xml")


class ZipArchive:
    """Zip archives that are folders of files, and no document of another format."""

    name = "zip"
    version = 1
    suffixes = (".zip",)
    title = "Zip archive, each member a file of its own"
    extra = None

    def recognises(self, head: bytes, suffix: str) -> int:
        """Sure of what begins as a zip archive and is called one."""
        if not head.startswith((ZIP_MAGIC, _EMPTY)):
            return 0
        names = member_names(head)
        if declared_type(head) or any(name.startswith(_PARTS) for name in names[:1]):
            return 0
        return 92 if suffix in self.suffixes else 70

    def members(self, source: Source) -> Iterator[Source]:
        """Yield the files in it, in the order of its directory.

        Raises:
            ReadError: `malformed` where its directory is damaged or missing, `too-large`
                beyond the bounds of `members`.
        """
        budget, depth = budget_of(source)
        taken: dict[str, int] = {}
        with opened(source, _MAX_DIRECTORY) as archive:
            for info in archive.infolist():
                # Its own `is_dir` fails where there is no name.
                if info.filename.endswith("/"):
                    continue
                try:
                    name = _unlike(member_name(source.name, info.filename), taken)
                    blocks = _blocks(archive, info)
                    with kept(name, blocks, day_of(info.date_time), budget, depth) as member:
                        yield member
                except ReadError as problem:
                    if budget.left < 0:
                        raise
                    yield refused(source.name, info.filename, problem)


def _unlike(name: str, taken: dict[str, int]) -> str:
    """The name; with a number where the archive has several of it."""
    taken[name] = taken.get(name, 0) + 1
    return name if taken[name] == 1 else f"{name}~{taken[name]}"


def _blocks(archive: ZipFile, info: ZipInfo) -> Iterator[bytes]:
    if info.flag_bits & _ENCRYPTED:
        raise ReadError("encrypted", "it is locked with a password")
    if info.compress_type not in _METHODS:
        raise ReadError("unknown-format", "it is compressed in a way that is not known here")
    with zip_errors(), archive.open(info) as stream:
        while block := stream.read(BLOCK):
            yield block


READER = ZipArchive()
