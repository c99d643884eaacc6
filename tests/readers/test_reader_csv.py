"""CSV and its kin: any dialect, with a header or without, whatever a row is like."""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.index.outcomes import REASONS
from newsidx.readers.base import BadRecord, ReadOptions
from newsidx.readers.csvfile import READER
from newsidx.readers.source import Source
from newsidx.readers.tables import lines as csvlines

STORM = "The ferries stayed in port on Monday, said the harbour; the storm went on for hours."
SEA = "On Tuesday the sea was calm again, and all who had waited could at last go home to Juist."


def outcomes(found: list[RawArticle | BadRecord]) -> list[object]:
    return [
        (one.position, one.title or one.body if isinstance(one, RawArticle) else one.reason)
        for one in found
    ]


def messages(found: list[RawArticle | BadRecord]) -> list[str]:
    return [one.message for one in found if isinstance(one, BadRecord)]


def table(rows: list[list[str]], **dialect: object) -> str:
    written = io.StringIO()
    csv.writer(written, **dialect).writerows(rows)  # type: ignore[arg-type]
    return written.getvalue()


@pytest.fixture
def read_table(make_source):
    """Everything in a table under some name, with a header or not."""

    def read(text: str | bytes, header: bool | None = None, name: str = "a.csv", **fields: str):
        data = text.encode() if isinstance(text, str) else text
        return list(READER.read(make_source(name, data), ReadOptions(fields, header)))

    return read


# Columns


def test_the_columns_of_all_the_news_are_known(read_all):
    header = ["", "id", "title", "publication", "author", "date", "year", "month", "url", "content"]
    row = ["0", "17283", "Storm", "New York Times", "Jane Roe", "2016-12-31", "2016.0", "12.0",
           "https://example.org/storm", STORM]  # fmt: skip
    (article,) = read_all("articles1.csv", table([header, row]))
    assert article == RawArticle(
        body=STORM,
        title="Storm",
        authors=["Jane Roe"],
        source="New York Times",
        published="2016-12-31",
        url="https://example.org/storm",
        record="17283",
        provenance={
            "body": "record:content",
            "title": "record:title",
            "authors": "record:author",
            "source": "record:publication",
            "published": "record:date",
            "url": "record:url",
            "record": "record:id",
        },
        position=2,
    )


def test_a_date_that_is_a_python_dict_stays_as_it_is_written(read_one):
    raw = "{'$date': 1474243200000}"
    assert read_one("a.csv", table([["text", "publish_date"], [STORM, raw]])).published == raw


def test_a_source_that_is_an_address_is_its_host(read_one):
    text = table([["title", "text", "source"], ["Storm", STORM, "http://www.example.org"]])
    assert read_one("a.csv", text).source == "example.org"


def test_without_a_header_long_text_is_the_body_and_a_repeated_label_the_section(read_all):
    rows = [["sport", "7", STORM], ["web", "8", SEA], ["sport", "9", SEA], ["web", "9", STORM]]
    found = read_all("a.csv", table(rows, delimiter=";"))
    assert [article.section for article in found] == ["sport", "web", "sport", "web"]
    assert [article.body for article in found] == [STORM, SEA, SEA, STORM]
    assert found[0].provenance == {"body": "column:3", "section": "column:1"}


@pytest.mark.parametrize(
    "rows",
    [
        [["a", STORM], ["b", SEA], ["c", STORM], ["d", SEA]],  # no label comes again
        [["a", STORM], ["a", SEA]],  # too few rows to tell
        [["1", STORM], ["1", SEA], ["2", STORM], ["2", SEA]],  # numbers
        [["a", "x", STORM], ["a", "x", SEA], ["b", "y", STORM], ["b", "y", SEA]],  # two columns
    ],
)
def test_what_may_be_no_section_is_none(read_all, rows):
    for article in read_all("a.csv", table(rows)):
        assert article.section is None
        assert article.body in (STORM, SEA)


def test_a_map_names_columns_by_number(read_all):
    rows = [["Storm", "x", STORM], ["Sea", "x", SEA]]
    found = read_all("a.csv", table(rows), title="1", body="3")
    assert outcomes(found) == [(1, "Storm"), (2, "Sea")]
    assert found[0].provenance == {"title": "column:1", "body": "column:3"}


