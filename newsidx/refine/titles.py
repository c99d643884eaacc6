"""A title for an article that came without one: its first sentence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from newsidx.text.sentences import sentence_ends

__all__ = ["title_from_body"]

# A headline of two lines is some 120 characters; a wire story's opening sentence more.
MAX_LENGTH = 120
# A shorter sentence ("Why?") says too little alone.
_MIN_LENGTH = 20
# What is looked at: enough for a long dateline and a sentence to be cut.
_HEAD = 1000

# Lines of no more than 85 characters, the first of at least 50, were broken by a
# program, and a sentence runs on over their ends; else a line is a headline of its own.
_WRAPPED_AT = 85
_WRAPPED_FROM = 50

# What stands above a scraped story (a byline, "7 years ago", "ANALYSIS:", a photo's
# credit) is shorter than a headline, ends in a colon or is one bracket.
_MIN_WORDS = 4
_FURNITURE = re.compile(r".{0,50}:|\([^()]*\)")

# "WASHINGTON (Outlet) — ", "LONDON, Jan. 5 (Reuters) - ", "(CNN) " "PARIS — ".
_PLACE = r"[^\W\d_][^\n()!?;:\"“”]{1,50}?"
_DATELINE = re.compile(
    rf"(?:{_PLACE}\s*)?\((?:AFP|AP|CNN|CNN Business|CBS|Reuters|UPI)\)\s*[—–-]*\s*"
    rf"|{_PLACE}\s*\([A-Z][\w .&'’/-]{{1,30}}\)\s*[—–-]+\s+"
    r"|[A-Z]{3}[A-Z .'’-]{0,30}(?:, [A-Z][a-z]{1,8}\.?)?\s+(?:—|–|--?)\s+"
)
_BULLETS = re.compile(r"(?:[-–—*•·►>|_=~#]+(?:\s+|$))+")


def title_from_body(body: str, language: str | None = None) -> str:
    """The first sentence of a body as one line, at most about 120 characters.

    A longer one is cut between two words and ends in `…`. A leading dateline is left
    out. Empty only where the body is.

    Args:
        body: The cleaned body.
        language: ISO 639-1, where known; some write ordinals with a full stop.
    """
    line = _opening(body.strip()[:_HEAD], language)
    for end in sentence_ends(line, language):
        if end >= _MIN_LENGTH:
            return _cut(line[:end])
    return _cut(line)


def _opening(head: str, language: str | None) -> str:
    """The first paragraph that can hold a sentence, as one line, else the first of all."""
    first = ""
    for paragraph in _paragraphs(head):
        line = " ".join(paragraph.split())
        for pattern in (_BULLETS, _DATELINE):
            found = pattern.match(line)
            line = line[found.end() :] if found else line
        if not any(map(str.isalnum, line)):
            continue
        first = first or line
        if next(sentence_ends(line, language), None):
            return line
        if line.count(" ") >= _MIN_WORDS - 1 and not _FURNITURE.fullmatch(line):
            return line
    return first or " ".join(head.split())


def _paragraphs(head: str) -> Iterator[str]:
    """The paragraphs of a text; its lines, unless a program broke them."""
    for paragraph in head.split("\n\n"):
        lines = paragraph.split("\n")
        if len(lines[0]) >= _WRAPPED_FROM and max(map(len, lines)) <= _WRAPPED_AT:
            yield paragraph
        else:
            yield from lines


def _cut(line: str) -> str:
    """The line, or as many of its words as fit, and an ellipsis."""
    if len(line) <= MAX_LENGTH:
        return line
    end = MAX_LENGTH - 1
    space = line.rfind(" ", MAX_LENGTH // 2, MAX_LENGTH)
    if space > 0:
        end = space
    else:
        # No words to cut between: at least never before a mark of the letter before.
        while end and unicodedata.category(line[end]).startswith(("M", "C")):
            end -= 1
        end = end or MAX_LENGTH - 1
    return line[:end].rstrip(" ,;:—–-([“‘\"'") + "…"
