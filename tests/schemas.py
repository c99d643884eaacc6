"""Holding what is printed to its JSON Schema: exactly, so that no field is there unsaid."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from newsidx.output.schemas import names, schema

__all__ = ["printed_by", "row_shape", "validate", "validate_printed"]


def validate(record: Mapping[str, Any], name: str | None = None, *, partial: bool = False) -> None:
    """Fail unless a record is as its schema says, and has no field that it doesn't name.

    Args:
        name: The schema: `hit`. By itself it is what the record's own `schema` names.
        partial: Whether fields may be missing, because --fields left them out.
    """
    if name is None:
        assert "schema" in record, f"nothing says of what shape this is: {record}"
        name = str(record["schema"]).removeprefix("newsidx.").partition("/")[0]
    problems = [
        f"{name} at {problem.json_path}: {problem.message}"
        for problem in _validator(name, partial).iter_errors(record)
    ]
    assert not problems, "\n".join(problems)


def validate_printed(
    record: Mapping[str, Any], command: str, form: str, *, partial: bool = False
) -> str:
    """The same for a record that a command printed; gives the name of its schema.

    The schema has to say that it is printed by this command, in its `title`. One that has no
    field `schema` is found by that title.

    Args:
        form: `json` or `jsonl`.
    """
    if "schema" not in record:
        name = row_shape(command)
    else:
        name = str(record["schema"]).removeprefix("newsidx.").partition("/")[0]
        if name != "error":
            assert any(_prints(each, command, form) for each in printed_by(name)), (
                f'the "title" of schemas/{name}.json should name "newsidx {command} --{form}"'
            )
    validate(record, name, partial=partial)
    return name


def printed_by(name: str) -> list[str]:
    """The commands that print a shape: `newsidx search --json`."""
    return str(schema(name).get("title", "")).split(", ")


def row_shape(command: str) -> str:
    """The name of the schema of a line that a command prints with --jsonl."""
    found = [
        name
        for name in names()
        if any(_prints(each, command, "jsonl") for each in printed_by(name))
    ]
    assert found, f'no file in output/schemas/ has "newsidx {command} --jsonl" in its "title"'
    return found[0]


def _prints(said: str, command: str, form: str) -> bool:
    """Whether `newsidx search --count --json` is about a command and a form."""
    words = said.split()
    return words[:2] == ["newsidx", command] and (len(words) == 2 or words[-1] == f"--{form}")


@cache
def _validator(name: str, partial: bool) -> Draft202012Validator:
    strict = _strict(schema(name), partial=partial)
    return Draft202012Validator(strict, format_checker=Draft202012Validator.FORMAT_CHECKER)


def _strict(part: Any, *, partial: bool) -> Any:
    """A schema that forbids what it doesn't name."""
    if isinstance(part, list):
        return [_strict(each, partial=partial) for each in part]
    if not isinstance(part, dict):
        return part
    done = {key: _strict(each, partial=partial) for key, each in part.items()}
    if isinstance(part.get("properties"), dict) and "type" in part:
        done.setdefault("additionalProperties", False)
    if partial and isinstance(part.get("required"), list):
        del done["required"]
    return done
