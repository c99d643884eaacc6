"""Detecting the eight-bit encoding of text that declares none and is not UTF-8.

charset-normalizer recognises writing systems well and Western European badly: a
pound sign in an English article may come out of it as `Ł` or `Ž`. So text in the
Latin alphabet is judged here, by the letters that its languages use, and only the
rest is handed to the library.
"""

from __future__ import annotations

import re
from collections import Counter

__all__ = ["detect"]

# Letters beyond ASCII that are ordinary in each language, as their dictionaries
# have them. One language must account for (nearly) all that are found: Czech read
# as windows-1252 has ø, ì, è and ù side by side, and nobody writes so.
_WESTERN = {
    "French": "àâæçèéêëîïôœùûüÿ",
    "German": "äöüß",
    "Spanish": "áéíñóúüªº",
    "Portuguese": "àáâãçéêíóôõúüªº",
    "Italian": "àèéìîòóù",
    "Catalan": "àçèéíïòóúü",
    "Danish and Norwegian": "åæøéèòóôü",
    "Swedish and Finnish": "åäöéšžü",
    "Dutch": "áäèéëïóöüĳ",
    "Icelandic": "áæéíðóöúýþ",
}
_CENTRAL = {
    "Polish": "ąćęłńóśźż",
    "Czech": "áčďéěíňóřšťúůýž",
    "Slovak": "áäčďéíĺľňóôŕšťúýž",
    "Hungarian": "áéíóöőúüű",
    "Romanian": "âăîşţșț",
    "Croatian and Slovene": "čćđšž",
    "Albanian": "çë",
}
_TURKISH = {"Turkish": "âçîöûüğış"}
_BALTIC = {
    "Estonian": "äõöüšž",
    "Latvian": "āčēģīķļņōŗšūž",
    "Lithuanian": "ąčėęįšūųž",
}
# A text that is almost all ASCII takes its accents from the names of all nations.
_ANY_WESTERN = "".join(sorted(set("".join(_WESTERN.values())) - set("ªºĳ")))
_NAMES = {"names in English": _ANY_WESTERN}
_NAMES_SHARE = 0.015

# Between equals the earlier is taken, as the likelier one.
_CANDIDATES = (
    ("windows-1252", {**_WESTERN, **_NAMES}),
    ("iso8859_15", {**_WESTERN, **_NAMES}),
    ("windows-1250", _CENTRAL),
    ("iso8859_2", _CENTRAL),
    ("windows-1254", _TURKISH),
    ("windows-1257", _BALTIC),
    ("mac_roman", {**_WESTERN, **_NAMES}),
    ("cp850", {**_WESTERN, **_NAMES}),
    ("cp852", _CENTRAL),
)

# What Latin text has besides letters.
_SIGNS = frozenset("\xa0£€¥§©®™°·•†‡…–—‘’‚“”„‹›«»¡¿´½¼¾²³¹×±¢µ‰\xad¶")
# Signs that may touch a letter on either side: apostrophes, dashes, soft hyphens …
_TOUCHING = frozenset("\xa0’‘…–—·•®™°²³\xad/×")

# Above this share of all letters, those beyond ASCII are a script of their own
# (Vietnamese aside, which no encoding here holds): Czech has about 15 in 100.
_LATIN_SHARE = 0.35
_MAX_ODD = 0.1
# A letter of another Western language, as in a foreign name, is this much of an oddity.
_BORROWED = 0.25
_SAMPLE = 16 * 1024

# The escape sequences that switch to another character set (ISO 2022).
_ESCAPES = ((b"\x1b$)C", "iso2022_kr"), (b"\x1b$", "iso2022_jp"), (b"\x1b(J", "iso2022_jp"))

_TAG = re.compile(rb"</?[A-Za-z][^<>]{0,1000}>")
_HIGH = re.compile(rb"[\x80-\xff]")
_CELL = re.compile(r"(.?)([^\x00-\x7f])(?=(.?))", re.DOTALL)

