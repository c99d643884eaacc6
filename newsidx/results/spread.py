"""Who printed a story, and what each made of it."""

from __future__ import annotations

from msgspec import Struct

from newsidx.article import Article

__all__ = ["Change", "Changes", "Passage", "Spread", "Version"]


class Passage(Struct, frozen=True):
    """A part of a body: start and end in code points, the end exclusive, and its words."""

    start: int
    end: int
    text: str
    words: int


class Change(Struct, frozen=True):
    """A place where two texts differ, word by word.

    Attributes:
        cut: What only the first has there; empty where something was added.
        added: What only the second has.
        before, after: A few words around it that both have.
        at: Where in the second body it is, in code points.
    """

    cut: str
    added: str
    before: str
    after: str
    at: int


class Changes(Struct, frozen=True):
    """What became of a text in another one. Shares are of shingles, from 0 to 1.

    Attributes:
        shared: The part of all they say that both have (Jaccard coefficient).
        kept: The part of the first text that the second has.
        taken: The part of the second text that is from the first.
        headline: Whether the headlines have other words.
        cut: Passages of the first of which the second has next to nothing.
        added: Passages of the second that the first has next to nothing of.
        altered: Words of the second that are new in sentences that are not.
        reordered: Whether sentences of the first come in another order.
        words: The differences word by word; None where nobody asked for them.
    """

    shared: float
    kept: float
    taken: float
    headline: bool
    cut: tuple[Passage, ...]
    added: tuple[Passage, ...]
    altered: int
    reordered: bool
    words: tuple[Change, ...] | None = None


class Version(Struct, frozen=True):
    """A story as one outlet printed it.

    Attributes:
        path: The source file as an absolute path.
        changes: Beside the version that all are compared with; None of that itself.
    """

    article: Article
    path: str
    changes: Changes | None


class Spread(Struct, frozen=True):
    """A story in all its versions.

    Attributes:
        asked: The id that was asked for.
        base: The id of the version that the others are compared with.
        versions: The earliest first; those without a date behind all others.
        unsketched: Articles that could be looked at only by their most telling words.
    """

    asked: str
    base: str
    versions: tuple[Version, ...]
    unsketched: int = 0

    @property
    def outlets(self) -> tuple[str, ...]:
        """Those that printed it, each once, in the order in which they first did."""
        sources = (version.article.source for version in self.versions)
        return tuple(dict.fromkeys(source for source in sources if source))
