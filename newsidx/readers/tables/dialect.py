"""How a file of comma-separated values is written: its delimiter, its quotes, its escapes.

There are two dozen ways that occur (RFC 4180 is only one), so a sample is read in each,
and the way in which it makes the most even table is the one.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import Struct, field

from newsidx.readers.records.fieldnames import SUMMARY_NAMES, field_for, normal
from newsidx.readers.tables.lines import LONGEST_ROW, Lines

__all__ = ["DELIMITERS", "LONGEST_NAME", "Dialect", "Sample", "is_known", "sniff"]

# The likelier first where nothing else decides: tabs and bars seldom stand in prose.
DELIMITERS = ("\x01", "\t", "|", "^", "~", ";", ",")
# Of a table with a single column: the unit separator of ASCII, which no text has.
_NO_DELIMITER = "\x1f"

# What may stand behind a backslash and would else have a meaning of its own is set
# aside under noncharacters, which no text may have, while the cells are parted.
_ASIDE = {"\\": "\ufdd0", "\n": "\ufdd1", '"': "\ufdd2", "'": "\ufdd3", "\t": "\ufdd4",
          "|": "\ufdd5", ";": "\ufdd6", ",": "\ufdd7", "^": "\ufdd8", "~": "\ufdd9"}  # fmt: skip
_BACK = {aside: character for character, aside in _ASIDE.items()}
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "b": "\b"}
_SPECIAL = re.compile(r"\\(?:\r?\n|[\\\"'\t|;,^~])")
_ESCAPE = re.compile(r"\\([nrt0b])|[\ufdd0-\ufdd9]")
# What databases write for a value that is not there.
_NULL = "\\N"

# Signs that a backslash escapes, rather than stands for itself.
_ESCAPED_QUOTE = re.compile(r"\\[\"']")
_NULL_CELL = re.compile(r"(?:^|[\t|;,])\\N(?=[\t|;,\r\n]|$)", re.MULTILINE)
_ESCAPED_BREAK = re.compile(r"\\(?:\r?\n|n)")

# The first line that Excel wants, where its country has another delimiter.
_SEPARATOR = re.compile(r"sep=([\t|;,^~])\r?\n", re.IGNORECASE)

# At least this share of the rows must have the same number of cells; less will do
# where the first row is a header beyond doubt.
_LEAST_EVEN = 0.6
_LEAST_EVEN_NAMED = 0.1

_MOST_BROKEN = 20
# A file of empty lines need not be read in each of eighty dialects.
_MOST_LINES = 5000

LONGEST_NAME = 60
"""Characters in the name of a column."""

_USUAL = {".csv": ",", ".tsv": "\t", ".tab": "\t", ".psv": "|"}


class Dialect(Struct, frozen=True):
    """One way to write tables.

    Attributes:
        delimiter: What parts cells.
        quote: What encloses a cell that holds delimiters; None where nothing does.
        escaped: Whether a backslash takes the meaning from what follows.
        spaced: Whether spaces behind a delimiter mean nothing.
    """

    delimiter: str
    quote: str | None = '"'
    escaped: bool = False
    spaced: bool = False

    def rows(self, lines: Iterable[str], *, strict: bool = True) -> Iterator[list[str]]:
        """The rows of lines from `shielded`, their cells still to be taken to `plain`.

        The iterator raises csv.Error for a row that breaks the rules and can be asked
        for the next one nevertheless.
        """
        # A limit of the module, for all who use it; we do no more than raise it.
        csv.field_size_limit(max(csv.field_size_limit(), LONGEST_ROW))
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quotechar=self.quote,
            quoting=csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
            skipinitialspace=self.spaced,
            strict=strict,
        )

    def shielded(self, line: str) -> str:
        """A line in which what a backslash escapes no longer parts or quotes.

        It has no line end where that was escaped.
        """
        if not self.escaped or "\\" not in line:
            return line
        return _SPECIAL.sub(lambda found: _ASIDE[found[0][-1]], line)

    def plain(self, cell: str) -> str:
        """What a cell says."""
        if not self.escaped:
            return cell
        return "" if cell == _NULL else _ESCAPE.sub(_unescaped, cell)


def _unescaped(found: re.Match[str]) -> str:
    return _LETTERS[found[1]] if found[1] else _BACK[found[0]]


class Sample(Struct):
    """The first rows of a file in one dialect, their cells plain.

    Attributes:
        dialect: How they were read.
        skipped: How many lines before the first row only speak of the dialect.
        rows: Those that are whole.
        quoted: Of each of them, whether there is a quote in it.
        partial: The one that the end of the sample cuts, as far as it goes.
        broken: How many break the rules of the dialect.
        width: The number of cells that a row has.
        even: The share of the rows that have as many.
        score: How good a table they make.
    """

    dialect: Dialect
    skipped: int = 0
    rows: list[list[str]] = field(default_factory=list)
    quoted: list[bool] = field(default_factory=list)
    partial: list[str] = field(default_factory=list)
    broken: int = 0
    width: int = 0
    even: float = 0.0
    score: float = 0.0


def is_known(name: str) -> bool:
    """Whether a name is one that articles' fields have in the files of this world."""
    return field_for(name) is not None or normal(name) in SUMMARY_NAMES


