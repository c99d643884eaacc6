"""A query with its filters, as options of any command that takes one."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Struct
from msgspec.structs import replace

from newsidx.cli.groups import Together
from newsidx.cli.options import (
    AnyOption,
    AuthorOption,
    ExactOption,
    LangOption,
    LiteralOption,
    MaxVerifyOption,
    QueriesArgument,
    QueryArgument,
    SectionOption,
    SinceOption,
    SourceOption,
    TagOption,
    UntilOption,
)
from newsidx.config import Settings
from newsidx.errors import UsageError
from newsidx.searcher.filters import Filters, filters_of
from newsidx.searcher.question import Ask

__all__ = ["Asked", "Asking", "EachAsked"]


class Asking(Struct, frozen=True):
    """A query as it was given on a command line.

    Attributes:
        text: None where there is no query.
        exact: None leaves it to the configuration.
    """

    text: str | None
    literal: bool
    any_word: bool
    exact: bool | None
    filters: Filters

    def ask(self, settings: Settings, *, everything: bool = False, **more: Any) -> Ask:
        """The question that this comes to.

        Args:
            everything: Take all articles where neither a query nor a filter is given.
            more: Further attributes of `Ask`.

        Raises:
            UsageError: There is neither.
        """
        if self.text is None and self.filters == Filters() and not everything:
            raise UsageError(
                "There is no query.",
                "Write what to look for, or a filter such as --since 2016-11, "
                "or '*' for everything.",
            )
        return Ask(
            text="*" if self.text is None else self.text,
            literal=self.literal and self.text is not None,
            any_word=self.any_word,
            exact=settings.exact if self.exact is None else self.exact,
            filters=self.filters,
            **more,
        )


def _within(
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
    max_verify: MaxVerifyOption = None,
) -> Asking:
    if max_verify is not None:
        from newsidx.engines.verifying import verify_at_most

        verify_at_most(max_verify)
    filters = filters_of(since, until, source, author, tag, lang, section)
    return Asking(None, literal, any_word, exact, filters)


_Within = Annotated[Asking, Together(_within)]


def _asked(within: _Within, query: QueryArgument = None) -> Asking:
    return replace(within, text=" ".join(query) if query else None)


Asked = Annotated[Asking, Together(_asked)]
"""A query and its filters."""


def _each_asked(within: _Within, queries: QueriesArgument = None) -> list[Asking]:
    return [replace(within, text=text) for text in queries or ()] or [within]


EachAsked = Annotated[list[Asking], Together(_each_asked)]
"""Queries, each an argument of its own, and filters for all of them; one at least."""
