"""What a web page says of itself: JSON-LD, meta tags, links, and the elements marked for it.

Values are taken as they stand, each with the place it was found in, and nothing is
inferred from running text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.readers import values

__all__ = ["describe"]

# The types of schema.org that are articles: NewsArticle, BlogPosting, LiveBlogPosting, Report …
_ARTICLE_TYPE = re.compile(r"article|posting|report", re.IGNORECASE)
_LD_DEPTH = 6
_LD_MOST = 10_000

# Names of `<meta>` (name, property or itemprop), the most telling first.
_META = {
    "title": ("og:title", "headline", "twitter:title", "dc.title", "dcterms.title", "parsely-title",
              "sailthru.title", "title"),
    "authors": ("parsely-author", "sailthru.author", "author", "article:author", "og:article:author",
                "byl", "dc.creator", "dcterms.creator", "authors", "citation_author"),
    "source": ("og:site_name", "application-name", "article:publisher", "dc.publisher",
               "dcterms.publisher", "publisher", "citation_journal_title", "rbpubname"),
    "published": ("article:published_time", "og:article:published_time", "og:published_time",
                  "datepublished", "article:published", "article.published", "parsely-pub-date",
                  "sailthru.date", "date", "dc.date", "dc.date.issued", "dcterms.issued",
                  "dcterms.created", "dcterms.date", "pubdate", "publishdate", "publish-date",
                  "publish_date", "published_time", "publication_date", "date_published",
                  "published-date", "originalpublicationdate", "ptime", "pdate", "rnews:datepublished",
                  "citation_publication_date", "cxenseparse:recs:publishtime", "bt:pubdate"),
    "section": ("article:section", "parsely-section", "section", "cg", "rbsection"),
    "tags": ("article:tag", "news_keywords", "parsely-tags", "sailthru.tags", "keywords",
             "dc.subject", "dcterms.subject"),
    "url": ("og:url",),
    "language": ("content-language", "language", "dc.language", "dcterms.language"),
}  # fmt: skip

_SAVED_FROM = (
    ("saved-from", re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)")),
    ("singlefile", re.compile(r"<!--\s*Page saved with SingleFile\s+url:\s*(\S+)")),
    ("httrack", re.compile(r"<!-- Mirrored from (\S+) by HTTrack")),
)
_COMMENTS_WITHIN = 8192

# A date that a content system writes when it has none.
_NO_DATE = re.compile(r"\s*(?:0000|0001|1900-01-01|1970-01-01T00:00)")
_SEPARATOR = r"\s*(?:[|–—·»:]|\s-)\s*"


def describe(tree: Any, page: str) -> RawArticle:
    """What a page declares, as an article without a body.

    Args:
        tree: Its root element, as lxml.html parses it.
        page: Its source, whose first comments may say where it was saved from.

    Returns:
        An article whose provenance says `json-ld`, `meta:<name>`, `link:canonical`,
        `html-lang` or the like for each field that is set.
    """
    article = RawArticle()
    metas = _metas(tree)
    linked = _linked_data(tree)
    sources = (
        _from_linked_data(linked),
        _from_links(tree),
        _from_metas(metas),
        _from_elements(tree),
        _from_comments(page),
    )
    order = {"title": (2, 0), "url": (1, 2, 0)}
    for field in ("title", "authors", "source", "published", "section", "tags", "url", "page_url",
                  "language"):  # fmt: skip
        for index in order.get(field, range(len(sources))):
            value, origin = sources[index].get(field, (None, ""))
            if value:
                setattr(article, field, value)
                article.provenance[field] = origin
                break
    _shorten_title(article, tree)
    if not article.source and (host := _host(article.url or article.page_url)):
        article.source, article.provenance["source"] = host, "url-host"
    return article
