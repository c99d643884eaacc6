"""What XML elements say: on one line, with paragraphs, or as a record of names and values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from newsidx.article import RawArticle
from newsidx.readers.records.fieldnames import field_for
from newsidx.readers.texts.markup import flow

__all__ = [
    "attributes",
    "is_running_text",
    "language_of",
    "line",
    "lines",
    "local_name",
    "outermost",
    "plainly_named",
    "prose",
    "put",
    "record_of",
]

# The names that lxml lets one set.
_NAME = re.compile(r"[^\W\d][\w.-]*")

# lxml looks each attribute up by its name, in quadratic time.
_MOST_ATTRIBUTES = 500

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

# Names of NITF and of publishers' own formats, and those of HTML that mean the same.
_MEANT = {
    "block": "div",
    "body.content": "div",
    "body.end": "div",
    "bq": "blockquote",
    "caption": "p",
    "fn": "div",
    "hl1": "h1",
    "hl2": "h2",
    "nitf-table": "table",
    "note": "div",
    "para": "p",
    "paragraph": "p",
    "pp": "p",
}
_PARAGRAPHS = frozenset({"blockquote", "br", "div", "dd", "li", "p", "td", "th"})
_RUNNING = _PARAGRAPHS | {
    "a", "b", "center", "em", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ol",
    "pre", "q", "s", "span", "strong", "sub", "sup", "table", "u", "ul", "block", "bq", "hl2",
    "para", "paragraph",
}  # fmt: skip
_UNREAD = ("iframe", "noscript", "object", "script", "style", "svg", "template")

_DEEPEST = 12

# `<field name="headline">` of Solr and mysqldump, `<meta name= content=>`, and the
# `<dc element= value=>` of the Reuters corpus: an element that names what it holds.
_NAMING = frozenset(
    {"arr", "bool", "column", "date", "dc", "double", "field", "float", "int", "long", "meta",
     "property", "str"}
)  # fmt: skip
_NAME_KEYS = ("name", "element", "property", "key")
_VALUE_KEYS = ("value", "content")


def local_name(element: Any) -> str:
    """The name of an element without its namespace or prefix; `unnamed` where that is none."""
    name = str(element.tag).rpartition("}")[2].rpartition(":")[2]
    return name if _NAME.fullmatch(name) else "unnamed"


def attributes(element: Any) -> list[tuple[str, str]]:
    """The attributes of an element; none of one that has more than any real one."""
    return element.attrib.items() if len(element.attrib) <= _MOST_ATTRIBUTES else []


def outermost(above: Any, *names: str) -> Iterator[Any]:
    """The elements of some names below another, in order, but none inside of one of them."""
    last = None
    for element in above.iter(*names):
        if last is None or all(around is not last for around in element.iterancestors(*names)):
            last = element
            yield element


def plainly_named(element: Any) -> Any:
    """The element itself, it and all in it without namespaces in their names."""
    for part in element.iter():
        part.tag = local_name(part)
    return element


def _is_markup(part: Any) -> bool:
    """Whether an element is one of running text: a paragraph, a link, a word in italics."""
    return local_name(part).lower() in _RUNNING


def is_running_text(element: Any) -> bool:
    """Whether an element holds text between its parts, or parts of running text."""
    return len(element) > 0 and (
        bool(element.text and element.text.strip())
        or any(_is_markup(part) or (part.tail and not part.tail.isspace()) for part in element)
    )


def line(element: Any) -> str:
    """All text of an element on one line; empty for None."""
    return "" if element is None else " ".join("".join(element.itertext()).split())


def lines(elements: Iterable[Any]) -> list[str]:
    """The lines of several elements, those without text left out."""
    return [text for text in map(line, elements) if text]


def prose(element: Any) -> str:
    """The text of an element, its paragraphs separated by blank lines.

    The names of its parts are changed to those of HTML, and what follows it is cut
    off. Where no part is a paragraph, the blank lines in the text are taken for their
    ends.
    """
    from lxml import etree

    element.tail = None
    for part in element.iter():
        name = local_name(part).lower()
        part.tag = _MEANT.get(name, name)
    etree.strip_elements(element, *_UNREAD, with_tail=False)
    parts = any(part.tag in _PARAGRAPHS for part in element.iter() if part is not element)
    return flow(element, collapse=parts)


def language_of(element: Any) -> str | None:
    """The language that an element, or the nearest one around it, is declared to be in."""
    while element is not None:
        if element.get(_LANG):
            return str(element.get(_LANG))
        element = element.getparent()
    return None


def put(article: RawArticle, field: str, found: Iterable[tuple[str, Any]]) -> None:
    """Set a field of an article, unless it has one, to the first value that holds something.

    Args:
        article: Is changed.
        field: Its name.
        found: Where a value comes from, for the provenance, and the value.
    """
    if getattr(article, field):
        return
    for origin, value in found:
        if value and (not isinstance(value, str) or value.strip()):
            setattr(article, field, value)
            article.provenance[field] = origin
            return


def record_of(element: Any) -> dict[str, object]:
    """The names and values that an element holds; it is used up.

    Its children come before its attributes, and its own running text comes last, as
    `#text`. A child with markup in it is its text, with paragraphs; one that holds
    several of a kind, and what comes several times, is a list.
    """
    record: dict[str, object] = {}
    running = is_running_text(element) or bool(element.text and element.text.strip())
    running = running or any(map(_is_part_of_text, element))
    for part in list(element):
        if running and (_is_markup(part) or _is_part_of_text(part)):
            continue
        name, value = _named(part, _DEEPEST)
        if running and field_for(name):
            part.clear(keep_tail=True)
            part.tag = "span"
        _add(record, name, value)
    _add_attributes(record, element)
    if running:
        _add(record, "#text", prose(element) or None)
    return record


def _is_part_of_text(part: Any) -> bool:
    """Whether a part is a section of the text, and not the name of one."""
    return len(part) > 0 and local_name(part).lower() == "section"


def _named(part: Any, depth: int) -> tuple[str, object]:
    """The name and the value of an element; the value is None where it has none."""
    name, value = local_name(part), _value(part, depth)
    if name.lower() in _NAMING:
        own = next((part.get(key) for key in _NAME_KEYS if part.get(key)), None)
        if own is not None:
            name = own.removeprefix("dc.")
            if isinstance(value, dict):
                value = next((part.get(key) for key in _VALUE_KEYS if part.get(key)), None)
    return name, value


def _value(element: Any, depth: int) -> object:
    """A string, a list of values, or names and values."""
    record: dict[str, object] = {}
    if not len(element):
        if element.text and element.text.strip():
            return str(element.text)
        _add_attributes(record, element)
        return record or None
    if depth <= 0 or is_running_text(element) or _is_body(element):
        return prose(element) or None
    children = [_named(part, depth - 1) for part in element]
    if len({name for name, _ in children}) == 1 and not element.attrib:
        return [value for _, value in children if value is not None] or None
    for name, value in children:
        _add(record, name, value)
    _add_attributes(record, element)
    return record or None


def _is_body(element: Any) -> bool:
    """Whether an element holds a text and not an article with fields of its own."""
    parts = {field_for(local_name(part)) for part in element}
    return field_for(local_name(element)) == "body" and parts.isdisjoint({"title", "body"})


def _add(record: dict[str, object], name: str, value: object) -> None:
    """Add a value, making a list of it where there are several."""
    if value is None:
        return
    if name not in record:
        record[name] = value
    elif isinstance(held := record[name], list):
        held.append(value)
    else:
        record[name] = [held, value]


def _add_attributes(record: dict[str, object], element: Any) -> None:
    for key, value in attributes(element):
        name = key.rpartition("}")[2]
        if value.strip() and name not in record and name != "schemaLocation":
            record[name] = value
