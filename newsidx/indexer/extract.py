"""From a source file to articles: read, refine, hash. This is what workers do."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from newsidx.article import Article, RawArticle
from newsidx.errors import NewsidxError, ReadError
from newsidx.index.ledger import Root
from newsidx.indexer.discover import Seen
from newsidx.indexer.options import RootOptions
from newsidx.readers.base import BadRecord, ReadOptions
from newsidx.refine.identity import Hashes, hashes, url_identity

__all__ = ["Extracted", "Item", "Job", "digest_of", "extract", "job_for"]


@dataclass(frozen=True, slots=True)
class Job:
    """A file to be read.

    Attributes:
        base, path: The root's folder and the file below it.
        label: The root's label.
        known: Digest of the file's bytes when it was last read; if it is still the
            same there is nothing to do. None reads it in any case.
    """

    base: str
    path: str
    label: str
    options: RootOptions
    known: bytes | None = None


@dataclass(slots=True)
class Item:
    """One article of a file, without an id as yet."""

    article: Article
    url: str | None
    hashes: Hashes


@dataclass(slots=True)
class Extracted:
    """What a file gave.

    Attributes:
        seen: How the file looked when it was opened; None when it was gone.
        digest: Over its bytes.
        same: It has the digest that was known, and was not read further.
        items: Its articles in order.
        bad: Records that could not be read.
        reason, detail: Why there are no articles, when the file as a whole is at fault.
    """

    path: str
    seen: Seen | None = None
    digest: bytes | None = None
    same: bool = False
    reader: str | None = None
    reader_version: int | None = None
    items: list[Item] = field(default_factory=list)
    bad: list[BadRecord] = field(default_factory=list)
    reason: str | None = None
    detail: str | None = None


def job_for(root: Root, path: str, known: bytes | None = None) -> Job:
    """The job of reading a file of a root."""
    return Job(root.base, path, root.label, RootOptions.from_json(root.options), known)


def extract(job: Job) -> Extracted:
    """Read a file. Whatever is wrong with it is in the result; nothing is raised."""
    result = Extracted(job.path)
    try:
        _extract(job, result)
    except ReadError as problem:
        result.reason, result.detail = problem.reason, problem.message
    except NewsidxError as problem:
        result.reason, result.detail = problem.code, problem.message
    except FileNotFoundError:
        result.reason, result.detail = "vanished", "It went away before it could be read."
    except OSError as problem:
        result.reason, result.detail = "unreadable", problem.strerror or str(problem)
    except MemoryError:
        result.reason, result.detail = "too-large", "There is not enough memory to read it."
    except RecursionError:
        result.reason, result.detail = "malformed", "It is nested too deeply."
    except Exception as problem:
        # One bad file must never stop a run, even when the fault is our own.
        result.reason, result.detail = "internal", _fault(problem)
    if result.reason:
        result.items.clear()
    return result


def digest_of(path: str) -> bytes:
    """BLAKE2b of 16 bytes over the bytes of a file. Raises OSError."""
    with open(path, "rb") as file:  # noqa: PTH123 - names may be no UTF-8
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).digest()


def _fault(problem: Exception) -> str:
    """An unexpected exception and the line that raised it, for the report of a bug."""
    import traceback

    *_, last = traceback.extract_tb(problem.__traceback__)
    where = f"{os.path.basename(last.filename)}:{last.lineno}"  # noqa: PTH119
    return f"{type(problem).__name__}: {problem} ({where})"


def _extract(job: Job, result: Extracted) -> None:
    from newsidx.readers.registry import reader_for
    from newsidx.readers.source import Source

    location = os.path.join(job.base, job.path)  # noqa: PTH118 - names may be no UTF-8
    result.seen = Seen.of(os.stat(location))  # noqa: PTH116 - likewise
    result.digest = digest_of(location)
    if result.digest == job.known:
        result.same = True
        return
    source = Source(name=job.path, path=Path(location))
    reader = reader_for(source)
    result.reader, result.reader_version = reader.name, reader.version
    mtime = None
    if job.options.date_from_mtime:
        mtime = datetime.fromtimestamp(result.seen.mtime / 1e9, tz=UTC).date()
    for found in reader.read(source, ReadOptions(fields=job.options.fields)):
        if isinstance(found, BadRecord):
            result.bad.append(found)
        else:
            _add(found, job, mtime, result)
    if Seen.of(os.stat(location)) != result.seen:  # noqa: PTH116 - likewise
        raise ReadError("vanished", "It changed while it was being read.")
    if not result.items and not result.bad:
        raise ReadError("no-article", "No article was found in it.")


def _add(raw: RawArticle, job: Job, mtime: date | None, result: Extracted) -> None:
    from newsidx.refine.refine import refine

    try:
        clean = refine(raw, mtime=mtime)
    except ReadError as problem:
        result.bad.append(BadRecord(raw.position, problem.reason, problem.message))
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
        path=job.path,
        record=clean.record,
        root=job.label,
        language=clean.language,
        words=clean.words,
        provenance=clean.provenance,
    )
    identity = url_identity(clean.url, raw.page_url)
    result.items.append(Item(article, identity, hashes(article)))
