"""Quotations on a terminal: each beside the archive's wording, the changes marked below.

Marks are characters, so that nothing depends on colour: `^` below what is changed, `.` below
what an ellipsis, a bracket or a gap permits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from newsidx.output.columns import cut, padded
from newsidx.output.marking import DIM, ID, MARK, plain
from newsidx.output.quotes import (
    Checked,
    FlagLike,
    PieceLike,
    PlaceLike,
    QuotationLike,
    unconfirmed,
)
from newsidx.text.counted import counted

__all__ = ["print_quotations", "print_summary"]

_STYLES = {"verbatim": "bold green", "altered": "bold red", "absent": "bold magenta"}
_LABELS = ("quoted", "archive", "")
_LABEL = 9
_INDENT = 3
# Of what is left out, so many words are shown at either end.
_SHOWN = 4
_OUTLETS = 4


class _Cell(NamedTuple):
    quoted: str
    archived: str
    mark: str

    @property
    def width(self) -> int:
        return max(cell_len(self.quoted), cell_len(self.archived))


def print_quotations(console: Console, found: Iterable[Checked]) -> None:
    """Print quotations, each as it comes."""
    for checked in found:
        _print_one(console, checked)
        console.print()


def print_summary(console: Console, verdicts: Counter[str]) -> None:
    """Print how many there are of each verdict."""
    total = counted(verdicts.total(), "quotation")
    parts = [f"{verdicts[name]:,} {name}" for name in _STYLES if verdicts[name]]
    console.print(Text(f"{total}: {', '.join(parts)}"), soft_wrap=True)


def _print_one(console: Console, checked: Checked) -> None:
    quotation, place = checked.quotation, checked.quotation.place
    head = Text.assemble(
        (f"{checked.rank}  ", DIM), (quotation.verdict.upper(), _STYLES[quotation.verdict])
    )
    if checked.line is not None:
        head.append(f"  line {checked.line:,}", style=DIM)
    console.print(head, soft_wrap=True)
    if place is None:
        _print(console, Text(plain(quotation.text)))
        _print(console, Text("Nothing in the archive is like it.", style=DIM))
        return
    if all(piece.kind == "same" for piece in place.pieces):
        _print(console, Text(plain(quotation.text)))
    elif quotation.verdict == "absent":
        _print(console, Text(plain(quotation.text)))
        _print(console, Text("The nearest passage:", style=DIM))
        _print_beside(console, place.pieces)
    else:
        _print_beside(console, place.pieces)
        for flag in (*_flags(place.flags), *_unconfirmed(place.pieces)):
            _print(console, Text(f"! {flag}", style="bold"))
    _print(console, _where(place))
    if quotation.verdict != "absent":
        _print(console, Text(_spread(quotation), style=DIM))


def _print(console: Console, text: Text) -> None:
    for line in text.wrap(console, max(20, console.width - _INDENT)):
        line.rstrip()
        console.print(Text.assemble(" " * _INDENT, line), soft_wrap=True)


def _where(place: PlaceLike) -> Text:
    article = place.article
    facts = [place.day or "no date", *([plain(article.source)] if article.source else [])]
    facts += [plain(article.title) or "(no title)", f"{place.field} {place.start}-{place.end}"]
    return Text.assemble((article.id, ID), "  ", " · ".join(facts))


def _spread(quotation: QuotationLike) -> str:
    places = list(quotation.places)
    sources = [plain(place.article.source) for place in places if place.article.source]
    names = list(dict.fromkeys(sources))
    said = counted(len(places), "article")
    if names:
        more = quotation.outlets - len(names[:_OUTLETS])
        shown = ", ".join(names[:_OUTLETS]) + (f" and {more:,} more" if more > 0 else "")
        said += f" of {counted(quotation.outlets, 'outlet')}: {shown}"
    return f"{said}; the earliest {quotation.earliest}" if quotation.earliest else said


def _flags(flags: Iterable[FlagLike]) -> Iterator[str]:
    said = {
        "elided": "left out by an ellipsis",
        "inserted": "where a bracket stands",
        "gap": "where a gap is",
    }
    for flag in flags:
        here = f"only in the {flag.side}"
        yield f"{flag.kind}: {plain(flag.word)}, {here}{_comma(said.get(flag.where, ''))}"


def _unconfirmed(pieces: Iterable[PieceLike]) -> Iterator[str]:
    for piece in filter(unconfirmed, pieces):
        yield f"gap: {plain(piece.quoted)}, where the archive lacks a word and can't confirm it"


def _comma(text: str) -> str:
    return f", {text}" if text else ""


def _print_beside(console: Console, pieces: Iterable[PieceLike]) -> None:
    room = max(20, console.width - _INDENT - _LABEL)
    lines: list[list[_Cell]] = [[]]
    used = 0
    for cell in (cell for piece in pieces for cell in _cells(piece, room)):
        if lines[-1] and used + 1 + cell.width > room:
            lines.append([])
            used = 0
        used += cell.width + bool(lines[-1])
        lines[-1].append(cell)
    for line in lines:
        _print_line(console, line)


def _print_line(console: Console, line: Sequence[_Cell]) -> None:
    marked = any(cell.mark != " " for cell in line)
    for number, label in enumerate(_LABELS if marked else _LABELS[:2]):
        text = Text.assemble(" " * _INDENT, (padded(label, _LABEL), DIM))
        for at, cell in enumerate(line):
            style = MARK if cell.mark == "^" else ""
            shown = (cell.quoted, cell.archived, cell.mark * cell.width)[number]
            text.append(" " if at else "")
            text.append(padded(shown, cell.width), style=style)
        text.rstrip()
        console.print(text, soft_wrap=True)


def _cells(piece: PieceLike, room: int) -> Iterator[_Cell]:
    """A piece in words, as they stand above each other."""
    mark = {"same": " ", "elided": ".", "inserted": ".", "gap": "."}.get(piece.kind, "^")
    quoted, archived = plain(piece.quoted).split(), plain(piece.archived).split()
    if piece.kind == "elided" and len(archived) > 2 * _SHOWN + 1:
        left = len(archived) - 2 * _SHOWN
        archived = [*archived[:_SHOWN], f"(+{left})", *archived[-_SHOWN:]]
    for one, other in zip_longest(quoted, archived, fillvalue=""):
        yield _Cell(cut(one, room), cut(other, room), mark)
