"""How often each form occurs, which Tantivy's dictionary doesn't say.

Each commit writes a file of what it changes, with negative numbers for articles that go;
the sum over all files is what the live articles hold. When they are many, they become one.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from newsidx.article import Article
from newsidx.schema import TEXT_FIELDS
from newsidx.text.tokens import forms

__all__ = ["Counts", "counts_in", "load", "save", "total"]

# Occurrences in the title and the body; articles with it in these, and in either.
_COLUMNS = 2 * len(TEXT_FIELDS) + 1
_EITHER = _COLUMNS - 1

_LEVEL = 1


class Counts:
    """Forms of the title and the body, counted.

    Attributes:
        columns: Form -> number, for each of: occurrences by field, articles by field, and
            articles with the form in any of the fields.
    """

    def __init__(self) -> None:
        self.columns: list[Counter[str]] = [Counter() for _ in range(_COLUMNS)]

    def add(self, texts: Sequence[Sequence[str]]) -> None:
        """Count an article by the forms of its text fields."""
        sets = [set(text) for text in texts]
        for column, counted in zip(self.columns, (*texts, *sets, set().union(*sets)), strict=True):
            column.update(counted)

    def take(self, article: Article) -> None:
        """Take an article off."""
        texts = [forms(getattr(article, field)) for field in TEXT_FIELDS]
        sets = [set(text) for text in texts]
        for column, counted in zip(self.columns, (*texts, *sets, set().union(*sets)), strict=True):
            column.subtract(counted)

    def merge(self, other: Counts) -> None:
        """Add what others counted."""
        for mine, theirs in zip(self.columns, other.columns, strict=True):
            for form, count in theirs.items():
                mine[form] += count

    def occurrences(self, fields: Iterable[str]) -> dict[str, int]:
        """Form -> how often it occurs in some of the text fields."""
        found: Counter[str] = Counter()
        for field in fields:
            for form, count in self.columns[TEXT_FIELDS.index(field)].items():
                found[form] += count
        return {form: count for form, count in found.items() if count > 0}

    def articles(self, fields: Sequence[str]) -> dict[str, int]:
        """Form -> how many articles have it in any of some text fields."""
        only = len(set(fields)) == 1
        number = len(TEXT_FIELDS) + TEXT_FIELDS.index(fields[0]) if only else _EITHER
        return {form: count for form, count in self.columns[number].items() if count > 0}

    def __bool__(self) -> bool:
        return any(self.columns)


def counts_in(articles: Iterable[Article]) -> Counts:
    """The counts of some articles."""
    counts = Counts()
    for article in articles:
        counts.add([forms(getattr(article, field)) for field in TEXT_FIELDS])
    return counts


def save(path: Path, counts: Counts) -> None:
    """Write a file of counts: lines of a form and its numbers."""
    path.write_bytes(zlib.compress("\n".join(_lines(counts)).encode(), _LEVEL))


def _lines(counts: Counts) -> Iterator[str]:
    every = sorted(set().union(*counts.columns))
    for form in every:
        numbers = [column[form] for column in counts.columns]
        if any(numbers):
            yield " ".join((form, *map(str, numbers)))


def load(path: Path) -> Counts:
    """Read a file of counts."""
    counts = Counts()
    text = zlib.decompress(path.read_bytes()).decode()
    for line in text.split("\n") if text else ():
        form, *numbers = line.split(" ")
        for column, number in zip(counts.columns, numbers, strict=True):
            if number != "0":
                column[form] = int(number)
    return counts


def total(paths: Iterable[Path]) -> Counts:
    """The sum of some files of counts."""
    counts = Counts()
    for path in paths:
        counts.merge(load(path))
    return counts
