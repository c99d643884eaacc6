"""The cookbook: each recipe is run as it stands, on an index of sample_data."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.processes import environment

COOKBOOK = REPOSITORY / "docs" / "pipelines.md"
_RECIPE = re.compile(
    r"<!-- recipe(?:: (?P<needs>[^>]*?))? -->\n```bash\n(?P<script>.*?)^```\n"
    r"(?:```text\n(?P<prints>.*?)^```\n)?",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Recipe:
    """A script, the programs that it needs, and what it prints where the page says so."""

    line: int
    needs: tuple[str, ...]
    script: str
    prints: str | None


def recipes() -> list[Recipe]:
    text = COOKBOOK.read_text(encoding="utf-8")
    return [
        Recipe(
            text.count("\n", 0, found.start()) + 1,
            tuple(each.strip() for each in (found["needs"] or "").split(",") if each.strip()),
            found["script"],
            found["prints"],
        )
        for found in _RECIPE.finditer(text)
    ]


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A path on which `newsidx` and `python3` are those under test."""
    folder = tmp_path_factory.mktemp("bin")
    for name, command in (("newsidx", "-m newsidx"), ("python3", "")):
        script = folder / name
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" {command} "$@"\n')
        script.chmod(0o755)
    # Those that pip installed beside Python, and then the system's.
    return os.pathsep.join([str(folder), str(Path(sys.executable).parent), os.environ["PATH"]])


def missing(need: str, path: str) -> bool:
    kind, _, name = need.rpartition(":")
    if kind == "python":
        return importlib.util.find_spec(name) is None
    return shutil.which(name, path=path) is None


@pytest.mark.parametrize("recipe", recipes(), ids=lambda recipe: f"line-{recipe.line}")
def test_a_recipe_does_what_it_says(
    recipe: Recipe, programs: str, demo: Path, tmp_path: Path
) -> None:
    lacking = [need for need in recipe.needs if missing(need, programs)]
    if lacking:
        pytest.skip(f"not installed: {', '.join(lacking)}")
    env = environment(PATH=programs, NEWSIDX_INDEX=str(demo), PYTHONPATH=str(REPOSITORY))
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", recipe.script],
        cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    if recipe.prints is not None:
        assert done.stdout == recipe.prints
    else:
        assert done.stdout.strip() or any(file.stat().st_size for file in tmp_path.iterdir())


def test_every_script_of_the_page_is_a_recipe() -> None:
    text = COOKBOOK.read_text(encoding="utf-8")
    assert len(recipes()) == text.count("```bash\n") == text.count("<!-- recipe")
