"""What was found out about a quotation: the shape of the answer.

Places are counted in code points: `start` and `end` in the field of an article.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

from newsidx.article import Article
from newsidx.searcher.alignment import Alignment, Kind, Step
from newsidx.text.negation import is_negation, is_number
from newsidx.text.quoting import Unit
from newsidx.text.words import Word

__all__ = ["Flag", "Piece", "Place", "Quotation", "Verdict", "flags_of", "pieces_of"]

Verdict = Literal["verbatim", "altered", "absent"]


class Piece(Struct, frozen=True):
    """A stretch of a quotation and what stands beside it in the archive.

    Attributes:
        kind: `same`; what changes a quotation: `replaced`, `missing` (only the archive has
            it), `added` (only the quotation has it), `spelling` (case or marks differ); what
            is permitted: `elided` by an ellipsis, `inserted` in square brackets, `gap` (one
            of both has a run of blanks where the other has a word joined by hyphens).
        quoted: As the quotation has it.
        archived: As the archive has it.
        start, end: Where that is in the field.
    """

    kind: Kind
    quoted: str
    archived: str
    start: int
    end: int


class Flag(Struct, frozen=True):
    """A negation or a number that is on one side only.

    Attributes:
        kind: `negation` or `number`.
        word: Which.
        side: Whether the `archive` has it, or the `quotation`.
        where: The kind of piece that it is in: `elided`, `gap`, `missing` and so on.
    """

    kind: Literal["negation", "number"]
    word: str
    side: Literal["archive", "quotation"]
    where: Kind


class Place(Struct, frozen=True):
    """A passage of an article that a quotation was laid beside.

    Attributes:
        path: The article's source file.
        text: The passage.
        likeness: Words that are the same, of all that stand on either side; from 0 to 1.
    """

    article: Article
    path: str
    field: str
    start: int
    end: int
    text: str
    likeness: float
    pieces: tuple[Piece, ...]
    flags: tuple[Flag, ...]

    @property
    def day(self) -> str | None:
        """When it was published, as far as that is known."""
        published = self.article.published
        return published.isoformat() if published else None

    @property
    def changes(self) -> tuple[Piece, ...]:
        """The pieces that are not the same and not permitted."""
        return tuple(each for each in self.pieces if each.kind not in _PERMITTED)


_PERMITTED = ("same", "elided", "inserted", "gap")


class Quotation(Struct, frozen=True):
    """A quotation and what the archive has of it.

    Attributes:
        place: The earliest of the passages that are most like it; None where there is none
            that has anything in common with it.
        places: All articles that have it so, each once, the earliest first; of an absent one
            there are none.
        complete: Whether all articles that may hold it were read.
    """

    text: str
    verdict: Verdict
    place: Place | None
    places: tuple[Place, ...]
    complete: bool = True

    @property
    def earliest(self) -> str | None:
        """The first day on which it was printed, as far as dates are known."""
        return next((place.day for place in self.places if place.day), None)

    @property
    def outlets(self) -> int:
        """How many sources printed it, as far as they are known."""
        return len(
            {place.article.source.casefold() for place in self.places if place.article.source}
        )


def pieces_of(
    alignment: Alignment, quotation: str, units: Sequence[Unit], text: str, words: Sequence[Word]
) -> tuple[Piece, ...]:
    """An alignment as text: steps of one kind beside each other are one piece.

    Args:
        text: The field that the words are of.
    """
    pieces = []
    for run in _runs(alignment.steps):
        kind = run[0].kind
        first, last = run[0].units[0], run[-1].units[1]
        begin, end = run[0].words[0], run[-1].words[1]
        quoted = quotation[units[first].start : units[last - 1].end] if last > first else ""
        start = words[begin].start if end > begin else _place_behind(words, begin)
        stop = words[end - 1].end if end > begin else start
        pieces.append(Piece(kind, quoted, text[start:stop], start, stop))
    return tuple(pieces)


def _place_behind(words: Sequence[Word], number: int) -> int:
    if number:
        return words[number - 1].end
    return words[0].start if words else 0


def _runs(steps: Sequence[Step]) -> Iterator[list[Step]]:
    run: list[Step] = []
    for step in steps:
        if run and (step.kind != run[-1].kind or step.kind in ("elided", "inserted", "gap")):
            yield run
            run = []
        run.append(step)
    if run:
        yield run


def flags_of(
    alignment: Alignment, units: Sequence[Unit], words: Sequence[Word], language: str | None
) -> tuple[Flag, ...]:
    """The negations and numbers that are not on both sides, in the order of the quotation.

    Args:
        language: Of the article.
    """
    found: dict[Flag, None] = {}
    for run in _runs(alignment.steps):
        kind = run[0].kind
        if kind in ("same", "spelling"):
            continue
        quoted = [
            word
            for unit in units[run[0].units[0] : run[-1].units[1]]
            for word in ((unit.word,) if unit.word else unit.inside)
        ]
        archived = list(words[run[0].words[0] : run[-1].words[1]])
        for side, here, there in (
            ("archive", archived, quoted),
            ("quotation", quoted, archived),
        ):
            other = {word.form for word in there}
            for flagged, word in _telling(here, language):
                if word.form not in other:
                    found[Flag(flagged, word.spelling, side, kind)] = None  # type: ignore[arg-type]
    return tuple(found)


def _telling(
    words: Sequence[Word], language: str | None
) -> Iterator[tuple[Literal["negation", "number"], Word]]:
    """The negations and numbers among words, in order."""
    for word in words:
        lower = word.spelling.lower()
        if is_negation(lower, language):
            yield "negation", word
        elif is_number(lower, language):
            yield "number", word
