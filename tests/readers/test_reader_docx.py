"""Word documents: text, tables, notes, what they say of themselves, and what breaks them."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.readers.base import BadRecord, ReadOptions
from newsidx.readers.documents import flow as docflow
from newsidx.readers.docx import READER
from newsidx.readers.source import Source
from tests.readers.zips import STRICT, docx, notes, odt, p, zipped

STORM = "The ferries stayed in port on Monday &amp; Tuesday."
TEXT = "The ferries stayed in port on Monday & Tuesday."
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)


def reason_of(read_all, data: bytes, name: str = "a.docx") -> str:
    with pytest.raises(ReadError) as caught:
        read_all(name, data)
    assert caught.value.message
    return caught.value.reason


@pytest.mark.parametrize("name", ["a.docx", "a.DOCX", "a.docm", "a.bin", "a"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_word_document_is_known_by_its_parts(read_one, name, pack):
    assert read_one(name, pack(docx(p(STORM)))).body == TEXT


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (zipped({"a.txt": "text", "word/a.txt": "text"}), ".zip"),
        (zipped({"[Content_Types].xml": "<x/>", "xl/workbook.xml": "<x/>"}), ".xlsx"),
        (zipped({"[Content_Types].xml": "<x/>", "ppt/presentation.xml": "<x/>"}), ".pptx"),
        (odt("<text:p>Text</text:p>"), ".odt"),
        (COMPOUND, ".doc"),
        (b"<html></html>", ".docx"),
    ],
)
def test_other_archives_and_other_files_are_not_claimed(data, suffix):
    assert READER.recognises(data[:4096], suffix) == 0


def test_an_odt_named_docx_is_an_odt(read_one):
    assert read_one("a.docx", odt("<text:p>Text of it.</text:p>")).body == "Text of it."


def test_runs_are_joined_and_paragraphs_are_kept(read_one):
    body = (
        "<w:p><w:r><w:t>The fer</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>ries</w:t></w:r>"
        "<w:r><w:t xml:space='preserve'> stayed</w:t><w:br/><w:t>in</w:t><w:tab/><w:t>port</w:t>"
        "</w:r><w:r><w:t>co</w:t><w:noBreakHyphen/><w:t>op</w:t></w:r></w:p><w:p/>" + p(STORM)
    )
    assert (
        read_one("a.docx", docx(body)).body == f"The ferries stayed\nin\tportco\u2011op\n\n{TEXT}"
    )


def test_the_strict_form_is_read_like_the_usual_one(read_one):
    assert read_one("a.docx", docx(p(STORM), namespace=STRICT)).body == TEXT


def test_deleted_text_is_gone_and_inserted_text_is_there(read_one):
    body = (
        "<w:p><w:ins><w:r><w:t>New </w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>old </w:delText><w:t>older </w:t></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>moved </w:t></w:r></w:moveFrom><w:r><w:t>text</w:t></w:r>"
        "<w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
    )
    assert read_one("a.docx", docx(body)).body == "New text"


def test_a_text_box_is_read_once(read_one):
    box = f"<w:txbxContent>{p('In the box.')}</w:txbxContent>"
    body = (
        "<w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing>" + box + "</w:drawing></mc:Choice>"
        "<mc:Fallback><w:pict>" + box + "</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        "<w:r><w:t>Around it.</w:t></w:r></w:p>"
    )
    assert read_one("a.docx", docx(body)).body == "In the box.\n\nAround it."


def table(*rows: list[str]) -> str:
    cells = ("".join(f"<w:tc>{cell}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def test_a_row_of_a_table_is_a_line(read_one):
    body = p("Before.") + table([p("a"), p("b")], [p("c"), p("d")]) + p("After.")
    assert read_one("a.docx", docx(body)).body == "Before.\n\na | b\nc | d\n\nAfter."


def test_a_table_that_lays_out_paragraphs_is_paragraphs(read_one):
    inner = table([p("x"), p("y")])
    body = table([p("One.") + p("Two.") + inner, p("Beside.")])
    assert read_one("a.docx", docx(body)).body == "One.\n\nTwo.\n\nx | y\n\nBeside."


def test_notes_stand_behind_the_text(read_one):
    parts = {
        "word/footnotes.xml": notes("footnotes", "", "A footnote."),
        "word/endnotes.xml": notes("endnotes", "An endnote."),
    }
    body = read_one("a.docx", docx(p(STORM), parts=parts)).body
    assert body == f"{TEXT}\n\nA footnote.\n\nAn endnote."


def test_broken_notes_cost_no_more_than_themselves(read_all):
    article, bad = read_all("a.docx", docx(p(STORM), parts={"word/footnotes.xml": "<w:p>"}))
    assert isinstance(article, RawArticle)
    assert article.body == TEXT
    assert isinstance(bad, BadRecord)
    assert (bad.position, bad.reason) == (2, "malformed")


@pytest.mark.parametrize(
    ("style", "styles", "origin"),
    [
        ("Title", None, "style:title"),
        ("Titel", {"Titel": "Title"}, "style:title"),
        ("berschrift1", {"berschrift1": "heading 1"}, "style:heading 1"),
        ("Heading1", None, "style:heading 1"),
    ],
)
def test_the_paragraph_with_the_style_of_a_title_is_the_title(read_one, style, styles, origin):
    body = p("Exclusive") + p("Storm closes harbour", style) + p(STORM)
    core = "<dc:title>Template of the newsroom</dc:title>"
    article = read_one("a.docx", docx(body, core=core, styles=styles))
    assert (article.title, article.provenance["title"]) == ("Storm closes harbour", origin)
    assert article.body == f"Exclusive\n\n{TEXT}"


def test_a_title_goes_before_a_heading(read_one):
    body = p("Weather", "Heading1") + p("Storm closes harbour", "Title") + p(STORM)
    assert read_one("a.docx", docx(body)).title == "Storm closes harbour"


def test_the_properties_are_kept_with_their_origin(read_one):
    core = (
        "<dc:title>Storm closes harbour</dc:title><dc:creator>Jane Doe;John Roe</dc:creator>"
        "<cp:keywords>storm, sea</cp:keywords><dc:subject>Weather</dc:subject>"
        "<dc:language>en-GB</dc:language><cp:lastModifiedBy>Max Mustermann</cp:lastModifiedBy>"
        "<dcterms:created>2016-11-08T23:30:00Z</dcterms:created>"
    )
    article = read_one("a.docx", docx(p("Storm closes harbour") + p(STORM), core=core))
    assert article.title == "Storm closes harbour"
    assert article.body == TEXT
    assert article.authors == ["Jane Doe", "John Roe"]
    assert article.tags == ["storm", "sea"]
    assert article.language == "en-GB"
    assert article.published == "2016-11-08T23:30:00Z"
    assert article.provenance == {
        "title": "dc:title",
        "authors": "dc:creator",
        "published": "dcterms:created",
        "tags": "cp:keywords",
        "language": "dc:language",
    }


def test_a_subject_is_a_tag_where_there_are_no_keywords(read_one):
    article = read_one("a.docx", docx(p(STORM), core="<dc:subject>Weather</dc:subject>"))
    assert (article.tags, article.provenance["tags"]) == (["Weather"], "dc:subject")


@pytest.mark.parametrize(
    "title",
    [
        "Microsoft Word - storm.doc",
        "Word - storm.docx",
        "storm.doc",
        "C:\\Users\\jane\\storm",
        "/home/jane/storm",
        "untitled",
        "Untitled-1",
        "Untitled Document 2",
        "Unbenannt",
        "Dokument1",
        "(anonymous)",
        "Layout 1",
        "PowerPoint Presentation",
        "A1_0412",
        "20161108",
        "harbour",
        "...",
        "https://example.org/storm",
        "word " * 200,
    ],
)
def test_a_name_that_a_program_gave_is_no_title(read_one, title):
    article = read_one("press/Harbour.docx", docx(p(STORM), core=f"<dc:title>{title}</dc:title>"))
    assert article.title is None
    assert "title" not in article.provenance


@pytest.mark.parametrize(
    "title", ["Calexit", "COVID-19", "Harbour closed", "Title fight tonight", "Storm 2"]
)
def test_a_title_that_a_person_gave_is_one(read_one, title):
    article = read_one("harbour closed.docx", docx(p(STORM), core=f"<dc:title>{title}</dc:title>"))
    assert article.title == title


@pytest.mark.parametrize(
    "name", ["user", "Windows User", "Admin", "python-docx", "EXAMPLE\\jdoe", "-", "Microsoft Word"]
)
def test_who_a_computer_is_set_up_for_is_no_author(read_one, name):
    article = read_one("a.docx", docx(p(STORM), core=f"<dc:creator>{name}</dc:creator>"))
    assert article.authors == []


@pytest.mark.parametrize("day", ["2013-12-23T23:15:00Z", "1601-01-01T00:00:00Z", "", " "])
def test_a_date_that_a_program_gave_is_none(read_one, day):
    core = f"<dcterms:created>{day}</dcterms:created>"
    assert read_one("a.docx", docx(p(STORM), core=core)).published is None


def test_broken_properties_cost_no_more_than_themselves(read_one):
    article = read_one("a.docx", docx(p(STORM), core="<dc:title>Storm closes", styles={"<": "x"}))
    assert (article.body, article.title) == (TEXT, None)


@pytest.mark.parametrize("body", ["", p(""), p("  "), "<w:p><w:r><w:drawing/></w:r></w:p>"])
def test_a_document_without_text_is_no_article(read_all, body):
    data = docx(body, core="<dc:title>Storm closes harbour</dc:title>")
    assert reason_of(read_all, data) == "no-article"


def test_a_document_behind_a_password_is_encrypted(read_all):
    name = "EncryptedPackage".encode("utf-16-le")
    assert reason_of(read_all, COMPOUND + name + bytes(500)) == "encrypted"
    # The name may lie across two blocks.
    far = COMPOUND + bytes(1024 * 1024 - len(COMPOUND) - 7)
    assert reason_of(read_all, far + name) == "encrypted"


def test_an_old_word_document_is_in_no_known_format(read_all):
    assert reason_of(read_all, COMPOUND) == "unknown-format"


@pytest.mark.parametrize(
    "parts",
    [
        {"word/document.xml": "<w:document"},
        {"word/document.xml": ""},
        {"word/document.xml": "<workbook/>"},
        {"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'},
        {"word/document.xml": "<?xml version='1.0' encoding='no-such'?><a/>"},
        {"_rels/.rels": "<Relationships"},
    ],
)
def test_a_document_whose_parts_are_broken_is_malformed(read_all, parts):
    assert reason_of(read_all, docx(p(STORM), parts=parts)) == "malformed"


def test_an_archive_without_a_document_is_malformed(read_all):
    assert reason_of(read_all, zipped({"a.txt": "text"})) == "malformed"


def test_the_main_part_may_have_another_name(read_one):
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    relations = (
        f'<Relationships xmlns="{package}"><Relationship Type="x/officeDocument"'
        ' Target="/word/document2.xml"/></Relationships>'
    )
    moved = docx(p("Moved.")).replace(b"word/document.xml", b"word/documen2.xml")
    assert moved.count(b"word/documen2.xml") == 2
    relations = relations.replace("document2", "documen2")
    import zipfile

    with zipfile.ZipFile(io.BytesIO(moved)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    assert read_one("a.docx", zipped(members | {"_rels/.rels": relations})).body == "Moved."


def test_a_text_longer_than_any_article_is_too_large(read_all, monkeypatch):
    monkeypatch.setattr(docflow, "MAX_BODY", 1000)
    assert reason_of(read_all, docx(p(STORM) * 30)) == "too-large"


@given(st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6)), min_size=1, max_size=6))
@settings(max_examples=80)
def test_whatever_is_in_a_document_ends_in_an_article_or_a_reason(changes):
    core = "<dc:title>Storm</dc:title>"
    data = bytearray(docx(p(STORM, "Title") + p(STORM), core=core, styles={"Title": "Title"}))
    for place, new in changes:
        start = int(place * (len(data) - 1))
        data[start : start + len(new)] = new
    assert READER.recognises(bytes(data[:4096]), ".docx") >= 0

    class Member(Source):
        def open_raw(self) -> BinaryIO:
            return io.BytesIO(data)

    try:
        found = list(READER.read(Member("a.docx", Path("x")), ReadOptions()))
    except ReadError as error:
        found = [error]
    assert found


PIECES = ("<w:p>", "</w:p>", "<w:r><w:t>", "</w:t></w:r>", "<w:tbl>", "</w:tbl>", "<w:tr>",
          "</w:tr>", "<w:tc>", "</w:tc>", "<w:del>", "</w:del>", "<w:br/>", "text", "&amp;",
          '<w:pStyle w:val="Title"/>', "<w:txbxContent>", "</w:txbxContent>")  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=30))
@settings(max_examples=80)
def test_elements_in_any_order_end_in_an_article_or_a_reason(pieces):
    class Member(Source):
        def open_raw(self) -> BinaryIO:
            return io.BytesIO(docx("".join(pieces)))

    try:
        found = {
            type(each).__name__ for each in READER.read(Member("a.docx", Path("x")), ReadOptions())
        }
    except ReadError as error:
        found = {error.reason}
    assert found <= {"RawArticle", "malformed", "no-article"}
