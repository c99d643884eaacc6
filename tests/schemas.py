"""Holding what is printed to its JSON Schema: exactly, so that no field is there unsaid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    record: Mapping[str, Any], args: Sequence[str], form: str, *, partial: bool = False
) -> str:
    """The same for a record that a command printed; gives the name of its schema.

    The schema has to name the command and the form in its `title`; an error need not. A record
    that has no field `schema` is held to the one that does.

    Args:
        args: The command line.
        form: `json` or `jsonl`.
    """
    if "schema" in record:
        name = str(record["schema"]).removeprefix("newsidx.").partition("/")[0]
        said = any(_prints(each, args, form) for each in printed_by(name))
        assert said or name == "error", (
            f'the "title" of schemas/{name}.json should say "newsidx {args[0]} --{form}"'
        )
    else:
        name = row_shape(args, form)
    validate(record, name, partial=partial)
    return name


def printed_by(name: str) -> list[str]:
    """The commands that print a shape: `newsidx search --json`."""
    return str(schema(name).get("title", "")).split(", ")


def row_shape(args: Sequence[str], form: str) -> str:
    """The name of the schema of what a command line prints, by the titles of schemas."""
    found = [
        (len(each), name)
        for name in names()
        for each in printed_by(name)
        if _prints(each, args, form)
    ]
    assert found, f'no file in output/schemas/ has "newsidx {args[0]} --{form}" in its "title"'
    return max(found)[1]


def _prints(said: str, args: Sequence[str], form: str) -> bool:
    """Whether `newsidx search --count --json` is about a command line and a form."""
    program, *words = said.split()
    if program != "newsidx" or words[0] != args[0]:
        return False
    forms = [word for word in words if word in ("--json", "--jsonl")]
    others = [word for word in words if word not in forms and not word.isupper()]
    return forms in ([], [f"--{form}"]) and set(others) <= set(args)


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
