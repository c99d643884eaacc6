"""What no reader was made for: it comes out as articles, bad records and reasons, and soon."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import random
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.readers import limits
from newsidx.readers.base import Archive, BadRecord, ReadOptions, is_archive
from newsidx.readers.records import jsonstream
from newsidx.readers.records import record as records
from newsidx.readers.registry import reader_for, readers
from newsidx.readers.source import Source
from tests.fuzz.__main__ import complaint_about
from tests.fuzz.mutations import mutated
from tests.fuzz.samples import made, of_format
from tests.readers.conftest import MakeSource, ReadAll, ReadOne

SEA = "The sea was calm on Monday, and the ferries went out again."
NAMES = [reader.name for reader in readers()]


# Any bytes


@pytest.mark.parametrize("name", sorted(made()))
def test_a_file_cut_at_every_eighth_is_taken_well(tmp_path: Path, name: str) -> None:
    data = made()[name]
    outcomes: Counter[str] = Counter()
    for eighth in range(9):
        cut = data[: len(data) * eighth // 8]
        assert complaint_about((name, cut), tmp_path, outcomes) is None
    assert outcomes["sound files"]
    assert outcomes["empty"] == 1


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=6)
@given(seed=st.integers(0, 2**32))
def test_a_damaged_file_is_taken_well(
    tmp_path_factory: pytest.TempPathFactory, name: str, seed: int
) -> None:
    chance = random.Random(seed)
    samples = of_format(name)[:3]
    file, data = chance.choice(samples)
    damaged = mutated(data, chance, [other for _, other in samples])
    folder = tmp_path_factory.mktemp("damaged")
    assert complaint_about((file, damaged), folder, Counter(), name) is None


@pytest.mark.parametrize("name", NAMES)
def test_any_reader_takes_any_file(tmp_path: Path, name: str) -> None:
    for file, data in made().items():
        assert complaint_about((file, data), tmp_path, Counter(), name) is None, file


# What is sound before a damage


def _rows(count: int = 150) -> list[tuple[str, str]]:
    """Titles and texts that don't compress, so that a cut takes some and leaves others."""
    chance = random.Random(1)
    return [(f"Story {n}", f"{SEA} {n} {chance.randbytes(900).hex()}") for n in range(count)]


