"""What an engine has to add and remove, so that it holds what is to be searched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence, Set

from msgspec import Struct, field
from msgspec.structs import replace

from newsidx.article import Article
from newsidx.engines.base import Engine, Prepared
from newsidx.index.ledger import Ledger
from newsidx.index.rows import FileRow, LiveArticle, Place
from newsidx.indexer.pieces import Item
from newsidx.indexer.resolve import first_with_body

__all__ = ["Difference", "Plan", "Reread", "TextLost", "Texts"]

Reread = Callable[[FileRow, Mapping[int, FileRow], Collection[Place]], dict[int, Article]]
"""A file on disk, the rows of it and its members by id, and places in them -> the articles
of the places, by their ids; without those whose file isn't what it was."""


class TextLost(Exception):
    """A text is to be searched that its file no longer holds."""

    def __init__(self, file: int) -> None:
        self.file = file


class Plan(Struct):
    """What the engine is to do.

    Attributes:
        add: Articles.
        remove: Ids of those that go.
        replace: Ids of those that it has, and that are among the new ones.
        kept: Ids of new ones that were prepared as they are to be, each with the number of
            its part and of its document.
    """

    add: list[Article] = field(default_factory=list)
    remove: set[str] = field(default_factory=set)
    replace: set[str] = field(default_factory=set)
    kept: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def ids(self) -> set[str]:
        """All articles that it is about."""
        return self.kept.keys() | self.remove | {article.id for article in self.add}


class Difference:
    """Between what is searched and what is to be.

    Args:
        searched: What was searched of them before, and may be so still, by id.
        before: Places that are no more.
        places: Those that changed or have to do with one that did, by their ids.
        wanted: What is to be searched of them, by id.

    Attributes:
        current: What was searched of them before.
        after: What is now, when there is a plan.
        added, updated: Number of articles that are new, or say something new.
    """

    def __init__(
        self,
        ledger: Ledger,
        searched: Set[str],
        before: list[Place],
        places: Mapping[int, Place],
        wanted: dict[str, LiveArticle],
    ) -> None:
        self.ledger = ledger
        self.wanted = wanted
        self.added = self.updated = 0
        self.after: list[LiveArticle] = []
        self.current = ledger.live(searched | wanted.keys())
        self.gone = self.current.keys() - wanted.keys()
        ledger.delete_articles(self.gone)
        self._name_first_prints([*before, *places.values()], places)
        self.current |= ledger.live(wanted.keys() - self.current.keys())

    def plan(self, texts: Texts) -> Plan:
        """Write the difference into the ledger, and say what the engine has to do.

        Raises:
            TextLost: A text can't be had any more.
        """
        new: dict[str, LiveArticle] = {}
        moved = []
        for key, article in sorted(self.wanted.items()):
            now = self.current.get(key)
            if now and now.stored == article.stored and now.same_text == article.same_text:
                if now.place != article.place:
                    moved.append(article)
                self.after.append(now)
                continue
            new[key] = article
            self.after.append(article)
            self.added += now is None
            self.updated += now is not None and now.facts != article.facts
        self.ledger.save_articles([*moved, *new.values()])
        kept = texts.kept(new)
        rest = {key: article for key, article in new.items() if key not in kept}
        found = texts.of(rest, self.current)
        add = [
            replace(found[key], id=key, same_text=article.same_text)
            for key, article in rest.items()
        ]
        return Plan(add, set(self.gone), self.current.keys() & new.keys(), kept)

    def _name_first_prints(self, around: list[Place], known: Mapping[int, Place]) -> None:
        """Set `same_text` of all articles that share a body with a place that changed."""
        wanted = self.wanted
        bodies = {place.body for place in around if place.body is not None}
        groups: dict[bytes, list[Place]] = {}
        for place in self.ledger.places_by("body", bodies, known):
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


class Texts(Struct):
    """Where the text of an article that is to be written can be had.

    Attributes:
        at_hand: What was just read, by the ids of the places.
        prepared: The parts in which that was prepared for the engine.
    """

    ledger: Ledger
    at_hand: Mapping[int, Item]
    prepared: Sequence[Prepared]
    open_engine: Callable[[], Engine]
    reread: Reread

    def of(
        self, wanted: dict[str, LiveArticle], current: Mapping[str, LiveArticle]
    ) -> dict[str, Article]:
        """The texts of articles: at hand, from the engine, or read again from their files.

        Raises:
            TextLost: A file isn't what it was.
        """
        found: dict[str, Article] = {}
        stored: list[str] = []
        missing: dict[int, str] = {}
        elsewhere: defaultdict[int, dict[int, str]] = defaultdict(dict)
        for key, article in wanted.items():
            now = current.get(key)
            if item := self.at_hand.get(article.place):
                if item.kept:
                    elsewhere[item.kept.part][item.kept.document] = key
                else:
                    found[key] = item.article
            elif now and now.stored == article.stored:
                stored.append(key)
            else:
                missing[article.place] = key
        if stored:
            found |= self._from_engine(stored)
            lost = [key for key in stored if key not in found]
            missing |= {wanted[key].place: key for key in lost}
        for place, text in self._from_files(list(missing)).items():
            found[missing[place]] = text
        for part, keys in elsewhere.items():
            for document, text in self.prepared[part].articles(keys).items():
                found[keys[document]] = text
        return found

    def kept(self, wanted: Mapping[str, LiveArticle]) -> dict[str, tuple[int, int]]:
        """Those articles that were prepared just as they are to be, as `Plan` has them."""
        found = {}
        for key, article in wanted.items():
            item = self.at_hand.get(article.place)
            if item and item.kept and item.kept.id == key and article.same_text is None:
                found[key] = item.kept.part, item.kept.document
        return found

    def _from_engine(self, ids: list[str]) -> dict[str, Article]:
        engine = self.open_engine()
        try:
            return dict(engine.get(ids))
        finally:
            engine.close()

    def _from_files(self, places: list[int]) -> dict[int, Article]:
        """Read files again, each once, for the articles of places."""
        rows: dict[int, FileRow] = {}
        on_disk: dict[int, list[Place]] = defaultdict(list)
        for place in self.ledger.places_by("id", places):
            row = rows.setdefault(place.file, self.ledger.file(place.file))
            on_disk[row.container or place.file].append(place)
        found: dict[int, Article] = {}
        for key, those in on_disk.items():
            found |= self.reread(self.ledger.file(key), rows, those)
            for place in those:
                if place.id not in found:
                    raise TextLost(place.file)
        return found
