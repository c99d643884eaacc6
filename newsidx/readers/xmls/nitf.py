"""NITF, the News Industry Text Format of the IPTC, in any of its versions.

The names are those of NITF 3.6 (iptc.org/standards/nitf) and, where archives use
them in their own way, those of the New York Times Annotated Corpus.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from itertools import islice
from typing import Any

from newsidx.article import RawArticle
from newsidx.readers.records import values
from newsidx.readers.xmls.element import language_of, line, lines, outermost, prose, put

__all__ = ["article_of_nitf"]


def article_of_nitf(nitf: Any) -> RawArticle:
    """The article of a `nitf` element whose parts are plainly named; it is used up.

    The body is `body.content`, with the dateline before it and the tagline after it,
    else the captions of its pictures, else the abstract.
    """
    article = RawArticle()
    head = nitf.find("head")
    head = nitf if head is None else head
    top = nitf.find("body/body.head")
    top = nitf if top is None else top
    put(article, "title", _titles(nitf, top))
    put(article, "authors", [("nitf:byline", _authors(top))])
    put(article, "published", _dates(head, top))
    put(article, "source", _sources(head, top))
    put(article, "tags", _tags(head))
    metas = {meta.get("name", ""): meta.get("content") for meta in head.iter("meta")}
    put(article, "section", [("nitf:online_sections", metas.get("online_sections"))])
    put(article, "section", _attributes(head, ("pubdata", "position.section")))
    put(article, "url", _attributes(head, ("pubdata", "ex-ref")))
    put(article, "record", _attributes(head, ("doc-id", "id-string")))
    put(article, "record", [("nitf:uno", nitf.get("uno")), ("nitf:id", nitf.get("id"))])
    inner = nitf.find("body")
    put(article, "language", [("xml:lang", language_of(nitf if inner is None else inner))])
    _take_body(article, nitf, top)
    return article


def _titles(nitf: Any, top: Any) -> Iterator[tuple[str, str]]:
    yield "nitf:hl1", line(next(top.iter("hl1"), None))
    yield "nitf:hedline", line(next(top.iter("hedline"), None))
    yield "nitf:title", line(nitf.find("head/title"))


def _authors(top: Any) -> list[str]:
    """The people of the bylines, else the bylines; of several, the one that was printed."""
    bylines = list(outermost(top, "byline"))
    printed = [byline for byline in bylines if byline.get("class") == "print_byline"]
    names = []
    for byline in printed or bylines:
        names += lines(outermost(byline, "person")) or lines([byline])
    return list(dict.fromkeys(names))


def _dates(head: Any, top: Any) -> Iterator[tuple[str, str | None]]:
    yield from _attributes(head, ("date.issue", "norm"), ("date.release", "norm"))
    yield from _attributes(head, ("pubdata", "date.publication"))
    yield from _attributes(top, ("story.date", "norm"))
    yield "nitf:story.date", line(next(top.iter("story.date"), None))


def _sources(head: Any, top: Any) -> Iterator[tuple[str, str | None]]:
    yield from _attributes(head, ("pubdata", "name"), ("doc.copyright", "holder"))
    yield "nitf:rights.owner", line(next(top.iter("rights.owner"), None))
    yield "nitf:distributor", line(next(top.iter("distributor"), None))


def _tags(head: Any) -> Iterator[tuple[str, list[str]]]:
    """Keywords, else subjects, each by its most exact name, else what an archivist has noted."""
    yield "nitf:keyword", [word.get("key") or line(word) for word in outermost(head, "keyword")]
    parts = ("tobject.subject.detail", "tobject.subject.matter", "tobject.subject.type")
    subjects = [
        next(filter(None, map(subject.get, parts)), "") for subject in head.iter("tobject.subject")
    ]
    yield "nitf:tobject.subject", list(dict.fromkeys(filter(None, subjects)))
    noted = [part.get("value") or line(part) for part in outermost(head, "classifier")]
    yield "nitf:classifier", list(dict.fromkeys(filter(None, noted)))
    words = next((meta for meta in head.iter("meta") if meta.get("name") == "keywords"), None)
    yield "nitf:keywords", [] if words is None else values.terms(words.get("content", ""))


def _attributes(above: Any, *wanted: tuple[str, str]) -> Iterator[tuple[str, str | None]]:
    """The first of each attribute below an element, as name of an element and of the attribute."""
    for name, key in wanted:
        yield (
            f"nitf:{name}",
            next((part.get(key) for part in above.iter(name) if part.get(key)), None),
        )


def _take_body(article: RawArticle, nitf: Any, top: Any) -> None:
    from lxml import etree

    dateline = line(next(top.iter("dateline"), None))
    tagline = line(nitf.find("body/body.end/tagline"))
    abstract = next(top.iter("abstract"), None)
    contents = list(outermost(nitf, "body.content")) or nitf.findall("body")
    # The lead stands in the full text once more.
    full = (block for block in nitf.iter("block") if block.get("class") == "full_text")
    contents = list(islice(full, 1)) or contents
    captions = "\n\n".join(
        lines(part for content in contents for part in outermost(content, "media-caption"))
    )
    abstract = "" if abstract is None else prose(deepcopy(abstract))
    for content in contents:
        etree.strip_elements(content, "body.head", "body.end", "media", with_tail=False)
    text = "\n\n".join(filter(None, map(prose, contents)))
    if text and dateline and not text.startswith(dateline):
        text = f"{dateline}\n\n{text}"
    if text and tagline:
        text = f"{text}\n\n{tagline}"
    options = (("body.content", text), ("media-caption", captions), ("abstract", abstract))
    put(article, "body", ((f"nitf:{name}", value) for name, value in options))
