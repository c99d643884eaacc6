"""What the commands say, to people and to programs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.processes import Finished

Run = Callable[..., Finished]


@pytest.fixture
def index(newsidx: Run, tmp_path: Path) -> Path:
    for name, text in (("one", "The harbour was quiet."), ("two", "The wind was strong.")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.json").write_text(json.dumps({"title": name, "text": text}))
    (tmp_path / "two/b.bin").write_bytes(b"\x00\x01\x02\x03" * 100)
    path = tmp_path / "index"
    done = newsidx("index", tmp_path / "one", tmp_path / "two", "--index", path)
    assert done.status == 0, done.err
    return path


def test_stats_add_up(newsidx: Run, index: Path, demo: Path) -> None:
    for path in (index, demo):
        stats = newsidx("stats", "--json", "--index", path).json
        files = stats["files"]
        assert files["total"] == sum(files["by_status"].values())
        assert stats["index"]["articles"] == sum(root["articles"] for root in stats["roots"])
        for status, reasons in files["by_reason"].items():
            assert sum(reasons.values()) <= files["by_status"][status]
    assert newsidx("stats", "--json", "--index", index).json["files"]["by_status"] == {
        "indexed": 2,
        "skipped": 1,
    }


def test_stats_of_sample_data_count_every_file(newsidx: Run, demo: Path, sample_data: Path) -> None:
    stats = newsidx("stats", "--json", "--index", demo).json
    on_disk = sum(1 for path in sample_data.rglob("*") if path.is_file())
    assert stats["files"]["total"] == on_disk


def test_roots_are_listed(newsidx: Run, index: Path, tmp_path: Path) -> None:
    lines = newsidx("roots", "--index", index).out.splitlines()
    assert lines == [f"one\t1\t{tmp_path / 'one'}", f"two\t2\t{tmp_path / 'two'}"]
    assert newsidx("roots", "list", "--index", index).out.splitlines() == lines
    as_json = newsidx("roots", "list", "--json", "--index", index).json
    assert [root["label"] for root in as_json["roots"]] == ["one", "two"]


def test_a_renamed_root_keeps_its_articles_ids(newsidx: Run, index: Path) -> None:
    before = newsidx("search", "harbour", "--json", "--index", index).json["results"][0]["id"]
    assert newsidx("roots", "rename", "one", "harbours", "--index", index).status == 0
    (hit,) = newsidx("search", "root:harbours", "--json", "--index", index).json["results"]
    assert hit["id"] == before
    assert newsidx("roots", "rename", "two", "harbours", "--index", index).status == 2
    assert newsidx("roots", "rename", "one", "x", "--index", index).status == 2


def test_a_moved_root_is_followed(newsidx: Run, index: Path, tmp_path: Path) -> None:
    before = newsidx("search", "harbour", "--json", "--index", index).json["results"][0]
    (tmp_path / "one").rename(tmp_path / "uno")
    gone = newsidx("index", "--index", index)
    assert "roots move one" in gone.err
    assert newsidx("roots", "move", "one", tmp_path / "uno", "--index", index).status == 0
    (hit,) = newsidx("search", "harbour", "--json", "--index", index).json["results"]
    assert hit["id"] == before["id"]
    assert hit["path"] == str(tmp_path / "uno/a.json")


def test_a_forgotten_root_takes_its_articles_and_not_its_files(
    newsidx: Run, index: Path, tmp_path: Path
) -> None:
    asked = newsidx("roots", "forget", "one", "--index", index, stdin=None)
    assert asked.status == 2
    assert newsidx("roots", "forget", "one", "--yes", "--index", index).status == 0
    assert newsidx("search", "harbour", "-c", "--index", index).out == "0\n"
    assert newsidx("search", "wind", "-c", "--index", index).out == "1\n"
    assert (tmp_path / "one/a.json").exists()


def test_show_names_copies_and_where_each_field_came_from(newsidx: Run, demo: Path) -> None:
    (hit, *_) = newsidx("search", "corliss bulldozers", "--json", "--index", demo).json["results"]
    shown = newsidx("show", hit["id"][:6], "--json", "--index", demo).json
    assert shown["schema"] == "newsidx.article/1"
    assert shown["id"] == hit["id"]
    assert shown["path"] == hit["path"]
    (place,) = shown["places"]
    assert place["status"] == "duplicate"
    assert place["path"].endswith("reporters-desk/alder-gulch-fire (copy).html")
    for name in ("title", "body", "published", "url", "language"):
        assert shown["provenance"][name]


def test_show_names_older_versions(newsidx: Run, demo: Path) -> None:
    (hit,) = newsidx("search", '"crew unhurt"', "--json", "--index", demo).json["results"]
    text = newsidx("show", hit["id"], "--index", demo).out
    assert "superseded" in text
    assert "2021/03/14/marlow-spirit.html" in text


def test_an_ambiguous_id_lists_what_it_could_be(newsidx: Run, demo: Path) -> None:
    done = newsidx("show", "zz", "--index", demo)
    assert done.status == 1
    assert "first four characters" in done.err


def test_the_article_in_the_seeds_manner_comes_first(newsidx: Run, demo: Path) -> None:
    page = newsidx("search", "calexit", "--json", "--index", demo).json
    first = page["results"][0]
    assert first["path"].endswith("scraped/000_5c1e9d20b7a4f386.txt")
    assert page["total"] == 4
    for query in ('"kevin de leon"', "u.s.", "tag:secession", '"Yes California"', "#calexit"):
        results = newsidx("search", query, "--json", "--index", demo).json["results"]
        assert first["id"] in [hit["id"] for hit in results], query


def test_what_stands_in_scripts_is_not_found(newsidx: Run, demo: Path) -> None:
    for word in ("marzipan", "quagga", "zanzibar", "xylophone"):
        assert newsidx("search", word, "-c", "--index", demo).out == "0\n", word


def test_a_wire_story_in_several_outlets_is_several_articles(newsidx: Run, demo: Path) -> None:
    page = newsidx("search", '"caldera valley"', "--json", "--index", demo).json
    assert page["total"] >= 3
    assert len({hit["source"] for hit in page["results"]}) >= 3


def test_the_same_text_on_two_days_is_two_articles_and_one_text(newsidx: Run, demo: Path) -> None:
    page = newsidx("search", "title:pack", "--json", "--sort", "oldest", "--index", demo).json
    first, second = (
        newsidx("show", h["id"], "--json", "--index", demo).json for h in page["results"]
    )
    assert (first["published"], second["published"]) == ("2018-07-30", "2019-10-08")
    assert (first["same_text"], second["same_text"]) == (None, first["id"])


def test_limits_and_offsets_page_through_all(newsidx: Run, demo: Path) -> None:
    ids: list[str] = []
    offset: int | None = 0
    while offset is not None:
        args = ("--json", "--offset", str(offset), "--index", demo)
        page = newsidx("search", "*", *args).json
        assert page["returned"] == len(page["results"]) <= 10
        ids += [hit["id"] for hit in page["results"]]
        offset = page["next_offset"]
    assert len(ids) == len(set(ids)) == 45
    whole = newsidx("search", "*", "--json", "-n0", "--index", demo).json
    assert [hit["id"] for hit in whole["results"]] == ids


def test_json_lines_come_in_the_order_of_json(newsidx: Run, demo: Path) -> None:
    lines = newsidx("search", "port", "--jsonl", "--index", demo).out.splitlines()
    page = newsidx("search", "port", "--json", "-n", "0", "--index", demo).json
    assert [json.loads(line) for line in lines] == page["results"]


def test_paths_are_printed_once_each(newsidx: Run, demo: Path) -> None:
    lines = newsidx("search", "source:northline", "-l", "--index", demo).out.splitlines()
    assert len(lines) == len(set(lines)) == 2
    assert all(Path(line).is_file() for line in lines)


def test_two_forms_of_output_are_an_error(newsidx: Run, demo: Path) -> None:
    assert newsidx("search", "x", "--json", "-l", "--index", demo).status == 2
    assert newsidx("search", "x", "--jsonl", "-c", "--index", demo).status == 2


def test_dropped_words_and_readings_are_said(newsidx: Run, demo: Path) -> None:
    done = newsidx("search", "the calexit OR brexit", "--json", "--index", demo)
    assert done.json["query"]["reading"] == "(the AND calexit) OR brexit"
    assert "Read as: " in done.err
    dropped = newsidx("search", "the harbour", "--json", "--index", demo)
    assert dropped.json["query"]["dropped"] == ["the"]
    assert "Left out as too common: the" in dropped.err


def test_the_memory_engine_answers_alike(newsidx: Run, demo: Path) -> None:
    for query in ("calexit", "california -port", 'date:2023 "caldera valley"'):
        ours = newsidx("search", query, "--json", "--index", demo).json
        theirs = newsidx("search", query, "--json", "--engine", "memory", "--index", demo).json
        assert ours["index"].pop("engine") == "whoosh"
        assert theirs["index"].pop("engine") == "memory"
        assert [hit["id"] for hit in ours["results"]] == [hit["id"] for hit in theirs["results"]]


def test_a_title_from_the_first_sentence_says_so(newsidx: Run, demo: Path) -> None:
    (hit, *_) = newsidx("search", "calexit", "--json", "--index", demo).json["results"]
    shown = newsidx("show", hit["id"], "--json", "--index", demo).json
    assert shown["provenance"]["title"] == "first-sentence"
    assert shown["provenance"]["tags"] == "trailing-list"
    assert shown["published"] is None
    assert shown["authors"] == []


@pytest.fixture
def mixed(newsidx: Run, tmp_path: Path) -> tuple[Path, Path]:
    press = tmp_path / "press"
    press.mkdir()
    (press / "good.json").write_text('{"title": "Sea", "text": "The harbour was quiet."}')
    (press / "copy.json").write_text('{"title": "Sea", "text": "The harbour was quiet."}')
    (press / "bad.json").write_text("{")
    (press / "empty.txt").write_text(" ")
    (press / ".hidden").write_text("x")
    (press / "lines.jsonl").write_text('{"title": "Wind", "text": "It blew."}\n{"x": \n')
    index = tmp_path / "index"
    assert newsidx("index", press, "--index", index).status == 3
    return press, index


def test_files_say_what_became_of_each(newsidx: Run, mixed: tuple[Path, Path]) -> None:
    _, index = mixed
    rows = newsidx("files", "--json", "--index", index).json["files"]
    found = {Path(row["path"]).name: (row["status"], row["reason"]) for row in rows}
    assert found == {
        "press": ("excluded", "hidden"),
        "bad.json": ("failed", "malformed"),
        "copy.json": ("indexed", None),
        "good.json": ("duplicate", None),
        "empty.txt": ("skipped", "empty"),
        "lines.jsonl": ("indexed", None),
    }
    stats = newsidx("stats", "--json", "--index", index).json
    assert sum(row["files"] for row in rows) == stats["files"]["total"] == 6


def test_files_can_be_asked_for_by_outcome_and_place(
    newsidx: Run, mixed: tuple[Path, Path]
) -> None:
    press, index = mixed
    failed = newsidx("files", "--status", "failed", "--index", index)
    assert failed.out == f"failed\tmalformed\t0\t{press / 'bad.json'}\n"
    (row,) = map(
        json.loads,
        newsidx("files", "--jsonl", press / "lines.jsonl", "--index", index).out.splitlines(),
    )
    assert row["articles"] == 1
    assert [(bad["record"], bad["reason"]) for bad in row["bad_records"]] == [(2, "malformed")]
    assert newsidx("files", "--reason", "encrypted", "--index", index).status == 1
    assert newsidx("files", "--status", "lost", "--index", index).status == 2


def test_read_prints_articles_with_provenance_and_touches_no_index(
    newsidx: Run, mixed: tuple[Path, Path]
) -> None:
    press, _ = mixed
    done = newsidx("read", press, cwd=press)
    assert done.status == 3
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert [row["title"] for row in rows] == ["Sea", "Sea", "Wind"]
    assert all(row["provenance"]["title"] for row in rows)
    assert "bad.json: malformed" in done.err
    assert "lines.jsonl, record 2: malformed" in done.err
    mapped = newsidx("read", press / "good.json", "--map", "section=title")
    assert json.loads(mapped.out)["section"] == "Sea"
    assert newsidx("read", press / "none").status == 2


def test_formats_are_listed(newsidx: Run) -> None:
    lines = newsidx("formats").out.splitlines()
    assert any(line.startswith("html\t.html") for line in lines)
    rows = newsidx("formats", "--json").json["formats"]
    assert len(rows) == len(lines)
    assert {"plain", "markdown", "html", "json", "jsonl"} <= {row["name"] for row in rows}
