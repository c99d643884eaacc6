"""newsidx facets and newsidx timeline, as people and programs call them."""

from __future__ import annotations

import csv
import fcntl
import io
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from newsidx import open as open_index
from newsidx.output.chart import print_timeline
from newsidx.output.facet_bars import print_facets
from tests.processes import Finished, environment

Run = Callable[..., Finished]
SCHEMAS = Path(__file__).parents[2] / "newsidx" / "output" / "schemas"


def on_terminal(columns: int, *args: str, **env: str) -> str:
    """What a terminal of so many columns is shown, in colours."""
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    kept = environment(TERM="xterm-256color", **env)
    kept.pop("COLUMNS", None)
    done = subprocess.Popen(
        [sys.executable, "-m", "newsidx", *args],
        stdout=child,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        env=kept,
    )
    os.close(child)
    shown = b""
    while True:
        try:
            some = os.read(parent, 65536)
        except OSError:  # Linux says so where the other end is closed
            break
        if not some:
            break
        shown += some
    os.close(parent)
    assert done.wait(timeout=60) == 0
    return shown.decode().replace("\r\n", "\n")


def plain(shown: str) -> str:
    return re.sub("\x1b\\[[0-9;]*m", "", shown)


CHARTS: list[tuple[dict[str, Any], bool]] = [
    ({"query": "california", "by": "year"}, False),
    ({"query": "california", "by": "year"}, True),
    ({"query": "california", "by": "month"}, False),
    ({"query": "*", "by": "day"}, False),
    ({"query": "*", "split": "source", "by": "quarter"}, True),
    ({"query": "california", "unit": "mentions", "by": "year"}, False),
    ({"query": "california", "unit": "per-million", "by": "month"}, False),
]


def drawn(columns: int, draw: Callable[[Console], None]) -> list[str]:
    out = io.StringIO()
    draw(Console(file=out, width=columns, force_terminal=True, color_system="standard"))
    return plain(out.getvalue()).splitlines()


@pytest.mark.parametrize("columns", [60, 80, 120, 200])
def test_charts_fit_the_terminal(demo: Path, columns: int) -> None:
    with open_index(demo) as index:
        charts = [(index.timeline(**options), share) for options, share in CHARTS]
        tables = [index.facets(field, "california OR ferry") for field in ("source", "author")]
    for found, share in charts:
        lines = drawn(columns, partial(print_timeline, found=found, share=share))
        assert any("█" in line for line in lines)
        assert max(map(len, lines)) <= columns
    for table in tables:
        lines = drawn(columns, partial(print_facets, found=table, query="california"))
        assert len(lines) == 3 + len(table.values)
        assert max(map(len, lines)) <= columns


def test_without_colour_the_same_is_there(demo: Path) -> None:
    args = ["timeline", "california", "--by", "year", "--index", str(demo)]
    colored, bare = on_terminal(80, *args), on_terminal(80, *args, NO_COLOR="1")
    assert "\x1b[36m" in colored
    assert "\x1b[" not in bare
    assert bare == plain(colored)


def test_a_gap_is_marked_and_an_empty_bucket_is_not(demo: Path) -> None:
    shown = on_terminal(80, "timeline", "calexit", "--by", "month", "--index", str(demo))
    lines = {line.split()[0]: line for line in plain(shown).splitlines() if line[:2] == "20"}
    assert "···" in lines["2016-12"]
    assert lines["2016-12"].endswith("gap")
    assert "·" not in lines["2016-11"]


def test_where_there_are_no_blocks_bars_are_of_ascii(demo: Path) -> None:
    args = ["facets", "source", "--index", str(demo)]
    shown = on_terminal(80, *args, PYTHONIOENCODING="ascii")
    assert "####" in shown
    assert shown.isascii()


@pytest.mark.parametrize("args", [["facets", "source"], ["timeline", "--by", "year"]])
def test_every_form_has_the_same_records(newsidx: Run, demo: Path, args: list[str]) -> None:
    def out(*more: str) -> str:
        return newsidx(*args, "california", *more, "--index", demo).out

    answer = json.loads(out("--json", "--limit", "0"))
    rows = answer["values" if args[0] == "facets" else "buckets"]
    assert rows
    assert [json.loads(line) for line in out("--jsonl").splitlines()] == rows
    for table, delimiter in (("--csv", ","), ("--tsv", "\t")):
        found = list(csv.DictReader(io.StringIO(out(table)), delimiter=delimiter))
        assert [row["query"] for row in found] == [row["query"] for row in rows]
        assert set(found[0]) == set(rows[0])
    assert out("--fields", "query").splitlines() == [row["query"] for row in rows]


