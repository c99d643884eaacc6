"""A quotation laid beside a text, word by word, at the least number of changes.

An edit distance over words (Wagner and Fischer 1974; the passage may begin and end anywhere in
the text, as in Sellers 1980), with what a quoter and a scraper may do at next to no cost:

- an ellipsis leaves out up to `ELLIPSIS` words of the text,
- a square bracket stands for up to `BRACKET` words of it, or for none,
- a gap, a run of blanks inside a sentence, stands for one word joined by hyphens, on either side,
- a hyphen at a line's end is there or is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from newsidx.text.quoting import Unit
from newsidx.text.words import Word, same_letters

__all__ = ["BRACKET", "ELLIPSIS", "Alignment", "Step", "align"]

ELLIPSIS = 60
BRACKET = 12

_CHANGE = 1.0
_SPELLING = 0.3
# What is permitted costs so little that it never outweighs a change, and something, so that of
# two ways the one is taken that leaves out less.
_PERMITTED = 0.002
_LEFT_OUT = 0.0005

Kind = Literal["same", "spelling", "replaced", "missing", "added", "elided", "inserted", "gap"]


class Step(NamedTuple):
    """Some units of a quotation, and some words of a text, that stand beside each other.

    Attributes:
        units: The first unit, and one past the last.
        words: The same of words.
    """

    kind: Kind
    units: tuple[int, int]
    words: tuple[int, int]


class Alignment(NamedTuple):
    """A quotation beside the passage that it is most like.

    Attributes:
        steps: In order; all units of the quotation, and all words of the passage.
    """

    steps: tuple[Step, ...]


# How a cell of the table was come by: the kind of step, and the units and words that it takes.
_Way = tuple[Kind, int, int]


def align(units: Sequence[Unit], words: Sequence[Word]) -> Alignment:
    """Lay a quotation beside a text.

    Takes time in proportion to the product of their lengths, but where the words stand there just
    as they are.
    """
    if (at := _found(units, words)) is not None:
        size = len(units)
        return Alignment((Step("same", (0, size), (at, at + size)),) if size else ())
    rows: list[list[float]] = [[0.0] * (len(words) + 1)]
    ways: list[list[_Way]] = [[("same", 0, 0)] * (len(words) + 1)]
    for number, unit in enumerate(units, 1):
        if unit.word is not None:
            row, way = _word_row(units, number, words, rows, last=number == len(units))
        elif unit.kind == "ellipsis":
            row, way = _skipping(rows[-1], ELLIPSIS, "elided", 0.0)
        elif unit.kind == "bracket":
            row, way = _skipping(rows[-1], BRACKET, "inserted", _PERMITTED)
            _literally(unit, words, rows[-1], row, way)
        else:
            row, way = _gap_row(words, rows[-1])
        rows.append(row)
        ways.append(way)
    last = rows[-1]
    end = min(range(len(words) + 1), key=last.__getitem__)
    # A word that differs at the end stands beside one, as it does elsewhere.
    while last[end] >= _CHANGE and end < len(words) and last[end + 1] <= last[end]:
        end += 1
    return Alignment(tuple(_steps(ways, len(units), end))[::-1])


def _found(units: Sequence[Unit], words: Sequence[Word]) -> int | None:
    """Where the words stand that a quotation consists of, if they do without any change."""
    if any(unit.kind != "word" for unit in units):
        return None
    wanted = [unit.word.form for unit in units if unit.word]
    forms = [word.form for word in words]
    for at in range(len(words) - len(wanted) + 1):
        if forms[at : at + len(wanted)] == wanted and all(
            _alike(unit, word) for unit, word in zip(units, words[at:], strict=False)
        ):
            return at
    return None


def _alike(unit: Unit, word: Word) -> bool:
    """Whether a word of the same form is spelt as the quotation may have it."""
    assert unit.word is not None
    one, other = unit.word.spelling, word.spelling
    free = unit.opens or unit.kind == "within"
    return one == other or (free and same_letters(one, other))


def _steps(ways: list[list[_Way]], unit: int, word: int) -> Iterator[Step]:
    """The steps back from a cell to the beginning of the quotation."""
    while unit:
        kind, units, words = ways[unit][word]
        yield Step(kind, (unit - units, unit), (word - words, word))
        unit, word = unit - units, word - words


def _word_row(
    units: Sequence[Unit],
    number: int,
    words: Sequence[Word],
    rows: list[list[float]],
    *,
    last: bool,
) -> tuple[list[float], list[_Way]]:
    """The row of a word: it stands beside a word, is added, or belongs to what is beside a gap."""
    unit, above = units[number - 1], rows[-1]
    word = unit.word
    assert word is not None
    form, within = word.form, unit.kind == "within"
    row, way = [above[0] + _CHANGE], [("added", 1, 0)]
    ways: list[_Way] = way  # type: ignore[assignment]
    for at, other in enumerate(words, 1):
        best, how = above[at - 1] + _CHANGE, ("replaced", 1, 1)
        if form == other.form:
            alike = _alike(unit, other)
            best = above[at - 1] + (0.0 if alike else _SPELLING)
            how = ("same" if alike else "spelling", 1, 1)
        elif within and _fits(unit, other):
            best, how = above[at - 1] + _PERMITTED, ("inserted", 1, 1)
        if not last and (cost := row[at - 1] + _CHANGE) < best:
            best, how = cost, ("missing", 0, 1)
        if (cost := above[at] + _CHANGE) < best:
            best, how = cost, ("added", 1, 0)
        row.append(best)
        ways.append(how)  # type: ignore[arg-type]
    _joined(units, number, words, rows, row, ways)
    if word.grouped > 1:
        _beside_gaps(units, number, words, rows, row, ways)
    return row, ways


def _fits(unit: Unit, word: Word) -> bool:
    """Whether a word is one that brackets in another stand for a part of."""
    form = word.form
    return (
        len(form) >= len(unit.before) + len(unit.after)
        and form.startswith(unit.before)
        and form.endswith(unit.after)
    )


def _joined(
    units: Sequence[Unit],
    number: int,
    words: Sequence[Word],
    rows: list[list[float]],
    row: list[float],
    ways: list[_Way],
) -> None:
    """Words that a line's end has parted, on one side only."""
    word = units[number - 1].word
    assert word is not None
    for at in range(2, len(words) + 1):
        first = words[at - 2]
        if first.broken and first.form + words[at - 1].form == word.form:
            spelling = first.spelling + words[at - 1].spelling
            _take(row, ways, at, rows[-1][at - 2], spelling, word.spelling, ("same", 1, 2))
    before = units[number - 2].word if number > 1 else None
    if before is not None and before.broken:
        form, spelling = before.form + word.form, before.spelling + word.spelling
        for at, other in enumerate(words, 1):
            if other.form == form:
                _take(row, ways, at, rows[-2][at - 1], spelling, other.spelling, ("same", 2, 1))


