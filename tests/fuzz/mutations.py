"""Damage, as chance would have it: what becomes of the bytes of a sound file."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable

__all__ = ["mutated"]

# What means something in one format or another.
_TOKENS = [
    b"<", b">", b"</", b"/>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<!DOCTYPE a [", b"&a;",
    b"&#0;", b"&#x110000;", b"<DOC>", b"</DOC>", b"<REUTERS>", b"<TEXT>", b"<p>", b"<html>",
    b"<title>", b"<script>", b'"', b"'", b'""', b"\\", b"\\u", b"\\ud800", b"\\u0000", b"{", b"}",
    b"[", b"]", b",", b":", b"null", b"NaN", b"1e999", b"-", b"0", b"\r", b"\n", b"\r\n", b"\n\n",
    b"\r\n\r\n", b"\t", b" ", b"\x00", b"\x1b$B", b"\x1b(B", b"\xff\xfe", b"\xfe\xff",
    b"\xef\xbb\xbf", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x80\xa8",
    b"\x85", b"\x0c", b"\x1c", b"From ", b"From a 00:00 2016\r\n", b"--xyz", b"--xyz--",
    b"Content-Type: multipart/mixed; boundary=xyz\r\n",
    b"Content-Type: text/html; charset=utf-16\r\n", b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Length: 99999999999\r\n", b"Content-Length: -1\r\n",
    b"Transfer-Encoding: chunked\r\n", b"Content-Encoding: br\r\n", b"=?utf-8?B?", b"?=",
    b"=?x?Q?=ff?=", b"WARC/1.0\r\n", b"WARC-Type: response\r\n", b"filedesc://", b"\x1f\x8b\x08",
    b"PK\x03\x04", b"PK\x05\x06", b"BZh91AY&SY", b"\xfd7zXZ\x00", b"(\xb5/\xfd", b"---\n",
    b"+++\n", b"```\n", b"# ", b"> ", b"* ", b"sep=;\n", b"\\N", b"|", b";", b"~", b"^", b"\x01",
    b"99999999999999999999", b"0x7fffffff", b"2016-13-45", b"0000-00-00", b"9999-12-31T23:59:60Z",
    b"12/34/56", b"01/01/0000", b"https://[", b"http://a:b:c/", b"//", b"%", b"%zz", b"@",
    b"\xcc\x81" * 40, b"\xe2\x80\xae", b"\xf0\x9f\x98\x80", b"title: ",
    b"!!python/object:os.system", b"&a [*a, *a]", b"2016-99-99", b"- - - -",
]  # fmt: skip
_NUMBER = re.compile(rb"\d+")
_NUMBERS = [b"0", b"1", b"-1", b"255", b"65536", b"4294967295", b"99999999999999999999", b"1e400"]
_LONGEST = 256 * 1024

Change = Callable[[bytes, random.Random, list[bytes]], bytes]


def mutated(data: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """The bytes after a few accidents.

    Args:
        others: Files of which parts may be put in.
    """
    if data[:2] == b"PK" and chance.random() < 0.7:
        inside = _in_a_member(data, chance, others)
        if inside is not None:
            return inside
    for _ in range(chance.choice((1, 1, 1, 2, 3, 5, 10, 30))):
        data = chance.choice(_CHANGES)(data, chance, others)[:_LONGEST]
    return data


def _in_a_member(data: bytes, chance: random.Random, others: list[bytes]) -> bytes | None:
    """A zip archive, sound but for what is in one of its members."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
    except Exception:
        return None
    if not members:
        return None
    name = chance.choice(list(members))
    members[name] = mutated(members[name], chance, [*others, *members.values()])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            method = zipfile.ZIP_STORED if name == "mimetype" else None
            archive.writestr(name, content, method)
    return packed.getvalue()


def _span(data: bytes, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(data) + 1)
    most = chance.choice((1, 4, 16, 64, 256, 4096))
    return start, min(len(data), start + chance.randrange(most + 1))


def _flipped(data: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 2, 8, 64))):
        if changed:
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _random(data: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    start, end = _span(data, chance)
    return data[:start] + chance.randbytes(end - start) + data[end:]


def _zeroed(data: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    start, end = _span(data, chance)
    return data[:start] + bytes(end - start) + data[end:]


def _cut(data: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _shortened(data: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    start, end = _span(data, chance)
    return data[:start] + data[end:]


def _repeated(data: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    start, end = _span(data, chance)
    return data[:start] + data[start:end] * chance.choice((2, 3, 10, 100, 3000)) + data[end:]


def _moved(data: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    start, end = _span(data, chance)
    rest = data[:start] + data[end:]
    at = chance.randrange(len(rest) + 1)
    return rest[:at] + data[start:end] + rest[at:]


def _inserted(data: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    at = chance.randrange(len(data) + 1)
    token = chance.choice(_TOKENS) * chance.choice((1, 1, 1, 1, 2, 50, 2000))
    return data[:at] + token + data[at:]


def _overwritten(data: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    at = chance.randrange(len(data) + 1)
    token = chance.choice(_TOKENS)
    return data[:at] + token + data[at + len(token) :]


def _spliced(data: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    other = chance.choice(others)
    start, end = _span(other, chance)
    at, on = _span(data, chance)
    return data[:at] + other[start:end] + data[on:]


def _renumbered(data: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    found = list(_NUMBER.finditer(data))
    if not found:
        return data
    number = chance.choice(found)
    return data[: number.start()] + chance.choice(_NUMBERS) + data[number.end() :]


def _without_a_mark(data: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """Every one, or every other, of some sign is gone."""
    mark = chance.choice((b"\n", b'"', b">", b"<", b" ", b",", b"}", b"\r", b":"))
    with_what = chance.choice((b"", b"", b"\0", b"\r", b"\n", mark * 2))
    return data.replace(mark, with_what, chance.choice((-1, 1, 5)))


_CHANGES: tuple[Change, ...] = (
    _flipped, _random, _zeroed, _cut, _shortened, _repeated, _moved, _inserted, _inserted,
    _overwritten, _spliced, _renumbered, _without_a_mark,
)  # fmt: skip
