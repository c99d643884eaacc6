"""The bytes of a file: whole, decompressed, and never more than is safe."""

from __future__ import annotations

import bz2
import errno
import gzip
import io
import lzma
import pickle
import random
from functools import partial
from pathlib import Path
from typing import BinaryIO

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from newsidx.errors import ReadError
from newsidx.readers import source as source_module
from newsidx.readers.source import Source

STORY = b"Storm closes harbour\n\nThe ferries stayed in port on Monday.\n" * 200


def test_a_file_is_read_as_it_is(make_source):
    source = make_source("press/a.txt", STORY)
    assert source.read() == STORY
    assert source.head() == STORY[:4096]
    with source.open() as stream:
        assert stream.readline() == b"Storm closes harbour\n"


@pytest.mark.parametrize("name", ["a.txt.gz", "a.txt", "a"])
def test_gzip_is_known_by_its_first_bytes_whatever_the_name(make_source, name):
    source = make_source(name, gzip.compress(STORY))
    assert source.read() == STORY
    assert source.head() == STORY[:4096]


def test_several_gzip_members_in_a_row_are_one_text(make_source):
    assert make_source("a.gz", gzip.compress(b"one ") + gzip.compress(b"two")).read() == b"one two"


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("a.html", ".html"),
        ("a.HTML.GZ", ".html"),
        ("a.gz", ""),
        ("press/2016.11/story", ""),
        ("story.2016", ""),
        ("Mr. Smith goes to town", ""),
        ("comp.os.misc_10076", ""),
        (".hidden", ""),
        ("press.zip!/b.JSON", ".json"),
    ],
)
def test_the_suffix_is_the_ending_in_lower_case_without_gz(name, suffix):
    assert Source(name, Path("x")).suffix == suffix


def test_gzip_that_ends_early_is_malformed(make_source):
    source = make_source("a.txt.gz", gzip.compress(STORY)[:-20])
    with pytest.raises(ReadError) as caught:
        source.read()
    assert caught.value.reason == "malformed"


def test_damaged_gzip_is_malformed(make_source):
    data = bytearray(gzip.compress(STORY))
    data[20:30] = b"\xff" * 10
    with pytest.raises(ReadError) as caught:
        make_source("a.txt.gz", bytes(data)).read()
    assert caught.value.reason == "malformed"


def test_a_file_that_is_gone_is_unreadable_and_the_message_says_why(tmp_path):
    with pytest.raises(ReadError, match="No such file") as caught:
        Source("gone.txt", tmp_path / "gone.txt").head()
    assert caught.value.reason == "unreadable"


def test_an_error_of_the_disk_while_reading_is_unreadable(tmp_path):
    class Failing(io.BytesIO):
        def readinto(self, buffer: object) -> int:
            raise OSError(errno.EIO, "Input/output error")

    class OnBadDisk(Source):
        def open_raw(self) -> BinaryIO:
            return Failing(b"abcdef")

    with pytest.raises(ReadError, match="Input/output error") as caught:
        OnBadDisk("a", tmp_path).read()
    assert caught.value.reason == "unreadable"


def test_another_kind_of_source_needs_no_more_than_its_raw_bytes(tmp_path):
    class Member(Source):
        def open_raw(self) -> BinaryIO:
            return io.BytesIO(gzip.compress(STORY))

    assert Member("press.zip!/a.txt", tmp_path).read() == STORY


def test_a_bomb_is_too_large_long_before_it_has_burst(make_source):
    source = make_source("a.txt.gz", gzip.compress(bytes(64 * 1024 * 1024)))
    with pytest.raises(ReadError, match="inflates") as caught:
        source.read()
    assert caught.value.reason == "too-large"


def test_a_file_beyond_the_limit_is_too_large(make_source, monkeypatch):
    monkeypatch.setattr(source_module, "_BLOCK", 1024)
    source = make_source("a.txt", STORY)
    assert len(source.read(limit=len(STORY))) == len(STORY)
    with pytest.raises(ReadError) as caught:
        source.read(limit=len(STORY) - 1)
    assert caught.value.reason == "too-large"


def test_a_source_can_be_sent_to_another_process(make_source):
    source = make_source("a.txt", STORY)
    source.head()
    assert pickle.loads(pickle.dumps(source)).read() == STORY


PACKERS = {
    "gzip": gzip.compress,
    "bzip2": partial(bz2.compress, compresslevel=1),
    "xz": lzma.compress,
    "zstandard": zstandard.compress,
}


class InMemory(Source, frozen=True):
    stored: bytes = b""

    def open_raw(self) -> BinaryIO:
        return io.BytesIO(self.stored)


def in_memory(data: bytes) -> Source:
    return InMemory("a", stored=data)


@given(st.binary(max_size=3000), st.sampled_from([None, *PACKERS]), st.integers(1, 700))
def test_reading_in_pieces_gives_the_bytes_of_the_file(data, packer, piece):
    if packer is None and data.startswith((b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f")):
        return  # looks compressed, and is not
    with in_memory(PACKERS[packer](data) if packer else data).open(64) as stream:
        assert b"".join(iter(lambda: stream.read(piece), b"")) == data


@pytest.mark.parametrize("packer", PACKERS)
def test_streams_one_behind_the_other_are_one(packer):
    pack = PACKERS[packer]
    assert in_memory(pack(b"Yes ") + pack(b"") + pack(b"California")).read() == b"Yes California"


@pytest.mark.parametrize("packer", PACKERS)
def test_what_is_sound_before_a_damage_is_given(packer):
    text = random.Random(1).randbytes(300_000)
    packed = PACKERS[packer](text)
    for data in (packed[: len(packed) - 1000], packed + b"something else that follows"):
        found = b""
        with pytest.raises(ReadError) as caught, in_memory(data).open(64) as stream:
            while block := stream.read1(1000):
                found += block
        assert caught.value.reason == "malformed"
        assert text.startswith(found)
        assert found


@pytest.mark.parametrize("packer", PACKERS)
def test_a_compressed_bomb_is_refused_before_it_bursts(packer):
    source = in_memory(PACKERS[packer](bytes(40_000_000)))
    with pytest.raises(ReadError) as caught:
        source.read()
    assert caught.value.reason == "too-large"


@pytest.mark.parametrize("ending", [".gz", ".bz2", ".xz", ".zst"])
def test_the_suffix_is_that_of_what_was_compressed(ending):
    assert Source(f"a/story.HTML{ending}", Path("a")).suffix == ".html"
