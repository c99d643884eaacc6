"""Which files there are below a root, and which are left out and why."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct, field

from newsidx.indexer.options import RootOptions

if TYPE_CHECKING:
    from pathspec import PathSpec
    from pathspec.pattern import Pattern

__all__ = [
    "IGNORE_FILE",
    "VERSION_CONTROL",
    "Discovery",
    "Fingerprint",
    "Seen",
    "discover",
    "is_left_out",
    "page_parts",
]

IGNORE_FILE = ".newsidxignore"
VERSION_CONTROL = frozenset({".git", ".hg", ".svn", ".bzr", "CVS", "_darcs"})
# What browsers put beside a saved page, in the languages they are used in most.
_PAGE_PARTS = ("_files", "-Dateien", "_archivos", "_fichiers", "_bestanden", "_arquivos")


Fingerprint = tuple[int, int, int, int]
"""A `Seen` as a plain tuple, of which a walk makes as many as there are files: half as much
to keep, and nothing for the garbage collector to follow."""

Rules = tuple[tuple[str, "PathSpec[Pattern]"], ...]
"""What is to be left out, and below which folder."""


class Seen(NamedTuple):
    """A file as it looked when it was found; times in nanoseconds since the epoch."""

    size: int
    mtime: int
    ctime: int
    inode: int

    @classmethod
    def of(cls, status: os.stat_result) -> Seen:
        """What of a stat result tells a changed file."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


class Discovery(Struct):
    """What was found below a root.

    Attributes:
        files: Path below the root -> how the file looked.
        left_out: (folder, reason) -> number of files left out.
        unlisted: Folders that could not be listed, or whose rules could not be read; what
            they hold is not known.
        passed: Folders on the way to the parts that were asked for. What is left out of
            them is known; what is in them was looked at no closer.
        refused: What was asked for, or lies on the way there, and was left out: why.
    """

    files: dict[str, Fingerprint] = field(default_factory=dict)
    left_out: Counter[tuple[str, str]] = field(default_factory=Counter)
    unlisted: list[str] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)

    def is_unlisted(self, path: str) -> bool:
        """Whether a path lies in a folder that could not be listed."""
        return any(not folder or path.startswith(folder + "/") for folder in self.unlisted)

    def why_nothing(self, part: str) -> set[str]:
        """The reasons for which nothing of a part was found; none if there was something."""
        below = f"{part}/"
        if any(path == part or path.startswith(below) for path in self.files):
            return set()
        reasons = {
            reason
            for folder, reason in self.left_out
            if not part or folder == part or folder.startswith(below)
        }
        way = {path: why for path, why in self.refused.items() if f"{part}/".startswith(path + "/")}
        return reasons | set(way.values())


