"""newsidx rm, restore and export, as people and programs meet them."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from newsidx.app import Index
from newsidx.cli.main import main
from newsidx.indexer.run import RunOptions, run
from newsidx.indexer.writing import create_index
from tests.processes import Finished, checked, environment

Run = Callable[..., Finished]


@pytest.fixture
def newsidx(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command line in this process; nobody is at its standard input."""
    monkeypatch.setattr(sys, "stdin", io.StringIO())

    def run_here(*args: str | Path) -> Finished:
        status = main([str(arg) for arg in args])
        return checked(status, *capfd.readouterr(), args)

    return run_here


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """An index of four articles, two of them copies."""
    for name, title, text in (
        ("a", "Bridge shut", "The council closed the old bridge on Tuesday."),
        ("b", "Bridge shut", "The council closed the old bridge on Tuesday."),
        ("c", "Wind", "A strong wind blew over the harbour all through the night."),
        ("d", "Sea", "The sea was calm, and the ferries went out again."),
    ):
        (tmp_path / f"press/{name}").mkdir(parents=True)
        (tmp_path / f"press/{name}/x.json").write_text(json.dumps({"title": title, "text": text}))
    create_index(tmp_path / "index", "whoosh", "en")
    run(tmp_path / "index", [str(tmp_path / "press")], RunOptions())
    return tmp_path / "index"


def ids_of(index: Path, query: str = "*") -> list[str]:
    with Index(index) as opened:
        return [hit.article.id for hit in opened.search(query, sort="title", limit=None).hits]


def test_a_query_removes_what_it_finds(newsidx: Run, index: Path) -> None:
    (key,) = ids_of(index, "council")
    done = newsidx("rm", "council", "-y", "--json", "--index", index)
    assert done.status == 0
    record = done.json
    assert (record["schema"], record["query"], record["total"]) == ("newsidx.rm/1", "council", 1)
    (article,) = record["articles"]
    assert (article["id"], article["title"]) == (key, "Bridge shut")
    assert [place["status"] for place in article["places"]] == ["duplicate"]
    assert record["index"]["articles"] == 2
    assert (record["dry_run"], record["purged"]) == (False, False)
    assert ids_of(index, "council") == []


def test_a_dry_run_changes_nothing(newsidx: Run, index: Path) -> None:
    before = ids_of(index)
    done = newsidx("rm", "bridge OR wind", "--dry-run", "--index", index)
    assert done.status == 0
    assert {line.split("\t")[3] for line in done.out.splitlines()} == {"Bridge shut", "Wind"}
    assert "2 articles, with 1 copy or older version would be removed" in done.err
    assert newsidx("rm", "wind", "-n", "--json", "--index", index).json["dry_run"] is True
    assert ids_of(index) == before


def test_it_refuses_where_nobody_can_be_asked(newsidx: Run, index: Path) -> None:
    done = newsidx("rm", "wind", "--json", "--index", index)
    assert done.status == 2
    assert done.json["code"] == "refused"
    assert "--yes" in done.err
    assert len(ids_of(index)) == 3


@pytest.mark.parametrize(("answer", "left"), [(b"y\n", 2), (b"n\n", 3)])
def test_on_a_terminal_it_asks_without_touching_the_output(
    index: Path, answer: bytes, left: int
) -> None:
    parent, child = pty.openpty()
    done = subprocess.Popen(
        [sys.executable, "-m", "newsidx", "rm", "wind", "--index", index],
        stdin=child, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(),
    )  # fmt: skip
    os.write(parent, answer)
    out, err = done.communicate(timeout=60)
    os.close(parent)
    os.close(child)
    assert out == b""
    assert "Remove 1 article from" in err.decode()
    assert len(ids_of(index)) == left


def test_ids_and_their_beginnings_remove_one_article_each(newsidx: Run, index: Path) -> None:
    first, second, _ = ids_of(index)
    assert newsidx("rm", first, second[:6], "-y", "--index", index).status == 0
    assert len(ids_of(index)) == 1


def test_what_is_no_id_is_a_query_unless_it_is_said_to_be_one(newsidx: Run, index: Path) -> None:
    assert newsidx("rm", "zzzzzzzz", "-y", "--index", index).status == 1
    done = newsidx("rm", "zzzzzzzz", "--id", "-y", "--json", "--index", index)
    assert done.status == 1
    assert done.json["code"] == "article-not-found"
    assert len(ids_of(index)) == 3


def test_a_word_that_begins_an_id_and_is_found_has_to_be_explained(
    newsidx: Run, tmp_path: Path, index: Path
) -> None:
    start = ids_of(index)[0][:4]
    (tmp_path / "press/e.json").write_text(json.dumps({"title": "Code", "text": f"It is {start}."}))
    run(index, [], RunOptions())
    done = newsidx("rm", start, "-y", "--json", "--index", index)
    assert (done.status, done.json["code"]) == (2, "usage")
    assert len(ids_of(index)) == 4
    assert newsidx("rm", "--query", start, "-y", "--index", index).status == 0
    assert len(ids_of(index)) == 3
    assert newsidx("rm", "--id", start, "-y", "--index", index).status == 0
    assert len(ids_of(index)) == 2


