"""A sample that people judged, as it comes back: read, and held to what was drawn.

Spreadsheets reorder rows, add columns and write other delimiters, and that is all right. What
says how the sample was drawn must be as it was, or the numbers would be wrong without a word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from newsidx.cli.querytable import BadRow, Row, Table
from newsidx.errors import UsageError
from newsidx.output.sample import COLUMNS, SAMPLE, Origin, check_of
from newsidx.searcher.assessment import Stratum
from newsidx.searcher.sampling import PARTS
from newsidx.text.counted import counted

__all__ = ["Judged", "judged"]

_YES = frozenset(
    ("yes", "y", "true", "t", "1", "1.0", "x", "relevant", "ja", "j", "oui", "o", "si", "sí", "s")
)
_NO = frozenset(("no", "n", "false", "f", "0", "0.0", "irrelevant", "nein", "non"))
_SHOWN = 5
_MINE = "Fill in the column relevant and leave the others as they are; newsidx sample draws anew."


class Judged(NamedTuple):
    """A sample with its judgements."""

    origin: Origin
    strata: tuple[Stratum, ...]


def judged(table: Table, name: str) -> Judged:
    """Read a judged sample.

    Args:
        name: What the file is called, for errors.

    Raises:
        UsageError: It is no sample, a row is not judged, or it isn't as it was drawn.
    """
    missing = [column for column in COLUMNS if column not in table.columns]
    if missing:
        raise UsageError(
            f"{name} is no sample that newsidx drew: it has no column {missing[0]!r}.",
            "Give a file that newsidx sample has printed.",
        )
    rows: list[Row] = []
    for row in table:
        if isinstance(row, BadRow):
            raise UsageError(f"Line {row.line} of {name} makes no sense: {row.problem}.", _MINE)
        rows.append(Row(row.line, {key: cell.strip() for key, cell in row.cells.items()}))
    if not rows:
        raise UsageError(f"There is no article in {name}.", _MINE)
    _check_rows(rows, name)
    origin = _origin(rows[0])
    if not origin.matches:
        raise UsageError(
            f"The query of {name} matched nothing: there is no precision to be told.",
            "Draw from a query that finds something: newsidx search QUERY",
        )
    return Judged(origin, _strata(rows, origin, name))


def _check_rows(rows: Sequence[Row], name: str) -> None:
    """See that each row is as it was drawn, all of one draw, and none twice."""
    seen: dict[str, int] = {}
    for line, row in rows:
        if row["schema"] != SAMPLE:
            raise UsageError(
                f"Line {line} of {name} is of {row['schema'] or 'no known shape'}, not {SAMPLE}.",
                "It was drawn by another version of newsidx, or was changed.",
            )
        if check_of(row) != row["check"]:
            raise UsageError(
                f"Line {line} of {name} is not as it was drawn: its id or what stands from the "
                "column part on was changed.",
                f"Spreadsheets may turn an id into a number. {_MINE}",
            )
        if row["id"] in seen:
            raise UsageError(
                f"Article {row['id']} is in {name} twice, on lines {seen[row['id']]} and {line}.",
                "Remove one of them.",
            )
        seen[row["id"]] = line
        if any(row[key] != rows[0].cells[key] for key in _SAME):
            raise UsageError(
                f"Line {line} of {name} is from another sample than line {rows[0].line}.",
                "Assess each sample by itself.",
            )


_SAME = ("matches", "remainder", "seed", "per", "query", "outside", "state")


def _origin(row: Row) -> Origin:
    cells = row.cells
    return Origin(
        matches=int(cells["matches"]),
        remainder=int(cells["remainder"]) if cells["remainder"] else None,
        seed=int(cells["seed"]),
        per=cells["per"] or None,
        query=cells["query"],
        outside=cells["outside"] or None,
        state=cells["state"],
    )


def _strata(rows: Sequence[Row], origin: Origin, name: str) -> tuple[Stratum, ...]:
    judgements = _judgements(rows, name)
    sizes: dict[tuple[str, str], tuple[int, int]] = {}
    counts: Counter[tuple[str, str]] = Counter()
    relevant: Counter[tuple[str, str]] = Counter()
    for (_, row), yes in zip(rows, judgements, strict=True):
        key = row["part"], row["stratum"]
        sizes[key] = int(row["population"]), int(row["drawn"])
        counts[key] += 1
        relevant[key] += yes
    for (part, stratum), (_, drawn) in sizes.items():
        if counts[part, stratum] != drawn:
            where = f"{part}, {stratum}" if stratum else part
            raise UsageError(
                f"{drawn:,} articles were drawn ({where}), and {counts[part, stratum]:,} of them "
                f"are in {name}.",
                "A sample without some of its rows says nothing of the rest. Put them back.",
            )
    for part, size in zip(PARTS, (origin.matches, origin.remainder), strict=True):
        there = sum(population for key, (population, _) in sizes.items() if key[0] == part)
        if there != (size or 0):
            raise UsageError(
                f"Rows are missing in {name}: it speaks for {there:,} of {size or 0:,} articles "
                f"of the {part}.",
                "A sample without some of its strata says nothing of the rest. Put them back.",
            )
    keys = sorted(sizes, key=lambda key: (PARTS.index(key[0]), key[1]))
    return tuple(Stratum(*key, sizes[key][0], counts[key], relevant[key]) for key in keys)


def _judgements(rows: Sequence[Row], name: str) -> list[bool]:
    """Of each row whether it was judged relevant.

    Raises:
        UsageError: One was not judged, or by a word that is not known.
    """
    empty = [line for line, row in rows if not row["relevant"]]
    if empty:
        raise UsageError(
            f"{counted(len(empty), 'article')} of {len(rows):,} in {name} "
            f"{'is' if len(empty) == 1 else 'are'} not judged yet: line{_lines(empty)}.",
            "Write yes or no into the column relevant of each.",
        )
    found = []
    for line, row in rows:
        word = row["relevant"].casefold()
        if word not in _YES and word not in _NO:
            raise UsageError(
                f"Line {line} of {name} says {row['relevant']!r} in the column relevant.",
                "Write yes or no; y and n, 1 and 0, true and false are understood as well.",
            )
        found.append(word in _YES)
    return found


def _lines(numbers: Iterable[int]) -> str:
    every = list(numbers)
    shown = ", ".join(map(str, every[:_SHOWN])) + (", …" if len(every) > _SHOWN else "")
    return f"{'s' if len(every) > 1 else ''} {shown}"
