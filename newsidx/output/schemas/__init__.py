"""The JSON Schemas of what newsidx prints, a file beside this one for each shape.

A file may refer to another (`hit.json`, `_shared.json#/$defs/index`); what is given out
stands by itself. A name with `_` before it is no shape, and only referred to.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from newsidx.errors import UsageError

__all__ = ["names", "schema"]


def names() -> list[str]:
    """The names of all shapes: `article`, `count` and so on."""
    found = (file.name for file in files(__name__).iterdir())
    return sorted(
        name.removesuffix(".json")
        for name in found
        if name.endswith(".json") and not name.startswith("_")
    )


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of a shape, in one document that refers to nothing else.

    Args:
        name: `search`; `newsidx.search/1`, as records have it, is the same.

    Raises:
        UsageError: There is no such shape.
        ValueError: Two parts of it have one name.
    """
    known, short = names(), name.removeprefix("newsidx.").partition("/")[0]
    if short not in known or ("/" in name and _file(short)["$id"] != name):
        raise UsageError(f"There is no schema {name!r}.", f"There are: {', '.join(known)}.")
    parts: dict[str, tuple[str, Any]] = {}
    whole = _gathered({**_file(short), "$defs": {}}, f"{short}.json", parts)
    del whole["$defs"]
    if parts:
        whole["$defs"] = {key: part for key, (_, part) in sorted(parts.items())}
    return dict(whole)


def _file(name: str) -> dict[str, Any]:
    text = (files(__name__) / f"{name}.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def _gathered(value: Any, file: str, parts: dict[str, tuple[str, Any]]) -> Any:
    """A value with its references turned to `$defs` of one document.

    Args:
        file: The file that it stands in.
        parts: Name -> where it is from and what it is; those referred to are added.
    """
    if isinstance(value, list):
        return [_gathered(each, file, parts) for each in value]
    if not isinstance(value, dict):
        return value
    done = {key: _gathered(each, file, parts) for key, each in value.items()}
    if isinstance(target := value.get("$ref"), str):
        done["$ref"] = _placed(target, file, parts)
    return done


def _placed(target: str, file: str, parts: dict[str, tuple[str, Any]]) -> str:
    """See that what is referred to is among the parts; gives the reference to it."""
    other, _, pointer = target.partition("#")
    other = other or file
    key = pointer.rpartition("/")[2] or other.removesuffix(".json")
    origin = f"{other}#{pointer}"
    if key not in parts:
        found: Any = _file(other.removesuffix(".json"))
        for step in pointer.split("/")[1:]:
            found = found[step]
        found = {name: each for name, each in found.items() if name not in _OF_A_DOCUMENT}
        parts[key] = (origin, None)  # it may refer to itself
        parts[key] = (origin, _gathered(found, other, parts))
    elif parts[key][0] != origin:
        raise ValueError(f"{origin} and {parts[key][0]} have one name")
    return f"#/$defs/{key}"


_OF_A_DOCUMENT = ("$schema", "$id", "$defs", "title")
