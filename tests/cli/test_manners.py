"""Every command that prints, as a process among others: its streams, its locale, its end.

A new command is a line in SAMPLES, or in SILENT if it has nothing for standard output.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from newsidx.cli.main import COMMANDS, main
from tests.conftest import REPOSITORY
from tests.processes import environment

# Command -> arguments with which it prints something. ID and FILE stand for an article's, JUDGED
# for a sample.
SAMPLES: dict[str, list[str]] = {
    "index": ["index", "--json"],
    "search": ["search", "california"],
    "count": ["count", "california"],
    "facets": ["facets", "source"],
    "timeline": ["timeline", "california"],
    "alert": ["alert", "list"],
    "new": ["new", "--peek"],
    "suggest": ["suggest", "california"],
    "similar": ["similar", "ID"],
    "spread": ["spread", "STORY"],
    "kwic": ["kwic", "california"],
    "terms": ["terms", "cal"],
    "keywords": ["keywords", "california"],
    "quote": ["quote", "Calexit then needed 585,407 valid signatures"],
    "sample": ["sample", "california"],
    "assess": ["assess", "JUDGED"],
    "cite": ["cite", "california", "--date", "2026-11-23"],
    "freeze": ["freeze", "list"],
    "diff": ["diff", "spring", "--json"],
    "report": ["report", "california", "-o", "-", "--date", "2026-11-23"],
    "cat": ["cat", "ID"],
    "show": ["show", "ID"],
    "stats": ["stats"],
    "files": ["files"],
    "read": ["read", "FILE"],
    "formats": ["formats"],
    "rm": ["rm", "california", "--dry-run"],
    "restore": ["restore", "--all", "--json"],
    "export": ["export", "california"],
    "roots": ["roots"],
    "optimize": ["optimize", "--json"],
    "verify": ["verify"],
    "repair": ["repair", "--dry-run", "--json"],
    "schema": ["schema"],
    "completion": ["completion", "bash"],
    "man": ["man"],
    "help": ["help", "formats"],
}
SILENT = {
    "init": "says what it made on standard error",
    "migrate": "moves an index, and says so on standard error",
    "watch": "runs until it is stopped",
}

ID = "6n62mv6pwzbb"
STORY = "yf7jw4dpq367"  # of which there are other versions
NEWSIDX = [sys.executable, "-m", "newsidx"]
HAS_FULL = Path("/dev/full").exists()


@pytest.fixture(scope="module")
def archive(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index that may be written to."""
    index = shutil.copytree(demo, tmp_path_factory.mktemp("archive") / "index")
    assert main(["alert", "add", "fires", "california", "--from-start", "--index", str(index)]) == 0
    assert main(["freeze", "spring", "california", "--index", str(index)]) == 0
    return index


def arguments(name: str, sample_data: Path) -> list[str]:
    file = str(sample_data / "ashcombe-lantern/politics/brexit-night.txt")
    judged = str(REPOSITORY / "tests" / "golden" / "judged.csv")
    known = {"ID": ID, "STORY": STORY, "FILE": file, "JUDGED": judged}
    return [known.get(word, word) for word in SAMPLES[name]]


def shell(redirected: str, words: list[str], archive: Path, **env: str) -> Any:
    """Run newsidx with its streams as a shell redirects them."""
    return subprocess.run(
        ["bash", "-c", f'"$@" {redirected}', "newsidx", *NEWSIDX, *words],
        capture_output=True,
        env=environment(NEWSIDX_INDEX=str(archive), **env),
        timeout=120,
        check=False,
    )


def clean(err: bytes) -> bool:
    return not re.search(rb"Traceback|BrokenPipe|Exception|unexpectedly", err)


def test_every_command_is_tried() -> None:
    assert set(COMMANDS) == {*SAMPLES, *SILENT}


@pytest.fixture(scope="module", params=SAMPLES)
def usual(request: pytest.FixtureRequest, archive: Path, sample_data: Path) -> Any:
    """A command, and what comes of it where everything is as usual."""
    words = arguments(request.param, sample_data)
    done = shell("", words, archive)
    assert done.returncode == 0
    assert done.stdout
    assert clean(done.stderr)
    return words, done


def test_it_ends_quietly_when_nobody_reads(usual: Any, archive: Path) -> None:
    words, _ = usual
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [*NEWSIDX, *words],
        stdout=writer,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        env=environment(NEWSIDX_INDEX=str(archive)),
        timeout=120,
        check=False,
    )
    os.close(writer)
    assert done.returncode == 0
    assert clean(done.stderr)
    assert b"could not be written" not in done.stderr


