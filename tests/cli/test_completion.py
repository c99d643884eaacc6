"""Completion: what may stand at a place, and that real shells put it there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsidx.cli.completing.shells import SCRIPTS, answered
from newsidx.cli.main import COMMANDS, main
from newsidx.engines.base import SORTS
from newsidx.index.outcomes import STATUSES
from newsidx.indexer.run import RunOptions, run
from newsidx.indexer.writing import create_index
from newsidx.output.hits import FOLDED
from newsidx.searcher.concordance import LINE_SORTS
from newsidx.searcher.timeline import UNITS
from tests.cli.terminal import Typist
from tests.processes import environment

BREAKS = " \t\n\"'><=;|&(:"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index whose sources try the shells."""
    folder = tmp_path_factory.mktemp("press")
    for number, (source, tag) in enumerate(
        [
            ("The Meridian Post", "bank collapse"),
            ("The Daily Lantern", "elections"),
            ("Northline", "elections"),
            ("Zeitung für $HOME", "it's"),
            ("Éclair `reboot`", "a:b"),
        ]
    ):
        story = {"title": f"Story {number}", "text": "Words.", "source": source, "tags": [tag]}
        (folder / f"{number}.json").write_text(json.dumps(story), encoding="utf-8")
    index = tmp_path_factory.mktemp("archive") / "index"
    create_index(index, "whoosh", "en")
    run(index, [str(folder)], RunOptions(jobs=1))
    return index


@pytest.fixture(autouse=True)
def used(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSIDX_INDEX", str(archive))
    monkeypatch.setenv("NEWSIDX_CONFIG", os.devnull)


def offered(line: str) -> list[str]:
    """The values that are offered behind `newsidx `, as the command would get them."""
    _, *lines = answered("zsh", f"newsidx {line}").splitlines()
    return [each.split("\t")[0] for each in lines]


def kind(line: str) -> str:
    return answered("zsh", f"newsidx {line}").splitlines()[0]


def in_bash(line: str) -> list[str]:
    return answered("bash", f"newsidx {line}", BREAKS).splitlines()[1:]


def test_commands_are_completed_with_what_they_do() -> None:
    assert offered("") == list(COMMANDS)
    assert answered("fish", "newsidx sea") == f"words\nsearch\t{COMMANDS['search']}\n"
    assert offered("--v") == ["--version"]


def test_no_hidden_word_is_offered() -> None:
    assert not [word for word in offered("") if word.startswith("_")]


def test_options_of_a_command_are_completed() -> None:
    assert offered("search --so") == ["--source", "--sort"]
    assert "--purge" in offered("rm --")
    assert "--json" in offered("roots list --")
    assert offered("stats --so") == []


def test_commands_below_a_command_are_completed() -> None:
    assert offered("roots re") == ["rename"]


def test_values_of_filters_come_from_the_index() -> None:
    everything = ["Northline", "The Daily Lantern", "The Meridian Post"]
    assert sorted(offered("search --source "))[:3] == everything
    assert offered("search --source The\\ M") == ["The Meridian Post"]
    assert offered("search 'x' --source 'the m") == ["The Meridian Post"]
    assert offered("count --source=north") == ["--source=Northline"]
    assert offered("search --tag e") == ["elections"]
    assert offered("search --source eclair") == ["Éclair `reboot`"]


def test_values_have_the_number_of_their_articles_beside_them() -> None:
    assert answered("fish", "newsidx search --tag el") == "words\nelections\t2 articles\n"


def test_values_of_a_field_are_completed_within_a_query() -> None:
    assert offered("search source:nor") == ["source:Northline"]
    assert offered("search 'words -source:the") == [
        'words -source:"The Daily Lantern"',
        'words -source:"The Meridian Post"',
    ]
    assert offered("search 'source:\"the m") == ['source:"The Meridian Post"']
    assert offered("search '(tag:ban") == ['(tag:"bank collapse"']
    assert offered("search source:=nor") == ["source:=Northline"]
    assert offered("search publication:nor") == ["publication:Northline"]
    assert offered("search --limit 3 tag:ele") == ["tag:elections"]


def test_fields_are_completed_within_a_query_and_wait_for_their_value() -> None:
    assert offered("search words tit") == ["title:"]
    assert offered("search 'words (aut") == ["words (authors:", "words (author:"]
    assert kind("search tit") == "open"
    assert kind("search source:nor") == "words"


def test_names_of_fields_are_completed_one_after_the_other() -> None:
    assert offered("search --fields id,ti") == ["id,title"]
    assert set(offered("search --fields ")) == {*FOLDED.columns, *FOLDED.more}
    assert "id,id" not in offered("search --fields id,")


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("search --sort ", list(SORTS)),
        ("search --color ", ["auto", "always", "never"]),
        ("files --status ", list(STATUSES)),
        ("completion ", ["bash", "zsh", "fish"]),
        ("read --format json", ["json", "jsonl"]),
        ("search --engine m", ["memory"]),
        ("index --date-order ", ["dmy", "mdy", "auto"]),
        ("help exit", ["exit-status"]),
        ("help stop", ["stopwords"]),
        ("read --map ti", ["title="]),
        ("kwic --sort ", list(LINE_SORTS)),
        ("timeline --unit ", list(UNITS)),
        ("timeline --by ", ["day", "week", "month", "quarter", "year"]),
        ("timeline --split so", ["source"]),
        ("timeline words --against tag:ele", ["tag:elections"]),
        ("facets au", ["authors"]),
        ("facets source tag:ele", ["tag:elections"]),
        ("terms --field ti", ["title"]),
        ("search --limit ", []),
    ],
)
def test_choices_are_completed(line: str, values: list[str]) -> None:
    assert offered(line) == values


