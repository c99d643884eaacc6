"""SGML records: Reuters-21578, TREC and its kin, and what only looks like them."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.index.outcomes import REASONS
from newsidx.readers import sgml
from newsidx.readers.base import BadRecord, ReadOptions
from newsidx.readers.sgml import READER
from newsidx.readers.source import Source

REUTERS = """<!DOCTYPE lewis SYSTEM "lewis.dtd">
<REUTERS TOPICS="YES" LEWISSPLIT="TRAIN" OLDID="5544" NEWID="1">
<DATE>26-FEB-1987 15:01:01.79</DATE>
<TOPICS><D>cocoa</D><D>trade</D></TOPICS>
<PLACES><D>brazil</D></PLACES>
<PEOPLE></PEOPLE>
<ORGS><D>icco</D></ORGS>
<UNKNOWN>
&#5;&#5;&#5;C T
&#22;&#1;f0704&#31;reute</UNKNOWN>
<TEXT>&#2;
<TITLE>HARBOUR &lt;HBR> SHUT</TITLE>
<AUTHOR>    By Jane Roe, Reuters</AUTHOR>
<DATELINE>    BAHIA, Feb 26 - </DATELINE><BODY>Storm &amp; sea closed the harbour &lt;B>
said on Thursday.
    The ferries stayed in port.
 Reuter
&#3;</BODY></TEXT>
</REUTERS>
<REUTERS NEWID="2">
<DATE>26-FEB-1987 15:02:00.00</DATE>
<TOPICS></TOPICS>
<TEXT TYPE="BRIEF">&#2;
******<TITLE>SEA IS CALM AGAIN</TITLE>Blah blah blah.
&#3;

</TEXT>
</REUTERS>
<REUTERS NEWID="3">
<DATE>26-FEB-1987 15:03:00.00</DATE>
<TEXT TYPE="UNPROC">&#2;
FERRY RATES - FEB 26
 JUIST   3.50
 REUTER...
&#3;

</TEXT>
</REUTERS>
"""

TREC = """<DOC>
<DOCNO> WSJ870324-0001 </DOCNO>
<HL> Harbour Is Near Accord
To Sell Ferries
----
By Jane Roe
Staff Reporter of the Journal</HL>
<DD> 03/24/87</DD>
<SO> WALL STREET JOURNAL (J), PAGE A4</SO>
<DATELINE> NEW YORK </DATELINE>
<TEXT>
   Roe &amp; Co. is close to an agreement.

   AT&T is not; x &hyph; y &lt; <BP.L>.
