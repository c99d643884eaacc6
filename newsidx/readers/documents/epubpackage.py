"""What an EPUB says of itself: its metadata, the order of its documents, their titles.

Names are those of the Open Packaging Format 2.0.1 and of EPUB 3.3.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import unquote

from msgspec import Struct, field

from newsidx.errors import ReadError
from newsidx.readers.documents.epubpage import MAX_PAGE, page_tree
from newsidx.readers.documents.zipped import Zipped
from newsidx.readers.xmls.events import END, START, TEXT, attribute, events, leaves

__all__ = ["Chapter", "Label", "Package", "package_of"]

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_PREFIXES = {
    "http://www.idpf.org/2007/opf": "",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://openebook.org/namespaces/oeb-package/1.0/": "",
    "urn:oasis:names:tc:opendocument:xmlns:container": "",
    "http://www.daisy.org/z3986/2005/ncx/": "",
    "http://www.w3.org/2001/04/xmlenc#": "",
}

# Ways to scramble fonts, which hide no text.
_FONTS = frozenset({"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"})

_PAGES = frozenset({"application/xhtml+xml", "text/html", "text/x-oeb1-document"})
_NCX = "application/x-dtbncx+xml"
_FURNITURE = frozenset({"cover", "title-page", "titlepage", "toc", "copyright-page", "index"})

# An issue is seldom of more than some hundred articles, a book never of so many chapters.
_MOST = 20_000

# Characters of a title in the table of contents.
_LONGEST = 1000


class Label(Struct, frozen=True):
    """What the table of contents calls a document.

    Attributes:
        text: Its title there.
        above: The title of the entry that it stands under, if it stands under one.
        origin: `nav` or `ncx`.
    """

    text: str
    above: str | None
    origin: str


class Chapter(Struct, frozen=True):
    """A document of the reading order.

    Attributes:
        id: Its id in the package.
        name: The member of the archive that it is in.
    """

    id: str
    name: str


class Package(Struct):
    """The package document of an EPUB.

    Attributes:
        metadata: Name (`dc:title`, or that of a `meta`) -> values and attributes, in order.
        chapters: The documents to be read in order, without covers and contents.
        labels: Member -> what the table of contents calls it.
        locked: The members that are encrypted.
    """

    metadata: dict[str, list[tuple[str, Mapping[str, str]]]] = field(default_factory=dict)
    chapters: list[Chapter] = field(default_factory=list)
    labels: dict[str, Label] = field(default_factory=dict)
    locked: set[str] = field(default_factory=set)

    def first(self, name: str) -> str | None:
        """The first value of a name."""
        return next((text for text, _ in self.metadata.get(name, [])), None)


def package_of(archive: Zipped) -> Package:
    """Read the package document and the table of contents.

    Raises:
        ReadError: `malformed` when there is no package document or it can't be parsed.
    """
    package = Package(locked=set(_locked(archive)))
    path = _path(archive)
    items: dict[str, Mapping[str, str]] = {}
    spine: list[str] = []
    ncx = ""
    furniture: set[str] = set()
    for name, attributes, text in leaves(archive.blocks(path), _PREFIXES, "package document"):
        if name == "item":
            items[attribute(attributes, "id")] = attributes
        elif name == "itemref":
            spine.append(attribute(attributes, "idref"))
        elif name == "spine":
            ncx = attribute(attributes, "toc")
        elif name == "reference" and attribute(attributes, "type").lower() in _FURNITURE:
            furniture.add(_member(path, attribute(attributes, "href")))
        elif name == "meta":
            key = attribute(attributes, "name") or attribute(attributes, "property")
            value = attribute(attributes, "content") or text
            package.metadata.setdefault(key, []).append((value, attributes))
        elif text and name.startswith("dc:"):
            package.metadata.setdefault(name.lower(), []).append((text, attributes))
    if len(items) > _MOST or len(spine) > _MOST:
        raise ReadError("too-large", f"it holds more than {_MOST} documents")
    for id_ in dict.fromkeys(spine):
        item = items.get(id_, {})
        member = _member(path, attribute(item, "href"))
        is_page = attribute(item, "media-type").lower() in _PAGES
        if is_page and member not in furniture and "nav" not in _words(item, "properties"):
            package.chapters.append(Chapter(id_, member))
    package.labels = _labels(archive, path, items, ncx)
    return package


def _path(archive: Zipped) -> str:
    """The name of the package document, from the container or by its ending."""
    if _CONTAINER in archive.names:
        for name, attributes, _ in leaves(archive.blocks(_CONTAINER), _PREFIXES, "container.xml"):
            path = posixpath.normpath(attribute(attributes, "full-path"))
            if name == "rootfile" and path in archive.names:
                return path
    found = sorted(name for name in archive.names if name.lower().endswith(".opf"))
    if not found:
        raise ReadError("malformed", "there is no package document in it")
    return found[0]


def _locked(archive: Zipped) -> Iterator[str]:
    """The members whose text is encrypted."""
    if _ENCRYPTION not in archive.names:
        return
    algorithm = ""
    # An element ends after those in it: the method, then the name, in each of a list.
    for name, attributes, _ in leaves(archive.blocks(_ENCRYPTION), _PREFIXES, "encryption.xml"):
        if name == "EncryptionMethod":
            algorithm = attribute(attributes, "Algorithm")
        elif name == "CipherReference" and algorithm not in _FONTS:
            yield _member("", attribute(attributes, "URI"))


def _labels(
    archive: Zipped, path: str, items: Mapping[str, Mapping[str, str]], ncx: str
) -> dict[str, Label]:
    """The titles of the table of contents by member, of its newer form if there are both."""
    labels: dict[str, Label] = {}
    tables = [item for item in items.values() if "nav" in _words(item, "properties")]
    older = [
        item for id_, item in items.items() if id_ == ncx or attribute(item, "media-type") == _NCX
    ]
    for read, found in ((_from_nav, tables[:1]), (_from_ncx, older[:1])):
        for item in found:
            name = _member(path, attribute(item, "href"))
            if name in archive.names:
                with suppress(ReadError):
                    for target, label in read(archive, name):
                        labels.setdefault(_member(name, target), label)
    return labels


def _from_ncx(archive: Zipped, name: str) -> Iterator[tuple[str, Label]]:
    above: list[str] = []
    in_text = False
    for kind, tag, value in events(archive.blocks(name), _PREFIXES, "table of contents"):
        if kind == START and tag == "navPoint":
            above.append("")
        elif kind == END and tag == "navPoint":
            above.pop()
        elif tag == "text":
            in_text = kind == START
        elif kind == TEXT and in_text and above and len(above[-1]) < _LONGEST:
            above[-1] += str(value)
        elif kind == START and tag == "content" and above and above[-1].strip():
            parent = " ".join(above[-2].split()) if len(above) > 1 else ""
            label = Label(" ".join(above[-1].split()), parent or None, "ncx")
            yield attribute(value, "src"), label


def _from_nav(archive: Zipped, name: str) -> Iterator[tuple[str, Label]]:
    tree: Any = page_tree(archive.read(name, MAX_PAGE))
    for nav in tree.iter("nav"):
        if "toc" not in (nav.get("epub:type") or nav.get("role") or "toc"):
            continue
        for link in nav.iter("a"):
            text = " ".join("".join(link.itertext()).split())
            if text and link.get("href"):
                yield link.get("href"), Label(text, _entry_above(link), "nav")


def _entry_above(link: Any) -> str | None:
    """The text of the entry whose list an entry stands in."""
    item = next(link.iterancestors("li"), None)
    outer = next(item.iterancestors("li"), None) if item is not None else None
    for child in outer if outer is not None else ():
        if child.tag in ("a", "span"):
            return " ".join("".join(child.itertext()).split()) or None
    return None


def _member(base: str, reference: str) -> str:
    """The member that a reference names, without the place in it; never one outside."""
    target = unquote(re.split(r"[#?]", reference, maxsplit=1)[0])
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), target)) if target else ""


def _words(item: Mapping[str, str], name: str) -> list[str]:
    return attribute(item, name).split()
