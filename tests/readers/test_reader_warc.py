"""Web archives: the articles among all that was captured, and what is broken said once."""

from __future__ import annotations

import gzip
import io
import itertools
import sys
import zlib
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.readers import warc
from newsidx.readers.base import BadRecord, ReadOptions
from newsidx.readers.registry import reader_for
from newsidx.readers.source import Source
from newsidx.readers.warc import READER

pytest.importorskip("warcio")

URL = "https://example.org/weather/storm"
FERRIES = "The ferries stayed in port on Monday as waves of nine metres broke over the wall. " * 3


def page(title: str = "Storm closes harbour", council: str = "Zürich", head: str = "") -> str:
    return (
        f"<!DOCTYPE html><html lang=en><head>{head}<title>{title}</title></head><body><article>"
        f"<h1>{title}</h1><p>{FERRIES}</p><p>Schools will remain closed for the week, the council "
        f"of {council} said on Tuesday.</p></article></body></html>"
    )


PAGE = page().encode()
HTML = "Content-Type: text/html; charset=utf-8"
SIZE = f"Content-Length: {len(PAGE)}"


def record(kind: str, content: bytes, *head: str, url: str = URL) -> bytes:
    lines = (
        "WARC/1.0",
        f"WARC-Type: {kind}",
        "WARC-Record-ID: <urn:uuid:6d058047-ede2-4a13-be79-90c17c631dd4>",
        f"WARC-Target-URI: {url}",
        "WARC-Date: 2016-11-09T08:00:00Z",
        *head,
        f"Content-Length: {len(content)}",
    )
    return "\r\n".join((*lines, "", "")).encode() + content + b"\r\n\r\n"


def response(body: bytes = PAGE, *head: str, status: str = "200 OK", url: str = URL) -> bytes:
    http = "\r\n".join((f"HTTP/1.1 {status}", *(head or (HTML,)), "", "")).encode()
    kind = "Content-Type: application/http; msgtype=response"
    return record("response", http + body, kind, url=url)


def chunked(body: bytes, size: int = 100) -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in (*pieces, b""))


