"""newsidx schema."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from newsidx.cli.forms import RecordForm
from newsidx.cli.options import single_command
from newsidx.errors import UsageError
from newsidx.output.forms import Shape, put_records
from newsidx.output.streams import write_text

__all__ = ["SCHEMAS", "command", "schema"]

SCHEMAS = Shape(
    schema="newsidx.schema/1",
    rows="schemas",
    columns=("name", "id", "printed_by", "description"),
    plain=("name", "printed_by"),
)


def schema(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]", help="search, or newsidx.search/1. None: a list.", show_default=False
        ),
    ] = None,
    *,
    form: RecordForm,
) -> int:
    """Print the JSON Schema of what a command prints, or list them all.

    A schema is one document, which refers to nothing else, in JSON Schema 2020-12. Those of
    --jsonl are about a line of it. With --fields a record has fewer fields than its schema
    requires. Without a NAME there is a line for each schema: its name, and what prints it.
    """
    from newsidx.output import schemas

    SCHEMAS.check(form)
    if name is not None:
        import json

        if form.kind not in ("terminal", "plain", "json") or form.fields:
            raise UsageError("A schema comes as JSON only.", "Leave the form of output out.")
        write_text(json.dumps(schemas.schema(name), indent=2) + "\n")
        return 0
    found = {name: schemas.schema(name) for name in schemas.names()}
    rows = [
        {
            "name": name,
            "id": each.get("$id"),
            "printed_by": each.get("title"),
            "description": each.get("description"),
        }
        for name, each in found.items()
    ]
    if form.kind != "terminal":
        put_records(form, SCHEMAS, rows)
        return 0
    width = max(map(len, found))
    for row in rows:
        write_text(f"{row['name']:<{width}}  {row['printed_by']}\n")
    return 0


def command() -> Any:
    """The command, for the group."""
    return single_command(schema)