# What the web and the archives of newspapers are written in. The library knows
# forty more, and finds them in texts that they never held.
_OTHERS = [
    "big5", "big5hkscs", "gb18030", "euc_jp", "cp932", "euc_kr", "cp949", "johab",
    "cp1251", "koi8_r", "koi8_u", "iso8859_5", "cp866", "cp855", "mac_cyrillic",
    "cp1253", "iso8859_7", "cp1255", "cp1256", "iso8859_6", "cp874",
]  # fmt: skip


def detect(data: bytes) -> str | None:
    """The codec that `data` is most likely written in, or None when nothing fits.

    Looks at up to 16 KiB of the lines that have characters beyond ASCII, without
    their tags. `data` is known not to be UTF-8.
    """
    sample = _telling_lines(data)
    if not sample:
        return None
    for mark, name in _ESCAPES:
        if mark in sample:
            return name
    high = len(_HIGH.findall(sample))
    letters = high + sum(1 for byte in sample if chr(byte).isalpha() and byte < 128)
    if high and high <= letters * _LATIN_SHARE:
        found = _latin(sample, high / letters)
        if found:
            return found
    return _library(sample) or (_latin(sample, 1.0) if high else None)


def _telling_lines(data: bytes) -> bytes:
    """The lines with bytes beyond ASCII (or escapes), stripped of markup, to a bound."""
    kept, size = [], 0
    for line in _TAG.sub(b" ", data[: 64 * _SAMPLE]).splitlines():
        if line.isascii() and b"\x1b" not in line:
            continue
        kept.append(_cut(line, _SAMPLE - size))
        size += len(kept[-1])
        if size >= _SAMPLE * 3 // 4:
            break
    return b"\n".join(kept)


def _cut(line: bytes, size: int) -> bytes:
    """At most `size` bytes of a line, ending at a space where there is one."""
    if len(line) <= size:
        return line
    end = line.rfind(b" ", 0, size)
    return line[: end if end > 0 else size]


def _latin(sample: bytes, share: float) -> str | None:
    """The Latin encoding in which one language explains the characters, if any."""
    best, least = None, _MAX_ODD
    for name, languages in _CANDIDATES:
        try:
            text = sample.decode(name)
        except UnicodeDecodeError:
            continue
        odd, letters = _odd_signs(text)
        total = max(1, odd + letters.total())
        for language, alphabet in languages.items():
            if language in _NAMES and share > _NAMES_SHARE:
                continue
            foreign = [letter for letter in letters.elements() if letter not in alphabet]
            borrowed = sum(letter in _ANY_WESTERN for letter in foreign)
            rate = (odd + len(foreign) - borrowed * (1 - _BORROWED)) / total
            if rate < least:
                best, least = name, rate
    return best


def _odd_signs(text: str) -> tuple[int, Counter[str]]:
    """How many characters beyond ASCII can't stand where they do; and the letters, counted."""
    odd = 0
    letters: Counter[str] = Counter()
    for before, character, after in _CELL.findall(text):
        if character.isalpha():
            if _is_odd_letter(before, character, after):
                odd += 1
            else:
                letters["ı" if character == "İ" else character.lower()] += 1
        else:
            inside = before.isalpha() and after.isalpha() and character not in _TOUCHING
            odd += inside or character not in _SIGNS
    return odd, letters


def _is_odd_letter(before: str, letter: str, after: str) -> bool:
    """A capital after a small letter (`donÕt`), a sign of Mac OS or DOS (`Ò`, `œ600m`)."""
    if letter in "ªº":
        return False
    alone = not (before.isalpha() or after.isalpha())
    return (
        (letter.isupper() and before.islower())
        or (alone and letter in "ÐÑÒÓÔÕĐŃŇŐ")
        or (alone and (before.isdigit() or after.isdigit()))
    )


def _library(sample: bytes) -> str | None:
    """What charset-normalizer makes of it, among the encodings that occur."""
    from charset_normalizer import from_bytes

    # Its usual bound on mess turns away texts full of symbols; then it may be lenient.
    for threshold in (0.2, 0.5):
        best = from_bytes(
            sample, cp_isolation=_OTHERS, threshold=threshold, enable_fallback=False
        ).best()
        if best:
            return best.encoding
    return None