PAGES = [response(page(f"Storm {number}").encode()) for number in range(20)]
INFO = record("warcinfo", b"software: test\r\n", "Content-Type: application/warc-fields")
REQUEST = record("request", b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n")


def found_in(data: bytes, name: str = "a.warc") -> list[RawArticle | BadRecord] | str:
    """What reading gives; anything raised but a ReadError fails the test."""

    class InMemory(Source):
        def open_raw(self) -> BinaryIO:
            return io.BytesIO(data)

    try:
        source = InMemory(name, Path(name))
        READER.recognises(source.head(), ".warc")
        return list(READER.read(source, ReadOptions()))
    except ReadError as error:
        return error.reason


def test_the_pages_of_an_archive_are_articles(read_all):
    other = response(page("Calm returns").encode(), url="https://example.org/calm")
    storm, calm = read_all("a.warc", INFO + REQUEST + response() + other)
    assert storm.title == "Storm closes harbour"
    assert "council of Zürich" in storm.body
    assert storm.page_url == URL
    assert storm.record is None
    assert storm.published is None
    assert storm.provenance["page_url"] == "warc-target-uri"
    assert storm.provenance["captured"] == "2016-11-09T08:00:00Z"
    assert (storm.position, calm.position) == (3, 4)
    assert calm.title == "Calm returns"


@pytest.mark.parametrize("pack", [gzip.compress, lambda data: data])
def test_gzip_is_read_whether_each_record_is_packed_or_all_are(read_all, pack):
    each = b"".join(map(gzip.compress, (INFO, response())))
    for data in (each, pack(INFO + response())):
        (article,) = read_all("a.warc.gz", data)
        assert article.page_url == URL


def test_a_resource_is_a_page_without_http(read_one):
    article = read_one("a.warc", record("resource", PAGE, HTML))
    assert article.title == "Storm closes harbour"


@pytest.mark.parametrize(
    "other",
    [
        response(PAGE, HTML, status="404 Not Found"),
        response(b"", "Location: https://example.org/b", HTML, status="301 Moved"),
        response(b"<html></html>", "Content-Type: text/plain"),
        response(b'{"a": 1}', "Content-Type: application/json"),
        response(b"\x89PNG\r\n\x1a\n" + bytes(300), "Content-Type: image/png"),
        # One pixel, as the counters of visitors send it.
        response(b"GIF89a" + bytes(30), "Content-Type: text/html"),
        response(b""),
        response(b"User-agent: *", "X-A: b"),
        record("revisit", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"),
        record("metadata", PAGE, HTML),
        record("response", b"example.org. IN A 127.0.0.1", "Content-Type: text/dns", url="dns:a"),
        record("resource", b"\x89PNG\r\n\x1a\n", "Content-Type: image/png"),
        response(b"<html><body><img src=a.png></body></html>"),
    ],
)
def test_all_else_is_passed_over(other):
    (article,) = found_in(other + response())
    assert isinstance(article, RawArticle)
    assert article.page_url == URL
    assert found_in(INFO + other) == "no-article"


def test_the_same_page_counts_once_in_a_file():
    again = response(PAGE, HTML, "X-Served-By: another", url="https://example.org/again")
    assert [article.page_url for article in found_in(response() + again)] == [URL]


@pytest.mark.parametrize(
    "stated", ["Content-Type: ", "Content-Type: application/octet-stream", "X-A: b"]
)
def test_a_page_that_its_server_does_not_call_one_is_known_by_its_start(stated):
    (article,) = found_in(response(PAGE, stated))
    assert article.title == "Storm closes harbour"


@pytest.mark.parametrize(
    ("body", "head"),
    [
        (chunked(PAGE), "Transfer-Encoding: chunked"),
        # The archive has put the chunks together, and kept the header.
        (PAGE, "Transfer-Encoding: chunked"),
        (gzip.compress(PAGE), "Content-Encoding: gzip"),
        (gzip.compress(PAGE), "Content-Encoding: x-gzip"),
        (zlib.compress(PAGE), "Content-Encoding: deflate"),
        (zlib.compress(PAGE)[2:-4], "Content-Encoding: deflate"),
        (gzip.compress(PAGE)[:-4], "Content-Encoding: gzip"),
        (PAGE, "Content-Encoding: gzip"),
        (PAGE, "Content-Encoding: br"),
        (PAGE, "Content-Encoding: identity"),
        (chunked(gzip.compress(PAGE)), "Content-Encoding: gzip\r\nTransfer-Encoding: chunked"),
        (gzip.compress(zlib.compress(PAGE)), "Content-Encoding: deflate, gzip"),
    ],
)
def test_pages_are_unpacked_as_they_were_sent(body, head):
    (article,) = found_in(response(body, HTML, head))
    assert article.body.endswith("Zürich said on Tuesday.")


@pytest.mark.parametrize(
    ("body", "coding", "reason"),
    [
        (gzip.compress(PAGE)[:10] + b"\xff" * 100, "gzip", "malformed"),
        (b"\0\xff\0\xfe" * 90, "deflate", "malformed"),
        (b"\x28\xb5\x2f\xfd" + bytes(90), "zstd", "unknown-format"),
    ],
)
def test_a_page_that_can_t_be_unpacked_costs_no_other(body, coding, reason):
    bad, article = found_in(response(body, HTML, f"Content-Encoding: {coding}") + response())
    assert isinstance(bad, BadRecord)
    assert (bad.position, bad.reason) == (1, reason)
    assert article.page_url == URL
    assert found_in(response(body, HTML, f"Content-Encoding: {coding}")) == reason


def test_a_bomb_in_a_page_is_too_large(monkeypatch):
    monkeypatch.setattr(warc, "MAX_RECORD", 100_000)
    bomb = response(gzip.compress(bytes(10_000_000)), HTML, "Content-Encoding: gzip")
    long = response(b"a" * 100_001)
    assert [type(found) for found in found_in(response() + bomb + long)] == [
        RawArticle,
        BadRecord,
        BadRecord,
    ]
    assert found_in(bomb) == found_in(long) == "too-large"


class Unpacker:
    """In the place of Brotli's."""

    def process(self, data: bytes, output_buffer_limit: int) -> bytes:
        return data.removeprefix(PACKED)[:output_buffer_limit]


PACKED = bytes(range(8)) * 20
BROTLI = response(PACKED + PAGE, HTML, "Content-Encoding: br")


def test_brotli_is_read_where_its_package_is_installed(monkeypatch):
    library = SimpleNamespace(Decompressor=Unpacker, error=ValueError)
    monkeypatch.setitem(sys.modules, "brotli", library)
    (article,) = found_in(BROTLI)
    assert article.title == "Storm closes harbour"
    monkeypatch.setattr(warc, "MAX_RECORD", len(PAGE))
    assert found_in(BROTLI) == "too-large"


def test_and_asked_for_where_it_is_not(monkeypatch):
    monkeypatch.setitem(sys.modules, "brotli", None)
    _, bad = found_in(response() + BROTLI)
    assert isinstance(bad, BadRecord)
    assert bad.reason == "missing-extra"


def test_without_its_library_the_reader_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "warcio", None)
    assert found_in(response()) == "missing-extra"


@pytest.mark.parametrize(
    ("codec", "stated", "declared"),
    [
        ("koi8-r", "; charset=koi8-r", ""),
        ("koi8-r", "", "koi8-r"),
        ("koi8-r", "; charset=utf-8", "koi8-r"),
        ("utf-8", "; charset=koi8-r", "koi8-r"),
        ("koi8-r", '; charset="KOI8-R"', "utf-8"),
    ],
)
def test_the_charset_is_that_of_the_server_or_of_the_page(codec, stated, declared):
    body = page("Буря", "Москва", f'<meta charset="{declared}">').encode(codec)
    (article,) = found_in(response(body, f"Content-Type: text/html{stated}"))
    assert article.title == "Буря"
    assert "Москва" in article.body


def test_what_the_page_says_of_itself_stands():
    head = (
        '<link rel="canonical" href="https://example.org/storm">'
        '<meta property="article:published_time" content="2016-11-08">'
    )
    (article,) = found_in(response(page(head=head).encode()))
    assert article.url == "https://example.org/storm"
    assert article.published == "2016-11-08"
    assert article.page_url == URL


def test_wget_s_brackets_and_spaces_in_addresses_are_repaired(caplog):
    (article,) = found_in(response(url=f"<{URL} now>"))
    assert article.page_url == f"{URL}%20now"
    assert not caplog.records


ARC = (
    b"filedesc://a.arc 127.0.0.1 20161109080000 text/plain 68\n"
    b"1 0 Example\nURL IP-address Archive-date Content-type Archive-length\n\n"
)


def captured(body: bytes = PAGE, url: str = URL) -> bytes:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    return f"{url} 127.0.0.1 20161109080000 text/html {len(http)}\n".encode() + http + b"\n"


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_arc_is_read_as_well(make_source, pack):
    other = captured(page("Calm returns").encode(), "https://example.org/calm a")
    source = make_source("a.arc", pack(ARC + captured() + other))
    assert reader_for(source).name == "warc"
    storm, calm = READER.read(source, ReadOptions())
    assert (storm.page_url, calm.page_url) == (URL, "https://example.org/calm a")
    assert storm.provenance["captured"] == "2016-11-09T08:00:00Z"


BETWEEN = "there is something between its records"
EARLY = "its last record ends too early"
LENGTH = "a record does not say how long it is"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (response() + b"rubbish\r\nmore of it\r\n" + response(page("Calm").encode()), BETWEEN),
        (response() + b"rubbish", BETWEEN),
        (response() + response(page("Calm").encode())[:-300], EARLY),
        (response() + INFO[:-10], EARLY),
        (response() + INFO[:40], LENGTH),
        (response() + INFO.replace(b"Content-Length", b"Content-Width"), LENGTH),
        (response() + INFO.replace(b"Content-Length: 1", b"Content-Length: -1"), LENGTH),
        (response() + INFO.replace(b"Content-Length: ", b"Content-Length: " + b"1" * 5000), LENGTH),
        (response() + b"WARC/1.0\r\nA: " + b"b" * 2_000_000 + b"\r\n\r\n", LENGTH),
        (
            ARC + captured() + captured(page("Calm").encode()).replace(b"text/html ", b"", 1),
            BETWEEN,
        ),
        (gzip.compress(b"".join(PAGES)) + b"\xff" * 30, "its gzip data are damaged"),
    ],
)
def test_a_damaged_file_gives_what_is_sound_and_then_says_what_is_not(data, message):
    *sound, last = found_in(data)
    assert all(isinstance(article, RawArticle) for article in sound)
    assert sound
    assert isinstance(last, BadRecord)
    assert last.reason == "malformed"
    assert last.message.startswith(message)