def test_the_query_of_a_record_lists_its_articles(newsidx: Run, demo: Path) -> None:
    options = ["california the", "--any", "--since", "2016", "--lang", "en"]
    for args in (["facets", "author"], ["timeline", "--by", "quarter"]):
        rows = newsidx(*args, *options, "--jsonl", "--index", demo).out.splitlines()
        assert rows
        with open_index(demo) as index:
            for row in map(json.loads, rows):
                assert index.count(row["query"]) == row["articles"]


def test_an_empty_answer_says_what_was_searched(newsidx: Run, demo: Path) -> None:
    for args in (["search"], ["count"], ["timeline"], ["facets", "source"], ["search", "--jsonl"]):
        done = newsidx(*args, "zzzzqq", "--source", "courier", "--index", demo)
        assert done.status == 1
        assert "Searched: 0 of 9 articles of 2 sources, 20" in done.err
    answer = newsidx("search", "zzzzqq", "--json", "--index", demo).json
    assert answer["searched"]["files"]["failed"] == 0
    assert len(answer["searched"]["sources"]) > 1


def test_an_answer_that_is_not_empty_says_so_when_asked(newsidx: Run, demo: Path) -> None:
    args = ["search", "california", "--index", demo]
    assert "Searched" not in newsidx(*args).err
    assert "Searched: " in newsidx(*args, "--searched").err
    assert newsidx(*args, "--json").json["searched"] == {"articles": 45}
    assert len(newsidx(*args, "--json", "--searched").json["searched"]) > 1


def test_a_wrong_field_names_those_there_are(newsidx: Run, demo: Path) -> None:
    done = newsidx("facets", "titel", "california", "--index", demo)
    assert done.status == 2
    assert "authors, source, section, tags, root, language" in done.err


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--split", "source", "--against", "russia"], "--against"),
        (["--share", "--unit", "mentions"], "per-million"),
        (["--by", "fortnight"], "quarter"),
        (["--balanced", "--by", "day"], "larger buckets"),
        (["--svg", "no/such/folder/x.svg"], "can't be written"),
    ],
)
def test_what_makes_no_sense_is_an_error_that_says_what_does(
    newsidx: Run, demo: Path, args: list[str], said: str
) -> None:
    done = newsidx("timeline", "california", *args, "--index", demo)
    assert done.status == 2
    assert said in done.err
    assert "Traceback" not in done.err


def test_an_svg_has_the_same_bytes_for_the_same_data(
    newsidx: Run, demo: Path, tmp_path: Path
) -> None:
    pytest.importorskip("matplotlib")
    files = [tmp_path / "one.svg", tmp_path / "two.svg"]
    for file in files:
        args = ["california", "--split", "source", "--by", "year", "--svg", file]
        assert newsidx("timeline", *args, "--index", demo).status == 0
    assert files[0].read_bytes() == files[1].read_bytes()
    args[-1] = "-"
    assert newsidx("timeline", *args, "--index", demo).out == files[0].read_text(encoding="utf-8")
    text = "".join(ElementTree.fromstring(files[0].read_text(encoding="utf-8")).itertext())
    assert "Pacific Ledger" in text
    assert "articles by year" in text


def test_without_matplotlib_the_error_names_the_extra(demo: Path, tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "from newsidx.cli.main import main; sys.exit(main(sys.argv[1:]))"
    )
    args = ["timeline", "california", "--svg", str(tmp_path / "x.svg"), "--index", str(demo)]
    done = subprocess.run(
        [sys.executable, "-c", program, *args],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    assert done.returncode == 2
    assert "newsidx[charts]" in done.stderr
    assert not (tmp_path / "x.svg").exists()


def test_python_has_them_too(demo: Path) -> None:
    with open_index(demo) as index:
        found = index.facets("source", "california", limit=2)
        assert [each.articles for each in found.values] == [
            index.count(each.query or "") for each in found.values
        ]
        shown = index.timeline("california", by="year", against=["russia"], since="2016")
        assert [each.name for each in shown.series] == ["california", "russia"]
        assert index.coverage().covered is not None
