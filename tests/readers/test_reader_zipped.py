"""Archives that are documents: what is in them is read, and never more than is safe."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.errors import ReadError
from newsidx.readers.documents import zipped as zipped_module
from newsidx.readers.documents.zipped import declared_type, member_names, open_zip, opened
from newsidx.readers.source import Source
from newsidx.readers.xmls.events import END, START, TEXT, events, leaves
from tests.readers.zips import docx, epub, odt, p, zipped

MEMBERS = {"a.txt": b"one " * 1000, "b/c.txt": b"two"}


def in_memory(data: bytes) -> Source:
    """A source that is no file, as a member of another archive is none."""

    class InMemory(Source):
        def open_raw(self) -> BinaryIO:
            return io.BytesIO(data)

    return InMemory("press.zip!/a.docx", Path("x"))


def reason_of(source: Source, name: str = "a.txt") -> str:
    with pytest.raises(ReadError) as caught:
        with open_zip(source) as archive:
            archive.read(name)
    assert caught.value.message
    return caught.value.reason


def test_members_are_read_by_their_names(make_source):
    with open_zip(make_source("a.zip", zipped(MEMBERS))) as archive:
        assert archive.names == set(MEMBERS)
        assert {name: archive.read(name) for name in MEMBERS} == MEMBERS


def test_a_source_that_is_no_file_is_read_too():
    with open_zip(in_memory(zipped(MEMBERS))) as archive:
        assert archive.read("b/c.txt") == b"two"


def test_a_file_that_is_not_there_is_unreadable(tmp_path):
    assert reason_of(Source("a.zip", tmp_path / "a.zip")) == "unreadable"


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", zipped(MEMBERS)[:-30], zipped(MEMBERS)[40:], b"PK\x05\x06" * 30]
)
def test_what_is_no_sound_archive_is_malformed(make_source, data):
    assert reason_of(make_source("a.zip", data)) == "malformed"


@pytest.mark.parametrize("eighths", range(1, 8))
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.docx", docx(p("Storm closes harbour"))),
        ("a.odt", odt("<text:p>Storm closes harbour</text:p>")),
        ("a.epub", epub({"a": "<p>Storm closes harbour</p>"})),
    ],
)
def test_a_document_that_ends_early_is_malformed(read_all, name, data, eighths):
    with pytest.raises(ReadError) as caught:
        read_all(name, data[: len(data) * eighths // 8])
    assert caught.value.reason == "malformed"


def test_a_missing_member_is_malformed(make_source):
    assert reason_of(make_source("a.zip", zipped(MEMBERS)), "../etc/passwd") == "malformed"


def test_a_member_behind_a_password_is_encrypted(make_source):
    data = bytearray(zipped({"a.txt": "text"}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    assert reason_of(make_source("a.zip", bytes(data))) == "encrypted"


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_compression_that_no_document_has_is_refused(make_source, method):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr("a.txt", "text")
    assert reason_of(make_source("a.zip", buffer.getvalue())) == "malformed"


def test_a_member_beyond_its_bound_is_too_large(make_source):
    with open_zip(make_source("a.zip", zipped(MEMBERS))) as archive:
        assert len(archive.read("a.txt", limit=4000)) == 4000
        with pytest.raises(ReadError) as caught:
            archive.read("a.txt", limit=3999)
    assert caught.value.reason == "too-large"


def test_a_bomb_is_too_large_long_before_it_has_burst(make_source):
    data = zipped({"a.txt": bytes(40 * 1024 * 1024)})
    read = 0
    with open_zip(make_source("a.zip", data)) as archive:
        with pytest.raises(ReadError, match="times its size") as caught:
            for block in archive.blocks("a.txt"):
                read += len(block)
    assert caught.value.reason == "too-large"
    assert read < 20 * 1024 * 1024


def test_many_members_share_one_bound(make_source, monkeypatch):
    monkeypatch.setattr(zipped_module, "_MAX_TOTAL", 10_000)
    with open_zip(make_source("a.zip", zipped(MEMBERS))) as archive:
        archive.read("a.txt")
        archive.read("a.txt")
        with pytest.raises(ReadError) as caught:
            archive.read("a.txt")
    assert caught.value.reason == "too-large"


def test_an_archive_of_too_many_members_is_too_large(make_source):
    data = zipped({f"{number:05}.txt": "" for number in range(3000)})
    with open_zip(make_source("a.zip", data)) as archive:
        assert len(archive.names) == 3000
    with pytest.raises(ReadError, match="too many members") as caught:
        with opened(make_source("a.zip", data), directory=100_000):
            pass
    assert caught.value.reason == "too-large"


def test_the_names_at_the_start_of_an_archive_are_seen_without_opening_it():
    head = zipped(MEMBERS)
    assert member_names(head) == list(MEMBERS)
    assert member_names(head[:33]) == []
    assert member_names(b"PK\x03\x04" * 20) == []


def test_the_declared_type_is_that_of_the_stored_first_member():
    members = {"mimetype": "application/epub+zip", "a": "b"}
    assert declared_type(zipped(members, stored="mimetype")) == "application/epub+zip"
    assert declared_type(zipped(members)) is None
    assert declared_type(zipped({"a": "b"} | members, stored="mimetype")) is None
    assert declared_type(b"PK\x03\x04") is None


def test_xml_is_told_as_it_goes():
    data = b'<a xmlns="u:1" x="1">one<b xmlns="u:2"/><c xmlns="">&amp;</c></a>'
    found = list(events([data], {"u:1": "u:"}, "part"))
    assert [(kind, name) for kind, name, _ in found] == [
        (START, "u:a"),
        (TEXT, ""),
        (START, "u:2 b"),
        (END, "u:2 b"),
        (START, "c"),
        (TEXT, ""),
        (END, "c"),
        (END, "u:a"),
    ]
    assert found[0][2] == {"x": "1"}
    assert [text for _, _, text in leaves([data], {"u:1": "u:"}, "part")] == ["", "&", "one"]


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<!DOCTYPE a [<!ENTITY % b SYSTEM "file:///etc/passwd"> %b;]><a/>',
        '<!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode("utf-16"),
        b"<a>&b;</a>",
        b"<a></b>",
        b"",
        b"<a>" * 501,
        b"<a>" + b"".join(b"<b%d/>" % number for number in range(5000)) + b"</a>",
    ],
)
def test_xml_with_entities_or_out_of_order_is_malformed(data):
    with pytest.raises(ReadError, match="its part") as caught:
        list(events([data], {}, "part"))
    assert caught.value.reason == "malformed"


def test_an_external_document_type_is_not_fetched():
    data = b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a>text</a>'
    assert [text for _, _, text in leaves([data], {}, "part")] == ["text"]


@given(st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=5)), max_size=5), st.integers(1, 99))
@settings(max_examples=100)
def test_whatever_is_in_an_archive_only_read_errors_leave_it(changes, piece):
    data = bytearray(zipped(MEMBERS))
    for place, new in changes:
        start = int(place * (len(data) - 1))
        data[start : start + len(new)] = new
    try:
        with open_zip(in_memory(bytes(data))) as archive:
            found = [len(archive.read(name)) for name in archive.names]
    except ReadError as error:
        found = [len(error.message)]
    assert all(size >= 0 for size in found)
    assert isinstance(member_names(bytes(data)), list)
    declared_type(bytes(data)[piece:])
