"""How much of an article there may be."""

from __future__ import annotations

from newsidx.errors import ReadError

__all__ = ["MAX_BODY", "MAX_RECORD", "MAX_VALUE", "check_body"]

MAX_BODY = 16 * 1024 * 1024
"""Characters in a body: the whole Bible four times over."""

MAX_RECORD = 64 * 1024 * 1024
"""Bytes (or characters) in one record, or one line, of a file that holds many."""

MAX_VALUE = 128 * 1024 * 1024
"""Characters in one JSON value that is a whole file, and takes twice its size once parsed."""


def check_body(text: str) -> None:
    """Refuse a body that no article has.

    Raises:
        ReadError: `too-large`.
    """
    if len(text) > MAX_BODY:
        message = f"its text is longer than {MAX_BODY // 1024**2} million characters"
        raise ReadError("too-large", message)
