"""The records of web archives (WARC and ARC), one after the other, in constant memory."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from msgspec import Struct

from newsidx.errors import ReadError
from newsidx.readers.base import BadRecord

__all__ = ["START", "STEP", "Archive", "Record"]

START = re.compile(rb"WARC/\d|filedesc://")

# How a record starts: with a version line; in ARC with its address, that of the server,
# the time of capture, the media type and the length, all on one line.
_FIRST_LINES = {
    "warc": re.compile(rb"WARC/[01]\.\d+[ \t\r]*\n"),
    "arc": re.compile(rb"\S[^\r\n]* \d{8,20} \S+ \d{1,18}[ \t\r]*\n|filedesc://[^\r\n]+\n"),
}

_LENGTH = re.compile(r"[0-9]{1,18}")

_MAX_LINE = 64 * 1024
_MAX_HEADERS = 256 * 1024
# Packed data that turn out to be damaged are lost from the start of a step.
STEP = 8192


class Record(Struct, frozen=True):
    """One record; its content is there until the next is asked for.

    Attributes:
        number: Its place in the file, from 1.
        kind: `response`, `resource`, `revisit`, `request`, `warcinfo` ...
        url: The address that it is a capture of; empty where there is none.
        captured: When, in UTC: as WARC writes it, or as ARC's 14 digits.
        media_type: Of the content; HTTP responses have headers of their own in it.
        length: Of the content, in bytes.
        stream: The content: `read` and `readline`, to the end of the record.
    """

    number: int
    kind: str
    url: str
    captured: str | None
    media_type: str
    length: int
    stream: Any

    def content(self) -> bytes:
        """What has not been read of the content; see `whole`."""
        return b"".join(iter(lambda: self.stream.read(STEP), b""))

    @property
    def whole(self) -> bool:
        """Whether the file held all of the content, once that has been read."""
        return not self.stream.limit


class Archive:
    """A web archive, read once from its start to its end.

    Attributes:
        damage: The first place where the file breaks its own rules, if one was found
            so far; what follows it is read as far as it can be.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.damage: BadRecord | None = None
        self._stream = stream
        self._number = 0
        self._headers = 0
        self._ended = False

    def records(self) -> Iterator[Record]:
        """Every record in order; the stream may break in any way but by the system's fault.

        Raises:
            ReadError: `unreadable`.
        """
        from warcio.recordloader import ArcWarcRecordLoader

        # It warns of every address with a space in it.
        logging.getLogger("warcio").setLevel(logging.CRITICAL + 1)
        loader = ArcWarcRecordLoader(verify_http=False, arc2warc=False)
        form = None
        while line := self._first_line(form):
            form = form or ("arc" if line.startswith(b"filedesc:") else "warc")
            self._number += 1
            self._headers = len(line)
            record = self._record(loader, line, form)
            if record is None:
                continue
            yield record
            while record.stream.read(STEP):
                pass
            if not record.whole:
                self._note("malformed", "its last record ends too early")

    def read(self, size: int) -> bytes:
        """Some of the bytes that follow; none at the end, or where they can't be unpacked."""
        try:
            return b"" if self._ended else self._stream.read(size)
        except ReadError as error:
            self._end(error)
            return b""

    def readline(self, size: int | None = None) -> bytes:
        """A line of headers, or a piece of a very long one; none beyond all bounds."""
        if self._ended or self._headers > _MAX_HEADERS:
            return b""
        try:
            line = self._stream.readline(_MAX_LINE if size is None else min(size, _MAX_LINE))
        except ReadError as error:
            self._end(error)
            return b""
        self._headers += len(line)
        return line

    def _first_line(self, form: str | None) -> bytes:
        """The line that the next record starts with; what stands before it is damage."""
        while True:
            self._headers = 0
            line = self.readline()
            if not line:
                return b""
            if not line.strip():
                continue
            if _FIRST_LINES[form].match(line) if form else START.match(line):
                return line
            self._note("malformed", "there is something between its records")

    def _record(self, loader: Any, line: bytes, form: str) -> Record | None:
        try:
            read = loader.parse_record_stream(self, line, form, no_record_parse=True)
        except ReadError:
            raise
        except Exception:
            # Its own errors, and others where a header is not what it takes for granted.
            self._note("malformed", "the headers of a record can't be read")
            return None
        headers = read.rec_headers
        if form == "arc":
            url, captured, length = (
                headers.get_header(name) or "" for name in ("uri", "archive-date", "length")
            )
        else:
            url, captured, length = (
                headers.get_header(name) or ""
                for name in ("WARC-Target-URI", "WARC-Date", "Content-Length")
            )
        if not _LENGTH.fullmatch(length) or read.length is None:
            self._note("malformed", "a record does not say how long it is")
            return None
        return Record(
            number=self._number,
            kind=(read.rec_type or "").lower(),
            url=url,
            captured=captured or None,
            media_type=(read.content_type or "").lower(),
            length=read.length,
            stream=read.raw_stream,
        )

    def _end(self, error: ReadError) -> None:
        self._ended = True
        if error.reason == "unreadable":
            raise error
        self._note(error.reason, error.message)

    def _note(self, reason: str, message: str) -> None:
        if self.damage is None:
            self.damage = BadRecord(max(self._number, 1), reason, message)
