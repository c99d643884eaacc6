"""What travels between the process that reads files and the one that commits them."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from newsidx.article import Article
from newsidx.engines.base import Prepared
from newsidx.indexer.discover import Seen
from newsidx.indexer.options import RootOptions
from newsidx.readers.base import BadRecord
from newsidx.refine.identity import Hashes, own_identity

__all__ = ["Extracted", "Item", "Job", "Kept", "Part"]


class Job(Struct, frozen=True):
    """A file to be read.

    Attributes:
        base, path: The root's folder and the file below it.
        label: The root's label.
        known: Digest of the file's bytes when it was last read; if it is still the
            same there is nothing to do. None reads it in any case.
        orders: Whose dates they are (`Item.date_key`) -> the order they are known to write
            day and month in.
        origin: The identity of the file, as far as it is known before it is read.
    """

    base: str
    path: str
    label: str
    options: RootOptions
    known: bytes | None = None
    orders: Mapping[str, str] = field(default_factory=dict)
    origin: str = ""

    def origin_of(self, path: str) -> str:
        """The identity of the file, or of the member of it that has this path."""
        return self.origin + path[len(self.path) :]


class Kept(Struct):
    """Where the text of an article is that has been prepared for the engine.

    Attributes:
        id: The id that it was given, of which nobody could be sure at that time.
        document: Its number in its part.
        part: The number of that, among those that are committed together.
    """

    id: str
    document: int
    part: int = 0


class Item(Struct):
    """One article of a file, without an id as yet.

    Attributes:
        article: Without its body when that is kept elsewhere.
        date_key: Whose date it bears: those of one source are written in one way.
        date_order: What its date shows of that, as `Clean` has it.
        kept: Where all of it is, when it has been prepared for the engine.
        position: The number of its record, or of its line, in the file.
        identity: What an export says it is known by.
        sketch: Of its text, by which copies are found; None where none was made.
    """

    article: Article
    url: str | None
    hashes: Hashes
    date_key: str | None = None
    date_order: str | None = None
    kept: Kept | None = None
    position: int = 1
    identity: str | None = None
    sketch: bytes | None = None

    def known_by(self, origin: str, several: bool) -> str:
        """Its own identity: what an export says, unless that is its URL, or where it is.

        Args:
            origin: The identity of its file.
            several: Whether the file holds other articles.
        """
        if self.identity is not None and self.identity != self.url:
            return self.identity
        return own_identity(origin, self.article.record, several, self.hashes.content)


class Extracted(Struct):
    """A piece of what a file gave.

    Attributes:
        path: The file's path below the root, or that of a member of an archive.
        member: It is a member of the archive that the job is about.
        first, last: It is the first, and the last, piece of its file.
        seen: How the file looked when it was opened; None when it was gone.
        digest: Over its bytes.
        same: It has the digest that was known, and was not read further.
        items: Its articles in order.
        bad: Records that could not be read.
        articles: In the last piece: how many there are in all of it, members included.
        reason, detail: Why there are no articles, when the file as a whole is at fault.
    """

    path: str
    member: bool = False
    first: bool = True
    last: bool = False
    seen: Seen | None = None
    digest: bytes | None = None
    same: bool = False
    reader: str | None = None
    reader_version: int | None = None
    items: list[Item] = field(default_factory=list)
    bad: list[BadRecord] = field(default_factory=list)
    articles: int = 0
    reason: str | None = None
    detail: str | None = None

    @property
    def ends_job(self) -> bool:
        """Whether nothing more comes of the file on disk."""
        return self.last and not self.member


class Part(Struct, frozen=True):
    """The end of a run of pieces that are to be committed together.

    Attributes:
        prepared: Their articles as the engine wants them; None when they are in the pieces.
    """

    prepared: Prepared | None = None
