"""Configuration: a file, the environment and flags become one frozen Settings."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from newsidx.errors import ConfigError, UsageError

__all__ = ["LEAST_MEMORY", "LOCAL_INDEX", "Settings", "load_settings"]

LOCAL_INDEX = ".newsidx"
LEAST_MEMORY = 200
"""Megabytes that a build can keep to: a process that reads pages takes a hundred by itself."""

# How the type of a setting is written in the file, and called in a message.
_KINDS: dict[str, tuple[type, str]] = {
    "Path": (str, "text in quotes"),
    "str": (str, "text in quotes"),
    "bool": (bool, "true or false"),
    "int": (int, "a whole number above 0"),
    "int | None": (int, f"a whole number of megabytes, {LEAST_MEMORY} or more"),
}
_LEAST: dict[str, Any] = {"jobs": 1, "memory": LEAST_MEMORY}


class Settings(Struct, frozen=True):
    """What holds for one run of a command.

    Attributes:
        index: The index directory; it may not exist yet.
        language: Language of an index that is made now, where articles don't say.
        engine: Engine of an index that is made now.
        exact: Match words as written, without stemming.
        jobs: Worker processes of the indexer.
        memory: Megabytes that a build may take in all its processes; None leaves it to them.
    """

    index: Path
    language: str = "en"
    engine: str = "whoosh"
    exact: bool = False
    jobs: int = 1
    memory: int | None = None


def load_settings(
    index: str | None = None,
    environ: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Settings:
    """Settings from the configuration file, the environment and the `--index` flag.

    The index is `--index`, else `$NEWSIDX_INDEX`, else the nearest `.newsidx/` in the
    folder or above it, else `index` of the configuration file, else the one in the
    user's data directory. One that the file names is taken from the file's own folder.

    Args:
        index: The value of `--index`.
        environ: Default: the process's.
        folder: Where to look for `.newsidx/` from; default: the current one.

    Raises:
        ConfigError: The file can't be read or says what can't be.
        UsageError: `--index` is empty, as an unset variable in a script is.
    """
    if index == "":
        raise UsageError("--index names no directory.", "Write --index PATH, or leave it out.")
    environ = os.environ if environ is None else environ
    path = config_path(environ)
    values = _read_file(path, required=bool(environ.get("NEWSIDX_CONFIG")))
    if "index" in values:
        values["index"] = path.absolute().parent / Path(values["index"]).expanduser()
    found = index or environ.get("NEWSIDX_INDEX") or _local_index(folder or Path.cwd())
    chosen = Path(found or values.get("index") or _default_index()).expanduser()
    values["index"] = chosen if chosen.is_absolute() else Path.cwd() / chosen
    values.setdefault("jobs", os.cpu_count() or 1)
    return Settings(**values)


def _local_index(folder: Path) -> str | None:
    for place in (folder, *folder.parents):
        if (place / LOCAL_INDEX / "manifest.json").exists():
            return str(place / LOCAL_INDEX)
    return None


def _default_index() -> str:
    from platformdirs import user_data_path

    return str(user_data_path("newsidx", appauthor=False) / "index")


def config_path(environ: Mapping[str, str]) -> Path:
    """The configuration file: `$NEWSIDX_CONFIG`, else `config.toml` in the user's config folder."""
    if named := environ.get("NEWSIDX_CONFIG"):
        return Path(named).expanduser()
    from platformdirs import user_config_path

    return user_config_path("newsidx", appauthor=False) / "config.toml"


def _read_file(path: Path, *, required: bool) -> dict[str, Any]:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if required:
            raise ConfigError(
                f"There is no configuration file {path}.",
                "$NEWSIDX_CONFIG names it: make it, or unset the variable.",
            ) from None
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise ConfigError(
            f"The configuration {path} can't be read: {_why(problem)}.",
            "Mend it, or move it away. newsidx help index says what it may hold.",
        ) from problem
    kinds = Settings.__annotations__
    for key, value in values.items():
        if key not in kinds:
            raise ConfigError(f"{path} sets {key!r}, which is no setting.", _known(kinds))
        kind, wording = _KINDS[kinds[key]]
        # By the type itself, for which true is no number.
        if type(value) is not kind or (key in _LEAST and value < _LEAST[key]):
            raise ConfigError(f"{path}: {key} must be {wording}.", _known(kinds))
    return values


def _why(problem: Exception) -> str:
    if isinstance(problem, OSError):
        return problem.strerror or str(problem)
    if isinstance(problem, UnicodeDecodeError):
        return "it is not in UTF-8"
    return str(problem)


def _known(kinds: Mapping[str, str]) -> str:
    return "Settings: " + ", ".join(kinds) + "."
