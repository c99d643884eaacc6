"""Links on a terminal (OSC 8): where they lead, and whether the terminal has them."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

__all__ = ["file_link", "has_links", "target_of", "web_link", "without_links"]

# Terminals that print what they should swallow, or know too little to try.
_PLAIN = frozenset(("", "dumb", "unknown", "linux", "cons25", "vt52", "vt100", "vt220"))

# What an address may hold as it stands: unreserved and reserved characters of RFC 3986,
# and the sign of what is encoded already. Brackets are for IPv6 hosts.
_KEPT = frozenset(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%"
)
# Of a path, fewer: these would end it.
_KEPT_IN_PATHS = _KEPT - frozenset(b"?#%[]")

_LINK = re.compile("\x1b\\]8;[^\x07\x1b]*(?:\x07|\x1b\\\\)")


def has_links(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the terminal is likely to know links, or to swallow them quietly.

    FORCE_HYPERLINK=0 says no to all, and 1 yes.
    """
    forced = environ.get("FORCE_HYPERLINK")
    if forced:
        return forced != "0"
    term = environ.get("TERM", "")
    return term not in _PLAIN and not term.startswith("eterm")


def web_link(url: str | None) -> str | None:
    """An address that a terminal may open: http or https, ASCII, without blanks.

    None for any other address.
    """
    address = (url or "").strip()
    if not address.lower().startswith(("http://", "https://")):
        return None
    return _encoded(address.encode("utf-8", "replace"), _KEPT)


def file_link(path: str) -> str | None:
    """The address of a file, or of the archive that it is in; None where neither is there.

    Args:
        path: Absolute; bytes of its name that are no UTF-8 as surrogates.
    """
    raw = os.fsencode(path)
    while not os.path.lexists(raw):
        above = os.path.dirname(raw)  # noqa: PTH120 - may be no UTF-8
        if above in (raw, b"", b"/"):
            return None
        raw = above
    return "file://" + _encoded(raw, _KEPT_IN_PATHS) if raw.startswith(b"/") else None


def target_of(url: str | None, path: str) -> str | None:
    """Where an article's title leads: to its address on the web, else to its file."""
    return web_link(url) or file_link(path)


def without_links(text: str) -> str:
    """Text for a terminal without its links."""
    return _LINK.sub("", text) if "\x1b]8;" in text else text


def _encoded(raw: bytes, kept: frozenset[int]) -> str:
    return "".join(chr(byte) if byte in kept else f"%{byte:02X}" for byte in raw)
