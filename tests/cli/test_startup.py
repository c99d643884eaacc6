"""What each command may load: nothing heavy before it is needed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import environment

PROGRAM = """
import atexit, sys
sys.argv = ["newsidx", *sys.argv[1:]]
atexit.register(lambda: print("\\n".join(sys.modules), file=sys.stderr))
from newsidx.__main__ import main
main()
"""

NEVER = ["trafilatura", "lxml", "py3langid", "numpy", "charset_normalizer", "frontmatter", "yaml"]
NEVER += ["pydantic", "asyncio", "multiprocessing", "dateutil", "filelock", "pathspec"]
INDEXING = ["newsidx.indexer", "newsidx.readers", "newsidx.refine"]


def loaded(*args: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *args],
        capture_output=True,
        text=True,
        env=environment(),
        timeout=60,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return set(done.stderr.splitlines())


def unwanted(modules: set[str], names: list[str]) -> set[str]:
    return {name for name in names if name in modules}


def test_version_loads_next_to_nothing() -> None:
    modules = loaded("--version")
    assert unwanted(modules, [*NEVER, *INDEXING, "typer", "rich", "whoosh", "sqlite3"]) == set()
    assert unwanted(modules, ["newsidx.app", "newsidx.cli.main", "json", "dataclasses"]) == set()


def test_help_loads_no_command() -> None:
    modules = loaded("--help")
    assert not any(name.startswith("newsidx.cli.commands.") for name in modules)
    assert unwanted(modules, [*NEVER, *INDEXING, "rich", "whoosh", "newsidx.app"]) == set()


def test_only_where_nothing_is_found_the_ledger_is_asked_what_was_not_searched(
    demo: Path,
) -> None:
    modules = loaded("search", "zzzzqq", "--json", "--index", str(demo))
    assert unwanted(modules, [*NEVER, *INDEXING, "rich", "whoosh", "pickle"]) == set()
    assert "sqlite3" in modules


@pytest.mark.parametrize("command", [["facets", "source"], ["timeline"]])
def test_counts_for_programs_load_no_rich_and_no_charts(demo: Path, command: list[str]) -> None:
    modules = loaded(*command, "california", "--json", "--index", str(demo))
    assert unwanted(modules, [*NEVER, *INDEXING, "rich", "sqlite3", "whoosh"]) == set()
    assert unwanted(modules, ["matplotlib", "newsidx.output.chart"]) == set()


@pytest.mark.parametrize(
    "command", [["cite", "california"], ["diff", "now"], ["report", "california", "-o", "-"]]
)
def test_evidence_loads_no_rich_no_charts_and_nothing_that_reads(
    demo: Path, command: list[str]
) -> None:
    modules = loaded(*command, "--index", str(demo))
    assert unwanted(modules, [*NEVER, *INDEXING, "rich", "whoosh", "matplotlib"]) == set()


@pytest.mark.parametrize("query", ["calexit", "date:2016..2017"])
def test_a_search_for_programs_loads_no_rich_and_nothing_that_reads(demo: Path, query: str) -> None:
    modules = loaded("search", query, "--json", "--index", str(demo))
    assert unwanted(modules, [*NEVER, *INDEXING, "rich", "sqlite3", "whoosh", "pickle"]) == set()
    assert unwanted(modules, ["newsidx.engines.memory", "newsidx.output.listing"]) == set()


def test_a_run_with_nothing_to_do_loads_no_rich_and_no_workers(tmp_path: Path) -> None:
    (tmp_path / "press").mkdir()
    (tmp_path / "press/a.txt").write_text("The harbour was quiet on Monday.\n")
    os.utime(tmp_path / "press/a.txt", (1_500_000_000, 1_500_000_000))
    loaded("index", str(tmp_path / "press"), "--index", str(tmp_path / "index"))
    modules = loaded("index", "--index", str(tmp_path / "index"))
    heavy = ["rich", "multiprocessing", "trafilatura", "asyncio", "watchfiles", "urllib.request"]
    assert unwanted(modules, heavy) == set()


def test_a_search_on_a_terminal_loads_no_tables_and_nothing_that_reads(demo: Path) -> None:
    import pty

    parent, child = pty.openpty()
    done = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "search", "calexit", "--index", str(demo)],
        stdout=child,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        env=environment(TERM="xterm", NEWSIDX_PAGER=""),
        text=True,
    )
    _, messages = done.communicate(timeout=60)
    os.close(child)
    shown = os.read(parent, 100_000).decode()
    os.close(parent)
    assert "Calexit" in shown
    modules = set(messages.splitlines())
    assert "rich.console" in modules
    assert unwanted(modules, [*NEVER, *INDEXING, "sqlite3"]) == set()
    assert unwanted(modules, ["rich.table", "rich.progress", "rich.markdown"]) <= {"rich.table"}


def test_the_python_package_is_lazy() -> None:
    code = "import newsidx, sys; print(newsidx.__version__, 'newsidx.app' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split()[1] == "False"


@pytest.mark.parametrize(
    "command", [["quote", "clear-cut as the hashtag", "--json"], ["sample", "california"]]
)
def test_evidence_for_programs_loads_no_rich_and_nothing_that_reads(
    demo: Path, command: list[str]
) -> None:
    modules = loaded(*command, "--index", str(demo))
    assert unwanted(modules, [*NEVER, *INDEXING, "rich", "sqlite3", "whoosh", "pickle"]) == set()
