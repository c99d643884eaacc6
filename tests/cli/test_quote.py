"""newsidx quote: what it takes, what it answers, when it ends with which status."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.processes import Finished, environment, on_screen

Run = Callable[..., Finished]

TRUE = "Calexit then needed 585,407 valid signatures within 180 days"
FALSE = "Calexit then needed 585,407 valid signatures within 90 days"
ABSENT = "Nobody has ever said this about walruses at sea"


@pytest.fixture
def run(newsidx: Run, demo: Path) -> Run:
    return lambda *args, **more: newsidx("quote", *args, "--index", str(demo), **more)


@pytest.mark.parametrize(
    ("text", "status", "verdict"),
    [(TRUE, 0, "verbatim"), (FALSE, 1, "altered"), (ABSENT, 1, "absent")],
)
def test_the_status_says_whether_it_is_verbatim(
    run: Run, text: str, status: int, verdict: str
) -> None:
    done = run(text, "--json")
    assert done.status == status
    assert [each["verdict"] for each in done.json["quotations"]] == [verdict]
    assert done.json[verdict] == done.json["total"] == 1


def test_offsets_are_those_of_the_article(run: Run, newsidx: Run, demo: Path) -> None:
    found = run(TRUE, "--json").json["quotations"][0]
    article = newsidx("show", found["id"], "--json", "--index", str(demo)).json
    passage = article[found["field"]][found["start"] : found["end"]]
    assert passage == found["passage"] == TRUE
    assert found["places"][0]["path"] == article["path"]


def test_words_of_the_command_line_are_one_quotation(run: Run) -> None:
    assert run(*TRUE.split()).status == 0


def test_a_file_has_one_on_each_line(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text(f"{TRUE}\r\n\r\n“{FALSE}”\r\nYes, California\r\n", encoding="utf-8")
    done = run("-f", path, "--json")
    assert done.status == 1
    rows = done.json["quotations"]
    assert [(row["line"], row["verdict"]) for row in rows] == [(1, "verbatim"), (3, "altered")]
    assert done.json["short"] == [{"line": 4, "at": None, "quotation": "Yes, California"}]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_file_may_be_in_any_encoding(run: Run, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes(f"“{TRUE}”\n".encode(encoding))
    assert run("--file", path).status == 0


def test_standard_input_is_read_for_a_dash(demo: Path) -> None:
    for args in (["-"], ["-f", "-"]):
        done = subprocess.run(
            [sys.executable, "-m", "newsidx", "quote", *args, "--index", demo, "--jsonl"],
            input=f"{TRUE}\n{ABSENT}\n".encode(),
            capture_output=True,
            env=environment(),
            timeout=60,
            check=False,
        )
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        assert [row["verdict"] for row in rows] == ["verbatim", "absent"]
        assert done.returncode == 1


def test_a_name_of_a_file_is_a_quotation_where_no_option_says_otherwise(
    run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "one two three.txt"
    path.write_text(TRUE, encoding="utf-8")
    assert run(path, "--json").json["quotations"][0]["quotation"] == str(path)


def test_the_passages_of_a_draft_are_found_where_they_stand(run: Run, tmp_path: Path) -> None:
    draft = f"The petition failed.\nAs was said, “{TRUE}”; and „{FALSE}“. Some say “no”."
    path = tmp_path / "draft.txt"
    path.write_text(draft, encoding="utf-8")
    for given in (("-f", path), (draft,)):
        done = run("--draft", *given, "--json").json
        for row in done["quotations"]:
            assert draft[row["at"] :].startswith(row["quotation"])
            assert row["line"] == 2
        assert [row["verdict"] for row in done["quotations"]] == ["verbatim", "altered"]
        assert [row["quotation"] for row in done["short"]] == ["no"]
    assert "“no”" in run("--draft", "-f", path).err


def test_a_draft_whose_checked_passages_are_verbatim_is_well(run: Run) -> None:
    assert run("--draft", f"They said “{TRUE}” and “no”").status == 0


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "There is no quotation."),
        (("Yes California",), "three words or more"),
        (("--draft", "nothing in quote marks"), "no passage in quote marks"),
        (("text", "-f", "list.txt"), "a quotation and a file"),
        (("-f", "no-such-file.txt"), "no-such-file.txt"),
        ((TRUE, "--fields", "nonsense"), "There is no field"),
        (("-f", "/dev/null"), "nothing to check"),
    ],
)
def test_what_can_not_be_checked_is_an_error(run: Run, args: tuple[str, ...], said: str) -> None:
    done = run(*args)
    assert (done.status, done.out) == (2, "")
    assert said in done.err


def test_an_error_is_an_object_too(run: Run) -> None:
    assert run("Yes", "--json").json["code"] == "usage"


def test_every_form_has_the_same_records(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text(f"{TRUE}\n{FALSE}\n{ABSENT}\n", encoding="utf-8")
    rows = [json.loads(line) for line in run("-f", path, "--jsonl").out.splitlines()]
    assert run("-f", path, "--json").json["quotations"] == rows
    table = run("-f", path, "--tsv").out.splitlines()
    assert len(table) == len(rows) + 1
    assert set(table[0].split("\t")) < set(rows[0])
    plain = run("-f", path).out.splitlines()
    assert [line.split("\t")[0] for line in plain] == ["verbatim", "altered", "absent"]


def test_the_memory_engine_gives_the_same_answer(run: Run) -> None:
    for text in (TRUE, FALSE, ABSENT):
        assert run(text, "--jsonl", "--engine", "memory").out == run(text, "--jsonl").out


def test_a_difference_shows_without_colours_and_at_any_width(demo: Path) -> None:
    for columns in (40, 80, 200):
        shown = on_screen(
            "quote", FALSE, "--index", str(demo), columns=columns, NO_COLOR="1"
        ).out.splitlines()
        assert "ALTERED" in shown[0]
        assert all(len(line) <= columns for line in shown)
        at = next(n for n, line in enumerate(shown) if "^^^" in line)
        marks = slice(shown[at].index("^"), shown[at].rindex("^") + 1)
        assert (shown[at - 2][marks].strip(), shown[at - 1][marks]) == ("90", "180")


def test_what_an_article_holds_can_not_act_on_a_terminal(newsidx: Run, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    text = "Title: Bad \x1b[31mnews\n\nThe crane went \x1b[2Joffline at midnight and stayed so."
    (folder / "one.txt").write_text(text, encoding="utf-8")
    index = tmp_path / "index"
    assert newsidx("index", "-q", folder, "--index", index).status == 0
    done = on_screen("quote", "crane went offline at noon and stayed", "--index", str(index),
                     NO_COLOR="1")  # fmt: skip
    assert done.status == 1
    assert "\x1b" not in done.out


def test_a_word_that_the_archive_can_not_confirm_is_flagged(run: Run, demo: Path) -> None:
    text = "the mood is not as clear-cut as the hashtag makes it look"
    found = run(text, "--json")
    assert found.status == 0
    assert found.json["quotations"][0]["flags"] == ["gap"]
    assert "! gap: clear-cut" in on_screen("quote", text, "--index", str(demo), columns=100).out


def test_what_is_longer_than_any_quotation_is_an_error_that_names_its_line(
    newsidx: Run, demo: Path, tmp_path: Path
) -> None:
    path = tmp_path / "quotations.txt"
    path.write_text(f"Nobody was hurt in the fire.\n{'sea and land ' * 200}\n")
    done = newsidx("quote", "-f", path, "--index", demo)
    assert done.status == 2
    assert done.err.startswith("newsidx: The quotation on line 2 has 600 words")
