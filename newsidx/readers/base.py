"""What a reader is: one format, in; raw articles, out. And what an archive is: files.

A reader is one module in this package with a module-level `READER`. The registry
finds it there; nothing else needs to know of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol, TypeGuard

from msgspec import Struct, field

from newsidx.article import RawArticle
from newsidx.readers.source import Source

__all__ = ["Archive", "BadRecord", "ReadOptions", "Reader", "is_archive"]


class ReadOptions(Struct, frozen=True):
    """How the files of a root are to be read.

    Attributes:
        fields: Article field -> the name it has in the files (`--map title=headline`).
        header: Whether tables start with the names of their columns (`--no-header`: they
            don't); None to find out.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    header: bool | None = None


class BadRecord(Struct, frozen=True):
    """A record that could not be read, in a file whose other records could.

    Attributes:
        position: Its number in the file, from 1 (the line number, in line formats).
        reason: A reason of the ledger's fixed list.
        message: What was found, for people.
    """

    position: int
    reason: str
    message: str


class Reader(Protocol):
    """Turns one source file of one format into raw articles.

    Attributes:
        name: The format's name, as in the ledger.
        version: Raised when the same file would now give other articles.
        suffixes: File name endings in lower case, with their dot; the usual one first.
        title: The format in words, for people.
        extra: What to install for it: `newsidx[<extra>]`; None where nothing more is needed.
    """

    name: str
    version: int
    suffixes: tuple[str, ...]
    title: str
    extra: str | None

    def recognises(self, head: bytes, suffix: str) -> int:
        """How sure it is that a file is of its format, 0 (not at all) to 100.

        `head` is the first 4096 bytes (fewer in a shorter file), decompressed;
        `suffix` is the lower-case ending of the name without `.gz`.
        """
        ...

    def read(self, source: Source, options: ReadOptions) -> Iterator[RawArticle | BadRecord]:
        """Yield the articles of a file in order.

        Raises:
            ReadError: The file as a whole can't be read.
        """
        ...


class Archive(Protocol):
    """Takes a file that holds files apart; they are source files in their own right.

    Attributes: as those of a `Reader`.
    """

    name: str
    version: int
    suffixes: tuple[str, ...]
    title: str
    extra: str | None

    def recognises(self, head: bytes, suffix: str) -> int:
        """As of a `Reader`."""
        ...

    def members(self, source: Source) -> Iterator[Source]:
        """Yield the files in an archive in order, each to be read before the next.

        One that can't be had raises its ReadError when it is opened.

        Raises:
            ReadError: The archive as a whole, or the rest of it, can't be read.
        """
        ...


def is_archive(reader: Reader | Archive | None) -> TypeGuard[Archive]:
    """Whether a reader is an archive's; for a protocol, `isinstance` takes as long as a file."""
    return hasattr(reader, "members")
