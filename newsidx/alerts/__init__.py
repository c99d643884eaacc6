"""Standing queries: kept with an index, and asked what is new since they were last answered.

    alerts.add("press.idx", "calexit", "calexit OR secession")
    with alerts.new("press.idx", "calexit") as news:
        for found in news:
            print(found.event, found.hit.article.title)

What was told counts as told when the block ends without an error, and not before.
"""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from msgspec.structs import replace

from newsidx.alerts.telling import Telling, View, Wish, user_day
from newsidx.errors import NewsidxError, UsageError
from newsidx.index.alerts import Alert, Alerts, Met, checked_name
from newsidx.index.lock import alert_lock
from newsidx.index.manifest import read_manifest
from newsidx.results.news import Kept, News
from newsidx.searcher.question import Ask, notes, understand
from newsidx.searcher.standing import matches, question_kept, question_of

__all__ = ["acknowledge", "add", "kept", "new", "remove"]

Where = str | os.PathLike[str]


def add(index: Where, name: str, question: Ask | str, *, from_start: bool = False) -> bool:
    """Keep a query, to be asked from now on what is new. No writer is in its way.

    Args:
        index: The index directory.
        name: Up to 64 letters a to z, digits, and - _ . among them.
        question: Of it the text is kept, and its reading, and the filters.
        from_start: All that there is counts as new; otherwise what matches now does not.

    Returns:
        Whether it is new; False where that name asks for just that already.

    Raises:
        QueryError: The query can't be understood.
        Refused: The name is taken by another query.
    """
    checked_name(name)
    asked = question if isinstance(question, Ask) else Ask(question)
    alert = Alert(name, question_kept(asked), 0, 0, time.time_ns())
    met: Collection[Met] = ()
    directory = Path(index).expanduser()
    with View(directory) as view, Alerts(directory, writable=True) as store:
        understood = view.understand(alert, Wish())
        if any(each.name == name for each in store.every()):
            return store.add(alert, ())
        if not from_start:
            scores = matches(view.engine, understood, scores=False)
            met = view.look(alert, scores, {}, baseline=True).noted
            alert = replace(alert, looked=view.moment(Wish()))
        return store.add(alert, met)


def kept(index: Where) -> list[Kept]:
    """The standing queries of an index, by name.

    Raises:
        IndexNotFound: There is no index.
    """
    directory = Path(index).expanduser()
    manifest = read_manifest(directory)
    with Alerts(directory) as store:
        alerts = store.every()
    found = []
    for alert in alerts:
        question = question_of(alert.question)
        query = None
        with suppress(NewsidxError):  # it says so when it is asked
            query = understand(question, manifest.language, user_day()).info
        since = datetime.fromtimestamp(alert.since // 10**9, tz=UTC)
        found.append(Kept(alert.name, question.text, query, question.literal, alert.cursor, since))
    return found


def remove(index: Where, name: str, *, wait: float = 0.0) -> None:
    """Forget a standing query.

    Args:
        wait: Seconds to wait while somebody is told what is new to it.

    Raises:
        UsageError: There is none of that name.
    """
    directory = Path(index).expanduser()
    _known(directory, name)
    with alert_lock(directory, name, wait), Alerts(directory, writable=True) as store:
        store.remove(name)


def acknowledge(index: Where, name: str, cursor: int, *, wait: float = 0.0) -> None:
    """Let all count as told that has come up to a cursor; one of before changes nothing.

    Args:
        cursor: Of `Told` or `Found`.
        wait: Seconds to wait while somebody else is told.

    Raises:
        UsageError: There is no such alert, or it never gave that cursor.
    """
    directory = Path(index).expanduser()
    _known(directory, name)
    with alert_lock(directory, name, wait), Alerts(directory, writable=True) as store:
        alert = store.get(name)
        if not 0 <= cursor <= alert.last:
            raise UsageError(
                f"{name} never gave the cursor {cursor}.",
                f"Give one that newsidx new {name} --peek --json printed.",
            )
        if cursor > alert.cursor:
            store.move([(alert, cursor)], time.time_ns())


@contextmanager
def new(
    index: Where,
    name: str | None = None,
    *,
    limit: int | None = None,
    from_start: bool = False,
    peek: bool = False,
    snippets: int = 1,
    scores: bool = True,
    wait: float = 0.0,
) -> Iterator[News]:
    """What is new to a standing query, or to all of them.

    It counts as told when the block is left without an exception.

    Args:
        index: The index directory.
        limit: At most so much of each alert, what came first; the rest stays new.
        from_start: All that matches is new.
        peek: Nothing of it counts as told.
        snippets: Windows of text for each hit.
        scores: Whether hits are to have a score.
        wait: Seconds to wait while somebody else is told.

    Raises:
        IndexLocked: Somebody else is being told what is new to it.
        UsageError: There is no such alert.
    """
    if limit is not None and limit < 1:
        raise UsageError("A limit has to be at least 1.", "Leave --limit out to have everything.")
    wish = Wish(limit, from_start, peek, snippets, scores)
    directory = Path(index).expanduser()
    names = [_known(directory, name)] if name else [each.name for each in kept(directory)]
    with ExitStack() as held:
        if names:
            store = held.enter_context(Alerts(directory, writable=True))
            for each in names:
                held.enter_context(alert_lock(directory, each, wait))
        view = held.enter_context(View(directory))
        tellings = [Telling(view, store, store.get(each), wish) for each in names]
        warned = chain(view.warnings, *(notes(each.told.query) for each in tellings))
        yield News(
            view.info,
            tuple(each.told for each in tellings),
            tuple(dict.fromkeys(warned)),
            chain.from_iterable(each.found() for each in tellings),
        )
        if names and not peek:
            for telling in tellings:
                telling.take_down()
            moved = [(each.alert, each.cursor) for each in tellings if each.has_moved]
            if moved:
                store.move(moved, time.time_ns())


def _known(directory: Path, name: str) -> str:
    """The name of an alert that there is; nothing is made in the directory."""
    read_manifest(directory)
    with Alerts(directory) as store:
        return store.get(name).name
