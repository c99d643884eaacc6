"""Giving articles back with all that is known of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from newsidx.app.opened import Opened

if TYPE_CHECKING:
    from newsidx.index.ledger import Ledger

__all__ = ["Exporting"]

# So many articles are taken from the engine at once.
_PORTION = 256


class Exporting(Opened):
    """What gives articles back whole."""

    def export(self, ids: Collection[str] | None = None) -> Iterator[dict[str, Any]]:
        """Articles as records of `newsidx.article/1`, made as they are taken.

        They come in the order of root, path and position in the file; what others have put
        into an index comes behind, by id.

        Args:
            ids: Of those that are wanted; None is all.
        """
        from newsidx.output.records import article_record

        ledger = self.ledger()
        try:
            for portion in self._every(ledger):
                wanted = [key for key in portion if ids is None or key in ids]
                found, known = self.engine.get(wanted), ledger.live(wanted)
                places = self._other_places(ledger, wanted)
                for key in (key for key in wanted if key in found):
                    identity = known[key].identity if key in known else None
                    where = self.path_of(found[key])
                    yield article_record(found[key].to_dict(), identity, where, places[key])
        finally:
            ledger.close()

    def _every(self, ledger: Ledger) -> Iterator[list[str]]:
        """The ids of all articles, some at a time."""
        from newsidx.index.accounts import in_order

        if not self.engine.capabilities.shared:
            yield from in_order(ledger, _PORTION)
            return
        own: set[str] = set()
        for portion in in_order(ledger, _PORTION):
            own.update(portion)
            yield portion
        others = [key for key in self.engine.ids("") if key not in own]
        for start in range(0, len(others), _PORTION):
            yield others[start : start + _PORTION]

    def other_places(self, ids: Collection[str]) -> dict[str, list[dict[str, Any]]]:
        """Id -> the copies and older versions of its article, as the ledger knows them.

        Each is a dict of `status`, `path` (absolute) and `position` (from 1).
        """
        ledger = self.ledger()
        try:
            return self._other_places(ledger, ids)
        finally:
            ledger.close()

    def _other_places(
        self, ledger: Ledger, ids: Collection[str]
    ) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {key: [] for key in ids}
        for place in sorted(ledger.places_by("article", ids), key=lambda place: place.key):
            label, path, position = place.key
            if place.status != "indexed" and place.article in found:
                where = self.located(label, path).encode("utf-8", "replace").decode()
                row = {"status": place.status, "path": where, "position": position + 1}
                found[place.article].append(row)
        return found

    def _places_below(
        self, ledger: Ledger, ids: Collection[str]
    ) -> dict[str, list[dict[str, Any]]]:
        """As `_other_places`, with paths below the labels of roots."""
        found: dict[str, list[dict[str, Any]]] = {}
        for place in sorted(ledger.places_by("article", ids), key=lambda place: place.key):
            if place.status != "indexed" and place.article is not None:
                label, path, position = place.key
                row = {"status": place.status, "path": f"{label}/{path}", "position": position + 1}
                found.setdefault(place.article, []).append(row)
        return found
