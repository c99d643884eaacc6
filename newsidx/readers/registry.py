"""Which reader reads a file.

Every module of this package with a module-level `READER` is one: a new format is
one new file here, and nothing else changes.

The scores that `recognises` gives are compared across readers, so they mean the
same everywhere: 90 and more when name and content agree, around 80 when the content
alone is beyond doubt, around 50 when there is little more than the name, and below
30 for what would also take anything else.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from operator import itemgetter

import newsidx.readers
from newsidx.errors import ReadError
from newsidx.readers.base import Archive, Reader
from newsidx.readers.source import HEAD_BYTES, Source
from newsidx.readers.texts.encoding import peek

__all__ = ["reader_for", "reader_named", "readers"]


@cache
def readers() -> tuple[Reader | Archive, ...]:
    """Every reader and archive of the package, in the order of their names."""
    package = newsidx.readers
    modules = (
        import_module(f"{package.__name__}.{found.name}")
        for found in pkgutil.iter_modules(package.__path__)
    )
    found = (getattr(module, "READER", None) for module in modules)
    return tuple(sorted((reader for reader in found if reader is not None), key=lambda r: r.name))


def reader_named(name: str) -> Reader | Archive | None:
    """The reader of that name, as `newsidx formats` lists it."""
    return next((reader for reader in readers() if reader.name == name), None)


def reader_for(source: Source, name: str | None = None) -> Reader | Archive:
    """The reader that is surest of a file, by its name and its first bytes.

    Among equally sure ones that of the file's ending is taken.

    Args:
        name: Take the reader of this name, however unsure it is.

    Raises:
        ReadError: `empty` for a file of nothing or white space only,
            `unknown-format` when no reader knows it, and what `Source.head` raises.
    """
    head, suffix = source.head(), source.suffix
    if _is_blank(head) and (len(head) < HEAD_BYTES or _is_blank_throughout(source)):
        raise ReadError(
            "empty", "there is nothing in it but white space" if head else "it is empty"
        )
    if name is not None and (named := reader_named(name)):
        return named
    scored = [
        (score, suffix in reader.suffixes, reader)
        for reader in readers()
        if (score := reader.recognises(head, suffix)) > 0
    ]
    if not scored:
        kind = "text of a kind" if peek(head) is not None else "data of a kind"
        ending = f" ({suffix})" if suffix else ""
        raise ReadError("unknown-format", f"it is {kind} that no reader knows{ending}")
    return max(scored, key=itemgetter(0, 1))[2]


def _is_blank(data: bytes) -> bool:
    """Whether there is nothing but white space, with a byte order mark or without."""
    text = peek(data)
    return text is not None and not text.strip("\ufeff \t\r\n\f\v\xa0")


def _is_blank_throughout(source: Source) -> bool:
    """Whether a file that starts with a page of white space holds nothing else."""
    with source.open() as stream:
        while block := stream.read(1024 * 1024):
            if block.translate(None, b"\0 \t\r\n\f\v"):
                return False
    return True
