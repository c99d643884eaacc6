"""JSON: one article, an array of them, an object that holds arrays of them, or several in a row.

An array is read element by element, so that its size does not matter, and so that
the articles before a break in it are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.readers.base import BadRecord, ReadOptions
from newsidx.readers.jsonlines import READER as JSON_LINES
from newsidx.readers.jsonlines import holds_lines
from newsidx.readers.records.containers import articles_in
from newsidx.readers.records.jsonstream import JsonStream
from newsidx.readers.source import Source
from newsidx.readers.texts.encoding import peek

__all__ = ["READER", "JsonReader"]

# An object and the colon after its first name, or an array of such; or nothing.
_OBJECT = re.compile(r'\s*(?:\[\s*)?\{\s*(?:"(?:[^"\\]|\\.)*+"\s*:|\})|\s*\[\s*\]\s*$')


class JsonReader:
    """Reads `.json`, and JSON under any name when it starts with an object."""

    name = "json"
    version = 2
    suffixes = (".json",)
    title = "JSON"
    extra = None

    def recognises(self, head: bytes, suffix: str) -> int:
        """Sure of what starts like an object with a name in it, or an array of such."""
        text = peek(head)
        if text is None:
            return 0
        if _OBJECT.match(text):
            return 90 if suffix in self.suffixes else 80
        return 50 if suffix in self.suffixes else 0

    def read(self, source: Source, options: ReadOptions) -> Iterator[RawArticle | BadRecord]:
        """Yield the articles in order; see `newsidx.readers.records.containers.articles_in`.

        A break after the first of several records is a BadRecord and ends the file.

        Raises:
            ReadError: `malformed` where the first record is broken, with line and
                column; `no-article` when it is one value that holds none.
        """
        if holds_lines(source):
            yield from JSON_LINES.read(source, options)
            return
        with source.open() as stream:
            values = JsonStream(stream)
            numbered = enumerate(values, 1)
            position = 0
            while True:
                try:
                    position, value = next(numbered)
                except StopIteration:
                    break
                except ReadError as error:
                    if not position:
                        raise
                    yield BadRecord(position + 1, error.reason, error.message)
                    return
                alone = position == 1 and not (values.is_array and isinstance(value, dict))
                for found in articles_in(value, options, position):
                    if alone and isinstance(found, BadRecord) and found.reason == "no-article":
                        raise ReadError(found.reason, found.message)
                    yield found
        if not position:
            raise ReadError("no-article", "it is an empty array")


READER = JsonReader()
