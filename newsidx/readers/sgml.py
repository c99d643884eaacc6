"""SGML of the news collections: Reuters-21578 (`<REUTERS>`) and TREC and its kin (`<DOC>`).

Such files are one record after another without a root, and no XML: end tags are
missing, `&` and `<` stand for themselves, and their bytes are in no one encoding. So
the records are cut out at their tags, each is decoded by itself, and nothing but the
known elements is looked for in it. No DTD is read and no entity is defined by a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.readers.base import BadRecord, ReadOptions
from newsidx.readers.limits import MAX_RECORD
from newsidx.readers.records.recordtext import RecordDecoder, is_wide, peek
from newsidx.readers.sgmls.record import article_of_record, is_complete
from newsidx.readers.source import Source, sound_bytes
from newsidx.readers.texts.encoding import text_blocks

__all__ = ["READER", "SgmlReader"]

_BLOCK = 256 * 1024

_MARK = re.compile(rb"<(/?)(reuters|doc)(?=[\s>])", re.IGNORECASE)
_MARK_SIZE = len(b"</reuters>")

# A record's first tag, behind declarations and comments, and in a wrapper or in none.
_PROLOGUE = r"\s*+(?:<[!?][^<>]*+>\s*+)*+"
_REUTERS = re.compile(_PROLOGUE + r"<REUTERS[\s>]", re.IGNORECASE)
_DOC = re.compile(
    _PROLOGUE + r"(?:<(?!html|doc[\s>])[a-z][\w.-]*+[^<>]*+>\s*+)?<doc(\s[^<>]*+)?>", re.IGNORECASE
)
_ID_ATTRIBUTE = re.compile(r"\s(?:doc)?id\s*=", re.IGNORECASE)
_ID_ELEMENT = re.compile(r"\s*+<doc(?:no|id)\s*>", re.IGNORECASE)


class SgmlReader:
    """Reads `.sgm`, and records of SGML under any name."""

    name = "sgml"
    version = 1
    suffixes = (".sgm", ".sgml")
    title = "SGML records (Reuters-21578, TREC)"
    extra = None

    def recognises(self, head: bytes, suffix: str) -> int:
        """Sure of a file that starts with a record, or with its wrapper."""
        named = suffix in self.suffixes
        text = peek(head)
        if text is None:
            return 0
        if _REUTERS.match(text):
            return 96 if named else 88
        doc = _DOC.match(text)
        if doc and (_ID_ATTRIBUTE.search(doc[1] or "") or _ID_ELEMENT.match(text, doc.end())):
            return 95 if named else 88
        return 50 if named else 0

    def read(self, source: Source, options: ReadOptions) -> Iterator[RawArticle | BadRecord]:
        """Yield the articles in order; positions are numbers of records.

        Raises:
            ReadError: `no-article` when it has neither `<REUTERS>` nor `<DOC>`.
        """
        decoder = RecordDecoder()
        number = 0
        with source.open() as stream:
            for number, (record, closed) in enumerate(_records(_blocks(stream, source)), 1):
                yield _article(record, closed, number, decoder, options)
        if not number:
            raise ReadError("no-article", "it has no <REUTERS> and no <DOC> in it")


READER = SgmlReader()


def _article(
    record: bytes | None, closed: bool, number: int, decoder: RecordDecoder, options: ReadOptions
) -> RawArticle | BadRecord:
    if record is None:
        return BadRecord(number, "too-large", "it is longer than any article")
    try:
        text = decoder.text(record)
        if not closed and not is_complete(text):
            return BadRecord(number, "malformed", "the file ends in the middle of it")
        article = article_of_record(text, options)
    except ReadError as error:
        return BadRecord(number, error.reason, error.message)
    article.position = number
    return article


def _blocks(stream: BinaryIO, source: Source) -> Iterator[bytes]:
    """The bytes of a file in blocks; those of UTF-16 as UTF-8."""
    if is_wide(source.head()):
        for text in text_blocks(stream):
            yield text.encode("utf-8", "replace")
        return
    damage = None
    while not damage:
        block, damage = sound_bytes(stream, _BLOCK)
        if not block:
            break
        yield block
    if damage:
        raise damage


def _records(blocks: Iterator[bytes]) -> Iterator[tuple[bytes | None, bool]]:
    """Each record from its start tag to its end tag or the next start tag.

    Yields:
        The bytes of the record, or None for one beyond all bounds; and whether it had
        an end at all before that of the file.
    """
    buffer = bytearray()
    start, at = -1, 0  # where the record begins (-1: in none), and what has been searched
    name, oversized = b"", False
    for block in blocks:
        # What is done with, or too long to be kept, makes room.
        done = at if oversized or start < 0 else start
        del buffer[:done]
        at -= done
        start = max(start - done, 0) if start >= 0 else -1
        buffer += block
        while mark := _MARK.search(buffer, at):
            at = mark.end()
            closing, found = mark[1], mark[2].lower()
            if start >= 0 and found == name:
                yield None if oversized else bytes(buffer[start : mark.start()]), True
                start, oversized = -1, False
            if start < 0 and not closing:
                start, name = mark.start(), found
        # A mark may have been cut in two.
        at = max(at, len(buffer) - _MARK_SIZE)
        oversized = oversized or (start >= 0 and len(buffer) - start > MAX_RECORD)
    if start >= 0:
        yield None if oversized else bytes(buffer[start:]), False
