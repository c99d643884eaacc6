"""Tokens: the one definition of a word, for articles and for queries.

A token is a maximal run of letters, marks and decimal digits (Unicode L*, M* and Nd).
Format characters (Cf) inside a run are looked through; an apostrophe separates, and a
lone `s` after one takes no position. In scripts written without spaces a token is one
character with its marks. The position of a token is its index in the list.

There are three ways through, quickest first, and they agree: a byte table for what
Latin-1 and the typography of newspapers cover, a character table for other scripts,
and a regular expression over character classes where characters stand for words or
where offsets are asked for.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple
from unicodedata import category, normalize

from newsidx.text.folding import HAN_ZERO, MAX_UNITS, cut, fold

__all__ = ["TOKEN_VERSION", "Token", "forms", "is_unspaced", "lowered", "spelt", "tokenize"]

TOKEN_VERSION = 2
"""Changes whenever the same article gives other tokens, or engines other terms and
positions of them; stands in an index's manifest."""


class Token(NamedTuple):
    """One word of a text.

    Attributes:
        form: The folded form, never empty; equal to `fold(lower)`.
        lower: In lower case, accents kept, format characters left out: what a stemmer
            is given. Cut to 255 UTF-16 units, as the form is.
        start: Its first character in the original text, in code points.
        end: One past its last; a cut token still spans the whole word.
    """

    form: str
    lower: str
    start: int
    end: int


_APOSTROPHES = "'’ʼ＇"

_FIRST_UNSPACED = "\u0e01"
_HALF_WIDTH_VOICING = "\uff9e\uff9f"  # ﾞ ﾟ: letters to Unicode, marks to their readers

# The classes of characters, one letter each. A silent character is a letter or mark that
# folds to nothing: it belongs to words, but a token of such alone is none.
_WORD, _S, _MARK, _SILENT, _UNSPACED, _FORMAT, _APOSTROPHE, _OTHER = "wsmeuf' "

# Over classes: a lone s after an apostrophe (no group), or a token.
_TOKEN = re.compile("'f*s(?!f*[wsme])|(u(?:f*[me])*|[wsme]+(?:f+[wsme]+)*)")


@cache
def _unspaced_scripts() -> re.Pattern[str]:
    """The scripts written without spaces, by code point.

    Thai, Lao, Burmese, Khmer, and Han with both kana (々 and ー stand among them), their
    digits included. Marks and punctuation in these ranges are told apart by category.
    """
    # Compiled on demand: a set this wide takes milliseconds, and much news needs none.
    return re.compile(
        "["
        "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\ua9e0-\ua9ff\uaa60-\uaa7f"
        "\u3005-\u3007\u3031-\u3035\u303b-\u303c\u3041-\u30ff\u31f0-\u31ff"
        "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
        "\U0001aff0-\U0001afff\U0001b000-\U0001b16f\U00020000-\U0003fffd"
        "]"
    )


def _class_of(char: str) -> str:
    """The class of a character, one letter: what a token is made of."""
    kind = category(char)
    if char in _APOSTROPHES:
        return _APOSTROPHE
    if kind == "Cf":
        return _FORMAT
    if kind[0] not in "LM" and kind != "Nd" and char != HAN_ZERO:
        return _OTHER
    if not fold(char):
        return _SILENT
    if kind[0] == "M" or char in _HALF_WIDTH_VOICING:
        return _MARK
    if char >= _FIRST_UNSPACED and _unspaced_scripts().match(char):
        return _UNSPACED
    return _S if char in "sSｓＳ" else _WORD


