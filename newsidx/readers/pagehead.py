"""What a web page says of itself: JSON-LD, meta tags, links, and elements marked for it.

Values are taken as they stand, each with the place it was found in, and nothing is
inferred from running text.
"""

from __future__ import annotations

import html
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from newsidx.article import RawArticle
from newsidx.readers import values

__all__ = ["describe"]

# Field, value, and where it was found.
_Finding = tuple[str, str | list[str] | None, str]

# The types of schema.org that are articles: NewsArticle, BlogPosting, LiveBlogPosting,
# Report, ClaimReview; and the page, which some systems date in place of the article.
_ARTICLE = re.compile(r"article|posting|report|review", re.IGNORECASE)
_WEB_PAGE = re.compile(r"webpage", re.IGNORECASE)

# Names of `<meta>` (name, property or itemprop), the most telling first.
_METAS = {
    "title": ("headline", "twitter:title", "dc.title", "dcterms.title", "parsely-title", "title"),
    "authors": ("parsely-author", "sailthru.author", "author", "article:author", "byl",
                "og:article:author", "dc.creator", "dcterms.creator", "authors"),
    "source": ("og:site_name", "application-name", "article:publisher", "dc.publisher",
               "dcterms.publisher", "publisher"),
    "published": ("article:published_time", "og:article:published_time", "og:published_time",
                  "article:published", "article.published", "datepublished", "parsely-pub-date",
                  "sailthru.date", "date", "dc.date", "dc.date.issued", "dcterms.issued",
                  "dcterms.created", "dcterms.date", "pubdate", "publishdate", "publish-date",
                  "publish_date", "published_time", "publication_date", "published-date",
                  "date_published", "originalpublicationdate", "bt:pubdate", "ptime", "pdate",
                  "cxenseparse:recs:publishtime"),
    "section": ("article:section", "parsely-section", "section"),
    "tags": ("article:tag", "news_keywords", "parsely-tags", "sailthru.tags", "keywords",
             "dc.subject", "dcterms.subject"),
    "language": ("content-language", "language", "dc.language", "dcterms.language"),
}  # fmt: skip

_SAVED_FROM = (
    ("saved-from", re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)")),
    ("singlefile", re.compile(r"<!--\s*Page saved with SingleFile\s+url:\s*(\S+)")),
    ("httrack", re.compile(r"<!--\s*Mirrored from (\S+) by HTTrack")),
)
_COMMENTS_WITHIN = 8192

# Dates that content systems write when they have none.
_NO_DATE = re.compile(r"0000|0001|1900-01-01|1970-01-01")
_SEPARATOR = r"(?:\s*[|–—·»:]\s*|\s-\s)"


def describe(tree: Any, page: str) -> RawArticle:
    """What a page declares, as an article without a body.

    Args:
        tree: Its root element, as lxml.html parses it.
        page: Its source, whose first comments may say where it was saved from.

    Returns:
        An article whose provenance says `json-ld`, `meta:<name>`, `canonical-link`,
        `html-lang`, `itemprop`, `rel-author` … for each field that is set.
    """
    article = RawArticle()
    for findings in (
        _comments(page),
        _links(tree),
        _linked_data(tree),
        _metas(tree),
        _marked(tree),
    ):
        for field, value, origin in findings:
            if value and not getattr(article, field):
                setattr(article, field, value)
                article.provenance[field] = origin
    if article.title:
        article.title = _without_site(article.title, tree, article.source)
    host = _host(article.url or article.page_url)
    if host and not article.source:
        article.source = host.removeprefix("www.")
        article.provenance["source"] = "url-host"
    return article


def _comments(page: str) -> Iterator[_Finding]:
    """The address that a browser or crawler notes in a page that it saves."""
    for origin, pattern in _SAVED_FROM:
        if match := pattern.search(page, 0, _COMMENTS_WITHIN):
            url = match[1] if "://" in match[1] else f"http://{match[1]}"
            yield "page_url", values.address(url), origin


def _links(tree: Any) -> Iterator[_Finding]:
    """The canonical address and the title for sharing, which is the one that readers see."""
    opened = {
        meta.get("property"): meta.get("content") or ""
        for meta in tree.iterfind(".//meta[@property]")
    }
    base = opened.get("og:url") or ""
    for link in tree.iterfind(".//link[@rel='canonical']"):
        yield "url", values.address(_join(base, link.get("href") or "")), "canonical-link"
    yield "url", values.address(base), "meta:og:url"
    yield "title", values.headline(opened.get("og:title")), "meta:og:title"
    language = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang")
    yield "language", values.scalar(language), "html-lang"


def _linked_data(tree: Any) -> Iterator[_Finding]:
    """The first article among the JSON-LD objects of a page, then the page itself."""
    nodes = list(_nodes(tree))
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)}
    articles = [node for node in nodes if _is_a(node, _ARTICLE)]
    articles.sort(key=lambda node: "headline" not in node)
    pages = [node for node in nodes if _is_a(node, _WEB_PAGE)]
    for node in articles[:1] + pages[:1]:
        author = _resolve(node.get("author") or node.get("creator"), by_id)
        publisher = _resolve(node.get("publisher"), by_id)
        yield "title", values.headline(_plain(node.get("headline") or node.get("name"))), "json-ld"
        yield "authors", [html.unescape(name) for name in values.names(author)], "json-ld"
        yield "source", values.outlet(_plain(publisher)), "json-ld"
        yield "published", _date(node.get("datePublished")), "json-ld"
        yield "section", values.scalar(_plain(node.get("articleSection"))), "json-ld"
        yield "tags", values.terms(_plain(node.get("keywords"))), "json-ld"
        for name in ("mainEntityOfPage", "url"):
            yield "url", values.address(node.get(name)), "json-ld"
        yield "language", values.scalar(node.get("inLanguage")), "json-ld"


