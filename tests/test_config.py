"""Flags, environment and file become settings, in that order."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from newsidx.config import load_settings
from newsidx.errors import ConfigError


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"NEWSIDX_CONFIG": str(tmp_path / "config.toml")}


def write(environ: dict[str, str], text: str) -> None:
    Path(environ["NEWSIDX_CONFIG"]).write_text(text)


def test_the_flag_comes_before_the_environment_before_the_folder_before_the_file(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    write(environ, 'index = "/from/file"')
    assert load_settings(None, environ, tmp_path).index == Path("/from/file")
    local = tmp_path / "project" / ".newsidx"
    local.mkdir(parents=True)
    (local / "manifest.json").write_text("{}")
    below = tmp_path / "project/a/b"
    below.mkdir(parents=True)
    assert load_settings(None, environ, below).index == local
    environ["NEWSIDX_INDEX"] = "/from/environment"
    assert load_settings(None, environ, below).index == Path("/from/environment")
    assert load_settings("/from/flag", environ, below).index == Path("/from/flag")


def test_a_relative_index_is_made_absolute(environ: dict[str, str]) -> None:
    write(environ, "")
    assert load_settings("here", environ).index == Path.cwd() / "here"


def test_a_relative_index_of_the_file_lies_beside_the_file(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    write(environ, 'index = "archive/index"')
    assert load_settings(None, environ, tmp_path).index == tmp_path / "archive/index"
    write(environ, 'index = "~/index"')
    assert load_settings(None, environ, tmp_path).index == Path("~/index").expanduser()


def test_without_anything_it_is_in_the_users_data_directory(
    tmp_path: Path, own_environment: Path
) -> None:
    assert str(load_settings(None, {}, tmp_path).index).startswith(str(own_environment))


def test_settings_are_read_from_the_file(tmp_path: Path, environ: dict[str, str]) -> None:
    write(environ, 'language = "de"\nexact = true\njobs = 3\nmemory = 400\n')
    settings = load_settings("x", environ, tmp_path)
    assert (settings.language, settings.exact, settings.jobs) == ("de", True, 3)
    assert settings.memory == 400
    write(environ, "")
    assert load_settings("x", environ, tmp_path).jobs == os.cpu_count()
    assert load_settings("x", environ, tmp_path).memory is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("colour = 1", "sets 'colour', which is no setting"),
        ("memory = 20", "memory must be a whole number of megabytes, 200 or more"),
        ('memory = "400"', "memory must be a whole number of megabytes"),
        ("jobs = true", "jobs must be a whole number above 0"),
        ('exact = "yes"', "exact must be true or false"),
        ("jobs = 0", "jobs must be a whole number above 0"),
        ("language = 1", "language must be text in quotes"),
        ("jobs = ", "can't be read"),
    ],
)
def test_a_wrong_file_is_an_error_that_says_where(
    environ: dict[str, str], text: str, message: str
) -> None:
    write(environ, text)
    with pytest.raises(ConfigError, match=message) as caught:
        load_settings("x", environ)
    assert environ["NEWSIDX_CONFIG"] in caught.value.message


def test_a_file_that_was_named_and_is_not_there_is_an_error(environ: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match="There is no"):
        load_settings("x", environ)
