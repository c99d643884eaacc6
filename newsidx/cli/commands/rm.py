"""newsidx rm."""

from __future__ import annotations

import re
import sys
from typing import Annotated, Any

import typer
from msgspec import Struct, field

from newsidx.app import Index
from newsidx.app import open as open_index
from newsidx.cli.forms import RecordForm
from newsidx.cli.options import IndexOption, LiteralOption, WaitOption, single_command
from newsidx.config import load_settings
from newsidx.errors import ArticleNotFound, Refused, UsageError
from newsidx.output.forms import Form, put_records
from newsidx.output.removal import REMOVED, article_row, removal_record, row_line
from newsidx.output.streams import is_terminal, say, write_text
from newsidx.results import IndexInfo
from newsidx.text.counted import counted

__all__ = ["command", "rm"]

# Twelve characters of Crockford's base 32, or the first four or more of them.
_ID = re.compile(r"[0-9a-hjkmnp-tv-z]{4,12}")
_WHOLE_ID = 12
_SHOWN = 10


class _Chosen(Struct):
    """What is to be removed.

    Attributes:
        query: The query that finds it; None where ids were given.
        articles: As `output.removal.article_row` has them.
        removed: Ids among those given of what was removed before.
    """

    query: str | None = None
    articles: list[dict[str, Any]] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


def rm(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="QUERY|ID...",
            help="Ids of articles, or a query as for newsidx search.",
            show_default=False,
        ),
    ] = None,
    as_ids: Annotated[
        bool, typer.Option("--id", help="Take the words for ids, or their first characters.")
    ] = False,
    as_query: Annotated[bool, typer.Option("--query", help="Take them for a query.")] = False,
    literal: LiteralOption = False,
    dry_run: Annotated[
        bool, typer.Option("-n", "--dry-run", help="Only print what would be removed.")
    ] = False,
    purge: Annotated[
        bool,
        typer.Option(
            "--purge",
            help="Rewrite the index until the text of all that was ever removed is gone from it.",
        ),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
    wait: WaitOption = 0.0,
    *,
    form: RecordForm,
    index: IndexOption = None,
) -> int:
    """Remove articles, and keep them out of search from then on.

    An article goes with its copies and its older versions. It stays away when its file
    is touched, moved or read again, when the index is built anew, when a copy of it turns
    up, and when a new version of it comes under the same identity. Source files are not
    touched; newsidx restore brings it back. The same text under another outlet, day or
    URL is another article.

    Words are ids when each of them begins the id of one article and they find nothing as a
    query; twelve characters that are an id always are. The exit status is 0 when there
    was something to remove, 1 when there was not, 2 for an error.
    """
    REMOVED.check(form)
    if as_ids and (as_query or literal):
        raise UsageError("Ids and a query were asked for.", "Choose one of them.")
    if not words and not purge:
        raise UsageError("There is nothing to remove.", "Give ids or a query; '*' is everything.")
    settings = load_settings(index)
    with open_index(settings.index) as opened:
        chosen = _Chosen()
        if words and not (as_query or literal):
            chosen = _by_ids(opened, words, sure=as_ids, exact=settings.exact) or chosen
        if words and not (chosen.articles or chosen.removed):
            chosen = _by_query(opened, " ".join(words), literal=literal, exact=settings.exact)
        info = opened.info
    for key in chosen.removed:
        say(f"newsidx: {key} was removed before.")
    found = bool(chosen.articles or chosen.removed or (purge and not words))
    if not found:
        say(f"newsidx: Nothing to remove: no article of {settings.index} matches.")
    elif dry_run:
        say(f"newsidx: {_these(chosen, 'would be removed')}; nothing was changed.")
    elif chosen.articles or purge:
        _ask(chosen, str(settings.index), yes=yes, purge=purge)
        _remove(chosen, settings.index, purge=purge, wait=wait)
        with open_index(settings.index) as opened:
            info = opened.info
    _print(form, chosen, info, dry_run=dry_run, purged=purge and found and not dry_run)
    return 0 if found else 1


def _print(form: Form, chosen: _Chosen, info: IndexInfo, *, dry_run: bool, purged: bool) -> None:
    """What was removed where a form was asked for; without one, what would be."""
    if form.kind in ("terminal", "plain") and not form.fields:
        for row in chosen.articles if dry_run else ():
            write_text(row_line(row))
        return
    head = removal_record(info, chosen.query, len(chosen.articles))
    tail = {"removed_before": chosen.removed, "dry_run": dry_run, "purged": purged}
    put_records(form, REMOVED, chosen.articles, head, tail)


