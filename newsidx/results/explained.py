"""How a query was understood, and how a score came about."""

from __future__ import annotations

from msgspec import Struct

__all__ = [
    "Explanation",
    "Part",
    "Ranked",
    "Reckoning",
    "Share",
]


class Share(Struct, frozen=True):
    """What one word of a query adds to the score of one article.

    Attributes:
        word: As query text.
        frequency: How often it occurs, each field's tokens counted by its weight.
        saturated: What BM25 makes of that in an article of this length.
        score: boost × idf × saturated.
    """

    word: str
    frequency: int
    saturated: float
    idf: float
    boost: float
    score: float


class Reckoning(Struct, frozen=True):
    """How a score came about: it is the sum of the shares.

    Attributes:
        length: Weighted length of the article in tokens, padding included, as the engine
            keeps it.
    """

    length: float
    shares: tuple[Share, ...]


class Part(Struct, frozen=True):
    """A node of a query as understood, and what it meets in the archive.

    Attributes:
        kind: `all`, `any`, `not`, or for a leaf `word`, `phrase`, `wildcard`, `range`,
            `has`, `everything` and whatever else the query language has.
        text: The same as query text.
        fields: Names of the fields that a leaf looks into.
        articles: Number of articles that it matches by itself.
        stems: Stemmer -> the stem looked for in articles of its language (words only).
        forms: The commonest forms that it meets, with their number of articles.
        forms_met: How many different forms it meets.
        verified: Whether the engine has to look at candidates one by one to find them.
    """

    kind: str
    text: str
    fields: tuple[str, ...]
    articles: int
    stems: tuple[tuple[str, str], ...] = ()
    forms: tuple[tuple[str, int], ...] = ()
    forms_met: int = 0
    children: tuple[Part, ...] = ()
    verified: bool = False


class Ranked(Struct, frozen=True):
    """A word that scores: its number of articles decides its idf."""

    word: str
    boost: float
    articles: int
    idf: float


class Explanation(Struct, frozen=True):
    """A query taken apart.

    Attributes:
        tree: As understood, without the filters and the stop words that were dropped.
        filters: One part for each filter.
        ranked: The words that scores are made of.
        articles: Number of articles that idf is reckoned with; those deleted since the
            last merge still count.
        average_length: Mean weighted length with padding.
    """

    tree: Part
    filters: tuple[Part, ...]
    ranked: tuple[Ranked, ...]
    articles: int
    average_length: float
