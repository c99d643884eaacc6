"""PDFs for tests, written by hand: text where it is wanted, pictures, locks and traps."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

# What the standard security handler fills a password up with (PDF 1.7, 7.6.3.3).
PAD = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
IMAGE = b"q 612 0 0 792 0 0 cm /Im Do Q"


class At(NamedTuple):
    """A line of text at a place of a page, in points from its lower left corner."""

    x: float
    y: float
    text: str
    size: float = 12


def column(*lines: str, x: float = 72, y: float = 720, leading: float = 14) -> list[At]:
    """Lines one under the other; an empty one is a gap."""
    return [At(x, y - leading * row, text) for row, text in enumerate(lines) if text]


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def assembled(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A file of these objects, numbered from 1; the first is the catalogue."""
    data = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (len(objects) + 1, trailer)
    return bytes(data + b"startxref\n%d\n%%%%EOF\n" % start)


def pdf(
    *pages: Sequence[At] | bytes,
    info: Mapping[str, str] = MappingProxyType({}),
    turned: int = 0,
    font: bytes = b"",
    password: tuple[str, str] | None = None,
) -> bytes:
    """A PDF of these pages: lines of text, or the operators of a page as they are.

    Args:
        pages: What is on them.
        info: The metadata.
        turned: By how many degrees the pages are shown turned.
        font: More entries of the font; 5 0 R is a map of characters to private ones.
        password: Of the reader and of the owner, to lock it with 40 bits of RC4.
    """
    first = 7
    kids = b" ".join(b"%d 0 R" % (first + 2 * index) for index in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding %s >>"
        % font,
        stream(b"\xcc", b"/Type /XObject /Subtype /Image /Width 1 /Height 1 "
               b"/ColorSpace /DeviceGray /BitsPerComponent 8"),
        stream(PRIVATE_MAP),
        b"<< %s >>" % b" ".join(b"/%s %s" % (k.encode(), _string(info[k])) for k in info),
    ]  # fmt: skip
    for page in pages:
        number = len(objects) + 1
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Rotate %d /Contents %d 0 R "
            b"/Resources << /Font << /F 3 0 R >> /XObject << /Im 4 0 R >> >> >>"
            % (turned, number + 1)
        )
        objects.append(stream(page if isinstance(page, bytes) else _drawn(page)))
    trailer = b"/Info 6 0 R" if info else b""
    if password is None:
        return assembled(objects, trailer)
    return _locked(objects, trailer, *password)


PRIVATE_MAP = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
1 begincodespacerange <00> <ff> endcodespacerange
1 beginbfrange <21> <7e> <e021> endbfrange
endcmap end end"""


def nested_forms(levels: int, width: int = 10) -> bytes:
    """A page that draws forms that draw forms: `width` to the power of `levels` in all."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << %s >> >>"
        % b"/XObject << /X 6 0 R >>",
        stream(b"/X Do " * width),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for level in range(levels):
        is_last = level == levels - 1
        below = b"/Font << /F 5 0 R >>" if is_last else b"/XObject << /X %d 0 R >>" % (level + 7)
        drawn = b"BT /F 12 Tf (boom) Tj ET" if is_last else b"/X Do " * width
        entries = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << %s >>" % below
        objects.append(stream(drawn, entries))
    return assembled(objects)


def _drawn(lines: Sequence[At]) -> bytes:
    return b"\n".join(
        b"BT /F %.1f Tf 1 0 0 1 %.2f %.2f Tm %s Tj ET" % (at.size, at.x, at.y, _string(at.text))
        for at in lines
    )


def _string(text: str) -> bytes:
    data = text.encode("cp1252", "replace")
    for char in (b"\\", b"(", b")"):
        data = data.replace(char, b"\\" + char)
    return b"(%s)" % data


def _locked(objects: list[bytes], trailer: bytes, user: str, owner: str) -> bytes:
    """The file, locked by the standard security handler, revision 2 (PDF 1.7, 7.6.3)."""
    document_id = b"0123456789abcdef"
    permissions = -4
    for_user, for_owner = ((word.encode() + PAD)[:32] for word in (user, owner))
    o = _rc4(hashlib.md5(for_owner).digest()[:5], for_user)
    seed = for_user + o + permissions.to_bytes(4, "little", signed=True) + document_id
    key = hashlib.md5(seed).digest()[:5]
    u = _rc4(key, PAD)
    locked = [_lock(body, number, key) for number, body in enumerate(objects, 1)]
    trailer += b" /ID [<%s> <%s>]" % ((document_id.hex().encode(),) * 2)
    trailer += b" /Encrypt << /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P %d >>" % (
        o.hex().encode(),
        u.hex().encode(),
        permissions,
    )
    return assembled(locked, trailer)


def _lock(body: bytes, number: int, key: bytes) -> bytes:
    """The object with its stream encrypted; strings stay, since none of them is read."""
    head, mark, rest = body.partition(b"\nstream\n")
    if not mark:
        return body
    data = rest.removesuffix(b"\nendstream")
    own = hashlib.md5(key + number.to_bytes(3, "little") + b"\0\0").digest()[:10]
    return head + mark + _rc4(own, data) + b"\nendstream"


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)
