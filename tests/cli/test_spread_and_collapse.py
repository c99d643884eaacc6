"""newsidx spread, and search --collapse story, as processes of their own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.processes import finished

WIRE = "yf7jw4dpq367"  # which three others printed
ALONE = "6n62mv6pwzbb"


def test_spread_finds_versions_and_says_so_with_its_status(demo: Path) -> None:
    done = finished("spread", WIRE[:5], "--index", demo, "--json")
    assert done.status == 0
    assert done.json["total"] == len(done.json["versions"]) == 4
    assert done.json["article"] == WIRE
    days = [each["published"] for each in done.json["versions"]]
    assert days == sorted(days)
    assert len(done.json["outlets"]) == 4


def test_spread_of_an_article_that_is_alone_ends_with_1_and_says_why(demo: Path) -> None:
    done = finished("spread", ALONE, "--index", demo, "--json")
    assert done.status == 1
    assert done.json["total"] == 1
    assert "No other article" in done.err


@pytest.mark.parametrize(
    ("args", "status", "said"),
    [
        (["zzzz9"], 1, "No article"),
        ([WIRE, "--against", ALONE], 2, "not one version of this story"),
        ([WIRE, "--csv", "--fields", "nonsense"], 2, "There is no field"),
    ],
)
def test_spread_refuses_what_makes_no_sense(
    demo: Path, args: list[str], status: int, said: str
) -> None:
    done = finished("spread", *args, "--index", demo)
    assert done.status == status
    assert said in done.err


def test_differences_word_by_word_are_there_when_a_field_asks_for_them(demo: Path) -> None:
    plain = finished("spread", WIRE, "--index", demo, "--jsonl")
    assert "changes" not in json.loads(plain.out.splitlines()[1])
    asked = finished("spread", WIRE, "--index", demo, "--jsonl", "--fields", "id,changes")
    assert json.loads(asked.out.splitlines()[1])["changes"]


def test_places_of_passages_are_those_in_the_text(demo: Path) -> None:
    done = finished("spread", WIRE, "--index", demo, "--json").json
    bodies = {}
    for version in done["versions"]:
        bodies[version["id"]] = finished("show", version["id"], "--index", demo, "--json").json[
            "body"
        ]
    told = 0
    for version in done["versions"]:
        for name, body in (("cut", done["against"]), ("added", version["id"])):
            for each in version[name] or ():
                assert bodies[body][each["start"] : each["end"]] == each["text"]
                told += 1
    assert told


def test_the_total_of_a_folded_search_is_that_of_articles(demo: Path) -> None:
    plain = finished("search", "caldera OR calexit", "--index", demo, "--json").json
    folded = finished(
        "search", "caldera OR calexit", "--index", demo, "--json", "--collapse", "story"
    ).json
    assert folded["total"] == plain["total"]
    assert folded["stories"] == folded["returned"] == plain["total"] - 3
    assert "stories" not in plain
    assert sum(hit["copies"]["number"] for hit in folded["results"]) == plain["total"]
    assert all("copies" not in hit for hit in plain["results"])
    for hit in folded["results"]:
        assert hit["copies"]["ids"][0] == hit["id"]
        assert len(hit["copies"]["ids"]) == hit["copies"]["number"]


def test_pages_of_a_folded_search_are_of_stories(demo: Path) -> None:
    found, offset, args = [], 0, ["search", "california OR caldera", "--collapse", "story"]
    while offset is not None:
        more = ["--json", "-n", "2", "--offset", str(offset), "--sort", "oldest"]
        page = finished(*args, *more, "--index", demo).json
        found += page["results"]
        offset = page["next_offset"]
    assert len(found) == page["stories"]
    assert [hit["rank"] for hit in found] == list(range(1, len(found) + 1))
    ids = [key for hit in found for key in hit["copies"]["ids"]]
    assert len(ids) == len(set(ids)) == page["total"]


def test_every_form_has_the_same_stories(demo: Path) -> None:
    args = ["search", "california OR caldera", "--collapse", "story", "--index", str(demo)]
    wanted = [hit["id"] for hit in finished(*args, "--json", "-n", "0").json["results"]]
    lines = finished(*args, "--jsonl").out.splitlines()
    assert [json.loads(line)["id"] for line in lines] == wanted
    assert [line.split("\t")[0] for line in finished(*args).out.splitlines()] == wanted
    table = finished(*args, "--tsv", "--fields", "id,copies,outlets").out.splitlines()[1:]
    assert [line.split("\t")[0] for line in table] == wanted
    assert "4" in [line.split("\t")[1] for line in table]


def test_queries_on_standard_input_can_be_folded(demo: Path) -> None:
    done = finished("search", "-", "--collapse", "story", "--index", demo, input=b"caldera\n")
    assert json.loads(done.out)["stories"] == 1


@pytest.mark.parametrize(
    "args", [["-c"], ["--queries", "names.csv", "--column", "name"], ["--collapse", "text"]]
)
def test_what_can_not_be_folded_is_refused_with_a_hint(demo: Path, args: list[str]) -> None:
    done = finished("search", "caldera", "--collapse", "story", *args, "--index", demo)
    assert done.status == 2
    assert "collapse" in done.err
