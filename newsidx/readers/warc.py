"""Web archives, as crawlers write them: the pages among all that a site sends."""

from __future__ import annotations

import hashlib
import importlib.util
import re
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.readers.base import BadRecord, ReadOptions
from newsidx.readers.html import article_of_page
from newsidx.readers.limits import MAX_RECORD
from newsidx.readers.source import HEAD_BYTES, Source
from newsidx.readers.texts.encoding import declared_charset, decode, peek
from newsidx.readers.texts.markup import is_page
from newsidx.readers.webarchives.records import START, STEP, Archive, Record

__all__ = ["READER", "WarcReader"]

_PAGES = frozenset({"text/html", "application/xhtml+xml"})
# Where servers say nothing of a page, or no more than that it is data.
_VAGUE = frozenset({"", "*/*", "application/octet-stream", "application/xml", "text/xml",
                    "unknown/unknown"})  # fmt: skip
_LENGTH = re.compile(r"[0-9]{1,18}")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w:.+-]{1,40})", re.IGNORECASE)

# Window bits of zlib for a header of gzip, for one of zlib, and for none, which some
# servers take `deflate` to mean.
_INFLATE = {"gzip": (31,), "x-gzip": (31,), "deflate": (15, -15)}

_BLOCK = 64 * 1024

# An archive whose first so many pages are all broken has it said of each.
_PATIENCE = 100


class WarcReader:
    """Reads WARC and ARC, by how their first record starts."""

    name = "warc"
    version = 1
    suffixes = (".warc", ".arc")
    title = "web archive"
    extra = "warc"

    def recognises(self, head: bytes, suffix: str) -> int:
        """Sure of a version line; `.arc` alone says little, since others use it too."""
        if START.match(head.lstrip(b"\r\n")):
            return 95 if suffix in self.suffixes else 85
        return 50 if suffix == ".warc" else 0

    def read(
        self,
        source: Source,
        options: ReadOptions,  # noqa: ARG002  (a page has no fields to be mapped)
    ) -> Iterator[RawArticle | BadRecord]:
        """Yield the articles among the pages in order; positions count all records.

        What is not a page, a page without an article and a page that was there before
        are passed over. The last thing that a damaged file yields is a BadRecord.

        Raises:
            ReadError: `no-article` when there is none, or else what is wrong with the
                file, or with the first of its pages; `missing-extra` without warcio.
        """
        if importlib.util.find_spec("warcio") is None:
            message = 'reading web archives needs an extra: pip install "newsidx[warc]"'
            raise ReadError("missing-extra", message)
        held: list[BadRecord] = []
        found = False
        with source.open(STEP) as stream:
            archive = Archive(stream)
            for outcome in _outcomes(archive):
                if not found and isinstance(outcome, BadRecord) and len(held) < _PATIENCE:
                    held.append(outcome)
                    continue
                if not found:
                    yield from held
                    found = True
                yield outcome
        if found and archive.damage:
            yield archive.damage
        if not found:
            problem = archive.damage or next(iter(held), None)
            if problem:
                raise ReadError(problem.reason, problem.message)
            raise ReadError("no-article", "no page in it has the text of an article")


READER = WarcReader()


def _outcomes(archive: Archive) -> Iterator[RawArticle | BadRecord]:
    seen: set[bytes] = set()
    for record in archive.records():
        try:
            article = _article(record, seen)
        except ReadError as error:
            if error.reason == "unreadable":
                raise
            if error.reason != "no-article":
                yield BadRecord(record.number, error.reason, error.message)
            continue
        if article:
            yield article


def _article(record: Record, seen: set[bytes]) -> RawArticle | None:
    """The article of a record; None for what is no page, or a page that was seen before."""
    found = _page(record)
    if found is None:
        return None
    data, charset = found
    digest = hashlib.blake2b(data, digest_size=8).digest()
    if digest in seen:
        return None
    seen.add(digest)
    article = article_of_page(_text(data, charset), record.url)
    article.position = record.number
    if record.url:
        article.page_url = record.url
        article.provenance["page_url"] = "warc-target-uri"
    if record.captured:
        article.provenance["captured"] = _moment(record.captured)
    return article


