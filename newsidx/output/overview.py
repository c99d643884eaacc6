"""What an index holds, on a terminal: as many columns of figures as there is room for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, pairwise, zip_longest
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from newsidx.output.filelines import path_tail
from newsidx.output.marking import DIM, ID, plain
from newsidx.output.summary import SHOWN_MONTHS, SHOWN_SOURCES
from newsidx.text.counted import counted

__all__ = ["print_overview"]

# What a column of figures takes: a name, a number, a bar.
_COLUMN = 54
_NAME, _NUMBER, _BAR = 26, 9, 14
_GAP = 4

Block = list[Text]
Pair = tuple[str, int]


def print_overview(console: Console, stats: Mapping[str, Any]) -> None:
    """Print `newsidx.stats/1` for people."""
    width = console.width
    blocks = [block for block in _blocks(stats) if block]
    count = max(1, (width + _GAP) // (_COLUMN + _GAP))
    figures = _beside(_shared_out(blocks, count))
    for line in (
        *_about(stats, width),
        Text(),
        *figures,
        *_roots(stats, width),
        *_shortest(stats, width),
    ):
        line.rstrip()
        line.truncate(width)
        console.print(line, soft_wrap=True)


def _blocks(stats: Mapping[str, Any]) -> list[Block]:
    """Lists of figures, each with its heading."""
    coverage, articles = stats["coverage"], stats["index"]["articles"]
    without = coverage["without"]
    missing = [
        (label, without[name])
        for name, label in (("published", "date"), ("authors", "author"), ("source", "source"))
        if without[name]
    ]
    months = [(row["month"], row["articles"]) for row in coverage["months"] if row["month"]]
    sources = [(row["source"], row["articles"]) for row in coverage["sources"] if row["source"]]
    languages = [(row["language"] or "unknown", row["articles"]) for row in stats["languages"]]
    return [
        _files("files", stats["files"]),
        _files("in archives", stats["members"]),
        _figures("articles without", missing, articles),
        _figures("sources", sources, None),
        _figures("languages", languages, articles),
        _periods(months),
    ]


def _files(title: str, counts: Mapping[str, Any]) -> Block:
    rows: list[Pair] = []
    for status, number in counts["by_status"].items():
        rows.append((status, number))
        reasons = counts["by_reason"].get(status, {})
        rows += [(f"  {reason}", each) for reason, each in reasons.items()]
    if not rows:
        return []
    head = Text.assemble((title, "bold"), (f"  {counts['total']:,}", DIM))
    return [head, *(_figure(name, number) for name, number in rows)]


def _figures(title: str, rows: Sequence[Pair], total: int | None) -> Block:
    """Rows with bars, or with shares of a total."""
    if not rows:
        return []
    rest = rows[SHOWN_SOURCES:]
    most = max(number for _, number in rows)
    lines = [Text(title, style="bold")]
    for name, number in rows[:SHOWN_SOURCES]:
        line = _figure(name, number)
        beside = _share(number, total) if total else _bar(number, most)
        lines.append(Text.assemble(line, "  ", (beside, DIM)))
    if rest:
        others = sum(number for _, number in rest)
        lines.append(_figure(counted(len(rest), "other"), others))
        lines[-1].stylize(DIM)
    return lines


def _periods(months: Sequence[Pair]) -> Block:
    """Months, or the years of many months."""
    if not months:
        return []
    title, rows = "months", list(months)
    if len(months) > SHOWN_MONTHS:
        years: dict[str, int] = {}
        for month, number in months:
            years[month[:4]] = years.get(month[:4], 0) + number
        title, rows = "years", list(years.items())
    most = max(number for _, number in rows)
    drawn = [
        Text.assemble(_figure(name, number), "  ", (_bar(number, most), DIM))
        for name, number in rows
    ]
    return [Text(title, style="bold"), *drawn]


def _figure(name: str, number: int) -> Text:
    label = Text(f"  {_indented(name)}")
    label.truncate(_NAME, overflow="ellipsis", pad=True)
    return Text.assemble(label, f"{number:>{_NUMBER},}")


def _indented(name: str) -> str:
    """A name safe to print, as far indented as it was."""
    return " " * (len(name) - len(name.lstrip(" "))) + plain(name)


def _bar(number: int, most: int) -> str:
    return "█" * max(1, round(_BAR * number / most)) if number else ""


def _share(number: int, total: int) -> str:
    share = 100 * number / total
    if share >= 99.95 and number < total:
        return "> 99.9 %"
    return f"{share:.1f} %" if share >= 0.1 or not number else "< 0.1 %"


# Columns


def _shared_out(blocks: Sequence[Block], count: int) -> list[list[Text]]:
    """Blocks in order, in at most so many columns, none higher than it must be."""
    count = min(count, len(blocks))
    ways = combinations(range(1, len(blocks)), max(0, count - 1))
    cuts = min(ways, key=lambda cuts: max(map(_height, _cut(blocks, cuts))), default=())
    return [
        [line for block in column for line in (*block, Text())] for column in _cut(blocks, cuts)
    ]


def _cut(blocks: Sequence[Block], cuts: Sequence[int]) -> list[Sequence[Block]]:
    return [blocks[a:b] for a, b in pairwise((0, *cuts, len(blocks)))]


def _height(blocks: Sequence[Block]) -> int:
    return sum(len(block) + 1 for block in blocks)


def _beside(columns: Sequence[list[Text]]) -> Iterable[Text]:
    for row in zip_longest(*columns):
        line = Text()
        for cell in row:
            cell = cell or Text()
            space = " " * max(0, _COLUMN + _GAP - cell_len(cell.plain))
            line = Text.assemble(line, cell, space)
        yield line


# What has names that are long


def _about(stats: Mapping[str, Any], width: int) -> list[Text]:
    index = stats["index"]
    size = f"{stats['size'] / 1e6:,.1f} MB"
    bad, removed = stats["records"]["bad"], stats["removed"]
    rows = [
        ("index", plain(index["path"])),
        ("articles", f"{index['articles']:,}"),
        ("engine", f"{index['engine']}, {counted(index['segments'], 'segment')}, {size}"),
        ("language", index["language"]),
        ("state", index["state"] or "not known: others fill it as well"),
        *([("removed", f"{removed:,} kept out by newsidx rm")] if removed else []),
        *([("records", f"{bad:,} could not be read")] if bad else []),
    ]
    return [
        Text.assemble((f"{name:<10}", DIM), path_tail(value, width - 10)) for name, value in rows
    ]


def _roots(stats: Mapping[str, Any], width: int) -> list[Text]:
    lines = [Text("roots", style="bold")]
    for row in stats["roots"]:
        line = _figure(row["label"], row["articles"])
        path = path_tail(plain(row["path"]), width - _NAME - _NUMBER - 2)
        lines.append(Text.assemble(line, "  ", (path, DIM)))
    return lines if stats["roots"] else []


def _shortest(stats: Mapping[str, Any], width: int) -> list[Text]:
    rows = stats["coverage"]["shortest"]
    if not rows:
        return []
    lines = [Text(), Text("shortest", style="bold")]
    for row in rows:
        length = f"{counted(row['words'], 'word'):>11}"
        path = path_tail(plain(row["path"]), width - 29)
        lines.append(Text.assemble("  ", (row["id"], ID), length, "  ", (path, DIM)))
    return lines
