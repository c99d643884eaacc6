"""Which part of an article to show for a query.

A snippet is the window with most of the query in it, widened to whole sentences where
that is not too long, else to whole words. Neither a word nor a match is ever cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from unicodedata import category

from newsidx.article import Article
from newsidx.results import Snippet, Span
from newsidx.text.sentences import sentence_ends
from newsidx.text.stems import stem, stemmer_for
from newsidx.text.tokens import forms, is_unspaced, lowered

__all__ = ["WINDOW", "snippets"]

# Code points shown around matches: about three lines of a terminal. Whole sentences may
# take a little more, and scripts whose characters are words take half as much.
WINDOW = 240
_WHOLE = 300
# Where a sentence is too long to be shown whole: so much of it stands before a match.
_BEFORE = 60
# As far as a sentence is followed to either side.
_REACH = 400
# So much of a text is enough to see that it begins with another word.
_GLANCE = 40
# What can't begin a line: it belongs to what stands before it.
_CLOSERS = frozenset("。、，．！？：；）」』】〉》］｝.,!?:;)]}»”’…")


_LINE = re.compile("\n")


class _Place(NamedTuple):
    """A match in the body, and what it is a match of: the stem of its first word."""

    start: int
    end: int
    word: str


def snippets(article: Article, spans: Sequence[Span], wanted: int = 1) -> tuple[Snippet, ...]:
    """The windows of the body that hold most of the query, in order of the text.

    Without a match in the body it is the beginning. A window that only says the title
    again gives way to another that has as many words of the query.

    Args:
        spans: All matches in the article, as `match` gives them.
        wanted: How many windows at most.
    """
    body = article.body
    if not body or wanted < 1:
        return ()
    behind = _behind_title(article)
    places = _places(article, spans)
    if not places:
        return _lead(body, behind)
    chosen: list[tuple[int, int]] = []
    free = places
    while free and len(chosen) < wanted:
        start, end = _densest(body, free, behind)
        start, end = _widened(body, start, end, places, chosen)
        chosen.append((start, end))
        free = [place for place in free if place.end <= start or place.start >= end]
    return tuple(Snippet("body", start, end, body[start:end]) for start, end in sorted(chosen))


def _places(article: Article, spans: Iterable[Span]) -> list[_Place]:
    body, stemmer = article.body, stemmer_for(article.language, "en")
    words: dict[str, str] = {}
    places = []
    for start, end in sorted({(span.start, span.end) for span in spans if span.field == "body"}):
        text = body[start:end]
        if text not in words:
            first = next(iter(lowered(text)), "")
            words[text] = stem(first, stemmer) if first else text
        places.append(_Place(start, end, words[text]))
    return places


def _behind_title(article: Article) -> int:
    """Where the body goes on after saying the title; 0 where it doesn't begin with it."""
    title, body = article.title.rstrip(" .…"), article.body
    if not title:
        return 0
    if not body.startswith(title):
        if forms(title[:_GLANCE])[:1] != forms(body[:_GLANCE])[:1]:
            return 0  # as with most
        words, head = forms(title), body[: len(title) + 20]
        if not words or forms(head)[: len(words)] != words:
            return 0
    end = len(title)
    while end < len(body) and not body[end].isspace():
        end += 1
    return _skip_blanks(body, end)