</TEXT>
</DOC>
"""


def doc(inside: str) -> str:
    return f"<DOC>\n{inside}\n</DOC>\n"


def test_a_reuters_story_has_all_its_fields(read_all):
    article = read_all("reut2-000.sgm", REUTERS)[0]
    assert article == RawArticle(
        body="BAHIA, Feb 26 - Storm & sea closed the harbour <B>\nsaid on Thursday.\n"
        "    The ferries stayed in port.",
        title="HARBOUR <HBR> SHUT",
        authors=["By Jane Roe, Reuters"],
        source="Reuters",
        published="26-FEB-1987 15:01:01.79",
        tags=["cocoa", "trade", "brazil", "icco"],
        record="1",
        provenance={
            "body": "sgml:text",
            "title": "sgml:title",
            "authors": "sgml:author",
            "source": "sgml:reuters",
            "published": "sgml:date",
            "tags": "sgml:d",
            "record": "sgml:newid",
        },
    )


def test_a_brief_is_its_title_and_not_the_filler_below_it(read_all):
    brief = read_all("a.sgm", REUTERS)[1]
    assert (brief.title, brief.body, brief.position) == ("SEA IS CALM AGAIN", "", 2)


def test_unprocessed_text_is_the_body(read_all):
    article = read_all("a.sgm", REUTERS)[2]
    assert (article.title, article.body) == (None, "FERRY RATES - FEB 26\n JUIST   3.50")


def test_text_outside_of_the_body_is_kept(read_one):
    text = "<REUTERS NEWID='4'><TEXT><TITLE>RYE</TITLE>\nOPEN  SETT\n<BODY>1  2</BODY></TEXT>"
    assert read_one("a.sgm", text + "</REUTERS>").body == "OPEN  SETT\n1  2"


@pytest.mark.parametrize(
    ("end", "kept"),
    [
        ("port.\n Reuter\n&#3;", "port."),
        ("port.\n REUTER...^M\n&#3;", "port."),
        ("port.\n MORE\n&#3;", "port."),
        ("port.\n Reuter", "port.\n Reuter"),  # without the sign that the wire ended
        ("as said by Reuter\n&#3;", "as said by Reuter"),
        ("port. REUTER\n&#3;", "port. REUTER"),
    ],
)
def test_the_trailer_of_the_wire_goes_where_it_is_certain(read_one, end, kept):
    text = f"<REUTERS NEWID='1'><TEXT><BODY>In {end}</BODY></TEXT></REUTERS>"
    assert read_one("a.sgm", text).body == f"In {kept}"


def test_a_story_of_the_journal_has_all_its_fields(read_one):
    article = read_one("wsj_0001", TREC)
    assert article == RawArticle(
        body="NEW YORK\n\nRoe & Co. is close to an agreement.\n\n   AT&T is not; x - y < <BP.L>.",
        title="Harbour Is Near Accord To Sell Ferries",
        authors=["By Jane Roe"],
        source="WALL STREET JOURNAL",
        published="03/24/87",
        record="WSJ870324-0001",
        provenance={
            "body": "sgml:dateline+text",
            "title": "sgml:hl",
            "authors": "sgml:hl",
            "source": "sgml:so",
            "published": "sgml:dd",
            "record": "sgml:docno",
        },
    )


def test_paragraphs_in_the_fields_of_the_times_are_none(read_one):
    text = doc(
        "<DOCNO> LA010189-0001 </DOCNO>\n<DATE>\n<P>\nJanuary 1, 1989, Sunday\n</P>\n</DATE>\n"
        "<SECTION><P>Metro; Page 1</P></SECTION>\n<HEADLINE><P>STORM;</P>\n<P>FERRIES STAY</P>\n"
        "</HEADLINE>\n<BYLINE><P>By JANE ROE</P></BYLINE>\n<TEXT>\n<P>\nOne.\n</P>\n<P>\nTwo.\n"
        "</P>\n</TEXT>\n<SUBJECT><P>STORMS; FERRIES</P></SUBJECT>"
    )
    article = read_one("la010189", text)
    assert article.published == "January 1, 1989, Sunday"
    assert (article.title, article.section) == ("STORM; FERRIES STAY", "Metro; Page 1")
    assert (article.authors, article.tags) == (["By JANE ROE"], ["STORMS", "FERRIES"])
    assert article.body.split() == ["One.", "Two."]
    assert "\n\n" in article.body


def test_six_digits_that_can_only_be_a_day_of_the_last_century_are_one(read_one):
    inside = (
        "<DOCNO>FT911-3</DOCNO>\n<DATE>{}\n</DATE><PUB>The Financial Times\n</PUB><TEXT>x</TEXT>"
    )
    article = read_one("ft911_1", doc(inside.format("910514")))
    assert (article.published, article.source) == ("19910514", "The Financial Times")
    assert read_one("ft911_1", doc(inside.format("201112"))).published == "201112"


@pytest.mark.parametrize(
    ("number", "day"),
    [
        ("AP880212-0001", "19880212"),
        ("APW19980601.0001", "19980601"),
        ("NYT_ENG_19940701.0001", "19940701"),
        ("FBIS3-1", None),
        ("LA010189-0001", None),  # it could be a year first or a day first
    ],
)
def test_the_number_of_a_record_gives_its_day_where_there_is_no_other(read_one, number, day):
    article = read_one("a.sgml", doc(f"<DOCNO> {number} </DOCNO><TEXT>x</TEXT>"))
    assert (article.record, article.published) == (number, day)
    assert article.provenance.get("published") == ("sgml:docno" if day else None)


def test_a_headline_in_pieces_is_put_together(read_one):
    text = doc("<DOCNO>1</DOCNO><HEAD>Storm Shuts</HEAD>\n<HEAD>Harbour</HEAD><TEXT>x</TEXT>")
    assert read_one("ap", text).title == "Storm Shuts Harbour"


def test_titles_and_dates_in_a_header_are_found(read_one):
    text = doc(
        "<DOCNO> FBIS3-1 </DOCNO>\n<HEADER>\n<H2> March </H2>\n<DATE1> 1 March 1994 </DATE1>\n"
        "Article Type:FBIS\n<H3> <TI>   STORM </TI></H3>\n</HEADER>\n<TEXT>\n"
        "Language: <F P=105> English </F>\nNo <TITLE>title</TITLE>. <!-- no <TEXT> --></TEXT>"
    )
    article = read_one("fb396001", text)
    assert (article.title, article.published) == ("STORM", "1 March 1994")
    assert article.body.split() == ["Language:", "English", "No", "title."]


def test_the_leading_paragraph_belongs_to_the_text(read_one):
    text = doc("<DOCNO>1</DOCNO><LP>One.</LP><DATELINE>One</DATELINE><TEXT>Two.</TEXT>")
    assert read_one("a.sgml", text).body == "One.\n\nTwo."


def test_a_record_is_numbered_and_dated_by_its_attribute_too(read_one):
    text = (
        '<DOC id="AFP_ENG_20040101.0002" type="story" >\n<HEADLINE>\nStorm\n</HEADLINE>\n'
        "<DATELINE>\nPARIS, Jan 1 -\n</DATELINE>\n<TEXT>\n<P>\nFerries stay.\n</P>\n</TEXT></DOC>\n"
    )
    article = read_one("afp", text)
    assert (article.record, article.published) == ("AFP_ENG_20040101.0002", "20040101")
    assert article.body.strip() == "PARIS, Jan 1 - Ferries stay."


def test_without_an_element_for_it_the_body_is_what_is_no_field(read_all):
    text = (
        '<srcset srclang="any"><doc docid="x/1"><hl><seg id="1">Storm.</seg></hl>\n'
        '<p><seg id="2">One.</seg>\n<seg id="3">Two.</seg></p></doc></srcset>'
    )
    (article,) = read_all("newstest.sgm", text)
    assert (article.record, article.title) == ("x/1", "Storm.")
    assert article.body.split() == ["One.", "Two."]


def test_a_web_page_in_a_record_is_read_as_one(read_one):
    words = "The ferries stayed in port on Monday, said the harbour, as the storm went on. " * 3
    page = f"<html><head><title>Storm</title></head><body><p>{words}</p></body></html>"
    text = doc(
        "<DOCNO>WT01-B01-1</DOCNO>\n<DOCHDR>\nhttp://example.org/a 192.0.2.1 text/html\n"
        f"HTTP/1.0 200 OK\n</DOCHDR>\n{page}"
    )
    article = read_one("b01", text)
    assert (article.record, article.page_url) == ("WT01-B01-1", "http://example.org/a")
    assert (article.title, article.body) == ("Storm", words.strip())


def test_a_map_reaches_elements_and_attributes(read_all):
    found = read_all("a.sgm", REUTERS, record="OLDID", section="PLACES")
    assert (found[0].record, found[0].section) == ("5544", "brazil")
    assert found[1].record == "2"


def test_names_of_elements_are_known_in_any_case_and_ends_may_be_missing(read_all):
    one = "<doc><docno>1<title>Storm\n<date>1 May 1990\n<text>One.\n"
    text = one + "<doc><docno>2</docno><text>Two.</text>"
    found = read_all("a.sgml", text)
    assert [(a.record, a.title, a.published, a.body) for a in found] == [
        ("1", "Storm", "1 May 1990", "One."),
        ("2", None, None, "Two."),
    ]


def test_a_file_that_ends_within_a_record_costs_that_one(read_all):
    *sound, last = read_all("a.sgm", REUTERS[: REUTERS.rindex("JUIST")])
    assert len(sound) == 2
    assert last == BadRecord(3, "malformed", "the file ends in the middle of it")


def test_records_without_title_and_text_cost_no_others(read_all):
    found = read_all("a.sgml", doc("<DOCNO>1</DOCNO><TEXT>\n</TEXT>") + TREC)
    assert isinstance(found[0], BadRecord)
    assert (found[0].position, found[0].reason) == (1, "no-article")
    assert found[1].position == 2


def test_bytes_of_any_encoding_and_of_none_do_no_harm(read_all):
    one = doc("<DOCNO>1</DOCNO><TEXT>Die Fähren blieben in Köln, für Stunden.</TEXT>")
    two = b"<DOC><DOCNO>3</DOCNO><TEXT>a\xfc\0b</TEXT></DOC>"
    found = read_all("a.sgml", one.encode() + one.encode("cp1252") + two)
    assert [article.body for article in found[:2]] == [
        "Die Fähren blieben in Köln, für Stunden."
    ] * 2
    assert found[2].body == "aüb"


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-be"])
def test_records_are_read_in_unicode_of_any_kind(read_all, codec):
    found = read_all("a.sgm", REUTERS.encode(codec))
    assert [article.record for article in found] == ["1", "2", "3"]


def test_no_entity_of_a_file_is_expanded(read_one):
    text = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n' + doc(
        "<DOCNO>1</DOCNO><TEXT>&x; &#65; &eacute; &unknown; &#3;</TEXT>"
    )
    source_text = READER.recognises(text.encode(), ".sgml")
    assert source_text >= 50
    assert read_one("a.sgml", text).body == "&x; A é &unknown; "


def test_a_record_beyond_all_bounds_costs_no_other(read_all, monkeypatch):
    monkeypatch.setattr(sgml, "MAX_RECORD", 2000)
    monkeypatch.setattr(sgml, "_BLOCK", 500)
    long = doc("<DOCNO>2</DOCNO><TEXT>" + "y" * 9000 + "</TEXT>")
    found = read_all("a.sgml", TREC + long + TREC)
    assert [one.reason if isinstance(one, BadRecord) else one.record for one in found] == [
        "WSJ870324-0001",
        "too-large",
        "WSJ870324-0001",
    ]


@pytest.mark.parametrize("size", [1, 7, 64, 1000])
def test_records_are_the_same_in_blocks_of_any_size(read_all, monkeypatch, size):
    whole = read_all("a.sgm", REUTERS + TREC)
    monkeypatch.setattr(sgml, "_BLOCK", size)
    assert read_all("a.sgm", REUTERS + TREC) == whole


def test_records_are_streamed(make_source, monkeypatch):
    source = make_source("a.sgm", (REUTERS * 2000).encode())
    monkeypatch.setattr(Source, "read", None)
    articles = READER.read(source, ReadOptions())
    assert [next(articles).position for _ in range(3)] == [1, 2, 3]
    articles.close()


def test_a_file_without_records_is_no_article(read_all):
    with pytest.raises(ReadError, match="no <REUTERS> and no <DOC>") as caught:
        read_all("a.sgml", "<!DOCTYPE book>\n<book><title>Storm</title></book>")
    assert caught.value.reason == "no-article"


@pytest.mark.parametrize(
    "piece", ["<text>", "<p", "<!--", "&#", "<d>", "x=", "<head>", "</head>", "</p>", "<hl>\n---"]
)
def test_what_is_made_to_be_slow_is_read_all_the_same(read_all, piece):
    found = read_all("a.sgml", doc(f"<DOCNO>1</DOCNO><a {piece * 100_000}") + TREC)
    assert [one.position for one in found] == [1, 2]


def test_a_record_of_nothing_but_elements_is_too_large(read_all):
    found = read_all("a.sgml", doc("<title>x</title>" * 100_001) + TREC)
    assert isinstance(found[0], BadRecord)
    assert found[0].reason == "too-large"


@pytest.mark.parametrize(
    ("name", "text", "surely"),
    [
        ("a.sgm", REUTERS, True),
        ("reut2-000", REUTERS, True),
        ("ap880212", TREC, True),
        ("a.txt", TREC, True),
        ("a.xml", "<?xml version='1.0'?>\n<ROOT>\n" + TREC, True),
        ("a.trec", '<DOC id="1"><TEXT>x</TEXT></DOC>', True),
        ("a.txt", "The <DOC> element\n" + TREC, False),
        ("a.xml", "<doc><title>x</title></doc>", False),
        ("a.xml", "<documents><doc id='1'/></documents>", True),
        ("a.html", "<html><body><doc id='1'></body></html>", False),
        ("a.txt", "The ferries stayed in port.", False),
    ],
)
def test_records_are_known_by_how_a_file_starts(name, text, surely):
    suffix = "." + name.partition(".")[2] if "." in name else ""
    assert (READER.recognises(text.encode(), suffix) >= 80) is surely


# Whatever the bytes

PIECES = [
    *(b"<TEXT>", b"</TEXT>", b"<DOC>", b"</DOC>", b"<REUTERS ", b"<BODY>", b"<TITLE", b">", b"<"),
    *(b"&#", b";", b"<!--", b"-->", b"\0", b"\xe9", b"\x81\x40", b"<html>", b"----\n", b"\xff\xfe"),
]


@given(st.randoms(use_true_random=False), st.integers(1, 15))
@settings(max_examples=200)
def test_a_damaged_file_ends_in_articles_and_reasons(tmp_path_factory, rng, changes):
    path = tmp_path_factory.getbasetemp() / "damaged.sgm"
    path.write_bytes(damaged((REUTERS + TREC).encode(), rng, changes))
    source = Source(path.name, path)
    assert 0 <= READER.recognises(source.head(), ".sgm") <= 100
    found: list[RawArticle | BadRecord] = []
    try:
        found += READER.read(source, ReadOptions())
        assert found
    except ReadError as error:
        found.append(BadRecord(10**6, error.reason, error.message))
    assert {one.reason for one in found if isinstance(one, BadRecord)} <= REASONS.keys()
    positions = [one.position for one in found]
    assert positions == sorted(positions)


def damaged(seed: bytes, rng: random.Random, changes: int) -> bytes:
    """The bytes with some of them cut out, doubled, or replaced by what means something."""
    data = bytearray(seed)
    for _ in range(changes):
        at = rng.randrange(len(data) + 1)
        if rng.random() < 0.5:
            data[at : at + rng.randrange(3)] = rng.choice(PIECES)
        else:
            end = at + rng.randrange(60)
            data[at:end] = rng.choice([b"", data[at:end] * 2, data[:at][-60:]])
    return bytes(data)


# The real collection


def test_reuters_21578_has_the_counts_that_it_is_known_for(data: Path):
    # The last two files of the 22, with 1,578 of the 21,578 records.
    found: list[RawArticle | BadRecord] = []
    for number in ("020", "021"):
        path = data / "reuters21578" / f"reut2-{number}.sgm"
        found += READER.read(Source(path.name, path), ReadOptions())
    articles = [one for one in found if isinstance(one, RawArticle)]
    assert [article.record for article in articles] == [str(n) for n in range(20001, 21579)]
    assert all("1987" in (article.published or "") for article in articles)
    counts = Counter((article.title is not None, bool(article.body)) for article in articles)
    with_body, briefs, unprocessed = counts[True, True], counts[True, False], counts[False, True]
    assert (with_body, briefs, unprocessed) == (1237, 335, 6)
    assert Counter(tag for article in articles for tag in article.tags)["usa"] == 995


def test_a_byte_that_is_no_text_costs_nothing(data: Path):
    path = data / "reuters21578" / "reut2-017.sgm"
    found = list(READER.read(Source(path.name, path), ReadOptions()))
    assert len(found) == 1000
    assert all(isinstance(one, RawArticle) for one in found)
    assert sum("ü" in one.body for one in found) == 1
