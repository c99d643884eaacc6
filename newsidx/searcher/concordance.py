"""A concordance: every place where a query matches, in its context, a line each."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from newsidx.errors import UsageError
from newsidx.searcher.passages import Passage, Reading
from newsidx.searcher.search import located

__all__ = ["CONTEXT", "ENGINE_SORTS", "LINE_SORTS", "Concordance", "Line", "check_sort"]
__all__ += ["concordance", "lines"]

CONTEXT = 80
"""Characters on either side of a match, as a rule."""

LINE_SORTS: tuple[str, ...] = ("right", "left", "date", "source", "relevance")
"""What lines can be sorted by."""

ENGINE_SORTS: Mapping[str, str] = {"date": "oldest", "source": "source", "relevance": "relevance"}
"""Those orders of lines that are orders of articles, and what engines call them."""

# Words on either side that lines are sorted by.
_SORTED_BY = 8

_LAST = ("\U0010ffff",)

# A context is cut between words, where there is a gap within so many characters.
_WORD = 30

_BLANKS = re.compile(r"\s+")


class Line(Struct, frozen=True):
    """A match in its context; `left + match + right` is a piece of the text.

    Attributes:
        rank: Its place among all lines, from 1.
        published: ISO 8601, as precise as it is known.
        field: `title` or `body`.
        left, match, right: As the text has them, with a blank for every run of white space.
        start, end: Of the match, in code points of the field, the end exclusive.
        path: The source file, where its root is now.
    """

    rank: int
    id: str
    published: str | None
    source: str | None
    title: str
    field: str
    left: str
    match: str
    right: str
    start: int
    end: int
    path: str


class Concordance(Struct, frozen=True):
    """A page of lines.

    Attributes:
        total: Number of lines in all.
        articles: Number of articles that have one.
        matching: Number of articles that match, those without a line included.
    """

    total: int
    articles: int
    matching: int
    offset: int
    lines: tuple[Line, ...]

    @property
    def next_offset(self) -> int | None:
        """Where the next page starts, or None on the last one."""
        end = self.offset + len(self.lines)
        return end if self.lines and end < self.total else None


def lines(
    readings: Iterable[Reading], sort: str, roots: Mapping[str, str], context: int = CONTEXT
) -> Iterator[Line]:
    """All lines in order. By left or right context they are held, else one at a time.

    Args:
        readings: Of all articles, in the order of `ENGINE_SORTS`, if that is theirs.
        sort: One of `LINE_SORTS`.
        roots: Label -> absolute path, to say where a source file is now.
        context: Characters on either side of the match, at most.
    """
    found = _unsorted(readings, sort, roots, context)
    ordered = found if sort in ENGINE_SORTS else iter(sorted(found, key=_key))
    for rank, (_, line) in enumerate(ordered, 1):
        yield replace(line, rank=rank)


def concordance(
    readings: Iterable[Reading],
    matching: int,
    sort: str,
    roots: Mapping[str, str],
    context: int = CONTEXT,
    limit: int | None = None,
    offset: int = 0,
) -> Concordance:
    """A page of lines; no more of them are held than it takes.

    Args:
        readings: As for `lines`.
        matching: How many articles match.
        limit: How many lines at most; None is all.
        offset: How many to pass over first.
    """
    check_sort(sort)
    total = articles = 0

    def counted() -> Iterator[Reading]:
        nonlocal total, articles
        for reading in readings:
            total += len(reading.passages)
            articles += bool(reading.passages)
            yield reading

    end = None if limit is None else offset + limit
    found = _unsorted(counted(), sort, roots, context)
    if sort in ENGINE_SORTS:
        chosen = list(islice(found, offset, end))
        for _ in found:
            pass  # to count them
    elif end is None:
        chosen = sorted(found, key=_key)[offset:]
    else:
        chosen = heapq.nsmallest(end, found, key=_key)[offset:]
    page = tuple(replace(line, rank=rank) for rank, (_, line) in enumerate(chosen, offset + 1))
    return Concordance(total, articles, matching, offset, page)


def check_sort(sort: str) -> None:
    """Refuse an order that lines don't have.

    Raises:
        UsageError: It is none.
    """
    if sort not in LINE_SORTS:
        raise UsageError(
            f"Lines can't be sorted by {sort!r}.", "Sorts: " + ", ".join(LINE_SORTS) + "."
        )


_Keyed = tuple[tuple[tuple[str, ...], ...], Line]


def _key(found: _Keyed) -> tuple[object, ...]:
    key, line = found
    return (*key, line.published or "~", line.id, line.field != "title", line.start)


def _unsorted(
    readings: Iterable[Reading], sort: str, roots: Mapping[str, str], context: int
) -> Iterator[_Keyed]:
    for reading in readings:
        for passage in reading.passages:
            key = () if sort in ENGINE_SORTS else _words(reading, passage, sort)
            yield key, _line(reading, passage, roots, context)


def _words(reading: Reading, passage: Passage, sort: str) -> tuple[tuple[str, ...], ...]:
    """What a line is sorted by: the words from the match outwards, then the other side's.

    Where there are none, at the end or the beginning of a text, the line comes last.
    """
    tokens = reading.view.values(passage.field)[0]
    behind = tokens[passage.last + 1 : passage.last + 1 + _SORTED_BY]
    before = tokens[max(0, passage.first - _SORTED_BY) : passage.first]
    right = tuple(token.form for token in behind) or _LAST
    left = tuple(token.form for token in reversed(before)) or _LAST
    return (left, right) if sort == "left" else (right, left)


def _line(reading: Reading, passage: Passage, roots: Mapping[str, str], context: int) -> Line:
    view, field = reading.view, passage.field
    article, text, tokens = view.article, view.text(field, 0), view.values(field)[0]
    start, end = tokens[passage.first].start, tokens[passage.last].end
    # White space may be long: as much again is looked at, and no more.
    left = _BLANKS.sub(" ", text[max(0, start - 2 * context) : start])
    right = _BLANKS.sub(" ", text[end : end + 2 * context])
    return Line(
        rank=0,
        id=article.id,
        published=article.published.isoformat() if article.published else None,
        source=article.source,
        title=article.title,
        field=field,
        left=_end(left, context, whole=start <= 2 * context),
        match=_BLANKS.sub(" ", text[start:end]),
        right=_beginning(right, context, whole=end + 2 * context >= len(text)),
        start=start,
        end=end,
        path=located(roots, article.root, article.path),
    )


def _end(text: str, size: int, *, whole: bool) -> str:
    """The end of a text, from the beginning of a word on.

    Args:
        whole: Whether the text begins where it should.
    """
    if whole and len(text) <= size:
        return text.lstrip()
    cut = text[-size - 1 :]
    gap = cut.find(" ", 0, _WORD)
    return cut[gap + 1 :] if gap >= 0 else cut[-size:]


def _beginning(text: str, size: int, *, whole: bool) -> str:
    """The beginning of a text, to the end of a word."""
    if whole and len(text) <= size:
        return text.rstrip()
    cut = text[: size + 1]
    gap = cut.rfind(" ", max(0, len(cut) - _WORD))
    return cut[:gap] if gap >= 0 else cut[:size]
