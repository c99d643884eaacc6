"""Copies of source files beside a dossier, with a list of their SHA-256 sums.

A file is copied only where its bytes are those that were indexed: what has changed since is
not what the articles were read from. Of an archive the whole file is copied, since that is
what can be compared with the one on disk. A folder is filled under another name, and gets
its own when all of it is there.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from newsidx.errors import NewsidxError, Refused
from newsidx.index.accounts import Original
from newsidx.output.safe import printable, valid

__all__ = ["SUMS", "Copies", "Copy", "copies"]

SUMS = "SHA256SUMS"
"""The list, as sha256sum writes it and `sha256sum -c` checks it."""

_BLOCK = 1 << 20
# What no file system of today has trouble with, in bytes of UTF-8.
_LONGEST = 200
# What has a meaning in a shell, a URL or on Windows, or hides; % is for what is replaced.
_UNSAFE = frozenset('%\\/:*?"<>|\n\r\t')


class Copy(Struct, frozen=True):
    """A file that was to be copied.

    Attributes:
        path: As label and path of the file.
        name: Where it is below the folder, with forward slashes; None where it was not copied.
        sha256: Of its bytes, in hexadecimal digits.
        problem: Why it was not copied.
    """

    path: str
    name: str | None
    sha256: str | None = None
    problem: str | None = None


class Copies(Struct, frozen=True):
    """What is in a folder of copies.

    Attributes:
        files: By path.
        by_article: Id -> the file that it was read from.
    """

    files: tuple[Copy, ...]
    by_article: dict[str, Copy]


@contextmanager
def copies(originals: dict[str, Original], folder: Path) -> Iterator[Copies]:
    """Copy files, for a page that speaks of them; the folder is there when the block is left.

    Args:
        originals: Id -> the file that an article was read from.
        folder: New, or empty: nothing is ever overwritten.

    Raises:
        Refused: There is something in it.
        NewsidxError: It can't be written to.
    """
    if folder.is_symlink() or (folder.exists() and not (folder.is_dir() and _is_empty(folder))):
        raise Refused(
            f"{valid(str(folder))} is there already, and not empty.",
            "Name a folder that is new: nothing is overwritten.",
        )
    part = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    try:
        with _explaining(folder):
            part.mkdir()
            found = _copied(originals, part)
            sums = "".join(f"{each.sha256}  {each.name}\n" for each in found.files if each.name)
            (part / SUMS).write_text(sums, encoding="utf-8")
        yield found
        with _explaining(folder):
            part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


@contextmanager
def _explaining(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        if problem.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
            raise Refused(
                f"{valid(str(folder))} was made by somebody else meanwhile.",
                "Name another folder: nothing is overwritten.",
            ) from problem
        raise NewsidxError(
            f"{valid(str(folder))} can't be written: {problem.strerror}.", "Name another folder."
        ) from problem


def _is_empty(folder: Path) -> bool:
    return next(folder.iterdir(), None) is None


def _copied(originals: dict[str, Original], part: Path) -> Copies:
    readers: dict[Original, list[str]] = {}
    for key, original in originals.items():
        readers.setdefault(original, []).append(key)
    taken = {_folded(SUMS): False}
    files: list[Copy] = []
    by_article: dict[str, Copy] = {}
    for original in sorted(readers, key=_shown):
        parts = [original.root, *filter(None, original.path.split("/"))]
        name = _free([_safe(each) for each in parts], taken)
        copy = _copy(original, part, name)
        if copy.name is not None:
            _take(name, taken)
        files.append(copy)
        by_article |= dict.fromkeys(readers[original], copy)
    return Copies(tuple(files), by_article)


def _shown(original: Original) -> str:
    return valid(f"{original.root}/{original.path}")


# Names


def _safe(part: str) -> str:
    """A name that leads nowhere else, and that any system and any list of sums can have."""
    said = "".join(map(_character, part))
    if said[0] in " -" or not said.strip("."):
        said = _percent(said[0]) + said[1:]
    if said[-1] in " .":
        said = said[:-1] + _percent(said[-1])
    if len(said.encode()) <= _LONGEST:
        return said
    digest = hashlib.sha256(part.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    stem, dot, suffix = said.rpartition(".")
    ending = f"~{digest}{dot}{suffix}" if dot and len(suffix) <= 10 else f"~{digest}"
    kept = (stem if dot and len(suffix) <= 10 else said).encode()[: _LONGEST - len(ending)]
    return kept.decode("utf-8", "ignore") + ending


def _character(character: str) -> str:
    if character in _UNSAFE or printable(character) != character or _is_byte(character):
        return _percent(character)
    return character


def _is_byte(character: str) -> bool:
    """Whether it stands for a byte of a name that is no UTF-8."""
    return "\ud800" <= character <= "\udfff"


def _percent(character: str) -> str:
    errors = "surrogateescape" if "\udc80" <= character <= "\udcff" else "surrogatepass"
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", errors))


def _folded(name: str) -> str:
    """A name as a file system compares it that minds neither case nor how marks are written."""
    return unicodedata.normalize("NFC", name.casefold())


def _free(parts: list[str], taken: dict[str, bool]) -> str:
    """Where a copy goes; a part has a number behind it where a file is called so already.

    Args:
        taken: What there is, folded, and whether it is a folder, which may hold more.
    """
    found = ""
    for at, part in enumerate(parts):
        number, name = 1, f"{found}{part}"
        below = at < len(parts) - 1
        while (folder := taken.get(_folded(name))) is not None and not (folder and below):
            number += 1
            stem, dot, suffix = part.rpartition(".")
            name = f"{found}{stem}~{number}{dot}{suffix}" if stem else f"{found}{part}~{number}"
        found = f"{name}/"
    return found.removesuffix("/")


def _take(name: str, taken: dict[str, bool]) -> None:
    parts = name.split("/")
    for at in range(1, len(parts)):
        taken[_folded("/".join(parts[:at]))] = True
    taken[_folded(name)] = False


# Files


def _copy(original: Original, part: Path, name: str) -> Copy:
    """Copy a file if its bytes are those that were indexed."""
    shown = _shown(original)
    target = part / name
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as out:
            sha256, digest, modified = _pour(original, out.fileno())
    except _NotCopied as problem:
        target.unlink(missing_ok=True)
        _prune(target.parent, part)
        return Copy(shown, None, problem=str(problem))
    if digest != original.digest:
        target.unlink()
        _prune(target.parent, part)
        why = "it has changed since it was indexed" if original.digest else "its hash is not known"
        return Copy(shown, None, problem=why)
    os.utime(target, ns=(modified, modified))
    return Copy(shown, name, sha256)


class _NotCopied(Exception):
    """Why a source file can't be read."""


