"""Commit by intent: the ledger and the engine change together, whatever interrupts them.

1. In one transaction the ledger takes in what was read, decides what is searched
   (`resolve`), and notes the ids that the engine is about to add or remove.
2. The engine adds and removes them, and commits.
3. The ledger clears the note, and the manifest is written.

A writer that finds a note at its start knows that step 2 may not have happened. It
removes those ids from the engine and has their files read again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import closing

from msgspec import Struct
from msgspec.structs import replace

from newsidx.engines.base import Engine, Prepared
from newsidx.engines.transaction import transaction
from newsidx.index import removals, sketches
from newsidx.index.ledger import Ledger
from newsidx.index.outcomes import PASSING, status_for
from newsidx.index.rows import FileRow, LiveArticle, Place
from newsidx.index.state import state_of
from newsidx.indexer.difference import Difference, Plan, Reread, TextLost, Texts
from newsidx.indexer.pieces import Extracted, Item
from newsidx.indexer.resolve import Outcome, resolve

__all__ = ["Change", "Committer", "Counts", "Rejected"]


class Change(Struct):
    """A file that was read, and a piece of what it gave.

    Attributes:
        container: The archive that it is a member of, which comes before it.
    """

    row: FileRow
    found: Extracted
    container: FileRow | None = None


class Counts(Struct):
    """What a run did, in articles."""

    added: int = 0
    updated: int = 0
    removed: int = 0
    duplicates: int = 0
    superseded: int = 0
    kept_out: int = 0
    collisions: int = 0


class Rejected(Struct, frozen=True):
    """An article that the engine would not take, and why.

    Attributes:
        file: That it stands in.
        position: In that, from 1.
    """

    file: FileRow
    position: int
    detail: str


class _Reading(Struct):
    """A file of which the last piece hasn't come: the last place before, and articles so far."""

    old: int
    articles: int = 0


