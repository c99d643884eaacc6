"""An index whose files were cut short or overwritten: an error that helps, never a traceback."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from newsidx.app import opened
from newsidx.cli.main import main
from newsidx.errors import REPAIR
from tests.processes import Finished, checked

QUERIES = [
    ["search", "california", "--json"],
    ["search", "c*", "--sort", "newest", "--jsonl"],
    ["search", '"the city" -port date:2010..2024 words>5', "-l"],
    ["count", "title:the"],
    ["show", "6n62"],
    ["stats"],
]

Ask = Callable[..., Finished]

# What Whoosh leaves open when it fails, which is of no account to a process that ends.
pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"
)


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Run a command on an index in this process, for speed."""
    monkeypatch.setattr(opened, "_PAUSE", 0)

    def asked(args: list[str], index: Path) -> Finished:
        status = main([*args, "--index", str(index)])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return checked(status, out, err, args)

    return asked


@pytest.fixture
def copy(demo: Path, tmp_path: Path) -> Path:
    return shutil.copytree(demo, tmp_path / "index")


def engine_files(index: Path, *suffixes: str) -> list[Path]:
    return [path for path in sorted((index / "engine").rglob("*")) if path.suffix in suffixes]


@pytest.mark.parametrize("keep", [0.0, 0.5])
@pytest.mark.parametrize("suffix", [".toc", ".trm", ".pst"])
def test_an_engine_file_that_was_cut_short_is_damage_and_says_what_to_do(
    copy: Path, ask: Ask, suffix: str, keep: float
) -> None:
    for path in engine_files(copy, suffix):
        path.write_bytes(path.read_bytes()[: int(path.stat().st_size * keep)])
    done = ask(["search", "calexit OR the OR c*", "--sort", "title", "--json"], copy)
    assert done.status == 2
    assert done.json["code"] == "index-damaged"
    assert done.json["hint"] == REPAIR
    assert done.err.startswith("newsidx: The Whoosh index in ")


def test_an_engine_file_that_is_gone_is_damage(copy: Path, ask: Ask) -> None:
    for name in ("words", "id_key", "_stored"):
        path, *_ = copy.rglob(f"*.{name}.col")
        kept = path.rename(copy.parent / path.name)
        assert ask(["search", "calexit", "--json"], copy).json["code"] == "index-damaged", name
        kept.rename(path)
    assert ask(["search", "calexit"], copy).status == 0


def test_a_rebuild_mends_a_damaged_engine(copy: Path, ask: Ask) -> None:
    before = ask(["search", "calexit", "--json"], copy).json["results"]
    for path in engine_files(copy, ".trm", ".toc"):
        path.write_bytes(b"")
    assert ask(["search", "calexit"], copy).status == 2
    assert ask(["index", "--rebuild", "--jobs", "1"], copy).status in (0, 3)
    after = ask(["search", "calexit", "--json"], copy).json["results"]
    assert [hit["id"] for hit in after] == [hit["id"] for hit in before]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}', "\x00\xff"])
def test_a_damaged_manifest_says_what_to_do(copy: Path, ask: Ask, text: str) -> None:
    (copy / "manifest.json").write_text(text)
    done = ask(["search", "calexit", "--json"], copy)
    assert done.status == 2
    assert done.json["code"] == "index-damaged"
    assert done.json["hint"]


def test_a_damaged_ledger_says_what_to_do(copy: Path, ask: Ask) -> None:
    ledger = copy / "ledger.db"
    whole = ledger.read_bytes()
    for data in (b"", whole[:100], whole[:4096] + b"\xff" * (len(whole) - 4096), b"x" * 5000):
        ledger.write_bytes(data)
        for command in (["show", "6n62", "--json"], ["stats", "--json"], ["roots", "--json"]):
            done = ask(command, copy)
            assert done.status == 2
            assert done.json["code"] == "index-damaged"
            assert done.json["hint"]
    assert ask(["search", "calexit"], copy).status == 0


@pytest.mark.parametrize("seed", range(4))
def test_whatever_bytes_are_wrong_there_is_no_traceback(
    copy: Path, demo: Path, ask: Ask, seed: int
) -> None:
    chance = random.Random(seed)
    files = [path for path in sorted(copy.rglob("*")) if path.is_file() and path.stat().st_size]
    for path in chance.sample(files, 4):
        data = bytearray(path.read_bytes())
        for _ in range(1 + len(data) // 50):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(data[: chance.randrange(len(data)) if chance.random() < 0.3 else None])
        for args in QUERIES:
            assert ask(args, copy).status in (0, 1, 2), (path.name, args)
        shutil.copy(demo / path.relative_to(copy), path)
