"""What a web page says of itself: JSON-LD, meta tags, links, and elements marked for it.

Values are taken as they stand, each with the place it was found in, and nothing is
inferred from running text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from newsidx.article import RawArticle
from newsidx.readers.pages.bylines import marked_authors, shown_authors, shown_dates
from newsidx.readers.pages.jsonld import Finding, articles_declared, linked_data
from newsidx.readers.records import values

__all__ = ["declares_article", "describe"]

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

# Dates that content systems write when they have none: those that never were are left to
# be refused in the open, and those that were are the first day of a clock.
_NO_DATE = re.compile(r"0000|0001")
_UNSET = re.compile(r"1900-01-01|1970-01-01")
_SEPARATOR = r"(?:\s*[|–—·»:]\s*|\s-\s)"


def describe(tree: Any, page: str, page_url: str | None = None) -> RawArticle:
    """What a page declares, as an article without a body.

    Args:
        tree: Its root element, as lxml.html parses it.
        page: Its source, whose first comments may say where it was saved from.
        page_url: The address that it was fetched from, to which others are relative.

    Returns:
        An article whose provenance says `json-ld`, `meta:<name>`, `canonical-link`,
        `html-lang`, `itemprop`, `rel-author` … for each field that is set. Dates are
        all there, in the order in which they are to be trusted.
    """
    article = RawArticle()
    dates: dict[str, str] = {}
    for findings in (
        _comments(page),
        _links(tree, page_url),
        linked_data(tree),
        _metas(tree),
        _marked(tree),
    ):
        for field, value, origin in findings:
            if field == "published" and isinstance(value, str):
                dates.setdefault(value, origin)
            elif value and not getattr(article, field):
                setattr(article, field, value)
                article.provenance[field] = origin
    if not article.authors:
        _take_authors(article, tree)
    _take_dates(article, dates)
    article.other_dates += [("text", shown) for shown in shown_dates(tree)]
    if article.title:
        article.title = _without_site(article.title, tree, article.source)
    host = _host(article.url or article.page_url)
    if host and not article.source:
        article.source = host.removeprefix("www.")
        article.provenance["source"] = "url-host"
    return article


def declares_article(tree: Any) -> bool:
    """Whether a page says that it is one article: by its type, or by a date in its head.

    Several articles in its JSON-LD say nothing, as home pages list theirs there.
    """
    for meta in tree.iterfind(".//meta[@content]"):
        name = (meta.get("property") or meta.get("name") or "").strip().lower()
        if name == "og:type" and meta.get("content").strip().lower().startswith("article"):
            return True
        if name in _METAS["published"] and values.date_text(meta.get("content")):
            return True
    return articles_declared(tree) in (1, 2)


def _take_dates(article: RawArticle, dates: Mapping[str, str]) -> None:
    """Set the dates, by where they were found; `0001-01-01` is for `refine` to refuse."""
    for written, origin in dates.items():
        if _UNSET.match(written):
            continue
        if not article.published and not _NO_DATE.match(written):
            article.published, article.provenance["published"] = written, origin
        else:
            article.other_dates.append((origin, written))


def _comments(page: str) -> Iterator[Finding]:
    """The address that a browser or crawler notes in a page that it saves."""
    for origin, pattern in _SAVED_FROM:
        if match := pattern.search(page, 0, _COMMENTS_WITHIN):
            url = match[1] if "://" in match[1] else f"http://{match[1]}"
            yield "page_url", values.address(url), origin


def _links(tree: Any, page_url: str | None) -> Iterator[Finding]:
    """The canonical address and the title for sharing, which is the one that readers see."""
    opened = {
        meta.get("property"): meta.get("content") or ""
        for meta in tree.iterfind(".//meta[@property]")
    }
    shared = opened.get("og:url") or ""
    base = _join(page_url, shared) if page_url else shared
    for link in tree.iterfind(".//link[@rel='canonical']"):
        yield "url", values.address(_join(base, link.get("href") or "")), "canonical-link"
    if shared:
        yield "url", values.address(base), "meta:og:url"
    yield "title", values.headline(opened.get("og:title")), "meta:og:title"
    language = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang")
    yield "language", values.scalar(language), "html-lang"


def _metas(tree: Any) -> Iterator[Finding]:
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
                for text in found:
                    yield field, values.date_text(text), origin
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


def _marked(tree: Any) -> Iterator[Finding]:
    """Elements of the page that are marked as its date or a tag."""
    for element in tree.xpath(".//*[@itemprop='datePublished']"):
        stated = element.get("content") or element.get("datetime") or _text(element)
        yield "published", values.date_text(stated), "itemprop"
    times = tree.findall(".//time[@datetime]")
    for element in times:
        marks = (element.get("class") or "").split()
        if "pubdate" in element.attrib or {"published", "entry-date"} & set(marks):
            yield "published", values.date_text(element.get("datetime")), "time-element"
        elif _in_byline(element):
            yield "published", values.date_text(element.get("datetime")), "byline-time-element"
    tags = [_text(element) for element in tree.iterfind(".//a[@rel='tag']")]
    yield "tags", values.terms(tags[:100]), "rel-tag"


def _take_authors(article: RawArticle, tree: Any) -> None:
    """Set the authors that elements of the page are marked with, or named for."""
    linked = [_text(element) for element in tree.findall(".//a[@rel='author']")[:10]]
    for origin, found in (("itemprop", marked_authors(tree)), ("rel-author", linked)):
        article.authors = values.names(list(dict.fromkeys(found)))
        if article.authors:
            article.provenance["authors"] = origin
            return
    article.authors = values.names(shown_authors(tree))
    if article.authors:
        article.provenance["authors"] = "byline-element"


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
