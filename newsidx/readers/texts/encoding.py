"""From bytes to text: which encoding a file is in, and how that is known.

The order is the byte order mark, then what the file declares of itself, then
UTF-8, then detection. Valid UTF-8 with characters beyond ASCII stands above a
declaration: scrapers save pages as UTF-8 and leave the old `<meta charset>` in
them, while text in an older encoding is next to never valid UTF-8 by accident.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import BinaryIO

from newsidx.errors import ReadError
from newsidx.readers.source import sound_bytes
from newsidx.readers.texts.charsets import detect

__all__ = ["declared_charset", "decode", "is_wide", "peek", "text_blocks"]

# The longer mark first: that of UTF-32 in little-endian order starts like that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# What a label stands for on the web (encoding.spec.whatwg.org, "names and labels"):
# pages say the name of a standard and use the vendor's larger set. Where the two
# disagree about a character, the declared one is tried first.
_MEANT = {
    "ascii": ("windows-1252",),
    "iso8859-1": ("windows-1252",),
    "cp1252": ("windows-1252",),
    "iso8859-9": ("windows-1254",),
    "iso8859-11": ("cp874",),
    "tis-620": ("cp874",),
    "gb2312": ("gb2312", "gb18030"),
    "gbk": ("gb18030",),
    "shift_jis": ("shift_jis", "cp932"),
    "cp932": ("shift_jis", "cp932"),
    "euc_kr": ("euc_kr", "cp949"),
    "big5": ("big5", "big5hkscs", "cp950"),
    # A declaration that could be read byte by byte was not written in UTF-16.
    "utf-16": ("utf-8",),
    "utf-16-le": ("utf-8",),
    "utf-16-be": ("utf-8",),
    "utf-32": ("utf-8",),
    "utf-8-sig": ("utf-8",),
}
_LABELS = {
    "x-sjis": "shift_jis",
    "windows-31j": "cp932",
    "x-gbk": "gbk",
    "ks_c_5601-1987": "euc_kr",
    "ksc5601": "euc_kr",
    "windows-949": "cp949",
    "x-euc-jp": "euc_jp",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "windows-874": "cp874",
    "x-big5": "big5",
    "unicode": "utf-8",
    "utf8mb4": "utf-8",
}

# The codecs of Python that are charsets of text; not EBCDIC, and not the tricks
# (`utf-7`, `unicode_escape`) that would make ASCII mean something else.
_TEXTUAL = re.compile(
    r"utf-(8|16|32)(-[a-z]+)?|ascii|cp125\d|iso8859-\d+|koi8-[a-z]|mac-\w+|tis-620|kz1048|ptcp154"
    r"|gb\w+|big5\w*|euc_\w+|shift_\w+|iso2022_\w+|johab|cp(437|7\d\d|8[56]\d|874|932|949|950)"
)

_DECLARED = re.compile(
    rb"""<\?xml\b[^>]{0,200}?\bencoding\s*=\s*["']\s*([\w:.+-]{1,40})"""
    rb"""|<meta\b[^>]{0,400}?\bcharset\s*=\s*["']?\s*([\w:.+-]{1,40})""",
    re.IGNORECASE,
)

# Files whose first bytes could pass for text.
_SIGNATURES = (
    b"%PDF-", b"%!PS", b"{\\rtf", b"PK\x03\x04", b"PK\x05\x06", b"GIF8", b"\xff\xd8\xff",
    b"\x89PNG", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\x28\xb5\x2f\xfd",
    b"\x7fELF", b"!<arch>",
)  # fmt: skip

_CONTROL = bytes(set(range(32)) - set(b"\b\t\n\v\f\r\x0e\x0f\x1b")) + b"\x7f"
# One control character in thirty is more than any text has.
_MAX_CONTROL = 1 / 30
# But a few are none too many: DOS ended a text with one.
_FEW_CONTROL = 3
# In UTF-16 every other byte of what is ASCII is zero. Where fewer than these are, and
# the rest passes for text, they are only damage.
_LEAST_ZEROS = 1 / 10
# A text may be damaged in this share of its characters and still be in its encoding.
_MAX_DAMAGE = 1 / 100
_BLOCK = 256 * 1024
_BINARY = "it is binary data, not text"
_SAMPLE = 64 * 1024
_WIDE_SAMPLE = 4096
# Control, private and unassigned characters.
_STRANGE = frozenset({"Cc", "Cn", "Co"})