def test_however_often_a_file_is_damaged_it_is_said_once():
    found = found_in(b"rubbish\r\n".join(PAGES))
    assert Counter(map(type, found)) == {RawArticle: len(PAGES), BadRecord: 1}


def test_packed_data_that_end_early_cost_only_the_last_records():
    data = gzip.compress(b"".join(PAGES), 0)[:-300]
    *sound, last = found_in(data)
    assert len(PAGES) - 8192 / len(PAGES[0]) - 1 <= len(sound) < len(PAGES)
    assert last.message == "its gzip data end too early"


def test_a_page_that_is_whole_by_its_own_length_is_read_though_its_record_is_cut():
    data = response(PAGE, HTML, SIZE).replace(b"Content-Length: ", b"Content-Length: 1", 1)
    article, last = found_in(data)
    assert article.page_url == URL
    assert last.message == EARLY


@pytest.mark.parametrize("length", ["x", "1" * 5000, "", str(len(PAGE) + 9)])
def test_and_is_not_where_that_says_nothing(length):
    cut = response(PAGE, HTML, f"Content-Length: {length}")
    data = response(page("Calm").encode()) + cut.replace(
        b"Content-Length: ", b"Content-Length: 1", 1
    )
    article, last = found_in(data)
    assert article.title == "Calm"
    assert last.message == EARLY


