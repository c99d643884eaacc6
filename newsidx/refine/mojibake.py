"""Text that was saved as UTF-8 and read as Windows-1252, put right again.

`Itâ€™s a cafÃ©` was `It’s a café`. Only what no right text can hold sets the repair off,
line by line: a line without such a trace stays as it is, to the letter. The repair is
`ftfy.fix_encoding`, which must agree that the line is broken; its further changes
(quotation marks, ligatures, line ends) are not made.
"""

from __future__ import annotations

import re

__all__ = ["mended"]

# What a UTF-8 continuation byte (80 to BF) looks like in Windows-1252, or in Latin-1.
_NEXT = "\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
# The same, without what stands in right text behind a word in capitals that ends in a
# letter with an accent: quotation marks, dashes, dots, spaces, and what is raised.
_SIGN = "\xa1-\xa9\xac\xaf\xb1\xb4-\xb6\xb8\xbc-\xbf€ƒ†‡ˆ‰Š‹ŒŽ˜œžŸ"

_TRACE = re.compile(
    # Two bytes: é is `Ã©`. Capitals within a word in small letters, or before a sign.
    f"[ÃÂ][{_SIGN}]|Â®|(?<![^\\W\\d_])Â[°\xa0]|(?<=[a-zß-öø-ÿ])[ÃÂÄÅ][{_NEXT}]"
    f"|[ÄÅ][{_NEXT}](?=[a-z])(?<![A-ZÀ-Þ][ÄÅ].)"
    # `Â ` was a no-break space, which a browser may since have made a plain one; à is `Ã `.
    "|(?<![^\\W\\d_])Ã\xa0|(?<=[a-z0-9.,;:!?%)])Â (?=\\s|\\w|$)"
    # Three bytes: ’ is `â€™`, ™ is `â„¢`, ế is `áº¿`; four: an emoji; a byte order mark.
    f"|â[€‚„†‰ˆ][{_NEXT}]?|(?<=á)º[{_NEXT}]|(?<=á)»[\xa1-\xbf€ƒ†‡ˆ‰Š‹ŒŽ˜™œžŸ](?=\\w)|ðŸ|ï»¿"
    # Whole words in Cyrillic and Greek, two bytes a letter.
    f"|(?:[ÐÑ][{_NEXT}]){{2}}|(?:[ÎÏ][{_NEXT}]){{2}}"
    # Read as Latin-1, and Windows-1252 read as that: control characters, mostly for quotation
    # marks. The one for an ellipsis is also a line end (NEL), and left alone after a word.
    "|[ÃÂÄÅÐÑÎÏâð][\x80-\x9f]|[\x91-\x97]"
)
# What each trace begins with, or has before its end.
_BEGINNINGS = (
    *("Ã", "Â", "Ä", "Å", "Ð", "Ñ", "Î", "Ï", "â", "ð", "ï", "º", "»"),
    *("\x91", "\x92", "\x93", "\x94", "\x95", "\x96", "\x97"),
)


def mended(text: str) -> str:
    """The text with its mojibake put right; itself where there is none for sure."""
    if text.isascii() or not _may_be_broken(text) or not _is_broken(text):
        return text
    from ftfy import fix_encoding

    return "\n".join(fix_encoding(line) if _is_broken(line) else line for line in text.split("\n"))


def _may_be_broken(text: str) -> bool:
    """Whether it has one of the characters without which no text of any length is broken.

    Asked of every text, and written out for that: it takes half a microsecond for 2,000
    characters, a fiftieth of what a search for the expression takes.
    """
    return (
        "Ã" in text or "â" in text or "Â" in text or "Ä" in text or "Å" in text
        or "Ð" in text or "Î" in text or "ð" in text or "ï" in text
        or "\x92" in text or "\x93" in text or "\x96" in text or "\x97" in text
    )  # fmt: skip


def _is_broken(text: str) -> bool:
    """Whether there is a trace in it, looked for only where one can begin."""
    for beginning in _BEGINNINGS:
        at = text.find(beginning)
        while at >= 0:
            if _TRACE.match(text, at):
                return True
            at = text.find(beginning, at + 1)
    return False
