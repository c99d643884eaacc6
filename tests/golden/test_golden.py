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

from newsidx.cli.topics import TOPICS
from tests.processes import Finished

HERE = Path(__file__).parent
_MEASURES = "g2|log_ratio|per_million|reference_per_million"
UPDATE = bool(os.environ.get("NEWSIDX_UPDATE_GOLDEN"))

FEW = "name,input_id,line,query,total,rank,id,title,snippet,error"
NAMES = ["search", "--queries", str(HERE / "names.csv"), "--column", "name"]

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
    "matches.csv": [*NAMES, "-F", "--fields", FEW],
    "matches.tsv": [*NAMES, "--fuzzy", "1", "--unmatched", "--tsv", "--fields", FEW],
    "matches.json": [*NAMES, "-F", "--json", "-n", "1"],
    "matches.jsonl": [*NAMES, "--jsonl", "-n", "1"],
    "matches-count.csv": [*NAMES, "-F", "--count"],
    "export.jsonl": ["export", "id:6n62mv6pwzbb"],
    "export.csv": [
        "export",
        "id:6n62mv6pwzbb",
        "--csv",
        "--fields",
        "id,published_day,tags,places",
    ],
    "count.json": ["count", "date:2023", "--json"],
    "kwic.txt": ["kwic", "calexit"],
    "kwic.json": ["kwic", "caldera NEAR/20 bank", "--json", "--sort", "date"],
    "kwic-nothing.json": ["kwic", "author:feldstein", "--json"],
    "kwic.jsonl": ["kwic", "title:caldera", "--jsonl", "--sort", "left"],
    "kwic.csv": ["kwic", "secession", "--csv", "--sort", "source", "--width", "60"],
    "kwic.tsv": ["kwic", "secession", "--tsv", "--fields", "id,left,match,right", "-n", "3"],
    "collocates.txt": ["kwic", "california", "--collocates", "10"],
    "collocates.json": ["kwic", "california", "--collocates", "3", "--json"],
    "collocates.jsonl": ["kwic", "california", "--collocates", "3", "--jsonl"],
    "collocates.csv": ["kwic", "california", "--collocates", "3", "--window", "2", "--csv"],
    "collocates.tsv": ["kwic", "california", "--collocates", "3", "--stopwords", "--tsv"],
    "terms.txt": ["terms", "elect"],
    "terms.json": ["terms", "elect", "--json"],
    "terms.jsonl": ["terms", "--sort", "articles", "--jsonl", "-n", "5"],
    "terms.csv": ["terms", "--field", "author", "--min", "3", "--csv"],
    "terms.tsv": ["terms", "S", "--field", "source", "--tsv"],
    "keywords.txt": ["keywords", "caldera", "-n", "5"],
    "keywords.json": ["keywords", "6n62", "--json", "-n", "3"],
    "keywords-against.json": ["keywords", "calexit", "--against", "caldera", "--json", "-n", "2"],
    "keywords.jsonl": ["keywords", "calexit", "--jsonl", "-n", "3"],
    "keywords.csv": ["keywords", "--source", "courier", "--csv", "-n", "5"],
    "keywords.tsv": ["keywords", "caldera", "--tsv", "--fields", "word,g2", "-n", "4"],
    "help-kwic.txt": ["kwic", "--help"],
    "help-terms.txt": ["terms", "--help"],
    "help-keywords.txt": ["keywords", "--help"],
    "show.txt": ["show", "6n62mv6pwzbb"],
    "show.json": ["show", "6n62mv6pwzbb", "--json"],
    "facets.json": ["facets", "source", "california", "--json", "-n", "3"],
    "facets.jsonl": ["facets", "tag", "california", "--jsonl", "-n", "2"],
    "facets.csv": ["facets", "author", "--since", "2020", "--csv"],
    "facets.tsv": ["facets", "lang", "--tsv", "--fields", "value,query"],
    "facets.txt": ["facets", "section", "california OR ferry"],
    "timeline.json": ["timeline", "california", "--by", "year", "--json", "--searched"],
    "timeline.jsonl": ["timeline", "california", "--by", "quarter", "--until", "2018", "--jsonl"],
    "timeline.csv": ["timeline", "*", "--split", "source", "--limit", "2", "--csv"],
    "timeline.tsv": ["timeline", "california", "--against", "russia", "--tsv", "--by", "year"],
    "timeline.txt": ["timeline", "california", "--unit", "per-million"],
    "timeline-nothing.txt": ["timeline", "zzzzqq", "--source", "courier"],
    "count-searched.json": ["count", "california", "--source", "courier", "--searched", "--json"],
    "stats.json": ["stats", "--json"],
    "roots.json": ["roots", "--json"],
    "error.json": ["search", "calexit AND (", "--json"],
    "help.txt": ["--help"],
    "help-search.txt": ["search", "--help"],
    "help-facets.txt": ["facets", "--help"],
    "help-timeline.txt": ["timeline", "--help"],
    "help-index.txt": ["index", "--help"],
    "help-query.txt": ["help", "query"],
    **{f"topic-{name}.txt": ["help", name] for name in TOPICS if name != "query"},
    "topics.txt": ["help"],
    **{f"completion-{shell}.txt": ["completion", shell] for shell in ("bash", "zsh", "fish")},
    "help-stopwords.txt": ["help", "stopwords", "--language", "en"],
}


def normal(text: str, index: Path, sample_data: Path) -> str:
    text = text.replace(str(index), "INDEX").replace(str(sample_data), "SAMPLE")
    # What the text of web pages decides, and so the libraries that extract it.
    text = re.sub(r'"size": ?\d+', '"size": 0', text)
    text = re.sub(r'"state":"[0-9a-f]{32}"', '"state":"STATE"', text)
    text = re.sub(
        rf'"(score|idf|saturated|length|average_length|{_MEASURES})":-?[0-9.]+', r'"\1":0', text
    )
    return re.sub(r"\b\d+\.\d{3,4}\b|(?<=length )[\d,]+", "N", text)


@pytest.mark.parametrize("name", COMMANDS)
def test_output_is_as_it_was(
    name: str, newsidx: Callable[..., Finished], demo: Path, sample_data: Path
) -> None:
    args = COMMANDS[name]
    index = [] if {"--help", "help", "completion"} & set(args) else ["--index", str(demo)]
    done = newsidx(*args, *index, env={"COLUMNS": "80", "TERM": "xterm-256color"})
    found = f"exit {done.status}\n{done.out}"
    if done.err:
        found += f"\nstderr:\n{done.err}"
    found = normal(found, demo, sample_data)
    path = HERE / name
    if UPDATE:
        path.write_text(found, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == found


def test_every_golden_json_is_json() -> None:
    for name in COMMANDS:
        if name.endswith(".json"):
            first, *rest = (HERE / name).read_text(encoding="utf-8").split("\n")
            assert first.startswith("exit ")
            json.loads(rest[0])
