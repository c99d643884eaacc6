"""Collections that retrieval is measured on: SMART's and TIME's, and their files of topics."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.index.outcomes import REASONS
from newsidx.readers import smart
from newsidx.readers.base import BadRecord, ReadOptions
from newsidx.readers.registry import reader_for
from newsidx.readers.smart import READER
from newsidx.readers.source import Source
from newsidx.refine.refine import refine
from tests.readers.conftest import MakeSource, ReadAll, ReadOne

SMART = """.I 1
.T
the harbour in a
storm .
.A
roe,j. and van dyke,m.d.
.B
j. harb. scs. 25, 1958, 324.
.W
the ferries stayed in port .
  nobody crossed .
.I 12a
.T
waves
.A
Perlis, A. J.
Samelson, K.
.B
Harbour Monthly December, 1959
.K
sea, breakwaters
.C
3.22 3.23
.N
HM591201 JD March 22, 1978
.X
1\t5\t12
.W
short waves
"""

TIME = """*TEXT 017 01/04/63 PAGE 020

THE ALLIES AFTER NASSAU THE HARBOUR WAS SHUT .

NOBODY CROSSED .

*TEXT 431 08/30 63 PAGE 026

CEYLON THE FERRY SAILED .

AND CAME BACK .

*TEXT 503  11/15/63  PAGE 045

ZANZIBAR ONE

