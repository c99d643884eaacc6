"""What a search says besides its results: filters, explanations, and why nothing was found."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from newsidx import open as open_index
from tests.processes import Finished, environment

Run = Callable[..., Finished]


# Filters


@pytest.mark.parametrize(
    ("options", "query"),
    [
        (["--since", "2024"], "date>=2024"),
        (["--until", "2016-11"], "date<=2016-11"),
        (["--since", "2016", "--until", "2016-11-08"], "date:2016..2016-11-08"),
        (["--source", "pacific ledger"], 'source:"pacific ledger"'),
        (["--source", "northline", "--source", "chronik"], "source:(northline OR chronik)"),
        (["--author", "okonkwo"], "author:okonkwo"),
        (["--tag", "secession"], "tag:secession"),
        (["--lang", "es", "--lang", "de"], "lang:(es OR de)"),
        (["--section", "politics"], "section:politics"),
        (["--lang", "en", "--since", "2020"], "lang:en date>=2020"),
    ],
)
def test_a_filter_is_the_same_field_of_a_query(
    newsidx: Run, demo: Path, options: list[str], query: str
) -> None:
    with open_index(demo) as index:
        expected = index.search(query, limit=None, sort="title").hits
        both = index.count(f"port AND ({query})")
    assert expected
    done = newsidx("search", *options, "--sort", "title", "--index", demo)
    assert [line.split("\t")[0] for line in done.out.splitlines()] == [
        hit.article.id for hit in expected
    ]
    assert newsidx("count", "port", *options, "--index", demo).out == f"{both}\n"


def test_filters_stand_in_the_answer_and_change_no_score(newsidx: Run, demo: Path) -> None:
    args = ["search", "california", "--json", "--index", demo]
    plain = {hit["id"]: hit["score"] for hit in newsidx(*args).json["results"]}
    answer = newsidx(*args, "--source", "pacific ledger", "--since", "2016").json
    assert answer["query"]["filters"] == ["date:2016..", 'source:"pacific ledger"']
    assert answer["query"]["understood"] == "california"
    assert 0 < answer["total"] < len(plain)
    assert all(plain[hit["id"]] == hit["score"] for hit in answer["results"])


def test_a_query_may_be_left_out_beside_a_filter_only(newsidx: Run, demo: Path) -> None:
    everything = newsidx("search", "--since", "1900", "--json", "--index", demo).json
    assert everything["query"]["understood"] == "*"
    assert everything["total"] == newsidx("count", "date:*", "--index", demo).json
    assert newsidx("search", "-F", "--since", "1900", "-c", "--index", demo).status == 0
    for command in ("search", "count"):
        done = newsidx(command, "--index", demo)
        assert (done.status, done.out) == (2, "")
        assert "There is no query." in done.err


def test_a_wrong_day_names_its_option(newsidx: Run, demo: Path) -> None:
    done = newsidx("search", "x", "--until", "2016-02-30", "--json", "--index", demo)
    assert done.status == 2
    assert done.json["message"].startswith("--until: There is no 30 February 2016")
    assert done.json["code"] == "usage"


def test_any_and_all_undo_each_other(newsidx: Run, demo: Path) -> None:
    def total(*options: str) -> int:
        return newsidx("search", "calexit langoustines", *options, "-c", "--index", demo).json

    assert total() == total("--all") == total("--any", "--all") == 0
    assert total("--any") == total("--all", "--any") > 4


# --explain


def test_an_explanation_is_read_before_the_results_also_in_a_pipe(newsidx: Run, demo: Path) -> None:
    done = newsidx("search", "the calexit russia^2", "--explain", "--index", demo)
    assert done.status == 0
    first, _, rest = done.out.partition("\n")
    assert first == "Understood as: the calexit russia^2"
    for expected in ("Left out as too common: the", "all of ", "word calexit", "forms: calexit 4"):
        assert expected in rest
    assert "boost 2" in rest
    assert "frequency" in rest


@pytest.mark.parametrize("form", ["-l", "-0", "-c", "--jsonl"])
def test_an_explanation_goes_aside_where_programs_read(newsidx: Run, demo: Path, form: str) -> None:
    args = ["search", "calexit russia", form, "--index", demo]
    plain, explained = newsidx(*args), newsidx(*args, "--explain")
    if form != "--jsonl":
        assert explained.out == plain.out
    assert "Understood as: calexit russia" in explained.err
    assert "word russia" in explained.err


def test_in_json_an_explanation_stands_with_the_query_and_each_result(
    newsidx: Run, demo: Path
) -> None:
    args = ["search", "california elect*", "--json", "--index", demo, "--lang", "en"]
    answer = newsidx(*args, "--explain").json
    explanation = answer["query"].pop("explanation")
    assert explanation["tree"]["kind"] == "all"
    word, wildcard = explanation["tree"]["children"]
    assert (word["text"], wildcard["kind"]) == ("california", "wildcard")
    assert word["stems"]["en"] == "california"
    assert {"form": "california", "articles": word["articles"]} in word["forms"]
    assert explanation["filters"][0]["text"] == 'lang:"en"'
    assert [each["word"] for each in explanation["ranked"]] == ["california", "elect*"]
    for hit in answer["results"]:
        shares = hit.pop("explanation")["words"]
        assert sum(share["score"] for share in shares) == pytest.approx(hit["score"], abs=1e-5)
    assert answer == newsidx(*args).json


def test_each_line_of_json_is_explained(newsidx: Run, demo: Path) -> None:
    import json

    done = newsidx("search", "calexit", "--jsonl", "--explain", "--index", demo)
    for line in done.out.splitlines():
        assert json.loads(line)["explanation"]["words"][0]["word"] == "calexit"


def test_nothing_found_can_be_explained(newsidx: Run, demo: Path) -> None:
    done = newsidx("search", "calexit zzzzqq", "--explain", "--index", demo)
    assert done.status == 1
    assert "word zzzzqq" in done.out
    assert "No article matches" in done.err


def test_what_expansion_added_is_said(newsidx: Run, demo: Path) -> None:
    done = newsidx("search", "calexit", "--expand", "--json", "--explain", "--index", demo)
    answer = done.json
    added = answer["query"]["expanded"]
    assert added
    assert f"Added by --expand: {added[0]['word']}^" in done.err
    ranked = {each["word"]: each["boost"] for each in answer["query"]["explanation"]["ranked"]}
    assert all(each["word"] in ranked for each in added)
    for hit in answer["results"]:
        shares = hit["explanation"]["words"]
        assert sum(share["score"] for share in shares) == pytest.approx(hit["score"], abs=1e-4)


# Nothing found


def test_nothing_found_says_what_spoils_the_query_and_what_was_perhaps_meant(
    newsidx: Run, demo: Path
) -> None:
    done = newsidx("search", "calexit rusia", "--source", "nosuch", "--index", demo)
    assert (done.status, done.out) == (1, "")
    lines = [" ".join(line.split()) for line in done.err.splitlines()]
    assert lines[0].startswith('newsidx: No article matches calexit rusia with source:"nosuch" in')
    assert lines[0].endswith("(45 articles; looked in title, body, source).")
    assert lines[1:5] == [
        "By itself:",
        "calexit 4 articles",
        "rusia 0 articles",
        'source:"nosuch" 0 articles',
    ]
    done = newsidx("search", "calexit rusia", "--index", demo)
    assert "Did you mean: calexit russia (1 article)" in " ".join(done.err.split())


def test_nothing_found_says_so_in_json(newsidx: Run, demo: Path) -> None:
    for command in ("search", "count"):
        answer = newsidx(command, "califronia -texas", "--json", "--index", demo).json
        assert answer["suggestions"][0]["query"] == "california NOT texas"
        assert answer["suggestions"][0]["filters"] == []
        assert [(leaf["text"], leaf["articles"]) for leaf in answer["leaves"]] == [
            ("califronia", 0),
            ("texas", 1),
        ]
        assert [leaf["negated"] for leaf in answer["leaves"]] == [False, True]
        found = newsidx(command, "california", "--json", "--index", demo).json
        assert (found["leaves"], found["suggestions"]) == ([], [])


@pytest.mark.parametrize("form", ["-l", "--jsonl", "-c"])
def test_corrections_are_on_standard_error_in_every_form(
    newsidx: Run, demo: Path, form: str
) -> None:
    done = newsidx("search", "califronia", form, "--index", demo)
    assert done.status == 1
    assert done.out == ("0\n" if form == "-c" else "")
    assert "Did you mean: california" in done.err


def test_an_empty_index_says_what_is_the_matter(newsidx: Run, tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    assert newsidx("init", cwd=project).status == 0
    done = newsidx("search", "california", cwd=project)
    assert done.status == 1
    assert "Nothing has been indexed" in done.err
    assert "(0 articles; looked in title, body)" in done.err


# Why it matched, on a terminal


def on_a_terminal(*args: str, **env: str) -> str:
    parent, child = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "newsidx", *args],
        stdout=child,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        env=environment(TERM="xterm", COLUMNS="100", NEWSIDX_PAGER="", **env),
    )
    process.wait(timeout=60)
    os.close(child)
    shown = os.read(parent, 100_000).decode()
    os.close(parent)
    return shown.replace("\r\n", "\n")


def test_a_terminal_shows_which_value_of_a_field_matched(demo: Path) -> None:
    for query, line in (
        ('author:"park-reyes"', "\nauthors: Lucinda Park-Reyes\n"),
        ('tag:"kevin de leon"', "\ntags: Kevin de León\n"),  # too far behind to fit the line
    ):
        shown = on_a_terminal("search", query, "--index", str(demo), NO_COLOR="1")
        assert line in shown.replace("   ", "")
    coloured = on_a_terminal("search", 'tag:"state politics"', "--index", str(demo))
    assert "\x1b[1;31mState Politics\x1b[0m" in coloured
    assert "tags: " not in coloured


# Help


def test_help_prints_the_stop_words_that_a_query_loses(newsidx: Run, demo: Path) -> None:
    from newsidx.text.stopwords import stop_words

    done = newsidx("help", "stopwords", "--index", demo)
    assert done.status == 0
    assert stop_words("en") - set("abcdefghijklmnopqrstuvwxyz") <= set(done.out.split())
    german = newsidx("help", "stopwords", "--language", "de", "--index", demo).out
    assert "zwischen" in german
    assert "which" not in german.split("\n\n")[0]


def test_help_speaks_without_an_index(newsidx: Run, tmp_path: Path) -> None:
    for topic in ([], ["query"], ["stopwords"]):
        done = newsidx("help", *topic, "--index", tmp_path / "none")
        assert (done.status, done.err) == (0, "")
        assert done.out


def test_help_on_a_command_is_its_help(newsidx: Run) -> None:
    assert newsidx("help", "count").out == newsidx("count", "--help").out


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["help", "nosuch"], "There is no help on 'nosuch'."),
        (["help", "stopwords", "--language", "xx"], "There is no list for 'xx'."),
    ],
)
def test_help_on_what_is_not_there_is_an_error(newsidx: Run, args: list[str], message: str) -> None:
    done = newsidx(*args)
    assert (done.status, done.out) == (2, "")
    assert message in done.err


# Interrupted, and cut off


def run_with(code: str, *args: Any) -> subprocess.CompletedProcess[str]:
    program = f"import sys\n{code}\nfrom newsidx.cli.main import main\nsys.exit(main(sys.argv[1:]))"
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, args)],
        capture_output=True,
        text=True,
        env=environment(),
        timeout=60,
        check=False,
    )


def test_ctrl_c_ends_a_search_in_one_line(demo: Path) -> None:
    code = (
        "import os, signal\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a shell's & has it ignored
        "from newsidx.engines.whoosh.engine import WhooshEngine\n"
        "def interrupted(*args): os.kill(os.getpid(), signal.SIGINT)\n"
        "WhooshEngine.search = interrupted\n"
    )
    for form in ([], ["--json"]):
        done = run_with(code, "search", "calexit", *form, "--index", demo)
        assert (done.returncode, done.stdout) == (130, "")
        assert done.stderr == "Interrupted.\n"


@pytest.mark.parametrize("form", ["--explain", "--jsonl"])
def test_a_pipe_that_is_closed_early_ends_quietly(demo: Path, form: str) -> None:
    code = "import os\nread, write = os.pipe()\nos.close(read)\nos.dup2(write, 1)\n"
    done = run_with(code, "search", "*", "-n", "0", form, "--index", demo)
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert "Error" not in done.stderr
