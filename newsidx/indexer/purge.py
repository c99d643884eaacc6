"""Taking the text of removed articles out of an index directory, for good.

It stands in three places: in the engine's segments, whose deleted documents keep their
text until they are merged; in the ledger, as far as addresses and the pages that it no
longer uses go; and in what came on standard input, which the index keeps. Source files
are the user's own, and are never touched.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Collection
from contextlib import closing
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from newsidx.engines.transaction import transaction
from newsidx.errors import Refused
from newsidx.index.ledger import Ledger
from newsidx.index.rows import FileRow, Place, Root
from newsidx.indexer.discover import Seen
from newsidx.indexer.extract import digest_of, extract, job_for
from newsidx.indexer.pieces import Extracted
from newsidx.indexer.plan import now_ns
from newsidx.indexer.received import RECEIVED
from newsidx.indexer.writing import Writing

__all__ = ["Cut", "purge", "received_cuts"]


class Cut(Struct):
    """A received file that articles are to be taken out of.

    Attributes:
        row: Of the file on disk.
        path: Where it is.
        rest: The places in it that stay, in order; with none, the file goes.
        part: The file without the articles, made ready.
        found: What is in that.
    """

    row: FileRow
    path: Path
    rest: list[Place]
    part: Path | None = None
    found: Extracted | None = None

    def discard(self) -> None:
        """Leave nothing that was made ready."""
        if self.part is not None:
            self.part.unlink(missing_ok=True)


def received_cuts(ledger: Ledger, index: Path, ids: Collection[str]) -> list[Cut]:
    """What has to be cut out of what was received, made ready beside it.

    Args:
        ids: Of articles that are about to be removed; what was removed before goes too.

    Raises:
        Refused: A file holds other articles, and is not of single lines.
    """
    cuts: list[Cut] = []
    home = Path(os.path.realpath(index)) / RECEIVED
    going = {place.id for place in ledger.places_by("article", ids)}
    try:
        for root in ledger.roots():
            if Path(root.base).parent == home:
                for row in ledger.files(root.id).values():
                    cuts += _cut(ledger, root, row, going)
    except BaseException:
        for cut in cuts:
            cut.discard()
        raise
    return cuts


def _cut(ledger: Ledger, root: Root, row: FileRow, going: Collection[int]) -> list[Cut]:
    """The cut in a file: none where nothing of it goes."""
    path = Path(root.base, row.path)
    members = [member.id for member in ledger.members(row.id or 0).values()]
    places = ledger.places_by("file", [row.id, *members])
    rest = [p for p in places if p.id not in going and p.status != "removed"]
    if len(rest) == len(places) or not path.exists():
        return []
    cut = Cut(row, path, sorted(rest, key=lambda place: place.position))
    if rest:
        if row.reader != "jsonl" or members:
            raise Refused(
                f"Of what came on standard input, {path.name} holds other articles as well, and "
                "they can't be parted. Nothing was changed.",
                "Leave --purge out, or remove the others too.",
            )
        _make_ready(cut, root, {p.position for p in places} - {p.position for p in rest})
    return [cut]


def _make_ready(cut: Cut, root: Root, positions: set[int]) -> None:
    """Write the file again without the lines of some articles, and see that it is right."""
    wanted = [place.content for place in cut.rest]
    found = _whole(root, cut.row.path)
    if _contents(found) == wanted:
        cut.found = found  # a purge that was cut short has done it
        return
    if found.digest == cut.row.digest and max(positions) < len(found.items):
        dropped = {found.items[position].position for position in positions}
        cut.part = cut.path.with_name(f".{os.getpid()}.{cut.row.id}.part")
        with (
            gzip.open(cut.path) as old,
            cut.part.open("wb") as file,
            gzip.GzipFile("", "wb", compresslevel=1, fileobj=file, mtime=0) as packed,
        ):
            for number, line in enumerate(old, 1):
                if number not in dropped:
                    packed.write(line)
        cut.found = _whole(root, cut.part.name)
        if _contents(cut.found) == wanted:
            return
        cut.discard()
    raise Refused(
        f"{cut.path.name}, which came on standard input, can't be taken apart as it is now. "
        "Nothing was changed.",
        "Run newsidx index, and try again; or leave --purge out.",
    )


def _whole(root: Root, name: str) -> Extracted:
    """All that a file holds, in one piece, but for the texts."""
    whole = Extracted(name)
    for piece in extract(job_for(root, name)):
        for item in piece.items:
            item.article = replace(item.article, body="")
        whole.items += piece.items
        whole.bad += piece.bad
        whole.digest = piece.digest
    return whole


def _contents(found: Extracted) -> list[bytes]:
    return [item.hashes.content for item in found.items]


def purge(held: Writing, cuts: Collection[Cut]) -> None:
    """Rewrite whatever still holds text of removed articles.

    Args:
        held: An index from which the articles have been removed.
        cuts: From `received_cuts`, as of before.
    """
    for cut in cuts:
        _apply(held, cut)
    with closing(held.open_engine()) as engine, transaction(engine) as writer:
        writer.reclaim()
    held.ledger.rewrite()


def _apply(held: Writing, cut: Cut) -> None:
    if cut.found is None:
        cut.path.unlink()
        held.committer.apply([], [cut.row])
        return
    ledger, row = held.ledger, cut.row
    assert row.id is not None
    kept = {place.id for place in cut.rest}
    with ledger.transaction():
        # The file is what it was for the ledger: it isn't read anew, and is no new version.
        if cut.part is not None:
            os.utime(cut.part, ns=(row.mtime, row.mtime))
            cut.part.replace(cut.path)
        seen = Seen.of(cut.path.stat())
        found = replace(
            row, size=seen.size, mtime=seen.mtime, ctime=seen.ctime, inode=seen.inode,
            recorded=now_ns(), digest=digest_of(str(cut.path)), bad=len(cut.found.bad), reduced=1,
        )  # fmt: skip
        ledger.save_file(found)
        gone = [p for p in ledger.places_by("file", [row.id]) if p.id not in kept]
        ledger.move_places({p.id: number for number, p in enumerate(cut.rest)}, gone)
        ledger.clear_bad_records(row.id)
        bad = [(b.position, b.reason, b.message) for b in cut.found.bad]
        ledger.save_bad_records(row.id, bad)
        ledger.refresh_statuses([row.id])