*STOP
"""


def test_the_sections_of_a_record_are_its_fields(read_all: ReadAll) -> None:
    first, second = read_all("harbour.all", SMART)
    assert isinstance(first, RawArticle)
    assert isinstance(second, RawArticle)
    assert first.record == "1"
    assert first.title == "the harbour in a storm ."
    assert first.authors == ["roe,j.", "van dyke,m.d."]
    assert first.source == "j. harb. scs. 25, 1958, 324."
    assert first.published == "1958"
    assert first.body == "the ferries stayed in port .\n  nobody crossed ."
    assert first.provenance == {
        "record": "smart:I",
        "title": "smart:T",
        "authors": "smart:A",
        "source": "smart:B",
        "published": "smart:B",
        "body": "smart:W",
    }
    assert (second.record, second.position) == ("12a", 2)
    assert second.authors == ["Perlis, A. J.", "Samelson, K."]
    assert second.tags == ["sea", "breakwaters"]
    assert second.body == "short waves"
    clean = refine(second)
    assert clean.published
    assert clean.published.isoformat() == "1959-12"


def test_a_record_of_time_has_number_day_page_and_text(read_all: ReadAll) -> None:
    articles = [found for found in read_all("TIME.ALL", TIME) if isinstance(found, RawArticle)]
    assert [article.record for article in articles] == ["017", "431", "503"]
    dates = [article.published for article in articles]
    assert dates == ["1963-01-04", "1963-08-30", "1963-11-15"]
    assert [article.provenance["page"] for article in articles] == ["020", "026", "045"]
    assert articles[0].body == "THE ALLIES AFTER NASSAU THE HARBOUR WAS SHUT .\nNOBODY CROSSED ."
    assert articles[2].body == "ZANZIBAR ONE"
    assert articles[0].title is None


def test_blank_lines_between_paragraphs_stay(read_one: ReadOne) -> None:
    text = "*TEXT 1 01/04/63 PAGE 1\nONE LINE\nAND ITS NEXT\n\nA PARAGRAPH\n"
    assert read_one("a.all", text).body == "ONE LINE\nAND ITS NEXT\n\nA PARAGRAPH"


def test_sections_may_be_mapped(read_all: ReadAll) -> None:
    _, second = read_all("harbour.all", SMART, tags="C", body="T")
    assert isinstance(second, RawArticle)
    assert second.tags == ["3.22 3.23"]
    assert second.provenance["tags"] == "smart:C"
    assert (second.body, second.provenance["body"]) == ("waves", "smart:T")


def test_a_section_in_parts_is_one(read_one: ReadOne) -> None:
    article = read_one("a.all", ".I 1\n.T\nwaves\n.W\none\n.A\nroe,j.\n.W\ntwo\n.A\ndoe,a.\n")
    assert article.body == "one\ntwo"
    assert article.authors == ["roe,j.", "doe,a."]


@pytest.mark.parametrize(
    ("citation", "published"),
    [
        ("naca tn.1813, 1949.", "1949"),
        ("rand corp. rm.2078, september 1957 .", "september 1957"),
        ("nbs circular 564 (1955)", "1955"),
        ("naca tn.1961.", None),
        ("arc r + m 2023", None),
        ("part i, arc r + m 2934, 1955.  part ii arc r + m 3029, 1958.", None),
        ("ministry of supply, london", None),
    ],
)
def test_a_year_is_taken_where_a_citation_has_it_and_nowhere_else(
    read_one: ReadOne, citation: str, published: str | None
) -> None:
    article = read_one("a.all", f".I 1\n.T\nwaves\n.B\n{citation}\n.W\nshort\n")
    assert article.published == published


def test_a_record_without_title_and_text_is_a_bad_one(read_all: ReadAll) -> None:
    found = read_all("a.all", ".I 1\n.T\n.A\n.B\n.W\n.I 2\n.T\nwaves\n.W\nshort\n")
    assert found[0] == BadRecord(1, "no-article", "it has no title and no text")
    assert isinstance(found[1], RawArticle)
    assert found[1].record == "2"


def test_a_record_as_long_as_no_article_is_a_bad_one(
    read_all: ReadAll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smart, "MAX_RECORD", 500)
    long = "waves " * 20
    text = f".I 1\n.T\nwaves\n.W\n{(long + chr(10)) * 6}.I 2\n.T\nwaves\n.W\nshort\n"
    first, second = read_all("a.all", text)
    assert isinstance(first, BadRecord)
    assert (first.position, first.reason) == (1, "too-large")
    assert isinstance(second, RawArticle)


def test_a_line_without_end_is_not_held(make_source: MakeSource) -> None:
    blocks = iter([".I 1\n.T\nwaves\n.W\n", *["x" * (MEGABYTE)] * 70, "\n.I 2\n.T\nsea\n"])
    records = list(smart._records(smart._lines(blocks)))
    assert records[0] == []
    assert records[1][:3] == [".I 2", ".T", "sea"]


MEGABYTE = 1024 * 1024


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("cran.all.1400", SMART),
        ("cacm.all", SMART),
        ("notes.txt", SMART),
        ("TIME.ALL", TIME),
        ("time.txt", "\n" + TIME),
        ("MED.ALL", ".I 1\n.W\nthe sea\n"),
        ("dos.all", SMART.replace("\n", "\r\n")),
    ],
)
def test_a_collection_is_known_by_how_it_begins(
    make_source: MakeSource, name: str, text: str
) -> None:
    assert reader_for(make_source(name, text.encode())) is READER


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("cran.qry", ".I 001\n.W\nwhat of the sea ?\n"),
        ("CISI.QRY", SMART),
        ("queries.txt", ".I 001\n.W\nwhat of the sea ?\n"),
        ("TIME.QUE", "*FIND      1\n\n THE SEA AND THE HARBOUR .\n"),
        ("TIME.REL.ALL", "1  268 288\n\n2  326\n"),
        ("man.1", ".I word\nin italics\n.B bold\n"),
        ("a.all", "all of it\n"),
    ],
)
def test_topics_judgements_and_manuals_are_no_articles(name: str, text: str) -> None:
    suffix = Source(name, Path(name)).suffix
    assert READER.recognises(text.encode(), suffix) == 0


def test_a_file_without_a_record_is_said_to_be_none(make_source: MakeSource) -> None:
    with pytest.raises(ReadError) as caught:
        list(READER.read(make_source("a.all", b"the sea\n"), ReadOptions()))
    assert caught.value.reason == "no-article"


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from([".I", ".I 1", ".T", ".W", ".K", "*TEXT", "*TEXT 1 99/99/99", "*STOP", "x"])
        | st.text(max_size=8)
        | st.binary(max_size=8).map(lambda data: data.decode("latin-1")),
        max_size=30,
    )
)
def test_any_lines_are_articles_bad_records_or_a_reason(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    path = tmp_path_factory.mktemp("smart") / "a.all"
    path.write_bytes("\n".join(lines).encode("utf-8", "surrogatepass"))
    found: list[RawArticle | BadRecord] = []
    reasons = []
    try:
        found += READER.read(Source("a.all", path), ReadOptions())
    except ReadError as error:
        reasons.append(error.reason)
    reasons += [record.reason for record in found if isinstance(record, BadRecord)]
    assert set(reasons) <= REASONS.keys()
    assert all(a.title or a.body for a in found if isinstance(a, RawArticle))


# The collections themselves


def test_cranfield_is_read_whole_but_for_its_two_empty_records(data: Path) -> None:
    path = data / "ir_cran" / "cran.all.1400"
    found = list(READER.read(Source(path.name, path), ReadOptions()))
    bad = [record for record in found if isinstance(record, BadRecord)]
    assert [record.position for record in bad] == [471, 995]
    articles = [article for article in found if isinstance(article, RawArticle)]
    assert [article.record for article in articles] == [
        str(n) for n in range(1, 1401) if n not in (471, 995)
    ]
    assert all(article.title and article.body for article in articles)


def test_time_is_read_whole(data: Path) -> None:
    path = data / "ir_time" / "TIME.ALL"
    articles = [
        found
        for found in READER.read(Source(path.name, path), ReadOptions())
        if isinstance(found, RawArticle)
    ]
    assert len(articles) == 423
    assert len({article.record for article in articles}) == 423
    assert Counter(str(article.published)[:4] for article in articles) == {"1963": 423}
    assert all(article.body and "page" in article.provenance for article in articles)


def test_files_beside_the_collections_are_not_taken_for_them(data: Path) -> None:
    for name in ("ir_cran/cran.qry", "ir_cran/cranqrel", "ir_time/TIME.QUE", "ir_time/TIME.REL"):
        source = Source(name, data / name)
        assert READER.recognises(source.head(), source.suffix) == 0
