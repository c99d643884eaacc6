"""Tar archives, compressed or not, read from front to back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO

from newsidx.errors import ReadError
from newsidx.readers.members import BLOCK, budget_of, day_of, kept, member_name, refused
from newsidx.readers.source import Source

if TYPE_CHECKING:
    from tarfile import TarFile, TarInfo

__all__ = ["READER", "TarArchive"]

# POSIX.1-1988 has its magic at 257; in older archives only the header's checksum tells.
_MAGIC = slice(257, 262)
_HEADER = 512
_CHECKSUM = slice(148, 156)


class TarArchive:
    """Tar archives: POSIX, GNU and the old ones before."""

    name = "tar"
    version = 1
    suffixes = (".tar", ".tgz", ".tbz2", ".txz")
    title = "Tar archive, each member a file of its own"
    extra = None

    def recognises(self, head: bytes, suffix: str) -> int:
        """Sure where the first header's checksum is right."""
        if not _is_header(head[:_HEADER]):
            return 0
        return 95 if head[_MAGIC] == b"ustar" or suffix in self.suffixes else 60

    def members(self, source: Source) -> Iterator[Source]:
        """Yield the files in it; links and devices are named and not followed.

        Raises:
            ReadError: `malformed` where it is damaged or ends early, `too-large` beyond
                the bounds of `members`.
        """
        import tarfile

        budget, depth = budget_of(source)
        with source.open() as stream, _tar_errors():
            watched = _Watched(stream)
            archive = tarfile.open(  # type: ignore[call-overload]  # noqa: SIM115
                fileobj=watched, mode="r|", errorlevel=2
            )
            while info := archive.next():
                archive.members.clear()  # or a long archive would fill the memory with names
                if info.isdir():
                    continue
                try:
                    name = member_name(source.name, info.name)
                    blocks = _blocks(archive, info)
                except ReadError as problem:
                    yield refused(source.name, info.name, problem)
                    continue
                day = day_of(datetime.fromtimestamp(max(0, info.mtime), tz=UTC).timetuple())
                with kept(name, blocks, day, budget, depth) as member:
                    yield member
            if any(watched.last):
                raise ReadError("malformed", "the tar archive ends early, or is damaged")


class _Watched:
    """A stream that remembers the block read last: of a whole archive it is zeros."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.last = b""

    def read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self.last = (self.last + data)[-_HEADER:] if len(data) < _HEADER else data[-_HEADER:]
        return data


def _blocks(archive: TarFile, info: TarInfo) -> Iterator[bytes]:
    if info.issym() or info.islnk():
        raise ReadError("link", "it is a link")
    file = archive.extractfile(info) if info.isreg() else None
    if file is None:
        raise ReadError("not-a-file", "it is a pipe or a device")
    return iter(lambda: file.read(BLOCK), b"")


def _is_header(block: bytes) -> bool:
    """Whether the sum of its bytes is the one that it states, its own field as spaces."""
    if len(block) < _HEADER or not any(block):
        return False
    try:
        stated = int(block[_CHECKSUM].strip(b" \0"), 8)
    except ValueError:
        return False
    return sum(block) - sum(block[_CHECKSUM]) + 8 * 0x20 == stated


@contextmanager
def _tar_errors() -> Iterator[None]:
    """Turn whatever a strange archive sets off in `tarfile` into a ReadError."""
    import tarfile

    try:
        yield
    except tarfile.TarError as error:
        raise ReadError("malformed", f"the tar archive is damaged: {error}") from error
    except (ValueError, OverflowError, OSError, EOFError) as error:
        message = f"the tar archive can't be read ({type(error).__name__}: {error})"
        raise ReadError("malformed", message) from error


READER = TarArchive()