@pytest.mark.parametrize(
    "data", [b"WARC/1.0\r\n\r\n", b"WARC/9.9\r\nA: b\r\n\r\n", b"filedesc://\n", INFO[:-30]]
)
def test_a_file_with_nothing_sound_in_it_is_malformed(data):
    assert found_in(data) == "malformed"


def test_a_response_without_http_is_malformed():
    article, bad = found_in(response() + record("response", b"<html>no status line", "A: b"))
    assert isinstance(article, RawArticle)
    assert bad == BadRecord(2, "malformed", "its response has no HTTP headers")


def test_broken_pages_are_told_as_they_come_where_there_is_no_end_of_them(monkeypatch):
    monkeypatch.setattr(warc, "_PATIENCE", 3)
    bad = response(b"\0\xff\0\xfe" * 90, HTML, "Content-Encoding: deflate")
    assert [found.position for found in found_in(bad * 6)] == [1, 2, 3, 4, 5, 6]


def test_a_disk_that_fails_is_not_a_broken_file():
    class Failing(io.BytesIO):
        def readinto(self, buffer: object) -> int:
            if self.tell() > 70_000:
                raise OSError(5, "Input/output error")
            return super().readinto(buffer)

    class OnBadDisk(Source):
        def open_raw(self) -> BinaryIO:
            return Failing(b"".join(response(page(f"{n}").encode()) for n in range(300)))

    with pytest.raises(ReadError) as caught:
        list(READER.read(OnBadDisk("a.warc", Path("a.warc")), ReadOptions()))
    assert caught.value.reason == "unreadable"