def test_with_a_map_nothing_but_the_text_is_found_by_its_looks(read_all):
    rows = [["a", STORM], ["a", SEA], ["b", STORM], ["b", SEA]]
    for article in read_all("a.csv", table(rows), tags="1"):
        assert article.provenance == {"tags": "column:1", "body": "column:2"}


def test_a_map_names_columns_by_name_or_number_where_there_is_a_header(read_one):
    text = table([["kop", "tekst", "bron"], ["Storm", "x", "NRC"]])
    article = read_one("a.csv", text, title="kop", body="TEKST", source="3")
    assert (article.title, article.body, article.source) == ("Storm", "x", "NRC")
    assert article.provenance["source"] == "record:bron"


def test_a_map_goes_before_a_known_name(read_one):
    text = table([["title", "text", "summary"], ["Storm", STORM, "Ferries stay."]])
    assert read_one("a.csv", text, body="summary").body == "Ferries stay."


def test_a_header_of_unknown_names_is_one_where_long_text_is_below(read_all):
    found = read_all("a.csv", table([["kop", "tekst"], ["Storm", STORM], ["Sea", SEA]]))
    assert [article.body for article in found] == [STORM, SEA]
    assert found[0].provenance == {"body": "column:tekst"}


def test_numbers_that_a_program_wrote_for_names_are_no_row(read_all):
    found = read_all("a.csv", table([["0", "1"], ["Storm", STORM], ["Sea", SEA]]))
    assert [article.body for article in found] == [STORM, SEA]
    assert found[0].provenance == {"body": "column:2"}


def test_the_header_that_r_writes_is_one_name_short(read_all):
    text = 'title,text\n"1","Storm","x"\n"2","Sea","y"\n'
    assert outcomes(read_all("a.csv", text)) == [(2, "Storm"), (3, "Sea")]


def test_a_header_is_none_where_that_was_said(read_table):
    text = "title,text\nStorm,x\n"
    assert outcomes(read_table(text, False, title="1", body="2")) == [(1, "title"), (2, "Storm")]


def test_a_header_is_one_where_that_was_said(read_table):
    text = table([["Wind 2016", "Waves 2016"], [STORM, "x"], [SEA, "y"]])
    assert [article.body for article in read_table(text, True)] == [STORM, SEA]
    assert len(read_table(text, None)) == 2


def test_tables_that_were_put_together_have_each_their_header(read_all):
    found = read_all("a.csv", "title,text\nStorm,x\ntitle,text\nSea,y\n")
    assert outcomes(found) == [(2, "Storm"), (4, "Sea")]


def test_of_two_columns_with_one_name_the_first_is_taken(read_one):
    assert read_one("a.csv", "title,text,text\nStorm,one,two\n").body == "one"


@pytest.mark.parametrize(
    "text",
    [
        "id,date,price\n1,2016-01-01,3.5\n2,2016-01-02,4.5\n",
        "movieId,title,genres\n1,Toys,Comedy\n2,Heat,Action\n",
        "1,2,3\n4,5,6\n7,8,9\n",
        "title,text\n",
        "No table, and\nno article; only\nlines of text that\nend, somewhere\n",
    ],
)
def test_a_table_without_articles_is_no_article(read_all, text):
    with pytest.raises(ReadError) as caught:
        read_all("a.csv", text)
    assert caught.value.reason == "no-article"


def test_headlines_without_text_are_articles_where_a_date_or_source_is_beside_them(read_all):
    found = read_all("a.csv", "publish_date,title\n20160101,Storm\n20160102,Sea\n")
    assert outcomes(found) == [(2, "Storm"), (3, "Sea")]


def test_a_table_of_one_column_is_known_by_its_name(read_all):
    found = read_all("a.csv", 'text\n"One, two"\nThree, four\n"a\nb"\n')
    assert outcomes(found) == [(2, "One, two"), (3, "Three, four"), (4, "a\nb")]


@pytest.mark.parametrize("text", ['"text\n"', '"text\n\n', 'text\n"', '"text"\n"\n"'])
def test_a_table_of_one_column_in_pieces_is_no_worse(read_all, text):
    with pytest.raises(ReadError) as caught:
        read_all("a.csv", text)
    assert caught.value.reason in ("no-article", "malformed")


