"""NewsML 1.x, the older one: news items of components in components.

The names are those of the standard's document type (iptc.org/standards/newsml-1).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.readers.records import values
from newsidx.readers.xmls.element import (
    is_running_text,
    language_of,
    line,
    lines,
    local_name,
    outermost,
    prose,
    put,
)
from newsidx.readers.xmls.nitf import article_of_nitf

__all__ = ["articles_of_item", "is_old_item"]

_PARTS = frozenset({"Identification", "NewsComponent", "NewsManagement"})

# Real items have two or three floors, and a dozen components.
_HIGHEST = 5
_MOST = 100


def is_old_item(element: Any) -> bool:
    """Whether a `NewsItem` is one of NewsML 1.x, by its parts."""
    return not _PARTS.isdisjoint(map(local_name, element))


def articles_of_item(item: Any) -> list[RawArticle]:
    """The articles of a `NewsItem` element whose parts are plainly named; it is used up.

    Components with different headlines are articles of their own; others are the
    parts of one. Of equivalent components the first that has a text is read.

    Raises:
        ReadError: `too-large` for an item of more than 100 components.
    """
    texts = [
        (component, inner)
        for component in item.iter("NewsComponent")
        if (inner := _text(component)).body
    ]
    if len(texts) > _MOST:
        raise ReadError("too-large", f"it has more than {_MOST} components with a text")
    texts = _without_equivalents(texts)
    headlines = {_line(component, "HeadLine") for component, _ in texts}
    if len(headlines) > 1:
        articles = []
        for component, inner in texts:
            _describe(inner, item, component)
            if inner.record and (own := component.get("Duid")):
                inner.record = f"{inner.record}#{own}"
            articles.append(inner)
        return articles
    first = next(item.iter("NewsComponent"), item)
    component, article = texts[0] if texts else (first, RawArticle())
    article.body = "\n\n".join(inner.body for _, inner in texts)
    _describe(article, item, component)
    return [article]


def _without_equivalents(texts: list[tuple[Any, RawArticle]]) -> list[tuple[Any, RawArticle]]:
    kept = []
    seen: set[Any] = set()
    for component, inner in texts:
        above = component.getparent()
        if above.get("EquivalentsList") == "yes":
            if above in seen:
                continue
            seen.add(above)
        kept.append((component, inner))
    return kept


def _text(component: Any) -> RawArticle:
    """The text of a component's own content, and what an NITF document in it says."""
    article = RawArticle()
    parts = []
    for content in component.findall("ContentItem"):
        kind = content.find("MediaType")
        if kind is not None and kind.get("FormalName", "Text").lower() not in ("text", ""):
            continue
        for data in outermost(content, "DataContent"):
            if data.getparent().tag == "Encoding":
                continue  # Base64 and the like: no text
            nitf = next(data.iter("nitf"), None)
            if nitf is not None:
                article = article_of_nitf(nitf)
                parts.append(article.body)
                continue
            page = next(data.iter("body", "BODY"), data)
            whole = prose(page) if is_running_text(page) else values.prose(page.text or "")
            parts.append(whole or "")
    article.body = "\n\n".join(filter(None, parts))
    if article.body:
        article.provenance.setdefault("body", "newsml:DataContent")
    return article


def _describe(article: RawArticle, item: Any, component: Any) -> None:
    """Set all but the body; what a component says goes before what is said around it."""
    put(article, "title", [("newsml:NewsLines/HeadLine", _line(component, "HeadLine"))])
    put(article, "authors", [("newsml:NewsLines/ByLine", values.names(_line(component, "ByLine")))])
    for role in ("Creator", "Contributor"):
        party = _party(component, role)
        put(article, "authors", [(f"newsml:{role}", [party] if party else [])])
    put(article, "published", _dates(item))
    put(article, "source", _sources(item, component))
    words = values.terms(_line(component, "KeywordLine"))
    put(article, "tags", [("newsml:NewsLines/KeywordLine", words)])
    name = item.find("Identification/NewsIdentifier")
    if name is not None:
        ids = (line(name.find("PublicIdentifier")), line(name.find("NewsItemId")))
        put(article, "record", [("newsml:NewsIdentifier", text) for text in ids])
    language = _nearest(component, "DescriptiveMetadata/Language")
    code = "" if language is None else language.get("FormalName")
    put(article, "language", [("newsml:Language", code), ("xml:lang", language_of(component))])
    dateline = _line(component, "DateLine")
    if article.body and dateline and dateline not in article.body[: 2 * len(dateline)]:
        article.body = f"{dateline}\n\n{article.body}"


def _nearest(component: Any, path: str) -> Any:
    """What a component, or the nearest one around it, has at a path."""
    for _ in range(_HIGHEST):
        if component is None:
            break
        found = component.find(path)
        if found is not None:
            return found
        component = component.getparent()
    return None


def _line(component: Any, name: str) -> str:
    """A line of a component: all of its kind, as there may be one for each author."""
    found = _nearest(component, f"NewsLines/{name}")
    if found is None:
        return ""
    same = lines(found.getparent().findall(name))
    return "; ".join(same) if name in ("ByLine", "KeywordLine") else next(iter(same), "")


def _party(component: Any, role: str) -> str:
    found = _nearest(component, f"AdministrativeMetadata/{role}/Party")
    return "" if found is None else found.get("FormalName") or line(found)


def _dates(item: Any) -> Iterator[tuple[str, str]]:
    for path in (
        "NewsManagement/FirstCreated",
        "NewsManagement/ThisRevisionCreated",
        "Identification/NewsIdentifier/DateId",
    ):
        yield f"newsml:{path.rpartition('/')[2]}", line(item.find(path))


def _sources(item: Any, component: Any) -> Iterator[tuple[str, str]]:
    for role in ("Provider", "Source"):
        yield f"newsml:{role}", _party(component, role)
    yield "newsml:CreditLine", _line(component, "CreditLine")
    holder = _nearest(component, "RightsMetadata/Copyright/CopyrightHolder")
    yield "newsml:CopyrightHolder", line(holder)
    provider = item.find("Identification/NewsIdentifier/ProviderId")
    yield "newsml:ProviderId", line(provider)
