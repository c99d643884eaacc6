"""Workers that are started before it is known what they will do."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from newsidx.cli.main import main
from newsidx.index.rows import Root
from newsidx.indexer import crew as crew_module
from newsidx.indexer.crew import FEW_FILES, Crew, are_many
from newsidx.indexer.extract import job_for
from newsidx.indexer.worker import BUNDLE, Orders, Read
from newsidx.indexer.writing import create_index, writing
from tests.indexer.archive import story


@pytest.fixture
def press(tmp_path: Path) -> Path:
    folder = tmp_path / "press"
    folder.mkdir()
    for number in range(FEW_FILES):
        told = json.dumps(story(f"Story {number}", f"This is story {number} of the sea."))
        (folder / f"{number:02}.json").write_text(told)
    return folder


def test_a_quick_look_tells_whether_there_are_many_files(press: Path) -> None:
    deep = press / "a" / "b"
    deep.mkdir(parents=True)
    assert are_many([str(press)])
    assert are_many(["no/such/folder", str(press / "00.json"), str(press)])
    (press / "00.json").rename(deep / "00.json")
    assert are_many([str(press)])
    (deep / "00.json").unlink()
    assert not are_many([str(press)])
    assert not are_many([])


def test_a_worker_that_waited_does_what_it_is_told(press: Path, tmp_path: Path) -> None:
    create_index(tmp_path / "index", "whoosh", "en")
    crew = Crew()
    crew.start(2, "whoosh")
    waiting = list(crew._waiting)
    first = crew.hand()
    assert first == waiting[0]
    with writing(tmp_path / "index") as index:
        job = job_for(Root(0, "press", str(press)), "07.json")
        first.pipe.send(Orders(index.recipe(1 << 20), BUNDLE))
        first.pipe.send([(3, job)])
        first.pipe.send([])
        assert first.pipe.poll(60)
        read = first.pipe.recv()[0]
        assert isinstance(read, Read)
        assert (read.job, len(read.piece.items)) == (3, 1)
        while first.pipe.recv():
            pass
        index.clear_building()
    first.process.join(60)
    assert first.process.exitcode == 0
    crew.end()
    assert waiting[1].process.exitcode == -signal.SIGTERM
    another = crew.hand()  # there is always one more
    assert another not in waiting
    another.process.terminate()
    another.process.join()


def test_ctrl_c_is_not_for_workers_not_even_while_they_start() -> None:
    crew = Crew()
    crew.start(1, "whoosh")
    (hand,) = crew._waiting
    assert hand.process.pid is not None
    os.kill(hand.process.pid, signal.SIGINT)
    hand.process.join(1)
    assert hand.process.is_alive()
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())
    crew.end()


@pytest.mark.parametrize("engine", ["", "no-such-engine"])
def test_a_worker_for_an_engine_that_is_none_waits_all_the_same(engine: str) -> None:
    crew = Crew()
    crew.start(1, engine)
    (hand,) = crew._waiting
    hand.process.join(1)
    assert hand.process.is_alive()
    crew.end()


def test_only_a_new_index_of_many_files_has_workers_start_at_once(
    press: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    started: list[tuple[int, str]] = []

    class Watched(Crew):
        def start(self, processes: int, engine: str) -> None:
            started.append((processes, engine))

    monkeypatch.setattr(crew_module, "Crew", Watched)
    index = str(tmp_path / "index")
    few = tmp_path / "few"
    few.mkdir()
    (few / "a.json").write_text((press / "00.json").read_text())
    assert main(["index", str(few), "--index", index + "-few", "--jobs", "2"]) == 0
    assert main(["index", str(press), "--index", index + "-one", "--jobs", "1"]) == 0
    assert started == []
    assert main(["index", str(press), "--index", index, "--jobs", "2"]) == 0
    assert started == [(2, "whoosh")]
    assert main(["index", str(press), "--index", index, "--jobs", "2"]) == 0
    assert started == [(2, "whoosh")]
    assert f"{FEW_FILES} added" in capsys.readouterr().err
