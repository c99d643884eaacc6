"""EPUBs: the articles of an issue, their titles and sections, and what breaks them."""

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
from newsidx.readers import epub as epub_module
from newsidx.readers.base import BadRecord, ReadOptions
from newsidx.readers.documents import epubpackage
from newsidx.readers.epub import READER
from newsidx.readers.source import Source
from tests.readers.zips import docx, epub, odt, p, point, xhtml, zipped

TEXT = (
    "The ferries stayed in port on Monday & Tuesday as waves of nine metres broke over the wall, "
    "the coast guard said, and no boat is expected to leave before Friday."
)
STORM = f"<p>{TEXT.replace('&', '&amp;')}</p>"
OTHER = STORM.replace("ferries", "schools")
XMLENC = "http://www.w3.org/2001/04/xmlenc#"


def reason_of(read_all, data: bytes, name: str = "a.epub") -> str:
    with pytest.raises(ReadError) as caught:
        read_all(name, data)
    assert caught.value.message
    return caught.value.reason


@pytest.mark.parametrize("name", ["a.epub", "a.EPUB", "a.bin", "a"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_an_epub_is_known_by_the_type_it_declares(read_one, name, pack):
    assert read_one(name, pack(epub({"a": STORM}))).body == TEXT


def test_an_epub_without_a_type_is_known_by_its_name(read_one):
    import zipfile

    with zipfile.ZipFile(io.BytesIO(epub({"a": STORM}))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    del members["mimetype"]
    assert read_one("a.epub", zipped(members)).body == TEXT


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (zipped({"a.txt": "text"}), ".zip"),
        (odt("<text:p>Text</text:p>"), ".odt"),
        (odt("<text:p>Text</text:p>"), ".epub"),
        (docx(p("Text")), ".docx"),
        (b"<html></html>", ".epub"),
    ],
)
def test_other_archives_and_other_files_are_not_claimed(data, suffix):
    assert READER.recognises(data[:4096], suffix) == 0


def test_every_document_of_the_reading_order_is_an_article(read_all):
    pages = {"b": f"<h1>Storm</h1>{STORM}", "a": f"<h1>Schools</h1>{OTHER}"}
    first, second = read_all("a.epub", epub(pages))
    assert (first.record, first.title, first.body, first.position) == ("b", "Storm", TEXT, 1)
    assert (second.record, second.title, second.position) == ("a", "Schools", 2)
    assert first.provenance == {"record": "spine", "title": "heading"}


def test_the_metadata_are_those_of_every_article(read_all):
    metadata = (
        "<dc:title>The Example, 8 November</dc:title><dc:publisher>The Example</dc:publisher>"
        '<dc:date opf:event="modification">2019-01-01</dc:date>'
        '<dc:date opf:event="publication">2016-11-08</dc:date>'
        '<dc:creator opf:role="aut">Jane Doe</dc:creator>'
        '<dc:creator opf:role="ill">Max Mustermann</dc:creator>'
        "<dc:subject>News</dc:subject><dc:subject>Weather, sea</dc:subject>"
        "<dc:language>en-GB</dc:language>"
    )
    for article in read_all("a.epub", epub({"a": STORM, "b": OTHER}, metadata=metadata)):
        assert article.source == "The Example"
        assert article.published == "2016-11-08"
        assert article.authors == ["Jane Doe"]
        assert article.tags == ["News", "Weather, sea"]
        assert article.language == "en-GB"
        assert article.provenance == {
            "record": "spine",
            "source": "dc:publisher",
            "published": "dc:date",
            "authors": "dc:creator",
            "tags": "dc:subject",
            "language": "dc:language",
        }


@pytest.mark.parametrize(
    ("metadata", "published"),
    [
        ("<dc:date>8 November 2016</dc:date>", "8 November 2016"),
        ('<dc:date opf:event="creation">2016-11-08</dc:date>', None),
        ('<meta property="dcterms:modified">2016-11-08T00:00:00Z</meta>', None),
        ("<dc:date>0101-01-01T00:00:00+00:00</dc:date>", None),
    ],
)
def test_only_a_date_of_publication_is_one(read_one, metadata, published):
    assert read_one("a.epub", epub({"a": STORM}, metadata=metadata)).published == published


def test_the_role_of_a_creator_may_stand_beside_it(read_one):
    metadata = (
        '<dc:creator id="x">Jane Doe</dc:creator><dc:creator id="y">Max Mustermann</dc:creator>'
        '<meta refines="#x" property="role">aut</meta><meta refines="#y" property="role">edt</meta>'
    )
    assert read_one("a.epub", epub({"a": STORM}, metadata=metadata)).authors == ["Jane Doe"]


@pytest.mark.parametrize(
    ("metadata", "source", "origin"),
    [
        (
            '<meta name="calibre:publication_type" content="periodical:newspaper:The Example"/>',
            "The Example",
            "calibre:publication_type",
        ),
        ("<dc:title>The Example [Tue, 08 Nov 2016]</dc:title>", "The Example", "dc:title"),
        ("<dc:title>The Example (Weekend)</dc:title>", "The Example (Weekend)", "dc:title"),
        ("<dc:title>Unknown Title</dc:title>", None, None),
    ],
)
def test_an_issue_that_calibre_made_is_of_its_newspaper(read_one, metadata, source, origin):
    metadata += "<dc:title>Example [Tue, 08 Nov 2016]</dc:title>"
    metadata += "<dc:publisher>calibre</dc:publisher><dc:creator>calibre</dc:creator>"
    article = read_one("a.epub", epub({"a": STORM}, metadata=metadata))
    assert (article.source, article.provenance.get("source")) == (source, origin)
    assert article.authors == []


BAR = '<div class="calibre_navbar1">| <a href="../b.xhtml">Next</a> | {}</div>'
URL = "https://example.org/storm"


@pytest.mark.parametrize("mark", ['rel="calibre-downloaded-from"', ""])
def test_an_article_that_calibre_downloaded_has_its_address_and_no_bars(read_one, mark):
    below = (
        '<div class="calibre_navbar"><p>This article was downloaded by <b>calibre</b> from '
        f'<a href="{URL}" {mark}>{URL}</a></p></div>'
    )
    pages = {"a": BAR.format("") + f"<h2>Storm</h2>{STORM}" + below}
    article = read_one("a.epub", epub(pages))
    assert article.body == TEXT
    assert (article.page_url, article.provenance["page_url"]) == (URL, "calibre")
    assert article.url is None


def test_an_address_in_the_text_is_not_that_of_the_article(read_one):
    text = STORM + f'<p>See <a href="{URL}">{URL}</a> for more of it.</p>'
    assert read_one("a.epub", epub({"a": text})).page_url is None


def test_lists_covers_and_contents_are_no_articles(read_all):
    links = "".join(f'<li><a href="a.xhtml">{TEXT}</a></li>' for _ in range(5))
    pages = {
        "cover": '<img src="cover.jpg"/>',
        "title": "<h1>The Example</h1><p>8 November 2016</p>",
        "imprint": STORM,
        "toc": f"<ul>{links}</ul>",
        "feed": f'<h2 class="calibre_feed_title">Weather</h2>{STORM}',
        "marked": f'<section epub:type="copyright-page">{STORM}</section>',
        "a": STORM,
    }
    nav = f'<li><a href="text/a.xhtml">{TEXT} {TEXT}</a></li>'
    guide = '<reference type="copyright-page" href="text/imprint.xhtml"/>'
    (article,) = read_all("a.epub", epub(pages, nav=nav, guide=guide))
    assert article.record == "a"


def test_where_all_is_short_the_short_is_read(read_all):
    pages = {"cover": "<img/>", "a": "<p>Harbour closed.</p>", "b": "<p>Schools, too.</p>"}
    assert [found.body for found in read_all("a.epub", epub(pages))] == [
        "Harbour closed.",
        "Schools, too.",
    ]


def test_beside_a_broken_document_the_short_are_read_too(read_all):
    found = read_all("a.epub", epub({"a": b"\0\xff" * 500, "b": "<p>Harbour closed.</p>"}))
    assert [type(each).__name__ for each in found] == ["BadRecord", "RawArticle"]


NESTED = '<li><span>Weather</span><ol><li><a href="text/a.xhtml#top">Storm</a></li></ol></li>'


@pytest.mark.parametrize(
    ("contents", "origin"),
    [
        ({"ncx": point("Weather", "text/index.xhtml", point("Storm", "text/a.xhtml#top"))}, "ncx"),
        ({"nav": NESTED}, "nav"),
        ({"nav": NESTED, "ncx": point("Else", "text/a.xhtml")}, "nav"),
        ({"nav": "", "ncx": point("Weather", "x", point("Storm", "text/a.xhtml"))}, "ncx"),
    ],
)
def test_the_table_of_contents_gives_title_and_section(read_one, contents, origin):
    article = read_one("a.epub", epub({"a": STORM}, **contents))
    assert (article.title, article.section) == ("Storm", "Weather")
    assert article.provenance["title"] == article.provenance["section"] == origin


def test_of_several_headings_that_of_the_contents_is_the_title(read_one):
    page = f"<h1>The Example</h1><h2>Storm closes harbour</h2>{STORM}"
    contents = point("Storm Closes Harbour", "text/a.xhtml")
    assert read_one("a.epub", epub({"a": page}, ncx=contents)).title == "Storm closes harbour"
    assert read_one("a.epub", epub({"a": page})).title == "The Example"


def test_an_article_that_was_cut_in_pieces_is_whole_again(read_all):
    pages = {
        "x_split_000": f"<h1>Storm</h1>{STORM}",
        "x_split_001": "<p>And on.</p>",
        "x_split_002": f"<h1>Schools</h1>{OTHER}",
        "y_split_003": OTHER,
    }
    first, second, third = read_all("a.epub", epub(pages))
    assert first.body == f"{TEXT}\n\nAnd on."
    assert (second.title, third.title) == ("Schools", None)


def test_marks_of_notes_and_of_pronunciation_are_left_out(read_one):
    page = STORM + (
        '<p>It said so.<a epub:type="noteref" href="#n">1</a> <ruby>東<rt>とう</rt></ruby></p>'
        '<p id="n">A note. <a role="doc-backlink" href="#r">↩</a></p>'
    )
    assert read_one("a.epub", epub({"a": page})).body == f"{TEXT}\n\nIt said so. 東\n\nA note."


def test_empty_elements_and_entities_of_xhtml_are_understood(read_one):
    page = (
        '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "x.dtd">'
        '<html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script src="x"/></head><body>'
        f'<a id="top"/><div class="x"/>{STORM}<p>Caf&eacute;&nbsp;&mdash; so.</p></body></html>'
    )
    assert read_one("a.epub", epub({"a": page})).body == f"{TEXT}\n\nCafé — so."


def test_entities_that_a_document_declares_are_not_expanded(read_one):
    page = (
        '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x "expanded">'
        f'<!ENTITY y SYSTEM "/etc/passwd">]><html><body>{STORM}<p>&x; &y;</p></body></html>'
    )
    body = read_one("a.epub", epub({"a": page})).body
    assert "expanded" not in body
    assert "root:" not in body


def test_a_document_is_read_in_the_encoding_it_declares(read_one):
    text = xhtml(STORM.replace("said", "сказал")).replace("UTF-8", "windows-1251")
    assert "сказал" in read_one("a.epub", epub({"a": text.encode("windows-1251")})).body


def test_no_reference_leads_out_of_the_archive(read_all):
    data = epub({"../../../../etc/passwd": STORM, "a": OTHER})
    bad, article = read_all("a.epub", data)
    assert isinstance(bad, BadRecord)
    assert (bad.position, bad.reason) == (1, "malformed")
    assert article.record == "a"


def test_a_broken_document_costs_no_more_than_itself(read_all):
    data = epub({"a": STORM, "b": b"\0\xff" * 500, "c": OTHER})
    first, bad, last = read_all("a.epub", data)
    assert isinstance(bad, BadRecord)
    assert (bad.position, bad.reason) == (2, "undecodable")
    assert isinstance(first, RawArticle)
    assert isinstance(last, RawArticle)


@pytest.mark.parametrize("tag", ["<p>", "<p/>", "<a href='x'>"])
def test_a_document_of_more_tags_than_any_is_too_large(read_all, tag):
    article, bad = read_all("a.epub", epub({"a": STORM, "b": tag * 400_001}))
    assert isinstance(article, RawArticle)
    assert isinstance(bad, BadRecord)
    assert bad.reason == "too-large"


def test_an_endless_entry_of_the_contents_is_cut(read_one):
    label = "word <b/>" * 100_000
    title = read_one("a.epub", epub({"a": STORM}, ncx=point(label, "text/a.xhtml"))).title
    assert title is not None
    assert 900 < len(title) < 1100


def locked(algorithm: str, *names: str) -> dict[str, str]:
    entries = "".join(
        f'<e:EncryptedData><e:EncryptionMethod Algorithm="{algorithm}"/><e:CipherData>'
        f'<e:CipherReference URI="{name}"/></e:CipherData></e:EncryptedData>'
        for name in names
    )
    return {"META-INF/encryption.xml": f'<encryption xmlns:e="{XMLENC}">{entries}</encryption>'}


def test_an_epub_under_rights_management_is_encrypted(read_all):
    parts = locked(XMLENC + "aes128-cbc", "OEBPS/text/a.xhtml", "OEBPS/text/b.xhtml")
    assert reason_of(read_all, epub({"a": STORM, "b": OTHER}, parts=parts)) == "encrypted"


def test_of_an_epub_that_is_locked_in_part_the_rest_is_read(read_all):
    parts = locked(XMLENC + "aes128-cbc", "OEBPS/text/a.xhtml")
    bad, article = read_all("a.epub", epub({"a": STORM, "b": OTHER}, parts=parts))
    assert isinstance(bad, BadRecord)
    assert bad.reason == "encrypted"
    assert isinstance(article, RawArticle)


@pytest.mark.parametrize(
    "algorithm", ["http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"]
)
def test_scrambled_fonts_hide_no_text(read_one, algorithm):
    parts = locked(algorithm, "OEBPS/font.otf", "OEBPS/text/a.xhtml")
    assert read_one("a.epub", epub({"a": STORM}, parts=parts)).body == TEXT


@pytest.mark.parametrize("pages", [{}, {"a": ""}, {"a": '<img src="a.jpg"/>'}])
def test_an_epub_without_text_is_no_article(read_all, pages):
    assert reason_of(read_all, epub(pages)) == "no-article"


@pytest.mark.parametrize(
    "data",
    [
        zipped({"mimetype": "application/epub+zip"}, stored="mimetype"),
        epub({"a": STORM}, parts={"OEBPS/content.opf": "<package>"}),
        epub({"a": STORM}, parts={"META-INF/container.xml": "<container>"}),
        epub({"a": STORM}, parts={"META-INF/encryption.xml": "<encryption>"}),
        epub({"a": STORM}, parts={"OEBPS/content.opf": '<!DOCTYPE a [<!ENTITY b "c">]><a/>'}),
        epub({"a": STORM})[:500],
    ],
)
def test_an_epub_whose_parts_are_broken_is_malformed(read_all, data):
    assert reason_of(read_all, data) == "malformed"


def test_an_epub_of_too_many_documents_is_too_large(read_all, monkeypatch):
    monkeypatch.setattr(epubpackage, "_MOST", 3)
    assert reason_of(read_all, epub(dict.fromkeys("abcd", STORM))) == "too-large"


def test_pieces_that_would_be_too_long_together_stay_apart(read_all, monkeypatch):
    monkeypatch.setattr(epub_module, "MAX_BODY", 300)
    pages = {"x_split_000": f"<h1>Storm</h1>{STORM}", "x_split_001": OTHER}
    assert len(read_all("a.epub", epub(pages))) == 2


def test_a_package_is_found_without_its_container(read_one):
    container = '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"/>'
    data = epub({"a": STORM}, parts={"META-INF/container.xml": container})
    assert read_one("a.epub", data).body == TEXT


def test_a_broken_table_of_contents_costs_only_titles(read_one):
    article = read_one("a.epub", epub({"a": STORM}, ncx="<navPoint>"))
    assert (article.body, article.title) == (TEXT, None)


HOSTILE = (
    "<p>", "</p>", "<a href='x'>", "</a>", "<div class='calibre_navbar'>", "</div>", "<h1>",
    "</h1>", "<svg/>", "<a/>", "&nbsp;", "&x;", "<![CDATA[", "]]>", "<!--", "-->", "\x00", "text ",
    "<body>", "</html>", "<rt>", "<title>", "<br", "<", ">",
)  # fmt: skip


@given(st.lists(st.sampled_from(HOSTILE), max_size=30), st.binary(max_size=20))
@settings(max_examples=60)
def test_whatever_is_in_an_epub_ends_in_articles_or_a_reason(pieces, data):
    page = xhtml("".join(pieces))
    parts = {"META-INF/encryption.xml": b"<a>" + data} if len(data) > 18 else {}

    class Member(Source):
        def open_raw(self) -> BinaryIO:
            nav = "".join(pieces)
            return io.BytesIO(epub({"a": page, "b": data + b"<p>text"}, nav=nav, parts=parts))

    try:
        found = list(READER.read(Member("a.epub", Path("x")), ReadOptions()))
    except ReadError as error:
        found = [error]
    assert found
