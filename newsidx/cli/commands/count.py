"""newsidx count."""

from __future__ import annotations

from typing import Any

from newsidx.cli.commands.search import search
from newsidx.cli.options import (
    AnyOption,
    AuthorOption,
    EngineOption,
    ExactOption,
    ExpandOption,
    ExplainOption,
    IndexOption,
    JsonOption,
    LangOption,
    LiteralOption,
    QueryArgument,
    SectionOption,
    SinceOption,
    SourceOption,
    TagOption,
    UntilOption,
    single_command,
)

__all__ = ["command", "count"]


def count(
    query: QueryArgument = None,
    since: SinceOption = None,
    until: UntilOption = None,
    source: SourceOption = None,
    author: AuthorOption = None,
    tag: TagOption = None,
    lang: LangOption = None,
    section: SectionOption = None,
    any_word: AnyOption = False,
    exact: ExactOption = None,
    literal: LiteralOption = False,
    expand: ExpandOption = False,
    explain: ExplainOption = False,
    as_json: JsonOption = False,
    index: IndexOption = None,
    engine: EngineOption = None,
) -> int:
    """Count the articles that match a query.

    The query is as for newsidx search. The exit status is 0 when there are any, 1 when
    there are none, 2 for an error.
    """
    return search(
        query,
        since=since,
        until=until,
        source=source,
        author=author,
        tag=tag,
        lang=lang,
        section=section,
        any_word=any_word,
        exact=exact,
        literal=literal,
        expand=expand,
        explain=explain,
        count=True,
        as_json=as_json,
        index=index,
        engine=engine,
    )


def command() -> Any:
    """The command, for the group."""
    return single_command(count, is_query=True)