def decode(data: bytes, declared: str | None = None) -> tuple[str, str]:
    """The text of `data`, and the encoding it was in.

    Args:
        data: A whole file, or a whole record of one.
        declared: The charset it declares of itself, if any; see `declared_charset`.
            A name nobody knows is ignored, and so is one that does not decode the data.

    Returns:
        The text without its byte order mark and without stray zero bytes, and the
        encoding with how it was found: `utf-8`, `utf-16-le (bom)`, `windows-1252 (declared)`,
        `cp1250 (detected)`; `utf-8 (damaged)` when some of it could not be decoded
        and stands as U+FFFD.

    Raises:
        ReadError: `undecodable`, for binary data.
    """
    text: str | None
    for mark, name in _MARKS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(name, "replace")
            return text, f"{name} (bom)"
    if 0 in data:
        if not _has_stray_zeros(data[:_SAMPLE]):
            return _wide(data)
        data = data.replace(b"\0", b"")
    if _is_binary(data[:_SAMPLE]):
        raise ReadError("undecodable", _BINARY)
    plain = data.isascii()
    if not plain and (text := _strict(data, "utf-8")) is not None:
        return text, "utf-8"
    named = _codecs_for(declared)
    for name in named:
        if (text := _strict(data, name)) is not None:
            return text, "utf-8" if name == "utf-8" else f"{name} (declared)"
    if plain and b"\x1b" not in data:
        return data.decode("ascii"), "utf-8"
    return _undeclared(data, named)


def declared_charset(head: bytes) -> str | None:
    """The charset that a page or XML file declares in its first bytes, as written there.

    Understands `<meta charset>`, `<meta http-equiv content="…; charset=…">` and
    `<?xml encoding=?>`; the first of them counts.
    """
    match = _DECLARED.search(head)
    return (match[1] or match[2]).decode("ascii") if match else None


@lru_cache(maxsize=4)
def peek(head: bytes) -> str | None:
    """The first bytes of a file as rough text to recognise a format by, or None for binary.

    Letters beyond ASCII may come out wrong, since nothing is detected for it.
    """
    if head.startswith(_SIGNATURES):
        return None
    for mark, name in _MARKS:
        if head.startswith(mark):
            return head[len(mark) :].decode(name, "ignore")
    if 0 in head:
        if not _has_stray_zeros(head):
            wide = _wide_encoding(head)
            return head.decode(wide, "ignore") if wide else None
        head = head.replace(b"\0", b"")
    return None if _is_binary(head) else head.decode("utf-8", "replace")


def is_wide(head: bytes) -> bool:
    """Whether the first bytes of a text are UTF-16 or UTF-32, whose lines can't be cut as bytes."""
    marked = any(head.startswith(mark) for mark, name in _MARKS if name != "utf-8")
    if marked or 0 not in head:
        return marked
    return not _has_stray_zeros(head) and _wide_encoding(head) is not None


