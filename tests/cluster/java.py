"""What it takes to run an OpenSearch: a JDK, and its libraries from Maven."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

from filelock import FileLock

__all__ = ["VERSIONS", "Missing", "java_for", "libraries"]

VERSIONS = {2: "2.19.1.0", 3: "3.8.0.0"}
"""The first number of a version, and the one that is tried."""

_LEAST_JAVA = {2: 17, 3: 21}

# As they are when this is imported: tests change them.
_ENVIRON = dict(os.environ)
_CACHE = Path(_ENVIRON.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "newsidx-tests"
_POM = Path(__file__).parent / "pom.xml"


class Missing(Exception):
    """Why there can be no cluster here."""


def libraries(major: int) -> Path:
    """The folder of the libraries of a version, fetched the first time."""
    version = VERSIONS[major]
    folder = _CACHE / f"opensearch-{version}"
    _CACHE.mkdir(parents=True, exist_ok=True)
    with FileLock(_CACHE / f"{version}.lock"):
        if not (folder / "whole").exists():
            _fetch(version, folder)
    return folder


def _fetch(version: str, folder: Path) -> None:
    if shutil.which("mvn", path=_ENVIRON.get("PATH")) is None:
        raise Missing("there is no mvn to fetch OpenSearch with")
    command = [
        "mvn", "-B", "-q", "-f", str(_POM), f"-Dopensearch={version}",
        "dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={folder}",
    ]  # fmt: skip
    done = subprocess.run(command, env=_ENVIRON, capture_output=True, text=True, timeout=300)
    if done.returncode:
        raise Missing(f"mvn could not fetch OpenSearch {version}: {done.stdout[-300:]}")
    (folder / "whole").touch()


def java_for(major: int) -> list[str]:
    """The command that runs a version: the oldest JDK that is new enough for it."""
    least = _LEAST_JAVA[major]
    fitting = sorted((number, path) for path, number in _javas().items() if number >= least)
    if not fitting:
        raise Missing(f"OpenSearch {VERSIONS[major]} needs a JDK {least} or newer")
    modules = ["--add-modules=jdk.incubator.vector"] if major >= 3 else []
    return [str(fitting[0][1]), *modules]


@cache
def _javas() -> dict[Path, int]:
    """Every java there is in the usual places, and its version."""
    places = [Path(_ENVIRON["JAVA_HOME"]) / "bin/java"] if _ENVIRON.get("JAVA_HOME") else []
    if found := shutil.which("java", path=_ENVIRON.get("PATH")):
        places.append(Path(found))
    for folder in (Path("/usr/lib/jvm"), Path("/opt"), Path("/Library/Java/JavaVirtualMachines")):
        if folder.is_dir():
            places += [*folder.glob("*/bin/java"), *folder.glob("*/Contents/Home/bin/java")]
    versions = {}
    for path in {place.resolve() for place in places if place.exists()}:
        said = subprocess.run([path, "-version"], capture_output=True, text=True, timeout=60)
        if number := re.search(r'version "(\d+)', said.stderr):
            versions[path] = int(number[1])
    return versions