# Dialects

CELLS = st.text(st.sampled_from("ab é\"'\n,;|\t.漢"), max_size=12).map(lambda text: f"x {text} y")


@given(
    st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=8),
    st.sampled_from(",;\t|"),
    st.sampled_from("\"'"),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    st.sampled_from(["\n", "\r\n"]),
)
@settings(max_examples=150)
def test_what_was_written_in_any_dialect_is_read_back(
    tmp_path_factory, rows, delimiter, quote, quoting, end
):
    text = table(
        [["id", "title", "content", "url"], *([str(n), *row, ""] for n, row in enumerate(rows))],
        delimiter=delimiter, quotechar=quote, quoting=quoting, lineterminator=end,
    )  # fmt: skip
    path = tmp_path_factory.getbasetemp() / "written.csv"
    path.write_bytes(text.encode())
    found = list(READER.read(Source(path.name, path), ReadOptions()))
    assert all(isinstance(article, RawArticle) for article in found)
    # A tag or two is no page; what was quoted is what is read, but for titles on one line.
    assert [article.body for article in found] == [body for _, body in rows]
    assert [article.title for article in found] == [" ".join(t.split()) for t, _ in rows]


def test_backslashes_may_escape(read_all):
    text = 'title,text\n"The \\"Storm\\"","a, \\\\ b\\nc"\n"Sea","x\\, \\"y\\""\n'
    found = read_all("a.csv", text)
    assert [(a.title, a.body) for a in found] == [
        ('The "Storm"', "a, \\ b\nc"),
        ("Sea", 'x, "y"'),
    ]


def test_a_backslash_is_one_where_nothing_shows_that_it_escapes(read_one):
    assert read_one("a.csv", 'title,text\nDisk,"C:\\temp, C:\\news"\n').body == "C:\\temp, C:\\news"


def test_what_a_database_dumps_has_tabs_and_escapes_and_no_quotes(read_all):
    text = 'id\ttitle\ttext\n1\tStorm\tone\\ntwo\n2\t\\N\tx\\ty "q\n3\tSea\tso\\\n on\n'
    found = read_all("a.tsv", text)
    assert [(a.title, a.body) for a in found] == [
        ("Storm", "one\ntwo"),
        (None, 'x\ty "q'),
        ("Sea", "so\n on"),
    ]


def test_spaces_behind_delimiters_do_not_hide_quotes(read_all):
    found = read_all("a.csv", 'title, text\nStorm, "b, c"\nSea, "d, e"\n')
    assert [article.body for article in found] == ["b, c", "d, e"]


def test_the_line_for_excel_says_the_delimiter_and_is_no_row(read_all):
    found = read_all("a.csv", "sep=;\ntitle;text\nStorm;x, y\nSea;z\n")
    assert outcomes(found) == [(3, "Storm"), (4, "Sea")]


def test_commas_of_prose_part_no_cells(read_all):
    found = read_all("a.csv", f"sport;{STORM.replace(';', ',')}\nweb;{SEA}\n")
    assert [article.body for article in found] == [STORM.replace(";", ","), SEA]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_in_any_way(read_all, end):
    text = end.join(["title,text", "Storm,x", 'Sea,"y', 'z"', "Sun,w", ""])
    assert outcomes(read_all("a.csv", text)) == [(2, "Storm"), (3, "Sea"), (5, "Sun")]


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-be", "cp1252"])
def test_a_table_is_read_in_any_encoding(read_all, codec):
    text = "title,text\nStürme,Die Fähren blieben in Köln\nSee,Flüsse für Männer\n"
    found = read_all("a.csv", text.encode(codec))
    assert [article.title for article in found] == ["Stürme", "See"]


def test_rows_in_another_encoding_are_read_in_it_however_late_they_come(read_all):
    rows = b"Storm,The ferries stayed in port\n" * 5000
    late = "Stürme,Die Fähren in Köln blieben für Stunden\n"
    *_, utf8, cp1252 = read_all(
        "a.csv", b"title,text\n" + rows + late.encode() + late.encode("cp1252")
    )
    assert utf8.title == cp1252.title == "Stürme"
    assert utf8.body == cp1252.body == "Die Fähren in Köln blieben für Stunden"


