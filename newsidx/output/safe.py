"""Text from articles and file names, made safe to show."""

from __future__ import annotations

import re

__all__ = ["escaped", "one_line", "printable", "valid"]

# C0 and C1 controls but for tab and newline; bidirectional overrides and isolates;
# zero-width characters that hide or reorder what is read.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028\u2029"
    "\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb]"
)


def valid(text: str) -> str:
    """The text as valid Unicode: bytes of a file name that are none become U+FFFD."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def printable(text: str) -> str:
    """The text without characters that act on a terminal; its length stays the same."""
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text)


def one_line(text: str) -> str:
    """The text on one line, safe to print; its length stays the same."""
    return printable(text.replace("\n", " ").replace("\t", " ").replace("\r", " "))


def escaped(json_text: str) -> str:
    """JSON in which what acts on a terminal is written as escapes: to a program, the same."""
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", json_text)
