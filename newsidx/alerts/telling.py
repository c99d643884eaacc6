"""One look at an index for alerts, and what each of them has to tell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from newsidx.app import Index
from newsidx.app import open as open_index
from newsidx.index.alerts import Alert, Alerts, Met
from newsidx.index.ledger import Ledger
from newsidx.results.news import Found, Told
from newsidx.searcher.question import Ask, Understood
from newsidx.searcher.standing import Look, look, marks_of, matches, question_of, told

__all__ = ["Telling", "View", "Wish", "user_day"]


def user_day() -> date:
    """The day that `yesterday` counts from."""
    return date.today()  # noqa: DTZ011 - the user's day


class Wish(Struct, frozen=True):
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
    today: date = field(default_factory=lambda: user_day())


class View:
    """An index as of its last commit, with its ledger, which may be ahead of it."""

    def __init__(self, directory: Path) -> None:
        self.index: Index = open_index(directory)
        # No transaction of it is open between two questions, so no writer waits for it.
        self._ledger = self.index.ledger()
        self._before = _version(self._ledger)
        self.engine = self.index.engine
        self.info, self.warnings = self.index.info, self.index.warnings

    @property
    def steady(self) -> bool:
        """Whether the ledger still tells of what the engine has that was opened."""
        ledger, number = self._ledger, self.index.manifest.number
        if ledger.intent() or ledger.meta("engine", number) != number:
            return False
        return _version(ledger) == self._before

    def __enter__(self) -> View:
        return self

    def __exit__(self, *_: object) -> None:
        self._ledger.close()
        self.index.close()

    def moment(self, wish: Wish) -> str:
        """Something that is another whenever another answer may be right."""
        manifest = self.index.manifest
        return f"{manifest.number} {self.engine.commit} {manifest.state} {wish.today}"

    def understand(self, alert: Alert, wish: Wish) -> Understood:
        """The question of an alert, ready to run."""
        return self.index.understand(self.question(alert, wish), wish.today)

    def question(self, alert: Alert, wish: Wish) -> Ask:
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
        marks = marks_of(self._ledger, scores)
        return look(self.engine, scores, marks, alert, met, steady=self.steady, baseline=baseline)


class Telling:
    """One alert being told; it is looked at when this is made.

    Attributes:
        cursor: Up to where it was told, so far.
    """

    def __init__(self, view: View, store: Alerts, alert: Alert, wish: Wish) -> None:
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