def _page(record: Record) -> tuple[bytes, str | None] | None:
    """The bytes of a page and the charset its server states; None for what is no page."""
    stated: Callable[[str], str | None] = {"Content-Type": record.media_type}.get
    if record.kind == "response":
        http = _http_headers(record)
        if http is None or http.get_statuscode() != "200":
            return None
        stated = http.get_header
    elif record.kind != "resource":
        return None
    media_type, _, parameters = (stated("Content-Type") or "").lower().partition(";")
    vague = media_type.strip() in _VAGUE
    if not vague and media_type.strip() not in _PAGES:
        return None
    if record.length > MAX_RECORD:
        if vague:
            return None
        raise ReadError("too-large", "the page is longer than any article")
    data = _content(record, stated)
    text = peek(data[:HEAD_BYTES])
    # Pictures are sent as `text/html` too, mostly the one pixel that counts visitors.
    if not text or not text.strip() or (vague and not is_page(text)):
        return None
    charset = _CHARSET.search(parameters)
    return data, charset[1] if charset else None


def _content(record: Record, stated: Callable[[str], str | None]) -> bytes:
    """The content of a record as it was before it was sent; none of one that is cut."""
    data = record.content()
    if not record.whole:
        length = stated("Content-Length") or ""
        if not _LENGTH.fullmatch(length) or len(data) < int(length):
            return b""
    if "chunked" in (stated("Transfer-Encoding") or "").lower():
        data = _joined(data)
    for coding in reversed((stated("Content-Encoding") or "").lower().split(",")):
        data = _unpacked(data, coding.strip())
    return data


def _http_headers(record: Record) -> Any:
    """The HTTP headers that a response starts with; None where it has none."""
    from warcio.recordloader import ArcWarcRecordLoader
    from warcio.statusandheaders import StatusAndHeadersParser

    if not record.url.lower().startswith(("http:", "https:")):
        return None
    parser = StatusAndHeadersParser(ArcWarcRecordLoader.HTTP_TYPES, verify=False)
    try:
        headers = parser.parse(record.stream)
    except EOFError:
        return None
    if not headers.protocol.upper().startswith("HTTP/"):
        raise ReadError("malformed", "its response has no HTTP headers")
    return headers


def _joined(data: bytes) -> bytes:
    """The chunks of a content put together; what is not in chunks stays as it is."""
    from warcio.bufferedreaders import ChunkedDataReader

    chunks = ChunkedDataReader(BytesIO(data))
    return b"".join(iter(lambda: chunks.read(_BLOCK), b""))


def _unpacked(data: bytes, coding: str) -> bytes:
    """A content without its coding; text is what an archive has unpacked already.

    warcio would unpack it as well, but a whole chunk at once, however large that gets.

    Raises:
        ReadError: `too-large`, `malformed`, `unknown-format` for a coding that we don't
            know, `missing-extra` without a library for it.
    """
    if not coding or peek(data[:HEAD_BYTES]) is not None:
        return data
    if coding == "br":
        return _without_brotli(data)
    if coding not in _INFLATE:
        message = f"its page is packed in a way that is not known here: {coding[:20]}"
        raise ReadError("unknown-format", message)
    for bits in _INFLATE[coding]:
        unpacker = zlib.decompressobj(bits)
        try:
            unpacked = unpacker.decompress(data, MAX_RECORD)
        except zlib.error:
            continue
        if unpacker.unconsumed_tail:
            raise ReadError("too-large", "the page unpacks to more than any article")
        return unpacked
    raise ReadError("malformed", "its page can't be unpacked")


def _without_brotli(data: bytes) -> bytes:
    try:
        import brotli

        unpacker = brotli.Decompressor()
        unpacked: bytes = unpacker.process(data, output_buffer_limit=MAX_RECORD)
    except (ImportError, TypeError):  # before 1.2 it had no limit
        message = 'unpacking a page from Brotli needs an extra: pip install "newsidx[warc]"'
        raise ReadError("missing-extra", message) from None
    except brotli.error:
        raise ReadError("malformed", "its page can't be unpacked") from None
    if len(unpacked) >= MAX_RECORD:
        raise ReadError("too-large", "the page unpacks to more than any article")
    return unpacked


def _text(data: bytes, stated: str | None) -> str:
    """The text of a page, by what its server states, else by what it declares itself."""
    declared = declared_charset(data[:HEAD_BYTES])
    text, found = decode(data, stated or declared)
    if stated and declared and found.endswith(("(detected)", "(damaged)")):
        return decode(data, declared)[0]
    return text


def _moment(captured: str) -> str:
    """A time of capture as WARC writes it, also where it is ARC's."""
    match = re.fullmatch(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)", captured)
    return "{}-{}-{}T{}:{}:{}Z".format(*match.groups()) if match else captured.replace("\0", "")
