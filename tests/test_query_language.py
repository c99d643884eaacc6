"""The examples of docs/query-language.md, on sample_data: each finds as many as it says."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import newsidx
from newsidx.cli.topics import TOPICS
from newsidx.query.parser import parse
from newsidx.schema import names_of_fields
from tests.processes import environment, finished

PAGE = Path(__file__).resolve().parent.parent / "docs" / "query-language.md"
TODAY = date(2017, 10, 29)

_CELLS = re.compile(r"(?<!\\)\|")


def rows(head: str) -> Iterator[tuple[str, str]]:
    """The first and the last cell of each row of the tables that begin with a head."""
    inside = False
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("|"):
            inside = False
        elif line.startswith(head):
            inside = True
        elif inside and line.startswith("| `"):
            cells = [cell.strip().replace("\\|", "|") for cell in _CELLS.split(line)[1:-1]]
            yield cells[0].strip("`"), cells[-1]


QUERIES = list(rows("| you type | what it finds"))
COMMANDS = list(rows("| options | what it finds"))
ERRORS = list(rows("| you type | what is said"))


def counted(index: newsidx.Index, text: str, *, options: bool) -> int:
    if not options:
        return index.count(text, today=TODAY)
    done = finished("count", *shlex.split(text), "--index", index.path)
    assert done.status in (0, 1), done.err
    return int(done.out)


def test_the_page_has_examples() -> None:
    assert len(QUERIES) > 60
    assert len(COMMANDS) > 5
    assert len(ERRORS) > 8


@pytest.mark.parametrize(("text", "number"), QUERIES)
def test_an_example_finds_as_many_as_it_says(demo: Path, text: str, number: str) -> None:
    with newsidx.open(demo) as index:
        assert counted(index, text, options=False) == int(number)


@pytest.mark.parametrize(("text", "number"), QUERIES)
def test_the_oracle_finds_as_many(demo: Path, text: str, number: str) -> None:
    with newsidx.open(demo, engine="memory") as index:
        assert counted(index, text, options=False) == int(number)


@pytest.mark.parametrize(("text", "number"), COMMANDS)
def test_options_find_as_many_as_they_say(demo: Path, text: str, number: str) -> None:
    with newsidx.open(demo) as index:
        assert counted(index, text, options=True) == int(number)


@pytest.mark.parametrize(("text", "said"), ERRORS)
def test_an_error_says_what_the_page_says(demo: Path, text: str, said: str) -> None:
    with newsidx.open(demo) as index, pytest.raises(newsidx.QueryError) as caught:
        index.search(text)
    assert caught.value.message == said


def test_the_page_names_every_field_of_a_query() -> None:
    text = PAGE.read_text(encoding="utf-8")
    rest = {"record", "same_text"}  # for programs
    missing = {name for name in names_of_fields() if not re.search(rf"`-?{name}[:><]", text)}
    aliases = {"text", "outlet", "authors", "published", "tags", "language"}
    assert missing - aliases == rest


def test_what_the_page_shows_of_nothing_found_is_what_is_said(demo: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    shown = page.rpartition("```\n$ newsidx search ")[2].partition("```")[0]
    query, _, said = shown.partition("\n")
    done = finished("search", *query.split(), "--index", demo, env=environment())
    assert done.err.replace(str(demo), ".newsidx") == said


def test_the_card_of_help_shows_queries_that_parse() -> None:
    for line in TOPICS["query"].text().partition("\n\n")[0].splitlines():
        example = re.split(r" {2,}(?=\S+ )|, ", line[:27].strip())[0].split("   ")[0]
        if example and not line.startswith(" "):
            parse(example)
