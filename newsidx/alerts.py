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
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path

from newsidx.app import Index
from newsidx.app import open as open_index
from newsidx.errors import NewsidxError, UsageError
from newsidx.index.alerts import Alert, Alerts, Met, checked_name
from newsidx.index.ledger import Ledger
from newsidx.index.lock import alert_lock
from newsidx.index.manifest import read_manifest
from newsidx.results import Found, Kept, News, Told
from newsidx.searcher.question import Ask, Understood, notes, understand
from newsidx.searcher.standing import (
    Look,
    look,
    marks_of,
    matches,
    question_kept,
    question_of,
    told,
)

__all__ = ["acknowledge", "add", "kept", "new", "remove"]

Where = str | os.PathLike[str]


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is wanted of the news.

    Attributes:
        limit: At most so many of each alert; None is all.
        from_start: All that there is counts as new.
        peek: Nothing of it counts as told.
        snippets: Windows of text for each hit.
        scores: Whether hits are to have a score.
    """

    limit: int | None = None
    from_start: bool = False
    peek: bool = False
    snippets: int = 1
    scores: bool = True
    today: date = field(default_factory=lambda: _today())


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
    with _View(directory) as view, Alerts(directory, writable=True) as store:
        understood = view.understand(alert, _Wish())
        if any(each.name == name for each in store.every()):
            return store.add(alert, ())
        if not from_start:
            scores = matches(view.engine, understood, scores=False)
            met = view.look(alert, scores, {}, baseline=True).noted
            alert = replace(alert, looked=view.moment(_Wish()))
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
            query = understand(question, manifest.language, _today()).info
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
    wish = _Wish(limit, from_start, peek, snippets, scores)
    directory = Path(index).expanduser()
    names = [_known(directory, name)] if name else [each.name for each in kept(directory)]
    with ExitStack() as held:
        if names:
            store = held.enter_context(Alerts(directory, writable=True))
            for each in names:
                held.enter_context(alert_lock(directory, each, wait))
        view = held.enter_context(_View(directory))
        tellings = [_Telling(view, store, store.get(each), wish) for each in names]
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


class _View:
    """An index as of its last commit, and whether its ledger tells of the same."""

    def __init__(self, directory: Path) -> None:
        self.index: Index = open_index(directory)
        ledger = self.index.ledger()
        try:
            before = _version(ledger)
            self.engine = self.index.engine
            quiet = _version(ledger) == before and not ledger.intent()
            number = self.index.manifest.number
            self.steady = quiet and ledger.meta("engine", number) == number
        finally:
            ledger.close()
        self.info, self.warnings = self.index.info, self.index.warnings

    def __enter__(self) -> _View:
        return self

    def __exit__(self, *_: object) -> None:
        self.index.close()

    def moment(self, wish: _Wish) -> str:
        """Something that is another whenever another answer may be right."""
        manifest = self.index.manifest
        return f"{manifest.number} {self.engine.commit} {manifest.state} {wish.today}"

    def understand(self, alert: Alert, wish: _Wish) -> Understood:
        """The question of an alert, ready to run."""
        return self.index.understand(self.question(alert, wish), wish.today)

    def question(self, alert: Alert, wish: _Wish) -> Ask:
        """The question of an alert."""
        return question_of(alert.question, snippets=wish.snippets, scores=wish.scores)

    def look(
        self,
        alert: Alert,
        scores: dict[str, float],
        met: dict[str, Met],
        *,
        baseline: bool = False,
    ) -> Look:
        """Hold what a query matches against what it has met."""
        ledger = self.index.ledger()  # no longer open than it must be: a writer waits for it
        try:
            marks = marks_of(ledger, scores)
        finally:
            ledger.close()
        return look(self.engine, scores, marks, alert, met, steady=self.steady, baseline=baseline)


class _Telling:
    """One alert being told.

    Attributes:
        cursor: Up to where it was told, so far.
    """

    def __init__(self, view: _View, store: Alerts, alert: Alert, wish: _Wish) -> None:
        self.view, self.store, self.wish, self.alert = view, store, wish, alert
        self.question = view.question(alert, wish)
        self.understood = view.understand(alert, wish)
        self.seen = Look({}, {}, alert.last)
        if wish.from_start:
            self.alert = replace(alert, cursor=alert.last)
            self._look({})
            # So that no number is given twice, whatever comes in between.
            store.note(replace(alert, last=self.seen.last), (), ())
        elif alert.looked != view.moment(wish) or alert.last > alert.cursor:
            self._look(store.met(alert))
            self._note()
        untold = self.seen.untold(self.alert.cursor)
        self.wanted = untold[: wish.limit]
        cut = len(self.wanted) < len(untold)
        self._end = self.wanted[-1].number if cut else self.seen.last
        self.cursor = self.alert.cursor if self.wanted else self._end
        self.told = Told(
            alert=alert.name,
            query=self.understood.info,
            cursor=None if self._in_vain else self._end,
            total=len(untold),
            returned=len(self.wanted),
        )

    @property
    def _in_vain(self) -> bool:
        """Whether the numbers mean nothing afterwards."""
        return self.wish.from_start and self.wish.peek

    @property
    def has_moved(self) -> bool:
        """Whether anything was told."""
        return self.cursor != self.alert.cursor

    def _look(self, met: dict[str, Met]) -> None:
        scores = matches(self.view.engine, self.understood, scores=self.wish.scores)
        self.seen = self.view.look(self.alert, scores, met)

    def _note(self, *, anew: bool = False) -> None:
        """Take down what was seen; where that is all as it was, nothing is written."""
        now = replace(self.alert, last=self.seen.last, looked=self.view.moment(self.wish))
        if anew or self.seen.noted or self.seen.gone or now != self.alert:
            self.store.note(now, self.seen.noted, self.seen.gone, anew=anew)

    def found(self) -> Iterator[Found]:
        """What is new."""
        manifest = self.view.index.manifest
        found = told(
            self.view.engine,
            self.understood,
            self.question,
            self.alert,
            self.wanted,
            self.seen.scores,
            manifest.language,
            manifest.roots,
        )
        for met, each in zip(self.wanted, found, strict=True):
            self.cursor = self._end if met is self.wanted[-1] else met.number
            yield replace(each, cursor=None) if self._in_vain else each

    def take_down(self) -> None:
        """What was told from the start is what it has met now."""
        if self.wish.from_start:
            self._note(anew=True)


def _version(ledger: Ledger) -> int:
    """Another number whenever somebody wrote to the ledger (SQLite, `PRAGMA data_version`)."""
    return int(ledger.db.execute("PRAGMA data_version").fetchone()[0])


def _today() -> date:
    return date.today()  # noqa: DTZ011 - the user's day
