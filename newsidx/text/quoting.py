"""Quotations as people write them: their parts, and where they stand in a draft.

A quotation is words, and what the one who quotes may do to them: leave some out (`…`, `[...]`),
put something in square brackets, end it in a gap where a scraper dropped a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from msgspec import Struct

from newsidx.text.words import Word, moved, words_of

__all__ = ["Passage", "Unit", "quoted_passages", "units_of"]


class Unit(Struct, frozen=True):
    """A part of a quotation.

    Attributes:
        kind: A `word`; `ellipsis`; `bracket`, which stands for any words; `within`, a word
            with a bracket in it, `want[ed]`; `gap`, a run of blanks.
        word: Of a word. That of `within` is what it comes to without its brackets.
        inside: The words of a bracket.
        before, after: Of `within`, what is outside of the brackets, folded.
        start, end: Where it stands in the quotation.
        opens: Whether it is the first word of a part, so that its case is the quoter's.
    """

    kind: Literal["word", "ellipsis", "bracket", "within", "gap"]
    start: int
    end: int
    word: Word | None = None
    inside: tuple[Word, ...] = ()
    before: str = ""
    after: str = ""
    opens: bool = False


_DOTS = r"(?:…|\.{3,}|\.(?:[ \u00a0]\.){2,})"
_MARK = re.compile(
    rf"(?P<ellipsis>\[\s*{_DOTS}+\s*\]|\(\s*{_DOTS}+\s*\)|{_DOTS}(?:\s*{_DOTS})*)"
    r"|(?P<within>\w+\[[^\[\]\n]{0,60}\][\w\[\]]*|\[[^\[\]\s]{1,30}\]\w[\w\[\]]*)"
    r"|(?P<bracket>\[[^\[\]]*\])"
)

_BLANKS = re.compile(r"[^\S\n]{2,}(?!\n)")


def units_of(text: str) -> list[Unit]:
    """The parts of a quotation, in order; ellipses and gaps at its ends are none."""
    units: list[Unit] = []
    at = 0
    for mark in _MARK.finditer(text):
        _add_words(text, at, mark.start(), units)
        kind, (start, end) = mark.lastgroup, mark.span()
        if kind == "ellipsis":
            units.append(Unit("ellipsis", start, end))
        elif kind == "within":
            units.append(_within(mark[0], start, end))
        else:
            inside = words_of(mark[0])
            units.append(Unit("bracket", start, end, inside=tuple(inside)))
        at = mark.end()
    _add_words(text, at, len(text), units)
    while units and units[0].kind in ("ellipsis", "gap"):
        del units[0]
    while units and units[-1].kind in ("ellipsis", "gap"):
        del units[-1]
    return units


def _add_words(text: str, start: int, end: int, units: list[Unit]) -> None:
    """Add the words of a stretch; the first begins a part."""
    opens = not units or units[-1].kind in ("ellipsis", "bracket")
    for number, word in enumerate(words_of(text[start:end])):
        word = moved(word, start)
        beside = number == 0 and bool(units) and not opens
        if word.gap or (beside and _BLANKS.match(text, start)):
            units.append(Unit("gap", word.start, word.start))
        units.append(Unit("word", word.start, word.end, word, opens=opens))
        opens = False


def _within(text: str, start: int, end: int) -> Unit:
    """A word with brackets in it. One letter in them is a change of case."""
    plain = re.sub(r"[\[\]]", "", text)
    outside = re.split(r"\[[^\[\]]*\]", text)
    words = words_of(plain)
    if len(words) != 1:
        return Unit("bracket", start, end, inside=tuple(words))
    before, after = (_form(part) for part in (outside[0], outside[-1]))
    if len(before) + len(after) < 2:
        return Unit("bracket", start, end, inside=tuple(words))
    return Unit("within", start, end, words[0], before=before, after=after)


def _form(text: str) -> str:
    return "".join(word.form for word in words_of(text))


# Quoted passages of a draft


class Passage(NamedTuple):
    """A quoted passage of a draft, without its marks.

    Attributes:
        line: On which it begins, from 1.
        start, end: Where it stands in the draft, in code points.
    """

    text: str
    line: int
    start: int
    end: int


# What closes a passage that begins so. German and Polish close „ with “ or ”, Swedish and Finnish
# ” with ”; guillemets point outwards in French and inwards in German.
_CLOSING = {"“": "”", "„": '“”"', "«": "»", "»": "«", '"': '"', "‹": "›", "‘": "’", "‚": "‘’"}
_CLOSING |= {"「": "」", "『": "』"}
_SINGLE = frozenset("‹‘‚'")
_PARAGRAPH = re.compile(r"\n\s*\n")
_WORD_CHAR = re.compile(r"\w")


def quoted_passages(draft: str) -> Iterator[Passage]:
    """The quoted passages of a draft, in order; what is quoted inside another is part of it.

    A passage ends with its paragraph where nothing closes it, as the first of several quoted
    paragraphs does; but a straight mark without another is none.
    """
    for start, end in _paragraphs(draft):
        at = start
        while at < end:
            found = _passage(draft, at, end)
            if found is None:
                at += 1
                continue
            first, last, at = found
            if text := draft[first:last].strip():
                first += len(draft[first:last]) - len(draft[first:last].lstrip())
                line = draft.count("\n", 0, first) + 1
                yield Passage(text, line, first, first + len(text))


def _paragraphs(draft: str) -> Iterator[tuple[int, int]]:
    at = 0
    for gap in _PARAGRAPH.finditer(draft):
        yield at, gap.start()
        at = gap.end()
    yield at, len(draft)


def _passage(draft: str, at: int, end: int) -> tuple[int, int, int] | None:
    """The passage that a mark at a place opens: its ends, and where to go on."""
    mark = draft[at]
    if mark == "'" and not _opens_single(draft, at):
        return None
    if mark not in _CLOSING and mark != "'":
        return None
    if mark == "»" and at and not draft[at - 1].isspace() and draft[at - 1] not in "(—–[":
        return None  # it closes, as in French
    if mark in _SINGLE and mark != "‹" and not _opens_single(draft, at):
        return None
    closing = _CLOSING.get(mark, "'")
    depth = 0
    for place in range(at + 1, end):
        char = draft[place]
        if char in closing and not (mark in _SINGLE and _is_apostrophe(draft, place)):
            if depth == 0:
                return at + 1, place, place + 1
            depth -= 1
        elif char == mark and mark not in "\"'":
            depth += 1
    if mark in "\"'»" or mark in _SINGLE:
        return None
    return at + 1, end, end


def _opens_single(draft: str, at: int) -> bool:
    """Whether a single mark stands before a word and behind none."""
    before = draft[at - 1] if at else " "
    after = draft[at + 1] if at + 1 < len(draft) else " "
    return not _WORD_CHAR.match(before) and bool(_WORD_CHAR.match(after))


def _is_apostrophe(draft: str, at: int) -> bool:
    after = draft[at + 1] if at + 1 < len(draft) else " "
    return bool(_WORD_CHAR.match(after))