def test_ids_are_completed_with_their_titles(archive: Path) -> None:
    from newsidx.app import open as open_index

    with open_index(archive) as opened:
        (hit,) = opened.search('title:"Story 2"').hits
    key = hit.article.id
    assert answered("fish", f"newsidx show {key[:6]}") == f"words\n{key}\tStory 2\n"
    assert offered("show ") == []


def test_names_of_alerts_are_completed(archive: Path) -> None:
    assert main(["alert", "add", "votes", "tag:elections", "--index", str(archive)]) == 0
    assert answered("fish", "newsidx new ") == "words\nvotes\ttag:elections\n"
    assert offered("alert rm v") == ["votes"]


def test_labels_of_roots_are_completed(archive: Path) -> None:
    (label,) = offered("roots rename ")
    assert offered(f"search root:{label[:3]}") == [f"root:{label}"] or "-" in label


def test_paths_are_left_to_the_shell() -> None:
    assert kind("index ") == "files"
    assert kind("init ") == "folders"
    assert kind("search --index ") == "folders"
    assert kind("export -o ") == "files"


def test_the_index_that_the_line_names_is_asked(demo: Path) -> None:
    assert offered(f"search --index {demo} --source north") == ["Northline Wire"]
    assert offered(f"search --index={demo} --source north") == ["Northline Wire"]


def test_bash_gets_what_it_replaces_quoted_as_it_stands() -> None:
    assert in_bash("search --source nor") == ["Northline"]
    assert in_bash("search --source=the\\ m") == ["The\\ Meridian\\ Post"]
    assert in_bash('search source:\\"the\\ m') == ['\\"The\\ Meridian\\ Post\\"']
    assert in_bash("search 'x source:\"the m") == ['x source:"The Meridian Post"']
    assert in_bash('search --source "the m') == ["The Meridian Post"]
    assert in_bash("search --tag it") == ["it\\'s"]
    assert in_bash("search --tag 'it") == ["it'\\''s"]


def test_nothing_of_an_article_can_be_run_by_a_shell() -> None:
    assert in_bash("search --source Z") == ["Zeitung\\ für\\ \\$HOME"]
    assert in_bash('search --source "Z') == ["Zeitung für \\$HOME"]
    assert in_bash("search --source É") == ["Éclair\\ \\`reboot\\`"]


def test_a_value_that_would_act_on_a_terminal_is_not_offered() -> None:
    from newsidx.cli.completing.candidates import _chosen

    assert not _chosen([("a\x1b[2J", ""), ("a\nb", "")], "a").candidates


