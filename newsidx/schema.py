"""The one table of fields: what an article has, and how each part is searched."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

__all__ = ["FIELDS", "LEAD", "LEAD_WORDS", "TEXT_FIELDS", "Field", "Kind"]
__all__ += ["field_named", "names_of_fields"]


class Kind(Enum):
    """How a field is stored and searched."""

    TEXT = "text"  # running words, stemmed and ranked
    LIST = "list"  # several keywords, with a gap between them
    KEYWORD = "keyword"  # one value, searched by its words
    DATE = "date"  # a day, a month or a year
    NUMBER = "number"


class Field(Struct, frozen=True):
    """One row of the table.

    Attributes:
        name: The name used in output and in storage.
        kind: How it is searched.
        aliases: Other names a query may use.
        weight: How many times each of its tokens counts in the ranking field; 0
            for fields that rank nothing.
        facet: Whether articles can be counted by its values.
        sortable: Whether results can be ordered by it.
        read: Whether it is read from files (and `--map` can name it), not made by us.
        about: What it is, in a few words for people.
    """

    name: str
    kind: Kind
    aliases: tuple[str, ...] = ()
    weight: int = 0
    facet: bool = False
    sortable: bool = False
    read: bool = True
    about: str = ""


# Title tokens count twice, as in the usual "title twice" baseline of BM25 systems.
FIELDS: tuple[Field, ...] = (
    Field("id", Kind.KEYWORD, read=False, about="twelve characters that never change"),
    Field(
        "title",
        Kind.TEXT,
        aliases=("headline",),
        weight=2,
        sortable=True,
        about="the headline",
    ),
    Field("body", Kind.TEXT, aliases=("text",), weight=1, about="the text, without the title"),
    Field("authors", Kind.LIST, aliases=("author", "by"), facet=True, about="who wrote it"),
    Field(
        "source",
        Kind.KEYWORD,
        aliases=("publication", "outlet"),
        facet=True,
        sortable=True,
        about="the newspaper, agency or site",
    ),
    Field(
        "published",
        Kind.DATE,
        aliases=("date",),
        facet=True,
        sortable=True,
        about="the day, month or year of publication",
    ),
    Field("section", Kind.KEYWORD, facet=True, about="the desk or column it ran in"),
    Field("tags", Kind.LIST, aliases=("tag",), facet=True, about="what it was filed under"),
    Field("url", Kind.KEYWORD, about="its address"),
    Field("path", Kind.KEYWORD, read=False, about="its file, below its root"),
    Field("record", Kind.KEYWORD, about="its own id in the file it came in"),
    Field("root", Kind.KEYWORD, facet=True, read=False, about="the label of the indexed folder"),
    Field(
        "language",
        Kind.KEYWORD,
        aliases=("lang",),
        facet=True,
        about="the language, as a code: en, de, fr",
    ),
    Field("words", Kind.NUMBER, sortable=True, read=False, about="the number of words in the body"),
    Field("same_text", Kind.KEYWORD, read=False, about="the first article with the same text"),
)

TEXT_FIELDS: tuple[str, ...] = tuple(field.name for field in FIELDS if field.kind is Kind.TEXT)

LEAD = Field("hlead", Kind.TEXT, read=False, about="the title and the first 100 words of the body")
"""The headline and the lead: made of the title and the beginning of the body, so it is
searched like a field and is none of an article's own."""

LEAD_WORDS = 100
"""How many words of the body belong to the lead."""

_BY_NAME = {name: field for field in (*FIELDS, LEAD) for name in (field.name, *field.aliases)}


def field_named(name: str) -> Field | None:
    """The field that a query means by `name` (any of its names, in any case)."""
    return _BY_NAME.get(name.lower())


def names_of_fields() -> tuple[str, ...]:
    """Every name that a query may put before a colon."""
    return tuple(_BY_NAME)
