"""Which reader reads what: by the name, and by looking inside."""

from __future__ import annotations

import gzip
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import newsidx.readers
from newsidx.errors import ReadError
from newsidx.readers import registry
from newsidx.readers.registry import reader_for, readers

PAGE = b"<!DOCTYPE html>\n<html><head><title>x</title></head><body><p>Text.</p></body></html>"
RECORD = b'{"title": "Storm", "text": "The harbour is closed."}'
LINES = RECORD + b"\n" + RECORD + b"\n"
POST = b"---\ntitle: Storm\n---\nThe harbour is closed.\n"
STORY = b"Storm closes harbour\n\nThe ferries stayed in port on Monday.\n"


def test_every_reader_says_what_it_reads():
    found = readers()
    assert {"html", "json", "jsonl", "markdown", "plain"} <= {reader.name for reader in found}
    assert readers() is found
    for reader in found:
        assert reader.version >= 1
        assert reader.title
        assert all(suffix.startswith(".") and suffix.islower() for suffix in reader.suffixes)


@pytest.mark.parametrize(
    ("name", "data", "reader"),
    [
        ("a.txt", STORY, "plain"),
        ("a", STORY, "plain"),
        ("story.2016", STORY, "plain"),
        ("a.md", STORY, "markdown"),
        ("a.markdown", POST, "markdown"),
        ("a.html", PAGE, "html"),
        ("a.htm", b"<p>A piece of a page.</p>", "html"),
        ("a.json", RECORD, "json"),
        ("a.json", b"  [" + RECORD + b"]", "json"),
        ("a.jsonl", LINES, "jsonl"),
        ("a.ndjson", RECORD, "jsonl"),
        # The content speaks louder than the name.
        ("a.txt", PAGE, "html"),
        ("page.php", b"<?xml version='1.0'?><!-- saved --> <html lang='de'>", "html"),
        ("a.txt", RECORD, "json"),
        ("a.txt", LINES, "jsonl"),
        ("a.json", LINES, "jsonl"),
        ("a.json", PAGE, "html"),
        ("a.txt", POST, "markdown"),
        ("a.html", POST, "markdown"),
        ("a.md", b"+++\ntitle = 'x'\n+++\nText", "markdown"),
        ("a.pdf", b"%PDF-1.4\n1 0 obj\n", "pdf"),
        ("a.txt", b"%PDF-1.4\n1 0 obj\n", "pdf"),
        # And the name decides where the content says nothing.
        ("a.json", b"[1, 2", "json"),
        ("a.txt", b"[According to a report, Storm Anna is near.", "plain"),
        ("a.txt", b"{curly} text", "plain"),
    ],
)
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_the_reader_is_chosen_by_name_and_content(make_source, name, data, reader, pack):
    assert reader_for(make_source(name, pack(data))).name == reader


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-be", "utf-8-sig"])
def test_content_is_recognised_in_any_encoding(make_source, codec):
    for data, reader in ((PAGE, "html"), (RECORD, "json"), (LINES, "jsonl"), (POST, "markdown")):
        assert reader_for(make_source("a.txt", data.decode().encode(codec))).name == reader


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF"),
        ("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        ("a.exe", b"MZ\x90\0\x03\0\0\0"),
        ("a", b"\x7fELF\x02\x01\x01\0"),
        ("a.py", b"import os\n"),
        ("a.css", b"body { color: red }\n"),
    ],
)
def test_what_no_reader_knows_is_an_unknown_format(make_source, name, data):
    with pytest.raises(ReadError) as caught:
        reader_for(make_source(name, data))
    assert caught.value.reason == "unknown-format"


@pytest.mark.parametrize(
    "data", [b"", b" \n\t\r\n", b"\xef\xbb\xbf", b"\xff\xfe \0\n\0", b"\n" * 10_000]
)
def test_a_file_of_nothing_is_empty(make_source, data):
    with pytest.raises(ReadError) as caught:
        reader_for(make_source("a.txt", data))
    assert caught.value.reason == "empty"


def test_text_after_a_page_of_white_space_is_text(make_source):
    assert reader_for(make_source("a.txt", b"\n" * 10_000 + STORY)).name == "plain"


def test_a_new_format_is_one_new_file(tmp_path, monkeypatch, make_source):
    code = """
class ShoutReader:
    name, version, suffixes, title = "shout", 1, (".shout",), "shouting"
    def recognises(self, head, suffix):
        return 90 if head.startswith(b"HEY") else 0
READER = ShoutReader()
"""
    extra = tmp_path / "more"
    extra.mkdir()
    (extra / "shout.py").write_text(code)
    monkeypatch.setattr(newsidx.readers, "__path__", [*newsidx.readers.__path__, str(extra)])
    registry.readers.cache_clear()
    try:
        assert reader_for(make_source("a.txt", b"HEY you")).name == "shout"
    finally:
        registry.readers.cache_clear()
        sys.modules.pop("newsidx.readers.shout", None)
        importlib.invalidate_caches()


def test_among_equals_the_ending_decides(make_source, monkeypatch):
    class Sure:
        version, title = 1, "sure"

        def __init__(self, name: str, suffix: str) -> None:
            self.name, self.suffixes = name, (suffix,)

        def recognises(self, head: bytes, suffix: str) -> int:
            return 50

    monkeypatch.setattr(registry, "readers", lambda: (Sure("a", ".a"), Sure("b", ".b")))
    assert reader_for(make_source("x.b", b"text")).name == "b"
    assert reader_for(make_source("x.a", b"text")).name == "a"


def test_importing_the_readers_loads_nothing_heavy():
    code = (
        "import sys; from newsidx.readers.registry import readers; readers();"
        "heavy = {'trafilatura', 'lxml', 'yaml', 'frontmatter', 'charset_normalizer', 'htmldate',"
        " 'dateutil', 'tomllib'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_readers_of_the_real_sets_are_the_right_ones(make_source, data: Path):
    from newsidx.readers.source import Source

    for pattern, reader in (
        ("bbc/tech/*.txt", "plain"),
        ("jekyll_posts/*.md", "markdown"),
        ("article_extraction_benchmark/html/*.gz", "html"),
    ):
        files = sorted(data.glob(pattern))[:50]
        assert files
        chosen = [reader_for(Source(p.name, p)).name for p in files if p.stat().st_size]
        assert set(chosen) == {reader}
