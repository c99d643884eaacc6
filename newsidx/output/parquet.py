"""Articles as a Parquet file, for R, pandas and whatever else reads Arrow.

pyarrow is imported when it is needed: it is an extra, and large.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, BinaryIO

from newsidx.errors import NewsidxError
from newsidx.output.forms import Record

if TYPE_CHECKING:
    import pyarrow

__all__ = ["write_parquet"]

# A row group holds so many characters of text, or so many articles. Readers take one at
# a time, and so does the writer.
_CHARACTERS = 8_000_000
_ROWS = 10_000

_LISTS = ("authors", "tags")
_JSON = ("provenance", "places")


def write_parquet(
    stream: BinaryIO,
    columns: Sequence[str],
    records: Iterable[Record],
    metadata: Mapping[str, str],
) -> None:
    """Write records, a row group at a time.

    Text is `string`, lists are `list<string>`, `words` is `int32`, `published_day` is `date32`
    and `published_at` a `timestamp` in UTC. `provenance` and `places` are JSON in a
    `string`: pandas and R read that alike, which can't be said of maps.

    Args:
        columns: Fields of the records, in order.
        metadata: Kept with the schema.

    Raises:
        NewsidxError: pyarrow is not installed.
    """
    try:
        import pyarrow
        from pyarrow.parquet import ParquetWriter
    except ImportError:
        raise NewsidxError(
            "Parquet is written by pyarrow, which is not installed.",
            'Install it: pip install "newsidx[parquet]"',
        ) from None
    types = _types(pyarrow)
    fields = [pyarrow.field(name, types.get(name, pyarrow.string())) for name in columns]
    schema = pyarrow.schema(fields, metadata=dict(metadata))
    with ParquetWriter(stream, schema) as writer:
        group: list[dict[str, Any]] = []
        size = 0
        for record in records:
            group.append({name: _value(name, record.get(name)) for name in columns})
            size += len(record.get("body") or "")
            if size >= _CHARACTERS or len(group) >= _ROWS:
                writer.write_table(pyarrow.Table.from_pylist(group, schema))
                group, size = [], 0
        if group:
            writer.write_table(pyarrow.Table.from_pylist(group, schema))


def _types(arrow: Any) -> dict[str, pyarrow.DataType]:
    return {
        "words": arrow.int32(),
        "published_day": arrow.date32(),
        "published_at": arrow.timestamp("us", tz="UTC"),
        **{name: arrow.list_(arrow.string()) for name in _LISTS},
    }


def _value(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name == "published_day":
        return date.fromisoformat(value)
    if name == "published_at":
        return datetime.fromisoformat(value)
    if name in _JSON:
        return json.dumps(value, ensure_ascii=False)
    return value