@pytest.mark.skipif(not HAS_FULL, reason="this system has no /dev/full")
def test_a_full_disk_is_an_error_that_says_so(usual: Any, archive: Path) -> None:
    words, _ = usual
    done = shell("> /dev/full", words, archive)
    assert done.returncode == 2
    assert b"No space left on device" in done.stderr
    assert clean(done.stderr)


def test_it_needs_neither_input_nor_messages_and_files_get_no_colours(
    usual: Any, archive: Path, tmp_path: Path
) -> None:
    words, before = usual
    done = shell(f"<&- 2>&- > {tmp_path}/out", words, archive, TERM="xterm-256color")
    assert done.returncode == 0
    out = (tmp_path / "out").read_bytes()
    assert b"\x1b" not in out
    assert b"\0" not in out
    if words[0] not in ("index", "optimize"):  # which have something to do but once
        assert out == before.stdout


def test_it_bears_that_its_output_is_closed(usual: Any, archive: Path) -> None:
    words, _ = usual
    done = shell(f">&- {'2> /dev/full' if HAS_FULL else ''}", words, archive)
    # What is new has to be taken by somebody.
    assert done.returncode == (2 if words[0] == "new" else 0)
    assert clean(done.stderr)


def test_it_prints_in_any_locale(usual: Any, archive: Path) -> None:
    words, _ = usual
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "TERM": "dumb"}
    done = shell("", words, archive, PYTHONIOENCODING="ascii", **plain)
    assert done.returncode == 0
    assert done.stdout
    assert clean(done.stderr)


def at_terminal(words: list[str], archive: Path, **env: str) -> bytes:
    """What a command prints at a terminal."""
    import pty

    parent, child = pty.openpty()
    process = subprocess.Popen(
        [*NEWSIDX, *words],
        stdin=child,
        stdout=child,
        stderr=child,
        env=environment(NEWSIDX_INDEX=str(archive), PAGER="cat", **env),
    )
    os.close(child)
    shown = b""
    while True:
        try:
            data = os.read(parent, 65536)
        except OSError:  # closed by the other side
            break
        if not data:
            break
        shown += data
    os.close(parent)
    assert process.wait(60) == 0
    return shown


COLOR = re.compile(rb"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_is_coloured_on_a_dumb_terminal_or_against_ones_wish(
    name: str, archive: Path, sample_data: Path
) -> None:
    words = arguments(name, sample_data)
    assert b"\x1b" not in at_terminal(words, archive, TERM="dumb")
    styled = COLOR.findall(at_terminal(words, archive, TERM="xterm-256color", NO_COLOR="1"))
    coloured = [each for each in styled if re.search(rb"[\[;](3|4|9|10)[0-9]", each)]
    assert coloured == []


def test_colours_are_forced_into_a_pipe_and_refused_there_by_hand(archive: Path) -> None:
    words = ["search", "california", "--explain"]
    forced = shell("", ["search", "calexit"], archive, FORCE_COLOR="1").stdout
    assert COLOR.search(forced)
    refused = shell("", ["search", "calexit", "--color", "never"], archive, FORCE_COLOR="1")
    assert not COLOR.search(refused.stdout)
    both = shell("", words, archive, FORCE_COLOR="1", NO_COLOR="1")
    assert not COLOR.search(both.stdout)
    as_json = shell("", ["search", "calexit", "--json"], archive, FORCE_COLOR="1")
    assert not COLOR.search(as_json.stdout)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_80_wide_and_ends_with_help(name: str) -> None:
    from newsidx.cli.main import build

    group = build()
    command = group.get_command(None, name)
    with group.make_context("newsidx", [], resilient_parsing=True) as parent:
        context = type(parent)(command, info_name=name, parent=parent, terminal_width=80)
        text = command.get_help(context)
    assert text.startswith(f"Usage: newsidx {name}")
    assert max(map(len, text.splitlines())) <= 80
    assert re.search(r"^  -h, --help +Show this message and exit\.$", text, re.MULTILINE)


# Signals


def started(words: list[str], archive: Path, tmp_path: Path, **streams: Any) -> Any:
    return subprocess.Popen(
        [*NEWSIDX, *words],
        stderr=subprocess.PIPE,
        env=environment(NEWSIDX_INDEX=str(archive), TMPDIR=str(tmp_path)),
        start_new_session=True,
        **{"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, **streams},
    )


def wait_until(there: Any) -> None:
    deadline = time.monotonic() + 60
    while not there():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def as_a_shell_has_it(status: int) -> int:
    """The status of a process that may have let the signal kill it in the end, as Python may."""
    return 128 - status if status < 0 else status


SIGNALS = [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)]


