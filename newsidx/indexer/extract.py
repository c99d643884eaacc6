"""From a source file to articles: read, refine, hash. This is what workers do.

A file is given in pieces, so that none has to fit into memory as a whole; the files
in an archive are given before the archive itself.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from msgspec import Struct
from msgspec.structs import replace

from newsidx.article import Article, RawArticle
from newsidx.errors import NewsidxError, ReadError
from newsidx.index.rows import Root
from newsidx.indexer.discover import Seen, is_left_out
from newsidx.indexer.options import RootOptions
from newsidx.indexer.pieces import Extracted, Item, Job
from newsidx.readers.base import Archive, BadRecord, Reader, is_archive
from newsidx.readers.members import SEPARATOR, Member
from newsidx.refine.identity import hashes, url_identity

if TYPE_CHECKING:
    from newsidx.readers.source import Source
    from newsidx.refine.refine import Clean

__all__ = ["digest_of", "extract", "first_origin", "job_for", "version_of"]

# A file of so many bytes at most is read once.
MAX_HELD = 1024 * 1024
# What a piece may hold at most, in records and in characters of their bodies.
PIECE_RECORDS = 1000
PIECE_CHARACTERS = 4_000_000
# Of a file in which every record is broken, this many are told one by one.
MAX_BAD_RECORDS = 10_000


def job_for(
    root: Root,
    path: str,
    known: bytes | None = None,
    orders: Mapping[str, str] | None = None,
    origin: str | None = None,
) -> Job:
    """The job of reading a file of a root.

    Args:
        origin: Its identity, when it has one already.
    """
    options = RootOptions.from_json(root.options)
    origin = first_origin(root.label, path) if origin is None else origin
    return Job(root.base, path, root.label, options, known, orders or {}, origin)


def first_origin(label: str, path: str) -> str:
    """The identity of a file that is new: where it is."""
    return f"{label}/{path.encode('utf-8', 'backslashreplace').decode()}"


@cache
def version_of(name: str | None) -> int:
    """Another one when a file that a reader read would now give other articles.

    Args:
        name: The reader's. That of an archive, or None for a file that no reader knew,
            stands for all readers.
    """
    from newsidx.readers.registry import readers
    from newsidx.refine.refine import REFINE_VERSION

    concerned = [
        (reader.name, reader.version)
        for reader in readers()
        if name is None or reader.name == name or is_archive(_named(name))
    ]
    return zlib.crc32(repr((concerned, REFINE_VERSION)).encode())


def _named(name: str) -> Reader | Archive | None:
    from newsidx.readers.registry import reader_named

    return reader_named(name)


def extract(job: Job) -> Iterator[Extracted]:
    """Read a file, piece by piece.

    Whatever is wrong with it is in the pieces; nothing is raised. What was read before
    a file turned out to be damaged is kept, and the damage is one more bad record.
    """
    from newsidx.readers.source import Source

    location = os.path.join(job.base, job.path)  # noqa: PTH118 - names may be no UTF-8
    start = Extracted(job.path)
    try:
        start.seen = Seen.of(os.stat(location))  # noqa: PTH116 - likewise
        start.digest, data = _digest_and_bytes(location, start.seen.size)
    except OSError as problem:
        start.reason, start.detail = _reason_of(problem)
        start.last = True
        yield start
        return
    if start.digest == job.known:
        start.same = start.last = True
        yield start
        return
    source = Source(job.path, Path(location)) if data is None else Source(job.path, data=data)
    yield from _File(_Context(job, location, start.seen), source, start).pieces()


def digest_of(path: str) -> bytes:
    """BLAKE2b of 16 bytes over the bytes of a file. Raises OSError."""
    with open(path, "rb") as file:  # noqa: PTH123 - names may be no UTF-8
        return hashlib.file_digest(file, _hash).digest()


def _hash(data: bytes = b"") -> hashlib.blake2b:
    return hashlib.blake2b(data, digest_size=16)


def _digest_and_bytes(path: str, size: int) -> tuple[bytes, bytes | None]:
    """Of a file, its bytes only where they are few: it need not be opened again. Raises OSError."""
    if size <= MAX_HELD:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - names may be no UTF-8
            data = file.read(size + 1)
        if len(data) == size:
            return _hash(data).digest(), data
    return digest_of(path), None


class _Context(Struct, frozen=True):
    """The file on disk that is being read, whatever lies in it."""

    job: Job
    location: str
    seen: Seen

    def check(self) -> None:
        """See that it is still what it was.

        Raises:
            ReadError: `vanished`.
        """
        if Seen.of(os.stat(self.location)) != self.seen:  # noqa: PTH116 - may be no UTF-8
            raise ReadError("vanished", "It changed while it was being read.")

    def modified(self, source: Source) -> date | None:
        """The day that stands in for a date, where that is wanted."""
        if not self.job.options.date_from_mtime:
            return None
        if isinstance(source, Member) and source.modified:
            return source.modified
        return datetime.fromtimestamp(self.seen.mtime / 1e9, tz=UTC).date()


class _File:
    """A source file that is being read: on disk, or a member of an archive that is."""

    def __init__(self, context: _Context, source: Source, piece: Extracted) -> None:
        self.context = context
        self.source = source
        self.piece = piece
        self.articles = 0
        self.bad = 0
        self.characters = 0
        self.is_archive = False

    def pieces(self) -> Iterator[Extracted]:
        """All pieces of it, those of its members before its own last one."""
        from newsidx.readers.registry import reader_for

        options = self.context.job.options
        self.piece.reader_version = version_of(None)
        try:
            reader = reader_for(self.source, options.format)
            self.piece.reader, self.piece.reader_version = reader.name, version_of(reader.name)
            if is_archive(reader):
                self.is_archive = True
                yield self._turn()
                yield from self._members(reader)
            else:
                plain = cast("Reader", reader)
                yield from self._articles(plain.read(self.source, options.for_readers()))
            if not self.piece.member:
                self.context.check()
            if not self.articles and (self.is_archive or not self.bad):
                raise ReadError("no-article", "No article was found in it.")
        except Exception as problem:
            self._blame(*_reason_of(self._cause(problem)))
        self._conclude()
        yield self.piece

    def _cause(self, problem: Exception) -> Exception:
        """What went wrong; a file that changed under our hands is not to blame for its contents."""
        try:
            self.context.check()
        except (ReadError, OSError) as change:
            return change
        return problem

    def _turn(self) -> Extracted:
        """Hand out the piece, and begin the next."""
        full, before = self.piece, self.piece
        self.piece = Extracted(before.path, before.member, first=False, seen=before.seen)
        self.piece.digest, self.piece.reader = before.digest, before.reader
        self.piece.reader_version = before.reader_version
        self.characters = 0
        return full

    def _articles(self, found: Iterator[RawArticle | BadRecord]) -> Iterator[Extracted]:
        for record in found:
            if isinstance(record, BadRecord):
                self._add_bad(record)
            else:
                self._add(record)
            held = len(self.piece.items) + len(self.piece.bad)
            if held >= PIECE_RECORDS or self.characters >= PIECE_CHARACTERS:
                yield self._turn()

    def _members(self, archive: Archive) -> Iterator[Extracted]:
        context = self.context
        for source in archive.members(self.source):
            start = Extracted(source.name, member=True)
            try:
                if is_left_out(source.name, context.job.options):
                    raise ReadError("ignored", "A rule of the root leaves it out.")
                start.digest, size = _digest_and_size(source)
                start.seen = Seen(size, context.seen.mtime, 0, 0)
            except Exception as problem:
                start.reason, start.detail = _reason_of(problem)
                start.last = True
                yield start
                continue
            file = _File(context, source, start)
            yield from file.pieces()
            self.articles += file.articles
            self.bad += file.bad

    def _add(self, raw: RawArticle) -> None:
        try:
            clean = self._refined(raw, self.context.job.options.date_order)
            key = f"source:{clean.source or self.context.job.label}".casefold()
            known = self.context.job.orders.get(key)
            if known and clean.date_order == "open" and not self.context.job.options.date_order:
                clean = replace(self._refined(raw, known), date_order="open")
        except ReadError as problem:
            self._add_bad(BadRecord(raw.position, problem.reason, problem.message))
            return
        article = Article(
            id="",
            title=clean.title,
            body=clean.body,
            authors=clean.authors,
            source=clean.source,
            published=clean.published,
            section=clean.section,
            tags=clean.tags,
            url=clean.url,
            path=self.source.name,
            record=clean.record,
            root=self.context.job.label,
            language=clean.language,
            words=clean.words,
            provenance=clean.provenance,
        )
        url = url_identity(clean.url, raw.page_url)
        item = Item(article, url, hashes(article), key, clean.date_order, position=raw.position)
        if raw.identity is not None:
            item.identity, item.url = raw.identity, url if raw.identity == url else None
        self.piece.items.append(item)
        self.articles += 1
        self.characters += len(clean.body)

    def _refined(self, raw: RawArticle, order: str | None) -> Clean:
        if raw.exported is not None:
            from newsidx.refine.exported import as_exported

            return as_exported(raw.exported, raw.identity or "")
        from newsidx.refine.refine import refine

        options = self.context.job.options
        folder = self.source.name.replace(SEPARATOR, "/").rpartition("/")[0].rpartition("/")[2]
        return refine(
            raw,
            mtime=self.context.modified(self.source),
            date_order=order,
            source_folder=(folder or self.context.job.label)
            if options.source_from_folder
            else None,
            section_folder=folder if options.section_from_folder else None,
        )

    def _add_bad(self, record: BadRecord) -> None:
        self.bad += 1
        if self.bad <= MAX_BAD_RECORDS:
            self.piece.bad.append(record)

    def _blame(self, reason: str, detail: str) -> None:
        """Take down that it could not be read, or not all of it."""
        if self.articles and reason != "vanished":
            # What was sound before stays.
            message = f"{detail.rstrip('.')}; what comes behind is lost"
            self.piece.bad.append(BadRecord(self.articles + self.bad + 1, reason, message))
        else:
            self.piece.reason, self.piece.detail = reason, detail
            self.piece.items.clear()

    def _conclude(self) -> None:
        if self.bad > MAX_BAD_RECORDS:
            more = f"{self.bad - MAX_BAD_RECORDS} more records could not be read"
            self.piece.bad.append(BadRecord(self.articles + self.bad, "malformed", more))
        self.piece.last, self.piece.articles = True, self.articles


def _digest_and_size(source: Source) -> tuple[bytes, int]:
    """Of a member, as it lies in its archive. Raises ReadError, OSError."""
    digest, size = _hash(), 0
    with source.open_raw() as stream:
        while block := stream.read(1024 * 1024):
            digest.update(block)
            size += len(block)
    return digest.digest(), size


def _reason_of(problem: Exception) -> tuple[str, str]:
    """Reason and detail of whatever went wrong with a file.

    One bad file must never stop a run, even when the fault is our own.
    """
    match problem:
        case ReadError():
            return problem.reason, problem.message
        case NewsidxError():
            return problem.code, problem.message
        case FileNotFoundError():
            return "vanished", "It went away before it could be read."
        case OSError():
            return "unreadable", problem.strerror or str(problem)
        case MemoryError():
            return "too-large", "There is not enough memory to read it."
        case RecursionError():
            return "malformed", "It is nested too deeply."
        case _:
            return "internal", _fault(problem)


def _fault(problem: Exception) -> str:
    """An unexpected exception and the line that raised it, for the report of a bug."""
    import traceback

    *_, last = traceback.extract_tb(problem.__traceback__)
    where = f"{os.path.basename(last.filename)}:{last.lineno}"  # noqa: PTH119
    return f"{type(problem).__name__}: {problem} ({where})"