@pytest.mark.parametrize(
    "line",
    ["search --source ", "show abcd", "frobnicate --x", "search '", "search \\", "roots x y"],
)
def test_what_goes_wrong_is_not_said_while_somebody_is_typing(line: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "newsidx", "_complete", "bash", f"newsidx {line}", BREAKS],
        env=environment(NEWSIDX_INDEX=str(tmp_path / "none")),
        capture_output=True,
        check=False,
    )
    assert done.returncode in (0, 1)
    assert done.stderr == b""


def test_values_load_neither_typer_nor_what_understands_queries(archive: Path) -> None:
    code = (
        "import sys; from newsidx.cli.completing import main\n"
        "main(['fish', 'newsidx search --source nor'])\n"
        "main(['fish', 'newsidx search source:nor'])\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment(), check=True
    )
    assert done.stdout.count("Northline") == 2
    unwanted = {"typer", "rich", "newsidx.app", "newsidx.query.parser", "sqlite3", "numpy"}
    assert unwanted & set(done.stderr.split()) == set()


# Real shells


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder with a `newsidx` that completes, and otherwise notes what it was given."""
    program = tmp_path / "bin" / "newsidx"
    program.parent.mkdir()
    program.write_text(
        "#!/bin/sh\n"
        f'case "$1" in _complete | completion) exec "{sys.executable}" -m newsidx "$@" ;; esac\n'
        f'for each; do printf "%s\\n" "$each"; done > "{tmp_path}/part"\n'
        f'mv "{tmp_path}/part" "{tmp_path}/given"\n'
    )
    program.chmod(0o755)
    return program.parent


SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], 'eval "$(newsidx completion bash)"'),
    "zsh": (
        ["zsh", "-f", "-i"],
        'autoload -U compinit; compinit -u -D; eval "$(newsidx completion zsh)"',
    ),
    "fish": (["fish", "--no-config", "-i"], "newsidx completion fish | source"),
}


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest, programs: Path, tmp_path: Path) -> Iterator[Typist]:
    command, setup = SHELLS[request.param]
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    env = environment(
        PATH=f"{programs}{os.pathsep}{os.environ['PATH']}",
        PYTHONPATH=os.pathsep.join(filter(None, sys.path)),
        HOME=str(tmp_path),
        TERM="xterm",
        LANG="C.UTF-8",
        HISTFILE=str(tmp_path / "history"),
    )
    typist = Typist(command, env)
    typist.type(f"{setup}; echo rea''dy\n")
    typist.wait_for_text("ready\r")
    yield typist
    typist.close()


LINES = {
    "newsidx sea": ["search"],
    "newsidx search source:nor": ["search", "source:Northline"],
    "newsidx search 'words -source:\"the m": ["search", 'words -source:"the Meridian Post"'],
    "newsidx search --source the\\ m": ["search", "--source", "The Meridian Post"],
    "newsidx search --source=the\\ m": ["search", "--source=The Meridian Post"],
    "newsidx search --source 'the m": ["search", "--source", "The Meridian Post"],
    'newsidx search "tag:ban': ["search", 'tag:"bank collapse"'],
    "newsidx search tag:ban": ["search", 'tag:"bank collapse"'],
    'newsidx search --source "Z': ["search", "--source", "Zeitung für $HOME"],
    "newsidx search --source É": ["search", "--source", "Éclair `reboot`"],
    "newsidx search --tag it": ["search", "--tag", "it's"],
    "newsidx search --tag a": ["search", "--tag", "a:b"],
    "newsidx search --fields id,ti": ["search", "--fields", "id,title"],
}


def test_a_shell_puts_it_in_so_that_the_command_gets_it_whole(
    shell: Typist, tmp_path: Path
) -> None:
    (tmp_path / "some folder").mkdir()
    lines = {**LINES, f"newsidx init {tmp_path}/some": ["init", f"{tmp_path}/some folder"]}
    for line, words in lines.items():
        given = tmp_path / "given"
        given.unlink(missing_ok=True)
        shell.type(f"{line}\t")
        shell.type("\n")
        found = shell.wait_for(given).splitlines()
        assert [each.rstrip("/").casefold() for each in found] == [w.casefold() for w in words], (
            line
        )


def test_every_script_says_how_it_is_installed() -> None:
    from newsidx.cli.completing.shells import script

    for shell in SCRIPTS:
        assert f"newsidx completion {shell}" in script(shell)
