"""What people see: search, show, stats and the like on real terminals."""

from __future__ import annotations

import json
import re
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.processes import Finished, on_screen

Run = Callable[..., Finished]
COLOR = re.compile(r"\x1b\[[0-9;]*m")
LINK = re.compile(r"\x1b\]8;[^;]*;([^\x1b]*)\x1b\\")


def bare(text: str) -> str:
    """What is read of it."""
    return LINK.sub("", COLOR.sub("", text))


# Widths


@pytest.mark.parametrize("columns", [40, 60, 80, 120, 140, 200])
@pytest.mark.parametrize(
    "command",
    [
        ["search", "california OR port", "--snippets", "2", "--explain"],
        ["search", "california OR port", "--compact"],
        ["similar", "6n62"],
        ["show", "6n62", "26jb", "--query", "california"],
        ["stats"],
        ["files"],
        ["roots"],
    ],
    ids=lambda command: " ".join(command[:1] + command[2:3]),
)
def test_no_line_is_wider_than_the_terminal(demo: Path, columns: int, command: list[str]) -> None:
    shown = on_screen(*command, "--index", demo, columns=columns)
    assert shown.status == 0
    lines = bare(shown.out).splitlines()
    if "--explain" in command:  # a tree, which can't be broken
        lines = lines[next(at for at, line in enumerate(lines) if "articles match" in line) :]
    assert lines
    limit = max(columns, 45)  # status, reason and number have their room
    assert [line for line in lines if cell_len(line) > limit] == []


def test_a_wide_terminal_has_text_in_lines_that_can_be_read(demo: Path) -> None:
    shown = bare(on_screen("search", "california", "--index", demo, columns=200).out)
    (first,) = (line for line in shown.splitlines() if "Court takes" in line)
    start = first.index("Court takes")
    assert re.fullmatch(r"1  2018-07-19 +", first[:start])
    # The gap between the text and the tags.
    beyond = {line[start + 96 : start + 99] for line in shown.splitlines() if line[:3].isspace()}
    assert beyond <= {"", "   "}


def test_show_puts_what_is_known_beside_the_text_or_below(demo: Path) -> None:
    narrow = bare(on_screen("show", "501y", "--index", demo, columns=80).out)
    wide = bare(on_screen("show", "501y", "--index", demo, columns=120).out)
    assert narrow.index("another one.") < narrow.index("record:outlet")
    assert wide.index("record:outlet") < wide.index("another one.")
    assert all(len(line[:82].rstrip()) <= 80 for line in wide.splitlines())


# What is said


def test_a_list_says_how_many_how_long_by_what_and_what_next(demo: Path) -> None:
    shown = bare(on_screen("search", "the california", "-n", "3", "--index", demo).out)
    head, *rest = shown.splitlines()
    assert re.fullmatch(r"6 of 45 articles match · \d+ ms|6 of 45 articles match · .* s", head)
    assert rest[0].startswith("Left out as too common: the.")
    assert any(line.startswith("source   Harbor Courier 2") for line in rest)
    assert any(line.startswith("year     2016 1 · 2018 1") for line in rest)
    assert "1 to 3 of 6; more: --offset 3" in shown
    assert "Narrow it: --source 'Harbor Courier'" in shown
    assert "newsidx show 501y5a8tvvhv --query 'the california' --index" in shown


def test_the_command_that_is_suggested_works(demo: Path) -> None:
    shown = bare(on_screen("search", "california", "--index", demo, columns=200).out)
    (command,) = re.findall("newsidx (show .*)", shown)
    read = bare(on_screen(*command.split()).out)
    assert read.startswith("6 matches of california\n")
    narrowed = bare(
        on_screen("search", "california", "--source", "Harbor Courier", "--index", demo).out
    )
    assert narrowed.startswith("2 of 45 articles match")


def test_a_match_is_marked_as_it_stands(demo: Path) -> None:
    shown = on_screen("search", "=elected", "--lang", "en", "--index", demo).out
    assert "\x1b[1;31melected\x1b[0m" in shown
    read = on_screen("show", "501y", "--query", "state monterey", "--index", demo).out
    for word in ("state", "states", "Monterey"):
        assert f"\x1b[1;31m{word}\x1b[0m" in read
    told = bare(read).splitlines()[0]
    assert told == "6 matches of state monterey: state 4, states 1, monterey 1"


