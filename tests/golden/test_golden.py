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

from tests.processes import Finished, on_terminal
from tests.schemas import validate_printed

HERE = Path(__file__).parent
UPDATE = bool(os.environ.get("NEWSIDX_UPDATE_GOLDEN"))

# File -> arguments; SAMPLE is the folder of sample_data. What ends in .term is what a terminal
# of 80 columns gets, without colours, messages and all.
COMMANDS: dict[str, list[str]] = {
    "search.json": ["search", "calexit", "--json", "-n", "2"],
    "search-phrase.json": ["search", '"yes california" -texas', "--json", "-n", "1"],
    "search-nothing.json": ["search", "zzzzqq", "--json"],
    "search-nothing.csv": ["search", "zzzzqq", "--csv"],
    "search-meant.txt": ["search", "califronia rusia"],
    "search-meant.json": ["search", "califronia rusia", "--source", "harbr", "--json"],
    "search-fields.json": ["search", "calexit", "--json", "--fields", "title,snippet", "-n", "2"],
    "explain.txt": ["search", "the calexit (russia OR elect*)", "--lang", "en", "--explain"],
    "explain.json": ["search", "tag:secession calexit^2", "--explain", "--json", "-n", "1"],
    "search.jsonl": ["search", "caldera -source:courier", "--jsonl"],
    "search.csv": ["search", "calexit", "--csv"],
    "search.tsv": ["search", "calexit", "--tsv"],
    "search.txt": ["search", "california", "--sort", "newest"],
    "search.term": ["search", "calexit", "-n", "2"],
    "search-paths.txt": ["search", "source:northline OR calexit", "-l"],
    "search-null.txt": ["search", "calexit", "-0"],
    "count.json": ["count", "date:2023", "--json"],
    "count.txt": ["count", "date:2023"],
    "count.term": ["count", "date:2023"],
    "suggest.json": ["suggest", "secession", "--json"],
    "suggest.jsonl": ["suggest", "secession", "--jsonl"],
    "suggest.csv": ["suggest", "secession", "--csv"],
    "suggest.tsv": ["suggest", "secession", "--tsv"],
    "suggest.txt": ["suggest", "secession"],
    "suggest.term": ["suggest", "secession"],
    "similar.json": ["similar", "6n62mv6pwzbb", "--json", "-n", "1"],
    "similar.jsonl": ["similar", "6n62mv6pwzbb", "--jsonl", "-n", "1"],
    "similar.csv": ["similar", "6n62mv6pwzbb", "--csv", "-n", "2"],
    "similar.tsv": ["similar", "6n62mv6pwzbb", "--tsv", "-n", "2"],
    "similar.txt": ["similar", "6n62mv6pwzbb", "-n", "2"],
    "similar.term": ["similar", "6n62mv6pwzbb", "-n", "2"],
    "similar-paths.txt": ["similar", "6n62mv6pwzbb", "-n", "2", "-l"],
    "similar-null.txt": ["similar", "6n62mv6pwzbb", "-n", "2", "-0"],
    "show.txt": ["show", "6n62mv6pwzbb"],
    "show.json": ["show", "6n62mv6pwzbb", "--json"],
    "show.term": ["show", "6n62mv6pwzbb"],
    "stats.json": ["stats", "--json"],
    "stats.txt": ["stats"],
    "stats.term": ["stats"],
    "files.json": ["files", "--status", "superseded", "--json"],
    "files.jsonl": ["files", "--status", "superseded", "--jsonl"],
    "files.csv": ["files", "--status", "superseded", "--csv"],
    "files.tsv": ["files", "--status", "superseded", "--tsv"],
    "files.txt": ["files"],
    "files.term": ["files", "--status", "superseded"],
    "read.jsonl": ["read", "SAMPLE/scraped/000_5c1e9d20b7a4f386.txt"],
    "formats.json": ["formats", "--json"],
    "formats.jsonl": ["formats", "--jsonl"],
    "formats.csv": ["formats", "--csv"],
    "formats.tsv": ["formats", "--tsv"],
    "formats.txt": ["formats"],
    "formats.term": ["formats"],
    "rm.json": ["rm", "calexit", "--dry-run", "--json"],
    "rm.jsonl": ["rm", "calexit", "--dry-run", "--jsonl"],
    "rm.csv": ["rm", "calexit", "--dry-run", "--csv"],
    "rm.tsv": ["rm", "calexit", "--dry-run", "--tsv"],
    "rm.txt": ["rm", "calexit", "--dry-run"],
    "rm.term": ["rm", "calexit", "--dry-run"],
    "roots.json": ["roots", "--json"],
    "roots.jsonl": ["roots", "--jsonl"],
    "roots.csv": ["roots", "--csv"],
    "roots.tsv": ["roots", "--tsv"],
    "roots.txt": ["roots"],
    "roots.term": ["roots"],
    "schema.json": ["schema", "--json"],
    "schema.jsonl": ["schema", "--jsonl"],
    "schema.csv": ["schema", "--csv"],
    "schema.tsv": ["schema", "--tsv"],
    "schema.txt": ["schema"],
    "schema.term": ["schema"],
    "schema-suggest.txt": ["schema", "suggest"],
    "error.json": ["search", "calexit AND (", "--json"],
    "error.term": ["search", "calexit AND ("],
    "help.txt": ["--help"],
    "help-search.txt": ["search", "--help"],
    "help-index.txt": ["index", "--help"],
    "help-query.txt": ["help", "query"],
    "help-stopwords.txt": ["help", "stopwords", "--language", "en"],
}
# What needs no index.
ALONE = {"--help", "help", "read", "formats", "schema"}


