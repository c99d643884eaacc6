"""Text as it should have been saved: composed, without what nobody can see.

Two functions, for running text and for one line. Both give what they are given
when there is nothing to do, which a look at the text decides quickly, and both
change nothing the second time.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["clean_line", "clean_text"]

# Terminal escapes are taken out whole, or their letters and numbers would stay behind
# as words. ECMA-48: a control sequence (5.4) and a control string (5.6), of one line.
# Their forms with a C1 byte are left alone: in text that was read as Latin-1, such a
# byte is a quotation mark, and what follows it a word.
_ESCAPES = re.compile("\x1b\\[[0-?]*[ -/]*[@-~]|\x1b\\][^\x07\x1b\n]*(?:\x07|\x1b\\\\)")

# What ends a line, what is a space, and what shows nothing: C0 and C1 controls, soft
# hyphens, zero-width, bidirectional, interlinear and tag characters, byte order marks.
# Tags can spell out a text that only machines read.
_BREAKS = "\r\x0b\x0c\x85\u2028\u2029"
_SPACES = "\t\x1c\x1d\x1e\x1f\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_UNSEEN = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
)
_BREAK = re.compile(f"\r\n|[{_BREAKS}]")
_SPACE = re.compile(f"[{_SPACES}]")
_DROPPED = re.compile(f"[{_UNSEEN}]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ODD = re.compile(f"[{_BREAKS}{_SPACES}{_UNSEEN}\u200c\u200d\ud800-\udfff]")
_ODD_ASCII = bytes({*range(0x20), 0x7F} - {ord("\n")})
_GRAPHEME_JOINER = "\u034f"  # the one of these that counts as printable

# A joiner spells something in the scripts from Arabic to Sinhala, in Burmese, Khmer and
# Mongolian, and binds the parts of an emoji; between other letters it only hides a word.
_JOINERS = re.compile("([\u200c\u200d]+)")
_JOINING = re.compile(
    "[\u0600-\u0dff\u1000-\u109f\u1780-\u18af\u2300-\u27bf\ufe0f\U0001f000-\U0001faff]"
)
_NON_JOINER = "\u200c"
_MARKS_SEEN = 30  # Unicode's stream-safe format (UAX 15) has no more behind one letter

_LINE_END = re.compile("(?<! ) +\n")  # looked for once in a run of spaces
_BLANK_LINES = re.compile("\n{3,}")


def clean_text(text: str) -> str:
    """Clean a body: its lines stay, with at most one blank line between two.

    The text is composed (NFC). Line ends of every kind become a line feed; a tab, a
    no-break or other Unicode space becomes an ordinary space. Runs of spaces within a
    line stay as they are, since such a gap can be the trace of a word that a scraper
    dropped. A lone surrogate becomes U+FFFD; characters that show nothing go, except
    the joiners of scripts that spell with them.
    """
    if text.isascii():
        data = text.encode()
        if len(data.translate(None, _ODD_ASCII)) < len(data):
            text = _seen(text)
    elif not _is_plain(text) and _ODD.search(text):
        text = unicodedata.normalize("NFC", _seen(text))
        if _JOINERS.search(text):
            text = unicodedata.normalize("NFC", _without_idle_joiners(text))
    else:
        text = unicodedata.normalize("NFC", text)
    if " \n" in text:
        text = _LINE_END.sub("\n", text)
    if "\n\n\n" in text:
        text = _BLANK_LINES.sub("\n\n", text)
    return text.strip()


def _is_plain(text: str) -> bool:
    """Whether there is nothing odd in it: a quicker look than `_ODD`, which has the last word."""
    return _GRAPHEME_JOINER not in text and all(map(str.isprintable, text.split("\n")))


def clean_line(text: str) -> str:
    """Clean a field of one line: as a body, and every white space is a single space."""
    return " ".join(clean_text(text).split())


def _seen(text: str) -> str:
    """The text without what shows nothing, its spaces and line ends ordinary ones."""
    if _SURROGATE.search(text):
        # Through UTF-16, where two surrogates that belong together find each other.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = _ESCAPES.sub("", text)
    text = _BREAK.sub("\n", text)
    text = _SPACE.sub(" ", text)
    return _DROPPED.sub("", text)


def _without_idle_joiners(text: str) -> str:
    """The text with joiners only where they join, and never two in a row."""
    pieces = _JOINERS.split(text)
    before = ""
    for place in range(1, len(pieces), 2):
        before = (before + pieces[place - 1])[-_MARKS_SEEN:]
        joiner, after = pieces[place][0], pieces[place + 1][:1]
        if _joins(before) and (joiner != _NON_JOINER or _joins(after)):
            before += joiner
        else:
            joiner = ""
        pieces[place] = joiner
    return "".join(pieces)


def _joins(before: str) -> bool:
    """Whether a text ends in a letter, with marks of its kind, that joiners work on."""
    for char in reversed(before):
        if not _JOINING.match(char):
            return False
        if not unicodedata.combining(char):
            return True
    return False