def test_show_says_where_an_article_does_not_match(demo: Path) -> None:
    shown = on_screen("show", "501y", "--query", "trawler", "--index", demo).out
    assert bare(shown).startswith("The article does not match trawler\n")


def test_compact_is_a_line_for_each_result(demo: Path) -> None:
    shown = bare(on_screen("search", "california", "--compact", "--index", demo).out)
    lines = [line for line in shown.splitlines() if re.match(r"\d  [0-9a-z]{12}  ", line)]
    assert [line[0] for line in lines] == list("123456")


# Colours and links


@pytest.mark.parametrize("command", [["search", "california"], ["show", "501y"], ["stats"]])
def test_colours_are_as_asked(demo: Path, command: list[str]) -> None:
    for args, env in (
        ([], {"NO_COLOR": "1"}),
        ([], {"TERM": "dumb"}),
        (["--color", "never"], {}),
    ):
        shown = on_screen(*command, *args, "--index", demo, **env)
        assert "\x1b" not in shown.out
    for args, env in (([], {}), (["--color", "always"], {"NO_COLOR": "1"})):
        assert "\x1b[1m" in on_screen(*command, *args, "--index", demo, **env).out
    dumb = on_screen(*command, "--color", "always", "--index", demo, TERM="dumb").out
    assert "\x1b[1m" in dumb
    assert "\x1b]8;" not in dumb


def test_a_title_leads_to_its_address_or_to_its_file(demo: Path, sample_data: Path) -> None:
    shown = on_screen("search", "california", "--index", demo).out
    targets = set(LINK.findall(shown))
    assert "https://pacific-ledger.example/politics/2018/07/three-californias" in targets
    file = sample_data / "scraped/000_5c1e9d20b7a4f386.txt"
    assert file.as_uri() in targets
    assert "\x1b]8;" not in on_screen("search", "california", "--index", demo, TERM="linux").out


# Hostile articles

ACTS = (
    "\x1b[31mred\x1b[0m\x1b]0;owned\x07\x1b]8;;http://evil.example\x1b\\\x9b2J\x9d0;x\x9c "
    "\u202egnp.exe\u2066\u200f\x7f\x00\x08"
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, newsidx: Run) -> Path:
    """An index of articles that would do something to a terminal."""
    folder = tmp_path_factory.mktemp("hostile")
    press = folder / "press\x1b[31m\u202e"
    press.mkdir()
    urls = [
        "https://a.example/x\x1b\\\x1b[2J\x07 y\u202e\x9c?q=\u00fc",
        "javascript:alert(1)",
        "file:///etc/passwd",
    ]
    for number in range(9):
        article = {
            "title": f"Harbour {ACTS} {number}",
            "body": f"The harbour {ACTS} was quiet. " * 9 + f"\n\nBut {number} {ACTS} harbour.",
            "authors": [f"Ann {ACTS}"],
            "source": f"Courier {ACTS} {number % 2}",
            "section": f"Port {ACTS} {number % 2}",
            "tags": [f"harbour {ACTS} {number % 2}"],
            "date": f"20{16 + number % 2}-11-08",
            "url": urls[number % 3] + str(number),
        }
        name = f"a{number}\x1b]0;x\x07\u202e.json"
        (press / name).write_text(json.dumps(article), encoding="utf-8")
    done = newsidx("index", press, "--index", folder / "index")
    assert done.status == 0, done.err
    return folder / "index"


def assert_harmless(shown: str) -> None:
    """Nothing but our own colours and links, and links that lead to the web or a file."""
    for target in LINK.findall(shown):
        assert re.fullmatch(r"(https?|file)://[!-~]*|", target)
        assert not target.startswith("file:///etc")
    rest = bare(shown)
    assert not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]", rest
    )


