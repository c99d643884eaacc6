"""How a word was spelt, though the index holds folded forms only."""

from __future__ import annotations

import json
import sys
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from newsidx.engines.base import SearchRequest
from newsidx.engines.spelling import may_hold
from newsidx.query.bind import bind
from newsidx.query.parser import parse
from tests.conftest import make_article
from tests.contract.engines import FILLERS

TEXTS = {
    "capitals": "The WHO said so.",
    "small": "Nobody knows who said so.",
    "soft": "The W\u00adHO said so.",
    "accented": "Que\u0301bec",  # decomposed
    "plain": "Quebec",
    "kelvin": "300 \u212a",
    "kilo": "300 k",
}


@pytest.mark.parametrize("name", FILLERS)
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("==WHO", {"capitals", "soft"}),
        ("==who", {"small"}),
        ("==Québec", {"accented"}),
        ("==Quebec", {"plain"}),
        ("=Québec", {"accented", "plain"}),
        ("==K", {"kelvin"}),
        ("==k", {"kilo"}),
        ('=="The WHO"', {"capitals", "soft"}),
        ('=="the WHO"', set()),
        ("==WHO w/1 said", {"capitals", "soft"}),
        ("atleast1(==who OR ==Quebec)", {"small", "plain"}),
        ("said -==who", {"capitals", "soft"}),
    ],
)
def test_case_and_marks_are_as_typed_however_a_text_encodes_them(
    name: str, query: str, expected: set[str], tmp_path: Path
) -> None:
    ids = {f"{number:012}": key for number, key in enumerate(TEXTS)}
    articles = [make_article(body=TEXTS[key], id=number) for number, key in ids.items()]
    engine = FILLERS[name](articles, tmp_path)
    bound = bind(parse(query), query, language="en", today=date(2024, 5, 17))
    page = engine.search(SearchRequest(bound, limit=None))
    assert {ids[hit.id] for hit in page.hits} == expected
    engine.close()


def test_no_format_character_hides_a_spelling_from_the_quick_look() -> None:
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        if unicodedata.category(char) == "Cf":
            assert may_hold(json.dumps(f"W{char}HO", ensure_ascii=False), ("WHO",)), hex(code)


def test_no_character_that_composes_to_a_letter_hides_one() -> None:
    for code in range(128, 0xD800):
        composed = unicodedata.normalize("NFC", chr(code))
        if composed.isascii():
            assert may_hold(f"a{chr(code)}b", (composed,)) or not composed.isalnum(), hex(code)


def test_an_article_without_the_spelling_is_not_read() -> None:
    assert not may_hold('{"body": "Nobody knows who"}', ("WHO",))
