"""newsidx index."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsidx.cli.engine import Chosen, Engine
from newsidx.cli.forms import JsonForm
from newsidx.cli.options import (
    IndexOption,
    JobsOption,
    MapOption,
    MemoryOption,
    WaitOption,
    single_command,
)
from newsidx.cli.reading import (
    DateFromMtimeOption,
    DateOrderOption,
    FormatOption,
    HeaderOption,
    SectionFromFolderOption,
    SourceFromFolderOption,
    reading_changes,
    standard_input,
    suffix_of,
)
from newsidx.config import Settings, load_settings
from newsidx.errors import UsageError
from newsidx.output.safe import valid
from newsidx.output.streams import is_terminal, say, write

if TYPE_CHECKING:
    from newsidx.index.manifest import Manifest
    from newsidx.indexer.crew import Crew
    from newsidx.indexer.report import Report

__all__ = ["LARGE", "command", "index", "prepare"]

_SCHEMA = "newsidx.index/1"


def index(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH]...",
            help="Folders and files of articles, or - for standard input (JSON Lines, or "
            "--format). None: all that were indexed before.",
            show_default=False,
        ),
    ] = None,
    map_fields: MapOption = None,
    include: Annotated[
        list[str] | None,
        typer.Option(
            "--include",
            metavar="GLOB",
            help="Read only files that match; may be repeated.",
            show_default=False,
        ),
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option(
            "--exclude",
            metavar="GLOB",
            help="Leave out files and folders that match; may be repeated.",
            show_default=False,
        ),
    ] = None,
    no_map: Annotated[bool, typer.Option("--no-map", help="Forget the --map kept.")] = False,
    no_include: Annotated[
        bool, typer.Option("--no-include", help="Forget the --include kept.")
    ] = False,
    no_exclude: Annotated[
        bool, typer.Option("--no-exclude", help="Forget the --exclude kept.")
    ] = False,
    date_from_mtime: DateFromMtimeOption = None,
    date_order: DateOrderOption = None,
    header: HeaderOption = None,
    source_from_folder: SourceFromFolderOption = None,
    section_from_folder: SectionFromFolderOption = None,
    format_name: FormatOption = None,
    language: Annotated[
        str | None,
        typer.Option(
            "--language",
            metavar="CODE",
            help="For a new index: language of articles that don't say theirs. Default: en.",
            show_default=False,
        ),
    ] = None,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove articles, however many files are gone.")
    ] = False,
    rehash: Annotated[
        bool, typer.Option("--rehash", help="Open every file to see whether it changed.")
    ] = False,
    reread: Annotated[
        bool, typer.Option("--reread", help="Read every file again, changed or not.")
    ] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Build the index anew; the old one answers meanwhile.")
    ] = False,
    jobs: JobsOption = None,
    memory: MemoryOption = None,
    wait: WaitOption = 0.0,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Say only what went wrong.")] = False,
    *,
    engine: Engine,
    form: JsonForm,
    index_path: IndexOption = None,
) -> int:
    """Index folders and files of articles, or bring the known ones in step.

    Files that are new or have changed are read; articles whose files are gone are
    removed. How files are chosen and read (--map to --format) is kept with the folder, for
    the next time. The exit status is 0 when all went well, 3 when some files could
    not be read, 2 when nothing was done.
    """
    form.check(_SCHEMA)
    settings = load_settings(index_path)
    changes = reading_changes(
        map_fields,
        date_from_mtime,
        date_order,
        header,
        source_from_folder,
        section_from_folder,
        format_name,
    )
    changes |= _choosing(include, exclude, no_include, no_exclude)
    if no_map:
        changes.setdefault("fields", {})
    from_stdin = "-" in (paths or ())
    if from_stdin and paths != ["-"]:
        raise UsageError("Standard input goes alone.", "Index the other paths by themselves.")
    for path in paths or ():
        if path != "-" and not os.path.lexists(path):
            raise UsageError(f"There is no {valid(path)!r}.", "Nothing was indexed.")
    if rebuild and paths:
        raise UsageError("--rebuild is about the whole index.", "Leave the paths out.")
    jobs, memory = jobs or settings.jobs, memory or settings.memory
    with ExitStack() as stack:
        crew = _hired(stack, settings, engine, paths or [], jobs, memory)

        from newsidx.index.manifest import read_manifest
        from newsidx.indexer.run import RunOptions, run

        prepare(settings, language, engine, wants_new=bool(paths))
        before = read_manifest(settings.index).articles
        if from_stdin:
            paths = [_receive(settings.index, changes)]
        options = RunOptions(
            roots=changes,
            jobs=jobs,
            memory=memory,
            wait=wait,
            rehash=rehash,
            reread=reread or rebuild,
            rebuild=rebuild,
            prune=prune,
        )
        progress = None
        if not quiet and is_terminal(sys.stderr):
            from newsidx.output.progress import shown

            progress = stack.enter_context(shown())
        report = run(settings.index, paths or [], options, progress or (lambda _: None), crew)
    if form.kind == "json":
        _print_json(report, settings.index)
    quiet = quiet or form.kind == "json"
    _say(report, settings.index, quiet=quiet)
    if not quiet and (hint := _next_rung(before, report.articles, settings.index)):
        say(hint)
    return 3 if report.has_failures else 0


def _hired(
    stack: ExitStack,
    settings: Settings,
    engine: Chosen,
    paths: list[str],
    jobs: int,
    memory: int | None,
) -> Crew | None:
    """Workers for an index that is to be made, started before anything else is done."""
    if jobs == 1 or (settings.index / "manifest.json").exists():
        return None  # most files of a known archive have not changed
    from newsidx.indexer.crew import Crew, are_many
    from newsidx.indexer.memory import shared_memory

    if not are_many(paths):
        return None
    crew = Crew()
    stack.callback(crew.end)
    processes, _ = shared_memory(jobs, memory)
    if processes > 1:
        crew.start(processes, engine.name or settings.engine)
    return crew


def prepare(settings: Settings, language: str | None, engine: Chosen, wants_new: bool) -> None:
    """Make the index if there is none; refuse options that an index can't change."""
    from newsidx.errors import IndexNotFound
    from newsidx.index.manifest import read_manifest
    from newsidx.indexer.writing import create_index

    try:
        manifest = read_manifest(settings.index)
    except IndexNotFound:
        if not wants_new:
            raise
        name = engine.name or settings.engine
        create_index(settings.index, name, language or settings.language, engine.options)
        return
    if language is not None and language != manifest.language:
        raise UsageError(
            f"The index at {settings.index} has the language {manifest.language!r}.",
            "Leave --language out, or make another index with --index.",
        )
    if engine.name is not None and engine.name != manifest.engine:
        raise UsageError(
            f"The index at {settings.index} is built with {manifest.engine}.",
            "Leave --engine out, or make another index with --index.",
        )
    _check_options(settings, engine.options, manifest)