def _by_ids(opened: Index, words: list[str], *, sure: bool, exact: bool) -> _Chosen | None:
    """The articles that words are ids of; None where they are rather a query.

    Raises:
        UsageError: They could be both.
        ArticleNotFound: They are meant to be ids, and one of them is none.
    """
    wanted = [word.strip().lower() for word in words]
    if not sure and not all(map(_ID.fullmatch, wanted)):
        return None
    ids: list[str] = []
    removed: list[str] = []
    for word in wanted:
        live = opened.engine.ids(word) if len(word) >= 4 else []
        gone = [removal.id for removal in opened.removals(word)] if not live else []
        if len(live) == 1:
            ids += live
        elif len(gone) == 1:
            removed += gone
        elif sure:
            opened.get(word)  # says what is wrong with it
            raise ArticleNotFound(f"{len(gone)} removed ids begin with {word!r}.")
        else:
            return None
    if not sure and any(len(word) < _WHOLE_ID for word in wanted):
        text = " ".join(words)
        if found := opened.count(text, exact=exact):
            raise UsageError(
                f"{text} begins an id, and finds {counted(found, 'article')} as a query.",
                "Say which is meant, with --id or --query.",
            )
    articles = opened.engine.get(list(dict.fromkeys(ids)))
    places = opened.other_places(articles)
    rows = [
        article_row(article, opened.path_of(article), places[key])
        for key, article in articles.items()
    ]
    return _Chosen(None, rows, list(dict.fromkeys(removed)))


def _by_query(opened: Index, text: str, *, literal: bool, exact: bool) -> _Chosen:
    from newsidx.searcher.question import Ask, notes

    question = Ask(text, literal, exact=exact, sort="newest", limit=None, snippets=0, scores=False)
    understood = opened.understand(question)
    for note in (*opened.warnings, *notes(understood.info)):
        say(f"newsidx: {note}")
    _, hits = opened.stream(question, understood)
    rows = [article_row(hit.article, hit.path, []) for hit in hits]
    places = opened.other_places([row["id"] for row in rows])
    for row in rows:
        row["places"] = places[row["id"]]
    return _Chosen(understood.info.understood, rows)


def _these(chosen: _Chosen, what: str) -> str:
    """How many articles, and how many copies and versions with them."""
    count = len(chosen.articles)
    others = sum(len(row["places"]) for row in chosen.articles)
    more = f", with {counted(others, 'copy or older version', 'copies and older versions')}"
    return f"{counted(count, 'article')}{more if others else ''} {what}"


def _ask(chosen: _Chosen, path: str, *, yes: bool, purge: bool) -> None:
    """Go on only if that is meant."""
    if yes:
        return
    if not is_terminal(sys.stdin):
        raise Refused(
            f"Nothing was removed; {_these(chosen, 'would be')}.",
            "Say --yes where nobody can be asked; --dry-run shows which they are.",
        )
    for row in chosen.articles[:_SHOWN]:
        say(row_line(row).rstrip("\n"))
    if len(chosen.articles) > _SHOWN:
        say(f"… and {len(chosen.articles) - _SHOWN:,} more: --dry-run shows them all")
    text = f"Remove {_these(chosen, f'from {path}')}?" if chosen.articles else f"Rewrite {path}?"
    if purge:
        text = f"{text} Their text will be gone from it for good."
    say(f"{text} [y/N]")
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise Refused("Nothing was removed.")


def _remove(chosen: _Chosen, path: Any, *, purge: bool, wait: float) -> None:
    from newsidx.indexer.removal import remove

    done = remove(path, [row["id"] for row in chosen.articles], for_good=purge, wait=wait)
    if chosen.articles:
        say(f"{_these(chosen, 'removed')}; undo it with newsidx restore.")
    if not purge:
        return
    say("No file of the index holds text of what was removed. Source files were not touched.")
    if done.rewritten or done.deleted:
        say(
            f"Of what came on standard input, {counted(done.rewritten, 'file')} "
            f"had articles cut out, and {done.deleted:,} went as a whole: they can't be restored."
        )


def command() -> Any:
    """The command, for the group."""
    return single_command(rm, is_query=True)
