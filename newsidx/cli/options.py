"""Options that several commands share, and how a query on a command line is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from newsidx.cli.groups import spelled_out
from newsidx.config import LEAST_MEMORY
from newsidx.errors import UsageError

__all__ = [
    "AnyOption",
    "AuthorOption",
    "CollapseOption",
    "ColorOption",
    "EngineOption",
    "ExactOption",
    "ExpandOption",
    "ExplainOption",
    "IndexOption",
    "JobsOption",
    "JsonOption",
    "LangOption",
    "LiteralOption",
    "MapOption",
    "MaxVerifyOption",
    "MemoryOption",
    "QueriesArgument",
    "QueryArgument",
    "QueryCommand",
    "SearchedOption",
    "SectionOption",
    "SinceOption",
    "SourceOption",
    "TagOption",
    "UntilOption",
    "WaitOption",
    "mapped_fields",
    "single_command",
]

IndexOption = Annotated[
    str | None,
    typer.Option(
        "--index",
        metavar="PATH",
        help="The index directory. Default: $NEWSIDX_INDEX, else the nearest .newsidx "
        "in this folder or above it, else the one in your data directory.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def _when(value: str) -> str:
    if value not in ("auto", "always", "never"):
        raise UsageError(f"--color can't be {value!r}.", "Write auto, always or never.")
    return value


ColorOption = Annotated[
    str,
    typer.Option("--color", metavar="WHEN", help="auto, always or never.", callback=_when),
]
EngineOption = Annotated[
    str | None,
    typer.Option(
        "--engine",
        metavar="NAME",
        help="Answer with another engine: memory checks every article one by one.",
    ),
]
LiteralOption = Annotated[
    bool, typer.Option("-F", "--literal", help="Take the query as plain words, all of it.")
]
MaxVerifyOption = Annotated[
    int | None,
    typer.Option(
        "--max-verify",
        metavar="N",
        min=0,
        help="Look at no more than so many articles one by one for what the engine can't be "
        "asked for. Default: 200,000.",
        show_default=False,
    ),
]
AnyOption = Annotated[
    bool,
    typer.Option(
        "--any/--all",
        help="Any of the loose words will do, or all must be there. Default: all.",
        show_default=False,
    ),
]
SinceOption = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="DATE",
        help="Only from this day, month or year on: 2016-11-08, 2016-11, yesterday.",
    ),
]
UntilOption = Annotated[
    str | None,
    typer.Option("--until", metavar="DATE", help="Only up to this day, month or year."),
]


def _filter(name: str, metavar: str, help_text: str) -> Any:
    return typer.Option(f"--{name}", metavar=metavar, help=help_text, show_default=False)


SourceOption = Annotated[
    list[str] | None,
    _filter("source", "NAME", "Only of this source. Given again: or of that one. So are the next."),
]
AuthorOption = Annotated[list[str] | None, _filter("author", "NAME", "Only by this author.")]
TagOption = Annotated[list[str] | None, _filter("tag", "TAG", "Only with this tag.")]
LangOption = Annotated[
    list[str] | None, _filter("lang", "CODE", "Only in this language: en, de, fr.")
]
SectionOption = Annotated[list[str] | None, _filter("section", "NAME", "Only of this section.")]
ExpandOption = Annotated[
    bool,
    typer.Option(
        "--expand",
        help="Widen the query with words of the articles that fit it best, and say which.",
    ),
]
ExplainOption = Annotated[
    bool,
    typer.Option(
        "--explain",
        help="Say how the query was understood, what each part of it matches, and how each "
        "score comes about.",
    ),
]
SearchedOption = Annotated[
    bool,
    typer.Option(
        "--searched",
        help="Say what was searched, as where nothing is found: sources, span, gaps.",
    ),
]


def _story(value: str | None) -> str | None:
    if value not in (None, "story"):
        raise UsageError(f"Results can't be collapsed by {value!r}.", "Write --collapse story.")
    return value


CollapseOption = Annotated[
    str | None,
    typer.Option(
        "--collapse",
        metavar="WHAT",
        help="story: one result for all near-copies of a story, with how many there are and "
        "the outlets that ran it. --limit and --offset count stories then.",
        callback=_story,
        show_default=False,
    ),
]
ExactOption = Annotated[
    bool | None,
    typer.Option(
        "--exact/--stems",
        help="Match words as written, or by their stems. Default: by their stems, unless the "
        "configuration says exact.",
        show_default=False,
    ),
]


def _positive(value: int | None) -> int | None:
    if value is not None and value < 1:
        raise UsageError(f"{value} worker processes are too few.", "Write --jobs 1 or more.")
    return value


def _enough_memory(value: int | None) -> int | None:
    if value is not None and value < LEAST_MEMORY:
        raise UsageError(
            f"{value} MB of memory are too few.", f"Write --memory {LEAST_MEMORY} or more."
        )
    return value


def _not_negative(value: float) -> float:
    if not value >= 0:  # nan is not
        raise UsageError(f"Nobody can wait {value:g} seconds.", "Write --wait 0 or more.")
    return value


JobsOption = Annotated[
    int | None,
    typer.Option(
        "-j",
        "--jobs",
        metavar="N",
        help="Worker processes.",
        show_default="processors",
        callback=_positive,
    ),
]
MemoryOption = Annotated[
    int | None,
    typer.Option(
        "--memory",
        metavar="MB",
        help="Megabytes that a build may take, in all processes together.",
        show_default=False,
        callback=_enough_memory,
    ),
]
WaitOption = Annotated[
    float,
    typer.Option(
        "--wait",
        metavar="SECONDS",
        callback=_not_negative,
        help="How long to wait for another writer to finish. Default: not at all.",
        show_default=False,
    ),
]
MapOption = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="FIELD=NAME",
        help="The files call an article's FIELD by another NAME: --map title=headline.",
        show_default=False,
    ),
]
QueryArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="QUERY",
        help="What to look for. With filters it may be left out: then it is everything.",
        show_default=False,
    ),
]


QueriesArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="QUERY...",
        help="What to look for; several words of one query stand in quotes.",
        show_default=False,
    ),
]


def mapped_fields(pairs: list[str] | None) -> dict[str, str]:
    """What `--map` was given, as article field -> name in the files.

    Raises:
        UsageError: A pair makes no sense, or the field can't be set.
    """
    from newsidx.schema import FIELDS, field_named

    fields = {}
    for pair in pairs or ():
        ours, equals, theirs = (part.strip() for part in pair.partition("="))
        if not (equals and ours and theirs):
            raise UsageError(f"--map {pair} makes no sense.", "Write --map title=headline.")
        found = field_named(ours)
        if found is None or not found.read:
            known = ", ".join(field.name for field in FIELDS if field.read)
            raise UsageError(f"--map can't set {ours!r}.", f"It can set: {known}.")
        fields[found.name] = theirs
    return fields


class QueryCommand(TyperCommand):
    """A command whose argument is a query, which may begin with a dash.

    A word with a single dash that is none of the command's options is part of the
    query (`newsidx search '-trump biden'`); an unknown `--long` option is an error.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the options first and the query behind `--`, then parse as usual."""
        return super().parse_args(ctx, self._options_first(args))

    def _options_first(self, args: list[str]) -> list[str]:
        flags, with_value = self._known()
        options: list[str] = []
        query: list[str] = []
        rest = list(args)
        while rest:
            word = rest.pop(0)
            if word == "--":
                query += rest
                break
            if word.startswith("--"):
                options.append(word)
                if word in with_value and rest:
                    options.append(rest.pop(0))
            elif word in with_value:
                options += [word, *rest[:1]]
                del rest[:1]
            elif _is_short(word, flags, with_value):
                options.append(word)
            elif len(word) == 2 and word[0] == "-" and word[1].isalnum():
                raise UsageError(
                    f"{word} is no option.",
                    f"To leave out the word {word[1]}, write: NOT {word[1]}",
                )
            else:
                query.append(word)
        if options and options[-1] in with_value and not rest and args[-1:] == options[-1:]:
            return options  # its value is missing, and must not become "--"
        return [*options, "--", *query]

    def _known(self) -> tuple[set[str], set[str]]:
        flags, with_value = {"-h", "--help"}, set()
        for param in self.params:
            names = {*getattr(param, "opts", ()), *getattr(param, "secondary_opts", ())}
            options = {name for name in names if name.startswith("-")}
            if getattr(param, "is_flag", False):
                flags |= options
            else:
                with_value |= options
        return flags, with_value


def _is_short(word: str, flags: set[str], with_value: set[str]) -> bool:
    """Whether a word is one or several short options: -c, -lF, -n20."""
    if len(word) < 2 or word[0] != "-":
        return False
    if word[:2] in with_value and word[2:].isdigit():
        return True
    return all("-" + letter in flags for letter in word[1:])


def single_command(
    function: Callable[..., int], *, is_query: bool = False, cls: type[TyperCommand] | None = None
) -> Any:
    """A Typer command made from a function that returns an exit status.

    Args:
        is_query: Whether its argument is a query; `cls` may be a kind of `QueryCommand`.
    """
    app = typer.Typer(
        add_completion=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.command(cls=cls or (QueryCommand if is_query else None))(spelled_out(function))
    return typer.main.get_command(app)
