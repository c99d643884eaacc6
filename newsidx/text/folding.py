"""Folding: the form under which a token is indexed and looked up.

Case, accents and the variants of compatibility characters are typed one day and left
out the next. Folding removes what readers do not search by and keeps what makes
another letter: `é` becomes `e`, but `й` stays apart from `и`.
"""

from __future__ import annotations

from unicodedata import category, name, normalize

__all__ = ["HAN_ZERO", "MAX_UNITS", "cut", "fold"]

MAX_UNITS = 255
"""Length at which a token is cut, in UTF-16 code units."""

# Letters that Unicode does not decompose, with what people type for them. Lower
# case only; ß, ſ and ς are not here because case folding knows them.
_LETTERS = (
    "ł=l ø=o đ=d ı=i ȷ=j æ=ae œ=oe ð=d þ=th ħ=h ŧ=t ŋ=n ĸ=k ə=e ǝ=e ɛ=e ɔ=o ɓ=b ɖ=d ɗ=d "
    "ƒ=f ɣ=g ƙ=k ɲ=n ʋ=v ƴ=y ɩ=i ʊ=u ɨ=i ʉ=u ɵ=o ƶ=z ǥ=g ƀ=b ƚ=l ɫ=l ɍ=r ɏ=y ɉ=j ɇ=e ⱥ=a "
    "ȼ=c ⱦ=t"
)

# Letters and marks by category that carry nothing to search by: the letter apostrophe
# (it separates tokens, and comes in with ŉ), the turned comma and half rings of
# transliteration (Hawaiʻi, Qurʾan), the Arabic stretching stroke, and what Unicode calls
# default ignorable: joiners, fillers and variation selectors.
_SILENT = (
    *(0x02BB, 0x02BC, 0x02BE, 0x02BF, 0x0640, 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5),
    *(0x180B, 0x180C, 0x180D, 0x180F, 0x3164, 0xFFA0),
    *range(0xFE00, 0xFE10),
    *range(0xE0100, 0xE01F0),
)

HAN_ZERO = "〇"
"""A letter number (Nl) to Unicode, and a character like 一 to its readers: kept."""

_IE, _DIAERESIS = "е", "\u0308"  # ё is Cyrillic е with a diaeresis that print leaves out

_CACHE_SIZE = 200_000


class _Letters(dict[int, str]):
    """Code point -> what stands for it in a form; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        kind = category(char)
        kept = kind[0] in "LM" or kind == "Nd" or char == HAN_ZERO
        letter = self[code] = char if kept else ""
        return letter


class _Kinds(dict[str, str]):
    """Character -> `mark`, `bare` (its marks are removed) or `other`."""

    def __missing__(self, char: str) -> str:
        if category(char)[0] == "M":
            kind = "mark"
        else:
            # Names are stable by Unicode's policy, and say the script where code charts
            # are scattered over a dozen blocks.
            kind = "bare" if name(char, "").startswith(("LATIN ", "GREEK ")) else "other"
        self[char] = kind
        return kind


class _Forms(dict[str, str]):
    """Token -> form, emptied when full, so that memory stays bounded."""

    def __missing__(self, token: str) -> str:
        form = _fold(token)
        if len(token) <= MAX_UNITS:
            if len(self) >= _CACHE_SIZE:
                self.clear()
            self[token] = form
        return form


_letters = _Letters({ord(pair[0]): pair[2:] for pair in _LETTERS.split()})
_letters.update(dict.fromkeys(_SILENT, ""))
_kinds = _Kinds()
_forms = _Forms()


def cut(text: str) -> str:
    """The first 255 UTF-16 units of a text, never half a surrogate pair."""
    if 2 * len(text) <= MAX_UNITS or (len(text) <= MAX_UNITS and text.isascii()):
        return text
    head = text[:MAX_UNITS]
    while len(head) + sum(char > "\uffff" for char in head) > MAX_UNITS:
        head = head[:-1]
    return head


def fold(token: str) -> str:
    """The form of one token: what is indexed, and what queries are compared with.

    NFKC, case-folded (Unicode standard, sections 3.11 and 3.13); marks removed after
    Latin and Greek letters only; letters that do not decompose spelled out by a fixed
    table; the result in NFC. `fold(fold(x)) == fold(x)` for every string.

    Args:
        token: Any text; of anything but a token, only the letters, marks and decimal
            digits are looked at.

    Returns:
        Only characters of the categories L*, M*, Nd (and 〇), at most 255 UTF-16 units
        of them; "" when nothing is left.
    """
    if token.isascii() and token.isalnum():
        return token.lower()[:MAX_UNITS]
    return _forms[token]


def _fold(token: str) -> str:
    decomposed = normalize("NFKD", normalize("NFKC", token).casefold())
    kept: list[str] = []
    base, kind = "", "other"
    # Dropping comes first: it can bring a mark to stand behind a letter.
    for char in decomposed.translate(_letters):
        if (next_kind := _kinds[char]) != "mark":
            base, kind = char, next_kind
        elif kind == "bare" or (base == _IE and char == _DIAERESIS):
            continue
        kept.append(char)
    return cut(normalize("NFC", "".join(kept)))