def test_zero_bytes_do_no_harm(read_all):
    found = read_all("a.csv", b"title,text\nStorm,x\0y\n\0Sea,z\n")
    assert [article.body.replace("\0", "") for article in found] == ["xy", "z"]


def test_a_cell_may_hold_megabytes(read_all):
    long = "The storm went on.\n" * 200_000
    found = read_all("a.csv", table([["title", "text"], ["Storm", long], ["Sea", SEA]]))
    assert [article.body for article in found] == [long, SEA]


# Broken rows


def test_a_quote_that_is_never_closed_costs_one_row(read_all):
    text = 'id,title,text\n1,A,"one, two"\n2,B,"open\n3,C,"three, 3"\n4,D,"four"\n'
    found = read_all("a.csv", text)
    assert outcomes(found) == [(2, "A"), (3, "malformed"), (4, "C"), (5, "D")]
    assert messages(found) == ["a quote on line 3 is never closed"]


def test_rows_without_quotes_that_an_open_quote_swallowed_come_back(read_all):
    text = 'id,title,text\n1,A,"one, two"\n2,B,"open\n3,C,three\n4,D,four\n'
    assert outcomes(read_all("a.csv", text)) == [(2, "A"), (3, "malformed"), (4, "C"), (5, "D")]


def test_a_last_row_that_is_cut_off_costs_only_itself(read_all):
    text = 'id,title,text\n1,A,"one, two"\n2,B,"x"\n3,C,"y"\n4,D,"one\n\ntwo, three\nfour'
    found = read_all("a.csv", text)
    assert outcomes(found) == [(2, "A"), (3, "B"), (4, "C"), (5, "malformed")]
    assert messages(found) == ["the quotes on lines 5 to 8 don't match"]


def test_quotes_within_a_cell_need_not_be_doubled(read_all):
    rows = '1,A,"one, two"\n2,B,"he said "no" and, then,\n\n"yes" again"\n3,C,"three, 3"\n'
    found = read_all("a.csv", "id,title,text\n" + rows)
    assert [article.body for article in found] == [
        "one, two",
        'he said "no" and, then,\n\n"yes" again',
        "three, 3",
    ]


def test_rows_with_too_many_or_too_few_cells_are_malformed_but_for_empty_ones(read_all):
    text = "id,title,text,url\n1,A,one,\n2,B\n3,C,x,,y\n4,D,four,,,\n5,E,five\n\n,,,\n6,F,six,\n"
    found = read_all("a.csv", text)
    assert outcomes(found) == [
        (2, "A"),
        (3, "malformed"),
        (4, "malformed"),
        (5, "D"),
        (6, "E"),
        (9, "F"),
    ]
    assert messages(found) == [
        "the row on line 3 has 2 cells, and not 4",
        "the row on line 4 has 5 cells, and not 4",
    ]


def test_a_row_without_title_and_text_costs_no_other(read_all):
    found = read_all("a.csv", "id,title,text\n1,,\n2,B,two\n")
    assert outcomes(found) == [(2, "no-article"), (3, "B")]


@pytest.mark.parametrize("break_", ["", "\n"])
def test_a_row_beyond_all_bounds_costs_no_other(read_all, monkeypatch, break_):
    monkeypatch.setattr(csvlines, "LONGEST_ROW", 100_000)
    long = f"y, z{break_}" * 50_000
    rows = [["1", "A", "x"]] * 4 + [["2", "B", long], ["3", "C", "z"]]
    found = read_all("a.csv", table([["id", "title", "text"], *rows], quoting=csv.QUOTE_ALL))
    last = 7 + long.count("\n")
    assert outcomes(found)[4:] == [(6, "too-large"), (last, "C")]


def test_a_file_of_broken_rows_only_is_malformed_as_a_whole(read_all):
    with pytest.raises(ReadError, match="line 2 has one cell") as caught:
        read_all("a.csv", "id,title,text\n" + "x\n" * 8)
    assert caught.value.reason == "malformed"


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 99, bytes(range(256)) * 9])
def test_binary_data_are_undecodable(make_source, data):
    with pytest.raises(ReadError) as caught:
        list(READER.read(make_source("a.csv", data), ReadOptions()))
    assert caught.value.reason == "undecodable"


