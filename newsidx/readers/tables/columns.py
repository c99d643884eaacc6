"""Which column of a table is what: by its name, by what was asked for, or by what is in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from newsidx.readers.base import ReadOptions
from newsidx.readers.records.fieldnames import SUMMARY_NAMES, field_for, normal
from newsidx.readers.tables.dialect import LONGEST_NAME, Sample, is_known
from newsidx.schema import field_named

__all__ = ["Columns", "columns_of"]

# A column of running text has at least this many characters, and words, in its cells.
_LEAST_TEXT = 80
_LEAST_WORDS = 8
# A label is short, and comes again in half of the rows or more.
_LONGEST_LABEL = 40
_LEAST_ROWS = 4

_NUMBER_OR_ADDRESS = re.compile(
    r"\s*(?:[\d\s.,:/+-]*\d[\d\s.,:/+-]*|(?:https?:|www\.).*)\s*", re.DOTALL
)
_STRUCTURE = ("[", "{", "<!", "http:", "https:")
# With one of these beside it, a title is a headline: tables of films have titles too.
_NEWSLIKE = frozenset({"published", "url", "authors", "source"})


class Columns(Struct, frozen=True):
    """The columns of a table.

    Attributes:
        names: Their names; their numbers, from 1, where they have none.
        has_header: Whether the first row is their names.
        options: How the root is to be read, with names for numbers of columns.
        guessed: The fields whose columns were found by what is in them.
        least: The number of cells a row must have for its text to be there.
    """

    names: tuple[str, ...]
    has_header: bool
    options: ReadOptions
    guessed: frozenset[str]
    least: int


def columns_of(sample: Sample, options: ReadOptions) -> Columns | None:
    """Find out what the columns are; None where none has titles or text.

    A `--map` names a column, or gives its number. Where no column is known by name to
    hold the text, the one that holds long text does; without any names or map, one that
    holds a few short values again and again is the section. Nothing else is guessed.
    """
    rows = [*sample.rows, sample.partial] if sample.partial else sample.rows
    has_header = options.header
    if has_header is None:
        has_header = _is_header(rows[0], rows[1:], options)
    names = _names(rows[0] if has_header else [], sample.width)
    mapped = {_target(field): _by_number(name, names) for field, name in options.fields.items()}
    fields = {field: name for field, name in mapped.items() if name in names}
    named = {field for field in map(field_for, names) if field} if has_header else set()
    known = named | fields.keys()
    summary = "title" in known and any(normal(name) in SUMMARY_NAMES for name in names)
    guessed = {}
    if "body" not in known and not summary:
        taken = set(fields.values()) | {name for name in names if has_header and field_for(name)}
        free = [at for at, name in enumerate(names) if name not in taken]
        guessed = _guess(rows[has_header:], free, names)
        if has_header or options.fields:
            guessed.pop("section", None)
    if not (
        "body" in known | guessed.keys() or summary or ("title" in known and known & _NEWSLIKE)
    ):
        return None
    fields |= guessed
    least = _least(names, fields, has_header)
    return Columns(names, has_header, replace(options, fields=fields), frozenset(guessed), least)


def _least(names: tuple[str, ...], fields: Mapping[str, str], has_header: bool) -> int:
    """The number of cells that reach to the text, or to the title where there is no text."""
    for field in ("body", "title"):
        for number, name in enumerate(names, 1):
            if name == fields.get(field) or (has_header and field_for(name) == field):
                return number
    return len(names)


def _is_header(first: Sequence[str], below: list[list[str]], options: ReadOptions) -> bool:
    """Whether the first row holds the names of the columns.

    Names are short, and some are known; if only one is, none may be a number or an
    address or stand in its own column again. Unknown ones are names where long text
    stands below.
    """
    cells = [cell.strip() for cell in first]
    if any(len(cell) > LONGEST_NAME or "\n" in cell for cell in cells):
        return False
    if _are_numbers(cells):
        return True
    asked = set(map(normal, options.fields.values()))
    known = sum(is_known(cell) or (normal(cell) in asked and bool(cell)) for cell in cells)
    if known >= 2:
        return True
    repeated = any(
        cell and cell == row[at].strip()
        for row in below
        for at, cell in enumerate(cells[: len(row)])
    )
    if repeated or any(map(_NUMBER_OR_ADDRESS.fullmatch, cells)):
        return False
    return known > 0 or _text_column(below, range(len(cells))) is not None


def _are_numbers(cells: Sequence[str]) -> bool:
    """Whether they are what a program writes that had no names: 0, 1, 2."""
    digits = [cell for cell in cells if cell]
    return len(digits) > 1 and digits in (
        [str(number) for number in range(start, start + len(digits))] for start in (0, 1)
    )


def _names(header: Sequence[str], width: int) -> tuple[str, ...]:
    """A name for each column, no name twice; the number of one that has none."""
    cells = [cell.strip().removeprefix("\ufeff") for cell in header]
    if _are_numbers(cells):
        cells = []
    if len(cells) + 1 == width > 1:
        # R leaves out the name of the column with the names of the rows.
        cells.insert(0, "")
    cells += [""] * (width - len(cells))
    seen: set[str] = set()
    names = []
    for number, cell in enumerate(cells, 1):
        names.append(str(number) if not cell or normal(cell) in seen else cell)
        seen.add(normal(cell))
    return tuple(names)


def _by_number(name: str, names: tuple[str, ...]) -> str:
    """The name of the column that a `--map` means, by name or by number."""
    for own in names:
        if normal(own) == normal(name):
            return own
    if name.isdecimal() and len(name) < 5 and 0 < int(name) <= len(names):
        return names[int(name) - 1]
    return name


def _target(name: str) -> str:
    known = field_named(name)
    return known.name if known else name


def _guess(rows: list[list[str]], free: list[int], names: tuple[str, ...]) -> dict[str, str]:
    """The columns of the text and of the section, by what is in them."""
    text = _text_column(rows, free)
    if text is None:
        return {}
    labels = [at for at in free if at != text and _is_label([row[at : at + 1] for row in rows])]
    guessed = {"body": names[text]}
    if len(labels) == 1:
        guessed["section"] = names[labels[0]]
    return guessed


def _text_column(rows: list[list[str]], columns: Iterable[int]) -> int | None:
    """The column with the longest running text, if one has any."""
    best, most = None, _LEAST_TEXT
    for at in columns:
        cells = [row[at].strip() for row in rows if len(row) > at and row[at].strip()]
        texts = sum(map(_is_prose, cells))
        length = sum(map(len, cells)) // max(1, len(cells))
        if texts * 2 > len(cells) and length >= most:
            best, most = at, length
    return best


def _is_prose(cell: str) -> bool:
    if cell.startswith(_STRUCTURE):
        return False
    # Some scripts have no spaces between words.
    return cell.count(" ") >= _LEAST_WORDS or (not cell.isascii() and len(cell) >= _LEAST_TEXT)


def _is_label(cells: list[list[str]]) -> bool:
    """Whether a column holds a few short values again and again, and no numbers."""
    labels = [cell[0].strip() for cell in cells if cell]
    return (
        len(labels) >= _LEAST_ROWS
        and len(set(labels)) * 2 <= len(labels)
        and all(
            0 < len(label) <= _LONGEST_LABEL and not _NUMBER_OR_ADDRESS.fullmatch(label)
            for label in labels
        )
    )
