"""newsidx suggest."""

from __future__ import annotations

from datetime import date
from typing import Any

from newsidx.app import open as open_index
from newsidx.cli.asking import Asked
from newsidx.cli.forms import RecordForm
from newsidx.cli.options import IndexOption, single_command
from newsidx.config import load_settings
from newsidx.output.streams import say, write_text
from newsidx.output.words import WORDS, candidate_lines, put_candidates
from newsidx.results import Page
from newsidx.searcher.question import notes

__all__ = ["command", "suggest"]


def suggest(asked: Asked, *, form: RecordForm, index: IndexOption = None) -> int:
    """List words that a query could be widened with, from the articles that fit it best.

    Behind each word is how many articles it would add to those that the query matches,
    and how many have it in all, as the filters allow. Nothing is added by itself: put
    in what fits, as in newsidx search '(QUERY) OR word'.

    Without a terminal each word is a line of the word and the two numbers, separated by
    tabs. The exit status is 0 when there are any, 1 when there are none, 2 for an error.
    """
    from newsidx.searcher.expand import candidates
    from newsidx.searcher.vocabulary import Archive

    WORDS.check(form)
    settings = load_settings(index)
    question = asked.ask(settings)
    with open_index(settings.index) as opened:
        understood = opened.understand(question)
        engine, language = opened.engine, opened.manifest.language
        today = date.today()  # noqa: DTZ011 - the user's day
        words = candidates(engine, question, understood, language, today)
        total = Archive(engine).count(understood.query.tree)
        warnings = (*opened.warnings, *notes(understood.info))
        page = Page(opened.info, understood.info, total, 0, (), warnings)
    for note in page.warnings:
        say(f"newsidx: {note}")
    if form.kind == "terminal":
        write_text("".join(candidate_lines(words)))
    else:
        put_candidates(form, page, words)
    if not words:
        say(f"newsidx: Nothing in {page.index.path} suggests a word for {page.query.understood}.")
    return 0 if words else 1


def command() -> Any:
    """The command, for the group."""
    return single_command(suggest, is_query=True)