def _check_options(settings: Settings, options: dict[str, Any], manifest: Manifest) -> None:
    """Refuse to change what an engine was told when the index was made."""
    from newsidx.engines.registry import factory

    if not options:
        return
    settled = factory(manifest.engine).settled({**manifest.options, **options})
    changed = sorted(name for name in options if settled[name] != manifest.options.get(name))
    if changed:
        raise UsageError(
            f"The index at {settings.index} was made with another --{changed[0]}.",
            f"Leave --{changed[0]} out, or make another index with --index.",
        )


def _choosing(
    include: list[str] | None, exclude: list[str] | None, no_include: bool, no_exclude: bool
) -> dict[str, Any]:
    """Which files are to be read, as attributes of `RootOptions` that change."""
    changes: dict[str, Any] = {}
    for name, given, forget in (
        ("include", include, no_include),
        ("exclude", exclude, no_exclude),
    ):
        if given or forget:
            changes[name] = tuple(given or ())
    return changes


def _receive(index: Path, changes: dict[str, Any]) -> str:
    """Keep what comes on standard input; gives the folder of its root."""
    from newsidx.indexer.received import receive

    name = changes.get("format") or "jsonl"
    changes["format"] = name
    label = "stdin" if name == "jsonl" else f"stdin-{name}"
    with standard_input() as stream:
        return str(receive(index, stream, label, suffix_of(name)))


def _print_json(report: Report, path: Path) -> None:
    from newsidx.output.records import json_bytes

    index = {
        "path": valid(str(path)),
        "articles": report.articles,
        "state": report.state,
        "generation": report.generation,
    }
    write(json_bytes({"schema": _SCHEMA, "index": index, **report.to_dict()}))


def _say(report: Report, path: Path, *, quiet: bool) -> None:
    from newsidx.output.summary import problem_lines, summary_lines

    record = report.to_dict()
    for line in problem_lines(record):
        say(line)
    if not quiet:
        for line in summary_lines(record, str(path)):
            say(line)


LARGE: Mapping[str, tuple[int, str]] = MappingProxyType({"whoosh": (100_000, "tantivy")})
"""Engine -> from how many articles another makes a difference that is felt, and which."""


def _next_rung(before: int, articles: int, path: Path) -> str | None:
    """What to say to the run that makes an archive a large one; no other comes to know it."""
    from importlib.util import find_spec

    from newsidx.index.manifest import read_manifest

    least, engine = LARGE.get(read_manifest(path).engine, (0, ""))
    if not before < least <= articles:
        return None
    install = "" if find_spec(engine) else f"pip install 'newsidx[{engine}]', and then "
    return (
        f"Of so many articles the engine {engine} answers quicker, and it takes less room: "
        f"{install}newsidx migrate --to {engine}"
    )


def command() -> Any:
    """The command, for the group."""
    return single_command(index)