class _Classes(dict[int, str]):
    """Code point -> class, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        kind = self[code] = _class_of(chr(code))
        return kind


def is_unspaced(char: str) -> bool:
    """Whether a character is a word of its own, in a script written without spaces."""
    return char >= _FIRST_UNSPACED and _classes[ord(char)] == _UNSPACED


_SILENT_FLAG = "\0"  # stands before a silent character in a spaced text


class _Spacing(dict[int, str]):
    """Code point -> lower case; a space for a separator, nothing for a format character.

    What it makes of a text, `str.split` takes apart.
    """

    def __missing__(self, code: int) -> str:
        char = chr(code)
        kind = _classes[code]
        if kind in (_OTHER, _APOSTROPHE):
            spaced = kind
        elif kind == _FORMAT:
            spaced = ""
        elif kind == _SILENT:
            spaced = _SILENT_FLAG + char
        else:
            # The lower case of Σ depends on its place in the word.
            spaced = char if char == "Σ" else char.lower()
        self[code] = spaced
        return spaced


_classes = _Classes()
_spacing = _Spacing()

# What newspapers print beyond Latin-1, with an equivalent of the same length and class.
_TYPOGRAPHY = (
    ("’", "'"),
    *((char, " ") for char in "‘“”„‚–—…•‑€\u2009\u202f™"),
)


def _typewritten(text: str) -> str:
    """The text with the typography of newspapers replaced, character by character."""
    if not text.isascii():
        for char, plain in _TYPOGRAPHY:
            text = text.replace(char, plain)
    return text


@cache
def _latin_1() -> tuple[bytes, bytes]:
    """A byte table over Latin-1 and the bytes to delete, for `bytes.translate`."""
    table = bytes(ord(_spacing[code] or " ") for code in range(256))
    return table, bytes(code for code in range(256) if not _spacing[code])


def _spaced(text: str) -> str | None:
    """The text in lower case with nothing but spaces between its words.

    None when it holds scripts without spaces. Silent letters are preceded by a flag, Σ
    is still a capital, and nothing is cut.
    """
    try:
        raw = _typewritten(text).encode("latin-1")
    except UnicodeEncodeError:
        if _unspaced_scripts().search(text):
            return None
        spaced = text.translate(_spacing)
    else:
        spaced = raw.translate(*_latin_1()).decode("latin-1")
    if "'" in spaced:
        # Every apostrophe gets a space of its own before it, so that in `'s's ` the two
        # don't share one.
        spaced = spaced.replace("'", " '") + " "
        spaced = spaced.replace("'s ", " ").replace("'ｓ ", " ").replace("'", " ")
    return spaced


def _has_longer(spaced: str, length: int) -> bool:
    """Whether a word is longer than so many characters, looking at few of them."""
    start = 0
    while start + length < len(spaced):
        start = spaced.rfind(" ", start, start + length + 1) + 1
        if not start:
            return True
    return False


def _words(spaced: str) -> list[str]:
    """The lower-case tokens of a spaced text."""
    words = spaced.split()
    if _SILENT_FLAG in spaced:
        words = [word.replace(_SILENT_FLAG, "") for word in words]
        words = [word for word in words if fold(word)]
    if "Σ" in spaced:
        words = [word.lower() for word in words]
    if _has_longer(spaced, MAX_UNITS if spaced.isascii() else MAX_UNITS // 2):
        words = [cut(word) for word in words]
    return words


def lowered(text: str) -> list[str]:
    """The tokens of a text in lower case, accents kept: `Token.lower` of each.

    The quick form for indexing; as many as `tokenize` gives, in the same order.
    """
    return list(_lowered(text))


@lru_cache(maxsize=2)  # an article's words are counted first, and then indexed
def _lowered(text: str) -> tuple[str, ...]:
    spaced = _spaced(text)
    if spaced is None:
        return tuple(token.lower for token in _tokens_by_class(text))
    return tuple(_words(spaced))


def forms(text: str) -> list[str]:
    """The forms of the tokens of a text: `Token.form` of each, in order."""
    spaced = _spaced(text)
    if spaced is None:
        return [token.form for token in _tokens_by_class(text)]
    words = _words(spaced)
    if spaced.isascii():
        return words
    return [word if word.isascii() else fold(word) for word in words]


_new = tuple.__new__  # a NamedTuple's own constructor is a Python function

# A token, unless it is a lone s after an apostrophe; written so that only a token that
# begins with s pays for the question.
_ASCII_TOKEN = re.compile("(?:[0-9a-rt-z]|s(?:[0-9a-z]|(?<!'s)))[0-9a-z]*")


def tokenize(text: str) -> list[Token]:
    """The tokens of a text with their offsets, in code points of the text as given."""
    typewritten = _typewritten(text)
    if not typewritten.isascii():
        return _tokens_by_class(text)
    return [
        _new(Token, (word := match[0][:MAX_UNITS], word, match.start(), match.end()))
        for match in _ASCII_TOKEN.finditer(typewritten.lower())
    ]


def spelt(text: str) -> str:
    """One token as a text spells it: case and marks kept, in one of their encodings.

    Composed (NFC), and without the format characters that a token is read through.
    """
    if text.isascii():
        return text
    return "".join(char for char in normalize("NFC", text) if category(char) != "Cf")


def _tokens_by_class(text: str) -> list[Token]:
    """The general way, good for every text: the others are tested against it."""
    classes = text.translate(_classes)
    has_formats = _FORMAT in classes
    tokens: list[Token] = []
    for match in _TOKEN.finditer(classes):
        start, end = match.span(1)
        if start < 0:
            continue
        word = text[start:end]
        if has_formats and not word.isascii():
            word = "".join(char for char in word if _classes[ord(char)] != _FORMAT)
        word = word.lower()
        if len(word) > MAX_UNITS // 2:
            word = cut(word)
        form = word if word.isascii() else fold(word)
        if form:  # silent characters alone are no token
            tokens.append(_new(Token, (form, word, start, end)))
    return tokens
