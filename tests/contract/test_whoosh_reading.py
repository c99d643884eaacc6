"""How the Whoosh engine reads: once, and on while a writer deletes its files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from newsidx.engines import whoosh
from newsidx.engines.base import SearchRequest
from newsidx.engines.whoosh.segment import Segment
from newsidx.query.bind import bind
from newsidx.query.bound import BoundQuery
from newsidx.query.parser import parse
from tests.contract.cases import ARCHIVE
from tests.contract.engines import FILLERS


def bound(query: str) -> BoundQuery:
    return bind(parse(query), query, language="en", today=date(2024, 5, 17))


def test_a_wildcard_is_expanded_once_in_each_field_for_a_query(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = FILLERS["whoosh"](ARCHIVE.values(), tmp_path)
    expanded: Counter[tuple[str, str]] = Counter()
    forms = Segment.forms

    def counted(segment: Segment, name: str, prefix: str = "") -> Iterator[tuple[str, int]]:
        expanded[name, prefix] += 1
        return forms(segment, name, prefix)

    monkeypatch.setattr(Segment, "forms", counted)
    query = bound("elect* OR title:elect* OR (elect* -zzz*)")
    first = engine.search(SearchRequest(query))
    once = {("title", "elect"): 1, ("body", "elect"): 1, ("title", "zzz"): 1, ("body", "zzz"): 1}
    assert expanded == once
    assert engine.search(SearchRequest(query)) == first
    assert expanded == dict.fromkeys(once, 2)
    engine.close()


@pytest.mark.parametrize("sort", ["relevance", "newest", "title", "source"])
def test_an_open_engine_answers_though_its_files_are_deleted(tmp_path: Path, sort: str) -> None:
    engine = FILLERS["whoosh"](ARCHIVE.values(), tmp_path)
    again = whoosh.open(tmp_path, "en")
    query = bound('"yes california" OR words>5 OR elect*')
    before = engine.search(SearchRequest(query, sort))
    for path in tmp_path.iterdir():
        path.unlink()
    assert again.search(SearchRequest(query, sort)) == before
    assert again.get([hit.id for hit in before.hits])
    assert len(list(again.scan())) == again.statistics().articles == len(ARCHIVE)
    assert again.ids("aaaa")
    engine.close()
    again.close()
