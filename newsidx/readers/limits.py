"""How much of an article there may be."""

from __future__ import annotations

from newsidx.errors import ReadError

__all__ = [
    "MAX_BODY",
    "MAX_FIELD",
    "MAX_MARKUP",
    "MAX_RECORD",
    "MAX_VALUE",
    "check_body",
    "check_markup",
]

MAX_BODY = 16 * 1024 * 1024
"""Characters in a body: the whole Bible four times over."""

MAX_FIELD = 1024 * 1024
"""Characters in any other field, in all of its names or terms together."""

MAX_MARKUP = 20 * 1024 * 1024
"""Characters of HTML in an article, of which a tree takes a dozen bytes each."""

MAX_RECORD = 64 * 1024 * 1024
"""Bytes (or characters) in one record, or one line, of a file that holds many."""

MAX_VALUE = 128 * 1024 * 1024
"""Characters in one JSON value that is a whole file; see `newsidx.readers.records.jsonstream`."""


def check_body(text: str) -> None:
    """Refuse a body that no article has.

    Raises:
        ReadError: `too-large`.
    """
    if len(text) > MAX_BODY:
        message = f"its text is longer than {MAX_BODY // 1024**2} million characters"
        raise ReadError("too-large", message)


def check_markup(text: str) -> None:
    """Refuse more HTML than can be taken apart safely.

    Raises:
        ReadError: `too-large`.
    """
    if len(text) > MAX_MARKUP:
        raise ReadError("too-large", f"its HTML is longer than {MAX_MARKUP // 1024**2} MiB")
