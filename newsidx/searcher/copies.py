"""Near-copies: which articles are one story, printed more than once.

Sketches (`text/sketch.py`) say which pairs are worth a look, and the stored texts decide: two
articles are near-copies when enough of the shorter one's shingles stand in the other, so that a
story cut to its first half is found as well as one with words replaced. What shares less than
`REPRINT` has to be of the same week, if the days are known: the market report of every Tuesday
is made of last Tuesday's sentences. benchmarks/copies.py measures these numbers.

A story is a star and never a chain: all its articles are near-copies of its fullest one, by
themselves, and not only of each other.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from newsidx.article import Article
from newsidx.engines.base import Engine
from newsidx.engines.fetching import known
from newsidx.index.sketches import Sketched
from newsidx.text.shingles import shingles, words_of
from newsidx.text.sketch import PERMUTATIONS, sketch

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]
    Sketches = npt.NDArray[np.uint16]

__all__ = ["CANDIDATE", "TEXTS_AT_ONCE", "Likeness", "Texts", "agreement", "days_apart"]
__all__ += ["fullest_first", "likeness", "matrix", "near_copies", "numbers", "sketched", "stories"]

CONTAINED = 0.55
"""The share of the shorter one's shingles that have to stand in the other."""
REPRINT = 0.8
"""From this share on, the days don't matter."""
WEEK = 7
LEAST_JACCARD = 0.15
"""Below it the longer one is a survey that has the shorter one in it, and not a copy."""
LEAST_SHARED = 20
"""Shingles: texts with fewer in common are copies only if they have nearly all of them so."""
NEARLY_ALL = 0.9

CANDIDATE = 0.12
"""Estimates below this are not looked into: of texts with a Jaccard coefficient of .2, one in a
hundred is lost so, and of those with .33 none."""
_SURE = 0.8  # from here on the estimate does: REPRINT is three standard deviations away

# Two sketches meet where a pair of neighbouring numbers agrees: of texts with a coefficient
# of .33 all but one in a thousand do, and of .2 nine in ten.
_BAND = 2
# Where many meet in one place each is held against so many that follow it, and the first.
_FOLLOWING = 32
_PAIRS_AT_ONCE = 100_000
TEXTS_AT_ONCE, _TEXTS_HELD = 256, 2048


class Likeness(NamedTuple):
    """What two texts have in common, in shingles.

    Attributes:
        shared: How many both have.
        first, second: How many each has.
    """

    shared: int
    first: int
    second: int

    @property
    def jaccard(self) -> float:
        """The share of all their shingles that both have, 0 to 1."""
        return self.shared / max(1, self.first + self.second - self.shared)

    @property
    def contained(self) -> float:
        """The share of the shorter one's shingles that the other has, 0 to 1."""
        return self.shared / max(1, min(self.first, self.second))


def numbers(text: str) -> Numbers:
    """The shingles of a text, each once, as sorted numbers: good within one process."""
    import numpy as np

    found = set(map(hash, shingles(words_of(text))))
    made = np.fromiter(found, np.int64, len(found))
    made.sort()
    return made


def likeness(first: Numbers, second: Numbers) -> Likeness:
    """What two texts have in common, by the `numbers` of each."""
    import numpy as np

    shared = len(np.intersect1d(first, second, assume_unique=True))
    return Likeness(shared, len(first), len(second))


def near_copies(found: Likeness, days: int | None, least: float = CONTAINED) -> bool:
    """Whether two texts are near-copies.

    Args:
        days: How many lie between them; None where one of them is not known.
        least: The share of the shorter one's shingles that have to stand in the other.
    """
    share = found.contained
    if found.shared < LEAST_SHARED:
        return found.shared > 0 and share >= NEARLY_ALL and found.jaccard >= NEARLY_ALL
    if share < least or found.jaccard < LEAST_JACCARD:
        return False
    return share >= REPRINT or days is None or days <= WEEK


def days_apart(one: Sketched, other: Sketched) -> int | None:
    """The days between two articles; None where one of them is not known."""
    return None if one.day is None or other.day is None else abs(one.day - other.day)


def sketched(article: Article) -> Sketched:
    """An article's sketch, made of its text; empty without words."""
    day = article.published.first.toordinal() if article.published else None
    return Sketched(article.id, sketch(article.body), article.words, day)


def fullest_first(found: Iterable[Sketched]) -> list[Sketched]:
    """Articles in the order in which they speak for a story: by length, day and id."""
    return sorted(found, key=lambda each: (-each.words, each.day is None, each.day or 0, each.id))


