"""From the lines on the pages of a PDF to running text with paragraphs.

A PDF knows where its lines stand and nothing of what they belong to. What is done
here changes no word but one that a line end cut in two, and leaves out no line but
those that are shown to be on page after page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise, product
from typing import NamedTuple

__all__ = ["Line", "running_text"]


class Line(NamedTuple):
    """A line of a page.

    Attributes:
        text: What it says.
        left, right: Where it begins and ends, in points from the left.
        base: Where it stands, in points from the bottom.
        height: Of its letters, from the lowest to the highest, in points.
        cut: Whether a hyphen at its end was taken off.
    """

    text: str
    left: float
    right: float
    base: float
    height: float
    cut: bool = False


# Headers and footers are looked for among this many lines at either end of a page, and
# told by being on this many pages in the same place.
_EDGE = 3
_LEAST_PAGES = 3
# Letters of one size differ by less in height.
_OTHER_SIZE = 1.15
_NUMBER = re.compile(r"\d{1,6}")
_MOST_NUMBERS = 3

# In units of the height of a line: a new paragraph is indented by at least the first
# and at most the second; a line that stands higher than its neighbour by the third is
# of another size.
_LEAST_INDENT = 0.5
_MOST_INDENT = 6.0
_SAME_SIZE = 1.25
# How much wider than usual the gap above a paragraph is; and how far apart the lines of
# a text may be at all (double spacing, and some).
_WIDER = 1.2
_FARTHEST = 2.5

_BULLET = re.compile(r"[•‣▪●◦■□▸►✓▶]")
_SENTENCE_END = re.compile(r"[.!?:;…][\"'”’»)\]]*$")
_HYPHENS = "-\u2010\xad"
_COMPOUND = re.compile(r"(?<![^\W\d_])[^\W\d_]++(?:[-\u2010][^\W\d_]++)+")
_WORD = re.compile(r"[^\W\d_]+")
# The word before a cut, and behind it, with what joins them to other words.
_BEFORE = re.compile(r"([-\u2010]?)([^\W\d_]+)$")
_BEHIND = re.compile(r"([^\W\d_]+)([-\u2010]?)")
# No word is longer.
_LONGEST = 100
# Words that nearly always have a hyphen behind or before them.
_LEADING = frozenset({"self", "half", "well"})
_TRAILING = frozenset({"backed", "based", "elect", "owned"})


def running_text(pages: list[list[Line]], *, whole: bool = False) -> str:
    """The text of all pages, its paragraphs separated by blank lines.

    Args:
        whole: Leave in what is on page after page.
    """
    spacing = _spacing(pages)
    running = set() if whole else _running(pages, spacing)
    lines = [
        (number, line)
        for number, page in enumerate(pages)
        for line in page
        if (number, line) not in running
    ]
    compounds = {found for _, line in lines for found in _COMPOUND.findall(line.text.lower())}
    words = {found for _, line in lines for found in _WORD.findall(line.text.lower())}
    paragraphs: list[list[Line]] = []
    before = 0
    for number, line in lines:
        if paragraphs and not _begins(paragraphs[-1], line, number != before, spacing):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
        before = number
    return "\n\n".join(_joined(paragraph, compounds, words) for paragraph in paragraphs)


def _running(pages: list[list[Line]], spacing: float) -> set[tuple[int, Line]]:
    """The headers, footers and page numbers: page and line of each.

    They are the outermost lines: what has another beyond it is text. They stand off from
    the rest and stand nowhere else, since a text too may repeat itself on every page.
    """
    seen: dict[tuple[str, int], set[int]] = {}
    edges = [(number, edge) for number, page in enumerate(pages) for edge in _edges(page)]
    for number, edge in edges:
        for key in (key for line in edge[:_EDGE] for key in _keys(line, number)):
            seen.setdefault(key, set()).add(number)
    inner = {line.text for page in pages for line in _ordered(page)[_EDGE:-_EDGE]}
    running: set[tuple[int, Line]] = set()
    for number, edge in edges:
        count = 0
        for at, line in enumerate(edge[:_EDGE], 1):
            is_often = any(len(seen[key]) >= _LEAST_PAGES for key in _keys(line, number))
            if not is_often or line.text in inner:
                break
            if at == len(edge) or _stands_off(line, edge[at], spacing):
                count = at
        running.update((number, line) for line in edge[:count])
    return running


def _edges(page: list[Line]) -> tuple[list[Line], list[Line]]:
    """The first lines of a page and the last, the outermost first, and one more of each."""
    ordered = _ordered(page)
    return ordered[: -_EDGE - 2 : -1], ordered[: _EDGE + 1]


def _ordered(page: list[Line]) -> list[Line]:
    """The lines from the bottom of a page to its top."""
    return sorted(page, key=lambda line: line.base)


def _stands_off(line: Line, other: Line, spacing: float) -> bool:
    """Whether a line is farther from another than in a paragraph, or of another size."""
    small, large = sorted((line.height, other.height))
    gap = abs(line.base - other.base)
    return gap > _WIDER * spacing * small or large > _OTHER_SIZE * small


def _keys(line: Line, page: int) -> Iterator[tuple[str, int]]:
    """What a line has in common with its like on other pages: its form and its place."""
    for form in _forms(line.text, page):
        yield form, round(line.base)


def _forms(text: str, page: int) -> Iterator[str]:
    """The line as it would be on every page: each of its numbers as it is, or counting pages."""
    pieces = _NUMBER.split(text)
    numbers = [int(number) for number in _NUMBER.findall(text)]
    if len(numbers) > _MOST_NUMBERS:
        yield text
        return
    for form in product(*((str(number), f"#{number - page}") for number in numbers)):
        yield "".join(part for pair in zip(pieces, (*form, ""), strict=True) for part in pair)


def _spacing(pages: list[list[Line]]) -> float:
    """How far apart lines stand within a paragraph, in units of their height."""
    steps = sorted(
        (above.base - below.base) / above.height
        for page in pages
        for above, below in pairwise(page)
        if above.height and 0.5 < (above.base - below.base) / above.height < _FARTHEST
    )
    # Within paragraphs there are more steps than between them.
    return steps[len(steps) // 4] if steps else 1.2


def _begins(paragraph: list[Line], line: Line, new_page: bool, spacing: float) -> bool:
    """Whether a line begins a new paragraph and does not go on with the one before it."""
    last = paragraph[-1]
    if last.cut:
        return False
    if _BULLET.match(line.text):
        return True
    goes_on = not _SENTENCE_END.search(last.text) and line.text[:1].islower()
    height = max(last.height, line.height, 1.0)
    step = (last.base - line.base) / height
    if new_page or not -0.3 < step < _FARTHEST:
        # Another page or column: nothing but the words can tell.
        return not goes_on and not _ends_hyphenated(last, line)
    if height > _SAME_SIZE * max(min(last.height, line.height), 0.1):
        return True
    if abs(step) <= 0.3:
        return False
    if goes_on:
        return False
    if step > _WIDER * spacing:
        return True
    return _is_indented(paragraph, line, height) or _had_room(paragraph, line)


def _is_indented(paragraph: list[Line], line: Line, height: float) -> bool:
    """Whether a line stands in from the one before, or back out of a list's item."""
    last = paragraph[-1]
    indent = (line.left - last.left) / height
    if _LEAST_INDENT < indent < _MOST_INDENT:
        return len(paragraph) > 1 or _SENTENCE_END.search(last.text) is not None
    is_item = len(paragraph) > 1 or _BULLET.match(paragraph[0].text) is not None
    return -_MOST_INDENT < indent < -_LEAST_INDENT and is_item


