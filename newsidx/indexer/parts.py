"""Preparing articles for the engine where they are read, part by part.

A part is what is committed together: so much as fits into memory while it is gathered.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from newsidx.article import article_id
from newsidx.engines.base import Preparer
from newsidx.engines.registry import factory
from newsidx.index.rows import key_of
from newsidx.indexer.pieces import Extracted, Item, Job, Kept, Part
from newsidx.text.sketch import sketch

__all__ = ["Parts", "Recipe"]

PART_ARTICLES = 20_000
"""Besides what memory allows. Smaller ones repeat more terms."""

PART_SECONDS = 120
"""So long a part may take, and what is finished wait to be committed: a kill loses minutes."""


class Recipe(Struct, frozen=True):
    """How articles are prepared.

    Attributes:
        engine: By its name.
        directory: Of the engine's files.
        language: The index's.
        memory: What a part may take while it is gathered, in bytes.
        removed: The marks of what was removed, and is likely to be kept out.
    """

    engine: str
    directory: Path
    language: str
    memory: int
    removed: frozenset[bytes] = frozenset()


class Parts:
    """Takes pieces as they are read, and gives them without what was prepared of them."""

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe
        self._preparer: Preparer | None = None
        self._articles = 0
        self._held = 0
        self._begun = time.monotonic()

    def take(self, job: Job, piece: Extracted) -> Iterator[Extracted | Part]:
        """Give the piece, and behind it the part that it completes."""
        several = len(piece.items) > 1 or not (piece.first and piece.last)
        origin = job.origin_of(piece.path)
        if self._preparer is None:
            recipe = self._recipe
            engine = factory(recipe.engine)
            self._preparer = engine.preparer(recipe.directory, recipe.language)
        for item in piece.items:
            self._held += len(item.article.body)
            item.sketch = sketch(item.article.body)
            if self._preparer is not None:
                self._keep(self._preparer, item, origin, several)
        self._articles += len(piece.items)
        yield piece
        held = 2 * self._held if self._preparer is None else self._preparer.memory
        late = time.monotonic() - self._begun >= PART_SECONDS
        if late or self._articles >= PART_ARTICLES or held >= self._recipe.memory:
            yield self.finish()
            gc.collect()  # what was gathered refers to itself, and would stay beside the next

    def _keep(self, preparer: Preparer, item: Item, origin: str, several: bool) -> None:
        article, own = item.article, item.known_by(origin, several)
        if removed := self._recipe.removed:
            marks = {key_of(own), key_of(item.url or own), item.hashes.content}
            if not marks.isdisjoint(removed):
                return  # no text of it is to be written, not even to be deleted at once
        key = article_id(item.url or own)
        item.kept = Kept(key, preparer.add(replace(article, id=key)))
        item.article = replace(article, title="", body="", tags=(), provenance={})

    def finish(self) -> Part:
        """What was taken since the last part, to be committed."""
        preparer, self._preparer = self._preparer, None
        self._articles = self._held = 0
        self._begun = time.monotonic()
        return Part(preparer.finish() if preparer else None)

    def cancel(self) -> None:
        """Let go of what is unfinished."""
        if self._preparer is not None:
            self._preparer.cancel()
            self._preparer = None
