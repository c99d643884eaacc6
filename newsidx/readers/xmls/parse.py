"""How XML is parsed: by lxml, so set that it expands nothing, opens nothing and keeps bounds.

And how a text begins: where its first record is, and what that is in.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct

from newsidx.errors import ReadError
from newsidx.readers.limits import MAX_RECORD

__all__ = [
    "Choose",
    "Opening",
    "Size",
    "balanced",
    "fault_of",
    "fed_parser",
    "feed",
    "find_first",
    "parsed",
]

_AT_ONCE = 1024 * 1024

_TAG = re.compile(r"<(/?)([^\W\d][\w.:-]*+)([^<>]*?)(/?)>")
_ATTRIBUTE = re.compile(r"""([^\W\d][\w.:-]*+)\s*=\s*("[^"<>]*"|'[^'<>]*'|[^\s"'<>]+)""")
_COMMENT = re.compile(r"<!--\n*-->")
# HTML's elements without an end, in pages that were put into a feed as they are.
_VOID = frozenset({"br", "col", "hr", "img", "input", "wbr"})

_XML = "{http://www.w3.org/XML/1998/namespace}"
_INHERITED = {f"{_XML}lang": "xml:lang", f"{_XML}base": "xml:base"}

# Tags and attributes in one record: each is a few hundred bytes once it is parsed.
_MAX_NODES = 500_000

# The start tags around the records are parsed again for each record that is broken.
_MOST_ABOVE = 16
_LONGEST_START = 8 * 1024

Choose = Callable[[Any, Any], frozenset[str] | None]


class Opening(Struct, frozen=True):
    """What an XML text has before its first record.

    Attributes:
        names: The names that records have, without a prefix.
        start: The start tags of the elements that the records are in, and nothing else.
        head: The text before the first record, with the elements in it closed.
    """

    names: frozenset[str]
    start: str
    head: str


class Size:
    """How much text a record has, and how many tags and attributes it can hold."""

    def __init__(self) -> None:
        self._length = self._nodes = 0

    def exceeded_with(self, piece: str) -> bool:
        """Whether it is more than any record has, with one more piece of it."""
        self._length += len(piece)
        self._nodes += piece.count("<") + piece.count("=")
        return self._length > MAX_RECORD or self._nodes > _MAX_NODES


def fed_parser(*, recover: bool = False) -> Any:
    """A parser that is fed UTF-8, piece by piece, and reports the starts and ends of elements."""
    from lxml import etree

    return etree.XMLPullParser(events=("start", "end"), recover=recover, **_harmless())


def feed(parser: Any, text: str) -> None:
    """Feed text to a parser, never so much at once as its bounds forbid.

    Raises:
        lxml.etree.XMLSyntaxError: The text is not well-formed.
    """
    for at in range(0, len(text), _AT_ONCE):
        parser.feed(text[at : at + _AT_ONCE].encode("utf-8", "replace"))


def parsed(text: str) -> tuple[Any, str | None]:
    """The root element of a mended text, and what is wrong with it, if anything is.

    The element is None where there is nothing that could be saved.
    """
    from lxml import etree

    parser = etree.XMLParser(recover=True, **_harmless())
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        return None, fault_of(error, parser.error_log)
    for fault in parser.error_log.filter_from_fatals():
        return root, _told(fault.message, fault.line, fault.column)
    return root, None


def balanced(text: str) -> str:
    """Mended text in which every element ends, at the latest where the one around it does.

    An end of nothing that is open is left out, and so are a tag that the text breaks off
    in and all that comes after the end of the first element. Names are compared without
    case. Attributes get their quotes.
    """
    pieces: list[str] = []
    opened: list[str] = []
    count = Counter[str]()
    text = _COMMENT.sub("", text)
    at = 0
    for tag in _TAG.finditer(text):
        ends, name, inner, is_empty = tag.groups()
        pieces.append(text[at : tag.start()].replace("<", "&lt;"))
        at = tag.end()
        if not ends:
            is_empty = is_empty or ("/" if name.lower() in _VOID else "")
            pieces.append(f"<{name}{_quoted(inner)}{is_empty}>")
            if not is_empty:
                opened.append(name)
                count[name.lower()] += 1
        elif count[name.lower()]:
            last = ""
            while last.lower() != name.lower():
                last = opened.pop()
                count[last.lower()] -= 1
                pieces.append(f"</{last}>")
        if not opened and pieces:
            return "".join(pieces)
    pieces.append(text[at:].partition("<")[0])
    pieces += [f"</{name}>" for name in reversed(opened)]
    return "".join(pieces)


