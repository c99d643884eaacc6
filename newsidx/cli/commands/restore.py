"""newsidx restore."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from newsidx.app import Index
from newsidx.app import open as open_index
from newsidx.cli.forms import RecordForm
from newsidx.cli.options import IndexOption, WaitOption, single_command
from newsidx.config import load_settings
from newsidx.errors import ArticleNotFound, UsageError
from newsidx.output.forms import put_records
from newsidx.output.removal import RESTORED, restored_line
from newsidx.output.safe import valid
from newsidx.output.streams import say, write_text
from newsidx.text.counted import counted

__all__ = ["command", "restore"]


def restore(
    ids: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ID...",
            help="Ids of removed articles, or the first four or more characters of them.",
            show_default=False,
        ),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Restore all that was ever removed.")
    ] = False,
    wait: WaitOption = 0.0,
    *,
    form: RecordForm,
    index: IndexOption = None,
) -> int:
    """Search articles again that were removed.

    Their source files are read again. An article whose files are gone can't be had, but
    will be searched if it ever comes back. A line for each: id, what became of it
    (restored, lost, or removed where another removal keeps it out as well), path. The exit
    status is 1 when one of them could not be had.
    """
    RESTORED.check(form)
    if every == bool(ids):
        raise UsageError("What is to be restored?", "Give ids, or --all.")
    settings = load_settings(index)
    from newsidx.indexer.removal import restore as restore_articles

    with open_index(settings.index) as opened:
        wanted = sorted({key for prefix in ids or [""] for key in _removed(opened, prefix)})
        located = opened.located
    done = restore_articles(settings.index, wanted, wait, settings.jobs) if wanted else []
    rows = [
        {
            "id": one.id,
            "status": one.status,
            "articles": list(one.articles),
            "paths": [valid(located(label, path)) for label, path in one.paths],
        }
        for one in done
    ]
    if form.kind in ("terminal", "plain") and not form.fields:
        for row in rows:
            write_text(restored_line(row))
    else:
        put_records(form, RESTORED, rows, {"total": len(rows)})
    back = sum(one.status == "restored" for one in done)
    say(f"{counted(back, 'article')} restored.")
    if len(done) > back:
        say(f"{len(done) - back:,} could not be had: no source file gives them now.")
    return 0 if len(done) == back else 1


def _removed(opened: Index, prefix: str) -> list[str]:
    """The ids of removals that a prefix means; all, where it is empty."""
    wanted = prefix.strip().lower()
    found = [removal.id for removal in opened.removals(wanted)]
    if not prefix:
        return found
    if len(wanted) < 4:
        raise ArticleNotFound(
            f"{prefix!r} is too short for an id.", "Give at least its first four characters."
        )
    if len(found) > 1:
        raise ArticleNotFound(
            f"{len(found)} removed ids begin with {prefix!r}.", "Give more of it."
        )
    if not found:
        raise ArticleNotFound(
            f"No article that was removed has an id that begins with {prefix!r}.",
            "newsidx files --status removed lists their files.",
        )
    return found


def command() -> Any:
    """The command, for the group."""
    return single_command(restore)
