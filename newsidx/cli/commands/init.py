"""newsidx init."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from newsidx.cli.engine import Engine
from newsidx.cli.options import single_command
from newsidx.config import LOCAL_INDEX, load_settings
from newsidx.errors import UsageError
from newsidx.output.streams import say

__all__ = ["command", "init"]


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="The folder.", show_default="this one")
    ] = Path(),
    language: Annotated[
        str | None,
        typer.Option(
            "--language",
            metavar="CODE",
            help="Language of articles that don't say theirs. Default: en.",
            show_default=False,
        ),
    ] = None,
    *,
    engine: Engine,
) -> int:
    """Make an index for this folder and those below it.

    It lies in .newsidx, and every newsidx command that is run in the folder or below it
    uses it. With --engine opensearch it only searches an index that others fill: one to
    fill yourself is made with newsidx index.
    """
    from newsidx.indexer.writing import create_index

    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder.", "Make it first, or name another.")
    home = folder.absolute() / LOCAL_INDEX
    if (home / "manifest.json").exists():
        raise UsageError(f"There is an index at {home} already.", "Nothing was changed.")
    settings = load_settings(str(home))
    name, options = engine.name or settings.engine, dict(engine.options)
    attached = name == "opensearch"
    if attached:
        options["attached"] = True
    create_index(home, name, language or settings.language, options)
    if attached:
        say(f"Attached {home} to search it: newsidx search QUERY")
        return 0
    here = folder.absolute() == Path.cwd() and not os.environ.get("NEWSIDX_INDEX")
    where = "" if here else f" --index {home}"
    say(f"Made an empty index at {home}. Fill it: newsidx index {folder}{where}")
    return 0


def command() -> Any:
    """The command, for the group."""
    return single_command(init)
