"""How an article lies in a Whoosh index: fields, columns, and what they hold.

| name | kind | holds |
|---|---|---|
| `title`, `body` | positions | forms; stems under a mark where they are no forms |
| other searchable fields | positions | forms, with a gap between values; whole values |
| `ranking` | frequencies | stems, weighted by field, and one padding term |
| `has` | presence | the names of the article's fields that have a value |
| `day_first`, `day_last`, `words` | number column | the span of the date as ordinals; tokens |
| `id_key`, `title_key`, `source_key` | bytes column | what ties and sorting read |
| `authors_values`, ... | column of lists | the values of each field that is a facet |
| `article` | stored | the article, as JSON |

The schema is made of Whoosh's own classes only, so that `whoosh.index.open_dir`
opens the index without newsidx.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsidx.analysis import KEYWORD_FIELDS
from newsidx.article import ID_LENGTH
from newsidx.schema import FIELDS, LEAD, TEXT_FIELDS, Kind

if TYPE_CHECKING:
    from whoosh.fields import Schema

    from newsidx.engines.whoosh.toc import SegmentInfo

__all__ = ["BODY_LEAD", "COLUMNS", "FACETS", "FIXED", "NUMBERS", "PADDING_TERM"]
__all__ += ["POSITIONAL_FIELDS", "TEXT_COLUMNS", "facet_column", "parts", "segment_info"]
__all__ += ["whoosh_schema", "whoosh_segment"]

POSITIONAL_FIELDS: tuple[str, ...] = (*TEXT_FIELDS, *KEYWORD_FIELDS)

BODY_LEAD = "lead"
"""The first words of the body, which are read from it like a field and written nowhere."""


def parts(fields: tuple[str, ...]) -> tuple[str, ...]:
    """What the fields of a query are read from, each part with positions of its own."""
    return ("title", BODY_LEAD) if fields == (LEAD.name,) else fields


FIXED = frozenset({"ranking", "has"})
"""Fields with frequencies only."""

NUMBERS: tuple[str, ...] = ("day_first", "day_last", "words")
"""Columns of numbers."""

FACETS: tuple[str, ...] = tuple(
    field.name for field in FIELDS if field.facet and field.kind is not Kind.DATE
)
"""Fields by whose values articles are counted, dates apart."""


def facet_column(field: str) -> str:
    """The column that holds the values of a field, as they were written."""
    return f"{field}_values"


TEXT_COLUMNS: tuple[str, ...] = ("title_key", "source_key", *map(facet_column, FACETS))
"""Columns of byte strings."""

COLUMNS: tuple[str, ...] = (
    *NUMBERS,
    "id_key",
    *TEXT_COLUMNS,
)
"""All columns of a segment, which every segment has."""

# The term whose frequency lengthens each article's ranking field to its padded length.
PADDING_TERM = "*"


def whoosh_schema() -> Schema:
    """The schema of every index of this version."""
    from whoosh import columns
    from whoosh.analysis.tokenizers import SpaceSeparatedTokenizer
    from whoosh.fields import COLUMN, KEYWORD, STORED, TEXT, FieldType, Schema

    fields: dict[str, FieldType] = {
        name: TEXT(analyzer=SpaceSeparatedTokenizer()) for name in POSITIONAL_FIELDS
    }
    fields |= {
        "ranking": TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False),
        "has": KEYWORD(),
        **{name: COLUMN(columns.NumericColumn("I", default=0)) for name in NUMBERS},
        "id_key": COLUMN(columns.FixedBytesColumn(ID_LENGTH)),
        "title_key": COLUMN(columns.VarBytesColumn()),
        "source_key": COLUMN(columns.VarBytesColumn()),
        **{facet_column(name): COLUMN(columns.VarBytesListColumn()) for name in FACETS},
        "article": STORED(),
    }
    return Schema(**fields)


def whoosh_segment(info: SegmentInfo) -> Any:
    """A segment as Whoosh describes it in the table of contents."""
    from whoosh.codec import default_codec
    from whoosh.codec.whoosh3 import W3Segment

    name, _, key = info.name.partition("_")
    deleted = set(info.deleted) or None
    segment: Any = W3Segment(default_codec(), name, info.documents, key, deleted)
    segment._fieldlengths = dict(info.field_lengths)  # noqa: SLF001 - as its own writer does
    return segment


def segment_info(segment: Any) -> SegmentInfo:
    """What Whoosh's description of a segment says, for our own reader."""
    from newsidx.engines.whoosh.toc import SegmentInfo

    deleted = frozenset(segment.deleted_docs())
    lengths = dict(segment._fieldlengths)  # noqa: SLF001 - nothing else tells
    return SegmentInfo(segment.segment_id(), segment.doc_count_all(), deleted, lengths)
