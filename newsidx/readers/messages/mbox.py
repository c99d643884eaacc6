"""mbox: messages in one file, each after a line that starts with `From `."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from newsidx.readers.limits import MAX_RECORD

__all__ = ["is_mbox", "messages"]

# The line ends in a time of day and a year, in whatever order; Thunderbird has a hyphen
# in place of a sender, and may have nothing behind it.
_FROM_LINE = re.compile(rb"From (?:[^\r\n]*\d\d:\d\d[^\r\n]*|-?[ \t]*)\r?\n")
_HEADER = re.compile(rb">?From |[!-9;-~]+[ \t]*:")

# A line of a message that would look like that one is written with `>` before it.
_QUOTED = re.compile(rb">+From ")

_MAX_LINE = 1024 * 1024


def is_mbox(head: bytes) -> bool:
    """Whether the first bytes of a file are those of an mbox."""
    head = head.lstrip(b"\r\n\xef\xbb\xbf")
    line, end, following = head.partition(b"\n")
    return _is_start(line + end, following)


def messages(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """The messages of an mbox with their numbers, from 1; None for one beyond `MAX_RECORD`.

    A message starts where a `From ` line follows a blank one and has a header below it:
    many programs leave such lines in running text as they are.
    """
    number = 0
    held = bytearray()
    too_large = False
    blank = True
    line = stream.readline(_MAX_LINE).lstrip(b"\xef\xbb\xbf")
    while line:
        following = stream.readline(_MAX_LINE)
        if blank and line[:5] == b"From " and _is_start(line, following):
            if number:
                yield number, None if too_large else bytes(held)
            number, too_large = number + 1, False
            held.clear()
        elif not too_large:
            held += line[1:] if line[:1] == b">" and _QUOTED.match(line) else line
            too_large = len(held) > MAX_RECORD
        blank = not line.strip(b"\r\n")
        line = following
    if number:
        yield number, None if too_large else bytes(held)


def _is_start(line: bytes, following: bytes) -> bool:
    return bool(_FROM_LINE.match(line) and _HEADER.match(following))
