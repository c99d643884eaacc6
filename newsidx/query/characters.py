"""Single characters as the query language sees them: quotes, word characters, the unseen."""

from __future__ import annotations

import unicodedata

__all__ = ["CLOSING", "core", "has_token", "has_wildcard", "is_word_character", "quoted"]
__all__ += ["shown", "visible"]

CLOSING: dict[str, str] = {
    '"': '"',
    "“": "“”",
    "”": "“”",
    "„": "“”",
    "«": "»",
    "»": "«",
}
"""Opening quote -> the characters that close it. A straight quote is closed by a
straight one only, so that either kind can stand inside the other. An apostrophe
never quotes."""

# Categories that a terminal may act on, or that can't be encoded for it.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})

_LONGEST_SHOWN = 40


def is_word_character(char: str) -> bool:
    """Whether the character can be part of a token: a letter, a mark or a decimal digit."""
    if char.isascii():
        return char.isalnum()
    category = unicodedata.category(char)
    return category[0] in "LM" or category == "Nd"


def has_token(text: str) -> bool:
    """Whether there is anything in the text to search for."""
    return any(map(is_word_character, text))


def has_wildcard(phrase: str) -> bool:
    """Whether quotes hold what would be a wildcard without them."""
    return "*" in phrase or any(
        mark == "?" and is_word_character(before) and is_word_character(after)
        for before, mark, after in zip(phrase, phrase[1:], phrase[2:], strict=False)
    )


def core(pattern: str) -> tuple[int, int]:
    """Where a wildcard word starts and ends within the punctuation around it."""
    inside = [at for at, char in enumerate(pattern) if char in "*?" or is_word_character(char)] or [
        0,
        -1,
    ]
    return inside[0], inside[-1] + 1


def quoted(text: str) -> str:
    """The text in the first kind of quotes that does not end inside it.

    A text with every kind of quotes, which only `-F` can bring, loses its straight
    ones: they are punctuation.
    """
    for opening, closing in ('""', "“”", "«»", "»«"):
        if not any(mark in text for mark in CLOSING[opening]):
            return f"{opening}{text}{closing}"
    return '"' + text.replace('"', " ") + '"'


def visible(char: str) -> str:
    """The character, or a stand-in of one column for one that must not be printed."""
    if unicodedata.category(char) not in _UNSEEN:
        return char
    return " " if char.isspace() else "\N{REPLACEMENT CHARACTER}"


def shown(text: str) -> str:
    """A piece of a query as a message shows it: printable, and not longer than a line."""
    short = text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
    return "".join(map(visible, short))
