"""Lists of queries and of names in tables: one row for each query and article."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from newsidx.indexer.run import RunOptions, run
from newsidx.indexer.writing import create_index
from tests.processes import Finished

Ask = Callable[..., Finished]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    press, index = (tmp_path_factory.mktemp(name) for name in ("press", "index"))
    stories = {
        "a": ("Mayor resigns", "Ana María Ruiz, the mayor, resigned. Ruiz spoke for an hour."),
        "b": (
            "Ferry sold",
            "The ferry was sold to Jon Peter Aldous on Monday. Aldos paid in cash.",
        ),
        "c": ("Zoo opens", "Jon Aldous opened the zoo with Ana Ruiz and Maria Lopez."),
    }
    for name, (title, body) in stories.items():
        (press / f"{name}.json").write_text(json.dumps({"title": title, "body": body}))
    (index / "made").mkdir()
    create_index(index / "made" / "i", "whoosh", "en")
    run(index / "made" / "i", [str(press)], RunOptions(jobs=1))
    return index / "made" / "i"


@pytest.fixture
def ask(newsidx: Callable[..., Finished], index: Path, tmp_path: Path) -> Ask:
    def asked(table: str | bytes, *options: str, name: str = "names.csv", **more: Any) -> Finished:
        file = tmp_path / name
        file.write_bytes(table if isinstance(table, bytes) else table.encode())
        return newsidx("search", "--queries", file, *options, "--index", index, **more)

    return asked


def rows(done: Finished, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(done.out), delimiter=delimiter))


def found(done: Finished, column: str = "name") -> set[tuple[str, str]]:
    return {(row[column], row["title"]) for row in rows(done)}


def test_each_query_and_article_is_a_row_with_the_row_of_the_list(ask: Ask) -> None:
    done = ask("person,desk\nferry OR zoo,metro\nmayor,city\n", "--column", "person")
    assert {(row["person"], row["desk"], row["title"]) for row in rows(done)} == {
        ("ferry OR zoo", "metro", "Ferry sold"),
        ("ferry OR zoo", "metro", "Zoo opens"),
        ("mayor", "city", "Mayor resigns"),
    }
    assert [row["line"] for row in rows(done)] == ["2", "2", "3"]
    assert [row["rank"] for row in rows(done)] == ["1", "2", "1"]
    assert done.status == 0


def test_a_name_is_its_words_in_order_and_never_query_text(ask: Ask) -> None:
    table = 'name\nJon Aldous\nRuiz AND Ana\n"(Ruiz"\nana ruiz\n'
    done = ask(table, "-F", "--unmatched")
    assert found(done) == {
        ("Jon Aldous", "Zoo opens"),
        ("Ruiz AND Ana", ""),
        ("(Ruiz", "Mayor resigns"),
        ("(Ruiz", "Zoo opens"),
        ("ana ruiz", "Zoo opens"),
    }


def test_slop_lets_words_stand_between(ask: Ask) -> None:
    assert found(ask("name\nJon Aldous\nAna Ruiz\n", "--slop", "1")) == {
        ("Jon Aldous", "Ferry sold"),
        ("Jon Aldous", "Zoo opens"),
        ("Ana Ruiz", "Mayor resigns"),
        ("Ana Ruiz", "Zoo opens"),
    }


def test_fuzzy_lets_each_word_have_slips(ask: Ask) -> None:
    table = "name\nJohn Aldus\nAna Marya Ruis\nAlduos\nXnthx Pqrst\n"
    done = ask(table, "--fuzzy", "1")
    assert found(done) == {
        ("John Aldus", "Zoo opens"),
        ("Ana Marya Ruis", "Mayor resigns"),
        ("Alduos", "Ferry sold"),
        ("Alduos", "Zoo opens"),
    }
    assert "1 of 4 queries without a match: Xnthx Pqrst" in done.err
    both = ask("name\nJohn Aldus\n", "--fuzzy", "1", "--slop", "1")
    assert found(both) == {("John Aldus", "Zoo opens"), ("John Aldus", "Ferry sold")}


def test_queries_without_a_match_are_counted_and_named(ask: Ask) -> None:
    done = ask("name\nAldous\nWeber\nSmith\n", "-F")
    assert "2 of 3 queries without a match: Weber, Smith" in done.err
    assert {row["name"] for row in rows(done)} == {"Aldous"}
    assert done.status == 0
    listed = ask("name\nAldous\nWeber\n", "-F", "--unmatched")
    assert rows(listed)[-1]["name"] == "Weber"
    assert rows(listed)[-1]["total"] == "0"
    assert rows(listed)[-1]["id"] == ""
    assert ask("name\nWeber\n", "-F").status == 1


def test_a_bad_row_is_an_error_row_and_the_rest_goes_on(ask: Ask) -> None:
    table = 'q,n\nfoo AND (,1\n"zoo" x,2\na,b,c,d\n,4\nzoo,5\n'
    done = ask(table, "--column", "q")
    *bad, good = rows(done)
    assert [row["line"] for row in bad] == ["2", "3", "4", "5"]
    assert all(row["error"] and not row["id"] for row in bad)
    assert (good["n"], good["title"], good["error"]) == ("5", "Zoo opens", "")
    assert done.status == 2
    lines = [json.loads(line) for line in ask(table, "--column", "q", "--jsonl").out.splitlines()]
    assert [line.get("schema") for line in lines] == ["newsidx.error/1"] * 4 + [None]
    assert [line["line"] for line in lines] == [2, 3, 4, 5, 6]


def test_a_quote_that_is_never_closed_swallows_no_row(ask: Ask) -> None:
    done = ask('name\n"Lopez\nRuiz\nAldous\n', "-F", "--column", "name")
    assert {row["name"] for row in rows(done)} == {"", "Ruiz", "Aldous"}
    assert done.status == 2


def test_columns_whose_names_are_taken_get_another(ask: Ask) -> None:
    (row,) = rows(ask("id,input_id,title,name\n7,8,Dr,Lopez\n", "-F", "--column", "name"))
    assert (row["input_input_id"], row["input_id"], row["input_title"]) == ("7", "8", "Dr")
    assert row["title"] == "Zoo opens"


def test_json_has_what_was_not_found_and_what_was_wrong(ask: Ask) -> None:
    table = "name,n\nLopez,1\nWeber,2\n,3\n"
    answer = ask(table, "-F", "--column", "1", "--json").json
    assert answer["schema"] == "newsidx.matches/1"
    assert answer["counts"] == {"queries": 3, "matched": 1, "unmatched": 1, "errors": 1}
    assert [(row["name"], row["n"], row["title"]) for row in answer["matches"]] == [
        ("Lopez", "1", "Zoo opens")
    ]
    assert [row["name"] for row in answer["unmatched"]] == ["Weber"]
    assert [(error["line"], error["schema"]) for error in answer["errors"]] == [
        (4, "newsidx.error/1")
    ]


def test_count_gives_a_number_for_each_query(ask: Ask) -> None:
    done = ask("name\nAldous\nWeber\n", "-F", "--count")
    assert [(row["name"], row["total"]) for row in rows(done)] == [("Aldous", "2"), ("Weber", "0")]


def test_limit_and_filters_hold_for_each_query(ask: Ask) -> None:
    done = ask("name\nAldous\nRuiz\n", "-F", "-n", "1", "--sort", "title")
    assert [(row["name"], row["rank"]) for row in rows(done)] == [("Aldous", "1"), ("Ruiz", "1")]
    assert [row["total"] for row in rows(done)] == ["2", "2"]
    assert ask("name\nAldous\n", "-F", "--since", "2016").status == 1


@pytest.mark.parametrize(
    ("table", "options", "name"),
    [
        ("\ufeffname;n\r\nJosé Ruiz;1\r\nMaria Lopez;2\r\n".encode(), [], "n.csv"),
        ("name;n\nJosé Ruiz;1\nMaria Lopez;2\n".encode("cp1252"), [], "n.csv"),
        ("name\tn\nJosé Ruiz\t1\nMaria Lopez\t2\n".encode("utf-16"), [], "n.txt"),
        ("name\tn\nJosé, Ruiz\t1\nMaria Lopez\t2\n".encode(), [], "n.tsv"),
        ("name:n\nJosé Ruiz:1\nMaria Lopez:2\n".encode(), ["--delimiter", ":"], "n.csv"),
        ("sep=|\r\nname|n\r\nJosé Ruiz|1\r\nMaria Lopez|2\r\n".encode(), [], "n.csv"),
    ],
)
def test_a_table_is_read_in_whatever_way_it_was_written(
    ask: Ask, table: bytes, options: list[str], name: str
) -> None:
    done = ask(table, "-F", "--column", "name", "--unmatched", *options, name=name)
    first, second = rows(done)
    assert first["name"].startswith("José")
    assert (second["name"], second["n"], second["title"]) == ("Maria Lopez", "2", "Zoo opens")


def test_a_list_needs_no_header_and_may_come_from_standard_input(
    newsidx: Callable[..., Finished], index: Path
) -> None:
    options = ["--no-header", "-F", "--column", "2", "--index", index]
    done = newsidx("search", "--queries", "-", *options, input=b"x,Lopez\ny,Weber\n")
    (row,) = rows(done)
    assert (row["1"], row["2"], row["line"], row["title"]) == ("x", "Lopez", "1", "Zoo opens")


def test_other_forms_have_the_same_rows(ask: Ask) -> None:
    table, options = "name\nAldous\n", ("-F", "--fields", "name,rank,title")
    as_csv = rows(ask(table, *options))
    assert rows(ask(table, *options, "--tsv"), "\t") == as_csv
    lines = ask(table, *options, "--jsonl").out.splitlines()
    assert [
        {key: str(value) for key, value in json.loads(line).items()} for line in lines
    ] == as_csv


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--column", "nobody"], "Columns: name, n"),
        ([], "Columns: name, n"),
        (["--column", "3"], "Columns: name, n"),
        (["--column", "name", "-l"], "rows, and not paths"),
        (["--column", "name", "--fields", "nme"], "There is no field 'nme'"),
        (["--column", "name", "--fuzzy", "3"], "--fuzzy 1 or --fuzzy 2"),
        (["--column", "name", "--slop", "-1"], "--slop 0"),
        (["--column", "name", "--delimiter", "::"], "--delimiter"),
        (["--column", "name", "--since", "soon"], "--since"),
        (["--column", "name", "--explain"], "for one query"),
        (["--column", "name", "calexit"], "A query and a list"),
    ],
)
def test_what_makes_no_sense_is_an_error_before_anything_is_printed(
    ask: Ask, options: list[str], said: str
) -> None:
    done = ask("name,n\nLopez,1\n", *options)
    assert (done.status, done.out) == (2, "")
    assert said in done.err


@pytest.mark.parametrize("table", [b"", b"\n\n", b"\x00\x01\x02\xff" * 99])
def test_what_is_no_table_is_an_error(ask: Ask, table: bytes) -> None:
    done = ask(table, "-F")
    assert (done.status, done.out) == (2, "")
    assert "list of queries" in done.err


def test_a_file_that_is_not_there_is_an_error(
    newsidx: Callable[..., Finished], index: Path
) -> None:
    done = newsidx("search", "--queries", "no-such.csv", "--index", index)
    assert (done.status, done.out) == (2, "")
    assert "no-such.csv" in done.err
    alone = newsidx("search", "zoo", "--column", "name", "--index", index)
    assert (alone.status, alone.out) == (2, "")
