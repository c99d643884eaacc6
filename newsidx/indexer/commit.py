"""Commit by intent: the ledger and the engine change together, whatever interrupts them.

1. In one transaction the ledger takes in what was read, decides what is searched
   (`resolve`), and notes the ids that the engine is about to add or remove.
2. The engine adds and removes them, and commits.
3. The ledger clears the note, and the manifest is written.

A writer that finds a note at its start knows that step 2 may not have happened. It
removes those ids from the engine and has their files read again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace

from newsidx.article import Article
from newsidx.engines.base import Engine
from newsidx.index.ledger import FileRow, Ledger, LiveArticle, Place
from newsidx.index.outcomes import status_for
from newsidx.indexer.extract import Extracted
from newsidx.indexer.resolve import Outcome, first_with_body, resolve
from newsidx.refine.identity import own_identity

__all__ = ["Change", "Committer", "Counts"]


@dataclass(slots=True)
class Change:
    """A file that was read, and what it gave."""

    row: FileRow
    found: Extracted


@dataclass(slots=True)
class Counts:
    """What a run did, in articles."""

    added: int = 0
    updated: int = 0
    removed: int = 0
    duplicates: int = 0
    superseded: int = 0
    collisions: int = 0


@dataclass(slots=True)
class _Plan:
    """What the engine is to do."""

    add: list[Article] = field(default_factory=list)
    remove: set[str] = field(default_factory=set)


class Committer:
    """Takes batches of changes into the ledger and the engine.

    Args:
        ledger: Open for writing.
        open_engine: Opens the engine as of its last commit.
        reread: Reads a known file again: its articles by position; empty where the
            file isn't what it was.
    """

    def __init__(
        self,
        ledger: Ledger,
        open_engine: Callable[[], Engine],
        reread: Callable[[FileRow], list[Article]],
    ) -> None:
        self.ledger = ledger
        self.counts = Counts()
        self._open_engine = open_engine
        self._reread = reread

    def recover(self) -> int:
        """Undo what a killed run may have left half done; gives the number of ids."""
        intended = self.ledger.intent()
        if intended:
            self._engine_commit(_Plan(remove=set(intended)))
            with self.ledger.transaction():
                self.ledger.forget_intended()
                self.ledger.clear_intent()
                self._set_state()
        return len(intended)

    def apply(self, changes: list[Change], removed: list[FileRow]) -> None:
        """Make a batch of changes durable, all of it."""
        with self.ledger.transaction():
            plan = self._into_ledger(changes, removed)
            self.ledger.set_intent({article.id for article in plan.add} | plan.remove)
        if plan.add or plan.remove:
            self._engine_commit(plan)
        with self.ledger.transaction():
            self.ledger.clear_intent()

    def _engine_commit(self, plan: _Plan) -> None:
        engine = self._open_engine()
        try:
            writer = engine.writer()
            try:
                writer.delete(plan.remove | {article.id for article in plan.add})
                for article in plan.add:
                    writer.add(article)
                writer.commit()
            except BaseException:
                writer.rollback()
                raise
        finally:
            engine.close()

    # Step one

    def _into_ledger(self, changes: list[Change], removed: list[FileRow]) -> _Plan:
        ledger = self.ledger
        rows = [*(change.row for change in changes), *removed]
        before = ledger.places_by("file", [row.id for row in rows if row.id is not None])
        for row in removed:
            if row.id is not None:
                ledger.delete_file(row.id)
        texts: dict[int, Article] = {}
        for change in changes:
            texts.update(self._save(change))
        after = ledger.places_by("file", [row.id for row in rows if row.id is not None])
        places = self._closure([*before, *after])
        outcomes = resolve(places.values())
        self._report_collisions(places, outcomes)
        ledger.set_outcomes((o.status, o.article, key) for key, o in outcomes.items())
        ledger.refresh_statuses({place.file for place in places.values()})
        for place in after:
            if place.id in outcomes:
                self.counts.duplicates += outcomes[place.id].status == "duplicate"
                self.counts.superseded += outcomes[place.id].status == "superseded"
        return self._plan([*before, *places.values()], places, outcomes, texts)

    def _save(self, change: Change) -> dict[int, Article]:
        """Write a file with its places and bad records; gives place id -> article."""
        row, found = change.row, change.found
        if found.reason:
            row.status, row.reason, row.detail = (
                status_for(found.reason),
                found.reason,
                found.detail,
            )
        elif not found.items and found.bad:
            first = found.bad[0]
            row.status, row.reason = status_for(first.reason), first.reason
            row.detail = f"record {first.position}: {first.message}"
        else:
            row.status, row.reason, row.detail = "indexed", None, None
        row.bad = len(found.bad)
        key = self.ledger.save_file(row)
        self.ledger.clear_file(key)
        self.ledger.save_bad_records(key, [(b.position, b.reason, b.message) for b in found.bad])
        texts = {}
        several = len(found.items) > 1
        for position, item in enumerate(found.items):
            article, sums = item.article, item.hashes
            own = own_identity(row.origin, article.record, several, sums.content)
            place = Place(
                file=key,
                position=position,
                url_identity=item.url,
                own_identity=own,
                title=sums.title,
                body=sums.body,
                content=sums.content,
                facts=sums.facts,
                stored=sums.stored,
                day=article.published.first.toordinal() if article.published else None,
            )
            texts[self.ledger.add_place(place)] = article
        return texts

    def _closure(self, start: Iterable[Place]) -> dict[int, Place]:
        """All places that share an identity or a content with some, directly or through others."""
        found: dict[int, Place] = {}
        asked: dict[str, set[object]] = {"url_identity": set(), "own_identity": set()}
        asked["content"] = set()
        fresh = list(start)
        while fresh:
            reached: list[Place] = []
            for column, known in asked.items():
                wanted = {getattr(place, column) for place in fresh} - known - {None}
                known |= wanted
                reached += self.ledger.places_by(column, wanted)
            fresh = [place for place in reached if place.id not in found]
            found.update((place.id, place) for place in fresh)
        return found

    def _report_collisions(self, places: dict[int, Place], outcomes: dict[int, Outcome]) -> None:
        """Two identities with one id: keep the one that is searched, report the other."""
        known = self.ledger.live({outcome.article for outcome in outcomes.values()})
        owner = {key: article.identity for key, article in known.items()}
        for key, outcome in sorted(outcomes.items()):
            if owner.setdefault(outcome.article, outcome.identity) != outcome.identity:
                place = places[key]
                detail = f"{outcome.identity} has the id of {owner[outcome.article]}"
                row = (place.position + 1, "id-collision", detail)
                self.ledger.save_bad_records(place.file, [row])
                self.counts.collisions += 1
                del outcomes[key]

    def _plan(
        self,
        around: list[Place],
        places: dict[int, Place],
        outcomes: dict[int, Outcome],
        texts: dict[int, Article],
    ) -> _Plan:
        """Compare what is to be searched with what is, and write down the difference."""
        wanted = {
            outcome.article: _live(places[key], outcome)
            for key, outcome in outcomes.items()
            if outcome.status == "indexed"
        }
        ids = {place.article for place in around if place.status == "indexed" and place.article}
        current = self.ledger.live(ids | wanted.keys())
        plan = _Plan(remove=current.keys() - wanted.keys())
        self.ledger.delete_articles(plan.remove)
        self._name_first_prints(around, wanted)
        current |= self.ledger.live(wanted.keys() - current.keys())
        for key, article in sorted(wanted.items()):
            self._want(article, current.get(key), texts, plan)
        self._change_state(current, wanted)
        self.counts.removed += len(plan.remove)
        return plan

    def _name_first_prints(self, around: list[Place], wanted: dict[str, LiveArticle]) -> None:
        """Set `same_text` of all articles that share a body with a place that changed."""
        bodies = {place.body for place in around if place.body is not None}
        groups: dict[bytes, list[Place]] = {}
        for place in self.ledger.places_by("body", bodies):
            if place.status == "indexed" and place.body is not None:
                groups.setdefault(place.body, []).append(place)
        members = {place.article for group in groups.values() for place in group if place.article}
        others = self.ledger.live(members - wanted.keys())
        for group in groups.values():
            first = first_with_body(group)
            for place in group:
                key = place.article or ""
                same_text = None if place is first else first.article
                if key in wanted:
                    wanted[key].same_text = same_text
                elif key in others and others[key].same_text != same_text:
                    wanted[key] = replace(others[key], same_text=same_text)

    def _want(
        self,
        article: LiveArticle,
        now: LiveArticle | None,
        texts: dict[int, Article],
        plan: _Plan,
    ) -> None:
        if now and now.stored == article.stored and now.same_text == article.same_text:
            if now.place != article.place:
                self.ledger.save_article(article)
            return
        text = self._text(article, now, texts)
        if text is None:
            # Its file changed under our hands: the next run reads it and decides anew.
            if now:
                plan.remove.add(article.id)
                self.ledger.delete_articles([article.id])
            return
        plan.add.append(replace(text, id=article.id, same_text=article.same_text))
        self.ledger.save_article(article)
        if now is None:
            self.counts.added += 1
        elif now.facts != article.facts:
            self.counts.updated += 1

    def _text(
        self, article: LiveArticle, now: LiveArticle | None, texts: dict[int, Article]
    ) -> Article | None:
        """The text of an article that is to be written: at hand, in the engine, or in its file."""
        if article.place in texts:
            return texts[article.place]
        if now and now.stored == article.stored:
            engine = self._open_engine()
            try:
                return engine.get([article.id]).get(article.id)
            finally:
                engine.close()
        (place,) = self.ledger.places_by("id", [article.place])
        row = self.ledger.file(place.file)
        again = self._reread(row)
        if place.position < len(again):
            return again[place.position]
        row.recorded, row.digest = None, None
        self.ledger.save_file(row)
        return None

    # The state

    def _change_state(self, before: dict[str, LiveArticle], wanted: dict[str, LiveArticle]) -> None:
        after = self.ledger.live(before.keys() | wanted.keys())
        state = int(self.ledger.meta("state", "0"), 16)
        state -= sum(map(_state_of, before.values()))
        state += sum(map(_state_of, after.values()))
        self.ledger.set_meta("state", f"{state % (1 << 128):032x}")

    def _set_state(self) -> None:
        rows: Collection[tuple[str]] = self.ledger.db.execute("SELECT id FROM articles").fetchall()
        every = self.ledger.live([key for (key,) in rows])
        state = sum(map(_state_of, every.values())) % (1 << 128)
        self.ledger.set_meta("state", f"{state:032x}")


def _live(place: Place, outcome: Outcome) -> LiveArticle:
    return LiveArticle(outcome.article, place.id, outcome.identity, place.facts, place.stored, None)


def _state_of(article: LiveArticle) -> int:
    """An article's share of the state: a hash, added up modulo 2**128 over all articles."""
    data = article.id.encode() + article.facts
    return int.from_bytes(hashlib.blake2b(data, digest_size=16).digest(), "big")