def discover(
    base: str,
    options: RootOptions,
    *,
    only: str | None = None,
    parts: Collection[str] = (),
    others: Iterable[str] = (),
    tell: Callable[[int], None] = lambda _: None,
) -> Discovery:
    """Walk a root.

    Args:
        base: Absolute path of the root's folder, free of links.
        only: The one file of it that is the root.
        parts: Look only below these folders of the root, and at these files; none is all.
        others: Absolute paths of other roots, whose files are theirs.
        tell: Called with the number of files found so far, once a folder.
    """
    found = Discovery()
    if only is not None:
        _one_file(base, only, found)
        return found
    _Walk(base, options, frozenset(others), found).run(frozenset(parts), tell)
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
        self.exclude = _spec(options.exclude)

    def run(self, parts: frozenset[str], tell: Callable[[int], None]) -> None:
        # From the top, wherever the parts are: what is left out of the root is left out of them.
        rules: Rules = (("", self.exclude),) if self.exclude else ()
        ways = {above for part in parts for above in _above(part)} if "" not in parts else set()
        folders = [("", rules)]
        while folders:
            folder, rules = folders.pop()
            tell(len(self.found.files))
            try:
                with os.scandir(_join(self.base, folder)) as entries:
                    listed = list(entries)
                names = {entry.name for entry in listed}
                rules = self._with_ignore_file(folder, names, rules)
            except OSError:
                self.found.unlisted.append(folder)
                self.found.left_out[folder, "unreadable"] += 0
                continue
            if folder in ways and folder not in parts:
                listed = self._pass(folder, listed, names, rules, parts | ways)
            below = self._take(folder, listed, names, rules)
            folders += [(path, rules) for path in sorted(below, reverse=True)]

    def _with_ignore_file(self, folder: str, names: set[str], rules: Rules) -> Rules:
        if IGNORE_FILE not in names:
            return rules
        path = _join(self.base, folder, IGNORE_FILE)
        # Names may be no UTF-8, and so may the file that speaks of them.
        with open(path, encoding="utf-8", errors="surrogateescape") as file:  # noqa: PTH123
            lines = file.read().splitlines()
        more = _spec(tuple(lines))
        return (*rules, (folder, more)) if more else rules

    def _pass(
        self,
        folder: str,
        listed: list[os.DirEntry[str]],
        names: set[str],
        rules: Rules,
        wanted: Collection[str],
    ) -> list[os.DirEntry[str]]:
        """Of a folder on the way, the entries that are asked for.

        Of the rest only the files that are left out are counted: the ledger keeps their
        number by folder.
        """
        found, prefix = self.found, f"{folder}/" if folder else ""
        found.passed.append(folder)
        asked = []
        for entry in listed:
            path = prefix + entry.name
            if path in wanted:
                if reason := self._why_not(path, entry, names, rules):
                    found.refused[path] = reason
                asked.append(entry)
            elif not entry.is_dir(follow_symlinks=False):
                reason = self._why_not(path, entry, names, rules)
                if not reason and not entry.is_file(follow_symlinks=False):
                    reason = "not-a-file"
                if reason:
                    found.left_out[folder, reason] += 1
        return asked

    def _take(
        self, folder: str, listed: list[os.DirEntry[str]], names: set[str], rules: Rules
    ) -> list[str]:
        """Take the files of a folder, or leave them out; gives the folders to go into."""
        files, prefix = self.found.files, f"{folder}/" if folder else ""
        plain = not rules and self.include is None
        below = []
        for entry in listed:
            name = entry.name
            if not (plain and name[0] != "." and entry.is_file(follow_symlinks=False)):
                # Whatever isn't a file that no rule can be about.
                path = prefix + name
                is_folder = entry.is_dir(follow_symlinks=False)
                if reason := self._why_not(path, entry, names, rules):
                    self._leave_out(folder, path, entry, is_folder, reason)
                    continue
                if is_folder:
                    below.append(path)
                    continue
            try:
                seen = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            if stat.S_ISREG(seen.st_mode):
                print_ = (seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_ino)
                files[prefix + name] = print_
            else:
                self.found.left_out[folder, "not-a-file"] += 1
        return below

    def _leave_out(
        self, folder: str, path: str, entry: os.DirEntry[str], is_folder: bool, reason: str
    ) -> None:
        if is_folder:
            self.found.left_out[path, reason] += sum(1 for _ in _files_below(entry.path))
        else:
            self.found.left_out[folder, reason] += 1

    def _link_reason(self, entry: os.DirEntry[str]) -> str:
        target = os.path.realpath(entry.path)
        inside = target == self.base or target.startswith(self.base + os.sep)
        return "link" if inside else "outside-root"

    def _why_not(
        self, path: str, entry: os.DirEntry[str], names: set[str], rules: Rules
    ) -> str | None:
        """Why an entry is left out, if it is."""
        if entry.is_symlink():
            return self._link_reason(entry)
        name, is_folder = entry.name, entry.is_dir(follow_symlinks=False)
        if name in VERSION_CONTROL and is_folder:
            return "version-control"
        if name.startswith("."):
            return "hidden"
        if is_folder and entry.path in self.others:
            return "other-root"
        if is_folder and _is_index(entry.path):
            return "index"
        if is_folder and _belongs_to_page(name, names):
            return "page-parts"
        if self._ignored(path, is_folder, rules):
            return "ignored"
        return None

    def _ignored(self, path: str, is_folder: bool, every: Rules) -> bool:
        for folder, rules in every:
            below = path[len(folder) + 1 :] if folder else path
            if rules.match_file(below + "/" if is_folder else below):
                return True
        return self.include is not None and not is_folder and not self.include.match_file(path)


def _above(path: str) -> Iterator[str]:
    """The folders that a path lies in, up to the root."""
    while path:
        path = path.rpartition("/")[0]
        yield path


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


def page_parts(path: str) -> list[str]:
    """The folders that would hold the parts of a saved page, if it is one."""
    page, dot, ending = path.rpartition(".")
    if not dot or ending not in ("html", "htm"):
        return []
    return [page + name for name in _PAGE_PARTS]


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
