"""Indexes of other versions: a newer one is refused, an older one brought up to date.

`kept/format-1.zip` is a small archive and the index that an older newsidx made of it.
"""

from __future__ import annotations

import json
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import pytest

from newsidx.app import Index
from newsidx.errors import IndexVersionError, Refused
from newsidx.index import ledger
from newsidx.index.manifest import FORMAT, read_manifest
from newsidx.indexer import parts
from newsidx.indexer.optimize import optimize
from newsidx.indexer.run import RunOptions, run
from newsidx.indexer.verify import verify
from tests.processes import finished

KEPT = Path(__file__).parent / "kept"
TITLES = [
    "Council votes for a second slipway",
    "Ferry returns to Kelso Sound",
    "Herring quota is cut",
    "Lighthouse keeper keeps the light",
]
IDS = ["8p83fjws2ap4", "k6dpnjg6hzvx", "q5jyy5qfgtmw", "zksgj5xe8k08"]


@pytest.fixture(params=["format-1"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The index of a kept archive, as if it had been made where it is now."""
    with zipfile.ZipFile(KEPT / f"{request.param}.zip") as packed:
        packed.extractall(tmp_path)
    db = sqlite3.connect(tmp_path / "index/ledger.db")
    db.execute("UPDATE roots SET base = ? WHERE label = 'press'", (str(tmp_path / "press"),))
    db.commit()
    db.close()
    return tmp_path / "index"


def everything(index: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(index)): path.read_bytes()
        for path in sorted(index.rglob("*"))
        if path.is_file() and path.name != "lock"
    }


READING: list[list[str]] = [
    ["search", "ferry"],
    ["count", "ferry"],
    ["show", "8p83"],
    ["stats"],
    ["files"],
    ["roots"],
    ["verify"],
]


def test_an_older_index_says_how_it_is_brought_up_to_date(old: Path) -> None:
    before = everything(old)
    for command in READING:
        done = finished(*command, "--json", "--index", old)
        assert done.status == 2, command
        assert done.json["code"] == "index-version"
        assert "was made by an older newsidx" in done.err
        assert "Bring it up to date with: newsidx index" in done.err
    assert everything(old) == before
    with pytest.raises(Refused) as caught:
        optimize(old)
    assert caught.value.hint == "Run: newsidx index"


def test_an_older_index_is_brought_up_to_date_with_the_same_articles(old: Path) -> None:
    before = json.loads((old / "manifest.json").read_text())
    done = finished("index", "--jobs", "1", "--index", old)
    assert done.status == 0, done.err
    manifest = read_manifest(old)
    assert (manifest.format, manifest.number) == (FORMAT, 2)
    assert (manifest.articles, manifest.state) == (before["articles"], before["state"])
    with Index(old) as index:
        hits = index.search("*", limit=None).hits
        assert sorted(hit.article.title for hit in hits) == TITLES
        assert sorted(hit.article.id for hit in hits) == IDS
        assert index.count("herring") == 1
    assert [path.name for path in (old / "engine").iterdir()] == ["whoosh-2"]
    assert verify(old).sound


def test_an_older_index_stays_as_it_is_while_its_sources_are_not_there(old: Path) -> None:
    press = old.parent / "press"
    press.rename(press.with_name("elsewhere"))
    engine = everything(old / "engine")
    with pytest.raises(Refused, match="has to be built anew, and 3 files can't be read now"):
        run(old, [], RunOptions())
    assert everything(old / "engine") == engine
    press.with_name("elsewhere").rename(press)
    run(old, [], RunOptions())
    assert verify(old).articles == 4


def test_bringing_it_up_to_date_can_be_cut_off_and_goes_on(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def killed(*_: Any) -> None:
        raise Killed

    monkeypatch.setattr(parts, "PART_ARTICLES", 1)
    for name in ("set_intent", "clear_intent"):
        with monkeypatch.context() as patched:
            patched.setattr(ledger.Ledger, name, killed)
            with pytest.raises(Killed):
                run(old, [], RunOptions())
        with pytest.raises(IndexVersionError, match="older"):
            Index(old)
    run(old, [], RunOptions())
    verdict = verify(old)
    assert (verdict.sound, verdict.articles, verdict.notes) == (True, 4, [])


def test_a_newer_index_is_refused_and_left_as_it_is(old: Path) -> None:
    path = old / "manifest.json"
    newer = json.loads((KEPT / "newer.json").read_text())
    path.write_text(json.dumps(newer))
    before = everything(old)
    for command in [*READING, ["index"], ["index", "--rebuild"], ["optimize"], ["repair"]]:
        done = finished(*command, "--json", "--index", old)
        assert done.status == 2, command
        assert done.json["code"] == "index-version", command
        assert "made by a newer newsidx (format 1000" in done.err
        assert "Upgrade newsidx" in done.err
    after = everything(old)
    after.pop("lock.holder", None)
    assert after == before
