"""PDF: its text, what it says of itself, and everything that can be wrong with it."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import subprocess
import sys
import time
import zlib
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.readers import pdf as pdf_module
from newsidx.readers.base import BadRecord, ReadOptions
from newsidx.readers.documents import pdflines, pdfprocess
from newsidx.readers.documents.pdflines import read_pdf
from newsidx.readers.documents.pdfprocess import read_apart
from newsidx.readers.pdf import READER
from newsidx.readers.registry import reader_for
from newsidx.readers.source import Source
from tests.readers.pdfs import IMAGE, At, assembled, column, nested_forms, pdf, stream

STORM = "The ferries stayed in port on Monday as waves of nine metres broke"
OVER = "over the wall, the coast guard said, and no boat will leave."
PAGE = column(STORM, OVER)
TEXT = f"{STORM} {OVER}"


@pytest.fixture
def pdfium() -> None:
    """For tests that need the library."""
    pytest.importorskip("pypdfium2", reason='reading PDF needs pip install "newsidx[documents]"')


def reason_of(read_all, data: bytes, name: str = "a.pdf") -> str:
    with pytest.raises(ReadError) as caught:
        read_all(name, data)
    assert caught.value.message
    return caught.value.reason


@pytest.mark.parametrize(
    ("data", "name", "sure"),
    [
        (b"%PDF-1.4\n1 0 obj", "a.pdf", 90),
        (b"%PDF-1.4\n1 0 obj", "a.txt", 80),
        (b"%PDF-2.0\n", "a", 80),
        (b"\r\n\0junk\0of\0a\0mail\xff\xfe\x00" + b"%PDF-1.4\n", "a.pdf", 80),
        (b"\0\1\2\3\4\5" * 150 + b"%PDF-1.4\n", "a", 40),
    ],
)
def test_a_pdf_is_known_by_its_mark(make_source, data, name, sure):
    source = make_source(name, data)
    assert READER.recognises(source.head(), source.suffix) >= sure


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"A PDF starts with %PDF- and a version.\n", "a.txt"),
        (b"<html><body>%PDF-1.4</body></html>", "a.html"),
        (b"<html><body>Not found</body></html>", "a.pdf"),
        (b"x" * 1025 + b"%PDF-1.4\n", "a.pdf"),
    ],
)
def test_what_only_speaks_of_pdf_is_none(data, name):
    assert READER.recognises(data, Source(name, Path("x")).suffix) == 0


def test_without_the_library_the_error_names_the_extra(read_all, monkeypatch):
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(ReadError) as caught:
        read_all("a.pdf", pdf(PAGE))
    assert caught.value.reason == "missing-extra"
    assert 'pip install "newsidx[documents]"' in caught.value.message


def test_importing_the_readers_of_documents_loads_no_library():
    names = [
        *("pdf", "docx", "odt", "epub", "xmls.events"),
        *(f"documents.{name}" for name in ("pdflines", "pdfprocess", "epubpackage", "zipped")),
    ]
    code = (
        f"import sys; {'; '.join(f'import newsidx.readers.{name}' for name in names)};"
        "heavy = {'pypdfium2', 'lxml', 'zipfile', 'subprocess', 'pyexpat'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.usefixtures("pdfium")
class TestReading:
    @pytest.mark.parametrize("pack", [bytes, gzip.compress])
    def test_the_lines_of_a_page_are_paragraphs(self, read_one, pack):
        data = pdf(column(STORM, OVER, "", "Schools on the island remain closed.", x=90))
        assert (
            read_one("a.pdf", pack(data)).body == f"{TEXT}\n\nSchools on the island remain closed."
        )

    @pytest.mark.parametrize("turned", [0, 90, 180, 270])
    def test_a_page_is_read_as_it_is_turned(self, read_one, turned):
        operators = {
            90: "0 1 -1 0 {y} {x}",
            180: "-1 0 0 -1 {x} {y}",
            270: "0 -1 1 0 {y} {x}",
            0: "1 0 0 1 {x} {y}",
        }[turned]
        places = {0: (72, -14, 700), 90: (72, 14, 100), 180: (540, 14, 100), 270: (700, -14, 400)}
        x, step, start = places[turned]
        texts = [STORM, OVER, None, "Schools on the island remain closed."]
        drawn = b"\n".join(
            b"BT /F 10 Tf %s Tm (%s) Tj ET"
            % (operators.format(x=x, y=start + step * row).encode(), text.encode())
            for row, text in enumerate(texts)
            if text
        )
        body = read_one("a.pdf", pdf(drawn, turned=turned)).body
        assert body == f"{TEXT}\n\nSchools on the island remain closed."

    def test_a_word_cut_at_the_end_of_a_line_is_mended(self, read_one):
        lines = ("The administration said that immi-", "gration had been considered with Jean-",
                 "Claude Juncker")  # fmt: skip
        body = read_one("a.pdf", pdf(column(*lines))).body
        assert body.endswith("that immigration had been considered with Jean-Claude Juncker")

    def test_headers_and_numbers_of_pages_are_left_out(self, read_one):
        days = ("Monday", "Tuesday", "Friday")
        pages = [
            [
                At(72, 760, "The Example"),
                *column(f"{day}: {STORM}", f"{day}: {OVER}"),
                At(300, 30, f"- {n} -"),
            ]
            for n, day in enumerate(days, 7)
        ]
        body = read_one("a.pdf", pdf(*pages)).body
        assert body == "\n\n".join(f"{day}: {STORM} {day}: {OVER}" for day in days)

    def test_what_the_metadata_say_is_kept_with_its_origin(self, read_one):
        info = {
            "Title": "Storm closes harbour",
            "Author": "Jane Doe; John Roe",
            "Keywords": "storm, sea",
            "CreationDate": "D:20161108233000-05'00'",
            "Creator": "Writer",
            "Producer": "LibreOffice 7.4",
        }
        article = read_one("a.pdf", pdf(column("Storm closes harbour", "", STORM, OVER), info=info))
        assert article.title == "Storm closes harbour"
        assert article.authors == ["Jane Doe", "John Roe"]
        assert article.tags == ["storm", "sea"]
        assert article.body == TEXT
        assert article.published == "2016-11-08T23:30:00-05:00"
        assert (article.source, article.record) == (None, None)
        assert article.provenance == {
            "title": "pdf:Title",
            "authors": "pdf:Author",
            "published": "pdf:CreationDate",
            "tags": "pdf:Keywords",
        }

    @pytest.mark.parametrize(
        ("written", "day"),
        [
            ("D:20161108", "2016-11-08"),
            ("D:2016", "2016"),
            ("20161108233000+01'00", "2016-11-08T23:30:00+01:00"),
            ("D:20161108233000Z00'00'", "2016-11-08T23:30:00Z"),
            ("D:201611082330", "2016-11-08T23:30:00"),
            ("Tue Nov 8 2016", "Tue Nov 8 2016"),
            ("D:19700101000000Z", None),
            ("", None),
        ],
    )
    def test_the_day_it_was_made_is_its_date(self, read_one, written, day):
        article = read_one("a.pdf", pdf(PAGE, info={"CreationDate": written}))
        assert article.published == day

    def test_a_pdf_that_says_nothing_of_itself_has_nothing(self, read_one):
        article = read_one("a.pdf", pdf(PAGE))
        assert (article.title, article.authors, article.tags) == (None, [], [])
        assert article.provenance == {}

    def test_a_member_of_an_archive_is_read_like_a_file(self):
        class Member(Source):
            def open_raw(self) -> BinaryIO:
                return io.BytesIO(pdf(PAGE))

        (article,) = READER.read(Member("press.zip!/a.pdf", Path("x")), ReadOptions())
        assert isinstance(article, RawArticle)
        assert article.body == TEXT

    def test_pictures_of_text_are_passed_over(self, read_all):
        assert reason_of(read_all, pdf(IMAGE, IMAGE)) == "image-only"
        # The scanner's signature on every page is no text.
        signed = IMAGE + b" BT /F 8 Tf 1 0 0 1 20 20 Tm (Scanned by Example) Tj ET"
        assert reason_of(read_all, pdf(signed, signed, signed)) == "image-only"

    def test_a_picture_with_text_behind_it_is_text(self, read_one):
        searchable = IMAGE + b" BT 3 Tr /F 12 Tf 1 0 0 1 72 700 Tm (%s) Tj ET" % STORM.encode()
        assert read_one("a.pdf", pdf(searchable)).body == STORM

    def test_pages_of_a_single_line_are_text(self, read_one):
        pages = [column(f"This is page {number}.") for number in range(1, 5)]
        body = read_one("a.pdf", pdf(*pages)).body
        assert body == "This is page 1.\n\nThis is page 2.\n\nThis is page 3.\n\nThis is page 4."

    def test_empty_pages_hold_no_article(self, read_all):
        assert reason_of(read_all, pdf(b"", b"")) == "no-article"

    def test_a_locked_pdf_is_encrypted(self, read_all):
        assert reason_of(read_all, pdf(PAGE, password=("secret", "owner"))) == "encrypted"

    def test_a_pdf_that_is_locked_against_changes_only_is_read(self, read_one):
        assert read_one("a.pdf", pdf(PAGE, password=("", "owner"))).body == TEXT

    def test_letters_that_are_only_drawn_are_undecodable(self, read_all):
        assert reason_of(read_all, pdf(PAGE, font=b"/ToUnicode 5 0 R")) == "undecodable"

    @pytest.mark.parametrize(
        "data",
        [
            b"%PDF-1.4\n",
            pdf(PAGE)[:200],
            pdf(),
            b"%PDF-1.4\n" + b"\xff\0" * 5000,
            assembled([b"<< /Type /Catalog >>"]),
        ],
    )
    def test_a_broken_pdf_is_malformed(self, read_all, data):
        assert reason_of(read_all, data) == "malformed"

    @pytest.mark.parametrize("eighths", range(1, 8))
    def test_a_pdf_that_ends_early_is_never_read_as_if_whole(self, read_all, eighths):
        data = pdf(*[column(f"{number}: {STORM}", OVER) for number in range(8)])
        try:
            found = read_all("a.pdf", data[: len(data) * eighths // 8])
        except ReadError as error:
            found = [error]
        assert any(each.reason == "malformed" for each in found if not isinstance(each, RawArticle))

    def test_junk_before_a_pdf_does_no_harm(self, read_one):
        assert read_one("a.pdf", b"\r\n\x00\x01 junk \r\n" + pdf(PAGE)).body == TEXT

    def test_a_broken_page_costs_no_more_than_itself(self, read_all):
        whole = pdf(PAGE, column("Schools on the island remain closed."))
        # The second page becomes a number.
        second = whole.index(b"9 0 obj") + len(b"9 0 obj\n")
        end = whole.index(b"\nendobj", second)
        article, bad = read_all("a.pdf", whole[:second] + b"7".ljust(end - second) + whole[end:])
        assert isinstance(article, RawArticle)
        assert article.body == TEXT
        assert bad == BadRecord(2, "malformed", "page 2 of it can't be read")

    def test_a_file_beyond_the_bound_is_too_large(self, read_all, monkeypatch):
        monkeypatch.setattr(pdf_module, "_MAX_FILE", 100)
        assert reason_of(read_all, pdf(PAGE)) == "too-large"

    def test_a_document_of_too_many_pages_is_too_large(self, read_all):
        kids = b"3 0 R " * 10_001
        data = assembled(
            [
                b"<< /Type /Catalog /Pages 2 0 R >>",
                b"<< /Type /Pages /Kids [%s] /Count 10001 >>" % kids,
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
            ]
        )
        assert reason_of(read_all, data) == "too-large"

    def test_a_source_that_fails_says_so_and_the_next_is_read(self, read_all, read_one):
        packed = gzip.compress(pdf(PAGE) + random.Random(1).randbytes(300_000))
        assert reason_of(read_all, packed[: len(packed) // 2]) == "malformed"
        assert read_one("b.pdf", pdf(PAGE)).body == TEXT


@pytest.mark.usefixtures("pdfium")
class TestApart:
    """What a file does to the library, it does in a process of its own."""

    def test_forms_within_forms_end_when_they_take_too_much(self, read_all, read_one, monkeypatch):
        pdfprocess._stop()
        monkeypatch.setattr(pdfprocess, "_SECONDS", 1)
        monkeypatch.setattr(pdfprocess, "_MEMORY", 300 * 1024 * 1024)
        assert reason_of(read_all, nested_forms(20)) == "too-large"
        assert read_one("b.pdf", pdf(PAGE)).body == TEXT

    def test_a_stream_that_inflates_without_end_is_too_large(self, read_all, monkeypatch):
        pdfprocess._stop()
        monkeypatch.setattr(pdfprocess, "_MEMORY", 256 * 1024 * 1024)
        bomb = zlib.compress(zlib.compress(bytes(160 * 1024 * 1024), 9), 9)
        objects = [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
            stream(bomb, b"/Filter [/FlateDecode /FlateDecode]"),
        ]
        assert reason_of(read_all, assembled(objects)) == "too-large"

    def test_a_crash_of_the_library_is_survived(self, read_all, read_one, monkeypatch):
        pdfprocess._stop()
        crash = "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"
        with monkeypatch.context() as broken:
            broken.setattr(pdfprocess, "_CODE", crash)
            with pytest.raises(ReadError, match="SIGSEGV") as caught:
                read_all("a.pdf", pdf(PAGE))
        assert caught.value.reason == "malformed"
        assert read_one("b.pdf", pdf(PAGE)).body == TEXT

    def test_one_process_reads_one_file_after_the_other(self, read_one):
        read_one("a.pdf", pdf(PAGE))
        (first,) = pdfprocess._kept
        read_one("b.pdf", pdf(PAGE))
        assert pdfprocess._kept == [first]

    def test_the_process_gives_what_the_library_gives(self):
        pages = (PAGE, IMAGE, b"")
        data = pdf(*pages, info={"Title": "Storm"})
        found = read_pdf(data)
        assert (found.pop("text"), found.pop("broken"), found.pop("Title")) == (TEXT, [], "Storm")
        assert found == {"Author": "", "Keywords": "", "CreationDate": ""}
        found = read_pdf(data)
        assert read_apart([data[:100], data[100:]]) == found

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (pdf(IMAGE), "image-only"),
            (pdf(b""), "no-article"),
            (pdf(PAGE, password=("secret", "owner")), "encrypted"),
            (pdf(PAGE, font=b"/ToUnicode 5 0 R"), "undecodable"),
            (b"%PDF-1.4", "malformed"),
        ],
    )
    def test_the_process_gives_the_reasons_of_the_library(self, data, reason):
        for read in (read_pdf, lambda data: read_apart([data])):
            with pytest.raises(ReadError) as caught:
                read(data)
            assert caught.value.reason == reason

    def test_the_process_answers_until_there_is_no_more_to_read(self, monkeypatch):
        asked, answered = io.BytesIO(), io.BytesIO()
        for document in (pdf(PAGE), b"%PDF-"):
            pdfprocess._send(asked, [document])
        asked.write(b"a message that ends early"[:11])
        asked.seek(0)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(asked))
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(answered))
        monkeypatch.setattr(pdfprocess, "_limit", lambda seconds, memory: None)
        pdfprocess.serve(1, 1)
        answered.seek(0)
        first, second = (json.loads(pdfprocess._receive(answered) or b"") for _ in range(2))
        assert first["text"] == TEXT
        assert second["reason"] == "malformed"
        assert pdfprocess._receive(answered) is None

    @pytest.mark.parametrize(
        ("problem", "reason"),
        [
            (MemoryError(), "too-large"),
            (ImportError("x"), "missing-extra"),
            (KeyError(), "malformed"),
        ],
    )
    def test_whatever_the_library_raises_is_a_reason(self, monkeypatch, problem, reason):
        def fail(_: object) -> None:
            raise problem

        monkeypatch.setattr(pdflines, "read_pdf", fail)
        answer = pdfprocess._answer(bytearray(b"%PDF-"))
        assert answer["reason"] == reason
        assert answer["message"]

    def test_a_process_that_has_read_enough_is_replaced(self, read_one, monkeypatch):
        read_one("a.pdf", pdf(PAGE))
        (first,) = pdfprocess._kept
        monkeypatch.setattr(pdfprocess, "_ENOUGH", 1)
        assert read_one("b.pdf", pdf(PAGE)).body == TEXT
        assert first._process.poll() is not None
        assert pdfprocess._kept != [first]

    def test_no_module_is_taken_from_the_current_folder(self, read_one, tmp_path, monkeypatch):
        (tmp_path / "json.py").write_text("open('taken', 'w').close()")
        monkeypatch.chdir(tmp_path)
        pdfprocess._stop()
        assert read_one("a.pdf", pdf(PAGE)).body == TEXT
        assert not (tmp_path / "taken").exists()

    def test_nothing_is_left_running_when_its_parent_is_killed(self):
        code = (
            "import sys, threading, time; from newsidx.readers.documents import pdfprocess;"
            "pdfprocess._MEMORY = 8 << 30;"
            "read = lambda: pdfprocess.read_apart([sys.stdin.buffer.read()]);"
            "threading.Thread(target=read, daemon=True).start();"
            "time.sleep(0.5); print(pdfprocess._kept[0]._process.pid, flush=True);"
            "pdfprocess.os.kill(pdfprocess.os.getpid(), 9)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], input=nested_forms(20), capture_output=True
        )
        assert done.stderr == b""
        with pytest.raises(ProcessLookupError):
            for _ in range(100):
                os.kill(int(done.stdout), 0)
                time.sleep(0.1)

    def test_the_process_of_a_parent_is_left_alone(self, read_one, monkeypatch):
        read_one("a.pdf", pdf(PAGE))
        (first,) = pdfprocess._kept
        process = first._process
        with monkeypatch.context() as forked:
            forked.setattr(os, "getpid", lambda: -1)
            assert not first.is_usable()
        assert process.poll() is None

    def test_a_file_named_by_its_first_bytes_alone_is_read(self, make_source):
        source = make_source("download", pdf(PAGE))
        (article,) = reader_for(source).read(source, ReadOptions())
        assert isinstance(article, RawArticle)
        assert article.body == TEXT

    @given(st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6)), min_size=1, max_size=8))
    @settings(max_examples=60)
    def test_whatever_is_in_a_pdf_ends_in_an_article_or_a_reason(self, changes):
        data = bytearray(pdf(PAGE, IMAGE, info={"Title": "Storm"}))
        for place, new in changes:
            start = int(place * (len(data) - 1))
            data[start : start + len(new)] = new

        class Member(Source):
            def open_raw(self) -> BinaryIO:
                return io.BytesIO(data)

        try:
            found = list(READER.read(Member("a.pdf", Path("x")), ReadOptions()))
        except ReadError as error:
            found = [error]
        assert found