def test_an_archive_is_read_as_it_comes():
    class Endless(io.RawIOBase):
        rest = b""
        pages = (response(page(f"Storm {n}").encode()) for n in itertools.count())

        def readable(self) -> bool:
            return True

        def readinto(self, buffer) -> int:
            self.rest = self.rest or next(self.pages)
            size = min(len(buffer), len(self.rest))
            buffer[:size], self.rest = self.rest[:size], self.rest[size:]
            return size

    class Stream(Source):
        def open(self, buffer: int = 0) -> BinaryIO:
            return io.BufferedReader(Endless())

    found = READER.read(Stream("a.warc", Path("a.warc")), ReadOptions())
    assert [next(found).title for _ in range(3)] == ["Storm 0", "Storm 1", "Storm 2"]


@pytest.mark.parametrize(
    ("name", "data", "sure"),
    [
        ("a.warc", INFO, True),
        ("a.warc.gz", gzip.compress(INFO), True),
        ("a", INFO, True),
        ("a.arc", ARC, True),
        ("a.warc", b"something else", True),
        # Others use that ending.
        ("a.arc", b"ArC\x01 something else", False),
        ("a.txt", b"WARC files are web archives.\n", False),
    ],
)
def test_web_archives_are_recognised(make_source, name, data, sure):
    source = make_source(name, data)
    assert (READER.recognises(source.head(), source.suffix) > 0) is sure


def test_nothing_is_printed(capfd):
    found_in(
        response() + b"rubbish\r\n" + response(chunked(PAGE)[:-300], HTML, "Content-Encoding: gzip")
    )
    assert capfd.readouterr() == ("", "")


SEEDS = [
    INFO + response(chunked(gzip.compress(PAGE)), HTML, "Content-Encoding: gzip") + REQUEST,
    gzip.compress(INFO) + gzip.compress(response()),
    ARC + captured(),
]
TOKENS = [b"\r\n", b"\n", b"WARC/1.0\r\n", b"Content-Length: 99999", b"-1", b"0\r\n\r\n", b"\xff\0"]


@given(st.data())
@settings(max_examples=40)
def test_a_broken_archive_is_read_or_refused(data):
    whole = bytearray(data.draw(st.sampled_from(SEEDS)))
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(whole)))
        whole[at : at + data.draw(st.integers(0, 20))] = data.draw(st.sampled_from(TOKENS))
    assert found_in(bytes(whole)) is not None


def test_the_samples_sound_and_broken_give_what_is_in_them(data: Path):
    files = sorted((data / "warc_samples").glob("*arc*"))
    assert len(files) >= 16
    outcomes = {}
    for path in files:
        source = Source(path.name, path)
        assert reader_for(source).name == "warc"
        try:
            found = list(READER.read(source, ReadOptions()))
        except ReadError as error:
            outcomes[path.name] = error.reason
            continue
        outcomes[path.name] = [
            one.reason if isinstance(one, BadRecord) else one.title for one in found
        ]
    assert outcomes.pop("example-iana.org-chunked.warc") == ["Internet Assigned Numbers Authority"]
    assert {name for name, found in outcomes.items() if found == "no-article"} == {
        "example-digest.warc",
        "example-space-in-target-uri.warc.gz",
        "post-test.warc.gz",
    }
    assert outcomes.pop("bad.arc") == "malformed"
    assert outcomes.pop("example-trunc.warc") == ["Example Domain", "malformed"]
    assert outcomes.pop("example-space-in-url.arc") == ["Example Domain", "malformed"]
    rest = [found for found in outcomes.values() if found != "no-article"]
    assert len(rest) >= 9
    assert all(found == ["Example Domain"] for found in rest)
