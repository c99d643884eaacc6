"""The exact output of commands on sample_data, kept in files beside this one.

Where a change of output is meant: NEWSIDX_UPDATE_GOLDEN=1 pytest tests/golden, and read the diff.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.golden.cases import ALERTS, ALONE, COMMANDS, FROZEN, form_of
from tests.processes import Finished, on_screen
from tests.schemas import validate_printed

HERE = Path(__file__).parent
_MEASURES = "weight|g2|log_ratio|per_million|reference_per_million"
UPDATE = bool(os.environ.get("NEWSIDX_UPDATE_GOLDEN"))


def normal(text: str, index: Path, sample_data: Path) -> str:
    text = text.replace(str(index), "INDEX").replace(str(sample_data), "SAMPLE")
    # What the text of web pages decides, and so the libraries that extract it.
    text = re.sub(r'"size": ?\d+', '"size": 0', text)
    text = re.sub(r'"state":"[0-9a-f]{32}"', '"state":"STATE"', text)
    text = re.sub(r",[0-9a-f]{32},(newsidx\.sample/1),x[0-9a-f]{8}\b", r",STATE,\1,CHECK", text)
    text = re.sub(r'((?:Result|State): +|"content":")[0-9a-f]{32}', r"\1HASH", text)
    text = re.sub(r'(?<=newsidx )\d+\.\d+\.\d+|(?<="newsidx":")\d+\.\d+\.\d+', "VERSION", text)
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00", "TIME", text)
    text = re.sub(
        rf'"(score|idf|saturated|length|average_length|{_MEASURES})":-?[0-9.]+', r'"\1":0', text
    )
    text = re.sub(r"(?<=[,\t])\d+\.\d{5,6}(?=[,\t])|[\d,.]+(?= MB)", "N", text)
    text = re.sub(r"(?<=· )[\d.]+ m?s\b", "TIME", text)
    return re.sub(r"(?<!\":)\b\d+\.\d{3,4}\b|(?<=length )[\d,]+", "N", text)


def hold(
    name: str,
    args: Sequence[str],
    newsidx: Callable[..., Finished],
    index: Path,
    sample_data: Path,
    tidied: Callable[[str], str] = str,
) -> None:
    """Hold what a command prints against the file of that name, or write it.

    Args:
        tidied: Takes out of the output what differs from run to run, beyond what `normal` does.
    """
    args = [word.replace("SAMPLE", str(sample_data)) for word in args]
    where = [] if ALONE.intersection(args) else ["--index", str(index)]
    if form_of(name) == "terminal":
        done = on_screen(*args, *where, NO_COLOR="1")
    else:
        done = newsidx(*args, *where, env={"COLUMNS": "80", "TERM": "xterm-256color"})
    found = f"exit {done.status}\n{done.out}"
    if done.err:
        found += f"\nstderr:\n{done.err}"
    found = tidied(normal(found, index, sample_data))
    path = HERE / name
    if UPDATE:
        path.write_bytes(found.encode())
    assert path.read_bytes().decode() == found


@pytest.mark.parametrize("name", COMMANDS)
def test_output_is_as_it_was(
    name: str, newsidx: Callable[..., Finished], demo: Path, sample_data: Path
) -> None:
    hold(name, COMMANDS[name], newsidx, demo, sample_data)


EVERY = {**COMMANDS, **ALERTS, **FROZEN}


@pytest.mark.parametrize("name", [name for name in EVERY if form_of(name) in ("json", "jsonl")])
def test_every_golden_record_is_as_its_schema_says(name: str) -> None:
    text, args = (HERE / name).read_text(encoding="utf-8"), EVERY[name]
    first, *lines = text.partition("\nstderr:")[0].splitlines()
    assert first.startswith("exit ")
    assert lines
    for line in lines:
        validate_printed(json.loads(line), args, form_of(name), partial="--fields" in args)
