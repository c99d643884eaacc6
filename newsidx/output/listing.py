"""A list of results on a terminal, drawn by Rich: from 60 columns to 200 and more.

A narrow terminal has what is known of a result above its text; a wide one has it at the
left, and text in lines that are not too long to be read.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from itertools import zip_longest

from msgspec import Struct
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from newsidx.output.explanation import reckoning_lines
from newsidx.output.marking import DIM, ID, marked, plain
from newsidx.output.result import elsewhere, heading, tag_texts, windows
from newsidx.results import Breakdown, Copies, Hit, Page
from newsidx.text.counted import counted

__all__ = ["Surroundings", "print_page"]

# From this width on, what is known of a result stands beside its text.
_WIDE = 140
_BESIDE = (12, 26)  # at least and at most
_MEASURE = 96
# A column for tags is this wide at least, and at most.
_TAGS = (30, 44)
# So many outlets of a story are named.
_OUTLETS = 8

# How a filter is given that a breakdown suggests.
_OPTIONS = {"source": "--source", "language": "--lang", "section": "--section", "tags": "--tag"}


class Surroundings(Struct, frozen=True):
    """What stands around results, and how they are drawn.

    Attributes:
        head: Sentences above them.
        show: Options that `newsidx show` needs for the same index and query.
        compact: A line for each result.
        links: Whether the terminal has links.
    """

    head: tuple[str, ...] = ()
    show: str = ""
    compact: bool = False
    links: bool = False


def print_page(console: Console, page: Page, around: Surroundings | None = None) -> None:
    """Print a page: how much there is, the results, and what could be asked next."""
    around = around or Surroundings()
    lines = [Text(plain(line)) for line in around.head]
    lines += _broken_down(console, () if around.compact else page.breakdowns)
    for line in lines:
        _print(console, line, 0)
    if around.head:
        console.print()
    if around.compact:
        _print_compact(console, page, around)
    else:
        for hit in page.hits:
            if console.width >= _WIDE:
                _print_wide(console, hit, _rank_width(page), around, _beside(page.hits))
            else:
                _print_narrow(console, hit, _rank_width(page), around)
            console.print()
    _print_next(console, page, around)


def _rank_width(page: Page) -> int:
    return len(str(page.offset + len(page.hits)))


# One result


def _print_narrow(console: Console, hit: Hit, size: int, around: Surroundings) -> None:
    indent = size + 2
    rank = Text(f"{hit.rank:>{size}}  ", style=DIM)
    _print(console, heading(hit, around.links), indent, first=rank)
    facts, shown = _facts(hit, console.width - indent)
    _print(console, facts, indent)
    for text in _texts(hit, shown):
        _print(console, text, indent)


def _facts(hit: Hit, width: int) -> tuple[Text, set[tuple[str, int]]]:
    """Id, date, source, length, and tags as far as a line takes them."""
    article = hit.article
    line = Text.assemble((article.id, ID), "  ", (_day(hit), DIM))
    parts: list[tuple[str, int, Text]] = []
    if article.source:
        parts.append(("source", 0, marked(article.source, hit.highlights, "source", base=DIM)))
    parts.append(("", 0, Text(counted(article.words, "word"), style=DIM)))
    parts += [("tags", at, text) for at, text in enumerate(tag_texts(hit))]
    shown = set()
    before = ""
    for field, value, text in parts:
        joint = ", " if before == field == "tags" else " · "
        if field == "source":
            text.truncate(max(12, width - cell_len(line.plain) - 15), overflow="ellipsis")
        if cell_len(line.plain) + cell_len(joint) + cell_len(text.plain) > width:
            break
        line = Text.assemble(line, (joint, DIM), text)
        shown.add((field, value))
        before = field
    return line, shown


def _beside(hits: Iterable[Hit]) -> int:
    """How wide the column at the left has to be, for all results of a page."""
    sources = (cell_len(plain(hit.article.source or "")) for hit in hits)
    return min(_BESIDE[1], max(_BESIDE[0], *sources, 0))


def _print_wide(console: Console, hit: Hit, size: int, around: Surroundings, beside: int) -> None:
    article = hit.article
    known = [Text(_day(hit))]
    if article.source:
        known.append(marked(article.source, hit.highlights, "source", base=DIM))
    known += [Text(counted(article.words, "word"), style=DIM), Text(article.id, style=ID)]
    left = size + 2 + beside + 2
    measure = min(_MEASURE, console.width - left)
    tags = Text(", ", style=DIM).join(tag_texts(hit))
    room = min(_TAGS[1], console.width - left - measure - 3)
    shown = {("source", 0)}
    texts = [heading(hit, around.links)]
    if room >= _TAGS[0]:
        shown |= {("tags", at) for at in range(len(article.tags))}
    texts += _texts(hit, shown)
    if room < _TAGS[0] and tags:
        texts.append(tags)
    columns = [
        (size + 2, [Text(f"{hit.rank:>{size}}", style=DIM)]),
        (beside + 2, known),
        (measure + 3, [line for text in texts for line in _lines(console, text, measure)]),
        (room, _lines(console, tags, room)[:6] if tags and room >= _TAGS[0] else []),
    ]
    _print_columns(console, columns)


def _print_columns(console: Console, columns: Sequence[tuple[int, list[Text]]]) -> None:
    """Print columns of lines beside each other, each so many cells wide, two of them blank."""
    for row in zip_longest(*(lines for _, lines in columns)):
        line = Text()
        for number, ((width, _), cell) in enumerate(zip(columns, row, strict=True), 1):
            cell = cell or Text()
            cell.truncate(width - 2 * (number < len(columns)), overflow="ellipsis")
            line = Text.assemble(line, cell, " " * (width - cell_len(cell.plain)))
        line.rstrip()
        console.print(line, soft_wrap=True)


def _texts(hit: Hit, shown: set[tuple[str, int]]) -> list[Text]:
    """Why a result matched: windows of its text, other fields, its score taken apart."""
    texts = windows(hit)
    if hit.copies is not None and len(hit.copies.ids) > 1:
        texts.append(_copies(hit.copies))
    if other := elsewhere(hit, shown):
        texts.append(other)
    if hit.reckoning is not None:
        texts += [Text(line, style=DIM) for line in reckoning_lines(hit.score, hit.reckoning)]
    return texts


def _copies(copies: Copies) -> Text:
    """What a result stands for: how many articles, and who ran them."""
    said = counted(len(copies.ids), "version")
    if copies.outlets:
        said += f" in {counted(len(copies.outlets), 'outlet')}"
    shown = ", ".join(map(plain, copies.outlets[:_OUTLETS]))
    left = len(copies.outlets) - _OUTLETS
    names = f"{shown}, {left:,} more" if left > 0 else shown
    return Text(f"{said}: {names}" if names else said, style=DIM)


def _print_compact(console: Console, page: Page, around: Surroundings) -> None:
    sources = [cell_len(plain(hit.article.source or "")) for hit in page.hits]
    room = min(max(sources, default=0), console.width // 5) if console.width >= 72 else 0
    size = _rank_width(page)
    for hit in page.hits:
        columns = [
            (size + 2, [Text(f"{hit.rank:>{size}}", style=DIM)]),
            (14, [Text(hit.article.id, style=ID)]),
            (12, [Text(_day(hit), style=DIM)]),
        ]
        if room:
            source = marked(hit.article.source or "", hit.highlights, "source", base=DIM)
            columns.append((room + 2, [source]))
        left = sum(width for width, _ in columns)
        columns.append((console.width - left, [heading(hit, around.links, style="")]))
        _print_columns(console, columns)
    if page.hits and around.head:
        console.print()


def _day(hit: Hit) -> str:
    published = hit.article.published
    return published.isoformat() if published else "no date"


# What stands around


def _broken_down(console: Console, breakdowns: Iterable[Breakdown]) -> Iterable[Text]:
    """A line for each field: its commonest values, as many as fit."""
    size = max((len(each.field) for each in breakdowns), default=0)
    for each in breakdowns:
        line = Text(f"{each.field:<{size}}  ", style=DIM)
        kept = _fitting(each, console.width - size - 2)
        gap = ""
        for value, count in kept:
            line = Text.assemble(line, gap, plain(value), (f" {count:,}", DIM))
            gap = " · "
        left = each.others + len(each.values) - len(kept)
        yield Text.assemble(line, (f" · {left:,} more" if left else "", DIM))


def _fitting(breakdown: Breakdown, width: int) -> list[tuple[str, int]]:
    """The values that fit a line, the commonest before others, in the order given."""
    among = len(breakdown.values) + breakdown.others
    kept: set[str] = set()
    used = 0
    for value, count in sorted(breakdown.values, key=lambda pair: -pair[1]):
        used += cell_len(f"{plain(value)} {count:,} · ")
        left = among - len(kept) - 1
        if kept and used + (len(f"{left:,} more") if left else -3) > width:
            break
        kept.add(value)
    return [pair for pair in breakdown.values if pair[0] in kept]


def _print_next(console: Console, page: Page, around: Surroundings) -> None:
    """Where on the list this is, and commands that lead on from here."""
    if not (around.head and page.hits):
        return
    first, last = page.offset + 1, page.offset + len(page.hits)
    options = f" {around.show}" if around.show else ""
    hints = [("Read one", f"newsidx show {page.hits[0].article.id}{options}")]
    if page.next_offset is not None:
        among = f"{page.total:,}" if page.stories is None else f"{page.stories:,} stories"
        place = f"{first:,} to {last:,} of {among}; more"
        hints.insert(0, (place, f"--offset {page.next_offset}"))
    if page.next_offset is not None and (narrower := _narrower(page)):
        hints.insert(-1, ("Narrow it", narrower))
    for label, command in hints:
        _print(console, Text.assemble((f"{label}: ", DIM), plain(command)), 0)


def _narrower(page: Page) -> str | None:
    """The option that leaves of many matches those with the commonest value of a field."""
    for each in page.breakdowns:
        value, count = max(each.values, key=lambda pair: pair[1])
        if count < page.total:
            if each.field == "year":
                return f"--since {value} --until {value}"
            return f"{_OPTIONS[each.field]} {shlex.quote(value)}"
    return None


# Lines


def _lines(console: Console, text: Text, width: int) -> list[Text]:
    lines = list(text.wrap(console, max(1, width)))
    for line in lines:
        line.rstrip()
    return lines


def _print(console: Console, text: Text, indent: int, first: Text | None = None) -> None:
    """Print text wrapped to the console, indented but for what stands before its first line."""
    margin = Text(" " * indent)
    for number, line in enumerate(_lines(console, text, max(20, console.width - indent))):
        before = first if first is not None and number == 0 else margin
        console.print(Text.assemble(before, line), soft_wrap=True)
