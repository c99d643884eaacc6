"""OpenDocument texts: text, tables, notes, what they say of themselves, and what breaks them."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.errors import ReadError
from newsidx.readers.base import ReadOptions
from newsidx.readers.odt import READER
from newsidx.readers.source import Source
from tests.readers.zips import ODF, docx, epub, odt, p, zipped

STORM = "<text:p>The ferries stayed in port on Monday &amp; Tuesday.</text:p>"
TEXT = "The ferries stayed in port on Monday & Tuesday."


def reason_of(read_all, data: bytes, name: str = "a.odt") -> str:
    with pytest.raises(ReadError) as caught:
        read_all(name, data)
    assert caught.value.message
    return caught.value.reason


@pytest.mark.parametrize("name", ["a.odt", "a.ODT", "a.ott", "a.bin", "a"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_an_odt_is_known_by_the_type_it_declares(read_one, name, pack):
    assert read_one(name, pack(odt(STORM))).body == TEXT


@pytest.mark.parametrize("kind", ["text-template", "text-master"])
def test_templates_are_texts_too(read_one, kind):
    data = odt(STORM, parts={"mimetype": f"application/vnd.oasis.opendocument.{kind}"})
    assert read_one("a.ott", data).body == TEXT


def test_an_odt_whose_type_is_compressed_is_known_by_its_name(read_one):
    members = {"content.xml": odt_content(STORM), "mimetype": "x"}
    assert read_one("a.odt", zipped(members)).body == TEXT


def odt_content(text: str) -> bytes:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(odt(text))) as archive:
        return archive.read("content.xml")


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (zipped({"a.txt": "text"}), ".zip"),
        (odt("", parts={"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), ".ods"),
        (epub({"a": "<p>Text</p>"}), ".epub"),
        (epub({"a": "<p>Text</p>"}), ".odt"),
        (docx(p("Text")), ".docx"),
        (b"mimetype", ".odt"),
    ],
)
def test_other_archives_and_other_files_are_not_claimed(data, suffix):
    assert READER.recognises(data[:4096], suffix) == 0


def test_a_word_document_named_odt_is_a_word_document(read_one):
    assert read_one("a.odt", docx(p("Text of it."))).body == "Text of it."


def test_white_space_is_what_the_format_says_it_is(read_one):
    text = (
        "<text:p>  The\n   <text:span>ferries</text:span><text:s/><text:s text:c='2'/>stayed"
        "<text:line-break/>in<text:tab/>port<text:s text:c='many'/></text:p><text:p/>" + STORM
    )
    assert read_one("a.odt", odt(text)).body == f"The ferries   stayed\nin\tport\n\n{TEXT}"


def test_a_row_of_a_table_is_a_line(read_one):
    def row(*cells: str) -> str:
        found = "".join(f"<table:table-cell>{cell}</table:table-cell>" for cell in cells)
        return f"<table:table-row>{found}</table:table-row>"

    a, b, c, d = (f"<text:p>{letter}</text:p>" for letter in "abcd")
    table = f"<table:table>{row(a, b)}{row(c, d)}</table:table>"
    assert read_one("a.odt", odt(STORM + table + STORM)).body == f"{TEXT}\n\na | b\nc | d\n\n{TEXT}"


def test_lists_and_text_boxes_are_paragraphs(read_one):
    text = (
        "<text:list><text:list-item><text:p>One</text:p></text:list-item></text:list>"
        "<text:p>Around.<draw:frame><svg:title>Unread</svg:title><draw:text-box>"
        "<text:p>In the box.</text:p></draw:text-box></draw:frame></text:p>"
    )
    assert read_one("a.odt", odt(text)).body == "One\n\nIn the box.\n\nAround."


def test_what_is_not_of_the_text_is_left_out(read_one):
    text = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>Deleted</text:p>"
        "</text:deletion></text:changed-region></text:tracked-changes>"
        "<text:table-of-content><text:p>Storm 1</text:p></text:table-of-content>"
        "<text:p>Seen<office:annotation><text:p>Remark</text:p></office:annotation>"
        "<text:ruby><text:ruby-base> twice</text:ruby-base><text:ruby-text>unread</text:ruby-text>"
        "</text:ruby></text:p>"
    )
    assert read_one("a.odt", odt(text)).body == "Seen twice"


def test_notes_stand_behind_the_text(read_one):
    text = (
        "<text:p>Closed<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        "<text:p>A footnote.</text:p></text:note-body></text:note> again.</text:p>"
    )
    assert read_one("a.odt", odt(text)).body == "Closed again.\n\nA footnote."


@pytest.mark.parametrize(
    ("heading", "styles", "origin"),
    [
        ('<text:p text:style-name="Title">{}</text:p>', "", "style:title"),
        (
            '<text:p text:style-name="P1">{}</text:p>',
            '<style:style style:name="P1" style:parent-style-name="Title"/>',
            "style:title",
        ),
        ('<text:h text:outline-level="1">{}</text:h>', "", "style:heading 1"),
        (
            '<text:p text:style-name="P2">{}</text:p>',
            '<style:style style:name="P2" style:parent-style-name="Heading_20_1"/>',
            "style:heading 1",
        ),
    ],
)
def test_the_paragraph_with_the_style_of_a_title_is_the_title(read_one, heading, styles, origin):
    text = "<text:p>Exclusive</text:p>" + heading.format("Storm closes\nharbour") + STORM
    article = read_one("a.odt", odt(text, styles=styles, meta="<dc:title>Template</dc:title>"))
    assert (article.title, article.provenance["title"]) == ("Storm closes harbour", origin)
    assert article.body == f"Exclusive\n\n{TEXT}"


def test_a_heading_of_a_lower_level_is_text(read_one):
    article = read_one("a.odt", odt('<text:h text:outline-level="2">Weather</text:h>' + STORM))
    assert (article.title, article.body) == (None, f"Weather\n\n{TEXT}")


def test_the_metadata_are_kept_with_their_origin(read_one):
    meta = (
        "<dc:title>Storm closes harbour</dc:title><dc:creator>Max Mustermann</dc:creator>"
        "<meta:initial-creator>Jane Doe</meta:initial-creator><dc:subject>Weather</dc:subject>"
        "<meta:keyword>storm</meta:keyword><meta:keyword>sea, ships</meta:keyword>"
        "<dc:language>en-GB</dc:language><dc:date>2016-11-08T23:30:00</dc:date>"
        "<meta:creation-date>2016-11-07T23:30:00</meta:creation-date>"
    )
    article = read_one("a.odt", odt(STORM, meta=meta))
    assert article.title == "Storm closes harbour"
    assert article.authors == ["Jane Doe"]
    assert article.tags == ["storm", "sea, ships"]
    assert article.language == "en-GB"
    assert article.published == "2016-11-07T23:30:00"
    assert article.provenance == {
        "title": "dc:title",
        "authors": "meta:initial-creator",
        "published": "meta:creation-date",
        "tags": "meta:keyword",
        "language": "dc:language",
    }


def test_a_title_of_the_metadata_stands_once(read_one):
    text = "<text:p>Storm closes harbour</text:p>" + STORM
    article = read_one("a.odt", odt(text, meta="<dc:title>Storm closes harbour</dc:title>"))
    assert (article.title, article.body) == ("Storm closes harbour", TEXT)


def manifest(entry: str, data: str) -> str:
    return (
        f'<manifest:manifest xmlns:manifest="{ODF}manifest:1.0"><manifest:file-entry'
        f' manifest:full-path="{entry}">{data}</manifest:file-entry></manifest:manifest>'
    )


def test_a_document_behind_a_password_is_encrypted(read_all):
    locked = manifest("content.xml", "<manifest:encryption-data/>")
    parts = {"META-INF/manifest.xml": locked, "content.xml": b"\x01\x02\x03"}
    assert reason_of(read_all, odt(STORM, parts=parts)) == "encrypted"
    assert reason_of(read_all, odt(STORM, parts={"encrypted-package": b"\x01"})) == "encrypted"


def test_a_locked_macro_locks_no_text(read_one):
    locked = manifest("Basic/Standard/a.xml", "<manifest:encryption-data/>")
    assert read_one("a.odt", odt(STORM, parts={"META-INF/manifest.xml": locked})).body == TEXT


def test_broken_metadata_cost_no_more_than_themselves(read_one):
    data = odt(STORM, parts={"meta.xml": "<a>", "META-INF/manifest.xml": "<a>"})
    assert read_one("a.odt", data).body == TEXT


@pytest.mark.parametrize("text", ["", "<text:p/>", "<text:p> <draw:frame/></text:p>"])
def test_a_document_without_text_is_no_article(read_all, text):
    assert reason_of(read_all, odt(text, meta="<dc:title>Storm closes</dc:title>")) == "no-article"


@pytest.mark.parametrize(
    "data",
    [
        odt("<text:p>"),
        odt("", kind="spreadsheet"),
        odt("", parts={"content.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
        zipped({"mimetype": "application/vnd.oasis.opendocument.text"}, stored="mimetype"),
        odt(STORM)[:300],
    ],
)
def test_a_document_whose_parts_are_broken_is_malformed(read_all, data):
    assert reason_of(read_all, data) == "malformed"


@given(st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6)), min_size=1, max_size=6))
@settings(max_examples=80)
def test_whatever_is_in_a_document_ends_in_an_article_or_a_reason(changes):
    content = bytearray(odt_content(STORM))
    for place, new in changes:
        start = int(place * (len(content) - 1))
        content[start : start + len(new)] = new

    class Member(Source):
        def open_raw(self) -> BinaryIO:
            return io.BytesIO(odt("", parts={"content.xml": bytes(content)}))

    try:
        found = list(READER.read(Member("a.odt", Path("x")), ReadOptions()))
    except ReadError as error:
        found = [error]
    assert found


@pytest.mark.parametrize("count", ["9" * 5000, "-1", "²", ""])
def test_a_strange_count_of_spaces_does_no_harm(read_one, count):
    body = read_one("a.odt", odt(f'<text:p>a<text:s text:c="{count}"/>b</text:p>')).body
    assert body.split() == ["a", "b"]
