"""Every form of output that a command has is held to a file or a test; docs list them.

docs/output-formats.md is written by NEWSIDX_UPDATE_GOLDEN=1 pytest tests/golden, as the files are.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import click
import pytest

from newsidx.cli.main import build
from newsidx.output.schemas import names, schema
from tests.conftest import REPOSITORY
from tests.golden.cases import ALERTS, COMMANDS, ELSEWHERE, FROZEN, form_of
from tests.golden.test_golden import UPDATE
from tests.schemas import row_shape

PAGE = REPOSITORY / "docs" / "output-formats.md"
FORMS = ("json", "jsonl", "csv", "tsv", "parquet", "-l", "-0")
# An option for what is refused with a word of what to use instead.
REFUSED = {("export", "json")}
HEADS = ("terminal", "plain", *FORMS)

HEAD = """\
# Forms of output

Which command prints what, and the test that holds it to that. A file is the whole output of a
command on `sample_data`, compared to the letter; JSON is held to its schema besides, there and in
every other test that runs the command line. `terminal` is what people see, `plain` what a pipe gets
where no form is asked for. [json.md](json.md) says what the fields are, and
`newsidx schema NAME` prints a schema.

"""


def offered() -> Iterator[tuple[str, str]]:
    """Each command with each form that it has an option for."""

    def look(name: str, command: Any) -> Iterator[tuple[str, str]]:
        options = {each for parameter in command.params for each in parameter.opts}
        for form in FORMS:
            if {form, f"--{form}"} & options:
                yield name, form
        for below, each in (getattr(command, "commands", None) or {}).items():
            yield from look(f"{name} {below}", each)

    group = build()
    context = click.Context(group)
    for name in group.list_commands(context):
        yield from look(name, group.get_command(context, name))


def command_of(args: list[str]) -> str:
    """`alert list`, `search --queries`: what a row of the table is about."""
    below = {"alert": ("list",), "freeze": ("list",)}.get(args[0], ())
    known = ("--queries", "--collapse", "--collocates", *below)
    modes = [word for word in args[1:] if word in known]
    return " ".join([args[0], *modes])


def held() -> Mapping[str, Mapping[str, str]]:
    """Command -> form -> the file, below tests/, that says how it should be."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for name, args in {**COMMANDS, **ALERTS, **FROZEN}.items():
        if not {"--help", "help", "completion"} & {*args} and not name.startswith("error"):
            found[command_of(args)].setdefault(form_of(name), f"golden/{name}")
    for (command, form), test in ELSEWHERE.items():
        found[command].setdefault(form, test)
    return found


def table() -> str:
    rows = [f"| command | {' | '.join(HEADS)} |", "|---" * (len(HEADS) + 1) + "|"]
    for command, forms in sorted(held().items()):
        cells = []
        for form in HEADS:
            file, label = forms.get(form, ""), "yes"
            if command.endswith(" -"):  # whole answers, as --json has one
                label = command.removesuffix(" -")
            elif file and form in ("json", "jsonl"):
                label = row_shape([*command.split(), f"--{form}"], form)
            cells.append(f"[{label}](../tests/{file})" if file else "")
        rows.append(f"| `{command}` | {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize(("command", "form"), sorted({*offered()} - REFUSED))
def test_every_form_that_a_command_offers_is_held_to_something(command: str, form: str) -> None:
    same_as = {"roots list": "roots"}.get(command, command)
    file = held().get(same_as, {}).get(form)
    assert file, f"put a case into tests/golden/cases.py: {command}, {form}"
    assert (REPOSITORY / "tests" / file).is_file()


def test_the_docs_have_the_table_of_them() -> None:
    page = HEAD + table()
    if UPDATE:
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page


def properties(part: Any, at: str) -> Iterator[tuple[str, Any]]:
    if isinstance(part, dict):
        for name, each in (part.get("properties") or {}).items():
            yield f"{at}.{name}", each
        for key, each in part.items():
            yield from properties(each, f"{at}/{key}")
    elif isinstance(part, list):
        for each in part:
            yield from properties(each, at)


def test_the_docs_name_every_field() -> None:
    said = {*re.findall(r"\w+", (REPOSITORY / "docs" / "json.md").read_text(encoding="utf-8"))}
    fields = {
        at.rpartition(".")[2]: name for name in names() for at, _ in properties(schema(name), name)
    }
    assert {field: name for field, name in fields.items() if field not in said} == {}


@pytest.mark.parametrize("name", names())
def test_a_schema_says_what_each_field_is(name: str) -> None:
    found = schema(name)
    assert found["description"]
    for at, each in properties(found, name):
        assert each.get("description") or "$ref" in each or "const" in each, at