FILES: dict[str, Callable[[], bytes]] = {
    "a.jsonl": lambda: b"".join(
        json.dumps({"title": title, "text": text}).encode() + b"\n" for title, text in _rows()
    ),
    "a.json": lambda: json.dumps([{"title": a, "text": b} for a, b in _rows()]).encode(),
    "wide.json": lambda: json.dumps([{"title": a, "text": b} for a, b in _rows()]).encode("utf-16"),
    "a.csv": lambda: "".join(
        ("title,text\n", *(f'{title},"{text}"\n' for title, text in _rows()))
    ).encode(),
    "a.mbox": lambda: "".join(
        f"From a 08:00 2016\nFrom: J\nSubject: {title}\n\n{text}\n\n" for title, text in _rows()
    ).encode(),
    "a.sgm": lambda: "".join(
        f"<DOC><DOCNO>{title}</DOCNO><TEXT>{text}</TEXT></DOC>\n" for title, text in _rows()
    ).encode(),
}  # fmt: skip
PACKED: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".bz2": lambda data: bz2.compress(data, 1),
    ".xz": lzma.compress,
    ".zst": zstandard.compress,
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("packing", PACKED)
def test_records_before_compressed_data_break_off_are_given_first(
    make_source: MakeSource, name: str, packing: str
) -> None:
    packed = PACKED[packing](FILES[name]())
    source = make_source(name + packing, packed[: len(packed) * 3 // 4])
    reader = reader_for(source)
    assert not is_archive(reader)
    found: list[RawArticle | BadRecord] = []
    try:
        found += reader.read(source, ReadOptions())  # keeps what came before an error
        last = found.pop()
        assert isinstance(last, BadRecord)
        reason, message = last.reason, last.message
    except ReadError as error:
        reason, message = error.reason, error.message
    assert reason == "malformed"
    assert message.endswith("data end too early")
    articles = [one for one in found if isinstance(one, RawArticle)]
    assert len(articles) == len(found) or name in ("a.sgm", "a.csv")
    assert 60 <= len(articles) < 150


def test_a_table_damaged_in_its_first_rows_keeps_those_before(read_rest: ReadAll) -> None:
    data = gzip.compress(FILES["a.csv"]())
    assert len(read_rest("a.csv.gz", data[: len(data) // 8])) >= 10


@pytest.fixture
def read_rest(make_source: MakeSource) -> ReadAll:
    """What is read of a file before it can't be read."""

    def read(name: str, data: bytes) -> list[RawArticle | BadRecord]:
        source = make_source(name, data)
        reader = reader_for(source)
        assert not is_archive(reader)
        found: list[RawArticle | BadRecord] = []
        with pytest.raises(ReadError):
            found += reader.read(source, ReadOptions())
        return found

    return read


# What would fill the memory


def test_a_list_of_a_million_lists_is_too_large_before_it_is_parsed(
    make_source: MakeSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jsonstream, "MAX_VALUE", 4_000_000)
    monkeypatch.setattr(jsonstream, "MAX_RECORD", 4_000_000)
    bomb = b'{"title": "Bomb", "text": [' + b"[]," * 1_000_000 + b"1]}"
    source = make_source("a.json", bomb)
    with pytest.raises(ReadError, match="larger") as caught:
        list(reader_for(source).read(source, ReadOptions()))  # type: ignore[union-attr]
    assert caught.value.reason == "too-large"
    sound = json.dumps({"title": "Sea", "text": SEA}).encode()
    source = make_source("a.jsonl", b"\n".join((sound, bomb, sound)))
    found = list(reader_for(source).read(source, ReadOptions()))  # type: ignore[union-attr]
    assert [getattr(one, "reason", "") for one in found] == ["", "too-large", ""]


def test_a_text_that_one_emoji_makes_four_times_as_large_is_too_large(
    make_source: MakeSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jsonstream, "MAX_VALUE", 2_000_000)
    for tail, fits in (("", True), ("\U0001f600", False)):
        text = json.dumps({"title": "Sea", "text": "a b " * 450_000 + tail}, ensure_ascii=False)
        source = make_source("a.json", text.encode())
        reader = reader_for(source)
        assert not is_archive(reader)
        if fits:
            assert len(list(reader.read(source, ReadOptions()))) == 1
            continue
        with pytest.raises(ReadError) as caught:
            list(reader.read(source, ReadOptions()))
        assert caught.value.reason == "too-large"


def test_an_array_of_large_records_is_read_as_it_comes(
    make_source: MakeSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jsonstream, "MAX_RECORD", 600_000)
    records = [{"title": f"Sea {n}", "text": f"{n} über " * 40_000} for n in range(12)]
    source = make_source("a.json", json.dumps(records, ensure_ascii=False).encode())
    found = list(reader_for(source).read(source, ReadOptions()))  # type: ignore[union-attr]
    assert [getattr(one, "title", None) for one in found] == [f"Sea {n}" for n in range(12)]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.json", json.dumps([{"title": "Sea", "text": "<p>a</p>" * 50}]).encode()),
        ("a.json", json.dumps([{"title": "<b>a</b>" * 50, "text": "a"}]).encode()),
        ("a.csv", b"title,text\nSea," + b"<p>a</p>" * 50 + b"\n"),
        ("a.eml", b"From: a\nSubject: b\nContent-Type: text/html\n\n" + b"<p>a</p>" * 50),
    ],
)
def test_more_html_than_can_be_taken_apart_is_too_large(
    read_all: ReadAll, monkeypatch: pytest.MonkeyPatch, name: str, data: bytes
) -> None:
    assert isinstance(read_all(name, data)[0], RawArticle)
    monkeypatch.setattr(limits, "MAX_MARKUP", 300)
    found: BadRecord | ReadError | RawArticle
    try:
        (found,) = read_all(name, data)
    except ReadError as error:
        found = error
    assert not isinstance(found, RawArticle)
    assert found.reason == "too-large"


@pytest.mark.parametrize("field", ["title", "author", "tags", "section", "url", "id"])
def test_a_title_as_long_as_a_book_is_too_large(
    read_all: ReadAll, monkeypatch: pytest.MonkeyPatch, field: str
) -> None:
    monkeypatch.setattr(records, "MAX_FIELD", 1000)
    value: object = "https://example.org/" + "a" * 2000
    if field in ("author", "tags"):
        value = [f"Name {number}" for number in range(200)]
    (found,) = read_all("a.json", json.dumps({"title": "Sea", "text": SEA} | {field: value}))
    assert isinstance(found, BadRecord)
    assert found.reason == "too-large"


# What was found by chance (python -m tests.fuzz)


def test_names_that_no_encoding_can_write_are_written_down_all_the_same(read_one: ReadOne) -> None:
    article = read_one("a.json", '{"head\\ud800line": "Sea", "te\\u0000xt": "Calm."}')
    assert (article.title, article.body) == ("Sea", "Calm.")
    assert article.provenance == {"title": "record:head?line", "body": "record:text"}


def test_names_as_long_as_a_book_are_cut(read_one: ReadOne) -> None:
    article = read_one("a.json", json.dumps({"title": "Sea", "te" + "-" * 10_000 + "xt": "Calm."}))
    assert article.body == "Calm."
    assert len(article.provenance["body"]) < 100


def test_zero_bytes_in_headers_are_left_out(read_one: ReadOne) -> None:
    page = f"<html><title>Sea</title><body><article><p>{SEA * 5}</p></article></body></html>"
    data = (
        "From: <Saved by Blink>\nDate: Wed, 9 N\0ov 2016\nContent-Type: multipart/related;"
        f" boundary=xyz\n\n--xyz\nContent-Type: text/html\n\n{page}\n--xyz--\n"
    )
    assert read_one("a.mhtml", data).provenance["captured"] == "Wed, 9 Nov 2016"
    plain = f"From: Jane\nSubject: Sea\nContent-Type: text/\0plain\n\n{SEA}"
    assert read_one("a.eml", plain).provenance["body"] == "part:text/plain"


def members(archive: Archive, source: Source) -> dict[str, str]:
    """The names of the files in an archive, and why each can't be had."""
    found = {}
    for member in archive.members(source):
        try:
            found[member.name] = member.read().decode()
        except ReadError as error:
            found[member.name] = error.reason
    return found


def test_a_member_without_a_name_is_one(make_source: MakeSource) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", SEA)
        archive.writestr("b.txt", SEA)
    # The last mention of its name is in the directory, which is what counts.
    data = packed.getvalue()
    at = data.rindex(b"b.txt")
    source = make_source("press.zip", data[:at] + b"\0.txt" + data[at + 5 :])
    reader = reader_for(source)
    assert is_archive(reader)
    assert members(reader, source).pop("press.zip!/a.txt") == SEA


def test_a_member_compressed_with_lzma_is_in_no_known_format(make_source: MakeSource) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.txt", SEA)
        archive.writestr("b.txt", SEA, zipfile.ZIP_BZIP2)
    source = make_source("press.zip", packed.getvalue())
    reader = reader_for(source)
    assert is_archive(reader)
    assert members(reader, source) == {
        "press.zip!/a.txt": "unknown-format",
        "press.zip!/b.txt": SEA,
    }


def test_a_text_of_nothing_but_accents_has_a_title(tmp_path: Path) -> None:
    data = json.dumps({"text": "\u0301" * 300}).encode()
    assert complaint_about(("a.json", data), tmp_path, Counter()) is None
