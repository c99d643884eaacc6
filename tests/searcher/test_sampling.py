"""Samples: what decides who is drawn, and how many of each stratum."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import newsidx
from newsidx.engines.memory import MemoryEngine
from newsidx.errors import UsageError
from newsidx.query.bound import All, Phrase
from newsidx.searcher.sampling import LEAST, Sample, allocated, draw, key_of
from tests.conftest import make_article

ARTICLES = [
    make_article(
        f"Story {number}",
        "ferry harbor" if number % 3 else "harbor",
        source=["Courier", "Ledger", "courier", None][number % 4],
        published=f"2016-{number % 5 + 1:02}-03" if number % 7 else None,
    )
    for number in range(60)
]
FERRY = Phrase(("body",), ("ferry",))
HARBOR = Phrase(("body",), ("harbor",))


def ids(sample: Sample, part: str = "matches") -> set[str]:
    return {each.id for each in sample.articles if each.part == part}


def test_the_same_seed_draws_the_same_in_whatever_order_articles_came() -> None:
    one = draw(MemoryEngine(ARTICLES), FERRY, 10, 7)
    assert draw(MemoryEngine(reversed(ARTICLES)), FERRY, 10, 7) == one
    assert draw(MemoryEngine(ARTICLES), FERRY, 10, 8) != one


def test_the_smallest_keys_are_drawn_in_their_order() -> None:
    matching = [each.id for each in ARTICLES if "ferry" in each.body]
    found = draw(MemoryEngine(ARTICLES), FERRY, 10, 7)
    assert [each.id for each in found.articles] == sorted(
        matching, key=lambda each: key_of(7, each)
    )[:10]
    assert found.matches == len(matching)
    assert {(each.population, each.drawn) for each in found.articles} == {(len(matching), 10)}


def test_a_larger_sample_holds_the_smaller() -> None:
    engine = MemoryEngine(ARTICLES)
    assert ids(draw(engine, FERRY, 5, 7)) < ids(draw(engine, FERRY, 9, 7))


def test_the_key_of_an_article_is_the_hash_that_the_docs_name() -> None:
    # b2sum -l 128 of "7:6n62mv6pwzbb"
    assert key_of(7, "6n62mv6pwzbb").hex() == "18c9389467228df35a99ce7fb32df20a"


def test_outside_is_what_only_the_broader_query_matches() -> None:
    found = draw(MemoryEngine(ARTICLES), FERRY, 8, 7, broader=HARBOR, outside=4)
    rest = {each.id for each in ARTICLES if "ferry" not in each.body}
    assert ids(found, "remainder") < rest
    assert (len(ids(found)), len(ids(found, "remainder"))) == (8, 4)
    assert found.remainder == len(rest)
    keys = [key_of(7, each.id) for each in found.articles]
    assert keys == sorted(keys)


def test_a_remainder_without_articles_is_known_to_be_empty() -> None:
    found = draw(MemoryEngine(ARTICLES), HARBOR, 8, 7, broader=FERRY)
    assert (found.remainder, ids(found, "remainder")) == (0, set())
    assert draw(MemoryEngine(ARTICLES), HARBOR, 8, 7).remainder is None


@pytest.mark.parametrize("per", ["source", "month"])
def test_strata_are_drawn_from_by_their_size_and_those_without_one_are_one(per: str) -> None:
    found = draw(MemoryEngine(ARTICLES), All(), 30, 7, per=per)
    assert len(found.articles) == 30
    counts = Counter(each.stratum for each in found.articles)
    assert "" in counts
    by_id = {each.id: each for each in ARTICLES}
    for each in found.articles:
        assert counts[each.stratum] == each.drawn
        assert abs(each.drawn - each.population / 2) <= 1
        article = by_id[each.id]
        if per == "source":
            assert (article.source or "").casefold() == each.stratum.casefold()
        else:
            day = article.published
            assert each.stratum == (f"month {day.isoformat()[:7]}" if day else "")


def test_too_many_strata_for_a_sample_are_an_error_that_says_how_many_it_takes() -> None:
    with pytest.raises(UsageError) as raised:
        draw(MemoryEngine(ARTICLES), All(), 5, 7, per="month")
    assert "6 strata" in raised.value.message
    assert raised.value.hint
    assert "Draw 12" in raised.value.hint


@given(
    st.dictionaries(st.text(max_size=3), st.integers(1, 500), min_size=2, max_size=12),
    st.integers(24, 400),
)
def test_an_allocation_is_whole_and_near_its_share(sizes: dict[str, int], number: int) -> None:
    given_out = allocated(sizes, number)
    total = sum(sizes.values())
    number = min(number, total)
    assert sum(given_out.values()) == number
    for name, size in sizes.items():
        assert min(LEAST, size) <= given_out[name] <= size
        if number * size / total >= 2 * LEAST + len(sizes):
            # Small strata have two, which the larger ones go short of.
            assert given_out[name] >= number * size / total - LEAST * len(sizes)


def test_every_engine_draws_the_same(demo: Path) -> None:
    with newsidx.open(demo) as one, newsidx.open(demo, "memory") as other:
        for options in (
            {"number": 4, "seed": 7},
            {"number": 20, "seed": 3, "per": "source", "outside": "*", "outside_number": 40},
            {"number": 20, "seed": 3, "per": "month"},
        ):
            assert one.sample("california", **options) == other.sample("california", **options)