@pytest.mark.parametrize(("number", "status"), SIGNALS)
@pytest.mark.parametrize("words", [["read", "-"], ["similar", "-"]])
def test_a_signal_ends_it_and_its_temporary_files_are_gone(
    words: list[str], number: int, status: int, archive: Path, tmp_path: Path
) -> None:
    process = started(words, archive, tmp_path, stdin=subprocess.PIPE)
    wait_until(lambda: list(tmp_path.glob("newsidx-*/*")))
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert as_a_shell_has_it(process.returncode) == status
    assert clean(err)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("number", "status"), SIGNALS)
@pytest.mark.parametrize("name", ["search", "export"])
def test_a_signal_ends_it_though_its_reader_has_stopped_reading(
    name: str, number: int, status: int, tmp_path: Path
) -> None:
    folder, index = tmp_path / "press", tmp_path / "index"
    folder.mkdir()
    for at in range(60):
        (folder / f"{at}.txt").write_text(f"Story {at}\n\n" + f"Words of story {at}. " * 400)
    subprocess.run(
        [*NEWSIDX, "index", str(folder)],
        env=environment(NEWSIDX_INDEX=str(index)),
        check=True,
        capture_output=True,
    )
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    fields = ["--jsonl", "--fields", "id,body"] if name == "search" else []
    process = started([name, "*", *fields], index, temporary)
    assert process.stdout is not None
    os.read(process.stdout.fileno(), 1)
    time.sleep(0.3)  # until the pipe is full, and it waits
    process.send_signal(number)
    try:
        assert as_a_shell_has_it(process.wait(60)) == status
        assert clean(process.stderr.read())
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(("number", "status"), SIGNALS[:2])
def test_a_run_that_is_told_to_end_leaves_an_index_that_goes_on(
    number: int, status: int, tmp_path: Path
) -> None:
    folder, index = tmp_path / "press", tmp_path / "index"
    folder.mkdir()
    for at in range(300):
        (folder / f"{at}.txt").write_text(f"Story {at}\n\n" + f"Words of {at}. " * 300)
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    process = started(["index", str(folder), "--jobs", "2"], index, temporary)
    wait_until((index / "ledger.db").exists)
    time.sleep(0.3)
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode in (0, status)
    assert clean(err)
    assert list(temporary.iterdir()) == []
    wait_until(lambda: not in_group(process.pid))
    for words, lines in (
        (["verify"], None),
        (["index", str(folder)], None),
        (["count", "*"], b"300\n"),
    ):
        done = shell("", words, index)
        assert done.returncode == 0, done.stderr
        assert lines is None or done.stdout == lines


def in_group(number: int) -> bool:
    """Whether a process is left of those that a session leader has started."""
    try:
        os.killpg(number, 0)
    except ProcessLookupError:
        return False
    return True


def test_an_export_to_a_file_that_is_told_to_end_leaves_no_part_of_it(
    archive: Path, tmp_path: Path
) -> None:
    process = started(["export", "-o", str(tmp_path / "all.jsonl")], archive, tmp_path)
    wait_until(lambda: list(tmp_path.iterdir()) or process.poll() is not None)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    if process.returncode == 143:
        assert list(tmp_path.iterdir()) == []
    else:
        assert [path.name for path in tmp_path.iterdir()] == ["all.jsonl"]


def test_what_is_ignored_from_the_start_stays_ignored(archive: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        ["bash", "-c", 'trap "" TERM HUP; exec "$@"', "newsidx", sys.executable, "-c", IGNORING],
        env=environment(NEWSIDX_INDEX=str(archive)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "SIG_IGN SIG_IGN\n"


IGNORING = """
import signal
from newsidx.cli.process import ending
with ending():
    print(*(signal.getsignal(each).name for each in (signal.SIGTERM, signal.SIGHUP)))
"""


def test_standard_streams_that_are_closed_are_not_taken_by_files(archive: Path) -> None:
    code = (
        "import os, sys; from newsidx.cli.main import main\n"
        "status = main(['count', '*'])\n"
        "names = [os.readlink(f'/proc/self/fd/{n}') for n in (0, 1, 2)]\n"
        "open(sys.argv[1], 'w').write(repr((status, names)))"
    )
    if not Path("/proc/self/fd").exists():
        pytest.skip("this system does not tell which files are open")
    told = archive.parent / "told"
    words = [sys.executable, "-c", code, str(told)]
    subprocess.run(
        ["bash", "-c", '"$@" <&- >&- 2>&-', "newsidx", *words],
        env=environment(NEWSIDX_INDEX=str(archive)),
        check=False,
    )
    assert told.read_text() == repr((0, ["/dev/null"] * 3))