class _Batch:
    """What a batch brings.

    Attributes:
        places: The new ones, by their ids.
        texts: Their articles, likewise.
        last: The greatest id of any place.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.places: dict[int, Place] = {}
        self.texts: dict[int, Item] = {}
        self.last = ledger.last_place()
        self._labels = {root.id: root.label for root in ledger.roots()}

    def add(self, place: Place, row: FileRow, item: Item) -> None:
        """Take in an article."""
        place.stand(self._labels[row.root], row.path, row.run, row.dated)
        self.last += 1
        place.id = self.last
        self.places[place.id], self.texts[place.id] = place, item


# Beyond any position in a file.
_LATER = 1 << 48


class Committer:
    """Takes batches of changes into the ledger and the engine.

    Attributes:
        rejected: What the engine would not take so far.

    Args:
        ledger: Open for writing.
        open_engine: Opens the engine as of its last commit.
        reread: Reads known articles again, as `Texts` has it.
    """

    def __init__(
        self,
        ledger: Ledger,
        open_engine: Callable[[], Engine],
        reread: Reread,
    ) -> None:
        self.ledger = ledger
        self.counts = Counts()
        self.rejected: list[Rejected] = []
        self._reading: dict[int, _Reading] = {}
        self._open_engine = open_engine
        self._reread = reread

    def recover(self) -> int:
        """Undo what a killed run may have left half done; gives the number of ids."""
        intended = self.ledger.intent()
        if intended:
            self._engine_commit(Plan(remove=set(intended)))
            with self.ledger.transaction():
                self.ledger.forget_intended()
                self.ledger.clear_intent()
                self._set_state()
        return len(intended)

    def mend(self, ids: Collection[str]) -> None:
        """Have some articles read again: what engine and ledger hold of them is no use."""
        with self.ledger.transaction():
            self.ledger.set_intent(ids)
            self._set_state()
        self.recover()

    def apply(
        self, changes: list[Change], removed: list[FileRow], prepared: Sequence[Prepared] = ()
    ) -> None:
        """Make a batch of changes durable, all of it.

        Args:
            removed: Files that are gone.
            prepared: The parts in which new articles were prepared for the engine.
        """
        with self.ledger.transaction():
            plan = self._into_ledger(changes, removed, prepared)
            self.ledger.set_intent(plan.ids)
        rejected = self._engine_commit(plan, prepared) if plan.ids else {}
        with self.ledger.transaction():
            if rejected:
                self._give_up(rejected)
            self.ledger.clear_intent()

    def _give_up(self, rejected: Mapping[str, str]) -> None:
        """Note of articles that the engine would not take that their files have failed."""
        ledger, live = self.ledger, self.ledger.live(rejected)
        self._change_state(live.values(), ())
        self.counts.added -= len(live)
        keys = {article.place: key for key, article in live.items()}
        places = ledger.places_by("id", keys)
        ledger.delete_articles(live)
        ledger.move_places({}, places)
        for place in places:
            row, detail = ledger.file(place.file), rejected[keys[place.id]]
            if not ledger.places_by("file", [place.file]):
                row.status, row.reason, row.detail = status_for("rejected"), "rejected", detail
            row.bad += 1
            ledger.save_file(row)
            ledger.save_bad_records(place.file, [(place.position + 1, "rejected", detail)])
            ledger.refresh_statuses([place.file])
            self.rejected.append(Rejected(row, place.position + 1, detail))

    def remove(self, ids: Collection[str]) -> None:
        """Remove articles, all of them that there are, and keep them out from now on."""
        with self.ledger.transaction():
            going = removals.add(self.ledger, ids, time.time_ns())
            plan = self._settle(going, _Batch(self.ledger))
            self.ledger.set_intent(plan.ids)
        self._engine_commit(plan)
        with self.ledger.transaction():
            self.ledger.clear_intent()

    def _engine_commit(self, plan: Plan, prepared: Sequence[Prepared] = ()) -> Mapping[str, str]:
        """Let the engine do it; gives what it would not take, and why."""
        with closing(self._open_engine()) as engine, transaction(engine) as writer:
            writer.delete(plan.remove | plan.replace)
            for article in plan.add:
                writer.add(article)
            kept = set(plan.kept.values())
            for part, each in enumerate(prepared):
                writer.adopt(each, [n for n in range(each.documents) if (part, n) not in kept])
        return writer.rejected

    # Step one

    def _into_ledger(
        self, changes: list[Change], removed: list[FileRow], prepared: Sequence[Prepared]
    ) -> Plan:
        before: list[Place] = []
        for row in removed:
            before += self._remove(row)
        batch = _Batch(self.ledger)
        for change in changes:
            before += self._save(change, batch)
        self.ledger.add_places(batch.places.values())
        sketches.keep(self.ledger, ((key, item.sketch) for key, item in batch.texts.items()))
        return self._settle(before, batch, prepared)

    def _settle(
        self, before: list[Place], batch: _Batch, prepared: Sequence[Prepared] = ()
    ) -> Plan:
        """Decide, again and again without files that are no longer what they were."""
        while True:
            self.ledger.db.execute("SAVEPOINT decision")
            counts = replace(self.counts)
            try:
                return self._decide(before, batch, prepared)
            except TextLost as lost:
                self.ledger.db.execute("ROLLBACK TO decision")
                self.counts = counts
                before += self._set_aside(lost.file)
                for place in batch.places.values():
                    place.status = place.article = None

    def _remove(self, row: FileRow) -> list[Place]:
        """Forget a file and its members; gives the places that it had."""
        assert row.id is not None
        places = []
        for gone in [*self.ledger.members(row.id).values(), row]:
            assert gone.id is not None
            places += self.ledger.places_by("file", [gone.id])
            self.ledger.delete_file(gone.id)
        return places

    def _save(self, change: Change, batch: _Batch) -> list[Place]:
        """Write a piece of a file; gives the places that the file had before and has no more.

        Until the last piece is there, what was known of the file stays beside what is new.
        """
        row, found, ledger = change.row, change.found, self.ledger
        if change.container is not None:
            row.container = change.container.id
        _judge(row, found)
        fresh = row.id is None
        key = ledger.save_file(row)
        if found.first:
            self._reading[key] = _Reading(0 if fresh else batch.last)
            if not fresh:
                ledger.clear_bad_records(key)
        if found.bad:
            ledger.save_bad_records(key, [(b.position, b.reason, b.message) for b in found.bad])
        reading = self._reading[key]
        several = len(found.items) > 1 or not (found.first and found.last) or bool(row.reduced)
        for item in found.items:
            batch.add(_place(row, reading.articles, item, several), row, item)
            reading.articles += 1
        if not found.last:
            return []
        del self._reading[key]
        if not reading.old or found.reason in PASSING:
            return []  # what can't be read now is read again, and what is there stays till then
        gone = ledger.places_by("id", ledger.places_up_to(key, reading.old))
        ledger.clear_places(key, reading.old)
        return gone

    def _set_aside(self, file: int) -> list[Place]:
        """A file isn't what was read: it counts for nothing until it is read again."""
        row = self.ledger.file(file)
        places = self.ledger.places_by("file", [file])
        row.status, row.reason, row.bad = status_for("vanished"), "vanished", 0
        row.detail = "It went away or changed after it was read."
        row.recorded = None
        self.ledger.save_file(row)
        self.ledger.clear_places(file)
        self.ledger.clear_bad_records(file)
        if row.container is not None:
            container = self.ledger.file(row.container)
            container.recorded = None
            self.ledger.save_file(container)
        return places

    def _decide(self, before: list[Place], batch: _Batch, prepared: Sequence[Prepared]) -> Plan:
        """What is searched, now that some places are no more and others are new."""
        ledger = self.ledger
        after = ledger.places_by("id", batch.places.keys(), batch.places)
        places = self._closure([*before, *after], batch.places)
        marks = removals.met(ledger, places.values())
        outcomes = resolve(places.values(), marks)
        self._report_collisions(places, outcomes)
        around = [*before, *places.values()]
        searched = {p.article for p in around if p.status == "indexed" and p.article}
        for key, outcome in outcomes.items():
            places[key].status, places[key].article = outcome.status, outcome.article
        ledger.set_outcomes((o.status, o.article, key) for key, o in outcomes.items())
        kept_out = (places[key] for key, o in outcomes.items() if o.status == "removed")
        removals.strip(ledger, kept_out, marks)
        ledger.refresh_statuses({place.file for place in places.values()})
        for place in after:
            if place.id in outcomes:
                self.counts.duplicates += outcomes[place.id].status == "duplicate"
                self.counts.superseded += outcomes[place.id].status == "superseded"
                self.counts.kept_out += outcomes[place.id].status == "removed"
        wanted = {
            outcome.article: _live(places[key], outcome)
            for key, outcome in outcomes.items()
            if outcome.status == "indexed"
        }
        for article in wanted.values():
            if not article.identity:  # it was kept out, and what it went by is forgotten
                raise TextLost(places[article.place].file)
        change = Difference(ledger, searched, before, places, wanted)
        plan = change.plan(Texts(ledger, batch.texts, prepared, self._open_engine, self._reread))
        self._change_state(change.current.values(), change.after)
        self.counts.added += change.added
        self.counts.updated += change.updated
        self.counts.removed += len(plan.remove)
        return plan

    def _closure(self, start: Iterable[Place], known: Mapping[int, Place]) -> dict[int, Place]:
        """All places that share an identity or a content with some, directly or through others.

        Args:
            known: Places that need not be read again, by their ids.
        """
        found: dict[int, Place] = {}
        asked: dict[str, set[object]] = {"url_key": set(), "own_key": set(), "content": set()}
        fresh = list(start)
        while fresh:
            reached: list[Place] = []
            for column, before in asked.items():
                wanted = {getattr(place, column) for place in fresh} - before - {None}
                before |= wanted
                reached += self.ledger.places_by(column, wanted, known)
            fresh = [place for place in reached if place.id not in found]
            found.update((place.id, place) for place in fresh)
        for place in found.values():
            reading = self._reading.get(place.file)
            if reading and place.id <= reading.old:
                # Read before, and now being read again: what is new comes first.
                place.version = (-1, *place.version)
                place.key = (*place.key[:2], place.key[2] + _LATER)
        return found

    def _report_collisions(self, places: dict[int, Place], outcomes: dict[int, Outcome]) -> None:
        """Two identities with one id: keep the one that is searched, report the other."""
        known = self.ledger.live({outcome.article for outcome in outcomes.values()})
        owner = {key: article.identity for key, article in known.items()}
        for key, outcome in sorted(outcomes.items()):
            if outcome.status == "removed":
                continue
            if owner.setdefault(outcome.article, outcome.identity) != outcome.identity:
                place = places[key]
                detail = f"{outcome.identity} has the id of {owner[outcome.article]}"
                row = (place.position + 1, "id-collision", detail)
                self.ledger.save_bad_records(place.file, [row])
                self.counts.collisions += 1
                del outcomes[key]

    # The state

    def _change_state(self, before: Iterable[LiveArticle], after: Iterable[LiveArticle]) -> None:
        state = int(self.ledger.meta("state", "0"), 16)
        state -= sum(map(_state_of, before))
        state += sum(map(_state_of, after))
        self.ledger.set_meta("state", f"{state % (1 << 128):032x}")

    def _set_state(self) -> None:
        rows: Collection[tuple[str]] = self.ledger.db.execute("SELECT id FROM articles").fetchall()
        every = self.ledger.live([key for (key,) in rows])
        state = sum(map(_state_of, every.values())) % (1 << 128)
        self.ledger.set_meta("state", f"{state:032x}")


