"""Pages that are lists of links: home pages, sections, search results."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from msgspec import Struct

__all__ = ["Links", "links_of"]

# Shorter texts of links (`Home`, `Sport`, `Ann Lee`) are found in any article; one that is
# longer was never closed, and runs on to the end of the page.
_LENGTHS = range(20, 300)
# What a list is shows soon: so much of its text and so many of its links are looked at.
_MOST_TEXT, _MOST_LINKS = 20_000, 2_000
_HEADINGS = ("h1", "h2", "h3", "h4")
_TITLE_WORDS = 3

# From this share on, a text is a list. Of the 181 pages of the article extraction
# benchmark, 10 do not say that they are articles, and of those none has more than .08; of
# the others, which are not asked, one has more: a column of ten links (.42).
_LIST_SHARE = 0.25
# Where only the teasers of a list were taken for text: so many headings that are links,
# no heading that is not, and less text for each than an article has.
_LIST_HEADINGS = 8
_TEASER_LENGTH = 250


class Links(Struct, frozen=True):
    """The links of a page, to be compared with the text that is found on it.

    Attributes:
        texts: What they say, in small letters; without the very short and the very long.
        headings: How many headings are links.
        has_title: Whether a heading of several words is none.
    """

    texts: frozenset[str]
    headings: int
    has_title: bool

    def make_up(self, text: str) -> bool:
        """Whether a text is a list of these links, with or without their teasers."""
        if self.share_of(text) >= _LIST_SHARE:
            return True
        is_short = len(text) < self.headings * _TEASER_LENGTH
        return self.headings >= _LIST_HEADINGS and not self.has_title and is_short

    def share_of(self, text: str) -> float:
        """The share of a text that is links, from 0 to 1."""
        whole = _line(text[:_MOST_TEXT])
        linked = sum(len(link) for link in self.texts if link in whole)
        return min(1.0, linked / len(whole)) if whole else 0.0


def links_of(tree: Any) -> Links:
    """The links of a page; of an lxml tree that nothing has been taken out of."""
    texts = map(_text, islice(tree.iterfind(".//a[@href]"), _MOST_LINKS))
    headings = list(islice(_headings(tree), _MOST_LINKS))
    return Links(
        frozenset(text for text in texts if len(text) in _LENGTHS),
        sum(linked for linked, _ in headings),
        any(not linked and words >= _TITLE_WORDS for linked, words in headings),
    )


def _headings(tree: Any) -> Iterator[tuple[bool, int]]:
    """Of each heading, whether it is a link, and its number of words."""
    for heading in tree.iter(*_HEADINGS):
        text = _text(heading)
        inside = heading.find(".//a[@href]")
        around = next(heading.iterancestors("a"), None)
        if text:
            linked = around is not None or (inside is not None and _text(inside) == text)
            yield linked, len(text.split())


def _text(element: Any) -> str:
    return _line("".join(element.itertext()))


def _line(text: str) -> str:
    return " ".join(text.split()).casefold()