@pytest.mark.parametrize("columns", [60, 140])
def test_no_article_acts_on_the_terminal(hostile: Path, newsidx: Run, columns: int) -> None:
    (first, *_) = newsidx("search", "harbour", "--fields", "id", "--index", hostile).out.split()
    query = f"harbour {ACTS}"
    commands = [
        ["search", "harbour", "--snippets", "3", "--explain"],
        ["search", "harbour", "--compact"],
        ["search", "-F", query.replace("\x00", "")],
        ["search", "zzzz" + ACTS.replace("\x00", ""), "-F"],
        ["search", "author:ann OR tag:harbour OR source:courier"],
        ["similar", first],
        ["show", first, "--query", "harbour"],
        ["show", first, "-F", "--query", query.replace("\x00", "")],
        ["stats"],
        ["files"],
        ["roots"],
        ["cat", first],
    ]
    for command in commands:
        shown = on_screen(*command, "--index", hostile, columns=columns)
        assert shown.status in (0, 1), command
        assert len(shown.out) > 20
        assert_harmless(shown.out)


def test_an_error_that_quotes_the_query_is_harmless(hostile: Path) -> None:
    shown = on_screen("search", f"harbour AND ( {ACTS}".replace("\x00", ""), "--index", hostile)
    assert shown.status == 2
    assert_harmless(shown.out)


# The pager


def script(folder: Path, text: str) -> str:
    path = folder / "pager"
    path.write_text(f"#!{sys.executable}\nimport os, sys\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_what_is_longer_than_the_screen_goes_through_the_pager(demo: Path, tmp_path: Path) -> None:
    pager = script(
        tmp_path,
        f"text = sys.stdin.read()\n"
        f"open({str(tmp_path / 'seen')!r}, 'w').write(os.environ['LESS'] + text)\n"
        f"print('paged')",
    )
    args = ("search", "california", "--index", demo)
    shown = on_screen(*args, lines=24, PAGER=pager)
    assert (shown.status, shown.out) == (0, "paged\n")
    seen = (tmp_path / "seen").read_text()
    assert seen.startswith("FRX")
    assert "\x1b[1;31mCalifornia\x1b[0m" in seen
    assert "\x1b]8;" not in seen  # a pager that is not less may not know links
    again = on_screen(*args, lines=24, PAGER="false", NEWSIDX_PAGER=pager, LESS="-i")
    assert again.out == "paged\n"
    assert (tmp_path / "seen").read_text().startswith("-i")
    assert on_screen("show", "6n62", "--index", demo, lines=24, PAGER=pager).out == "paged\n"


@pytest.mark.parametrize(
    ("args", "env", "lines"),
    [
        (["--no-pager"], {}, 24),
        ([], {"TERM": "dumb"}, 24),
        ([], {"NEWSIDX_PAGER": ""}, 24),
        ([], {"PAGER": "cat"}, 24),
        ([], {}, 500),
        ([], {"PAGER": "/nowhere/pager"}, 24),
    ],
)
def test_there_is_no_pager_where_none_is_wanted_or_needed(
    demo: Path, tmp_path: Path, args: list[str], env: dict[str, str], lines: int
) -> None:
    pager = script(tmp_path, "print('paged')")
    shown = on_screen(
        "search", "california", *args, "--index", demo, lines=lines, **{"PAGER": pager, **env}
    )
    assert shown.status == 0
    assert "paged" not in shown.out
    assert "Read one: newsidx show" in bare(shown.out)


def test_who_leaves_the_pager_early_makes_no_error(demo: Path, tmp_path: Path) -> None:
    pager = script(tmp_path, "print(sys.stdin.readline().split()[0])")
    for command in (["search", "*", "-n", "0"], ["files"]):
        shown = on_screen(*command, "--index", demo, lines=10, PAGER=pager)
        assert shown.status == 0
        assert len(shown.out.splitlines()) == 1


def test_nothing_found_is_still_1_and_needs_no_pager(demo: Path, tmp_path: Path) -> None:
    pager = script(tmp_path, "print('paged')")
    shown = on_screen("search", "zzzzqq", "--index", demo, lines=2, PAGER=pager)
    assert shown.status == 1
    assert "paged" not in shown.out
