"""The text of files that hold many records, which need not all be in one encoding."""

from __future__ import annotations

from newsidx.readers.texts import encoding
from newsidx.readers.texts.encoding import decode

__all__ = ["RecordDecoder", "is_wide", "peek"]

# In UTF-16 every other byte of what is ASCII is zero, and much is in a file of records:
# its delimiters or tags, and its line ends. Fewer zeros are only damage.
_LEAST_ZEROS = 0.1

# As much of what is not UTF-8 as detection looks at.
_SAMPLE = 16 * 1024


def is_wide(head: bytes) -> bool:
    """Whether the first bytes of a file are UTF-16 or UTF-32, and not text with zero bytes."""
    marked = head.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff"))
    return marked or (_has_many_zeros(head) and encoding.is_wide(head))


def peek(head: bytes) -> str | None:
    """As `newsidx.readers.texts.encoding.peek`, of text with zero bytes too."""
    return encoding.peek(head if 0 not in head or is_wide(head) else _without_zeros(head))


def _has_many_zeros(data: bytes) -> bool:
    return data.count(0) >= len(data) * _LEAST_ZEROS


def _without_zeros(data: bytes) -> bytes:
    """The bytes without zeros, unless these are so many that it is no text at all."""
    return data if _has_many_zeros(data) else data.replace(b"\0", b"")


class RecordDecoder:
    """Decodes the records of one file, one by one.

    Each is UTF-8 unless it can't be. For those that can't, one encoding is found from
    all of them so far, since a single record may hold too little to tell.
    """

    def __init__(self) -> None:
        self._sample = b""
        self._judged = 0
        self._codec: str | None = None

    def text(self, data: bytes) -> str:
        """The text of a record, without its zero bytes.

        Raises:
            ReadError: `undecodable`, for binary data.
        """
        if 0 in data:
            data = data.replace(b"\0", b"")
        # Japanese in seven bits (ISO 2022) would pass for ASCII.
        if b"\x1b$" in data:
            return decode(data)[0]
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            self._learn(data, error.start)
        if self._codec == "utf-8":
            return data.decode("utf-8", "replace")
        return decode(data, self._codec)[0]

    def _learn(self, data: bytes, broken_at: int) -> None:
        """Judge the encoding anew, each time there is twice as much to judge by."""
        if len(self._sample) >= _SAMPLE:
            return
        reach = max(0, broken_at - 1024)
        start = max(data.rfind(space, reach, broken_at) for space in (b" ", b"\n")) + 1
        start = max(start, reach)
        self._sample += data[start : start + _SAMPLE] + b"\n"
        if len(self._sample) >= 2 * self._judged:
            self._judged = len(self._sample)
            self._codec = decode(self._sample)[1].partition(" ")[0]
