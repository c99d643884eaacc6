"""Elements and running text of SGML that keeps few of its rules."""

from __future__ import annotations

import html
import re
from collections.abc import Collection
from functools import cache, lru_cache

from msgspec import Struct

from newsidx.errors import ReadError
from newsidx.readers.records.fieldnames import normal

__all__ = ["Element", "attributes", "elements", "line", "prose", "without"]

_TAG = re.compile(r"<(/?)([A-Za-z][\w.-]*+)([^<>]*+)>")
_ATTRIBUTE = re.compile(r"""\s([\w:.-]++)\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s>"']++)""")

# In running text these part paragraphs or lines; others go without a trace.
_PARAGRAPHS = frozenset(
    ("p", "h1", "h2", "h3", "h4", "h5", "h6", "h7", "h8", "hl", "table", "tablerow", "row", "tr",
     "ul", "ol", "div", "seg", "quote", "fig")
)  # fmt: skip
_LINES = frozenset(("br", "li"))
_EMPTY = frozenset(("img", "hr", "f"))

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|([A-Za-z][A-Za-z0-9]{1,31}));")
# Names that the collections at NIST have of their own.
_NIST = {"hyph": "-", "blank": " "}

_MOST_ELEMENTS = 100_000


class Element(Struct):
    """Where an element stands in its record, as offsets.

    Attributes:
        name: Its normal name.
        opening: The inside of its start tag behind the name.
        outer_start, start: Where its start tag begins and ends.
        end, outer_end: Where its end tag begins and ends.
        limit: Where the next known tag begins.
    """

    name: str
    opening: str
    outer_start: int
    start: int
    end: int = -1
    outer_end: int = -1
    limit: int = -1


def attributes(opening: str) -> dict[str, str]:
    """The attributes in a start tag, their names as `normal` makes them."""
    return {
        normal(name): _entities(value.strip("\"'")) for name, value in _ATTRIBUTE.findall(opening)
    }


def elements(text: str, known: Collection[str], opaque: str) -> list[Element]:
    """The elements of known names, in the order in which they begin.

    An element without an end tag ends at the next known tag. Within the `opaque`
    element no other is looked for; its own end, or that of one around it, ends it.

    Raises:
        ReadError: `too-large` when there are more than a hundred thousand.
    """
    found: list[Element] = []
    stack: list[Element] = []
    names: list[str] = []  # of those on the stack
    for tag in _TAG.finditer(text):
        mark, written, opening = tag.groups()
        name = normal(written)
        if name not in known:
            continue
        is_start = not mark
        if names and names[-1] == opaque and (is_start or name not in names):
            continue
        at, behind = tag.span()
        if stack and stack[-1].limit < 0:
            stack[-1].limit = at
        while name in names:
            last = names.pop()
            closed = last == name and not is_start
            _end(stack.pop(), at, behind if closed else at, closed or last == opaque)
        if is_start:
            stack.append(Element(name, opening, at, behind))
            names.append(name)
            found.append(stack[-1])
            if len(found) > _MOST_ELEMENTS:
                raise ReadError("too-large", f"it has more than {_MOST_ELEMENTS} elements")
    for element in stack:
        _end(element, len(text), len(text), element.name == opaque)
    return found


def _end(element: Element, end: int, outer_end: int, sure: bool) -> None:
    if not sure and element.limit >= 0:
        end = outer_end = element.limit
    element.end, element.outer_end = end, outer_end


def without(text: str, element: Element, parts: list[Element]) -> str:
    """The content of an element less some of those in it, with its markup."""
    pieces, at = [], element.start
    for part in parts:
        if at <= part.outer_start and part.outer_end <= element.end:
            pieces.append(text[at : part.outer_start])
            at = part.outer_end
    pieces.append(text[at : element.end])
    return "".join(pieces)


def line(content: str) -> str:
    """The text of an element on one line."""
    return " ".join(prose(content).split())


def prose(content: str) -> str:
    """The running text of an element, its paragraphs parted by blank lines.

    A tag goes where its name is known or has an end tag in the same text; what merely
    looks like one, as `<BP.L>` would, stays. Control characters that are written as
    references go; unknown entities stay as they are.
    """
    if "<" in content:
        content = _without_comments(content)
        paired = {name.casefold() for mark, name, _ in _TAG.findall(content) if mark}
        content = _TAG.sub(lambda tag: _in_place_of(tag, paired), content)
    return _entities(content)


def _in_place_of(tag: re.Match[str], paired: set[str]) -> str:
    name = tag[2].casefold()
    if name in _PARAGRAPHS:
        return "\n\n"
    if name in _LINES:
        return "\n"
    return "" if name in paired or name in _EMPTY else tag[0]


def _without_comments(content: str) -> str:
    if "<!--" not in content:
        return content
    pieces, at = [], 0
    while (start := content.find("<!--", at)) >= 0 and (end := content.find("-->", start)) >= 0:
        pieces.append(content[at:start])
        at = end + len("-->")
    return "".join((*pieces, content[at:]))


def _entities(content: str) -> str:
    if "&" not in content:
        return content
    return _ENTITY.sub(lambda found: _character(found[0], found[1]), content)


@lru_cache(maxsize=512)
def _character(reference: str, name: str | None) -> str:
    if name is None:
        return html.unescape(reference)
    return _NIST.get(name) or _names().get(f"{name};", reference)


@cache
def _names() -> dict[str, str]:
    from html.entities import html5

    return html5
