"""newsidx verify, repair and optimize on the command line: what they print, and their statuses."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from newsidx.cli.main import main
from newsidx.engines.whoosh import writer
from tests.processes import Finished, checked

Ask = Callable[..., Finished]

# What Whoosh leaves open when it fails, which is of no account to a process that ends.
pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"
)


@pytest.fixture
def press(tmp_path: Path, sample_data: Path) -> Path:
    return shutil.copytree(sample_data / "harbor-courier", tmp_path / "press")


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str], tmp_path: Path, press: Path) -> Ask:
    """Run a command on an index of a few articles, in this process."""

    def asked(*args: str) -> Finished:
        status = main([*args, "--index", str(tmp_path / "index")])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return checked(status, out, err, args)

    assert asked("index", str(press), "--jobs", "1", "-q").status == 0
    return asked


def damage(tmp_path: Path) -> None:
    path = min((tmp_path / "index/engine").rglob("*.pst"))
    path.write_bytes(path.read_bytes()[:-9])


def test_verify_says_what_it_looked_at_and_that_all_is_well(ask: Ask) -> None:
    done = ask("verify")
    assert done.status == 0
    assert done.out.startswith("Checked ")
    assert done.out.endswith("\nEverything is as it was committed.\n")
    assert done.err == ""
    record = ask("verify", "--json").json
    assert record["schema"] == "newsidx.verify/1"
    assert (record["sound"], record["findings"], record["notes"]) == (True, [], [])
    assert record["index"]["articles"] == sum(each["articles"] for each in record["segments"])


def test_verify_names_the_damaged_file_and_ends_with_1(ask: Ask, tmp_path: Path) -> None:
    damage(tmp_path)
    done = ask("verify")
    assert done.status == 1
    assert "damaged: segment MAIN_" in done.out
    assert "newsidx repair --dry-run" in done.out
    record = ask("verify", "--json").json
    assert [finding["part"] for finding in record["findings"]] == ["segment"]
    assert [segment["sound"] for segment in record["segments"]] == [False]


def test_what_is_no_index_ends_with_2(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for command in ("verify", "repair", "optimize"):
        assert main([command, "--json", "--index", str(tmp_path / "none")]) == 2
        out, _ = capsys.readouterr()
        assert json.loads(out)["code"] == "index-not-found"


def test_repair_mends_and_says_how(ask: Ask, tmp_path: Path) -> None:
    assert ask("repair").status == 0
    articles = ask("search", "*", "--json").json["total"]
    damage(tmp_path)
    foretold = ask("repair", "--dry-run", "--json")
    assert (foretold.status, foretold.json["sound"], foretold.json["dry_run"]) == (1, False, True)
    assert "will be dropped" in foretold.json["steps"][0]
    done = ask("repair", "--json", "--jobs", "1")
    assert done.status == 0
    record = done.json
    assert record["schema"] == "newsidx.repair/1"
    assert record["sound"]
    assert record["articles"] == {"missing": articles, "restored": articles, "lost": 0}
    assert ask("verify").status == 0
    assert ask("search", "*", "--json").json["total"] == articles


def test_repair_that_loses_articles_names_them_and_ends_with_3(
    ask: Ask, tmp_path: Path, press: Path
) -> None:
    gone = min(press.rglob("*.html"))
    gone.unlink()
    damage(tmp_path)
    done = ask("repair", "--jobs", "1")
    assert done.status == 3
    assert f" {gone.relative_to(press)}\n" in done.err
    assert "The index is sound." in done.err
    assert ask("verify").status == 0


def test_optimize_says_what_was_and_is(
    ask: Ask, press: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "to_merge", lambda *_: [])
    assert ask("optimize").status == 0
    record = ask("optimize", "--json").json
    assert record["before"] == record["after"]
    assert "Nothing to do" in ask("optimize").err
    min(press.rglob("*.html")).unlink()
    ask("index", "--jobs", "1")
    record = ask("optimize", "--json").json
    assert record["schema"] == "newsidx.optimize/1"
    assert record["before"]["deleted"] > record["after"]["deleted"] == 0
    assert record["before"]["size"] > record["after"]["size"]
