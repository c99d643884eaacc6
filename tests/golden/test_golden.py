"""The exact output of commands on sample_data, kept in files beside this one.

Where a change of output is meant: NEWSIDX_UPDATE_GOLDEN=1 pytest tests/golden, and read the diff.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.processes import Finished
from tests.schemas import validate_printed

HERE = Path(__file__).parent
UPDATE = bool(os.environ.get("NEWSIDX_UPDATE_GOLDEN"))

COMMANDS: dict[str, list[str]] = {
    "search.json": ["search", "calexit", "--json", "-n", "2"],
    "search-phrase.json": ["search", '"yes california" -texas', "--json", "-n", "1"],
    "search-nothing.json": ["search", "zzzzqq", "--json"],
    "search-meant.txt": ["search", "califronia rusia"],
    "search-meant.json": ["search", "califronia rusia", "--source", "harbr", "--json"],
    "explain.txt": ["search", "the calexit (russia OR elect*)", "--lang", "en", "--explain"],
    "explain.json": ["search", "tag:secession calexit^2", "--explain", "--json", "-n", "1"],
    "search.jsonl": ["search", "caldera -source:courier", "--jsonl"],
    "search.txt": ["search", "california", "--sort", "newest"],
    "search-paths.txt": ["search", "source:northline OR calexit", "-l"],
    "count.json": ["count", "date:2023", "--json"],
    "show.txt": ["show", "6n62mv6pwzbb"],
    "show.json": ["show", "6n62mv6pwzbb", "--json"],
    "stats.json": ["stats", "--json"],
    "roots.json": ["roots", "--json"],
    "error.json": ["search", "calexit AND (", "--json"],
    "help.txt": ["--help"],
    "help-search.txt": ["search", "--help"],
    "help-index.txt": ["index", "--help"],
    "help-query.txt": ["help", "query"],
    "help-stopwords.txt": ["help", "stopwords", "--language", "en"],
}


def form_of(name: str) -> str:
    """What is in a golden file, by the end of its name: `json`, `jsonl`, `csv`, `tsv`, …"""
    return name.rpartition(".")[2]


def normal(text: str, index: Path, sample_data: Path) -> str:
    text = text.replace(str(index), "INDEX").replace(str(sample_data), "SAMPLE")
    # What the text of web pages decides, and so the libraries that extract it.
    text = re.sub(r'"size": ?\d+', '"size": 0', text)
    text = re.sub(r'"state":"[0-9a-f]{32}"', '"state":"STATE"', text)
    text = re.sub(r'"(score|idf|saturated|length|average_length)":[0-9.]+', r'"\1":0', text)
    return re.sub(r"\b\d+\.\d{3,4}\b|(?<=length )[\d,]+", "N", text)


@pytest.mark.parametrize("name", COMMANDS)
def test_output_is_as_it_was(
    name: str, newsidx: Callable[..., Finished], demo: Path, sample_data: Path
) -> None:
    args = COMMANDS[name]
    index = [] if "--help" in args or "help" in args else ["--index", str(demo)]
    done = newsidx(*args, *index, env={"COLUMNS": "80", "TERM": "xterm-256color"})
    found = f"exit {done.status}\n{done.out}"
    if done.err:
        found += f"\nstderr:\n{done.err}"
    found = normal(found, demo, sample_data)
    path = HERE / name
    if UPDATE:
        path.write_text(found, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == found


@pytest.mark.parametrize("name", [name for name in COMMANDS if form_of(name) in ("json", "jsonl")])
def test_every_golden_record_is_as_its_schema_says(name: str) -> None:
    first, *lines = (HERE / name).read_text(encoding="utf-8").partition("\nstderr:")[0].splitlines()
    assert first.startswith("exit ")
    assert lines or form_of(name) == "jsonl"
    args = COMMANDS[name]
    for line in lines:
        validate_printed(json.loads(line), args[0], form_of(name), partial="--fields" in args)
