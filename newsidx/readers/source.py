"""A source file: where its bytes are, and how to get at them safely.

Readers ask a `Source` and never the disk, so that a member of an archive can be
read by the same code as a file.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, cast

from msgspec import Struct

from newsidx.errors import ReadError
from newsidx.readers.compression import ENDINGS, MAGIC_BYTES, inflated

__all__ = ["HEAD_BYTES", "MAX_BYTES", "MAX_RATIO", "Source", "sound_bytes"]

HEAD_BYTES = 4096
MAX_BYTES = 512 * 1024 * 1024

# Deflate can't do better than 1032 : 1, and prose in JSON seldom reaches 30 : 1.
# Short files may be as repetitive as they like: a bomb needs room to hurt.
MAX_RATIO = 200
_RATIO_FREE_BYTES = 16 * 1024 * 1024

_BUFFER = 64 * 1024
_BLOCK = 1024 * 1024
_STEP = 8192

# An ending is short and has a letter: `story.2016` and `Mr. Smith goes to town` have none.
_ENDING = re.compile(r"(?=.*[a-z])[a-z0-9]{1,10}")


_NOWHERE = Path()


class Source(Struct, frozen=True, dict=True):
    """One source file of a root.

    Attributes:
        name: Its path below the root, with forward slashes.
        path: Where it is on disk, if it need be known.
        data: Its bytes as they are stored, where they are in memory.
    """

    name: str
    path: Path = _NOWHERE
    data: bytes | None = None

    @property
    def suffix(self) -> str:
        """The ending of the name in lower case with its dot; `""` if there is none.

        That of a compressed file (`.gz`) doesn't count, but the one before it.
        """
        stem = self.name.rpartition("/")[2].lower()
        for ending in ENDINGS:
            stem = stem.removesuffix(ending)
        front, dot, ending = stem.rpartition(".")
        return dot + ending if front and _ENDING.fullmatch(ending) else ""

    def open_raw(self) -> BinaryIO:
        """The bytes as they are stored. What is not a file on disk overrides this alone."""
        if self.data is not None:
            return io.BytesIO(self.data)
        return cast("BinaryIO", self.path.open("rb", buffering=0))

    def open(self, buffer: int = _BUFFER) -> BinaryIO:
        """A stream of the bytes, decompressed where they start like a compressed file.

        Opening it and reading from it raise ReadError and nothing else: `unreadable`
        when the system refuses, `malformed` when compressed data are damaged or end
        early, `too-large` when they inflate beyond `MAX_RATIO`.

        Args:
            buffer: How many bytes to read at a time.
        """
        with _read_errors():
            raw = self.open_raw()
            try:
                start = raw.read(MAGIC_BYTES)
                raw.seek(0)
                inner = inflated(raw, start)
            except BaseException:
                raw.close()
                raise
        if inner is None and self.data is not None:
            return raw  # nothing can go wrong
        return cast("BinaryIO", io.BufferedReader(_Guarded(raw, inner), buffer))

    def read(self, limit: int = MAX_BYTES) -> bytes:
        """The whole of it, decompressed.

        Raises:
            ReadError: As from `open`; `too-large` beyond `limit` bytes.
        """
        blocks = []
        size = 0
        with self.open() as stream:
            while block := stream.read(_BLOCK):
                size += len(block)
                if size > limit:
                    raise ReadError("too-large", f"it holds more than {limit // 1024**2} MiB")
                blocks.append(block)
        return blocks[0] if len(blocks) == 1 else b"".join(blocks)

    def head(self) -> bytes:
        """The first 4096 bytes, decompressed; fewer of a shorter file. Read once."""
        return self._head

    @cached_property
    def _head(self) -> bytes:
        with self.open(HEAD_BYTES) as stream:
            return stream.read(HEAD_BYTES)


def sound_bytes(stream: BinaryIO, size: int) -> tuple[bytes, ReadError | None]:
    """Up to `size` bytes of a stream, and what keeps it from giving more, if anything does.

    Of data that turn out to be damaged at most `_STEP` bytes before the damage are lost.
    """
    steps: list[bytes] = []
    held = 0
    try:
        while held < size and (step := stream.read(min(_STEP, size - held))):
            steps.append(step)
            held += len(step)
    except ReadError as error:
        return b"".join(steps), error
    return b"".join(steps), None


class _Guarded(io.RawIOBase):
    """A raw stream that keeps count of what it inflates, and fails with ReadError only."""

    def __init__(self, raw: BinaryIO, inner: BinaryIO | None) -> None:
        self._raw = raw
        self._packed = inner is not None
        self._stream: Any = inner or raw
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with _read_errors():
            count: int = self._stream.readinto(buffer)
            self._count += count
            if (
                self._packed
                and self._count > _RATIO_FREE_BYTES
                and self._count > MAX_RATIO * self._raw.tell()
            ):
                message = f"it inflates to more than {MAX_RATIO} times its size"
                raise ReadError("too-large", message)
        return count

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
            self._raw.close()
        super().close()


@contextmanager
def _read_errors() -> Iterator[None]:
    """Turn what the system complains of into a ReadError."""
    try:
        yield
    except OSError as error:
        raise ReadError("unreadable", f"it can't be read: {error.strerror or error}") from error
