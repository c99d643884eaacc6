"""JSON and JSON Lines: from files of any shape and any damage."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.readers import jsonlines
from newsidx.readers.base import BadRecord, Reader, ReadOptions
from newsidx.readers.jsonfile import READER as JSON
from newsidx.readers.jsonlines import READER as LINES
from newsidx.readers.records import jsonstream
from newsidx.readers.records.jsonstream import JsonStream
from newsidx.readers.source import Source

STORM = {"id": 1, "title": "Storm", "text": "The ferries stayed in port."}
SEA = {"id": 2, "title": "Sea", "text": "The sea was calm, König said."}


def outcomes(found: list[RawArticle | BadRecord]) -> list[object]:
    return [
        (article.position, article.title if isinstance(article, RawArticle) else article.reason)
        for article in found
    ]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([STORM, SEA]),
        json.dumps({"articles": [STORM, SEA]}),
        json.dumps([STORM, SEA], indent=4, ensure_ascii=False),
        json.dumps(STORM) + json.dumps(SEA),
        json.dumps(STORM, indent=1) + "\n" + json.dumps(SEA, indent=1),
        "\x1e" + json.dumps(STORM) + "\n\x1e" + json.dumps(SEA),
    ],
)
def test_a_file_holds_one_article_or_many(read_all, text):
    assert outcomes(read_all("a.json", text)) == [(1, "Storm"), (2, "Sea")]


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-be", "cp1252"])
def test_json_is_read_in_any_encoding(read_all, codec):
    data = json.dumps([STORM, SEA], ensure_ascii=False).encode(codec)
    assert read_all("a.json", data)[1].body == SEA["text"]


def test_numbers_stay_as_they_are_written(read_one):
    text = '{"id": 12345678901234567890.10, "date": 1478577600, "text": "x", "n": %s}' % (
        "9" * 9000
    )
    article = read_one("a.json", text)
    assert (article.record, article.published) == ("12345678901234567890.10", "1478577600")


def test_what_is_not_a_number_is_nothing(read_one):
    article = read_one("a.json", '{"title": NaN, "author": Infinity, "id": -Infinity, "text": "x"}')
    assert article == RawArticle(body="x", provenance={"body": "record:text"})


def test_of_a_name_given_twice_the_last_is_taken(read_one):
    assert read_one("a.json", '{"title": "a", "title": "b", "text": "x"}').title == "b"


def test_line_breaks_in_strings_and_halves_of_pairs_do_no_harm(read_one):
    article = read_one("a.json", '{"title": "a\\ud800b", "text": "one\n\ntwo\\u0000"}')
    assert (article.title, article.body) == ("a\ufffdb", "one\n\ntwo\0")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"title": "Storm" "text": 1}', "line 1 column 19"),
        ('{\n  "title": "Storm",\n  "text": x\n}', "line 3 column 11"),
        ('{"title": "Storm', "line 1 column 11"),
        ("[{", "line 1 column 3"),
        ('\n\n [{"a": tru}]', "line 3 column 9"),
    ],
)
def test_broken_json_is_malformed_and_the_message_says_where(read_all, text, place):
    with pytest.raises(ReadError, match=f"{place}:") as caught:
        read_all("a.json", text)
    assert caught.value.reason == "malformed"


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a":'])
def test_brackets_without_end_are_malformed(read_all, opening):
    with pytest.raises(ReadError) as caught:
        read_all("a.json", opening * 100_000)
    assert caught.value.reason == "malformed"


@pytest.mark.parametrize("tail", ["", ', {"title": "Cut o', ", nonsense]", ', {"a": 1} {}]'])
def test_the_articles_before_a_break_in_an_array_are_kept(read_all, tail):
    *kept, broken = read_all("a.json", json.dumps([STORM, SEA])[:-1] + tail)
    assert outcomes(kept)[:2] == [(1, "Storm"), (2, "Sea")]
    assert isinstance(broken, BadRecord)
    assert broken.reason == "malformed"
    assert "line 1 column" in broken.message


@pytest.mark.parametrize(
    "text", ["[]", "{}", "5", '"text"', "null", "[1, 2]", '["a"]', '{"name": "x", "version": 1}']
)
def test_json_without_articles_is_no_article(read_all, text):
    with pytest.raises(ReadError) as caught:
        read_all("a.json", text)
    assert caught.value.reason == "no-article"


def test_a_record_without_title_and_text_costs_no_other(read_all):
    found = read_all("a.json", json.dumps([{"x": 1}, STORM, 5]))
    assert outcomes(found) == [(1, "no-article"), (2, "Storm"), (3, "no-article")]


def test_the_mapping_of_fields_reaches_every_record(read_all):
    found = read_all(
        "a.json", '[{"kop": "A", "text": "x"}, {"kop": "B", "text": "y"}]', title="kop"
    )
    assert outcomes(found) == [(1, "A"), (2, "B")]


def test_lines_are_read_with_their_numbers_and_a_broken_one_costs_one(read_all):
    text = "\n".join(
        (json.dumps(STORM), "", '{"title": "cut', json.dumps({"x": 1}), "[1]", json.dumps(SEA), "")
    )
    found = read_all("a.jsonl", text)
    assert outcomes(found) == [
        (1, "Storm"),
        (3, "malformed"),
        (4, "no-article"),
        (5, "no-article"),
        (6, "Sea"),
    ]
    assert isinstance(found[1], BadRecord)
    assert "line 3 column 11" in found[1].message


def test_a_first_line_that_is_broken_does_not_hide_the_rest(read_all):
    found = read_all("a.jsonl", "oops\n" + json.dumps(STORM))
    assert outcomes(found) == [(1, "malformed"), (2, "Storm")]


@pytest.mark.parametrize("text", ["no JSON\n" * 3, "no JSON\n" * 500])
def test_a_file_of_broken_lines_only_is_malformed_as_a_whole(read_all, text):
    with pytest.raises(ReadError, match="line 1 ") as caught:
        read_all("a.jsonl", text)
    assert caught.value.reason == "malformed"


def test_lines_of_different_encodings_are_each_read_in_theirs(read_all):
    lines = [json.dumps(SEA, ensure_ascii=False).encode(codec) for codec in ("utf-8", "cp1252")]
    assert [article.body for article in read_all("a.jsonl", b"\r\n".join(lines))] == [
        SEA["text"]
    ] * 2


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le"])
def test_lines_in_utf_16_are_lines(read_all, codec):
    data = f"{json.dumps(STORM)}\r\n\r\n{json.dumps(SEA)}\r\n".encode(codec)
    assert outcomes(read_all("a.jsonl", data)) == [(1, "Storm"), (3, "Sea")]


def test_a_line_beyond_all_bounds_costs_no_other(read_all, monkeypatch):
    monkeypatch.setattr(jsonlines, "MAX_RECORD", 200)
    long = json.dumps({"title": "Long", "text": "x" * 1000})
    found = read_all("a.jsonl", f"{json.dumps(STORM)}\n{long}\n{json.dumps(SEA)}\n")
    assert outcomes(found) == [(1, "Storm"), (2, "too-large"), (3, "Sea")]


def test_lines_longer_than_the_head_of_a_json_file_are_still_lines(read_all):
    long = json.dumps({"title": "Long", "text": "x" * 5000})
    found = read_all("a.json", f"{long}\n{{broken\n{json.dumps(STORM)}\n")
    assert outcomes(found) == [(1, "Long"), (2, "malformed"), (3, "Storm")]


def test_json_lines_are_streamed(make_source, monkeypatch):
    line = json.dumps(STORM) + "\n"
    source = make_source("a.jsonl", (line * 20_000).encode())
    monkeypatch.setattr(Source, "read", None)
    articles = LINES.read(source, ReadOptions())
    assert [next(articles).position for _ in range(3)] == [1, 2, 3]
    articles.close()


def _stream(text: str, size: int) -> JsonStream:
    def blocks(_: object) -> Iterator[str]:
        for at in range(0, len(text), size):
            yield text[at : at + size]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jsonstream, "text_blocks", blocks)
        return JsonStream(None)  # type: ignore[arg-type]


VALUES = st.recursive(
    st.none() | st.booleans() | st.text(max_size=30) | st.integers().map(str),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    st.lists(VALUES, max_size=6),
    st.integers(1, 40),
    st.sampled_from([None, 1, 40]),
    st.booleans(),
)
@settings(max_examples=150)
def test_an_array_streamed_in_any_blocks_has_the_elements_it_has(
    elements, size, indent, ascii_only
):
    text = json.dumps(elements, indent=indent, ensure_ascii=ascii_only)
    assert list(_stream(text, size)) == elements
    in_a_row = " ".join(json.dumps({"v": element}) for element in elements)
    assert list(_stream(in_a_row, size)) == [{"v": element} for element in elements]


@given(st.integers(1, 50), st.integers(0, 12), st.data())
@settings(max_examples=100)
def test_a_break_is_found_at_the_same_place_in_any_blocks(size, count, data):
    records: list[Any] = [{"n": "x\ny" * n} for n in range(count)]
    text = json.dumps([*records, {"broken": ""}], indent=2)
    at = data.draw(st.integers(text.rindex('"broken"'), len(text) - 3))
    broken = text[:at] + "\x00" + text[at + 1 :]
    reports = []
    for block in (size, len(text) + 1):
        try:
            reports.append(str(list(_stream(broken, block))))
        except ReadError as error:
            reports.append(error.message)
    assert reports[0] == reports[1]


def test_a_value_beyond_the_bound_is_too_large(monkeypatch):
    monkeypatch.setattr(jsonstream, "MAX_RECORD", 1000)
    with pytest.raises(ReadError, match="line 1 column 2") as caught:
        list(_stream('["' + "x" * 5000 + '"]', 100))
    assert caught.value.reason == "too-large"


def _outcome(reader: Reader, path: Path) -> set[str]:
    try:
        found = list(reader.read(Source(path.name, path), ReadOptions()))
    except ReadError as error:
        error.message.encode()
        return {error.reason}
    return {one.reason if isinstance(one, BadRecord) else "article" for one in found}


@pytest.mark.parametrize("reader", [JSON, LINES])
def test_the_json_test_suite_ends_in_articles_or_reasons(data: Path, reader):
    for path in sorted((data / "json_test_suite").rglob("*.json")):
        known = {"article", "malformed", "no-article", "undecodable"}
        assert _outcome(reader, path) <= known, path.name


def test_valid_json_of_the_suite_is_never_called_malformed(data: Path):
    for path in sorted((data / "json_test_suite").rglob("y_*.json")):
        assert _outcome(JSON, path) <= {"article", "no-article"}, path.name
