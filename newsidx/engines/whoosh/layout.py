"""How an article lies in a Whoosh index: fields, columns, and what they hold.

| name | kind | holds |
|---|---|---|
| `title`, `body` | positions | forms; stems under a mark where they are no forms |
| `hlead` | positions | the same, of the title and of the first words of the body |
| other searchable fields | positions | forms, with a gap between values; whole values |
| `ranking` | frequencies | stems, weighted by field, and one padding term |
| `has` | presence | the names of the article's fields that have a value |
| `day_first`, `day_last`, `words` | number column | the span of the date as ordinals; tokens |
| `id_key`, `title_key`, `source_key` | bytes column | what ties and sorting read |
| `article` | stored | the article, as JSON |

The schema is made of Whoosh's own classes only, so that `whoosh.index.open_dir`
opens the index without newsidx.
"""

from __future__ import annotations

from whoosh import columns
from whoosh.analysis.tokenizers import SpaceSeparatedTokenizer
from whoosh.fields import COLUMN, KEYWORD, STORED, TEXT, FieldType, Schema

from newsidx.analysis import KEYWORD_FIELDS
from newsidx.article import ID_LENGTH
from newsidx.schema import LEAD, TEXT_FIELDS

__all__ = ["COLUMNS", "PADDING_TERM", "POSITIONAL_FIELDS", "whoosh_schema"]

POSITIONAL_FIELDS: tuple[str, ...] = (*TEXT_FIELDS, LEAD.name, *KEYWORD_FIELDS)

COLUMNS: tuple[str, ...] = (
    "day_first",
    "day_last",
    "words",
    "id_key",
    "title_key",
    "source_key",
)

# The term whose frequency lengthens each article's ranking field to its padded length.
PADDING_TERM = "*"


def whoosh_schema() -> Schema:
    """The schema of every index of this version."""
    fields: dict[str, FieldType] = {
        name: TEXT(analyzer=SpaceSeparatedTokenizer()) for name in POSITIONAL_FIELDS
    }
    fields |= {
        "ranking": TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False),
        "has": KEYWORD(),
        "day_first": COLUMN(columns.NumericColumn("I", default=0)),
        "day_last": COLUMN(columns.NumericColumn("I", default=0)),
        "words": COLUMN(columns.NumericColumn("I", default=0)),
        "id_key": COLUMN(columns.FixedBytesColumn(ID_LENGTH)),
        "title_key": COLUMN(columns.VarBytesColumn()),
        "source_key": COLUMN(columns.RefBytesColumn()),
        "article": STORED(),
    }
    return Schema(**fields)