def test_what_was_removed_is_accounted_for_and_comes_back(newsidx: Run, index: Path) -> None:
    (key,) = ids_of(index, "council")
    newsidx("rm", key, "-y", "--index", index)
    shown = newsidx("show", key[:8], "--index", index)
    assert shown.status == 1
    assert "was removed on" in shown.err
    assert f"newsidx restore {key}" in shown.err
    files = newsidx("files", "--status", "removed", "--index", index)
    assert [Path(line.split("\t")[-1]).parent.name for line in files.out.splitlines()] == ["a", "b"]
    stats = newsidx("stats", "--json", "--index", index).json
    assert (stats["removed"], stats["files"]["by_status"]["removed"]) == (1, 2)
    assert "1 kept out by newsidx rm" in newsidx("stats", "--index", index).out
    again = newsidx("rm", key, "-y", "--index", index)
    assert (again.status, "was removed before" in again.err) == (0, True)
    back = newsidx("restore", key[:8], "--json", "--index", index)
    assert back.status == 0
    (row,) = back.json["articles"]
    assert (row["id"], row["status"], row["articles"]) == (key, "restored", [key])
    assert len(row["paths"]) == 2
    assert newsidx("show", key, "--index", index).status == 0


def test_every_form_of_restore_has_the_same_records(newsidx: Run, index: Path) -> None:
    found = []
    for form in ("--json", "--jsonl", "--csv", "--tsv"):
        newsidx("rm", "*", "-y", "--index", index)
        done = newsidx("restore", "--all", form, "--index", index)
        assert done.status == 0
        if form == "--json":
            ids = [row["id"] for row in done.json["articles"]]
        elif form == "--jsonl":
            ids = [json.loads(line)["id"] for line in done.out.splitlines()]
        else:
            delimiter = "," if form == "--csv" else "\t"
            rows = csv.DictReader(io.StringIO(done.out), delimiter=delimiter)
            ids = [row["id"] for row in rows]
        found.append(sorted(ids))
    assert len(found[0]) == 3
    assert found == [found[0]] * 4


def test_restore_says_what_could_not_be_had(newsidx: Run, index: Path, tmp_path: Path) -> None:
    newsidx("rm", "*", "-y", "--index", index)
    (tmp_path / "press/c/x.json").unlink()
    done = newsidx("restore", "--all", "--index", index)
    assert done.status == 1
    assert sorted(line.split("\t")[1] for line in done.out.splitlines()) == [
        "lost",
        "restored",
        "restored",
    ]
    assert "1 could not be had" in done.err
    assert newsidx("restore", "--all", "--index", index).status == 0
    assert newsidx("restore", "--index", index).status == 2
    assert newsidx("restore", "zzzz", "--index", index).status == 1


def test_a_purge_alone_takes_what_was_removed_before(newsidx: Run, index: Path) -> None:
    newsidx("rm", "wind", "-y", "--index", index)
    done = newsidx("rm", "--purge", "-y", "--index", index)
    assert done.status == 0
    assert "No file of the index holds text" in done.err
    assert newsidx("stats", "--json", "--index", index).json["index"]["deleted"] == 0


def test_a_run_says_what_it_kept_out(newsidx: Run, index: Path) -> None:
    newsidx("rm", "wind", "-y", "--index", index)
    done = newsidx("index", "--reread", "--json", "--index", index)
    assert done.json["articles"]["kept_out"] == 1
    assert "1 kept out as removed" in newsidx("index", "--reread", "--index", index).err


def test_nothing_to_remove_is_said(newsidx: Run, index: Path) -> None:
    done = newsidx("rm", "zeppelin", "-y", "--json", "--index", index)
    assert (done.status, done.json["total"]) == (1, 0)
    assert newsidx("rm", "--index", index).status == 2
    assert newsidx("rm", "wind", "--id", "--query", "--index", index).status == 2


def test_an_export_is_json_lines_on_standard_output_or_in_a_file(
    newsidx: Run, index: Path, tmp_path: Path
) -> None:
    done = newsidx("export", "--jsonl", "--index", index)
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert [line["title"] for line in lines] == ["Bridge shut", "Wind", "Sea"]
    assert all(line["schema"] == "newsidx.article/1" for line in lines)
    key = lines[0]["id"]
    assert newsidx("show", key, "--json", "--index", index).json == lines[0]
    file = tmp_path / "out.jsonl"
    assert newsidx("export", "-o", file, "--index", index).out == ""
    assert file.read_text() == done.out
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []
    only = newsidx("export", "harbour", "OR", "sea", "--index", index)
    assert [json.loads(line)["title"] for line in only.out.splitlines()] == ["Wind", "Sea"]
    assert newsidx("export", "zeppelin", "--index", index).status == 1


def test_an_export_stops_quietly_when_nobody_reads_on(demo: Path) -> None:
    command = f"{sys.executable} -m newsidx export --index {demo} | head -c 10 >/dev/null"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        capture_output=True, env=environment(), timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
