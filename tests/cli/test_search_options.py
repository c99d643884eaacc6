"""The options of search and count: what each does, and what is no value of it."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from newsidx.index.manifest import read_manifest
from tests.processes import Finished, environment

Run = Callable[..., Finished]

COLOR = re.compile(r"\x1b\[[0-9;]*m")


# Exact or by stems


def test_exact_of_the_configuration_is_undone_by_stems(
    newsidx: Run, demo: Path, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    config.write_text("exact = true\n")
    env = {"NEWSIDX_CONFIG": str(config)}

    def found(*options: str, **more: object) -> tuple[int, bool]:
        done = newsidx("search", "ports", *options, "--json", "--index", demo, **more).json
        return done["total"], done["query"]["exact"]

    by_stems, exact = found("--stems"), found("--exact")
    assert by_stems[0] > exact[0]
    assert (by_stems[1], exact[1]) == (False, True)
    assert found() == found("--stems", env=env) == by_stems
    assert found(env=env) == found("--exact", env=env) == exact
    count = newsidx("count", "ports", "--stems", "--index", demo, env=env)
    assert count.out == f"{by_stems[0]}\n"


# -F


@pytest.mark.parametrize("text", ["", " ", "& %", "--"])
def test_a_literal_query_never_fails(newsidx: Run, demo: Path, text: str) -> None:
    done = newsidx("search", "-F", "--json", "--index", demo, "--", text)
    assert done.status == 1
    assert (done.json["total"], done.json["results"]) == (0, [])
    assert len(done.json["warnings"]) == 1
    assert done.json["warnings"][0] in done.err
    assert newsidx("count", "-F", "--index", demo, "--", text).out == "0\n"
    assert newsidx("search", "-F", "--index", demo, "--", text).status == 1


def test_only_a_literal_query_may_hold_no_word(newsidx: Run, demo: Path) -> None:
    assert newsidx("search", "& %", "--index", demo).status == 2
    assert newsidx("search", "", "--index", demo).status == 2


def test_a_wildcard_in_quotes_is_warned_of(newsidx: Run, demo: Path) -> None:
    done = newsidx("search", '"yes calif*"', "--json", "--index", demo)
    assert done.json["warnings"] == [
        "A * or ? in quotes is punctuation, not a wildcard: yes calif*"
    ]
    assert "not a wildcard: yes calif*" in done.err


# Values


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["search", "x", "--color", "sometimes"], "--color can't be 'sometimes'."),
        (["search", "x", "--sort", "length"], "Results can't be sorted by 'length'."),
        (["search", "x", "--limit", "-1"], "A limit or offset can't be negative."),
        (["search", "x", "--offset", "-1"], "A limit or offset can't be negative."),
        (["roots", "rename", "a", "b", "--wait", "-1"], "Nobody can wait -1 seconds."),
        (["roots", "rename", "a", "b", "--wait", "nan"], "Nobody can wait nan seconds."),
    ],
)
def test_a_value_that_an_option_cannot_have_is_an_error(
    newsidx: Run, demo: Path, args: list[str], message: str
) -> None:
    done = newsidx(*args, "--index", demo)
    assert done.status == 2
    assert message in done.err
    assert done.out == ""


# Colour


def test_color_always_colours_the_lines_of_a_pipe(newsidx: Run, demo: Path) -> None:
    plain = newsidx("search", "calexit", "--index", demo)
    assert not COLOR.search(plain.out)
    for options, env in ((["--color", "always"], {}), ([], {"FORCE_COLOR": "1"})):
        coloured = newsidx("search", "calexit", *options, "--index", demo, env=env)
        assert coloured.out.startswith("\x1b[36m")
        assert "\x1b[1;31mCalexit\x1b[0m" in coloured.out
        assert COLOR.sub("", coloured.out) == plain.out


def test_what_programs_read_is_never_coloured(newsidx: Run, demo: Path) -> None:
    for form in ("--json", "--jsonl", "-l", "-0", "-c"):
        done = newsidx("search", "calexit", form, "--color", "always", "--index", demo)
        assert done.status == 0
        assert "\x1b" not in done.out, form


# Paths


def test_0_ends_each_path_with_a_nul_and_l_need_not_be_said(newsidx: Run, demo: Path) -> None:
    lines = newsidx("search", "source:northline OR calexit", "-l", "--index", demo).out
    paths = lines.splitlines()
    assert len(paths) > 2
    for options in (["-0"], ["-l", "-0"], ["-l0"], ["-0l"], ["--null"]):
        done = newsidx("search", "source:northline OR calexit", *options, "--index", demo)
        assert done.out == "".join(f"{path}\0" for path in paths), options
        assert done.status == 0
    nothing = newsidx("search", "zzzzqq", "-0", "--index", demo)
    assert (nothing.status, nothing.out) == (1, "")


def test_0_goes_with_xargs(demo: Path) -> None:
    search = f"{sys.executable} -m newsidx search calexit -0 --index {demo}"
    done = subprocess.run(
        ["bash", "-c", f"{search} | xargs -0 grep -li calexit"],
        capture_output=True,
        env=environment(),
        text=True,
        check=True,
    )
    assert all(Path(line).is_file() for line in done.stdout.splitlines())
    assert done.stdout


@pytest.mark.parametrize("other", ["-c", "--json", "--jsonl"])
def test_0_is_a_form_of_output_like_others(newsidx: Run, demo: Path, other: str) -> None:
    assert newsidx("search", "x", "-0", other, "--index", demo).status == 2


# An index that is not finished


def test_a_first_run_that_was_killed_is_warned_of(newsidx: Run, tmp_path: Path) -> None:
    folder, index = tmp_path / "press", tmp_path / "index"
    folder.mkdir()
    (folder / "a.txt").write_text("Sea\n\nThe harbour was quiet on Monday.\n")
    code = (
        "import os, signal, sys\n"
        "from newsidx.indexer import commit\n"
        "from newsidx.cli.main import main\n"
        "def killed(*args): os.kill(os.getpid(), signal.SIGKILL)\n"
        "commit.Committer.apply = killed\n"
        "main(sys.argv[1:])\n"
    )
    args = ["index", str(folder), "--index", str(index), "--jobs", "1"]
    done = subprocess.run([sys.executable, "-c", code, *args], check=False, env=environment())
    assert done.returncode == -signal.SIGKILL
    found = newsidx("search", "harbour", "--json", "--index", index)
    assert found.status == 1
    (warning,) = found.json["warnings"]
    assert "did not finish" in warning
    assert warning in found.err
    for form in ("-l", "--jsonl", "-c"):
        assert warning in newsidx("search", "harbour", form, "--index", index).err
    assert newsidx("index", folder, "--index", index).status == 0
    assert newsidx("search", "harbour", "--json", "--index", index).json["warnings"] == []


def test_one_article_is_not_articles(newsidx: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Sea\n\nThe harbour was quiet on Monday.\n")
    index = tmp_path / "index"
    assert newsidx("index", tmp_path / "a.txt", "--index", index).status == 0
    assert "(1 article; " in newsidx("search", "zzzz", "--index", index).err
    assert read_manifest(index).articles == 1
