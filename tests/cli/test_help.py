"""Help topics and the manual page: made of what the code knows, and kept in step with it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import newsidx
from newsidx.cli.main import COMMANDS, build, main
from newsidx.cli.manual import manual_page
from newsidx.cli.reference import ENVIRONMENT, SETTINGS
from newsidx.cli.topics import TOPICS
from newsidx.config import Settings
from newsidx.engines.base import SORTS
from newsidx.output import schemas
from newsidx.readers.registry import readers
from newsidx.schema import FIELDS, LEAD

SOURCES = Path(newsidx.__file__).parent


@pytest.mark.parametrize("name", TOPICS)
def test_a_topic_fits_a_screen_or_two(name: str) -> None:
    lines = TOPICS[name].text().splitlines()
    shapes = len(schemas.names()) if name == "json" else 0  # a list to look things up in
    assert len(lines) - shapes <= 66
    assert max(map(len, lines)) <= 84


def test_the_fields_are_those_of_the_schema() -> None:
    text = TOPICS["fields"].text()
    for field in (*FIELDS, LEAD):
        assert field.about
        assert re.search(
            rf"(?m)^{', '.join((field.name, *field.aliases))} +{field.about[:20]}", text
        )
    assert ", ".join(SORTS) in text


def test_the_formats_are_those_that_can_be_read() -> None:
    text = TOPICS["formats"].text()
    for reader in readers():
        assert re.search(rf"(?m)^{reader.name} +\S", text)
        assert all(suffix in text for suffix in reader.suffixes)


def test_every_setting_is_told_of() -> None:
    assert set(SETTINGS) == set(Settings.__struct_fields__)
    assert all(f"\n{name} " in TOPICS["index"].text() for name in SETTINGS)


def test_every_variable_that_is_read_is_told_of() -> None:
    found = set()
    for path in SOURCES.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"environ\.get\(\s*\"([A-Z_]+)\"", text))
    assert "NEWSIDX_INDEX" in found
    # What belongs to Python and to the system is told of elsewhere.
    assert {name for name in found if not name.startswith(("PYTHON", "HOME"))} <= set(ENVIRONMENT)


def test_help_lists_its_topics(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["help"]) == 0
    out = capfd.readouterr().out
    assert re.findall(r"newsidx help ([a-z-]+)", out) == [*TOPICS, "stopwords"]


def test_help_of_a_command_is_its_help(capfd: pytest.CaptureFixture[str]) -> None:
    for name in set(COMMANDS) - set(TOPICS):
        assert main(["help", name]) == 0
        helped = capfd.readouterr().out
        assert main([name, "--help"]) == 0
        assert capfd.readouterr().out == helped


def test_the_json_schemas_of_the_package_are_listed() -> None:
    text = TOPICS["json"].text()
    for name in schemas.names():
        assert re.search(rf"(?m)^{name} ", text)


# The manual page


@pytest.fixture(scope="module")
def page() -> str:
    return manual_page()


def plain(text: str) -> str:
    """What a page says, without the marks of roff, in lines of any length."""
    text = re.sub(r"(?m)^\.(TP|PP|nf|fi|nh|SS|SH)\s?", "", text).replace("\\fB", "")
    for mark, meant in (("\\fR", ""), ("\\-", "-"), ("\\(aq", "'"), ("\\&", ""), ("\\(ti", "~")):
        text = text.replace(mark, meant)
    return " ".join(text.replace("\\(ha", "^").replace("\\(ga", "`").replace("\\e", "\\").split())


def test_the_manual_has_every_command_and_option(page: str) -> None:
    said = plain(page)
    group = build()
    for name in COMMANDS:
        command = group.get_command(None, name)
        assert f"newsidx {name} [OPTIONS]" in said
        for param in command.params:
            about = " ".join((getattr(param, "help", None) or "").split())
            assert about in said, (name, param.name)
            names = [each for each in (*param.opts, *param.secondary_opts) if each[0] == "-"]
            assert all(name in said for name in names), (name, param.name)


def test_the_manual_has_the_sections_of_one(page: str) -> None:
    assert re.findall(r"(?m)^\.SH (.+)$", page) == [
        "NAME",
        "SYNOPSIS",
        "DESCRIPTION",
        "OPTIONS",
        "COMMANDS",
        "QUERIES",
        "OUTPUT",
        "EXIT STATUS",
        "ENVIRONMENT",
        "FILES",
        "EXAMPLES",
        "SEE ALSO",
    ]
    assert all(name in page for name in ENVIRONMENT)


def test_the_manual_is_the_same_each_time(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    monkeypatch.setenv("NEWSIDX_INDEX", "/elsewhere")
    assert manual_page() == page


def test_no_line_of_the_manual_is_taken_for_a_request(page: str) -> None:
    requests = {"TH", "nh", "SH", "SS", "TP", "PP", "nf", "fi", "B", "BR"}
    for line in page.splitlines():
        assert not line.startswith("'")
        if line.startswith("."):
            assert line[1:].split(" ")[0] in requests


@pytest.mark.parametrize(
    "command",
    [["groff", "-man", "-ww", "-Tutf8"], ["man", "--warnings", "-l", "-"], ["mandoc", "-Tlint"]],
    ids=lambda command: command[0],
)
def test_the_manual_is_set_without_warnings(command: list[str], page: str) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run(command, input=page, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert done.stderr == ""
    assert ("newsidx" in done.stdout) == (command[0] != "mandoc")
