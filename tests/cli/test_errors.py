"""What a wrong command line is told: what happened, where, and what to do. Word for word.

The texts stand in golden/errors.txt, one block for each command line.
Where a change is meant: NEWSIDX_UPDATE_GOLDEN=1 pytest tests/cli/test_errors.py, and read the diff.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from newsidx.cli.main import main

GOLDEN = Path(__file__).parent.parent / "golden" / "errors.txt"
UPDATE = bool(os.environ.get("NEWSIDX_UPDATE_GOLDEN"))

LINES = """
serach
xyzzy
--verson
-x
--index {index} search a
search --limt 3 a
search --frobnicate a
search --prune a
search --limit x a
search --limit -3 a
search --offset -3 a
search a --limit=
search a --json=3
search
search ''
search '  '
search '!!!'
search '"yes california'
search 'calexit AND ('
search 'calexit)'
search 'titel:x'
search 'date:2016-13'
search 'date:03/04/2016'
search 'words>many'
search '/(/'
search a --since foo
search a --until 2016-02-30
search a --since 2017 --until 2016
search a --source ''
search a --sort size
search a --color red
search a --fields foo
search a --fields ''
search a --format-version 2
search a --json --csv
search a --engine lucene
search -i a
search a --index /nonexistent
search a --index {index}/manifest.json
search a --index ''
count
count 'a AND'
suggest
similar
similar zzzzzz
similar a --limit -1
show
show 6n62 6xyj extra --frob
show zz
show zzzzzz
show ''
stats extra
stats --jsn
files --status bad
files --reason bad
files /nonexistent
read
read /nonexistent
read --format foo x
read --map foo x
read --map foo=bar x
read --date-order xyz x
formats extra
init /nonexistent
rm
rm --id --query x
rm calexit
restore
restore zz
restore --all x
export 'a AND'
roots lst
roots rename
roots rename nope new
roots forget sample_data
roots forget nope --yes
roots --json list
optimize --wait x
optimize --wait -1
repair --jobs 0
repair --jobs x
index /nonexistent
index --jobs 0 .
index --memory 5 .
index - x
index --rebuild .
index --language xx .
index --engine foo .
index --format foo .
index --header=3 .
watch /nonexistent
watch --every 0
help nope
help qery
help search extra
completion
completion tcsh
man extra
"""


def cases() -> list[str]:
    return [line for line in LINES.splitlines() if line]


def told(line: str, demo: Path, capfd: pytest.CaptureFixture[str]) -> str:
    """The command line, what it says on standard error, and its status."""
    words = [word.replace("{index}", str(demo)) for word in shlex.split(line)]
    status = main(words)
    out, err = capfd.readouterr()
    assert out == "" or "--json" in words
    assert "Traceback" not in err
    return f"$ newsidx {line}\n{err}[{status}]\n".replace(str(demo), "INDEX")


@pytest.fixture(autouse=True)
def nobody_at_the_keyboard(demo: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("NEWSIDX_INDEX", str(demo))
    monkeypatch.setenv("NEWSIDX_CONFIG", os.devnull)
    with Path(os.devnull).open() as nothing:
        monkeypatch.setattr("sys.stdin", nothing)
        yield


@cache
def golden() -> dict[str, str]:
    blocks = re.split(r"(?m)^(?=\$ newsidx )", GOLDEN.read_text(encoding="utf-8"))
    return {block.splitlines()[0]: block for block in blocks if block}


found: dict[str, str] = {}


@pytest.mark.parametrize("line", cases())
def test_every_error_says_what_happened_and_what_to_do(
    line: str, demo: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    text = told(line, demo, capfd)
    if UPDATE:
        found[line] = text
        GOLDEN.write_text("".join(found.values()), encoding="utf-8")
        return
    assert golden()[f"$ newsidx {line}"] == text
    *_, status = text.splitlines()
    assert status in ("[1]", "[2]")


def test_a_nul_in_an_argument_is_refused(capfd: pytest.CaptureFixture[str]) -> None:
    for words in (["search", "a\0b"], ["read", "a\0b"], ["export", "-o", "a\0b"]):
        assert main([*words]) == 2
        assert "An argument holds a NUL character." in capfd.readouterr().err


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"x = [", "can't be read"),
        (b"\xff", "is not in UTF-8"),
        (b"colour = 1", "which is no setting"),
        (b'jobs = "many"', "jobs must be a whole number above 0"),
        (None, "There is no configuration file"),
    ],
)
def test_a_configuration_that_is_wrong_is_named_with_what_is_wrong(
    content: bytes | None,
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "config.toml"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv("NEWSIDX_CONFIG", str(path))
    assert main(["count", "calexit"]) == 2
    message, hint = capfd.readouterr().err.splitlines()
    assert reason in message
    assert str(path) in message
    assert hint.startswith("  ")


def test_a_configuration_that_is_a_folder_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NEWSIDX_CONFIG", str(tmp_path))
    assert main(["count", "calexit"]) == 2
    assert f"{tmp_path} can't be read: Is a directory." in capfd.readouterr().err


def test_an_index_that_may_not_be_read_is_not_called_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert main(["count", "calexit", "--index", str(tmp_path)]) == 2
    err = capfd.readouterr().err
    assert f"The index at {tmp_path} may not be read by you." in err
    assert "repair" not in err


def test_names_that_are_not_utf_8_are_named_all_the_same(capfd: pytest.CaptureFixture[str]) -> None:
    name = os.fsdecode(b"/caf\xe9")
    for words, status in (
        (["read", name], 2),
        (["similar", name], 1),
        (["show", name], 1),
        (["search", "a", "--index", name], 2),
        (["search", f"titel:{name}"], 2),
        ([name], 2),
        ([f"--{name}"], 2),
    ):
        assert main(words) == status, words
        err = capfd.readouterr().err
        assert "caf" in err
        assert "unexpectedly" not in err
        assert "damaged" not in err


def test_a_traceback_is_shown_with_debug_only(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **options: object) -> None:
        raise RuntimeError("a wheel came off")

    monkeypatch.setattr("newsidx.cli.commands.count.search", fail)
    assert main(["count", "calexit"]) == 2
    err = capfd.readouterr().err
    assert "newsidx failed unexpectedly: RuntimeError: a wheel came off" in err
    assert "--debug" in err
    assert "Traceback" not in err
    assert main(["count", "calexit", "--debug"]) == 2
    assert "Traceback" in capfd.readouterr().err
