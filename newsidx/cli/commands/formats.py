"""newsidx formats."""

from __future__ import annotations

from typing import Any

from newsidx.cli.forms import RecordForm
from newsidx.cli.options import single_command
from newsidx.output.forms import Shape, put_records
from newsidx.output.streams import write_text

__all__ = ["FORMATS", "command", "formats"]

FORMATS = Shape(
    schema="newsidx.formats/1",
    rows="formats",
    columns=("name", "title", "suffixes", "extra"),
)


def formats(form: RecordForm) -> int:
    """List the formats that can be read, with their suffixes and the extra each needs.

    A file is read by what is in it as much as by its name, and gzipped or not.
    """
    from newsidx.readers.registry import readers

    FORMATS.check(form)
    if form.kind not in ("terminal", "plain") or form.fields:
        rows = [
            {"name": r.name, "title": r.title, "suffixes": list(r.suffixes), "extra": r.extra}
            for r in readers()
        ]
        put_records(form, FORMATS, rows)
        return 0
    for reader in readers():
        needs = f"\tneeds newsidx[{reader.extra}]" if reader.extra else ""
        write_text(f"{reader.name}\t{' '.join(reader.suffixes)}\t{reader.title}{needs}\n")
    return 0


def command() -> Any:
    """The command, for the group."""
    return single_command(formats)
