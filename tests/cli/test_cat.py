"""newsidx cat, show --open and --edit, --timing and --snippets: what programs get of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import newsidx as package
from tests.processes import Finished, environment, on_screen

Run = Callable[..., Finished]


def body(index: Path, key: str) -> str:
    with package.open(index) as opened:
        return opened.get(key).body


def test_cat_prints_the_body_and_a_newline(newsidx: Run, demo: Path) -> None:
    done = newsidx("cat", "501y", "af1v", "--index", demo)
    assert (done.status, done.err) == (0, "")
    assert done.out == f"{body(demo, '501y')}\n{body(demo, 'af1v')}\n"
    null = newsidx("cat", "501y", "af1v", "-0", "--index", demo)
    assert null.out.split("\0") == [body(demo, "501y"), body(demo, "af1v"), ""]
    assert body(demo, "501y") not in on_screen("cat", "zzzz", "--index", demo).out


@pytest.mark.parametrize("form", ["--fields id", "", "--tsv --fields id,title"])
def test_cat_takes_the_ids_of_a_search(demo: Path, form: str) -> None:
    python = f"{sys.executable} -m newsidx"
    search = f"{python} search california {form} --index {demo}"
    command = f"{search} | tail -n 5 | {python} cat - --index {demo}"
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, env=environment(), timeout=60, check=True
    )
    with package.open(demo) as opened:
        hits = opened.search("california").hits[-5:]
    assert done.stdout.decode() == "".join(f"{hit.article.body}\n" for hit in hits)


def test_a_wrong_id_is_said_and_the_others_go_on(newsidx: Run, demo: Path) -> None:
    done = newsidx("cat", "zzzzzz", "501y", "--index", demo)
    assert done.status == 1
    assert done.out == f"{body(demo, '501y')}\n"
    assert "begins with 'zzzzzz'" in done.err
    shown = newsidx("show", "zzzzzz", "501y", "--index", demo)
    assert (shown.status, "begins with 'zzzzzz'" in shown.err) == (1, True)
    assert "Court takes plan" in shown.out


def test_cat_does_not_wait_for_ids_on_a_terminal(demo: Path, newsidx: Run) -> None:
    done = newsidx("cat", "-", "--index", demo, input=b"")
    assert (done.status, done.out, done.err) == (0, "", "")


def test_show_prints_several_articles_as_json_lines(newsidx: Run, demo: Path) -> None:
    done = newsidx("show", "501y", "af1v", "--json", "--query", "calexit", "--index", demo)
    first, second = (json.loads(line) for line in done.out.splitlines())
    assert (first["id"][:4], second["id"][:4]) == ("501y", "af1v")
    for article in (first, second):
        assert article["matches"] is True
        span = next(each for each in article["highlights"] if each["field"] == "body")
        assert article["body"][span["start"] : span["end"]].lower().startswith("calexit")
    other = newsidx("show", "501y", "--json", "--query", "trawler", "--index", demo).json
    assert (other["matches"], other["highlights"]) == (False, [])
    assert "highlights" not in newsidx("show", "501y", "--json", "--index", demo).json


# Opening


def test_edit_opens_the_file_and_open_the_address(
    newsidx: Run, demo: Path, sample_data: Path, tmp_path: Path
) -> None:
    told = tmp_path / "told"
    program = tmp_path / "tell it"
    program.write_text(f'#!/bin/sh\nprintf "%s|" "$@" > {told}\n')
    program.chmod(0o755)
    env = {"EDITOR": f"'{program}' --wait", "BROWSER": "", "VISUAL": ""}
    assert newsidx("show", "501y", "--edit", "--index", demo, env=env).status == 0
    path = sample_data / "pacific-ledger/2018-07-19-three-californias.json"
    assert told.read_text() == f"--wait|{path}|"
    browser = tmp_path / "browser"
    browser.symlink_to(program)
    done = newsidx("show", "501y", "--open", "--index", demo, env={"BROWSER": f"{browser} %s"})
    assert (done.status, done.out) == (0, "")
    assert told.read_text().startswith("https://pacific-ledger.example/")


def test_what_has_no_address_is_not_opened(newsidx: Run, demo: Path) -> None:
    done = newsidx("show", "6n62", "--open", "--index", demo)
    assert done.status == 2
    assert "has no address on the web" in done.err
    missing = newsidx("show", "6n62", "--edit", "--index", demo, env={"VISUAL": "/no/such"})
    assert (missing.status, "can't be started" in missing.err) == (2, True)


# Options of search


def test_timing_is_there_only_when_it_is_asked_for(newsidx: Run, demo: Path) -> None:
    plain = newsidx("search", "calexit", "--json", "--index", demo)
    timed = newsidx("search", "calexit", "--json", "--timing", "--index", demo).json
    assert timed.pop("timing").keys() == {"seconds"}
    assert timed == plain.json
    lines = newsidx("search", "calexit", "--timing", "--index", demo)
    assert lines.out == newsidx("search", "calexit", "--index", demo).out
    assert "newsidx: took " in lines.err


def test_snippets_are_as_many_as_asked_for(newsidx: Run, demo: Path) -> None:
    def found(number: str) -> list[int]:
        page = newsidx("search", "calexit", "--json", "--snippets", number, "--index", demo).json
        return [len(hit["snippets"]) for hit in page["results"]]

    assert max(found("3")) == 3
    assert set(found("0")) == {0}
    table = newsidx(
        "search",
        "calexit",
        "-n",
        "1",
        "--csv",
        "--snippets",
        "2",
        "--fields",
        "snippets",
        "--index",
        demo,
    ).out
    assert table.count('""text""') == 2
    assert newsidx("search", "calexit", "--snippets", "-1", "--index", demo).status == 2


def test_screens_are_drawn_the_same_each_time(tmp_path: Path) -> None:
    from tests.screens import SCREENS, TARGET, draw

    assert {path.stem for path in TARGET.glob("*.svg")} == set(SCREENS)
    names = ["search-80", "error-query"]
    draw(names, tmp_path / "a")
    draw(names, tmp_path / "b")
    for name in names:
        drawn = (tmp_path / "a" / f"{name}.svg").read_text()
        assert drawn == (tmp_path / "b" / f"{name}.svg").read_text()
        assert "newsidx search" in drawn
        assert os.fspath(tmp_path) not in drawn
