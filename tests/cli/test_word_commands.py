"""kwic, terms and keywords as commands: what they answer, in which form, and when they refuse."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

import newsidx as package
from tests.processes import Finished, environment

Run = Callable[..., Finished]


@pytest.fixture
def run(newsidx: Run, demo: Path) -> Run:
    return lambda *args: newsidx(*args, "--index", str(demo))


def lines_of(done: Finished) -> list[Any]:
    return [json.loads(line) for line in done.out.splitlines()]


ASKED = [
    ("kwic", "calexit OR caldera"),
    ("kwic", "california", "--sort", "left"),
    ("kwic", "bank NEAR/10 caldera", "--sort", "source"),
    ("kwic", "california", "--collocates"),
    ("keywords", "calexit"),
    ("keywords", "6n62mv6pwzbb"),
    ("keywords", "caldera", "--against", "calexit"),
    ("terms", "se"),
    ("terms", "--field", "tag"),
]


@pytest.mark.parametrize("args", ASKED, ids=" ".join)
def test_the_memory_engine_gives_the_same_answer(run: Run, args: tuple[str, ...]) -> None:
    found = run(*args, "--jsonl")
    assert found.status == 0
    assert run(*args, "--jsonl", "--engine", "memory").out == found.out


@pytest.mark.parametrize("args", ASKED, ids=" ".join)
def test_every_form_has_the_same_records(run: Run, args: tuple[str, ...]) -> None:
    rows = lines_of(run(*args, "--jsonl"))
    more = () if "--collocates" in args else ("-n", "0")
    page = run(*args, "--json", *more).json
    key = page["schema"].split(".")[1].split("/")[0].replace("kwic", "lines")
    assert page[key] == rows
    assert page["returned"] == len(rows)
    table = run(*args, "--tsv").out.splitlines()
    assert len(table) == len(rows) + 1
    assert table[0].split("\t") == list(rows[0])
    field = "word" if "word" in rows[0] else "match"
    assert run(*args, "--csv", "--fields", field).out.splitlines()[0] == field


@pytest.mark.parametrize("form", ["--jsonl", "--tsv", "--json", "--color=never"])
def test_matches_without_a_collocate_are_nothing_found_and_that_is_said(
    run: Run, form: str
) -> None:
    done = run("kwic", "calexit", "--collocates", form)
    assert done.status == 1
    if form == "--json":
        assert (done.json["matches"], done.json["total"], done.json["collocates"]) == (7, 0, [])
    else:
        assert done.err.startswith("0 words stand within 5 words of 7 matches more often")


def test_a_page_is_cut_out_of_all_lines_and_says_so(run: Run) -> None:
    whole = lines_of(run("kwic", "california", "--jsonl"))
    page = run("kwic", "california", "--json", "-n", "3", "--offset", "2").json
    assert page["lines"] == whole[2:5]
    assert (page["total"], page["next_offset"]) == (len(whole), 5)
    part = run("kwic", "california", "--jsonl", "-n", "3")
    assert lines_of(part) == whole[:3]
    assert "More: --offset 3" in part.err
    assert lines_of(run("kwic", "california", "--jsonl", "--offset", "4")) == whole[4:]


def test_behind_the_last_line_there_is_none_and_that_is_said(run: Run) -> None:
    for more in ((), ("-n", "3")):
        done = run("kwic", "california", "--jsonl", "--offset", "999", *more)
        assert (done.status, done.out) == (0, "")
        assert "there are none from 1,000 on" in done.err


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--collocates", "california"), 20),
        (("--collocates", "2", "california"), 2),
        (("california", "--collocates", "2"), 2),
        (("california", "--collocates=2"), 2),
        (("california", "--collocates"), 20),
        (("--collocates", "0", "california"), None),
    ],
)
def test_collocates_take_a_number_or_none(run: Run, args: tuple[str, ...], words: int) -> None:
    every = run("kwic", "california", "--collocates", "0", "--json").json
    done = run("kwic", *args, "--json").json
    assert done["query"]["text"] == "california"
    assert done["collocates"] == every["collocates"][:words]


def test_a_year_behind_collocates_is_what_is_looked_for(run: Run) -> None:
    assert run("kwic", "--collocates", "2016", "--json").json["query"]["text"] == "2016"


@pytest.mark.parametrize("word", ["california", "secession", "the", "u"])
def test_terms_counts_the_articles_that_a_search_for_the_form_finds(run: Run, word: str) -> None:
    first = lines_of(run("terms", word, "--jsonl", "-n", "1"))[0]
    assert first["word"] == word
    assert run("count", f"={word}").out == f"{first['articles']}\n"


def test_terms_are_sorted_and_filtered_as_asked(run: Run) -> None:
    common = lines_of(run("terms", "--jsonl", "--sort", "articles", "--min", "5"))
    counts = [each["articles"] for each in common]
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] == 5
    words = [each["word"] for each in lines_of(run("terms", "--jsonl", "--min", "5"))]
    assert words == sorted(each["word"] for each in common)


def test_a_word_of_letters_alone_is_a_query_and_so_is_anything_with_a_filter(run: Run) -> None:
    assert run("keywords", "6n62", "--json").json["article"] == "6n62mv6pwzbb"
    assert run("keywords", "calexit", "--json").json["article"] is None
    assert run("keywords", "6n62", "-F", "--json").status == 1
    assert run("keywords", "6n62", "--lang", "en", "--json").json["article"] is None


@pytest.mark.parametrize(
    ("args", "status", "said"),
    [
        (("kwic", "zzzzqq"), 1, "No article matches"),
        (("kwic", "author:feldstein"), 1, "not by a word in a headline or body"),
        (("kwic",), 2, "There is no query."),
        (("kwic", "a", "--sort", "size"), 2, "can't be sorted by 'size'"),
        (("kwic", "a", "--width", "3"), 2, "too few"),
        (("kwic", "a", "--window", "0"), 2, "window"),
        (("kwic", "a", "-n", "-1"), 2, "negative"),
        (("kwic", "a", "--fields", "score"), 2, "no field 'score'"),
        (("terms", "zzzzqq"), 1, "no word that begins with 'zzzzqq'"),
        (("terms", "--field", "date"), 2, "no words of a field 'date'"),
        (("terms", "--sort", "size"), 2, "can't be sorted by 'size'"),
        (("keywords", "zzzzqq"), 1, "No article matches"),
        (("keywords", "*"), 2, "no other words to compare with"),
        (("keywords", "calexit", "--against", "zzzzqq"), 2, "no other words to compare with"),
        (("keywords", "calexit", "--min", "999"), 1, "No word is more frequent"),
        (("keywords", "calexit", "--against", "a AND ("), 2, ""),
    ],
)
def test_what_is_not_there_or_makes_no_sense_is_said(
    run: Run, args: tuple[str, ...], status: int, said: str
) -> None:
    done = run(*args)
    assert (done.status, done.out) == (status, "")
    assert said in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("columns", [60, 80, 120, 200])
@pytest.mark.parametrize(
    "args",
    [("kwic", "california", "--collocates", "5"), ("terms", "se"), ("keywords", "calexit")],
    ids=" ".join,
)
def test_a_terminal_gets_a_layout_of_its_width(
    demo: Path, args: tuple[str, ...], columns: int
) -> None:
    parent, child = pty.openpty()
    done = subprocess.Popen(
        [sys.executable, "-m", "newsidx", *args, "--index", str(demo)],
        stdout=child,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        env=environment(TERM="xterm", COLUMNS=str(columns), LINES="30", NO_COLOR="1"),
    )
    _, said = done.communicate(timeout=60)
    os.close(child)
    shown = os.read(parent, 100_000).decode().replace("\r\n", "\n")
    os.close(parent)
    assert done.returncode == 0
    assert max(map(cell_len, shown.splitlines())) <= columns
    assert max(map(cell_len, shown.splitlines())) > min(columns, 80) // 2
    assert said.decode().strip()


def test_programs_get_words_without_rich(demo: Path) -> None:
    code = "import sys\nfrom newsidx.cli.main import main\nmain(sys.argv[1:])\n"
    code += "print('rich' in sys.modules, 'sqlite3' in sys.modules, file=sys.stderr)"
    for args in (("kwic", "california"), ("terms", "se"), ("keywords", "calexit")):
        done = subprocess.run(
            [sys.executable, "-c", code, *args, "--jsonl", "--index", str(demo)],
            capture_output=True,
            text=True,
            env=environment(),
            check=True,
        )
        assert done.stderr.splitlines()[-1] == "False False"


def test_python_has_them_too(demo: Path) -> None:
    with package.open(demo) as index:
        page = index.kwic("california", sort="left", limit=2, context=40)
        assert len(page.lines) == 2
        assert page.total > 2
        assert all(len(line.left) <= 40 for line in page.lines)
        assert index.collocates("california").matches == page.total
        assert list(index.lexicon("Calif")) == list(index.lexicon("calif"))
        assert "california" in [word for word, _, _ in index.lexicon("Calif")]
        article = index.get("6n62")
        assert index.keywords(article).target.articles == 1
        assert index.keywords("calexit", against="caldera").words
