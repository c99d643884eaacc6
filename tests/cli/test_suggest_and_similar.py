"""newsidx suggest and newsidx similar: what they print, and to whom."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.processes import Finished

Run = Callable[..., Finished]

BODY = "Ferries stayed in port as the storm broke over the harbour wall."


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("press")
    articles = [
        ("Storm", BODY, "Courier"),
        ("Sea", BODY, "Other"),
        ("A storm passes", "The harbour wall held; ferries sail again.", "Courier"),
        ("Timetables", "Ferries sail at nine.", "Courier"),
        ("Bakery", "It bakes bread at night.", "Courier"),
        ("Snow", "Snow fell on hills.", "Courier"),
    ]
    lines = [json.dumps(dict(zip(("title", "text", "source"), a, strict=True))) for a in articles]
    (folder / "a.jsonl").write_text("\n".join(lines))
    return folder


@pytest.fixture(scope="module")
def index(newsidx: Run, press: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("index") / "index"
    done = newsidx("index", press, "--index", path)
    assert done.status == 0, done.err
    return path


def id_of(newsidx: Run, index: Path, title: str) -> str:
    found = newsidx("search", f"title:{title}", "--json", "--index", index).json["results"]
    return str(found[0]["id"])


# suggest


def test_suggest_prints_each_word_with_what_it_adds(newsidx: Run, index: Path) -> None:
    done = newsidx("suggest", "storm", "--index", index)
    assert done.status == 0
    rows = [line.split("\t") for line in done.out.splitlines()]
    assert ["ferries", "1", "4"] in rows
    assert all(int(adds) >= 1 for _, adds, _ in rows)
    for word, adds, articles in rows:
        widened = newsidx("count", f"storm OR {word}", "--index", index)
        assert int(widened.out) == 3 + int(adds)
        assert newsidx("count", word, "--index", index).out == f"{articles}\n"


def test_suggest_prints_one_json_object(newsidx: Run, index: Path) -> None:
    found = newsidx("suggest", "storm", "--json", "--index", index).json
    assert found["schema"] == "newsidx.suggest/1"
    assert list(found) == ["schema", "index", "query", "total", "words", "warnings"]
    assert (found["total"], found["query"]["understood"]) == (3, "storm")
    (ferries,) = [word for word in found["words"] if word["word"] == "ferries"]
    assert (ferries["articles"], ferries["adds"]) == (4, 1)
    assert 0 < ferries["weight"] < 1


def test_suggest_keeps_to_the_filters(newsidx: Run, index: Path) -> None:
    done = newsidx("suggest", "storm", "--source", "other", "--json", "--index", index)
    assert done.status == 1
    assert done.json["words"] == []
    done = newsidx("suggest", "storm", "--source", "courier", "--index", index)
    assert "ferries\t1\t3" in done.out


def test_where_nothing_is_found_nothing_is_suggested(newsidx: Run, index: Path) -> None:
    done = newsidx("suggest", "zeppelin", "--index", index)
    assert (done.status, done.out) == (1, "")
    assert "suggests a word for zeppelin" in done.err
    done = newsidx("suggest", "zeppelin", "--json", "--index", index)
    assert (done.status, done.json["words"]) == (1, [])


def test_a_query_that_makes_no_sense_is_an_error(newsidx: Run, index: Path) -> None:
    assert newsidx("suggest", "storm AND (", "--index", index).status == 2
    assert newsidx("suggest", "--index", index).status == 2


# similar


def test_similar_takes_the_beginning_of_an_id(newsidx: Run, index: Path) -> None:
    storm = id_of(newsidx, index, "timetables")
    done = newsidx("similar", storm[:6], "--index", index)
    assert done.status == 0
    titles = [line.split("\t")[3] for line in done.out.splitlines()]
    assert titles[0] == "A storm passes"
    assert set(titles) == {"A storm passes", "Storm", "Sea"}


def test_similar_leaves_out_the_article_and_its_copies(newsidx: Run, index: Path) -> None:
    for title in ("storm", "sea"):
        found = newsidx("similar", id_of(newsidx, index, title), "--json", "--index", index).json
        assert {"Storm", "Sea"}.isdisjoint(each["title"] for each in found["results"])


def test_similar_has_the_output_of_search(newsidx: Run, index: Path) -> None:
    key = id_of(newsidx, index, "timetables")
    as_json = newsidx("similar", key, "--json", "--index", index).json
    search = newsidx("search", "storm", "--json", "--index", index).json
    assert as_json["schema"] == search["schema"] == "newsidx.search/1"
    assert list(as_json) == list(search)
    assert list(as_json["results"][0]) == list(search["results"][0])
    assert as_json["query"]["text"] == key
    assert as_json["query"]["understood"].startswith("sail^")
    assert as_json["total"] == as_json["returned"] == 3
    lines = newsidx("similar", key, "--jsonl", "--index", index).out.splitlines()
    assert list(map(json.loads, lines)) == as_json["results"]
    path = as_json["results"][0]["path"]
    assert newsidx("similar", key, "-l", "--index", index).out == f"{path}\n"
    assert newsidx("similar", key, "-0", "--index", index).out == f"{path}\0"
    plain = newsidx("similar", key, "--index", index).out
    assert plain.splitlines()[0].split("\t")[0] == as_json["results"][0]["id"]
    assert "\x1b" not in plain


def test_the_likeness_can_be_searched_for_by_hand(newsidx: Run, index: Path) -> None:
    key = id_of(newsidx, index, "timetables")
    found = newsidx("similar", key, "--json", "--index", index).json
    query = found["query"]["understood"]
    again = newsidx("search", f"({query}) -id:{key}", "--json", "--index", index).json
    assert [each["id"] for each in again["results"]] == [each["id"] for each in found["results"]]


def test_similar_pages(newsidx: Run, index: Path) -> None:
    key = id_of(newsidx, index, "timetables")
    first = newsidx("similar", key, "-n", "2", "--json", "--index", index).json
    rest = newsidx("similar", key, "--offset", "2", "--json", "--index", index).json
    assert (first["returned"], first["next_offset"], rest["returned"]) == (2, 2, 1)
    assert [each["rank"] for each in first["results"] + rest["results"]] == [1, 2, 3]


def test_similar_reads_a_file_that_is_in_no_index(
    newsidx: Run, index: Path, tmp_path: Path
) -> None:
    page = tmp_path / "page.json"
    page.write_text(json.dumps({"title": "Bread", "text": "A baker bakes bread."}))
    done = newsidx("similar", page, "--index", index)
    assert done.status == 0
    assert [line.split("\t")[3] for line in done.out.splitlines()] == ["Bakery"]


def test_of_a_file_with_several_articles_the_first_is_meant(
    newsidx: Run, index: Path, press: Path
) -> None:
    done = newsidx("similar", press / "a.jsonl", "--index", index)
    assert done.status == 0
    assert "holds several articles; this is about the first" in done.err
    assert "Storm\t" not in done.out


def test_similar_reads_plain_text_from_standard_input(newsidx: Run, index: Path) -> None:
    done = newsidx("similar", "-", "--json", "--index", index, input=b"Bread, and more bread.")
    assert done.status == 0
    assert [each["title"] for each in done.json["results"]] == ["Bakery"]
    assert done.json["query"]["text"] == "-"


def test_what_is_like_nothing_says_so(newsidx: Run, index: Path) -> None:
    done = newsidx("similar", "-", "--json", "--index", index, input=b"Zeppelins aloft.")
    assert (done.status, done.json["total"], done.json["results"]) == (1, 0, [])
    assert "No other article" in done.err


@pytest.mark.parametrize(
    ("args", "status", "message"),
    [
        (["zzzz"], 1, "No article has an id that begins with 'zzzz'."),
        (["ab"], 1, "too short"),
        ([], 2, "ID|FILE|-"),
        (["zzzz", "--json", "-l"], 2, "Two forms of output"),
        (["zzzz", "-n", "-1"], 2, "can't be negative"),
    ],
)
def test_what_can_not_be_meant_is_an_error(
    newsidx: Run, index: Path, args: list[str], status: int, message: str
) -> None:
    done = newsidx("similar", *args, "--index", index)
    assert done.status == status
    assert message in done.err


def test_a_file_without_an_article_is_an_error(newsidx: Run, index: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_text("")
    done = newsidx("similar", empty, "--index", index)
    assert done.status == 2
    assert "There is no article in" in done.err
    assert "empty" in done.err
    folder = newsidx("similar", tmp_path, "--index", index)
    assert folder.status == 2
    assert "There is no article in" in folder.err


def test_neither_touches_the_index(newsidx: Run, index: Path, press: Path) -> None:
    before = {path: path.read_bytes() for path in index.rglob("*") if path.is_file()}
    assert newsidx("similar", press / "a.jsonl", "--index", index).status == 0
    assert newsidx("suggest", "storm", "--index", index).status == 0
    assert {path: path.read_bytes() for path in index.rglob("*") if path.is_file()} == before
