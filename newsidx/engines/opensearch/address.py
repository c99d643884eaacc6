"""Addresses of an index in a cluster: `https://host:9200/name`, one or several."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from newsidx.errors import UsageError

__all__ = ["MARK", "addresses"]

MARK = ".newsidx."
"""Stands between the name that is searched and the rest of a physical index's name."""

_EXAMPLE = "Write --url https://host:9200/name, with the name of the index at its end."
_INDEX = re.compile(r"[a-z0-9][a-z0-9._-]{0,150}")


def addresses(given: object) -> tuple[tuple[str, ...], str]:
    """The base addresses of nodes, and the name of the index that all of them end in.

    Args:
        given: An address, several with commas between them, or a list of such.

    Raises:
        UsageError: There is none, one makes no sense, or one holds a password.
    """
    texts: Iterable[object] = given if isinstance(given, list | tuple) else [given or ""]
    urls = [url.strip() for text in texts for url in str(text).split(",") if url.strip()]
    if not urls:
        raise UsageError("The engine opensearch needs an address.", _EXAMPLE)
    hosts, names = [], []
    for url in urls:
        host, name = _address(url)
        hosts.append(host)
        names.append(name)
    if len(set(names)) > 1:
        raise UsageError(
            f"These are addresses of different indexes: {', '.join(sorted(set(names)))}.",
            "Several addresses are those of nodes of one cluster, with the same name at the end.",
        )
    return tuple(dict.fromkeys(hosts)), names[0]


def _address(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UsageError("That is no address of an index.", _EXAMPLE) from None
    if parts.username is not None or parts.password is not None:
        # Not even the name is repeated: whatever stands there may be the secret.
        raise UsageError(
            "An address must hold no name and no password: others can see command lines.",
            "Set NEWSIDX_OPENSEARCH_USER and NEWSIDX_OPENSEARCH_PASSWORD instead.",
        )
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"{url!r} is no address of an index.", _EXAMPLE)
    if parts.query or parts.fragment:
        raise UsageError("An address of an index has no ? and no #.", _EXAMPLE)
    prefix, _, name = parts.path.rstrip("/").rpartition("/")
    if not _INDEX.fullmatch(name) or MARK in f".{name}.":
        raise UsageError(
            f"{name!r} can't be the name of an index." if name else f"{url!r} names no index.",
            _EXAMPLE if not name else "Small letters, digits, and - _ . between them.",
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    default = 443 if parts.scheme == "https" else 80
    return f"{parts.scheme}://{host}:{port or default}{prefix}", name
