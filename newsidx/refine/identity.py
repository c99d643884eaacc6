"""By what an article is known, and hashes of what it holds."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from json.encoder import encode_basestring_ascii
from urllib.parse import parse_qsl, urlencode, urlsplit

from msgspec import Struct

from newsidx.article import Article

__all__ = ["Hashes", "body_hash", "hashes", "own_identity", "url_identity"]

# Query parameters that say how a reader came to a page, not which page it is.
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id|cmpid|ito|ocid|smid", re.IGNORECASE)

# A record id that says by itself that it is meant to be unique beyond its file.
_GLOBAL_ID = re.compile(
    r"(?:[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}|[a-z][a-z0-9+.-]*:.{6,}|[0-9a-f]{20,}"
    r"|<?[^\s<>@]{4,}@[^\s<>@]+>?)",  # the last are Message-IDs
    re.IGNORECASE | re.DOTALL,
)


def url_identity(url: str | None, page_url: str | None = None) -> str | None:
    """The identity that a canonical URL gives, or None where it can't be trusted.

    A URL without a path is a site and not a page; one on another host than the page
    it stands on is somebody's mistake. That one URL must not name many different
    articles is for those to check who see all articles.
    """
    if not url:
        return None
    try:
        parts = urlsplit(url)
        host = _host(parts.hostname)
        elsewhere = page_url is not None and _host(urlsplit(page_url).hostname) != host
    except ValueError:
        return None
    path = parts.path.rstrip("/")
    if parts.scheme not in ("http", "https") or not host or elsewhere:
        return None
    wanted = [pair for pair in parse_qsl(parts.query) if not _TRACKING.fullmatch(pair[0])]
    if not path and not wanted:
        return None
    query = "?" + urlencode(sorted(wanted)) if wanted else ""
    return f"url:{host}{path}{query}"


def _host(name: str | None) -> str:
    return (name or "").lower().removeprefix("www.").removesuffix(".")


def own_identity(origin: str, record: str | None, several: bool, content: bytes) -> str:
    """The identity an article has without a URL.

    Args:
        origin: Label of its root, a slash and the path of its file, as first seen.
        record: Its own id in the file.
        several: Whether the file holds other articles.
        content: Hash of what it says, for records without an id.
    """
    if record is not None:
        # `17` is unique in its file at best; a UUID, a URN, a URL or a Message-ID is so everywhere.
        scope = origin.partition("/")[0] if _GLOBAL_ID.fullmatch(record) else origin
        return f"record:{scope}#{record}"
    return f"file:{origin}#{content.hex()}" if several else f"file:{origin}"


class Hashes(Struct, frozen=True):
    """BLAKE2b hashes of 16 bytes over parts of an article.

    Attributes:
        title: Over the title.
        body: Over the body; None where it is empty.
        content: Over title, body, source, day and URL: equal in a duplicate.
        facts: Over all that the article says, whatever file it came from.
        stored: Over everything but the id and `same_text`.
    """

    title: bytes
    body: bytes | None
    content: bytes
    facts: bytes
    stored: bytes


_CONTENT = ("title", "body", "source", "published", "url")
# In the order of their names, as JSON with sorted keys has them.
_STORED = tuple(sorted(Article("", "", "").to_dict().keys() - {"id", "same_text"}))
_FACTS = tuple(name for name in _STORED if name not in ("path", "root", "record", "provenance"))


def hashes(article: Article) -> Hashes:
    """The hashes of an article."""
    everything = article.to_dict()
    # Each value is written once, the body above all, and stands in up to three texts.
    written = {name: _json(everything[name]) for name in _STORED}
    return Hashes(
        title=_hash(written["title"]),
        body=body_hash(article.body),
        content=_hash(f"[{', '.join([written[name] for name in _CONTENT])}]"),
        facts=_hash(_object({name: written[name] for name in _FACTS})),
        stored=_hash(_object(written)),
    )


def body_hash(body: str) -> bytes | None:
    """Equal for bodies that differ in white space only; None for an empty one."""
    words = _single_spaced(body)
    return _hash(_json(words)) if words else None


def _single_spaced(text: str) -> str:
    """The words of a text, a space between any two.

    Where all lines are printable, which they are once cleaned, there is no white space
    but spaces and line feeds, and no need to take the text apart word by word.
    """
    text = text.replace("\n", " ")
    if not text.isprintable():
        return " ".join(text.split())
    while "  " in text:
        text = text.replace("  ", " ")
    return text.strip(" ")


def _hash(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def _json(value: object) -> str:
    """What `json.dumps` gives with sorted keys; that takes as long for a word as for a page."""
    if isinstance(value, str):
        return encode_basestring_ascii(value)
    if value is None:
        return "null"
    if isinstance(value, list):
        return f"[{', '.join(map(_json, value))}]"
    if isinstance(value, dict):
        return _object({name: _json(part) for name, part in sorted(value.items())})
    return json.dumps(value)


def _object(written: Mapping[str, str]) -> str:
    """A JSON object of values that are written as JSON already."""
    pairs = [f"{encode_basestring_ascii(name)}: {text}" for name, text in written.items()]
    return f"{{{', '.join(pairs)}}}"
