"""Which files there are below a root, and which are left out and why."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from newsidx.indexer.options import RootOptions

if TYPE_CHECKING:
    from pathspec import PathSpec
    from pathspec.pattern import Pattern

__all__ = ["IGNORE_FILE", "Discovery", "Seen", "discover", "is_left_out"]

IGNORE_FILE = ".newsidxignore"
_VERSION_CONTROL = frozenset({".git", ".hg", ".svn", ".bzr", "CVS", "_darcs"})
# What browsers put beside a saved page, in the languages they are used in most.
_PAGE_PARTS = ("_files", "-Dateien", "_archivos", "_fichiers", "_bestanden", "_arquivos")


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it looked when it was found; times in nanoseconds since the epoch."""

    size: int
    mtime: int
    ctime: int
    inode: int

    @classmethod
    def of(cls, status: os.stat_result) -> Seen:
        """What of a stat result tells a changed file."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


@dataclass(slots=True)
class Discovery:
    """What was found below a root.

    Attributes:
        files: Path below the root -> how the file looked.
        left_out: (folder, reason) -> number of files left out.
        unlisted: Folders that could not be listed, or whose rules could not be read; what
            they hold is not known.
    """

    files: dict[str, Seen] = field(default_factory=dict)
    left_out: Counter[tuple[str, str]] = field(default_factory=Counter)
    unlisted: list[str] = field(default_factory=list)

    def is_unlisted(self, path: str) -> bool:
        """Whether a path lies in a folder that could not be listed."""
        return any(not folder or path.startswith(folder + "/") for folder in self.unlisted)


def discover(
    base: str,
    options: RootOptions,
    *,
    only: str | None = None,
    within: str = "",
    others: Iterable[str] = (),
) -> Discovery:
    """Walk a root.

    Args:
        base: Absolute path of the root's folder, free of links.
        only: The one file of it that is the root.
        within: Look below this folder of the root only.
        others: Absolute paths of other roots, whose files are theirs.
    """
    found = Discovery()
    if only is not None:
        _one_file(base, only, found)
        return found
    _Walk(base, options, frozenset(others), found).run(within)
    return found


def is_left_out(path: str, options: RootOptions) -> bool:
    """Whether the rules of a root leave out a member of an archive."""
    include, exclude = _spec(options.include), _spec(options.exclude)
    if exclude is not None and exclude.match_file(path):
        return True
    return include is not None and not include.match_file(path)


def _one_file(base: str, path: str, found: Discovery) -> None:
    try:
        status = os.stat(_join(base, path))  # noqa: PTH116 - likewise
    except FileNotFoundError:
        return
    except OSError:
        found.unlisted.append("")
        return
    if stat.S_ISREG(status.st_mode):
        found.files[path] = Seen.of(status)
    else:
        found.left_out["", "not-a-file"] += 1


class _Walk:
    def __init__(
        self, base: str, options: RootOptions, others: frozenset[str], found: Discovery
    ) -> None:
        self.base = base
        self.others = others - {base}
        self.found = found
        self.include = _spec(options.include)
        self.rules: list[tuple[str, PathSpec[Pattern]]] = []
        if exclude := _spec(options.exclude):
            self.rules.append(("", exclude))

    def run(self, within: str) -> None:
        # From the top, wherever the part is: what is left out of the root is left out of it.
        folders = [""]
        while folders:
            folder = folders.pop()
            try:
                with os.scandir(_join(self.base, folder)) as entries:
                    listed = sorted(entries, key=lambda entry: entry.name)
                names = {entry.name for entry in listed}
                self._read_ignore_file(folder, names)
            except OSError:
                self.found.unlisted.append(folder)
                self.found.left_out[folder, "unreadable"] += 0
                continue
            wanted = [entry for entry in listed if _leads_to(within, folder, entry.name)]
            below = [path for entry in wanted if (path := self._entry(folder, entry, names))]
            folders += reversed(below)

    def _read_ignore_file(self, folder: str, names: set[str]) -> None:
        if IGNORE_FILE not in names:
            return
        path = _join(self.base, folder, IGNORE_FILE)
        # Names may be no UTF-8, and so may the file that speaks of them.
        with open(path, encoding="utf-8", errors="surrogateescape") as file:  # noqa: PTH123
            lines = file.read().splitlines()
        if rules := _spec(tuple(lines)):
            self.rules.append((folder, rules))

    def _entry(self, folder: str, entry: os.DirEntry[str], names: set[str]) -> str | None:
        """Take a file, or leave it out; give back the path of a folder to go into."""
        path = f"{folder}/{entry.name}" if folder else entry.name
        if entry.is_symlink():
            self.found.left_out[folder, self._link_reason(entry)] += 1
            return None
        is_folder = entry.is_dir(follow_symlinks=False)
        reason = self._reason(path, entry, names, is_folder)
        if reason and is_folder:
            self.found.left_out[path, reason] += sum(1 for _ in _files_below(entry.path))
        elif reason:
            self.found.left_out[folder, reason] += 1
        elif is_folder:
            return path
        else:
            self._file(path, entry)
        return None

    def _file(self, path: str, entry: os.DirEntry[str]) -> None:
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError:
            return
        if stat.S_ISREG(status.st_mode):
            self.found.files[path] = Seen.of(status)
        else:
            self.found.left_out[path.rpartition("/")[0], "not-a-file"] += 1

    def _link_reason(self, entry: os.DirEntry[str]) -> str:
        target = os.path.realpath(entry.path)
        inside = target == self.base or target.startswith(self.base + os.sep)
        return "link" if inside else "outside-root"

    def _reason(
        self, path: str, entry: os.DirEntry[str], names: set[str], is_folder: bool
    ) -> str | None:
        """Why an entry is left out, if it is."""
        name = entry.name
        if name in _VERSION_CONTROL and is_folder:
            return "version-control"
        if name.startswith("."):
            return "hidden"
        if is_folder and entry.path in self.others:
            return "other-root"
        if is_folder and _is_index(entry.path):
            return "index"
        if is_folder and _belongs_to_page(name, names):
            return "page-parts"
        if self._ignored(path, is_folder):
            return "ignored"
        return None

    def _ignored(self, path: str, is_folder: bool) -> bool:
        for folder, rules in self.rules:
            if folder and not path.startswith(folder + "/"):
                continue
            below = path[len(folder) + 1 :] if folder else path
            if rules.match_file(below + "/" if is_folder else below):
                return True
        return self.include is not None and not is_folder and not self.include.match_file(path)


def _leads_to(within: str, folder: str, name: str) -> bool:
    """Whether an entry of a folder is, holds, or lies in the part that is asked for."""
    path = f"{folder}/{name}" if folder else name
    return not within or f"{within}/".startswith(f"{path}/") or path.startswith(f"{within}/")


@cache
def _spec(lines: tuple[str, ...]) -> PathSpec[Pattern] | None:
    """Rules in the syntax of .gitignore, or None where there are none."""
    patterns = [line for line in lines if line.strip() and not line.startswith("#")]
    if not patterns:
        return None
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(patterns)


def _is_index(folder: str) -> bool:
    return all(os.path.exists(_join(folder, name)) for name in ("manifest.json", "ledger.db"))  # noqa: PTH110


def _belongs_to_page(name: str, names: set[str]) -> bool:
    for ending in _PAGE_PARTS:
        page = name.removesuffix(ending)
        if page != name:
            return f"{page}.html" in names or f"{page}.htm" in names
    return False


def _files_below(folder: str) -> Iterator[str]:
    for path, _, files in os.walk(folder):
        for name in files:
            yield _join(path, name)


def _join(*parts: str) -> str:
    return os.path.join(*(part for part in parts if part))  # noqa: PTH118 - names may be no UTF-8
