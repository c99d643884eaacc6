"""Zip archives, opened safely; and those that are one document (DOCX, ODT, EPUB).

Nothing is unpacked to disk, no name in such an archive is ever taken for a path
outside of it, and what inflates beyond measure is refused before it has.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, cast

from newsidx.errors import ReadError
from newsidx.readers.source import Source

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

__all__ = [
    "BLOCK",
    "ZIP_MAGIC",
    "Zipped",
    "declared_type",
    "member_names",
    "open_zip",
    "opened",
    "zip_errors",
]

ZIP_MAGIC = b"PK\x03\x04"
BLOCK = 1024 * 1024
"""Bytes in which a member is read."""

_MAX_FILE = 512 * 1024 * 1024
# The markup of a book of a thousand pages is a third of it.
_MAX_PART = 32 * 1024 * 1024
# All that is inflated of one document. The text of the longest is a tenth of it;
# pictures, which make documents large, are never read.
_MAX_TOTAL = 256 * 1024 * 1024
# The markup of a table of zeros may shrink to a hundredth, and that is the worst.
_MAX_RATIO = 200
_RATIO_FREE_BYTES = 16 * 1024 * 1024
# The directory of an archive is read at once, and each of its entries (46 bytes and a
# name) takes half a kilobyte in memory. This much holds some forty thousand.
_MAX_DIRECTORY = 4 * 1024 * 1024

# Offsets from the format's description (APPNOTE.TXT, 4.3.7): flags, method, sizes,
# and the lengths of what follows: the name and the extra field.
_LOCAL_HEADER = 30
_ENCRYPTED = 0x1
_STORED, _DEFLATED = 0, 8


class Zipped:
    """An open archive, of which members are read by their names.

    Attributes:
        names: Of all its members, with forward slashes.
    """

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self._left = _MAX_TOTAL
        self.names = frozenset(archive.namelist())

    def blocks(self, name: str, limit: int = _MAX_PART) -> Iterator[bytes]:
        """The bytes of a member, in blocks of at most a mebibyte.

        Raises:
            ReadError: `malformed` where there is no such member or it is damaged,
                `encrypted` behind a password, `too-large` beyond `limit` or the
                bounds of the whole archive.
        """
        with zip_errors():
            info = self._member(name)
            size = 0
            with self._archive.open(info) as stream:
                while block := stream.read(BLOCK):
                    size += len(block)
                    self._left -= len(block)
                    self._check(name, info, size, limit)
                    yield block

    def read(self, name: str, limit: int = _MAX_PART) -> bytes:
        """All the bytes of a member; raises what `blocks` does."""
        return b"".join(self.blocks(name, limit))

    def _member(self, name: str) -> ZipInfo:
        try:
            info = self._archive.getinfo(name)
        except KeyError:
            raise ReadError("malformed", f"there is no {name!r} in it") from None
        if info.flag_bits & _ENCRYPTED:
            raise ReadError("encrypted", "it is locked with a password")
        if info.compress_type not in (_STORED, _DEFLATED):
            # No format of ours allows others, and LZMA asks for any memory it likes.
            raise ReadError("malformed", f"{name!r} in it is compressed in an unknown way")
        return info

    def _check(self, name: str, info: ZipInfo, size: int, limit: int) -> None:
        if size > limit:
            raise ReadError("too-large", f"{name!r} in it holds more than {limit // 1024**2} MiB")
        if self._left < 0:
            raise ReadError("too-large", f"it inflates to more than {_MAX_TOTAL // 1024**2} MiB")
        if size > _RATIO_FREE_BYTES and size > _MAX_RATIO * info.compress_size:
            message = f"{name!r} in it inflates to more than {_MAX_RATIO} times its size"
            raise ReadError("too-large", message)


@contextmanager
def open_zip(source: Source) -> Iterator[Zipped]:
    """Open a document that is a zip archive; raises what `opened` does."""
    with opened(source) as archive:
        yield Zipped(archive)


@contextmanager
def opened(source: Source, directory: int = _MAX_DIRECTORY) -> Iterator[ZipFile]:
    """Open a file as a zip archive: as it is stored, or in memory where that is compressed.

    Args:
        directory: Bytes that the list of its members may have.

    Raises:
        ReadError: `malformed` when it is none, `too-large` when it has too many
            members, and what reading the source raises.
    """
    from zipfile import ZipFile

    with _seekable(source) as stream:
        with zip_errors():
            archive = ZipFile(_Bounded(stream, directory))
        with archive:
            yield archive


def member_names(head: bytes) -> list[str]:
    """The names of the members whose headers stand in the first bytes of an archive.

    A header is found by its mark, since those written in one pass don't say how long
    their member is; a mark amid compressed data is told by its unlikely fields.
    """
    names = []
    for start in (found.start() for found in re.finditer(re.escape(ZIP_MAGIC), head)):
        length = int.from_bytes(head[start + 26 : start + 28], "little")
        name = head[start + _LOCAL_HEADER : start + _LOCAL_HEADER + length]
        if 0 < len(name) == length < 256:
            names.append(name.decode("utf-8", "replace"))
    return names


def declared_type(head: bytes) -> str | None:
    """The media type in the member `mimetype`, stored first as ODF and EPUB ask for.

    Sources: OpenDocument 1.2, part 3, section 3.3; EPUB OCF 3.2, section 4.3.
    """
    start = _LOCAL_HEADER + len(b"mimetype")
    if head[:4] != ZIP_MAGIC or head[_LOCAL_HEADER:start] != b"mimetype":
        return None
    method = int.from_bytes(head[8:10], "little")
    size = int.from_bytes(head[18:22], "little")
    extra = int.from_bytes(head[28:30], "little")
    # A size of zero stands behind the data where they were written in one pass.
    text = head[start + extra :][: size or 100].partition(b"PK")[0]
    if method != _STORED or len(text) < size:
        return None
    return text.decode("ascii", "replace").strip()


@contextmanager
def _seekable(source: Source) -> Iterator[BinaryIO]:
    """The bytes of a source as a stream that can be read in any order."""
    try:
        raw = source.open_raw()
    except OSError as error:
        raise ReadError("unreadable", f"it can't be read: {error.strerror or error}") from error
    with io.BufferedReader(cast("io.RawIOBase", raw)) as stream:
        with zip_errors():
            is_plain = stream.read(len(ZIP_MAGIC)) == ZIP_MAGIC
            stream.seek(0)
        if is_plain:
            yield cast("BinaryIO", stream)
            return
    yield io.BytesIO(source.read(_MAX_FILE))


class _Bounded:
    """A stream that is never asked for more at once than a sane archive needs."""

    def __init__(self, stream: BinaryIO, most: int) -> None:
        self._stream = stream
        self._most = most
        self.seek = stream.seek
        self.tell = stream.tell
        self.seekable = stream.seekable
        self.close = stream.close

    def read(self, size: int = -1) -> bytes:
        data = b"" if size > self._most else self._stream.read(size)
        if max(size, len(data)) > self._most:
            raise ReadError("too-large", "it holds too many members, or claims to")
        return data


@contextmanager
def zip_errors() -> Iterator[None]:
    """Turn whatever a strange archive sets off in `zipfile` into a ReadError."""
    from zipfile import BadZipFile

    try:
        yield
    except ReadError:
        raise
    except BadZipFile as error:
        raise ReadError("malformed", f"it is no sound zip archive: {error}") from error
    except (EOFError, zlib.error) as error:
        raise ReadError(
            "malformed", "the zip archive that it is ends early or is damaged"
        ) from error
    except (ValueError, OSError, RuntimeError, OverflowError, LookupError) as error:
        # From seeking where nothing is, names in no encoding, and versions of the future.
        message = f"the zip archive that it is can't be read ({type(error).__name__}: {error})"
        raise ReadError("malformed", message) from error
