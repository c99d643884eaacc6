"""Queries from standard input, one a line, answered in one process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from newsidx.indexer.run import RunOptions, run
from newsidx.indexer.writing import create_index
from tests.processes import Finished, environment

Run = Callable[..., Finished]


def answers(done: Finished) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.out.splitlines()]


def test_each_line_is_answered_as_json_would_print_it(newsidx: Run, demo: Path) -> None:
    done = newsidx("search", "-", "--index", demo, input=b"calexit\ndate:2016 russia\n")
    alone = [
        newsidx("search", query, "--json", "--index", demo).json
        for query in ("calexit", "date:2016 russia")
    ]
    assert answers(done) == alone
    assert done.status == 0


@pytest.mark.parametrize("form", ["--json", "--jsonl"])
def test_json_and_jsonl_mean_the_same_here(newsidx: Run, demo: Path, form: str) -> None:
    plain = newsidx("search", "-", "--index", demo, input=b"calexit\n")
    assert newsidx("search", "-", form, "--index", demo, input=b"calexit\n") == plain


def test_every_option_holds_for_each_line(newsidx: Run, demo: Path) -> None:
    options = ["--since", "2016", "--any", "--sort", "oldest", "-n", "2", "--offset", "1"]
    done = newsidx("search", "-", *options, "--index", demo, input=b"election fire\n*\n")
    for query, found in zip(("election fire", "*"), answers(done), strict=True):
        alone = newsidx("search", query, *options, "--json", "--index", demo).json
        assert found == alone
        assert found["returned"] == 2


def test_count_answers_with_numbers(newsidx: Run, demo: Path) -> None:
    done = newsidx("count", "-", "--index", demo, input=b"calexit\nzzzzqq\n")
    assert [answer["schema"] for answer in answers(done)] == ["newsidx.count/1"] * 2
    assert [bool(answer["total"]) for answer in answers(done)] == [True, False]


def test_a_bad_line_is_an_error_line_and_the_rest_goes_on(newsidx: Run, demo: Path) -> None:
    done = newsidx("search", "-", "--index", demo, input=b"foo AND (\n\n  \ncalexit\n")
    *errors, last = answers(done)
    assert [error["line"] for error in errors] == [1, 2, 3]
    assert all(error["schema"] == "newsidx.error/1" for error in errors)
    assert errors[0]["query"] == "foo AND ("
    assert errors[0]["position"] == {"start": 8, "end": 9}
    assert last["query"]["text"] == "calexit"
    assert done.status == 2
    assert "3 of 4 queries" in done.err


@pytest.mark.parametrize(("lines", "status"), [(b"zzzzqq\n", 1), (b"", 1), (b"zz\ncalexit", 0)])
def test_the_status_says_whether_any_found_something(
    newsidx: Run, demo: Path, lines: bytes, status: int
) -> None:
    done = newsidx("search", "-", "--index", demo, input=lines)
    assert done.status == status
    assert len(answers(done)) == len(lines.splitlines())


def test_a_wrong_option_is_said_once_and_no_line_is_read(newsidx: Run, demo: Path) -> None:
    done = newsidx("search", "-", "--since", "soon", "--index", demo, input=b"a\nb\n")
    assert (done.status, done.out) == (2, "")
    for form in ("--csv", "-l"):
        refused = newsidx("search", "-", form, "--index", demo, input=b"a\n")
        assert (refused.status, refused.out) == (2, "")


def test_windows_line_ends_a_mark_and_bytes_that_are_no_utf8_do_no_harm(
    newsidx: Run, demo: Path
) -> None:
    done = newsidx("search", "-", "--index", demo, input=b"\xef\xbb\xbfcalexit\r\nr\xe9publique\n")
    first, second = answers(done)
    assert first["query"]["text"] == "calexit"
    assert second["query"]["text"] == "r\N{REPLACEMENT CHARACTER}publique"


class Partner:
    """A process that is talked with, a line at a time."""

    def __init__(self, index: Path) -> None:
        command = [sys.executable, "-m", "newsidx", "search", "-", "--index", str(index)]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment())

    def ask(self, query: str) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{query}\n".encode())
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def leave(self) -> int:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        status = self.process.wait(60)
        self.process.stdout.close()
        return status


def test_an_answer_comes_before_the_next_line_is_read_and_sees_the_last_commit(
    tmp_path: Path,
) -> None:
    press, index = tmp_path / "press", tmp_path / "index"
    press.mkdir()
    (press / "a.txt").write_text("The harbour\n\nA quiet day in the harbour.\n")
    create_index(index, "whoosh", "en")
    run(index, [str(press)], RunOptions(jobs=1))
    partner = Partner(index)
    assert partner.ask("harbour")["total"] == 1
    (press / "b.txt").write_text("The storm\n\nA storm over the harbour at night.\n")
    run(index, [str(press)], RunOptions(jobs=1))
    after = partner.ask("harbour")
    assert (after["total"], after["index"]["articles"]) == (2, 2)
    assert partner.leave() == 0


def test_it_ends_quietly_when_nobody_reads_the_answers(demo: Path) -> None:
    lines = f"yes '*' | head -2000 | {sys.executable} -m newsidx search - --index {demo}"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"({lines}; echo $? >&2) | head -1 >/dev/null"],
        capture_output=True,
        env=environment(),
        timeout=100,
        check=False,
    )
    # Under pipefail the status may be that of head, which a broken pipe ended.
    assert done.stderr.strip() in (b"0", b"141")
