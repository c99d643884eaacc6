"""From an entry of a feed, as feedparser has read it, to a raw article."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.readers.limits import MAX_BODY, check_body
from newsidx.readers.records import values
from newsidx.readers.texts.markup import html_text
from newsidx.readers.xmls.element import put

__all__ = ["article_of_entry"]

# What WordPress exports beside what people have written.
_NOT_WRITTEN = frozenset(
    {
        "attachment", "custom_css", "customize_changeset", "nav_menu_item", "oembed_cache",
        "revision", "user_request", "wp_block", "wp_font_face", "wp_font_family",
        "wp_global_styles", "wp_navigation", "wp_template", "wp_template_part",
    }
)  # fmt: skip
_HTML = frozenset({"text/html", "application/xhtml+xml"})

Entry = Mapping[str, Any]


def article_of_entry(entry: Entry, feed: Entry, version: str) -> RawArticle:
    """The article of an entry.

    The text is that of the content, else of the summary; an entry may have no more
    than a title. The source is that which the entry names, else the feed's title.

    Args:
        entry: An entry as feedparser gives it, unsanitised.
        feed: What feedparser gives for the feed.
        version: Its version, of which `atom…` has rules of its own.

    Raises:
        ReadError: `no-article` for what is none; `too-large`.
    """
    kind = entry.get("wp_post_type")
    if kind in _NOT_WRITTEN:
        raise ReadError("no-article", f"WordPress has it as {kind!r}, not as a post")
    article = RawArticle()
    put(article, "title", [("feed:entry/title", _headline(entry))])
    put(article, "body", _texts(entry))
    put(article, "authors", _authors(entry, feed, version))
    put(article, "published", _dates(entry))
    put(article, "source", _sources(entry, feed))
    put(article, "section", [("feed:entry/prism:section", entry.get("prism_section"))])
    put(article, "tags", [("feed:entry/category", _tags(entry))])
    put(article, "url", _links(entry, feed))
    put(article, "record", [("feed:entry/id", entry.get("id"))])
    put(article, "language", _languages(entry, feed))
    if not article.body and not article.title:
        raise ReadError("no-article", "the entry has no title and no text")
    check_body(article.body)
    return article


def _headline(entry: Entry) -> str:
    title = str(entry.get("title") or "")
    kind = (entry.get("title_detail") or {}).get("type")
    return " ".join((html_text(title) if kind in _HTML else title).split())


def _texts(entry: Entry) -> Iterator[tuple[str, str]]:
    """What an entry has for a text, the fullest first."""
    for content in entry.get("content") or ():
        kind = str(content.get("type"))
        if kind in _HTML or kind.startswith("text/"):
            yield "feed:entry/content", _text(content.get("value"), kind)
    for name in ("summary", "subtitle"):
        kind = str((entry.get(f"{name}_detail") or {}).get("type"))
        yield f"feed:entry/{name}", _text(entry.get(name), kind)
    yield "feed:entry/excerpt", _text(entry.get("excerpt_encoded"), "text/html")


def _text(value: object, kind: str) -> str:
    text = str(value or "")
    if len(text) > 4 * MAX_BODY:
        raise ReadError("too-large", "its text is longer than any article")
    return text if kind == "text/plain" or not text.strip() else html_text(text)


def _authors(entry: Entry, feed: Entry, version: str) -> Iterator[tuple[str, list[str]]]:
    """The entry's authors; in Atom, those of the feed where it names none (RFC 4287, 4.2.1)."""
    yield "feed:entry/author", _names(entry)
    if version.startswith("atom"):
        yield "feed:author", _names(feed)


def _names(owner: Entry) -> list[str]:
    known = [name for author in owner.get("authors") or () if (name := author.get("name"))]
    found = [name for names in known for name in values.names(names)]
    return list(dict.fromkeys(found)) or values.names(owner.get("author") or "")


def _dates(entry: Entry) -> Iterator[tuple[str, str | None]]:
    for name in ("published", "updated", "created"):
        yield f"feed:entry/{name}", entry.get(name)


def _sources(entry: Entry, feed: Entry) -> Iterator[tuple[str, str | None]]:
    origin = entry.get("source")
    yield "feed:entry/source", origin.get("title") if isinstance(origin, Mapping) else None
    yield "feed:entry/prism:publicationName", entry.get("prism_publicationname")
    yield "feed:prism:publicationName", feed.get("prism_publicationname")
    yield "feed:title", _headline(feed)


def _tags(entry: Entry) -> list[str]:
    """The categories, by their labels where they have one, without those that name a kind."""
    found = [
        tag.get("label") or tag.get("term")
        for tag in entry.get("tags") or ()
        if not str(tag.get("scheme")).endswith("#kind")
    ]
    return values.terms([name for name in found if name])


def _links(entry: Entry, feed: Entry) -> Iterator[tuple[str, str | None]]:
    """The address of the article, resolved against that of the feed if need be."""
    bases = [link.get("href") for link in feed.get("links") or () if link.get("rel") == "self"]
    base = next((url for url in (*bases, feed.get("link")) if values.address(url)), "")
    for name in ("feedburner_origlink", "link"):
        link = str(entry.get(name) or "").strip()
        try:
            if link and not urlsplit(link).scheme:
                link = urljoin(base, link)
        except ValueError:
            continue
        yield f"feed:entry/{name.replace('_origl', ':origL')}", values.address(link)


def _languages(entry: Entry, feed: Entry) -> Iterator[tuple[str, str | None]]:
    yield "feed:entry/language", entry.get("language")
    contents = (*(entry.get("content") or ()), entry.get("summary_detail") or {})
    yield "xml:lang", next(filter(None, (part.get("language") for part in contents)), None)
    yield "xml:lang", entry.get("xml_lang")
    yield "feed:language", feed.get("language")