def form_of(name: str) -> str:
    """What is in a golden file, by the end of its name: `json`, `jsonl`, `csv`, `tsv`, …"""
    return name.rpartition(".")[2]


def normal(text: str, index: Path, sample_data: Path) -> str:
    text = text.replace(str(index), "INDEX").replace(str(sample_data), "SAMPLE")
    # What the text of web pages decides, and so the libraries that extract it.
    text = re.sub(r'"size": ?\d+', '"size": 0', text)
    text = re.sub(r'"state":"[0-9a-f]{32}"', '"state":"STATE"', text)
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00", "TIME", text)
    text = re.sub(r'"(score|weight|idf|saturated|length|average_length)":[0-9.]+', r'"\1":0', text)
    text = re.sub(r"(?<=[,\t])\d+\.\d{5,6}(?=[,\t])|[\d,.]+(?= MB)", "N", text)
    return re.sub(r"\b\d+\.\d{3,4}\b|(?<=length )[\d,]+", "N", text)


@pytest.mark.parametrize("name", COMMANDS)
def test_output_is_as_it_was(
    name: str, newsidx: Callable[..., Finished], demo: Path, sample_data: Path
) -> None:
    args = [word.replace("SAMPLE", str(sample_data)) for word in COMMANDS[name]]
    index = [] if ALONE.intersection(args) else ["--index", str(demo)]
    if form_of(name) == "term":
        done = on_terminal(*args, *index, env={"NO_COLOR": "1"})
    else:
        done = newsidx(*args, *index, env={"COLUMNS": "80", "TERM": "xterm-256color"})
    found = f"exit {done.status}\n{done.out}"
    if done.err:
        found += f"\nstderr:\n{done.err}"
    found = normal(found, demo, sample_data)
    path = HERE / name
    if UPDATE:
        path.write_bytes(found.encode())
    assert path.read_bytes().decode() == found


@pytest.mark.parametrize("name", [name for name in COMMANDS if form_of(name) in ("json", "jsonl")])
def test_every_golden_record_is_as_its_schema_says(name: str) -> None:
    first, *lines = (HERE / name).read_text(encoding="utf-8").partition("\nstderr:")[0].splitlines()
    assert first.startswith("exit ")
    assert lines or form_of(name) == "jsonl"
    args = COMMANDS[name]
    for line in lines:
        validate_printed(json.loads(line), args[0], form_of(name), partial="--fields" in args)
