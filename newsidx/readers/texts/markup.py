"""HTML inside of other things, as text with paragraphs."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["flow", "has_tags", "html_text", "is_page", "without_title"]

_INLINE = "a|abbr|b|cite|code|em|font|i|img|mark|small|span|strong|sub|sup|time|u"
_LINE_BREAKS = frozenset({"br", "lb"})
_LINES = frozenset({"dd", "dt", "item", "li", "row", "tr"})
_CELLS = frozenset({"cell", "td", "th"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "head"})
_BLOCKS = _HEADINGS | {
    "address", "article", "aside", "blockquote", "center", "div", "dl", "fieldset", "figcaption",
    "figure", "footer", "form", "header", "hr", "list", "main", "ol", "p", "pre", "quote",
    "section", "table", "tbody", "thead", "ul",
}  # fmt: skip
_UNREAD = ("iframe", "noscript", "object", "script", "style", "svg", "template")
_VERBATIM = frozenset({"pre", "textarea"})

_ALL = "|".join(sorted(_LINE_BREAKS | _LINES | _CELLS | _BLOCKS | set(_UNREAD)))
_TAG = re.compile(rf"</?(?:{_INLINE}|{_ALL}|html|body)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_PARAGRAPHS = re.compile(r"<(?:p|br|div|li|td)\b", re.IGNORECASE)
_PAGE = re.compile(
    r"(?:\s++|<\?xml[^>]*+>|<!--(?:(?!-->).)*+-->)*+<(?:!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
_ANY_SPACE = re.compile(r"\s+")
_SPACE_IN_LINE = re.compile(r"[^\S\r\n]+")

# Characters that libxml2 stops at or refuses.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def has_tags(text: str) -> bool:
    """Whether a string holds HTML tags, by the names of real ones: `a < b > c` has none."""
    return "<" in text and _TAG.search(text) is not None


def is_page(text: str) -> bool:
    """Whether a string is a whole HTML page and not just a piece of one."""
    return _PAGE.match(text, 0, 4096) is not None


def html_text(fragment: str) -> str:
    """The text of a piece of HTML, its paragraphs separated by blank lines.

    Scripts, styles and embedded objects are left out, entities are decoded. Where
    the piece marks no paragraphs, its blank lines are taken for them, since that is
    how content systems store text before it is laid out.
    """
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    data = f"<div>{_CONTROL.sub(' ', fragment)}</div>".encode()
    root = etree.fromstring(data, parser)
    if root is None:
        return ""
    etree.strip_elements(root, *_UNREAD, with_tail=False)
    return flow(root, collapse=_PARAGRAPHS.search(fragment) is not None)


def without_title(text: str, title: str | None) -> str:
    """The text without a first paragraph that only repeats the title."""
    first, _, rest = text.partition("\n\n")
    return rest.lstrip("\n") if title and first.split() == title.split() else text


def flow(root: Any, *, collapse: bool = True) -> str:
    """The running text of an element tree, of HTML or of trafilatura's names for it.

    Args:
        root: An lxml element.
        collapse: Whether line breaks in the source mean no more than spaces.
    """
    from lxml import etree

    space = _ANY_SPACE if collapse else _SPACE_IN_LINE
    pieces: list[str] = []
    verbatim = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag
        verbatim += (tag in _VERBATIM) * (1 if event == "start" else -1)
        if tag in _LINES or (tag in _LINE_BREAKS and event == "start"):
            pieces.append("\n")
        elif tag in _BLOCKS:
            pieces.append("\n\n")
        elif tag in _CELLS and event == "end" and element.getnext() is not None:
            pieces.append(" | ")
        text = element.text if event == "start" else element.tail
        if text:
            pieces.append(text if verbatim else space.sub(" ", text))
    text = re.sub(r"[ \t]*\r?\n", "\n", "".join(pieces))
    return re.sub(r"\n{3,}", "\n\n", text).strip()
