"""CSV and its kin: tables in text, an article a row, read row by row.

What such a file looks like is nowhere said in it. Delimiter, quotes and escapes are
found by `newsidx.readers.tables.dialect`, the meaning of the columns by
`newsidx.readers.tables.columns`, and rows that break the rules of their own table are left
to `newsidx.readers.tables.rows`.
"""

from __future__ import annotations

from collections.abc import Iterator

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.readers.base import BadRecord, ReadOptions
from newsidx.readers.records.fieldnames import field_for
from newsidx.readers.records.record import article_from_record
from newsidx.readers.records.recordtext import RecordDecoder, peek
from newsidx.readers.source import HEAD_BYTES, Source, sound_bytes
from newsidx.readers.tables.columns import Columns, columns_of
from newsidx.readers.tables.dialect import (
    DELIMITERS,
    LONGEST_NAME,
    Dialect,
    Sample,
    is_known,
    sniff,
)
from newsidx.readers.tables.lines import Lines, encoding_of, mended, text_lines
from newsidx.readers.tables.rows import Rows, Shape

__all__ = ["READER", "CsvReader"]

# How much of a file is looked at first; more where hardly a row fits into it.
_SAMPLES = (64 * 1024, 4 * 1024 * 1024)
_LEAST_ROWS = 3

# A file whose first so many rows are all broken is no table.
_PATIENCE = 100

# Under these endings, which say nothing, a table must have a header beyond doubt.
_VAGUE = ("", ".txt", ".text", ".dat", ".data")
_CLEARLY_EVEN = 0.9


class CsvReader:
    """Reads `.csv`, `.tsv` and the like, and text that starts with a header beyond doubt."""

    name = "csv"
    version = 1
    suffixes = (".csv", ".tsv", ".tab", ".psv")
    title = "CSV, TSV"
    extra = None

    def recognises(self, head: bytes, suffix: str) -> int:
        """Sure of a name that says so and a delimiter that all rows have as often."""
        named = suffix in self.suffixes
        if not named and suffix not in _VAGUE:
            return 0
        text = peek(head)
        if text is None:
            return 0
        whole = len(head) < HEAD_BYTES
        if not named:
            return 80 if _has_clear_header(text, whole) else 0
        if text.lstrip().startswith(("<", "{", "[{")):
            return 45
        return 92 if sniff(text, whole=whole, suffix=suffix) else 45

    def read(self, source: Source, options: ReadOptions) -> Iterator[RawArticle | BadRecord]:
        """Yield the articles in order; positions are numbers of lines.

        Raises:
            ReadError: `no-article` when it is no table, or one without titles and text;
                `malformed` when the first hundred rows, or all of fewer, are broken.
        """
        sample, codec = _sampled(source)
        columns = columns_of(sample, options)
        if columns is None:
            shown = ", ".join(repr(cell[:40]) for cell in (sample.rows or [sample.partial])[0][:12])
            raise ReadError("no-article", f"it is a table without titles or text: {shown}")
        broken: list[BadRecord] = []
        sound = False
        with source.open() as stream:
            for found in _found(text_lines(stream, codec), sample, columns):
                if not sound and isinstance(found, BadRecord) and found.reason == "malformed":
                    broken.append(found)
                    if len(broken) >= _PATIENCE:
                        break
                    continue
                yield from () if sound else broken
                sound = True
                yield found
        if not sound and broken:
            raise ReadError("malformed", broken[0].message)
        if not sound:
            raise ReadError("no-article", "there is no row below its header")


READER = CsvReader()


def _has_clear_header(text: str, whole: bool) -> bool:
    """Whether a text begins with two or more known names of fields, and rows below them."""
    line, _, rest = text.lstrip().partition("\n")
    if len(line) > 1000 or not rest.strip():
        return False
    for delimiter in DELIMITERS:
        if delimiter not in line:
            continue
        cells = [cell.strip().strip("\"'") for cell in line.split(delimiter)]
        known = sum(len(cell) <= LONGEST_NAME and is_known(cell) for cell in cells)
        if 2 <= known >= len(cells) / 2 and {"title", "body"} & {*map(field_for, cells)}:
            found = sniff(text, whole=whole)
            return (
                found is not None
                and found.dialect.delimiter == delimiter
                and found.even >= _CLEARLY_EVEN
            )
    return False


def _sampled(source: Source) -> tuple[Sample, str]:
    """The first rows of a file, and the codec that it is in."""
    for size in _SAMPLES:
        with source.open() as stream:
            data, damage = sound_bytes(stream, size + 1)
        if damage and not data:
            raise damage
        if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
            raise ReadError("empty", "there is nothing in it but white space")
        whole = len(data) <= size and not damage
        codec = encoding_of(data)
        text = data[:size].decode(codec, "replace").removeprefix("\ufeff").replace("\0", "")
        sample = sniff(text, whole=whole, suffix=source.suffix)
        if whole or damage or (sample and len(sample.rows) > _LEAST_ROWS):
            break
    if sample is None:
        raise ReadError("no-article", "it is no table: no delimiter parts its lines evenly")
    return sample, codec


def _found(
    text: Iterator[str], sample: Sample, columns: Columns
) -> Iterator[RawArticle | BadRecord]:
    """The articles of the lines of a table."""
    dialect = sample.dialect
    lines = Lines(text, dialect.shielded if dialect.escaped else None)
    if sample.skipped:
        lines.take()
        lines.start_record()
    header = _take_header(lines, dialect) if columns.has_header else None
    decoder = RecordDecoder()
    shape = Shape.of(sample, len(columns.names), columns.least, has_header=columns.has_header)
    for found in Rows(lines, shape):
        if isinstance(found, BadRecord):
            yield found
            continue
        number, row = found
        if row == header:
            # Several tables were put together, and their headers with them.
            continue
        try:
            cells = map(dialect.plain, mended(row, decoder))
        except ReadError as error:
            yield BadRecord(number, error.reason, error.message)
            continue
        yield _article(dict(zip(columns.names, cells, strict=False)), columns, number)


def _take_header(lines: Lines, dialect: Dialect) -> list[str]:
    header: list[str] = []
    for header in dialect.rows(lines, strict=False):
        if any(map(str.strip, header)):
            break
    lines.start_record()
    return header


def _article(record: dict[str, str], columns: Columns, number: int) -> RawArticle | BadRecord:
    """The article of a row; what was found without a name is said to be from a column."""
    found = article_from_record(record, columns.options, number)
    if isinstance(found, RawArticle):
        for field, origin in found.provenance.items():
            if field in columns.guessed or not columns.has_header:
                found.provenance[field] = origin.replace("record:", "column:", 1)
    return found
