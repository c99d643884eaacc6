"""Engines on the command line: an index that moves, what is verified, and the next rung."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from newsidx.cli.commands import index as indexing
from newsidx.cli.main import main
from newsidx.indexer.verify import verify
from tests.processes import Finished
from tests.schemas import validate

pytest.importorskip("tantivy")

Ask = Callable[..., Finished]


@pytest.fixture
def press(tmp_path: Path, sample_data: Path) -> Path:
    return shutil.copytree(sample_data / "harbor-courier", tmp_path / "press")


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Ask:
    """Run a command on an index of a few articles, in this process."""

    def asked(*args: str) -> Finished:
        status = main([*args, "--index", str(tmp_path / "index")])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return Finished(status, out, err)

    return asked


def test_an_index_of_either_engine_is_exported_to_the_same_bytes(
    ask: Ask, press: Path, tmp_path: Path
) -> None:
    assert ask("index", str(press), "-q", "--engine", "tantivy").status == 0
    first = ask("export", "--jsonl").out
    record = ask("migrate", "--to", "whoosh", "--json").json
    validate(record)
    assert (record["before"]["engine"], record["after"]["engine"]) == ("tantivy", "whoosh")
    assert ask("export", "--jsonl").out == first
    done = ask("migrate", "--to", "tantivy")
    assert done.status == 0
    assert "found the same" in done.out + done.err
    assert ask("export", "--jsonl").out == first
    assert verify(tmp_path / "index").sound


def test_what_it_says_of_an_article_does_not_hang_on_the_engine(ask: Ask, press: Path) -> None:
    ask("index", str(press), "-q")
    commands = (
        ("search", "harbour OR harbor", "--sort", "newest", "--jsonl", "--fields", "id,title"),
        ("count", "harb* -ferry"),
        ("facets", "source", "--csv"),
        ("timeline", "*", "--csv"),
        ("terms", "ha", "--csv"),
        ("kwic", "harbor", "--csv"),
    )
    before = [ask(*args).out for args in commands]
    assert ask("migrate", "--to", "tantivy").status == 0
    assert [ask(*args).out for args in commands] == before
    assert all(before)


def test_explain_says_what_is_verified(ask: Ask, press: Path) -> None:
    ask("index", str(press), "-q", "--engine", "tantivy")
    said = ask("search", 'harbor w/3 "the"', "--explain")
    assert "verified on candidates" in said.out + said.err
    tree = ask("search", 'harbor w/3 "the"', "--explain", "--json").json["query"]["explanation"][
        "tree"
    ]
    assert tree["verified"] is True
    assert [child["verified"] for child in tree["children"]] == [False, False]


def test_a_bound_on_what_is_verified_is_an_error_with_what_to_do(ask: Ask, press: Path) -> None:
    from newsidx.engines.verifying import MOST_VERIFIED, verify_at_most

    ask("index", str(press), "-q", "--engine", "tantivy")
    try:
        done = ask("count", "==The", "--max-verify", "1")
    finally:
        verify_at_most(MOST_VERIFIED)
    assert done.status == 2
    assert "--max-verify" in done.err


def test_the_run_that_makes_an_archive_large_names_the_next_engine_once(
    ask: Ask, press: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "LARGE", {"whoosh": (5, "tantivy")})
    done = ask("index", str(press))
    assert "newsidx migrate --to tantivy" in done.err
    assert "migrate" not in ask("index", "--reread").err
    assert "migrate" not in ask("index", "--rebuild").err


@pytest.mark.parametrize("flag", ["-q", "--json"])
def test_a_quiet_run_suggests_nothing(
    ask: Ask, press: Path, monkeypatch: pytest.MonkeyPatch, flag: str
) -> None:
    monkeypatch.setattr(indexing, "LARGE", {"whoosh": (5, "tantivy")})
    done = ask("index", str(press), flag)
    assert "migrate" not in done.err + done.out


def test_a_missing_package_is_named_before_anything_is_made(
    ask: Ask, press: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "tantivy", None)
    done = ask("index", str(press), "--engine", "tantivy")
    assert done.status == 2
    assert "pip install 'newsidx[tantivy]'" in done.err
    assert not (tmp_path / "index" / "manifest.json").exists()
