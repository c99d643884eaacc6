"""MHTML: a page in one file, with where it was saved from and when."""

from __future__ import annotations

import base64
import contextlib
import quopri
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.errors import ReadError
from newsidx.readers.base import ReadOptions
from newsidx.readers.mhtml import READER
from newsidx.readers.registry import reader_for
from newsidx.readers.source import Source

URL = "https://example.org/weather/storm"
FERRIES = "The ferries stayed in port on Monday as waves of nine metres broke over the wall. " * 3
COUNCIL = (
    "Schools on the island will remain closed for the rest of the week, the council of Zürich said."
)
HEAD = '<meta property="article:published_time" content="2016-11-08"><title>Storm</title>'
PAGE = (
    f"<!DOCTYPE html><html lang=en><head>{HEAD}</head><body><nav><a href=/>Home</a></nav><article>"
    f"<h1>Storm closes harbour</h1><p>{FERRIES}</p><p>{COUNCIL}</p></article></body></html>"
)
ADVERT = (
    "<html><body><p>Buy this umbrella now, and never get wet again in your life.</p></body></html>"
)

CHROME = (
    "From: <Saved by Blink>",
    f"Snapshot-Content-Location: {URL}",
    "Subject: =?utf-8?Q?Storm=20closes=20harbour?=",
    "Date: Wed, 9 Nov 2016 08:00:00 -0000",
    "MIME-Version: 1.0",
)
RELATED = 'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="--b1"'


def quoted(page: str, codec: str = "utf-8") -> str:
    return quopri.encodestring(page.encode(codec)).decode("ascii")


def part(*head: str, body: str) -> str:
    return "\r\n".join(("----b1", *head, "", body, ""))


def html(page: str = PAGE, *head: str, codec: str = "utf-8") -> str:
    usual = ("Content-Type: text/html", "Content-Transfer-Encoding: quoted-printable")
    return part(*usual, *head, body=quoted(page, codec))


def saved(*parts: str, head: tuple[str, ...] = (*CHROME, RELATED)) -> bytes:
    return "\r\n".join((*head, "", "", *parts, "----b1--", "")).encode("ascii")


PICTURE = part(
    "Content-Type: image/png",
    "Content-Transfer-Encoding: base64",
    "Content-Location: https://example.org/a.png",
    body=base64.encodebytes(bytes(range(256))).decode(),
)


def test_a_saved_page_is_the_article_on_it(read_one):
    article = read_one("a.mhtml", saved(html(PAGE, f"Content-Location: {URL}"), PICTURE))
    assert article.title == "Storm closes harbour"
    assert [paragraph.strip() for paragraph in article.body.split("\n\n")] == [
        FERRIES.strip(),
        COUNCIL,
    ]
    assert article.published == "2016-11-08"
    assert article.page_url == URL
    assert article.provenance["page_url"] == "header:Snapshot-Content-Location"
    assert article.provenance["captured"] == "Wed, 9 Nov 2016 08:00:00 -0000"
    assert article.provenance["published"] == "meta:article:published_time"


def test_the_address_of_the_page_itself_will_do(read_one):
    head = ('From: "Saved by Windows Internet Explorer 7"', "MIME-Version: 1.0", RELATED)
    data = saved(html(PAGE, f"Content-Location: {URL}"), PICTURE, head=head)
    article = read_one("a.mht", data)
    assert (article.page_url, article.provenance["page_url"]) == (URL, "header:Content-Location")
    assert "captured" not in article.provenance


def test_an_address_in_the_file_only_is_none(read_one):
    head = ("From: <Saved by Blink>", "MIME-Version: 1.0", RELATED)
    data = saved(html(PAGE, "Content-Location: cid:frame-1@mhtml.blink"), head=head)
    assert read_one("a.mht", data).page_url is None


def test_the_page_is_the_part_named_as_the_start_or_the_first(read_one):
    first = html(PAGE, "Content-ID: <one>")
    advert = html(ADVERT, "Content-ID: <two>")
    assert "ferries" in read_one("a.mhtml", saved(PICTURE, first, advert)).body
    started = (*CHROME, f'{RELATED};\r\n\tstart="<one>"')
    assert "ferries" in read_one("b.mhtml", saved(advert, first, head=started)).body


@pytest.mark.parametrize(
    "kind",
    ["Content-Type: text/html; charset=windows-1252", "Content-Type: text/html"],
)
def test_the_charset_is_the_one_of_the_part_or_of_the_page(read_one, kind):
    page = PAGE.replace("<head>", '<head><meta charset="windows-1252">')
    encoding = "Content-Transfer-Encoding: quoted-printable"
    data = saved(part(kind, encoding, body=quoted(page, "windows-1252")))
    assert COUNCIL in read_one("a.mhtml", data).body


def test_the_subject_is_the_title_where_the_page_has_none(read_one):
    page = PAGE.replace("<title>Storm</title>", "").replace("h1>", "b>")
    article = read_one("a.mhtml", saved(html(page)))
    assert article.title == "Storm closes harbour"
    assert article.provenance["title"] == "header:Subject"


def test_a_page_alone_may_be_the_whole_message(read_one):
    head = ("From: <Saved by Blink>", "MIME-Version: 1.0", "Content-Type: text/html")
    data = "\r\n".join((*head, "", PAGE)).encode()
    assert COUNCIL in read_one("a.mht", data).body


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (saved(PICTURE), "malformed"),
        (saved(html("<html><body><img src=a.png></body></html>")), "no-article"),
        (b"Just text.", "malformed"),
    ],
)
def test_what_holds_no_article_has_a_reason(read_all, data, reason):
    with pytest.raises(ReadError) as caught:
        read_all("a.mhtml", data)
    assert caught.value.reason == reason


MAIL = ("From: Jane <jane@example.org>", "To: a@b.org", "Date: 8 Nov 2016", "Subject: Storm")


@pytest.mark.parametrize(
    ("name", "data", "reader"),
    [
        ("a.mhtml", saved(html()), "mhtml"),
        ("a.mht", saved(html()), "mhtml"),
        ("a", saved(html()), "mhtml"),
        ("a.html", saved(html()), "mhtml"),
        # A newsletter with pictures is built in the same way.
        ("a", saved(html(), head=(*MAIL, RELATED)), "mail"),
        ("a.eml", saved(html(), head=(*MAIL, RELATED)), "mail"),
        ("a.mht", PAGE.encode(), "html"),
    ],
)
def test_saved_pages_are_told_from_mail(make_source, name, data, reader):
    assert reader_for(make_source(name, data)).name == reader


@given(st.data())
@settings(max_examples=25)
def test_a_broken_page_is_read_or_refused(data):
    whole = bytearray(saved(html(PAGE, f"Content-Location: {URL}"), PICTURE))
    tokens = [b"\r\n", b"--b1", b"=", b"\0", b"\xff", b"charset*=", b'start="', b"<html>", b": "]
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(whole)))
        whole[at : at + data.draw(st.integers(0, 30))] = data.draw(st.sampled_from(tokens))

    class InMemory(Source):
        def read(self, limit: int = 0) -> bytes:
            return bytes(whole)

    READER.recognises(bytes(whole[:4096]), ".mht")
    outcomes = []
    with contextlib.suppress(ReadError):
        outcomes += READER.read(InMemory("a.mht", Path("a.mht")), ReadOptions())
    assert len(outcomes) <= 1
