"""How an article lies in a Tantivy index: fields, and what they hold.

| name | kind | holds |
|---|---|---|
| `title`, `body`, `hlead` | positions | forms |
| `title_stems`, ... | positions | their stems |
| other searchable fields | positions | forms, with fillers between values |
| `source_whole`, ... | presence | whole values, as `analysis.whole_value` has them |
| `ranking` | frequencies | stems, weighted by field, and padding terms |
| `has` | presence | the names of the article's fields that have a value |
| `key` | number | the id, to base 36 |
| `number` | number | which of those it is that were prepared together |
| `day_first`, `day_last`, `words` | number | the span of the date as ordinals; tokens |
| `span` | number | both days in one, to be counted |
| `title_length`, ... | number | tokens of a field whose frequencies are asked for |
| `title_key`, `source_key` | text column | what sorting reads |
| `authors_values`, ... | text column | the values of each field that is a facet, packed |
| `article` | stored | the article, as JSON, compressed |

All texts are our own tokens joined by blanks, so that Tantivy's whitespace tokenizer
gives back just these, and finds the same articles as any other engine.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from newsidx.analysis import KEYWORD_FIELDS
from newsidx.article import ID_LENGTH
from newsidx.errors import EngineError
from newsidx.schema import FIELDS, LEAD, TEXT_FIELDS, Kind

if TYPE_CHECKING:
    from tantivy import Schema

__all__ = ["FACETS", "FILLER", "FORM_FIELDS", "GAP", "LENGTHS", "PADDING", "SORT_KEYS"]
__all__ += ["STEM_FIELDS", "id_of", "is_id", "key_of", "keys_from", "lengths_of", "span_from"]
__all__ += ["span_of", "stems_of", "tantivy_schema", "values_of", "whole_of"]

STEM_FIELDS: tuple[str, ...] = (*TEXT_FIELDS, LEAD.name)
FORM_FIELDS: tuple[str, ...] = (*STEM_FIELDS, *KEYWORD_FIELDS)

FACETS: tuple[str, ...] = tuple(
    field.name for field in FIELDS if field.facet and field.kind is not Kind.DATE
)
SORT_KEYS: tuple[str, ...] = ("title", "source")
LENGTHS: tuple[str, ...] = (*TEXT_FIELDS, *(f"{name}_stems" for name in TEXT_FIELDS), "ranking")
"""Fields whose frequencies can be told: a score tells one to who knows the length."""

PADDING = "*"
"""The term that lengthens each article's ranking field to its padded length."""

FILLER = "|"
"""Stands between the values of a list, and between the title and the lead."""

GAP = 40
"""So many fillers, more than any phrase with a gap is asked to leap (`compile.MOST_STEPS`)."""


def stems_of(field: str) -> str:
    """The field with the stems of a text field."""
    return f"{field}_stems"


def whole_of(field: str) -> str:
    """The field with the whole values of a keyword field."""
    return f"{field}_whole"


def values_of(field: str) -> str:
    """The column with the values of a facet, as they were written."""
    return f"{field}_values"


def lengths_of(field: str) -> str:
    """The column with the number of tokens of a field."""
    return f"{field}_length"


# Ids

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_BASE = len(_DIGITS)  # 36 ** 12 is below 2 ** 63
_ID = re.compile(f"[0-9a-z]{{{ID_LENGTH}}}")


def is_id(text: str) -> bool:
    """Whether a text can be an id here."""
    return _ID.fullmatch(text) is not None


def key_of(key: str) -> int:
    """An id as a number; numbers stand in the order of the ids.

    Raises:
        EngineError: It is no id.
    """
    if not is_id(key):
        raise EngineError(f"{key!r} is no id: it takes {ID_LENGTH} letters and digits.")
    return int(key, _BASE)


@cache
def _pairs() -> list[str]:
    return [one + other for one in _DIGITS for other in _DIGITS]


def id_of(number: int) -> str:
    """The inverse of `key_of`."""
    pairs, size = _pairs(), _BASE * _BASE
    found = []
    for _ in range(ID_LENGTH // 2):
        number, last = divmod(number, size)
        found.append(pairs[last])
    return "".join(reversed(found))


def keys_from(prefix: str) -> tuple[int, int] | None:
    """The lowest and the highest number of an id that begins so; None where none can."""
    low, high = prefix.ljust(ID_LENGTH, _DIGITS[0]), prefix.ljust(ID_LENGTH, _DIGITS[-1])
    return (key_of(low), key_of(high)) if is_id(low) else None


# Dates

_DAY_BITS = 22  # the last day of the year 9999 is number 3,652,059


def span_of(first: int, last: int) -> int:
    """Both days of a span in one number."""
    return first << _DAY_BITS | last


def span_from(number: int) -> tuple[int, int]:
    """The inverse of `span_of`."""
    return number >> _DAY_BITS, number & ((1 << _DAY_BITS) - 1)


def tantivy_schema() -> Schema:
    """The schema of every index of this version."""
    from tantivy import SchemaBuilder

    builder = SchemaBuilder()
    for name in (*FORM_FIELDS, *map(stems_of, STEM_FIELDS)):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    for name in map(whole_of, KEYWORD_FIELDS):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("ranking", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("has", tokenizer_name="whitespace", index_option="basic")
    builder.add_unsigned_field("key", indexed=True, fast=True)
    for name in ("number", "day_first", "day_last", "span", "words", *map(lengths_of, LENGTHS)):
        builder.add_unsigned_field(name, fast=True)
    for name in (*(f"{field}_key" for field in SORT_KEYS), *map(values_of, FACETS)):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_bytes_field("article", stored=True)
    return builder.build()