def _pour(original: Original, out: int) -> tuple[str, bytes, int]:
    """Copy the bytes of a file; gives SHA-256, the ledger's digest and time of change."""
    sha256, digest = hashlib.sha256(), hashlib.blake2b(digest_size=16)
    with _opened(original) as (handle, modified):
        while block := _read(handle):
            sha256.update(block)
            digest.update(block)
            view = memoryview(block)
            while view:
                view = view[os.write(out, view) :]
    return sha256.hexdigest(), digest.digest(), modified


@contextmanager
def _opened(original: Original) -> Iterator[tuple[int, int]]:
    """A source file, and when it was changed, in nanoseconds since the epoch."""
    path = os.fsencode(f"{original.base}/{original.path}")
    try:
        # A pipe in its place would wait for a writer.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise _NotCopied("it is not there any more") from None
    except (OSError, ValueError) as problem:
        raise _NotCopied(f"it can't be read: {_reason(problem)}") from None
    try:
        seen = os.fstat(handle)
        if not stat.S_ISREG(seen.st_mode):
            raise _NotCopied("it is no file any more")
        yield handle, seen.st_mtime_ns
    finally:
        os.close(handle)


def _read(handle: int) -> bytes:
    try:
        return os.read(handle, _BLOCK)
    except OSError as problem:
        raise _NotCopied(f"it can't be read: {_reason(problem)}") from None


def _reason(problem: Exception) -> str:
    return (problem.strerror if isinstance(problem, OSError) else None) or str(problem)


def _prune(folder: Path, top: Path) -> None:
    """Remove folders that nothing was copied to."""
    while folder != top and _is_empty(folder):
        folder.rmdir()
        folder = folder.parent
