"""Merging segments, which tantivy-py offers no way to ask for.

Tantivy merges by itself what is of about one size, as soon as there are eight of it: its
`LogMergePolicy`, which goes by the number of live documents that `meta.json` gives, and
takes all below 10,000 for one size. So a group that is to be merged is described, in a
folder where nobody else looks, as if most of it were deleted, which changes no document: a
segment's own file says which these are. What lacks to eight segments is made of a few
articles that are deleted and added again.

Where that doesn't come to one segment, or the articles are few, these are written again
from what is stored of them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsidx.article import Article
from newsidx.engines.merging import SMALL, to_merge
from newsidx.engines.tantivy.files import (
    Commit,
    Segment,
    deleted_in,
    files_of,
    read_meta,
    segment_name,
    write_meta,
)
from newsidx.engines.tantivy.layout import key_of
from newsidx.engines.tantivy.prepare import LEAST_HEAP, TantivyPreparer
from newsidx.engines.tantivy.queries import everything, with_keys
from newsidx.engines.tantivy.records import article_of

if TYPE_CHECKING:
    from tantivy import Index

__all__ = ["Merger", "described", "link", "live_in", "stored_in", "to_rewrite"]

# What Tantivy's policy goes by.
_ENOUGH = 8
_ONE_SIZE = 10_000

# So many articles are written again sooner than merged.
_REWRITTEN = 500

# While a merge is going on, it may hold what the largest terms take.
_HEAP = 50_000_000


def live_in(segment: Segment) -> int:
    """How many documents of a segment are not deleted."""
    return int(segment["max_doc"]) - deleted_in(segment)


def to_rewrite(segments: Sequence[Segment], *, one: bool, clean: bool) -> list[list[Segment]]:
    """Groups of segments, each to become one.

    Args:
        one: All of them are.
        clean: Each that has deleted documents is, by itself.
    """
    if one:
        whole = len(segments) == 1 and not deleted_in(segments[0])
        return [list(segments)] if segments and not whole else []
    sizes, deleted = map(live_in, segments), map(deleted_in, segments)
    groups = [[segments[at] for at in group] for group in to_merge(list(sizes), list(deleted))]
    taken = {segment_name(each) for group in groups for each in group}
    for segment in segments:
        # The scores of a small archive are those of its articles alone.
        small = segment["max_doc"] <= SMALL
        if deleted_in(segment) and (clean or small) and segment_name(segment) not in taken:
            groups.append([segment])
    return groups


def link(path: Path, target: Path) -> None:
    """Give a file another name, or a copy where the disk knows no such thing."""
    if target.exists():
        return
    try:
        os.link(path, target)
    except OSError:
        shutil.copyfile(path, target)


def described(folder: Path, schema: dict[str, Any], segments: Sequence[Segment]) -> Index:
    """Open a folder as an index of some segments whose files are in it."""
    from tantivy import Index

    numbers = [int(each["deletes"]["opstamp"]) for each in segments if each["deletes"]]
    write_meta(folder, Commit(max(numbers, default=0) + 1, list(segments), schema))
    return Index.open(str(folder))


def stored_in(index: Index, most: int | None = None) -> Iterator[Article]:
    """The live articles of an index, or so many of them."""
    searcher = index.searcher()
    if limit := most or searcher.num_docs:
        for _, place in searcher.search(everything(), limit, count=False).hits:
            yield article_of(searcher.doc(place)["article"][0])


class Merger:
    """Merges segments whose files are in the folder of a transaction."""

    def __init__(self, folder: Path, language: str, schema: dict[str, Any]) -> None:
        self._folder = folder
        self._language = language
        self._schema = schema

    def merge(self, group: list[Segment]) -> list[Segment]:
        """One segment of several, as a rule."""
        if sum(map(live_in, group)) > _REWRITTEN:
            merged = self._merge(group)
            if len(merged) == 1 and not deleted_in(merged[0]):
                return merged
            group = merged  # in which some numbers of deletions may be made up still
        return self._rewrite(group)

    def _rewrite(self, group: list[Segment]) -> list[Segment]:
        preparer = TantivyPreparer(self._folder, self._language)
        for article in stored_in(described(self._folder, self._schema, group)):
            preparer.add(article)
        return self._taken(preparer)

    def _taken(self, preparer: TantivyPreparer) -> list[Segment]:
        """The segments that were just prepared, whose files are now here."""
        preparer.finish()
        segments: list[Segment] = read_meta(preparer.folder)["segments"]
        for segment in segments:
            for path in files_of(preparer.folder, segment):
                path.rename(self._folder / path.name)
        shutil.rmtree(preparer.folder, ignore_errors=True)
        return segments

    def _merge(self, group: list[Segment]) -> list[Segment]:
        segments = self._marked(group)
        for segment in segments:
            if live_in(segment) > _ONE_SIZE:
                segment["deletes"]["num_deleted_docs"] = segment["max_doc"] - 1
        writer = described(self._folder, self._schema, segments).writer(_HEAP, 1)
        writer.commit()
        writer.wait_merging_threads()
        merged: list[Segment] = read_meta(self._folder)["segments"]
        return merged

    def _marked(self, group: list[Segment]) -> list[Segment]:
        """The same articles in eight segments or more, the large ones with deletions."""
        articles = self._some(group)
        index = described(self._folder, self._schema, group)
        writer = index.writer(LEAST_HEAP, 1)
        writer.delete_documents_by_query(with_keys(index.schema, [key_of(a.id) for a in articles]))
        writer.commit()
        writer.wait_merging_threads()
        segments: list[Segment] = list(read_meta(self._folder)["segments"])
        pieces = max(1, _ENOUGH - len(segments))
        for number in range(pieces):
            preparer = TantivyPreparer(self._folder, self._language)
            for article in articles[number::pieces]:
                preparer.add(article)
            segments += self._taken(preparer)
        return segments

    def _some(self, group: list[Segment]) -> list[Article]:
        """An article of each large segment without deletions, and as many as make segments."""
        found: dict[str, Article] = {}
        for segment in group:
            if live_in(segment) > _ONE_SIZE and not deleted_in(segment):
                first = next(stored_in(described(self._folder, self._schema, [segment]), 1))
                found[first.id] = first
        for article in stored_in(
            described(self._folder, self._schema, group), _ENOUGH + len(found)
        ):
            found.setdefault(article.id, article)
        return list(found.values())
