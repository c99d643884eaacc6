"""JSON Lines: one JSON value a line, read line by line, so that a broken one costs one article."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.readers.base import BadRecord, ReadOptions
from newsidx.readers.limits import MAX_RECORD
from newsidx.readers.records.containers import articles_in
from newsidx.readers.records.jsonstream import parse
from newsidx.readers.source import HEAD_BYTES, Source
from newsidx.readers.texts.encoding import decode, is_wide, peek, text_blocks

__all__ = ["READER", "JsonLinesReader", "holds_lines"]

# A file whose first so many lines are all broken is not JSON Lines.
_PATIENCE = 100


class JsonLinesReader:
    """Reads `.jsonl`, and any file whose first two lines are objects."""

    name = "jsonl"
    version = 2
    suffixes = (".jsonl", ".ndjson", ".jsonlines", ".ldjson")
    title = "JSON Lines"
    extra = None

    def recognises(self, head: bytes, suffix: str) -> int:
        """Surer of objects line by line than the JSON reader, which would read them too."""
        text = peek(head)
        if text is None:
            return 0
        first, _, rest = text.lstrip().partition("\n")
        if rest.lstrip().startswith("{") and _is_object(first):
            return 95
        named = suffix in self.suffixes
        return 92 if named and first.startswith("{") else 55 if named else 0

    def read(self, source: Source, options: ReadOptions) -> Iterator[RawArticle | BadRecord]:
        """Yield the articles in order; positions are line numbers.

        Raises:
            ReadError: `malformed` when the first hundred lines, or all of fewer, are broken.
        """
        broken: list[BadRecord] = []
        sound = False
        for number, line in _lines(source):
            if line is None:
                found: list[RawArticle | BadRecord] = [
                    BadRecord(number, "too-large", f"line {number} is longer than any article")
                ]
            elif not line.strip():
                continue
            else:
                found = list(_articles(line, number, options))
            if not sound and all(
                isinstance(f, BadRecord) and f.reason == "malformed" for f in found
            ):
                broken += [bad for bad in found if isinstance(bad, BadRecord)]
                if len(broken) >= _PATIENCE:
                    break
                continue
            if not sound:
                yield from broken
                sound = True
            yield from found
        if broken and not sound:
            raise ReadError("malformed", broken[0].message)


READER = JsonLinesReader()


def holds_lines(source: Source) -> bool:
    """Whether a file whose first line is longer than its head is JSON Lines all the same."""
    head = source.head()
    if len(head) < HEAD_BYTES or b"\n" in head.lstrip() or is_wide(head):
        return False
    try:
        with source.open() as stream:
            first = stream.readline(MAX_RECORD).lstrip()
            more = stream.read(HEAD_BYTES).lstrip()
        return more.startswith(b"{") and first.startswith(b"{") and _is_object(decode(first)[0])
    except ReadError:
        # Damaged, further on: whoever reads it will say so, behind what is sound.
        return False


def _articles(
    line: bytes | str, number: int, options: ReadOptions
) -> Iterator[RawArticle | BadRecord]:
    try:
        text = line if isinstance(line, str) else decode(line)[0]
        value = parse(text, line=number)
    except ReadError as error:
        yield BadRecord(number, error.reason, error.message)
        return
    for found in articles_in(value, options, number):
        if isinstance(found, BadRecord):
            yield BadRecord(number, found.reason, found.message)
        else:
            found.position = number
            yield found


def _lines(source: Source) -> Iterator[tuple[int, bytes | str | None]]:
    """The lines that hold something, with their numbers; None for one beyond all bounds."""
    with source.open() as stream:
        if is_wide(source.head()):
            yield from enumerate(_wide_lines(stream), 1)
            return
        number = 0
        while line := stream.readline(MAX_RECORD + 1):
            number += 1
            if len(line) > MAX_RECORD:
                _finish_line(stream, line)
                yield number, None
            elif line.strip(b" \t\r\n\x1e\xef\xbb\xbf"):
                yield number, line


def _wide_lines(stream: BinaryIO) -> Iterator[str]:
    """The lines of UTF-16, whose line ends are no single bytes."""
    rest = ""
    for block in text_blocks(stream):
        *lines, rest = (rest + block).split("\n")
        yield from lines
        if len(rest) > MAX_RECORD:
            raise ReadError("too-large", "one of its lines is longer than any article")
    yield rest


def _finish_line(stream: BinaryIO, line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = stream.readline(MAX_RECORD)


def _is_object(text: str) -> bool:
    try:
        return isinstance(parse(text, line=1), dict)
    except ReadError:
        return False
