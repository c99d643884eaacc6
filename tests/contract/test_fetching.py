"""Articles by id, some at a time: what becomes of those that aren't there."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from newsidx.article import Article
from newsidx.engines.base import Capabilities
from newsidx.engines.fetching import known, named
from newsidx.engines.memory import MemoryEngine
from newsidx.errors import IndexDamaged

KEYS = [f"{number:012}" for number in range(10)]


class _Asked(MemoryEngine):
    """Notes how many articles it was asked for at once."""

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__([Article(id=key, title=key, body="") for key in keys], "en")
        self.portions: list[int] = []

    def get(self, ids: Sequence[str]) -> dict[str, Article]:
        self.portions.append(len(ids))
        return super().get(ids)


def test_articles_come_in_the_order_of_the_ids_and_some_at_a_time() -> None:
    engine = _Asked(KEYS)
    wanted = KEYS[::-1]
    found = named(engine, iter(wanted), at_once=4)
    assert next(found).id == wanted[0]
    assert engine.portions == [4]  # no more than is wanted now
    assert [article.id for article in found] == wanted[1:]
    assert engine.portions == [4, 4, 2]


def test_what_was_never_there_is_passed_over() -> None:
    assert [each.id for each in known(_Asked(KEYS[:3]), ["0" * 11 + "x", *KEYS])] == KEYS[:3]


def test_what_the_engine_named_is_there_or_the_index_is_damaged() -> None:
    found = named(_Asked(KEYS[:3]), KEYS)
    with pytest.raises(IndexDamaged, match=KEYS[3]):
        list(found)


def test_where_others_may_have_removed_it_since_it_is_passed_over() -> None:
    engine = _Asked(KEYS[:3])
    engine.capabilities = Capabilities(atomic=False, shared=True)
    assert [each.id for each in named(engine, KEYS)] == KEYS[:3]