def _take(
    row: list[float],
    ways: list[_Way],
    at: int,
    before: float,
    one: str,
    other: str,
    way: _Way,
) -> None:
    alike = same_letters(one, other)
    cost = before + (_PERMITTED if alike else _SPELLING)
    if cost < row[at]:
        row[at], ways[at] = cost, way if alike else ("spelling", *way[1:])


def _beside_gaps(
    units: Sequence[Unit],
    number: int,
    words: Sequence[Word],
    rows: list[list[float]],
    row: list[float],
    ways: list[_Way],
) -> None:
    """A word of the quotation, joined by hyphens, that the text may have dropped."""
    word = units[number - 1].word
    assert word is not None
    size = word.grouped
    first = number - size
    if first < 0:
        return
    same = [unit.word for unit in units[first:number]]
    if any(each is None or each.group != word.group for each in same):
        return
    if number < len(units):
        following = units[number].word
        if following is not None and following.group == word.group and following.grouped == size:
            return
    for at, other in enumerate(words):
        if other.gap and (cost := rows[first][at] + _PERMITTED) < row[at]:
            row[at], ways[at] = cost, ("gap", size, 0)


def _gap_row(words: Sequence[Word], above: list[float]) -> tuple[list[float], list[_Way]]:
    """The row of a gap: one word of the text, joined by hyphens, or none."""
    row, ways = list(above), [("same", 1, 0)] * len(above)
    done: list[_Way] = ways  # type: ignore[assignment]
    for at, word in enumerate(words, 1):
        size = word.grouped
        ends = at == len(words) or words[at].group != word.group
        if size > 1 and ends and at >= size and (cost := above[at - size] + _PERMITTED) < row[at]:
            row[at], done[at] = cost, ("gap", 1, size)
    return row, done


def _skipping(
    above: list[float], most: int, kind: Kind, cost: float
) -> tuple[list[float], list[_Way]]:
    """The row of a unit that stands for any words, up to so many; the fewest that will do."""
    row: list[float] = []
    ways: list[_Way] = []
    for at in range(len(above)):
        best, taken = above[at] + cost, 0
        for size in range(1, min(most, at) + 1):
            if (total := above[at - size] + cost + size * _LEFT_OUT) < best:
                best, taken = total, size
        row.append(best)
        ways.append((kind, 1, taken))
    return row, ways


def _literally(
    unit: Unit, words: Sequence[Word], above: list[float], row: list[float], ways: list[_Way]
) -> None:
    """A bracket that stands in the text as well, or its words do."""
    forms = [word.form for word in unit.inside]
    size = len(forms)
    if not size:
        return
    for at in range(size, len(words) + 1):
        if above[at - size] < row[at] and [w.form for w in words[at - size : at]] == forms:
            row[at], ways[at] = above[at - size], ("same", 1, size)