def matrix(found: Sequence[Sketched]) -> Sketches:
    """Sketches as an array of a row for each."""
    import numpy as np

    flat = np.frombuffer(b"".join(each.sketch for each in found), "<u2")
    return flat.reshape(len(found), PERMUTATIONS)


def agreement(sketches: Sketches, one: bytes) -> npt.NDArray[np.float64]:
    """The estimated Jaccard coefficient of each of many texts and one."""
    import numpy as np

    same: npt.NDArray[np.bool_] = sketches == np.frombuffer(one, "<u2")
    shares: npt.NDArray[np.float64] = np.mean(same, axis=1)
    return shares


class Texts:
    """The shingles of stored articles, those that were asked for last being held."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._held: OrderedDict[str, Numbers] = OrderedDict()

    def fetch(self, ids: Iterable[str]) -> None:
        """Have at hand what the engine holds of some: at most `_TEXTS_HELD`."""
        missing = []
        for key in dict.fromkeys(ids):
            if key in self._held:
                self._held.move_to_end(key)
            else:
                missing.append(key)
        found = known(self._engine, missing, TEXTS_AT_ONCE)
        self._held.update((article.id, numbers(article.body)) for article in found)
        while len(self._held) > _TEXTS_HELD:
            self._held.popitem(last=False)

    def __contains__(self, key: str) -> bool:
        return key in self._held

    def __getitem__(self, key: str) -> Numbers:
        if key not in self._held:
            self.fetch([key])
        self._held.move_to_end(key)
        return self._held[key]


def stories(found: Iterable[Sketched], texts: Texts) -> Mapping[str, str]:
    """Which articles are copies: id -> the id of the fullest one of the story.

    It depends on nothing but the set of articles. Those that are alone, or have no words, are
    not in it.
    """
    ordered = fullest_first(each for each in found if each.sketch)
    if len(ordered) < 2:
        return {}
    heads: dict[str, str] = {}
    for at, others in sorted(_candidates(matrix(ordered)).items()):
        head = ordered[at]
        if head.id in heads:
            continue
        free = [(ordered[row], sure) for row, sure in others if ordered[row].id not in heads]
        doubtful = [each.id for each, sure in free if not sure]
        for start in range(0, len(doubtful), TEXTS_AT_ONCE):
            texts.fetch([head.id, *doubtful[start : start + TEXTS_AT_ONCE]])
        for each, sure in free:
            if sure or _verified(texts, head, each):
                heads[each.id] = heads[head.id] = head.id
    return heads


def _verified(texts: Texts, one: Sketched, other: Sketched) -> bool:
    return near_copies(likeness(texts[one.id], texts[other.id]), days_apart(one, other))


def _candidates(sketches: Sketches) -> dict[int, list[tuple[int, bool]]]:
    """Pairs that may be near-copies: row -> rows behind it, and whether there is no doubt."""
    import numpy as np

    found: dict[int, list[tuple[int, bool]]] = {}
    pairs = _meeting(sketches)
    for start in range(0, len(pairs), _PAIRS_AT_ONCE):
        first, second = np.divmod(pairs[start : start + _PAIRS_AT_ONCE], len(sketches))
        agree = np.count_nonzero(sketches[first] == sketches[second], axis=1) / PERMUTATIONS
        for at in np.flatnonzero(agree >= CANDIDATE).tolist():
            row = (int(second[at]), bool(agree[at] >= _SURE))
            found.setdefault(int(first[at]), []).append(row)
    return found


def _meeting(sketches: Sketches) -> Numbers:
    """Pairs of rows that agree in a band, each once, as first * rows + second, in order."""
    import numpy as np

    rows = len(sketches)
    found = np.empty(0, np.int64)
    for start in range(0, PERMUTATIONS, _BAND):
        keys = sketches[:, start].astype(np.uint32) << np.uint32(16) | sketches[:, start + 1]
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
        begins = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
        heads = np.repeat(order[begins], np.diff(np.r_[begins, rows]))
        meeting = [heads[heads != order] * rows + order[heads != order]]
        for ahead in range(1, _FOLLOWING + 1):
            same = np.flatnonzero(keys[ahead:] == keys[:-ahead])
            if not len(same):
                break
            meeting.append(order[same] * rows + order[same + ahead])
        found = np.union1d(found, np.concatenate(meeting))
    return found
