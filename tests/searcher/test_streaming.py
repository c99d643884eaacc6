"""Results one after the other: none is made, or held, before it is taken."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsidx.app import Index
from newsidx.output import streams
from newsidx.searcher.question import Ask
from tests.processes import environment


def test_articles_are_read_as_they_are_taken(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Index(demo) as opened:
        read: list[str] = []
        get = opened.engine.get
        monkeypatch.setattr(opened.engine, "get", lambda ids: (read.extend(ids), get(ids))[1])
        question = Ask("*", limit=None, sort="newest")
        total, hits = opened.stream(question, opened.understand(question))
        assert (total, read) == (opened.info.articles, [])
        first = next(hits)
        assert 0 < len(read) < total
        assert first.article.id == read[0]
        assert [hit.rank for hit in hits] == list(range(2, total + 1))
        assert len(read) == len(set(read)) == total


def test_a_second_search_does_not_disturb_a_first_that_is_still_read(demo: Path) -> None:
    with Index(demo) as opened:
        question = Ask("*", limit=None, sort="title")
        whole = [hit.article for hit in opened.stream(question, opened.understand(question))[1]]
        _, slow = opened.stream(question, opened.understand(question))
        taken = []
        for hit in slow:
            taken.append(hit.article)
            opened.search("california", sort="newest")
        assert taken == whole


class Pipe:
    """What takes the place of standard output, and says how much of it was passed on."""

    def __init__(self) -> None:
        self.buffer = self
        self.waiting: list[bytes] = []
        self.passed_on = b""

    def write(self, data: bytes) -> None:
        self.waiting.append(data)

    def flush(self) -> None:
        self.passed_on += b"".join(self.waiting)
        self.waiting = []


class Raw(Pipe):
    """Text and bytes of standard output are flushed apart: here, only the bytes count."""

    def __init__(self) -> None:
        super().__init__()
        self.buffer = Pipe()

    def flush(self) -> None:
        """There is no text."""


def test_the_first_lines_are_passed_on_at_once_and_later_ones_after_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out, now = Raw(), [0.0]
    monkeypatch.setattr(streams.sys, "stdout", out)
    monkeypatch.setattr(streams.time, "monotonic", lambda: now[0])

    def lines() -> Iterator[bytes]:
        yield b"header\n"
        assert out.buffer.passed_on == b"header\n"
        yield b"first\n"
        assert out.buffer.passed_on == b"header\nfirst\n"
        yield b"second\n"
        assert out.buffer.waiting == [b"second\n"]  # soon enough to be buffered
        now[0] = 10.0
        yield b"third\n"
        assert out.buffer.waiting == []

    streams.write_each(lines())


@pytest.mark.parametrize("form", [["--jsonl"], ["--csv"], ["-l"], []])
def test_a_search_for_everything_stops_quietly_when_its_reader_has_enough(
    demo: Path, form: list[str]
) -> None:
    command = [sys.executable, "-m", "newsidx", "search", "*", "--index", str(demo), *form]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0
