"""Addresses of articles: written one way, or left out."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit, urlunsplit

__all__ = ["clean_url", "site_of"]

_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060\ufeff\ud800-\udfff]+")
_PORTS = {"http": 80, "https": 443}
# What would come out as it went in: most addresses.
_ORDINARY = re.compile(r'https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*/(?:[!"$-~]*[!"$->@-~])?')
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*\.?|[0-9a-f]*:[0-9a-f:.]+")


def clean_url(raw: str | None, page_url: str | None = None) -> str | None:
    """An address as an absolute http(s) URL, or None for what is none.

    The scheme and the host are in lower case; the place in the page (`#…`), the
    scheme's own port and names or passwords are gone; path and query stay as they are.

    Args:
        raw: The address as written; with `page_url`, it may be relative (`/a`, `../a`).
        page_url: Where the page was fetched from, if that is known.
    """
    if not raw:
        return None
    if _ORDINARY.fullmatch(raw):
        return raw
    try:
        url = _UNSEEN.sub("", raw.strip().replace(" ", "%20"))
        if page_url and url.startswith(("/", "./", "../", "?")):
            url = urljoin(_UNSEEN.sub("", page_url), url)
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not host or not _HOST.fullmatch(host):
        return None
    place = host.removesuffix(".") if ":" not in host else f"[{host}]"
    if port is not None and port != _PORTS[parts.scheme]:
        place += f":{port}"
    return urlunsplit((parts.scheme, place, parts.path or "/", parts.query, ""))


def site_of(url: str) -> str | None:
    """The host of a cleaned URL, without `www.`."""
    host = urlsplit(url).hostname
    return host.removeprefix("www.") if host else None
