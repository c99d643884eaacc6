"""A quick look at a stored article, before it is read for the spelling of a word."""

from __future__ import annotations

import re
from functools import cache
from unicodedata import category

__all__ = ["may_hold"]

_KELVIN = "\u212a"  # composes to the letter K


@cache
def _disguises() -> re.Pattern[str]:
    """What can stand in a text where a spelling has something else, or nothing.

    Format characters all lie in the first two planes and among the tags.
    """
    codes = (*range(0x20000), *range(0xE0000, 0xE0080))
    formats = "".join(chr(code) for code in codes if category(chr(code)) == "Cf")
    return re.compile(f"[{re.escape(formats)}{_KELVIN}]")


def may_hold(stored: str, spelling: tuple[str, ...]) -> bool:
    """Whether an article may hold words in a spelling; False is certain.

    Args:
        stored: The article as JSON, its characters unescaped but for ASCII punctuation
            and controls.
        spelling: As in `bound.Phrase`.
    """
    if all(word in stored for word in spelling if word.isascii()):
        return True
    if stored.isascii():
        return False
    return _disguises().search(stored) is not None
