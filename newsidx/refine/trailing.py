"""The list of sections and tags that a scraper left at the end of a body.

Pages end in a row of links, and a scraper that knows no better runs them together:
`… a different view. Breitbart California, National Security, calexit, Russia`. Such
a list is taken only where it can hardly be prose: a mistake would invent tags and
take words from the body.
"""

from __future__ import annotations

import re

from newsidx.text.sentences import sentence_ends

__all__ = ["split_trailing_tags"]

# The list is looked for in this many last characters, which holds some forty tags.
_TAIL = 800
_MIN_TAGS = 3
_MAX_WORDS = 5
_MAX_LENGTH = 50

# On a line of its own, a label says what would else have to be made sure of.
_LABEL = re.compile(r"(?:tags|tagged|filed under|topics|categories|keywords)\s*:", re.IGNORECASE)

# A tag is words, with what names carry inside: AT&T, #CalExit, St. Louis, COVID-19.
_TAG = re.compile(r"[#@]?\w[\w .&'’/+#-]*")
_COMMA = re.compile(r",\s+")

# Words of sentences: frequent in prose, and in no tag unless as a name (hence not
# "us", "may", "will", "who", "it").
_WORDS_OF_SENTENCES = """
i he she we they me him them my your his her its our their whom whose which that this these
those there is are was were be been being am has have had do does did would shall should
could might must said says say told tells asked added wrote called noted reported reporting
contributed contributing according but nor if because although while when where how whether
than as so also even just still by with from into about before during until since between
including such
"""
_PROSE = frozenset(_WORDS_OF_SENTENCES.split())
# Words that begin, and that end, a piece of a sentence and no tag.
_NO_START = frozenset(("and", "at", "for", "in", "not", "of", "on", "only", "or", "then", "to"))
_NO_END = _NO_START | {"a", "an", "the"}


def split_trailing_tags(body: str) -> tuple[str, list[str]]:
    """Part a body from the list of tags that it ends in.

    A list is taken where it stands behind the last sentence or on the last line, and
    is: at least three short items, a comma and a space between them, no full stop at
    the end, half of them or more capitalised, none with a word of sentences, and at
    least two, and a third of all, named in the body before it. Behind a label
    (`Tags:`) on the last line, anything short is taken.

    Args:
        body: The cleaned body.

    Returns:
        The body without the list, and its items in order, each once and without
        runs of spaces; or the body as it was, and no items.
    """
    text = body.rstrip()
    if not text[-1:].isalnum():
        return body, []
    line_start = text.rfind("\n", max(0, len(text) - _TAIL)) + 1
    label = _LABEL.match(text, line_start) if line_start else None
    start = label.end() if label else _list_start(text, line_start)
    tags = _items(text[start:])
    rest = text[: line_start if label else start].rstrip()
    if not rest or not tags or not all(map(_is_tag, tags)):
        return body, []
    if label or (len(tags) >= _MIN_TAGS and _are_capitalised(tags) and _are_named(tags, rest)):
        return rest, tags
    return body, []


def _list_start(text: str, line_start: int) -> int:
    """Where a list would start: behind the last sentence end of the last line."""
    first = max(line_start, len(text) - _TAIL)
    line = text[first:]
    ends = [end for end in sentence_ends(line) if end < len(line)]
    return first + ends[-1] if ends else line_start


def _items(tail: str) -> list[str]:
    """The items between commas; what a scraper left empty is none."""
    items = (" ".join(item.split()) for item in _COMMA.split(tail))
    return list({item.casefold(): item for item in items if item}.values())


def _is_tag(item: str) -> bool:
    if len(item) > _MAX_LENGTH or not _TAG.fullmatch(item) or not any(map(str.isalpha, item)):
        return False
    words = item.lower().split()
    at_an_edge = words[0] in _NO_START or words[-1] in _NO_END
    return len(words) <= _MAX_WORDS and not at_an_edge and _PROSE.isdisjoint(words)


def _are_capitalised(tags: list[str]) -> bool:
    return sum(tag.lstrip("#@")[:1].isupper() for tag in tags) * 2 >= len(tags)


def _are_named(tags: list[str], rest: str) -> bool:
    """Whether the body speaks of enough of them; credits and captions it does not name."""
    words = " ".join(rest.casefold().split())
    named = sum(
        bool(re.search(rf"\b{re.escape(tag.casefold().lstrip('#@'))}\b", words)) for tag in tags
    )
    return named >= 2 and named * 3 >= len(tags)