def sniff(text: str, *, whole: bool, suffix: str = "") -> Sample | None:
    """Find the dialect in which a text makes the best table, or None where it makes none.

    Args:
        text: The beginning of a file, some 64 thousand characters of it.
        whole: Whether that is all of it; else its last row may be cut off.
        suffix: The ending of the file's name, which counts a little.
    """
    lines = list(io.StringIO(text, newline=""))
    delimiters: tuple[str, ...] = DELIMITERS
    said = _SEPARATOR.match(text)
    if said:
        delimiters, lines = (said[1],), lines[1:]
    if len(lines) > _MOST_LINES:
        lines, whole = lines[:_MOST_LINES], False
    best: Sample | None = None
    for dialect in _dialects(text, delimiters):
        sample = _read(lines, dialect, whole)
        sample.skipped = said is not None
        _judge(sample, suffix)
        if sample.score > (best.score if best else 0.0) + 1e-9:
            best = sample
    return best or _single_column(lines, whole)


def _dialects(text: str, delimiters: tuple[str, ...]) -> Iterator[Dialect]:
    """The dialects that are possible, the likelier first, since an equal one replaces none."""
    quotes = ('"', "'") if "'" in text else ('"',)
    for delimiter in delimiters:
        if delimiter not in text:
            continue
        surely = _NULL_CELL.search(text) or (delimiter == "\t" and _ESCAPED_BREAK.search(text))
        maybe = surely or _ESCAPED_QUOTE.search(text)
        for escaped in (True, False) if surely else (False, True) if maybe else (False,):
            for quote in (*quotes, None):
                yield Dialect(delimiter, quote, escaped)
                if quote and delimiter != "\t" and f"{delimiter} {quote}" in text:
                    yield Dialect(delimiter, quote, escaped, spaced=True)


def _read(lines: list[str], dialect: Dialect, whole: bool) -> Sample:
    """Read the lines of a sample in a dialect."""
    sample = Sample(dialect)
    text = Lines(iter(lines), dialect.shielded)
    rows = dialect.rows(text)
    while text.number <= len(lines):
        try:
            row = next(rows)
        except StopIteration:
            break
        except csv.Error:
            row = []
        taken = text.taken
        cut = text.number + len(taken) > len(lines) and not whole
        if not (row or cut) and sample.broken < _MOST_BROKEN:
            # What an open quote swallowed may be rows.
            text.put_back(len(taken) - 1)
        if cut:
            loose = dialect.rows(map(dialect.shielded, taken), strict=False)
            sample.partial = list(map(dialect.plain, next(loose, [])))
        elif any(map(str.strip, row)):
            sample.rows.append(list(map(dialect.plain, row)))
            quote = dialect.quote
            sample.quoted.append(quote is not None and any(quote in line for line in taken))
        elif not row and any(map(str.strip, taken)):
            sample.broken += 1
        text.start_record()
    return sample


def _judge(sample: Sample, suffix: str) -> None:
    """Score a sample: how even its rows are, and how much speaks for what parts them."""
    rows = sample.rows or [sample.partial]
    named = sum(len(cell) <= LONGEST_NAME and is_known(cell) for cell in rows[0])
    widths = Counter(map(len, sample.rows))
    sample.width = len(rows[0])
    if widths:
        usual = max(widths, key=lambda width: (widths[width], width == len(rows[0])))
        # A header counts more than rows that are in pieces; that of R is one cell short.
        if named < 2 or (usual == len(rows[0]) + 1 and widths[usual] * 2 > len(rows)):
            sample.width = usual
    sample.even = widths[sample.width] / max(1, len(sample.rows) + sample.broken)
    if len(sample.rows) < 2 and not sample.broken:
        # There is little but the beginning of a first long row.
        sample.even = 1.0 if 1 < len(sample.partial) <= sample.width else _LEAST_EVEN
    if sample.width < 2 or sample.even < (_LEAST_EVEN_NAMED if named >= 2 else _LEAST_EVEN):
        return
    # Quotes that are left were meant to be taken off; behind a comma, prose has a space.
    cells = [cell for row in rows for cell in row]
    wrapped = sum(len(c) > 1 and c[0] == c[-1] and c[0] in "\"'" for c in cells) / len(cells)
    apart = sum(cell.startswith(" ") for cell in cells) / len(cells)
    usual_here = sample.dialect.delimiter == _USUAL.get(suffix)
    sample.score = sample.even - wrapped / 2 - apart / 2 + 0.05 * usual_here
    sample.score += 0.08 * min(named, 5) + 0.002 * min(sample.width, 10)


def _single_column(lines: list[str], whole: bool) -> Sample | None:
    """The sample of a table of one column, which only its name can tell from other text."""
    name = lines[0].strip("\ufeff\"' \t\r\n") if lines else ""
    if len(lines) < 2 or len(name) > LONGEST_NAME or field_for(name) not in ("title", "body"):
        return None
    sample = _read(lines, Dialect(_NO_DELIMITER), whole)
    sample.width, sample.even = 1, 1.0
    return sample if sample.rows else None
