"""HTML inside of other things, as text with paragraphs."""

from __future__ import annotations

import re

__all__ = ["has_tags", "html_text", "is_page"]

_INLINE = "a|abbr|b|cite|code|em|font|i|img|mark|small|span|strong|sub|sup|time|u"
_BLOCK = (
    "address|article|aside|blockquote|br|center|dd|div|dl|dt|figcaption|figure|footer|h[1-6]|"
    "header|hr|iframe|li|main|ol|p|pre|script|section|style|table|tbody|td|th|thead|tr|ul|video"
)
_TAG = re.compile(rf"</?(?:{_INLINE}|{_BLOCK}|html|body)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_PARAGRAPHS = re.compile(r"<(?:p|br|div|li|td)\b", re.IGNORECASE)
_PAGE = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html)\b",
                   re.IGNORECASE | re.DOTALL)  # fmt: skip

_BREAKING = frozenset(_BLOCK.replace("h[1-6]", "h1|h2|h3|h4|h5|h6").split("|")) - {"br", "td", "th"}
_UNREAD = ("script", "style", "template", "noscript", "svg", "iframe", "object", "head")

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
    laid_out = _PARAGRAPHS.search(fragment) is not None
    space = re.compile(r"[ \t\r\n\f]+" if laid_out else r"[ \t\f]+")
    pieces: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag
        if tag == "br" and event == "start":
            pieces.append("\n")
        elif tag in _BREAKING:
            pieces.append("\n" if tag in ("li", "tr", "dt", "dd") else "\n\n")
        elif tag in ("td", "th") and event == "end":
            pieces.append(" ")
        text = element.text if event == "start" else element.tail
        if text:
            pieces.append(text if tag == "pre" and event == "start" else space.sub(" ", text))
    return _tidy("".join(pieces))


def _tidy(text: str) -> str:
    text = re.sub(r"[ \t]*\r?\n[ \t]*", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()
