"""A run that dies between any two steps leaves an index that works and can go on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from newsidx.engines.whoosh.writer import WhooshWriter
from newsidx.index.ledger import Ledger
from newsidx.indexer import parts
from newsidx.indexer.writing import Writing
from tests.indexer.archive import Archive, story

URL = "https://courier.example/2016/11/bridge"


class Killed(BaseException):
    """As sudden as a signal: nothing in newsidx catches it."""


def before_(method: Callable[..., Any]) -> Callable[..., Any]:
    def killed(*_: Any, **__: Any) -> Any:
        raise Killed

    return killed


def after_(method: Callable[..., Any]) -> Callable[..., Any]:
    def killed(*args: Any, **kwargs: Any) -> Any:
        method(*args, **kwargs)
        raise Killed

    return killed


STEPS = [
    ("before the intent is noted", Ledger, "set_intent", before_),
    ("after it is noted, not yet durable", Ledger, "set_intent", after_),
    ("before the engine commits", WhooshWriter, "commit", before_),
    ("after the engine has committed", WhooshWriter, "commit", after_),
    ("before the intent is cleared", Ledger, "clear_intent", before_),
    ("before the manifest is written", Writing, "publish", before_),
]


def prepare(archive: Archive) -> None:
    archive.write("stays.json", story("Stays", "This one stays as it is."))
    archive.write("copy-1.json", story("Copy", "This one is here twice."))
    archive.write("copy-2.json", story("Copy", "This one is here twice."))
    archive.write("moves.json", story("Moves", "This one will move somewhere."))
    archive.write("goes.json", story("Goes", "This one will go away."))
    archive.write("version-1.json", story("Bridge", "The first version.", url=URL))
    archive.index()


def change(archive: Archive) -> None:
    (archive.press / "copy-1.json").unlink()
    (archive.press / "goes.json").unlink()
    (archive.press / "moves.json").rename(archive.press / "moved.json")
    archive.write("version-2.json", story("Bridge", "The second version.", url=URL))
    archive.write("comes.json", story("Comes", "This one is new."))


@pytest.mark.parametrize("small_batches", [False, True])
@pytest.mark.parametrize(("step", "owner", "name", "kill"), STEPS, ids=[step for step, *_ in STEPS])
def test_a_run_killed_at_any_step_ends_as_if_undisturbed(
    step: str,
    owner: type,
    name: str,
    kill: Callable[[Any], Any],
    small_batches: bool,
    archive: Archive,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    calm = Archive(tmp_path_factory.mktemp("calm"))
    for one in (calm, archive):
        prepare(one)
        change(one)
    calm.index()
    if small_batches:
        monkeypatch.setattr(parts, "PART_ARTICLES", 1)
    before = archive.ids()
    with monkeypatch.context() as patched:
        patched.setattr(owner, name, kill(getattr(owner, name)))
        with pytest.raises(Killed):
            archive.index()
    meanwhile = archive.search("*")
    assert "Stays" in {hit.article.title for hit in meanwhile.hits}
    assert len(before) - 2 <= meanwhile.total <= len(before) + 1
    committed = name in ("clear_intent", "publish") or (name == "commit" and kill is after_)
    if committed:
        assert "did not finish" in meanwhile.warnings[0]
    archive.index()
    assert archive.search("*").warnings == ()
    assert archive.ids() == calm.ids()
    assert archive.state == calm.state
    assert archive.paths() == calm.paths()
    assert archive.outcomes() == calm.outcomes()


@pytest.mark.parametrize(("step", "owner", "name", "kill"), STEPS, ids=[step for step, *_ in STEPS])
def test_a_first_build_killed_at_any_step_goes_on(
    step: str,
    owner: type,
    name: str,
    kill: Callable[[Any], Any],
    archive: Archive,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(4):
        archive.write(f"{number}.json", story(f"Story {number}", f"This is story {number}."))
    monkeypatch.setattr(parts, "PART_ARTICLES", 2)
    with monkeypatch.context() as patched:
        patched.setattr(owner, name, kill(getattr(owner, name)))
        with pytest.raises(Killed):
            archive.index()
    archive.index()
    assert archive.titles() == [f"Story {number}" for number in range(4)]
    assert archive.titles("story") == archive.titles()


def test_a_rebuild_that_is_cut_short_leaves_the_old_index_answering(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        archive.write(f"{number}.json", story(f"Story {number}", f"This is story {number}."))
    archive.index()
    state = archive.state
    monkeypatch.setattr(parts, "PART_ARTICLES", 2)
    with monkeypatch.context() as patched:
        patched.setattr(Ledger, "clear_intent", before_(Ledger.clear_intent))
        with pytest.raises(Killed):
            archive.index(rebuild=True, reread=True)
    assert len(archive.ids("story")) == 4
    archive.index()
    assert archive.state == state
    assert len(archive.ids("story")) == 4
    assert [path.name for path in (archive.path / "engine").iterdir()] == ["whoosh-2"]
