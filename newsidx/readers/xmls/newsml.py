"""NewsML-G2, the IPTC's envelope for news: items of text with what is known of them.

The names are those of the standard (iptc.org/standards/newsml-g2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.readers.records import values
from newsidx.readers.texts.markup import html_text, without_title
from newsidx.readers.xmls.element import (
    is_running_text,
    language_of,
    line,
    lines,
    local_name,
    prose,
    put,
)
from newsidx.readers.xmls.nitf import article_of_nitf

__all__ = ["NO_TEXT", "article_of_item", "is_item"]

# Items that never hold a text, and what they are.
NO_TEXT = {
    "catalogItem": "a catalogue of codes",
    "conceptItem": "a concept",
    "knowledgeItem": "a list of concepts",
    "packageItem": "a package of other items",
    "planningItem": "a plan of coverage",
}

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_PARTS = frozenset({"contentMeta", "contentSet", "itemMeta"})
_KINDS_WITH_TEXT = frozenset({"", "text", "composite"})


def is_item(element: Any) -> bool:
    """Whether a `newsItem` is one of NewsML-G2, by its namespace or its parts."""
    parts = {local_name(part) for part in element}
    return "iptc.org/std/nar/" in str(element.tag) or not parts.isdisjoint(_PARTS)


def article_of_item(item: Any) -> RawArticle:
    """The article of a `newsItem` element whose parts are plainly named; it is used up.

    What the item says of its content goes before what the content says of itself,
    but for bylines. A titled item without a text has its description for one.

    Raises:
        ReadError: `no-article` for an item of pictures, sound or film.
    """
    kind = _kind(item)
    if kind not in _KINDS_WITH_TEXT:
        raise ReadError("no-article", f"it is an item of the kind {kind[:40]!r}, not text")
    article = RawArticle()
    meta = item.find("contentMeta")
    meta = item if meta is None else meta
    inner = _content(item)
    language = _language(item, meta, inner)
    put(
        article,
        "title",
        [("newsml:contentMeta/headline", _by_language(meta, "headline", language))],
    )
    put(article, "authors", [(inner.provenance.get("authors", ""), inner.authors)])
    put(article, "authors", _authors(meta))
    put(article, "published", _dates(item, meta))
    put(article, "source", _sources(item, meta))
    put(article, "tags", _tags(meta, language))
    put(article, "record", [("newsml:guid", item.get("guid"))])
    put(article, "language", [("newsml:language", language)])
    for field in ("body", "title", "published", "source", "tags", "section", "url", "record"):
        put(article, field, [(inner.provenance.get(field, ""), getattr(inner, field))])
    put(article, "title", [("newsml:itemMeta/title", line(item.find("itemMeta/title")))])
    dateline = line(meta.find("dateline"))
    if article.body and dateline and dateline not in article.body[: 2 * len(dateline)]:
        article.body = f"{dateline}\n\n{article.body}"
    article.body = without_title(article.body, article.title)
    if article.title:
        about = next(iter(lines(meta.findall("description"))), "")
        put(article, "body", [("newsml:contentMeta/description", about)])
    return article


def _kind(item: Any) -> str:
    """The last part of the class of an item: `text` of `ninat:text`; empty where there is none."""
    found = item.find("itemMeta/itemClass")
    code = "" if found is None else found.get("qcode") or found.get("uri") or ""
    return re.split("[:/#]", code)[-1].lower()


def _content(item: Any) -> RawArticle:
    """The first content of an item that is text, as an article of its own."""
    other = RawArticle()
    for content in item.iterfind("contentSet/*"):
        article = _inline(content)
        if article.body:
            return article
        other = other if other.provenance else article
    return other


def _inline(content: Any) -> RawArticle:
    article = RawArticle()
    if content.tag not in ("inlineXML", "inlineData"):
        return article
    language = language_of(content)
    nitf = next(content.iter("nitf"), None)
    page = next(content.iter("body"), None)
    if nitf is not None:
        article = article_of_nitf(nitf)
    elif page is not None or is_running_text(content):
        text = prose(content if page is None else page)
        put(article, "body", [("newsml:inlineXML", text)])
    elif content.tag == "inlineData" and not content.get("encoding"):
        text = content.text or ""
        if "html" in content.get("contenttype", ""):
            text = html_text(text)
        put(article, "body", [("newsml:inlineData", values.prose(text))])
    article.language = article.language or language
    return article


def _language(item: Any, meta: Any, inner: RawArticle) -> str | None:
    declared = meta.find("language")
    declared = None if declared is None else declared.get("tag")
    return declared or inner.language or language_of(item)


def _by_language(above: Any, name: str, language: str | None) -> str:
    """The text of the child in a language, else of the first that has one."""
    found = above.findall(name)
    same = [part for part in found if part.get(_LANG) in (None, language)]
    return next(iter(lines([*same, *found])), "")


def _authors(meta: Any) -> Iterator[tuple[str, list[str]]]:
    yield "newsml:contentMeta/by", lines(meta.findall("by"))
    for role in ("creator", "contributor"):
        people = [part for part in meta.findall(role) if "organisation" not in part.get("type", "")]
        yield f"newsml:contentMeta/{role}", [name for name in map(_name, people) if name]


def _name(party: Any) -> str:
    """A name of a party: as written out, else as the code or the address of a register has it."""
    return line(party.find("name")) or party.get("literal") or ""


def _dates(item: Any, meta: Any) -> Iterator[tuple[str, str]]:
    yield "newsml:contentMeta/contentCreated", line(meta.find("contentCreated"))
    yield "newsml:itemMeta/firstCreated", line(item.find("itemMeta/firstCreated"))
    yield "newsml:itemMeta/versionCreated", line(item.find("itemMeta/versionCreated"))
    yield "newsml:contentMeta/contentModified", line(meta.find("contentModified"))


def _sources(item: Any, meta: Any) -> Iterator[tuple[str, str | None]]:
    provider = item.find("itemMeta/provider")
    holder = item.find("rightsInfo/copyrightHolder")
    information = meta.find("infoSource")
    parties = (("provider", provider), ("copyrightHolder", holder), ("infoSource", information))
    known = [(f"newsml:{role}", party) for role, party in parties if party is not None]
    for origin, party in known:
        yield origin, _name(party)
    for origin, party in known:
        # `nprov:REUTERS` is REUTERS in a register of providers.
        yield origin, party.get("qcode", "").partition(":")[2].removeprefix("www.")
    for origin, party in known:
        yield origin, values.outlet(party.get("uri") or "")


def _tags(meta: Any, language: str | None) -> Iterator[tuple[str, list[str]]]:
    subjects = (
        part
        for subject in meta.findall("subject")
        for part in (subject, *subject.findall("mainConcept"), *subject.findall("facetConcept"))
    )
    found = [_by_language(part, "name", language) for part in subjects]
    words = [word for part in lines(meta.findall("keyword")) for word in values.terms(part)]
    yield "newsml:contentMeta/subject", list(dict.fromkeys(filter(None, [*found, *words])))