def text_blocks(stream: BinaryIO, *, declares: bool = False) -> Iterator[str]:
    """The text of a stream, a block at a time; of a smaller one, all at once as by `decode`.

    Of a larger one the first block decides the encoding, and what does not decode
    later becomes U+FFFD.

    Args:
        stream: Its bytes.
        declares: Whether it may say in its first bytes what charset it is in.

    Raises:
        ReadError: `undecodable`, for binary data; and what the stream raises, once all
            that was sound before has been given.
    """
    block, damage = sound_bytes(stream, _BLOCK)
    if damage and not block:
        raise damage
    declared = declared_charset(block[:_WIDE_SAMPLE]) if declares else None
    if len(block) < _BLOCK and not damage:
        yield decode(block, declared)[0]
        return
    sample = block
    if not is_wide(block[:_WIDE_SAMPLE]):
        # End it at an ASCII character, so as not to cut one of several bytes.
        end = max(block.rfind(mark) for mark in (b"\n", b" ", b'"', b">"))
        sample = block[: end + 1] or block
    _, found = decode(sample, declared)
    decoder = codecs.getincrementaldecoder(found.partition(" ")[0])("replace")
    yield decoder.decode(block).removeprefix("\ufeff")
    while block and not damage:
        block, damage = sound_bytes(stream, _BLOCK)
        yield decoder.decode(block, final=not (block or damage))
    if damage:
        raise damage


def _undeclared(data: bytes, named: tuple[str, ...]) -> tuple[str, str]:
    """Decode what is neither UTF-8 nor what it declares, by detection or by force."""
    if (text := _damaged_utf8(data)) is not None:
        return text, "utf-8 (damaged)"
    found = _codecs_for(detect(data))
    for name in found:
        if (text := _strict(data, name)) is not None:
            return text, f"{name} (detected)"
    for name in (*named[-1:], *found[-1:]):
        text = data.decode(name, "replace")
        if text.count("\ufffd") <= len(text) * _MAX_DAMAGE:
            return text, f"{name} (damaged)"
    if data.isascii():
        return data.decode("ascii"), "utf-8"
    return data.decode("windows-1252", "replace"), "windows-1252 (damaged)"


def _damaged_utf8(data: bytes) -> str | None:
    """The text of UTF-8 with a few broken bytes, or None where it is something else.

    Ten characters beyond ASCII that are sound for each that is not: no other
    encoding looks like that.
    """
    text = data.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    sound = sum(character > "\x7f" for character in text) - lost
    return text if sound and lost * 10 <= sound else None


def _has_stray_zeros(data: bytes) -> bool:
    """Whether the zero bytes in data, if there are any, are damage to a text of bytes."""
    return data.count(0) < len(data) * _LEAST_ZEROS and not _is_binary(data)


def _wide(data: bytes) -> tuple[str, str]:
    """Decode data with zero bytes: UTF-16 or UTF-32 without a mark, or no text at all."""
    name = _wide_encoding(data[:_WIDE_SAMPLE])
    if name is None:
        raise ReadError("undecodable", _BINARY)
    return data.decode(name, "replace"), f"{name} (detected)"


def _wide_encoding(head: bytes) -> str | None:
    """The UTF-16 or UTF-32 that makes text of `head`, or None when none does.

    Where both byte orders give characters, the one with more of ASCII in it is
    meant: the other turns letters into rare ideographs.
    """
    best, most = None, 0
    for name, width in (("utf-32-le", 4), ("utf-32-be", 4), ("utf-16-le", 2), ("utf-16-be", 2)):
        text = head[: len(head) // width * width].decode(name, "replace")
        strange = sum(
            character not in "\t\n\r\f" and unicodedata.category(character) in _STRANGE
            for character in text
        ) + text[:-1].count("\ufffd")
        plain = sum(character < "\x80" for character in text)
        if len(text) > 1 and strange <= len(text) * _MAX_DAMAGE and plain > most:
            best, most = name, plain
    return best


def _codecs_for(label: str | None) -> tuple[str, ...]:
    """The codecs to try for a charset by any of its names, in order; none if unknown."""
    if not label:
        return ()
    plain = label.strip().lower()
    try:
        name = codecs.lookup(_LABELS.get(plain, plain)).name
    except (LookupError, ValueError):
        return ()
    return _MEANT.get(name, (name,)) if _TEXTUAL.fullmatch(name) else ()


def _strict(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except UnicodeError:
        return None


def _is_binary(data: bytes) -> bool:
    controls = len(data) - len(data.translate(None, _CONTROL))
    return controls > max(_FEW_CONTROL, len(data) * _MAX_CONTROL)