def test_rows_are_streamed(make_source, monkeypatch):
    source = make_source("a.csv", b"title,text\n" + b"Storm,x\n" * 50_000)
    monkeypatch.setattr(Source, "read", None)
    articles = READER.read(source, ReadOptions())
    assert [next(articles).position for _ in range(3)] == [2, 3, 4]
    articles.close()


def test_the_limit_of_the_parser_is_raised_and_never_lowered(read_all):
    before = csv.field_size_limit(10**9)
    try:
        read_all("a.csv", "title,text\nStorm,x\n")
        assert csv.field_size_limit() == 10**9
    finally:
        csv.field_size_limit(before)


# Recognising


@pytest.mark.parametrize(
    ("name", "text", "score"),
    [
        ("a.csv", "title,text\nStorm,x\n", 92),
        ("a.tsv", "title\ttext\nStorm\tx\n", 92),
        ("a.csv", f"sport;{STORM}\nweb;{SEA}\n", 92),
        ("a.csv", "Only prose, of a kind.\nNo table.\n", 45),
        ("a.csv", '{"title": "Storm", "text": "x"}\n', 45),
        ("a.csv", "<html><body>x, y</body></html>", 45),
        ("a.txt", "id,title,content\n1,Storm,x\n2,Sea,y\n", 80),
        ("a", "title|text|date\nStorm|x|2016-11-08\n", 80),
        ("a.txt", "Title, author and date\nwere missing, text, too.\n", 0),
        ("a.txt", "Text | Source | Date\n\nThe ferries stayed in port.\n", 0),
        ("a.txt", STORM + "\n\n" + SEA, 0),
        ("a.md", "id,title,content\n1,Storm,x\n2,Sea,y\n", 0),
    ],
)
def test_a_table_is_known_by_its_name_and_its_rows(name, text, score):
    suffix = "." + name.partition(".")[2] if "." in name else ""
    assert READER.recognises(text.encode(), suffix) == score


def test_prose_is_never_a_table(data: Path):
    for path in sorted(data.glob("bbc/*/*.txt"))[::20] + sorted(data.glob("seed/*.txt")):
        assert READER.recognises(Source(path.name, path).head(), ".txt") == 0, path


# Whatever the bytes


SEED = table(
    [
        ["id", "title", "text", "date"],
        ["1", "Storm", STORM, "2016-11-08"],
        ["2", 'The "Sea"', SEA + "\n\n" + STORM, "2016-11-09"],
        ["3", "Sturm über Juist", "Die Fähren, hieß es, blieben im Hafen.", ""],
    ]
).encode()


@given(st.randoms(use_true_random=False), st.integers(1, 12))
@settings(max_examples=200)
def test_a_damaged_table_ends_in_articles_and_reasons(tmp_path_factory, rng, changes):
    path = tmp_path_factory.getbasetemp() / "damaged.csv"
    path.write_bytes(damaged(SEED, rng, changes))
    source = Source(path.name, path)
    assert 0 <= READER.recognises(source.head(), ".csv") <= 100
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
            piece = rng.choice([b'"', b"'", b",", b";", b"\n", b"\r", b"\\", b"\t", b"\0", b"\xe9"])
            data[at : at + rng.randrange(2)] = piece * rng.choice([1, 1, 2, 3])
        else:
            end = at + rng.randrange(40)
            data[at:end] = rng.choice([b"", data[at:end] * 2, data[:at][-30:]])
    return bytes(data)


# Real tables


def test_the_german_articles_have_their_labels(data: Path):
    path = data / "gnad10k_german" / "test.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter=";", quotechar="'"))
    found = list(READER.read(Source(path.name, path), ReadOptions()))
    assert len(found) == 1028
    assert [[article.section, article.body] for article in found] == rows
    assert Counter(article.section for article in found)["Web"] == 168


def test_the_articles_of_two_real_exports_are_all_read(data: Path):
    found = [
        article
        for path in sorted(data.glob("fakenewsnet_buzzfeed_csv/*.csv"))
        for article in READER.read(Source(path.name, path), ReadOptions())
    ]
    assert len(found) == 182
    assert all(article.title and article.body and article.record for article in found)
    dates = [article.published for article in found if article.published]
    assert len(dates) == 167
    assert all(date.startswith("201") for date in dates)