def _quoted(inner: str) -> str:
    """The attributes of a tag, each once and in quotes; what is none is left out."""
    found: dict[str, str] = {}
    for name, value in _ATTRIBUTE.findall(inner):
        found.setdefault(name, value if value[0] in "\"'" else f'"{value}"')
    return "".join(f" {name}={value}" for name, value in found.items())


def fault_of(error: Any, log: Any, first_line: int = 1, shift: int = 0) -> str:
    """What libxml2 gave up at, with its place in the file.

    Args:
        error: The XMLSyntaxError; places in it count from where the parser was started.
        log: The parser's own list of errors, of which the first that is fatal counts.
        first_line: The line of the file where that was.
        shift: How many bytes it was fed there that are not in the file.
    """
    line, column = error.position
    message = error.msg or "there is no XML in it"
    for fault in log.filter_from_fatals():
        line, column, message = fault.line, fault.column, fault.message
        break
    if line == 1:
        column = max(1, column - shift)
    return _told(message, first_line + line - 1, column)


def find_first(pieces: Iterator[str], choose: Choose) -> tuple[Opening | None, str]:
    """Read on until the first record.

    Args:
        pieces: The text, from `mended`; so much of it is taken as is needed.
        choose: Is given each element that starts and the one that starts after it
            (None at the end), and gives the names that records have if the first of
            them is a record.

    Returns:
        What was found, or None, and the text that was taken.

    Raises:
        ReadError: `no-article` when there is no record within the bounds of one.
    """
    parser = fed_parser(recover=True)
    taken: list[str] = []
    size = Size()
    before = None
    for piece in pieces:
        taken.append(piece)
        feed(parser, piece)
        for event, element in parser.read_events():
            if event != "start":
                continue
            if before is not None and (names := choose(before, element)):
                return _opening(before, names), "".join(taken)
            before = element
        if size.exceeded_with(piece):
            raise ReadError("no-article", "nothing in its first part is named like an article")
    if before is not None and (names := choose(before, None)):
        return _opening(before, names), "".join(taken)
    return None, "".join(taken)


def _opening(record: Any, names: frozenset[str]) -> Opening:
    from lxml import etree

    above = list(record.iterancestors())[::-1]
    start = "".join(map(_start_tag, above))
    inner = record
    for element in reversed(above):
        del element[element.index(inner) + (inner is not record) :]
        inner = element
    head = etree.tostring(above[0], encoding="unicode", with_tail=False) if above else ""
    if len(start) > _LONGEST_START or len(above) > _MOST_ABOVE:
        start = ""
    return Opening(names, start, head)


def _start_tag(element: Any) -> str:
    from xml.sax.saxutils import quoteattr  # which imports all of urllib

    spaces = {
        f"xmlns:{prefix}" if prefix else "xmlns": uri for prefix, uri in element.nsmap.items()
    }
    own = {
        name: element.get(key) for key, name in _INHERITED.items() if element.get(key) is not None
    }
    written = "".join(f" {name}={quoteattr(value)}" for name, value in {**spaces, **own}.items())
    return f"<{_written_name(element)}{written}>"


def _written_name(element: Any) -> str:
    name = str(element.tag).rpartition("}")[2]
    return f"{element.prefix}:{name}" if element.prefix else name


def _told(message: str, line: int, column: int) -> str:
    plain = re.sub(r",? line \d+(?:, column \d+)?", "", message).strip()
    return f"at line {line} column {column}: {plain}"


def _harmless() -> dict[str, Any]:
    return {
        "encoding": "utf-8",
        "resolve_entities": False,
        "load_dtd": False,
        "no_network": True,
        "huge_tree": False,
        "remove_comments": True,
        "remove_pis": True,
    }
