"""newsidx alert and new as processes: what was not taken without an error stays new."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from newsidx import alerts
from newsidx.indexer.run import RunOptions, run
from newsidx.indexer.writing import create_index
from tests.processes import Finished, environment

Run = Callable[..., Finished]
NEW = [sys.executable, "-m", "newsidx", "new", "sea"]

# More than a pipe takes: 64 KB on Linux.
MANY = 400


@pytest.fixture
def press(tmp_path: Path) -> Path:
    (tmp_path / "press").mkdir()
    return tmp_path / "press"


@pytest.fixture
def index(tmp_path: Path, press: Path) -> Path:
    """An index with the alert `sea`, to which two articles are new."""
    path = tmp_path / "index"
    create_index(path, "whoosh", "en")
    write(press, "quay", "Nobody stood on the quay.")
    take_in(path, press)
    alerts.add(path, "sea", "ferry")
    write(press, "ferry", "The ferry came on Monday.", source="=Courier", date="2016-11-08")
    write(press, "dog", "A dog was on the ferry.", date="2016-11-09")
    take_in(path, press)
    return path


@pytest.fixture
def much(tmp_path: Path, press: Path) -> Path:
    """An index with the alert `sea`, to which more is new than a pipe takes."""
    path = tmp_path / "index"
    create_index(path, "whoosh", "en")
    alerts.add(path, "sea", "ferry")
    lines = [json.dumps({"title": f"T {n}", "text": f"The ferry {n} came."}) for n in range(MANY)]
    (press / "all.jsonl").write_text("\n".join(lines))
    take_in(path, press)
    return path


def write(press: Path, name: str, text: str, **more: str) -> None:
    (press / f"{name}.json").write_text(json.dumps({"title": name.title(), "text": text, **more}))


def take_in(index: Path, press: Path) -> None:
    run(index, [str(press)], RunOptions())


def untold(index: Path) -> int:
    with alerts.new(index, "sea", peek=True) as found:
        return found.total


def begun(index: Path, *more: str) -> subprocess.Popen[bytes]:
    """A process that prints, into a pipe that nobody reads beyond its beginning."""
    command = [*NEW, "--jsonl", "--index", str(index), *more]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment()
    )
    assert process.stdout is not None
    assert os.read(process.stdout.fileno(), 1)
    return process


# Forms and statuses


def test_news_is_0_none_is_1_an_error_is_2(newsidx: Run, index: Path) -> None:
    first = newsidx("new", "sea", "--index", index)
    assert first.status == 0
    assert [line.split("\t")[:2] for line in first.out.splitlines()] == [["sea", "new"]] * 2
    again = newsidx("new", "sea", "--index", index)
    assert (again.status, again.out) == (1, "")
    assert "Nothing is new to the alert sea." in again.err
    missing = newsidx("new", "see", "--json", "--index", index)
    assert (missing.status, missing.json["code"]) == (2, "usage")


def test_json_has_a_head_and_what_to_acknowledge(newsidx: Run, index: Path) -> None:
    done = newsidx("new", "sea", "--json", "--peek", "--index", index).json
    assert done["schema"] == "newsidx.new/1"
    assert (done["alert"], done["query"]["understood"], done["total"]) == ("sea", "ferry", 2)
    assert [(r["event"], r["title"], r["rank"]) for r in done["results"]] == [
        ("new", "Ferry", 1),
        ("new", "Dog", 2),
    ]
    assert done["cursor"] == done["results"][-1]["cursor"]
    first = str(done["results"][0]["cursor"])
    acknowledged = newsidx("new", "sea", "--ack", first, "--index", index)
    assert (acknowledged.status, acknowledged.out) == (0, "")
    done = newsidx("new", "sea", "--json", "--index", index).json
    assert [r["title"] for r in done["results"]] == ["Dog"]
    done = newsidx("new", "sea", "--json", "--index", index)
    assert (done.status, done.json["results"], done.json["total"]) == (1, [], 0)


def test_every_form_prints_the_same_news(newsidx: Run, index: Path, press: Path) -> None:
    def out(*form: str) -> str:
        return newsidx("new", "sea", "--peek", *form, "--index", index).out

    titles = ["Ferry", "Dog"]
    assert [json.loads(line)["title"] for line in out("--jsonl").splitlines()] == titles
    rows = list(csv.DictReader(io.StringIO(out("--csv", "--defuse"))))
    assert [row["title"] for row in rows] == titles
    assert rows[0]["source"] == "'=Courier"
    assert [row["title"] for row in csv.DictReader(out("--tsv").splitlines(), delimiter="\t")] == (
        titles
    )
    assert out("-l").splitlines() == [str(press / "ferry.json"), str(press / "dog.json")]
    assert out("-0").split("\0")[0] == str(press / "ferry.json")
    assert out("--fields", "event,title") == "new\tFerry\nnew\tDog\n"
    assert out("--fields", "body", "--jsonl").splitlines()[1] == (
        '{"body":"A dog was on the ferry."}'
    )
    assert "There is no field" in newsidx("new", "--fields", "x", "--index", index).err


def test_without_a_name_all_alerts_are_told(newsidx: Run, index: Path) -> None:
    newsidx("alert", "add", "dogs", "dog", "--from-start", "--index", index)
    done = newsidx("new", "--json", "--index", index)
    assert (done.json["alert"], done.json["cursor"], done.json["total"]) == (None, None, 3)
    assert [(each["alert"], each["total"]) for each in done.json["alerts"]] == [
        ("dogs", 1),
        ("sea", 2),
    ]
    assert [result["alert"] for result in done.json["results"]] == ["dogs", "sea", "sea"]
    assert newsidx("new", "--index", index).status == 1


def test_the_list_has_the_query_as_understood(newsidx: Run, index: Path) -> None:
    newsidx("alert", "add", "b", "-trump", "dog", "--since", "2016", "--any", "--index", index)
    done = newsidx("alert", "list", "--json", "--index", index).json
    assert done["schema"] == "newsidx.alerts/1"
    alert = done["alerts"][0]
    assert (alert["name"], alert["query"]) == ("b", "-trump dog")
    assert (alert["any"], alert["filters"], alert["cursor"]) == (True, ["date:2016.."], 0)
    plain = newsidx("alert", "list", "--index", index).out.splitlines()
    assert [line.split("\t")[0] for line in plain] == ["b", "sea"]
    assert newsidx("alert", "rm", "b", "--index", index).status == 0
    assert newsidx("alert", "rm", "sea", "--index", index).status == 0
    assert newsidx("alert", "list", "--index", index).status == 1
    assert newsidx("new", "--index", index).status == 1


def test_an_alert_needs_a_query(newsidx: Run, index: Path) -> None:
    assert "There is no query." in newsidx("alert", "add", "b", "--index", index).err
    assert newsidx("alert", "add", "b", "--source", "courier", "--index", index).status == 0


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--ack", "1"], "A cursor is that of one alert"),
        (["sea", "--ack", "1", "--peek"], "--ack prints nothing"),
        (["sea", "--ack", "9"], "never gave the cursor 9"),
        (["sea", "--limit", "0"], "at least 1"),
        (["sea", "--format-version", "9"], "can't print version 9"),
    ],
)
def test_what_makes_no_sense_is_refused(
    newsidx: Run, index: Path, args: list[str], said: str
) -> None:
    done = newsidx("new", *args, "--index", index)
    assert done.status == 2
    assert said in done.err
    assert untold(index) == 2


# What is not taken is not lost


@pytest.mark.parametrize("form", [[], ["--json"], ["--jsonl"], ["--csv"], ["-l"]])
def test_a_full_disk_leaves_everything_new(index: Path, form: list[str]) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*NEW, *form, "--index", index],
            stdout=full,
            stderr=subprocess.PIPE,
            env=environment(),
            check=False,
        )
    assert done.returncode == 2
    assert b"It stays new" in done.stderr
    assert untold(index) == 2


def test_a_reader_that_goes_away_leaves_everything_new(much: Path) -> None:
    command = f"{' '.join(NEW)} --jsonl --index {much} | head -1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, env=environment(), check=True)
    assert len(done.stdout.splitlines()) == 1
    assert b"It stays new" in done.stderr
    assert untold(much) == MANY


def test_so_does_one_that_never_reads_the_little_there_is(index: Path) -> None:
    read, write_end = os.pipe()
    os.close(read)
    done = subprocess.run(
        [*NEW, "--index", index], stdout=write_end, stderr=subprocess.PIPE, env=environment(),
        check=False,
    )  # fmt: skip
    os.close(write_end)
    assert b"It stays new" in done.stderr
    assert untold(index) == 2


def test_a_closed_output_takes_nothing(index: Path) -> None:
    command = f"{' '.join(NEW)} --index {index} >&-"
    done = subprocess.run(
        ["sh", "-c", command], stderr=subprocess.PIPE, env=environment(), check=False
    )
    assert done.returncode == 2
    assert untold(index) == 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT, signal.SIGHUP])
def test_a_signal_in_the_middle_leaves_everything_new(much: Path, number: signal.Signals) -> None:
    process = begun(much)
    process.send_signal(number)
    # A process that is being interrupted still wants to be rid of what it has.
    rest, _ = process.communicate(timeout=60)
    assert process.returncode != 0
    assert len(rest.splitlines()) < MANY
    assert untold(much) == MANY


def test_a_kill_between_the_output_and_the_cursor_leaves_everything_new(index: Path) -> None:
    program = (
        "import os, sys\n"
        "from newsidx.cli.main import main\n"
        "from newsidx.index.alerts import Alerts\n"
        "Alerts.move = lambda *_: os.kill(os.getpid(), 9)\n"
        "main(sys.argv[1:])\n"
    )
    command = [sys.executable, "-c", program, "new", "sea", "--index", str(index)]
    done = subprocess.run(command, capture_output=True, env=environment(), check=False)
    assert done.returncode == -signal.SIGKILL
    assert len(done.stdout.splitlines()) == 2
    assert untold(index) == 2


def test_output_into_a_file_is_flushed_before_the_cursor_moves(index: Path, tmp_path: Path) -> None:
    program = (
        "import os, sys\n"
        "from newsidx.cli.main import main\n"
        "from newsidx.index.alerts import Alerts\n"
        "flush, move = os.fsync, Alerts.move\n"
        "os.fsync = lambda handle: (print('flushed', handle, file=sys.stderr), flush(handle))\n"
        "def moved(*args):\n"
        "    print('moved', file=sys.stderr)\n"
        "    move(*args)\n"
        "Alerts.move = moved\n"
        "main(sys.argv[1:])\n"
    )
    command = [sys.executable, "-c", program, "new", "sea", "--index", str(index)]
    with (tmp_path / "out").open("wb") as out:
        done = subprocess.run(
            command, stdout=out, stderr=subprocess.PIPE, env=environment(), check=True
        )
    said = done.stderr.decode().splitlines()
    assert said.index("flushed 1") < said.index("moved")
    assert len((tmp_path / "out").read_text().splitlines()) == 2
    assert untold(index) == 0


def test_a_second_reader_is_told_who_is_first_or_waits(newsidx: Run, much: Path) -> None:
    process = begun(much)
    refused = newsidx("new", "sea", "--index", much)
    assert (refused.status, refused.out) == (2, "")
    assert f"by process {process.pid}" in refused.err
    found: list[Finished] = []
    waiting = threading.Thread(
        target=lambda: found.append(newsidx("new", "sea", "--wait", "60", "--index", much))
    )
    waiting.start()
    rest, _ = process.communicate(timeout=60)
    waiting.join()
    assert len(rest.splitlines()) == MANY
    assert (process.returncode, found[0].status, found[0].out) == (0, 1, "")


# While a writer is at work


def test_alerts_are_added_and_told_while_a_writer_holds_the_index(
    newsidx: Run, index: Path
) -> None:
    program = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from newsidx.index.lock import writer_lock\n"
        "with writer_lock(Path(sys.argv[1])):\n"
        "    print('held', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    writer = subprocess.Popen(
        [sys.executable, "-c", program, str(index)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(),
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == b"held\n"
    assert newsidx("new", "sea", "--index", index).status == 0
    assert newsidx("alert", "add", "dogs", "dog", "--index", index).status == 0
    assert newsidx("alert", "rm", "dogs", "--index", index).status == 0
    writer.communicate()


def test_nothing_is_lost_and_nothing_told_twice_while_a_writer_commits(
    index: Path, press: Path
) -> None:
    untold(index)
    with alerts.new(index, "sea") as found:
        told = [(each.event, each.hit.article.title) for each in found]
    done = threading.Event()
    commits = 30

    def work() -> None:
        try:
            for number in range(commits):
                write(press, f"c{number:02}", f"The ferry {number} came.")
                if number % 3 == 2:
                    write(press, f"c{number - 1:02}", f"The ferry {number - 1} came late.")
                take_in(index, press)
        finally:
            done.set()

    writer = threading.Thread(target=work)
    writer.start()
    last = False
    while not last:
        last = done.is_set()
        with alerts.new(index, "sea") as found:
            told += [(each.event, each.hit.article.body) for each in found]
        time.sleep(0.01)
    writer.join()
    new = [body for event, body in told[2:] if event == "new"]
    changed = [body for event, body in told[2:] if event == "changed"]
    assert len(told) == len(set(told))
    early = {body.removesuffix(" late.").removesuffix(".") for body in new}
    assert early == {f"The ferry {number} came" for number in range(commits)}
    late = {f"The ferry {number - 1} came late." for number in range(commits) if number % 3 == 2}
    assert late <= {*new, *changed}
    assert set(changed) <= late
    assert len(new) == commits
