"""A sample as a table for people to judge, which holds all that is needed to assess it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Protocol

from msgspec import Struct

from newsidx.article import Article
from newsidx.output.safe import one_line, printable

__all__ = ["COLUMNS", "SAMPLE", "DrawnLike", "Origin", "check_of", "sample_lines"]

SAMPLE = "newsidx.sample/1"
"""Name and version of the table."""

_SHOWN = ("id", "relevant", "title", "published", "source", "url")
_DRAWN = ("part", "stratum", "population", "drawn")
_ORIGIN = ("matches", "remainder", "seed", "per", "query", "outside", "state", "schema")

COLUMNS = (*_SHOWN, *_DRAWN, *_ORIGIN, "check")
"""The columns. Those from `part` on say how the sample was drawn, and may not be changed."""


class DrawnLike(Protocol):
    """An article that was drawn."""

    @property
    def part(self) -> str: ...  # noqa: D102
    @property
    def stratum(self) -> str: ...  # noqa: D102
    @property
    def population(self) -> int: ...  # noqa: D102
    @property
    def drawn(self) -> int: ...  # noqa: D102


class Origin(Struct, frozen=True):
    """What a sample was drawn from, and how: the same in every row.

    Attributes:
        matches, remainder: Articles that the query matches, and that only the broader one
            does.
        query, outside: Both with their filters, as they were understood.
        state: Of the index.
    """

    matches: int
    remainder: int | None
    seed: int
    per: str | None
    query: str
    outside: str | None
    state: str

    def cells(self) -> dict[str, str]:
        """As they stand in a row."""
        values = {name: getattr(self, name, None) for name in _ORIGIN} | {"schema": SAMPLE}
        return {name: "" if value is None else str(value) for name, value in values.items()}


def check_of(row: Mapping[str, str]) -> str:
    """What tells whether a row is as it was drawn: x, and eight digits of a hash of its cells.

    Without a letter at its head spreadsheets might take it for a number.
    """
    cells = "\x1f".join(row[name] for name in ("id", *_DRAWN, *_ORIGIN))
    return "x" + blake2b(cells.encode("utf-8", "replace"), digest_size=4).hexdigest()


def sample_lines(
    drawn: Iterable[tuple[DrawnLike, Article]], origin: Origin, *, shown: bool
) -> Iterator[bytes]:
    """The lines of the table, in UTF-8.

    Args:
        shown: Whether a terminal gets them, which nothing in them may act on.
    """
    yield _line(COLUMNS, shown=shown)
    rest = origin.cells()
    for each, article in drawn:
        row = {
            "id": article.id,
            "relevant": "",
            "title": _harmless(article.title),
            "published": article.published.isoformat() if article.published else "",
            "source": _harmless(article.source or ""),
            "url": _harmless(article.url or ""),
            "part": each.part,
            "stratum": _harmless(each.stratum),
            "population": str(each.population),
            "drawn": str(each.drawn),
            **{name: _harmless(cell) for name, cell in rest.items()},
        }
        yield _line([*row.values(), check_of(row)], shown=shown)


def _harmless(text: str) -> str:
    """A cell on one line that no spreadsheet takes for a formula: people will open this."""
    text = one_line(text).strip()
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def _line(cells: Iterable[str], *, shown: bool) -> bytes:
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="\n").writerow(map(printable, cells) if shown else cells)
    return line.getvalue().encode("utf-8", "replace")
