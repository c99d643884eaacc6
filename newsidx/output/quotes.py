"""Quotations and what the archive has of them, as records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, Protocol

from newsidx.article import Article
from newsidx.output.forms import Shape
from newsidx.output.numbers import rounded
from newsidx.output.safe import valid

__all__ = [
    "QUOTES",
    "Checked",
    "FlagLike",
    "PieceLike",
    "PlaceLike",
    "QuotationLike",
    "difference",
    "quotation_record",
    "unconfirmed",
]

QUOTES = Shape(
    schema="newsidx.quote/1",
    rows="quotations",
    columns=(
        "rank",
        "line",
        "at",
        "quotation",
        "verdict",
        "difference",
        "flags",
        "id",
        "published",
        "source",
        "title",
        "field",
        "start",
        "end",
        "passage",
        "likeness",
        "earliest",
        "articles",
        "outlets",
        "url",
        "path",
    ),
    more=("pieces", "flagged", "places"),
    plain=("verdict", "flags", "line", "id", "published", "source", "difference", "quotation"),
)
"""Quotations."""


class PieceLike(Protocol):
    """A stretch of a quotation and what stands beside it."""

    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def quoted(self) -> str: ...  # noqa: D102
    @property
    def archived(self) -> str: ...  # noqa: D102
    @property
    def start(self) -> int: ...  # noqa: D102
    @property
    def end(self) -> int: ...  # noqa: D102


class FlagLike(Protocol):
    """A negation or number that is on one side only."""

    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def word(self) -> str: ...  # noqa: D102
    @property
    def side(self) -> str: ...  # noqa: D102
    @property
    def where(self) -> str: ...  # noqa: D102


class PlaceLike(Protocol):
    """A passage of an article."""

    @property
    def article(self) -> Article: ...  # noqa: D102
    @property
    def path(self) -> str: ...  # noqa: D102
    @property
    def field(self) -> str: ...  # noqa: D102
    @property
    def start(self) -> int: ...  # noqa: D102
    @property
    def end(self) -> int: ...  # noqa: D102
    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def likeness(self) -> float: ...  # noqa: D102
    @property
    def day(self) -> str | None: ...  # noqa: D102
    @property
    def pieces(self) -> Iterable[PieceLike]: ...  # noqa: D102
    @property
    def flags(self) -> Iterable[FlagLike]: ...  # noqa: D102


class QuotationLike(Protocol):
    """A quotation and its verdict."""

    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def verdict(self) -> str: ...  # noqa: D102
    @property
    def place(self) -> PlaceLike | None: ...  # noqa: D102
    @property
    def places(self) -> Iterable[PlaceLike]: ...  # noqa: D102
    @property
    def earliest(self) -> str | None: ...  # noqa: D102
    @property
    def outlets(self) -> int: ...  # noqa: D102


class Checked(NamedTuple):
    """A quotation with where it was asked about.

    Attributes:
        rank: Its number among those that were checked, from 1.
        line: Of the list or draft, from 1; None where it is an argument.
        at: Where it begins in the draft, in code points; None where there is no draft.
    """

    rank: int
    line: int | None
    at: int | None
    quotation: QuotationLike


def quotation_record(checked: Checked) -> dict[str, Any]:
    """A quotation as `newsidx.quote/1` has it."""
    found = checked.quotation
    place, places = found.place, list(found.places)
    flags = _flags(place) if place and found.verdict != "absent" else []
    passage = _place_record(place) if place else dict.fromkeys(_PLACE)
    return {
        "rank": checked.rank,
        "line": checked.line,
        "at": checked.at,
        "quotation": valid(found.text),
        "verdict": found.verdict,
        "difference": difference(place) if place and found.verdict == "altered" else None,
        "flags": flags,
        **{name: passage[name] for name in _PLACE[:7]},
        "passage": place.text if place else None,
        "likeness": rounded(place.likeness) if place else None,
        "earliest": found.earliest,
        "articles": len(places),
        "outlets": found.outlets,
        **{name: passage[name] for name in _PLACE[7:]},
        "pieces": [_piece_record(piece) for piece in place.pieces] if place else [],
        "flagged": list(map(_flag_record, place.flags))
        if place and found.verdict != "absent"
        else [],
        "places": list(map(_place_record, places)),
    }


_PLACE = ("id", "published", "source", "title", "field", "start", "end", "url", "path")


def _flags(place: PlaceLike) -> list[str]:
    """What a reader should look at: negations, numbers, and what the archive can't confirm."""
    found = dict.fromkeys(flag.kind for flag in place.flags)
    if any(unconfirmed(piece) for piece in place.pieces):
        found["gap"] = None
    return list(found)


def unconfirmed(piece: PieceLike) -> bool:
    """Whether a word of the quotation stands where the archive has a gap."""
    return piece.kind == "gap" and bool(piece.quoted.strip())


def _place_record(place: PlaceLike) -> dict[str, Any]:
    article = place.article
    return {
        "id": article.id,
        "published": place.day,
        "source": article.source,
        "title": article.title,
        "field": place.field,
        "start": place.start,
        "end": place.end,
        "url": article.url,
        "path": valid(place.path),
    }


def _piece_record(piece: PieceLike) -> dict[str, Any]:
    return {
        "kind": piece.kind,
        "quoted": valid(piece.quoted),
        "archived": piece.archived,
        "start": piece.start,
        "end": piece.end,
    }


def _flag_record(flag: FlagLike) -> dict[str, Any]:
    return {"kind": flag.kind, "word": valid(flag.word), "side": flag.side, "where": flag.where}


def difference(place: PlaceLike) -> str:
    """The quotation with its changes, as wdiff marks them.

    What only the archive has is `[-in such brackets-]`, what only the quotation has `{+in
    these+}`; what an ellipsis, a bracket or a gap permits stands as it is quoted.
    """
    return valid(" ".join(part for piece in place.pieces for part in _marked(piece)))


def _marked(piece: PieceLike) -> Iterator[str]:
    quoted, archived = (" ".join(text.split()) for text in (piece.quoted, piece.archived))
    if piece.kind in ("same", "elided", "inserted", "gap"):
        if quoted:
            yield quoted
        return
    if archived:
        yield f"[-{archived}-]"
    if quoted:
        yield f"{{+{quoted}+}}"