def _judge(row: FileRow, found: Extracted) -> None:
    """Say of a file what a piece of it tells: until another status is known, it is indexed."""
    if found.first:
        row.status, row.reason, row.detail, row.bad = "indexed", None, None, 0
    row.bad += len(found.bad)
    if found.reason:
        row.status, row.reason, row.detail = status_for(found.reason), found.reason, found.detail
    elif found.last and not found.articles and found.bad:
        first = found.bad[0]
        row.status, row.reason = status_for(first.reason), first.reason
        row.detail = f"record {first.position}: {first.message}"


def _place(row: FileRow, position: int, item: Item, several: bool) -> Place:
    article, sums = item.article, item.hashes
    published = article.published
    assert row.id is not None
    return Place(
        file=row.id,
        position=position,
        url_identity=item.url,
        own_identity=item.known_by(row.origin, several),
        title=sums.title,
        body=sums.body,
        content=sums.content,
        facts=sums.facts,
        stored=sums.stored,
        day=published.first.toordinal() if published else None,
        published=published.isoformat() if published else None,
        source=article.source,
        language=article.language,
        authors=len(article.authors),
        words=article.words,
        date_key=item.date_key if item.date_order else None,
        date_order=item.date_order,
        declared=item.identity is not None,
    )


def _live(place: Place, outcome: Outcome) -> LiveArticle:
    return LiveArticle(outcome.article, place.id, outcome.identity, place.facts, place.stored, None)


def _state_of(article: LiveArticle) -> int:
    return state_of(article.id, article.facts)
