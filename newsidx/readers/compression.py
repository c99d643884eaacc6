"""Compressed files, inflated as they are read: gzip, bzip2, xz and Zstandard.

A file is one of these by its first bytes, whatever its name. Several streams one
behind the other are one, as the tools of each format have it, and what was sound
before a damage is given before the damage is complained of.
"""

from __future__ import annotations

import io
import lzma
import zlib
from typing import Any, BinaryIO, Protocol, cast

from newsidx.errors import ReadError

__all__ = ["ENDINGS", "MAGIC_BYTES", "inflated"]

ENDINGS = (".gz", ".bz2", ".xz", ".zst")
"""What compressing a file adds to its name."""

MAGIC_BYTES = 10
"""How many bytes tell a compressed file."""

# The start of each: RFC 1952, 2.3.1; the bzip2 file format, 2.2.1 and 2.2.2 (the first
# block, or the end, follows its level at once); the .xz file format, 2.1.1.1; RFC 8878, 3.1.1.
_GZIP = b"\x1f\x8b\x08"
_BZIP2 = b"BZh"
_BZIP2_BLOCKS = (b"1AY&SY", b"\x17rE8P\x90")
_XZ = b"\xfd7zXZ\0"
_ZSTANDARD = b"\x28\xb5\x2f\xfd"

_INPUT = 64 * 1024
# What `xz -9` needs is 65 MiB, and `zstd --ultra -22 --long=27` 128 MiB.
_XZ_MEMORY = 256 * 1024 * 1024
_ZSTANDARD_WINDOW = 128 * 1024 * 1024


class _Decompressor(Protocol):
    """What the decompressors of `bz2` and `lzma` have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


def inflated(raw: BinaryIO, start: bytes) -> BinaryIO | None:
    """The stream inside a compressed one; None of a stream that is not compressed.

    Reading from it raises ReadError (`malformed`) besides what `raw` raises.

    Args:
        raw: At its beginning.
        start: Its first `MAGIC_BYTES` bytes.

    Raises:
        ReadError: `missing-extra` where the package for Zstandard is not installed.
    """
    kind = _kind(start)
    return cast("BinaryIO", _Inflated(raw, kind)) if kind else None


def _kind(start: bytes) -> str | None:
    if start.startswith(_GZIP):
        return "gzip"
    if start.startswith(_BZIP2) and start[4:10] in _BZIP2_BLOCKS:
        return "bzip2"
    if start.startswith(_XZ):
        return "xz"
    return "Zstandard" if start.startswith(_ZSTANDARD) else None


class _Gzip:
    """`zlib`'s decompressor, with the manners of `bz2`'s and `lzma`'s."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(16 + zlib.MAX_WBITS)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail and not self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


class _Zstandard:
    """`zstandard`'s decompressor, likewise; it would give all of its input at once."""

    # A block of 4 bytes can stand for 128 KiB (RFC 8878, 3.1.1.2), so this much for 16 MiB.
    _SLICE = 512

    def __init__(self) -> None:
        try:
            import zstandard
        except ImportError:
            message = 'reading Zstandard needs an extra: pip install "newsidx[zstd]"'
            raise ReadError("missing-extra", message) from None
        self._error = zstandard.ZstdError
        self._inner = zstandard.ZstdDecompressor(max_window_size=_ZSTANDARD_WINDOW).decompressobj()
        self._input = memoryview(b"")
        self._output = b""

    @property
    def eof(self) -> bool:
        return self._inner.eof and not self._output

    @property
    def needs_input(self) -> bool:
        return not self._input and not self._output and not self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data + bytes(self._input)

    def decompress(self, data: bytes, max_length: int) -> bytes:
        if data:
            self._input = memoryview(data)
        while self._input and not self._output and not self._inner.eof:
            part, self._input = self._input[: self._SLICE], self._input[self._SLICE :]
            try:
                self._output = self._inner.decompress(part)
            except self._error as error:
                raise OSError(str(error)) from error
        data, self._output = self._output[:max_length], self._output[max_length:]
        return data


def _decompressor(kind: str) -> _Decompressor:
    if kind == "gzip":
        return _Gzip()
    if kind == "Zstandard":
        return _Zstandard()
    if kind == "xz":
        return lzma.LZMADecompressor(memlimit=_XZ_MEMORY)
    from bz2 import BZ2Decompressor

    return BZ2Decompressor()


class _Inflated(io.RawIOBase):
    def __init__(self, raw: BinaryIO, kind: str) -> None:
        self._raw = raw
        self._kind = kind
        self._inner = _decompressor(kind)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._next(len(buffer))
        except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise
            message = f"its {self._kind} data are damaged: {error}"
            raise ReadError("malformed", message) from error
        buffer[: len(data)] = data
        return len(data)

    def _next(self, size: int) -> bytes:
        while True:
            if self._inner.eof and not self._next_stream():
                return b""
            block = b""
            if self._inner.needs_input:
                block = self._rest or self._raw.read(_INPUT)
                self._rest = b""
                if not block:
                    raise ReadError("malformed", f"its {self._kind} data end too early")
            if data := self._inner.decompress(block, size):
                return data

    def _next_stream(self) -> bool:
        """Go on to the stream that follows, if one does; zeros may fill up the file."""
        rest = self._inner.unused_data
        while not (rest := rest.lstrip(b"\0")):
            rest = self._raw.read(_INPUT)
            if not rest:
                return False
        self._inner, self._rest = _decompressor(self._kind), rest
        return True