def _lead(body: str, behind: int) -> tuple[Snippet, ...]:
    """The beginning, or what follows where that is the title once more."""
    start = behind if len(body) - behind > _BEFORE else 0
    start = _skip_blanks(body, start)
    if start == len(body):
        return ()
    room = _room(body, start)
    end = _last_end(body, start, start, start + room)
    if end - start < room // 3:  # of a longer sentence a little more makes it whole
        end = _last_end(body, start, start, start + room * _WHOLE // WINDOW)
    if end - start < room // 3:
        end = _border_before(body, start + room, start)
    if end == start:  # one word without end
        end = _end_of_word(body, start)
    start, end = _trimmed(body, start, end, start, start)
    return (Snippet("body", start, end, body[start:end]),)


def _densest(body: str, places: Sequence[_Place], behind: int) -> tuple[int, int]:
    """The window that has most, from its first match until it has all of its words.

    That is the most different words, then one that isn't the title, then the most
    matches, then the first.
    """
    best = (0, False, 0)
    chosen = last = 0
    counts: dict[str, int] = {}
    for at, place in enumerate(places):
        reach = place.start + _room(body, place.start) - _BEFORE
        while last <= at or (last < len(places) and places[last].end <= reach):
            word = places[last].word
            counts[word] = counts.get(word, 0) + 1
            last += 1
        rank = (len(counts), place.start >= behind, last - at)
        if rank > best:
            best, chosen = rank, at
        counts[place.word] -= 1
        if not counts[place.word]:
            del counts[place.word]
    words: set[str] = set()
    end = places[chosen].end
    for place in places[chosen:]:
        if len(words) == best[0]:
            break
        words.add(place.word)
        end = max(end, place.end)
    return places[chosen].start, end


def _room(body: str, at: int) -> int:
    return WINDOW // 2 if is_unspaced(body[at]) else WINDOW


# Widening


def _widened(
    body: str,
    start: int,
    end: int,
    places: Sequence[_Place],
    taken: Sequence[tuple[int, int]],
) -> tuple[int, int]:
    """A window with what stands around its matches, which runs into no other window."""
    floor = max((stop for _, stop in taken if stop <= start), default=0)
    ceiling = min((begin for begin, _ in taken if begin >= end), default=len(body))
    room = _room(body, start)
    whole = room * _WHOLE // WINDOW
    left, right = _sentence(body, start, end, floor, ceiling)
    if right - left > whole:
        left, right = _part(body, start, end, left, right, room)
    else:
        right = max(right, _last_end(body, left, right, min(left + room, ceiling)))
        if right - left < room // 2:
            left = _earlier_start(body, floor, left, right - room)
    left, right = _around_matches(left, right, places)
    return _trimmed(body, max(left, floor), min(right, ceiling), start, end)


def _sentence(body: str, start: int, end: int, floor: int, ceiling: int) -> tuple[int, int]:
    """From where the sentence of the first match begins to where that of the last ends."""
    left, right = max(floor, start - _REACH), min(ceiling, end + _REACH)
    starts = [at for at in _ends(body, left, start) if at <= start]
    left = starts[-1] if starts else (floor if left == floor else left)
    return left, next((at for at in _ends(body, end, right) if at > end or at == right), right)


def _part(body: str, start: int, end: int, left: int, right: int, room: int) -> tuple[int, int]:
    """Of sentences that are too long to be shown, the part around the matches."""
    if end - left > room:
        left = _border_after(body, max(left, start - _BEFORE), start)
    if right - left > room:
        right = max(end, _border_before(body, max(end, left + room), end))
    return left, right


def _ends(body: str, left: int, right: int) -> list[int]:
    """Where sentences and paragraphs end between two places, and lines that break."""
    before = max(0, left - 40)
    text = body[before : right + 40]
    found = {before + at for at in sentence_ends(text)}
    found.update(line.end() for line in _LINE.finditer(body, left, right))
    return sorted(at for at in found if left <= at <= right)


def _last_end(body: str, left: int, right: int, limit: int) -> int:
    """The last end of a sentence within the limit; `right` where there is none."""
    limit = min(limit, len(body))
    if limit == len(body):
        return limit
    return max((at for at in _ends(body, left, limit) if at > right), default=right)


def _earlier_start(body: str, floor: int, left: int, limit: int) -> int:
    """The first beginning of a sentence within the limit; `left` where there is none."""
    first = max(floor, limit)
    if first == 0:
        return 0
    return min((at for at in _ends(body, first, left) if at < left), default=left)


def _around_matches(left: int, right: int, places: Sequence[_Place]) -> tuple[int, int]:
    """The window widened by matches that its ends would cut."""
    moved = True
    while moved:
        moved = False
        for place in places:
            if place.start < left < place.end:
                left, moved = place.start, True
            if place.start < right < place.end:
                right, moved = place.end, True
    return left, right


# Words


def _border_after(body: str, at: int, stop: int) -> int:
    """The first place from `at` on where a word may begin; at the latest `stop`."""
    return next((place for place in range(at, stop) if _is_border(body, place)), stop)


def _border_before(body: str, at: int, stop: int) -> int:
    """The last place up to `at` where a word may have ended; at the earliest `stop`."""
    at = min(at, len(body))
    return next((place for place in range(at, stop, -1) if _is_border(body, place)), stop)


def _is_border(body: str, at: int) -> bool:
    """Whether a text may be cut in a place without cutting a word."""
    if at in (0, len(body)):
        return True
    before, after = body[at - 1], body[at]
    if before.isspace() or after.isspace():
        return True
    if after in _CLOSERS or category(after)[0] == "M" or category(after) == "Cf":
        return False
    return is_unspaced(before) or is_unspaced(after) or before in "。、，！？"


def _end_of_word(body: str, start: int) -> int:
    end = start + 1
    while end < len(body) and not _is_border(body, end):
        end += 1
    return end


def _skip_blanks(body: str, at: int) -> int:
    while at < len(body) and body[at].isspace():
        at += 1
    return at


def _trimmed(body: str, left: int, right: int, start: int, end: int) -> tuple[int, int]:
    """The window without the white space at its ends."""
    while left < start and body[left].isspace():
        left += 1
    while right > end and body[right - 1].isspace():
        right -= 1
    return left, right
