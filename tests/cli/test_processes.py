"""Exit statuses, pipes, signals, locales: the command line as the shell sees it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.processes import Finished, environment

Run = Callable[..., Finished]


def test_found_is_0_nothing_is_1_an_error_is_2(newsidx: Run, demo: Path) -> None:
    assert newsidx("search", "calexit", "--index", demo).status == 0
    assert newsidx("search", "zzzzqq", "--index", demo).status == 1
    assert newsidx("search", "calexit AND (", "--index", demo).status == 2
    assert newsidx("search", "calexit", "--index", demo / "none").status == 2
    assert newsidx("serach", "calexit").status == 2
    assert newsidx("count", "calexit", "--index", demo).status == 0
    assert newsidx("count", "zzzzqq", "--index", demo).status == 1
    assert newsidx("show", "zzzz", "--index", demo).status == 1


def test_nothing_found_is_valid_json_and_names_the_index(newsidx: Run, demo: Path) -> None:
    done = newsidx("search", "zzzzqq", "--json", "--index", demo)
    assert done.status == 1
    assert (done.json["total"], done.json["results"]) == (0, [])
    assert f"No article matches zzzzqq in {demo} (45 articles; looked in title, body)." in done.err


def test_an_error_points_at_its_place(newsidx: Run, demo: Path) -> None:
    done = newsidx("search", "calexit AND (", "--index", demo)
    assert done.out == ""
    lines = done.err.splitlines()
    assert lines[1] == "  calexit AND ("
    assert lines[2] == "              ^"


def test_an_error_is_an_object_with_json(newsidx: Run, demo: Path) -> None:
    done = newsidx("search", "calexit or secession", "--json", "--index", demo)
    assert done.status == 2
    error = done.json
    assert (error["schema"], error["code"]) == ("newsidx.error/1", "query")
    assert error["position"] == {"start": 8, "end": 10}
    assert error["repaired"] == "calexit OR secession"
    assert "calexit OR secession" in done.err


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["search", "x", "--index", "/nowhere/at/all"], "index-not-found"),
        (["search", "x", "--sort", "length"], "usage"),
        (["search", "titel:x"], "query"),
        (["search", "x", "--engine", "lucene"], "engine"),
        (["show", "zzzzzz"], "article-not-found"),
        (["search", "x", "--limit", "many"], "usage"),
        (["search"], "usage"),
    ],
)
def test_every_error_has_a_code(newsidx: Run, demo: Path, args: list[str], code: str) -> None:
    index = [] if "--index" in args else ["--index", str(demo)]
    done = newsidx(*args, *index, "--json")
    assert done.json["code"] == code
    assert done.err.startswith("newsidx: ")
    assert "Traceback" not in done.err


def test_a_wrong_long_option_names_the_nearest(newsidx: Run, demo: Path) -> None:
    done = newsidx("search", "calexit", "--limt", "3", "--index", demo)
    assert done.status == 2
    assert "--limit" in done.err


def test_a_wrong_command_names_the_nearest(newsidx: Run) -> None:
    done = newsidx("serach", "calexit")
    assert "Did you mean search?" in done.err


def test_a_query_may_begin_with_a_dash(newsidx: Run, demo: Path) -> None:
    whole = newsidx("search", "calexit", "-c", "--index", demo).out
    without = newsidx("search", "-marinelli calexit", "-c", "--index", demo).out
    assert (whole, without) == ("4\n", "3\n")
    assert newsidx("search", "-c", "--index", demo, "--", "-marinelli", "calexit").out == "3\n"
    assert newsidx("count", "-marinelli", "calexit", "--index", demo).out == "3\n"


def test_a_closed_pipe_ends_quietly(demo: Path) -> None:
    command = f"{sys.executable} -m newsidx search the --jsonl --index {demo} | head -1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        capture_output=True,
        env=environment(),
        text=True,
        timeout=60,
        check=False,
    )
    assert json.loads(done.stdout)["rank"] == 1
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


def test_closed_standard_output_ends_quietly(demo: Path) -> None:
    command = f"{sys.executable} -m newsidx search '*' --json --index {demo} >&-"
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, env=environment(), text=True, check=False
    )
    assert "Traceback" not in done.stderr


def test_a_pipe_gets_plain_lines_without_limit(newsidx: Run, demo: Path) -> None:
    done = newsidx("search", "*", "--index", demo)
    lines = done.out.splitlines()
    assert len(lines) == 45
    assert all(line.count("\t") == 4 for line in lines)
    assert "\x1b" not in done.out


def test_no_escape_sequence_of_an_article_reaches_the_output(newsidx: Run, demo: Path) -> None:
    for form in ([], ["--json"], ["--color", "always"]):
        done = newsidx("search", "gannet quay", *form, "--index", demo)
        assert done.status == 0
        assert "\x07" not in done.out
        assert "\x1b[2J" not in done.out
    (hit, *_) = newsidx("search", "gannet quay", "--json", "--index", demo).json["results"]
    shown = newsidx("show", hit["id"], "--index", demo).out
    assert "\x1b" not in shown


def test_color_never_and_no_color_give_plain_text(newsidx: Run, demo: Path) -> None:
    forced = newsidx("search", "calexit", "--limit", "1", "--json", "--index", demo)
    assert "\x1b" not in forced.out
    for env in ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, {"TERM": "dumb"}):
        assert "\x1b" not in newsidx("search", "calexit", "--index", demo, env=env).out


@pytest.mark.parametrize("locale", ["C", "POSIX"])
@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_locales_that_are_not_utf_8(newsidx: Run, demo: Path, locale: str, encoding: str) -> None:
    env = {"LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONIOENCODING": encoding}
    env["PYTHONCOERCECLOCALE"] = "0"
    done = newsidx("search", "katalonien", "--index", demo, env=env)
    assert done.status == 0
    as_json = newsidx("search", "katalonien", "--json", "--index", demo, env=env)
    assert "löst das Parlament auf" in as_json.json["results"][0]["title"]
    assert newsidx("show", as_json.json["results"][0]["id"], "--index", demo, env=env).status == 0


def test_the_same_query_gives_the_same_bytes(newsidx: Run, demo: Path) -> None:
    runs = {
        newsidx("search", "california OR port", "--json", "--index", demo).out for _ in range(2)
    }
    assert len(runs) == 1


def test_a_name_that_is_not_utf_8_is_indexed_and_printed_as_it_is(
    newsidx: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "press"
    folder.mkdir()
    name = os.fsencode(folder) + b"/caf\xe9.txt"
    Path(os.fsdecode(name)).write_bytes(b"Coffee prices rise\n\nThe price of coffee rose again.\n")
    index = tmp_path / "index"
    assert newsidx("index", folder, "--index", index).status == 0
    done = subprocess.run(
        [sys.executable, "-m", "newsidx", "search", "coffee", "-l", "--index", str(index)],
        capture_output=True,
        env=environment(),
        check=True,
    )
    assert done.stdout == name + b"\n"
    assert newsidx("search", "coffee", "--json", "--index", index).json["total"] == 1
    assert newsidx("index", "--index", index, "--json").json["files"]["unchanged"] == 1


def test_index_is_0_when_done_and_3_with_new_failures_only(newsidx: Run, tmp_path: Path) -> None:
    folder = tmp_path / "press"
    folder.mkdir()
    (folder / "good.json").write_text('{"title": "Sea", "text": "The harbour was quiet."}')
    (folder / "bad.json").write_text("{")
    index = tmp_path / "index"
    first = newsidx("index", folder, "--index", index, "--json")
    assert first.status == 3
    assert first.json["problems"][0]["reason"] == "malformed"
    assert str(folder / "bad.json") in first.err
    assert newsidx("index", folder, "--index", index).status in (0, 3)
    os.utime(folder / "bad.json", (1, 1))
    newsidx("index", folder, "--index", index)
    assert newsidx("index", folder, "--index", index).status == 0
    assert newsidx("index", folder / "nothing", "--index", index).status == 2
    assert newsidx("index", "--index", tmp_path / "no-index").status == 2


def test_ctrl_c_leaves_an_index_that_goes_on(tmp_path: Path, newsidx: Run) -> None:
    folder = tmp_path / "press"
    folder.mkdir()
    for number in range(400):
        (folder / f"{number}.txt").write_text(f"Story {number}\n\n" + f"Words of {number}. " * 300)
    index = tmp_path / "index"
    process = subprocess.Popen(
        [sys.executable, "-m", "newsidx", "index", str(folder), "--index", str(index)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        start_new_session=True,
    )
    deadline = time.monotonic() + 30
    while not (index / "ledger.db").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode in (0, 130)
    assert b"Traceback" not in err
    assert newsidx("search", "*", "-c", "--index", index).status in (0, 1)
    assert newsidx("index", folder, "--index", index).status == 0
    assert newsidx("search", "*", "-c", "--index", index).out == "400\n"


def test_a_second_writer_is_told_who_holds_the_index(newsidx: Run, tmp_path: Path) -> None:
    from newsidx.index.lock import writer_lock

    folder = tmp_path / "press"
    folder.mkdir()
    index = tmp_path / "index"
    assert newsidx("index", folder, "--index", index).status == 0
    with writer_lock(index):
        done = newsidx("index", folder, "--index", index, "--json")
        assert newsidx("search", "*", "--index", index).status == 1
    assert done.status == 2
    assert done.json["code"] == "index-locked"
    assert f"process {os.getpid()} on " in done.err


def test_a_killed_writers_lock_is_no_obstacle(newsidx: Run, tmp_path: Path) -> None:
    folder = tmp_path / "press"
    folder.mkdir()
    index = tmp_path / "index"
    newsidx("index", folder, "--index", index)
    code = (
        "import os, sys; from pathlib import Path; from newsidx.index.lock import writer_lock\n"
        "with writer_lock(Path(sys.argv[1])): os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(index)], check=False, env=environment())
    assert (index / "lock.holder").exists()
    assert newsidx("index", folder, "--index", index).status == 0


@pytest.fixture
def project(tmp_path: Path, newsidx: Run) -> Path:
    (tmp_path / "press").mkdir()
    (tmp_path / "press/a.txt").write_text("Sea\n\nThe harbour was quiet on Monday.\n")
    assert newsidx("init", cwd=tmp_path).status == 0
    return tmp_path


def test_init_makes_an_index_for_a_folder_and_those_below(newsidx: Run, project: Path) -> None:
    assert newsidx("index", "press", cwd=project).status == 0
    below = project / "press"
    assert newsidx("search", "harbour", "-c", cwd=below).out == "1\n"
    assert (project / ".newsidx").stat().st_mode & 0o777 == 0o700
    assert newsidx("init", cwd=project).status == 2


def test_index_option_comes_before_the_environment_and_the_folder(
    newsidx: Run, project: Path, demo: Path
) -> None:
    newsidx("index", "press", cwd=project)
    env = {"NEWSIDX_INDEX": str(demo)}
    assert newsidx("search", "*", "-c", cwd=project).out == "1\n"
    assert newsidx("search", "*", "-c", cwd=project, env=env).out == "45\n"
    flag = ("--index", project / ".newsidx")
    assert newsidx("search", "*", "-c", *flag, cwd=project, env=env).out == "1\n"


def test_without_any_index_the_users_data_directory_is_used(newsidx: Run, tmp_path: Path) -> None:
    (tmp_path / "press").mkdir()
    env: dict[str, Any] = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data")}
    assert newsidx("index", "press", cwd=tmp_path, env=env).status == 0
    assert list(tmp_path.rglob("manifest.json"))


def test_a_full_disk_is_an_error(demo: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    for args in ("search calexit --json", "search '*'", "--version", "search 'a (' --json"):
        index = "" if args == "--version" else f"--index {demo}"
        command = f"{sys.executable} -m newsidx {args} {index} > /dev/full"
        done = subprocess.run(
            ["bash", "-c", command], capture_output=True, env=environment(), text=True, check=False
        )
        assert done.returncode == 2, args
        assert "Traceback" not in done.stderr


def test_a_letter_that_is_no_option_is_an_error(newsidx: Run, demo: Path) -> None:
    done = newsidx("search", "-i", "calexit", "--index", demo)
    assert done.status == 2
    assert "-i is no option" in done.err
    missing = newsidx("search", "calexit", "--index")
    assert missing.status == 2
    assert "--index needs a value" in missing.err


def test_options_of_roots_come_after_its_command(newsidx: Run, demo: Path) -> None:
    assert newsidx("roots", "--index", demo, "list").status == 2
    assert newsidx("roots", "list", "--index", demo).status == 0


def test_a_wrong_path_makes_no_index(newsidx: Run, tmp_path: Path) -> None:
    assert newsidx("index", tmp_path / "none", "--index", tmp_path / "index").status == 2
    assert not (tmp_path / "index").exists()
