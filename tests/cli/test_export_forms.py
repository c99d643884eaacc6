"""newsidx export in its forms: JSON Lines, tables, Parquet."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from newsidx.output import parquet
from tests.processes import Finished, environment

Run = Callable[..., Finished]


@pytest.fixture(scope="module")
def articles(newsidx: Run, demo: Path) -> list[dict[str, Any]]:
    done = newsidx("export", "--index", demo)
    return [json.loads(line) for line in done.out.splitlines()]


def cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "; ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def test_csv_has_every_field_of_every_article(
    newsidx: Run, demo: Path, articles: list[dict[str, Any]]
) -> None:
    rows = list(csv.DictReader(io.StringIO(newsidx("export", "--csv", "--index", demo).out)))
    assert len(rows) == len(articles) > 40
    for row, article in zip(rows, articles, strict=True):
        assert row == {name: cell(value) for name, value in article.items() if name != "schema"}


def test_a_file_has_the_same_bytes_as_standard_output(
    newsidx: Run, demo: Path, tmp_path: Path
) -> None:
    for form in ("--jsonl", "--csv", "--tsv"):
        file = tmp_path / form
        assert newsidx("export", form, "-o", file, "--index", demo).out == ""
        assert file.read_bytes().decode() == newsidx("export", form, "--index", demo).out


def test_filters_and_queries_narrow_an_export(
    newsidx: Run, demo: Path, articles: list[dict[str, Any]]
) -> None:
    def ids(*args: str) -> list[str]:
        return newsidx("export", *args, "--csv", "--fields", "id", "--index", demo).out.split()[1:]

    of_2016 = [a["id"] for a in articles if (a["published"] or "").startswith("2016")]
    assert ids("--since", "2016", "--until", "2016") == of_2016 != []
    assert ids("date:2016") == of_2016
    assert newsidx("export", "--source", "nobody", "--index", demo).status == 1


def test_fields_are_those_asked_for_and_the_day_is_one_of_them(
    newsidx: Run, demo: Path, articles: list[dict[str, Any]]
) -> None:
    done = newsidx("export", "--fields", "id,published,published_day", "--index", demo)
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert [row["id"] for row in rows] == [article["id"] for article in articles]
    for row in rows:
        known = row["published"] if len(row["published"] or "") == 10 else None
        assert row["published_day"] == known


@pytest.mark.parametrize(
    "args", [["--json"], ["--parquet"], ["--parquet", "--csv", "-o", "x"], ["--fields", "colour"]]
)
def test_what_makes_no_sense_is_an_error(newsidx: Run, demo: Path, args: list[str]) -> None:
    done = newsidx("export", *args, "--index", demo)
    assert (done.status, done.err.startswith("newsidx: ")) == (2, True)


def test_a_missing_library_is_an_error_that_names_the_extra(demo: Path, tmp_path: Path) -> None:
    program = "import sys; sys.modules['pyarrow'] = None; import newsidx.__main__ as m; m.main()"
    file = tmp_path / "all.parquet"
    args = ["export", "--parquet", "-o", str(file), "--index", str(demo)]
    done = subprocess.run(
        [sys.executable, "-c", program, *args],
        capture_output=True, text=True, env=environment(), timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "newsidx[parquet]" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_parquet_holds_what_json_lines_hold_in_typed_columns(
    newsidx: Run, demo: Path, tmp_path: Path, articles: list[dict[str, Any]]
) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    file = tmp_path / "all.parquet"
    assert newsidx("export", "--parquet", "-o", file, "--index", demo).status == 0
    table = pq.read_table(file)
    kinds = {name: table.schema.field(name).type for name in table.schema.names}
    assert kinds["published_day"] == pyarrow.date32()
    assert kinds["published_at"] == pyarrow.timestamp("us", tz="UTC")
    assert kinds["tags"] == kinds["authors"] == pyarrow.list_(pyarrow.string())
    assert kinds["words"] == pyarrow.int32()
    assert table.schema.metadata[b"newsidx.schema"] == b"newsidx.article/1"
    for row, article in zip(table.to_pylist(), articles, strict=True):
        day, moment = row.pop("published_day"), row.pop("published_at")
        assert (day.isoformat() if day else None) == (
            article["published"] if len(article["published"] or "") == 10 else None
        )
        assert bool(moment) == bool(article["published_at"])
        for name in ("provenance", "places"):
            assert json.loads(row.pop(name)) == article[name]
        assert row == {name: article[name] for name in row}


def test_parquet_is_written_in_row_groups_and_never_held_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    monkeypatch.setattr(parquet, "_CHARACTERS", 1000)
    monkeypatch.setattr(parquet, "_ROWS", 7)
    bodies = ["long " * 150, "short"] * 6 + ["short"] * 20
    file = tmp_path / "all.parquet"
    with file.open("wb") as stream:
        records = ({"id": str(at), "body": body} for at, body in enumerate(bodies))
        parquet.write_parquet(stream, ("id", "body"), records, {})
    written = pq.ParquetFile(file)
    sizes = [written.metadata.row_group(at).num_rows for at in range(written.num_row_groups)]
    assert sum(sizes) == len(bodies)
    assert max(sizes) <= 7
    assert len(sizes) > 5
    assert [row["body"] for row in written.read().to_pylist()] == bodies


def test_an_export_of_nothing_is_a_table_without_rows(
    newsidx: Run, demo: Path, tmp_path: Path
) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    file = tmp_path / "none.parquet"
    assert newsidx("export", "zzzzqq", "--parquet", "-o", file, "--index", demo).status == 1
    assert pq.read_table(file).num_rows == 0
