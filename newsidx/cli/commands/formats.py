"""newsidx formats."""

from __future__ import annotations

from typing import Any

from newsidx.cli.options import JsonOption, single_command
from newsidx.output.streams import write, write_text

__all__ = ["command", "formats"]


def formats(as_json: JsonOption = False) -> int:
    """List the formats that can be read, with their suffixes and the extra each needs.

    A file is read by what is in it as much as by its name, and gzipped or not.
    """
    from newsidx.readers.registry import readers

    if as_json:
        from newsidx.output.records import json_bytes

        rows = [
            {"name": r.name, "title": r.title, "suffixes": list(r.suffixes), "extra": r.extra}
            for r in readers()
        ]
        write(json_bytes({"schema": "newsidx.formats/1", "formats": rows}))
        return 0
    for reader in readers():
        needs = f"\tneeds newsidx[{reader.extra}]" if reader.extra else ""
        write_text(f"{reader.name}\t{' '.join(reader.suffixes)}\t{reader.title}{needs}\n")
    return 0


def command() -> Any:
    """The command, for the group."""
    return single_command(formats)