def _had_room(paragraph: list[Line], line: Line) -> bool:
    """Whether the first word of a line would have fitted at the end of the one before."""
    last = paragraph[-1]
    right = max(line.right, max(other.right for other in paragraph[-_EDGE:]))
    word = len(line.text.partition(" ")[0]) + 2
    width = (line.right - line.left) / max(len(line.text), 1)
    return right - last.right > word * width


def _ends_hyphenated(last: Line, line: Line) -> bool:
    return last.text[-1:] in tuple(_HYPHENS) and line.text[:1].islower()


def _joined(paragraph: list[Line], compounds: set[str], words: set[str]) -> str:
    """The lines of a paragraph as one, with words mended that the line ends cut."""
    pieces: list[str] = []
    for line, after in pairwise(paragraph):
        text, cut = line.text, line.cut
        if not cut and _ends_hyphenated(line, after) and text[-2:-1].isalpha():
            text, cut = text[:-1], True
        pieces += (text, _hyphen(text, after.text, compounds, words) if cut else " ")
    return "".join(pieces) + paragraph[-1].text


def _hyphen(before: str, after: str, compounds: set[str], words: set[str]) -> str:
    """What stands between the parts of a word that a line end cut: nothing, or its hyphen.

    A word goes on in lower case. It keeps the hyphen if it has others (`two-year-` `old`),
    or where it is written with one elsewhere in the document, and nowhere without.
    """
    first, second = _BEFORE.search(before[-_LONGEST:]), _BEHIND.match(after)
    if not first or not second or not after[:1].islower() or first[1] or second[2]:
        return "-"
    head, tail = first[2].lower(), second[1].lower()
    if f"{head}{tail}" in words:
        return ""
    is_compound = f"{head}-{tail}" in compounds or head in _LEADING or tail in _TRAILING
    return "-" if is_compound else ""
