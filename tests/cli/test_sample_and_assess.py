"""newsidx sample and assess: the file between them, and what becomes of a changed one."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from newsidx.index.manifest import read_manifest
from newsidx.output.sample import COLUMNS
from tests.processes import Finished

Run = Callable[..., Finished]
Rows = list[dict[str, str]]

DRAW = ("california", "-n", "4", "--seed", "7", "--outside", "*", "--outside-number", "6")


@pytest.fixture
def draw(newsidx: Run, demo: Path) -> Run:
    return lambda *args: newsidx("sample", *args, "--index", str(demo))


@pytest.fixture
def assess(newsidx: Run, tmp_path: Path) -> Callable[..., Finished]:
    def run(rows: Rows, *args: str, delimiter: str = ",", encoding: str = "utf-8") -> Finished:
        path = tmp_path / "judged.csv"
        with path.open("w", encoding=encoding, newline="") as file:
            table = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
            table.writeheader()
            table.writerows(rows)
        return newsidx("assess", path, *args)

    return run


def rows_of(done: Finished) -> Rows:
    return list(csv.DictReader(io.StringIO(done.out)))


def judged(rows: Rows, words: Sequence[str] = ("yes", "no")) -> Rows:
    """The first two matches are relevant, and nothing else."""
    matches = [row["id"] for row in rows if row["part"] == "matches"][:2]
    return [row | {"relevant": words[row["id"] not in matches]} for row in rows]


def test_the_table_has_an_empty_column_and_all_that_assess_needs(draw: Run, demo: Path) -> None:
    done = draw(*DRAW)
    rows = rows_of(done)
    assert done.status == 0
    assert tuple(rows[0]) == COLUMNS
    assert {row["relevant"] for row in rows} == {""}
    assert [row["part"] for row in rows].count("matches") == 4
    assert {row["state"] for row in rows} == {read_manifest(demo).state}
    assert "4 of 6 matches drawn, and 6 of 39 outside" in done.err


def test_the_same_seed_gives_the_same_bytes_on_every_engine_and_wherever_the_index_is(
    newsidx: Run, draw: Run, demo: Path, tmp_path: Path
) -> None:
    for options in (
        DRAW,
        ("*", "-n", "40", "--per", "source"),
        ("*", "-n", "60", "--per", "month"),
    ):
        found = draw(*options)
        assert found.status == 0
        assert draw(*options).out == found.out
        assert draw(*options, "--engine", "memory").out == found.out
    elsewhere = shutil.copytree(demo, tmp_path / "elsewhere")
    assert newsidx("sample", *DRAW, "--index", str(elsewhere)).out == draw(*DRAW).out
    assert draw(*DRAW, "--seed", "8").out != draw(*DRAW).out


def test_a_query_without_a_match_has_no_precision(draw: Run, assess: Run, tmp_path: Path) -> None:
    nothing = ("zzzqqq", "-n", "3", "--outside", "california")
    rows = rows_of(done := draw(*nothing))
    assert (done.status, len(rows)) == (1, 3)
    found = assess([row | {"relevant": "no"} for row in rows])
    assert found.status == 2
    assert "matched nothing" in found.err
    path = tmp_path / "none.csv"
    assert draw(*nothing, "-o", str(path)).status == 1
    assert not path.exists()


def test_a_judged_sample_is_assessed_without_an_index(draw: Run, assess: Run) -> None:
    rows = judged(rows_of(draw(*DRAW)))
    found = assess(rows, "--json").json
    assert found["precision"]["estimate"] == 0.5
    assert (found["matches"], found["remainder"], found["judged"]) == (6, 39, 10)
    assert (found["query"], found["outside"], found["seed"]) == ("california", "*", 7)
    assert found["recall"]["estimate"] == 1
    assert found["recall"]["low"] < 1
    text = assess(rows)
    assert text.status == 0
    assert "Precision  50.0 %" in text.out


def test_strata_are_assessed_by_their_populations(draw: Run, assess: Run) -> None:
    rows = rows_of(draw("*", "-n", "40", "--per", "source"))
    found = assess([row | {"relevant": "yes"} for row in rows], "--json").json
    assert found["per"] == "source"
    assert sum(each["population"] for each in found["strata"]) == found["matches"]
    assert found["precision"]["estimate"] == 1
    assert found["precision"]["low"] < 1


def test_what_spreadsheets_do_to_a_table_does_no_harm(draw: Run, assess: Run) -> None:
    rows = judged(rows_of(draw(*DRAW)))
    plain = assess(rows, "--json").out
    assert assess(rows[::-1], "--json").out == plain
    assert assess(rows, "--json", delimiter=";").out == plain
    assert assess(rows, "--json", delimiter="\t", encoding="utf-8-sig").out == plain
    assert assess(rows, "--json", encoding="utf-16").out == plain
    more = [{"note": "mine", **row, "title": "cut", "published": "8.11.2016"} for row in rows]
    assert assess(more, "--json").out == plain


SPELT = [
    *(("Yes", "NO"), ("y", "n"), ("1", "0"), ("TRUE", "FALSE"), ("1.0", "0.0"), ("x", "no")),
    *((" yes ", "no "), ("relevant", "irrelevant"), ("ja", "nein"), ("oui", "non")),
    ("sí", "no"),
]


def test_yes_and_no_may_be_spelt_in_many_ways(draw: Run, assess: Run) -> None:
    rows = rows_of(draw(*DRAW))
    plain = assess(judged(rows), "--json").out
    for words in SPELT:
        assert assess(judged(rows, words), "--json").out == plain, words


def changed(rows: Rows, at: int, **cells: str) -> Rows:
    return [row | cells if number == at else row for number, row in enumerate(rows)]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: changed(rows, 3, relevant=""), "1 article of 10"),
        (lambda rows: changed(rows, 3, relevant="maybe"), "Line 5 of"),
        (lambda rows: changed(rows, 3, relevant="maybe"), "'maybe'"),
        (lambda rows: changed(rows, 3, population="7"), "not as it was drawn"),
        (lambda rows: changed(rows, 3, id="1.23E+11"), "not as it was drawn"),
        (lambda rows: changed(rows, 3, part="matches"), "not as it was drawn"),
        (lambda rows: changed(rows, 3, schema="newsidx.sample/9"), "newsidx.sample/9"),
        (lambda rows: rows[1:], "were drawn"),
        (lambda rows: [row for row in rows if row["part"] == "matches"], "Rows are missing"),
        (lambda rows: [*rows, rows[0]], "twice, on lines 2 and 12"),
        (lambda rows: [{k: c for k, c in row.items() if k != "drawn"} for row in rows], "'drawn'"),
        (lambda rows: [{"relevant": "yes", "id": row["id"]} for row in rows], "no sample"),
    ],
)
def test_a_file_that_is_not_judged_or_was_changed_is_an_error_that_says_where(
    draw: Run, assess: Run, change: Callable[[Rows], Rows], said: str
) -> None:
    done = assess(change(judged(rows_of(draw(*DRAW)))))
    assert (done.status, done.out) == (2, "")
    assert said in done.err
    assert "Traceback" not in done.err


def test_two_samples_in_one_file_are_an_error(draw: Run, assess: Run) -> None:
    one = judged(rows_of(draw("california", "-n", "2")))
    other = judged(rows_of(draw("ferry", "-n", "2", "--seed", "3")))
    kept = [row for row in other if row["id"] not in {each["id"] for each in one}]
    assert "another sample" in assess([*one, *kept]).err


def test_the_query_is_kept_as_it_was_understood_with_its_filters(draw: Run) -> None:
    row = rows_of(draw("california", "--since", "2017", "-n", "1"))[0]
    assert row["query"] == "california AND date:2017-01-01.."


def test_judgements_are_never_written_over(draw: Run, tmp_path: Path) -> None:
    path = tmp_path / "sample.csv"
    assert draw(*DRAW, "-o", str(path)).status == 0
    written = path.read_text(encoding="utf-8")
    assert written == draw(*DRAW).out
    done = draw(*DRAW, "-o", str(path))
    assert done.status == 2
    assert "is there already" in done.err
    assert path.read_text(encoding="utf-8") == written


def test_no_cell_is_a_formula_and_no_row_has_two_lines(newsidx: Run, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.csv").write_text(
        'title,body,source\n"=1+1, said the mayor",Harbor words here,@courier\n', encoding="utf-8"
    )
    index = tmp_path / "index"
    assert newsidx("index", "-q", folder, "--index", index).status == 0
    row = rows_of(newsidx("sample", "harbor", "--index", index))[0]
    assert row["title"].startswith("'=1+1")
    assert row["source"] == "'@courier"


@pytest.mark.parametrize(
    ("args", "status", "said"),
    [
        (("zzzzqq",), 1, "No article of"),
        ((), 2, "There is no query"),
        (("california", "-n", "0"), 2, "can't be drawn"),
        (("california", "--per", "author"), 2, "--per source or --per month"),
        (("california", "--outside-number", "3"), 2, "is for --outside"),
        (("*", "-n", "4", "--per", "month"), 2, "Draw "),
        (("california", "--outside", "("), 2, "newsidx"),
    ],
)
def test_what_can_not_be_drawn_is_said(
    draw: Run, args: tuple[str, ...], status: int, said: str
) -> None:
    done = draw(*args)
    assert done.status == status
    assert said in done.err
