"""What the ledger knows of roots, source files, places of articles, and articles."""

from __future__ import annotations

import hashlib
import os
from typing import Any

from msgspec import Struct, field

__all__ = ["FileRow", "LiveArticle", "Place", "Root", "key_of"]


def key_of(identity: str) -> bytes:
    """What stands for an identity where it need not be read: its BLAKE2b hash of 16 bytes."""
    return hashlib.blake2b(identity.encode("utf-8", "surrogatepass"), digest_size=16).digest()


class Root(Struct):
    """A folder, or a single file, that was given to `index`.

    Attributes:
        label: Its name in the archive; stays when it moves.
        base: The folder, or the folder that the file is in.
        only: The file's name, when the root is a file.
        options: How its files are chosen and read.
    """

    id: int
    label: str
    base: str
    only: str | None = None
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """What was given to `index`."""
        return os.path.join(self.base, self.only) if self.only else self.base  # noqa: PTH118 - may be no UTF-8


class FileRow(Struct):
    """A source file: where it is, what it looked like, what became of it.

    Attributes:
        dated: Its mtime when its content was first seen.
        container: The row of the archive on disk that it is a member of.
        reduced: Whether articles were taken out of it, so that it counts as one of several
            though one may be left.
    """

    root: int
    path: str
    origin: str
    size: int = 0
    mtime: int = 0
    ctime: int = 0
    inode: int = 0
    recorded: int | None = None
    digest: bytes | None = None
    status: str = "indexed"
    reason: str | None = None
    detail: str | None = None
    reader: str | None = None
    reader_version: int | None = None
    bad: int = 0
    run: int = 0
    dated: int = 0
    container: int | None = None
    reduced: int = 0
    id: int | None = None


class Place(Struct):
    """An article in a file: by what it is known, and hashes of what it holds.

    Attributes:
        key: Its place in the order of all places: label and path of its file, position.
        date_key, date_order: Whose date it bears, and what that shows of the order in which
            they write day and month (`Clean.date_order`).
        url_key, own_key: Hashes of its identities, by which places are brought together.
        declared: Whether it was read from an export, which says by what it is known.
        version: Greater for later versions: whether it was read from a source and not from
            an export, run and mtime of its file when its content was first seen, `key`.
    """

    file: int
    position: int
    url_identity: str | None
    own_identity: str
    title: bytes
    body: bytes | None
    content: bytes
    facts: bytes
    stored: bytes
    day: int | None
    published: str | None = None
    source: str | None = None
    language: str | None = None
    authors: int = 0
    words: int = 0
    date_key: str | None = None
    date_order: str | None = None
    url_key: bytes | None = None
    own_key: bytes = b""
    declared: bool = False
    status: str | None = None
    article: str | None = None
    id: int = 0
    key: tuple[str, str, int] = ("", "", 0)
    version: tuple[Any, ...] = ()

    def __post_init__(self) -> None:
        if not self.own_key:
            self.own_key = key_of(self.own_identity)
            self.url_key = key_of(self.url_identity) if self.url_identity else None

    def stand(self, label: str, path: str, run: int, dated: int) -> None:
        """Set `key` and `version`, by the root and the file that it is in."""
        self.key = (label, path, self.position)
        self.version = (not self.declared, run, dated, self.key)


class LiveArticle(Struct):
    """An article that the engine holds, and where its text came from."""

    id: str
    place: int
    identity: str
    facts: bytes
    stored: bytes
    same_text: str | None