def _is_a(node: Mapping[str, Any], kind: re.Pattern[str]) -> bool:
    return kind.search(str(node.get("@type") or "")) is not None


def _nodes(tree: Any) -> Iterator[Mapping[str, Any]]:
    """The objects of a page's JSON-LD that speak of the page itself, in order."""
    for script in tree.iterfind(".//script[@type]"):
        if "ld+json" not in script.get("type").lower():
            continue
        try:
            waiting = [json.loads((script.text or "").strip().rstrip(";"), strict=False)]
        except (ValueError, RecursionError):
            continue
        while waiting:
            value = waiting.pop(0)
            if isinstance(value, list):
                waiting[:0] = value
            elif isinstance(value, dict):
                yield value
                waiting[:0] = [value[key] for key in ("@graph", "mainEntity") if key in value]


def _metas(tree: Any) -> Iterator[_Finding]:
    """What the `<meta>` elements say, by the names of the table above."""
    contents: dict[str, list[str]] = defaultdict(list)
    for meta in tree.iterfind(".//meta[@content]"):
        content = meta.get("content").strip()
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            if content and meta.get(attribute):
                contents[meta.get(attribute).strip().lower()].append(content)
    for field, names in _METAS.items():
        for name in names:
            found = contents.get(name, [])
            origin = f"meta:{name}"
            if field == "published":
                yield field, next(filter(None, map(_date, found)), None), origin
            elif field == "tags":
                yield field, values.terms(found if len(found) > 1 else "".join(found)), origin
            else:
                # Facebook's names for people and outlets are addresses of their pages there.
                found = [text for text in found if not text.startswith(("http:", "https:"))]
                if field == "authors":
                    people = [person for text in found for person in values.names(text)]
                    yield field, list(dict.fromkeys(people)), origin
                else:
                    yield field, values.headline(found), origin


def _marked(tree: Any) -> Iterator[_Finding]:
    """Elements of the page that are marked as its date, its author or a tag."""
    for element in tree.xpath(".//*[@itemprop='datePublished']"):
        stated = element.get("content") or element.get("datetime") or _text(element)
        yield "published", _date(stated), "itemprop"
    times = tree.findall(".//time[@datetime]")
    for element in times:
        marks = (element.get("class") or "").split()
        if "pubdate" in element.attrib or {"published", "entry-date"} & set(marks):
            yield "published", _date(element.get("datetime")), "time-element"
        elif _in_byline(element):
            yield "published", _date(element.get("datetime")), "byline-time-element"
    people = [_text(element) for element in tree.iterfind(".//a[@rel='author']")]
    yield "authors", values.names(list(dict.fromkeys(people))[:10]), "rel-author"
    tags = [_text(element) for element in tree.iterfind(".//a[@rel='tag']")]
    yield "tags", values.terms(tags[:100]), "rel-tag"


def _in_byline(element: Any) -> bool:
    """Whether an element stands directly in what the page calls its byline or dateline."""
    parent = element.getparent()
    named = "" if parent is None else f"{parent.get('class') or ''} {parent.get('id') or ''}"
    return re.search(r"byline|dateline|pubdate|publish|posted", named, re.IGNORECASE) is not None


def _without_site(title: str, tree: Any, source: str | None) -> str:
    """A title without the name of the site, where a heading or the site's name shows the seam."""
    for level in ("h1", "h2"):
        for heading in tree.iterfind(f".//{level}"):
            text = _text(heading)
            if text and title.startswith(text) and re.match(_SEPARATOR, title[len(text) :]):
                return text
    if source:
        whole = re.fullmatch(rf"(.+?){_SEPARATOR}{re.escape(source)}", title, re.IGNORECASE)
        if whole:
            return whole[1]
    return title


def _resolve(value: Any, by_id: Mapping[str, Mapping[str, Any]]) -> Any:
    """An object of JSON-LD in place of a reference to it."""
    if isinstance(value, list):
        return [_resolve(part, by_id) for part in value]
    if isinstance(value, dict) and set(value) == {"@id"}:
        return by_id.get(str(value["@id"]))
    return value


def _plain(value: Any) -> Any:
    """Strings without the entities that JSON-LD should not have, and often has."""
    if isinstance(value, str):
        return html.unescape(value)
    if isinstance(value, list):
        return [_plain(part) if isinstance(part, str) else part for part in value]
    return value


def _date(value: Any) -> str | None:
    text = values.date_text(value)
    return None if text is None or _NO_DATE.match(text) else text


def _text(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _join(base: str, path: str) -> str:
    try:
        return urljoin(base, path.strip())
    except ValueError:
        return ""


def _host(url: str | None) -> str | None:
    try:
        return urlsplit(url).hostname if url else None
    except ValueError:
        return None
