"""Near-copies: which pairs are, and that a story is a star and never a chain."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable

import pytest

from newsidx.article import Article
from newsidx.engines.memory import MemoryEngine
from newsidx.searcher.copies import (
    LEAST_SHARED,
    REPRINT,
    WEEK,
    Likeness,
    Texts,
    likeness,
    near_copies,
    numbers,
    sketched,
    stories,
)
from tests.conftest import make_article

CHANCE = random.Random(4)


def text(name: str, words: int = 200) -> str:
    """Words that no other text has."""
    return " ".join(f"{name}{number}" for number in range(words))


def groups(articles: Iterable[Article]) -> set[frozenset[str]]:
    """The stories of some articles, by titles."""
    every = list(articles)
    engine = MemoryEngine(every, "en")
    heads = stories(map(sketched, every), Texts(engine))
    found: dict[str, set[str]] = defaultdict(set)
    titles = {each.id: each.title for each in every}
    for key, head in heads.items():
        found[head].add(titles[key])
    assert all(len(group) > 1 for group in found.values())
    return {frozenset(group) for group in found.values()}


def test_a_copy_cut_reordered_or_with_words_replaced_is_one() -> None:
    whole = text("w").split()
    some = [word if CHANCE.random() > 0.1 else f"new{word}" for word in whole]
    versions = {
        "whole": whole,
        "half": whole[:100],
        "third": whole[:67],
        "reordered": whole[100:] + whole[:100],
        "replaced": some,
        "agency": ["washington", "wire", *whole, "reporting", "by", "wire"],
        "other": text("other").split(),
    }
    articles = [make_article(name, " ".join(words)) for name, words in versions.items()]
    assert groups(articles) == {frozenset(versions) - {"other"}}


def test_a_chain_of_likenesses_is_not_one_story() -> None:
    words = text("w", 500).split()
    # Each has two thirds of the next, and nothing of those that are further away.
    articles = [
        make_article(f"part {start}", " ".join(words[start : start + 150]))
        for start in range(0, 350, 50)
    ]
    found = groups(articles)
    for group in found:
        places = sorted(int(title.split()[1]) for title in group)
        assert places[-1] - places[0] <= 100
    assert len(found) > 1


def test_stories_do_not_depend_on_the_order_of_articles() -> None:
    words = text("w", 400).split()
    articles = [
        make_article(f"at {start} {size}", " ".join(words[start : start + size]))
        for start in range(0, 200, 20)
        for size in (100, 160)
    ]
    expected = groups(articles)
    for _ in range(5):
        CHANCE.shuffle(articles)
        assert groups(articles) == expected


def test_a_survey_that_has_short_stories_in_it_does_not_make_them_one() -> None:
    one, other = text("one", 60), text("other", 60)
    survey = make_article("survey", f"{text('s', 400)} {one} {text('t', 400)} {other}")
    assert groups([make_article("one", one), make_article("other", other), survey]) == set()


def test_a_thousand_copies_are_one_story() -> None:
    body = text("w", 60)
    articles = [make_article("same", f"{body} extra{number}") for number in range(1000)]
    every = [make_article(f"{at}", each.body, id=f"{at:012}") for at, each in enumerate(articles)]
    heads = stories(map(sketched, every), Texts(MemoryEngine(every, "en")))
    assert len(heads) == 1000
    assert len(set(heads.values())) == 1


def test_no_near_copy_of_the_fullest_version_is_missed() -> None:
    articles = []
    for number in range(60):
        words = text(f"s{number}x", 120).split()
        cut = words[: CHANCE.choice((70, 90, 110))]
        articles += [
            make_article(f"{number} whole", " ".join(words)),
            make_article(f"{number} cut", " ".join(cut)),
        ]
    expected = {frozenset((f"{number} whole", f"{number} cut")) for number in range(60)}
    assert groups(articles) == expected


def test_what_is_a_copy_in_part_only_has_to_be_of_the_same_week() -> None:
    words = text("w").split()
    partly = " ".join(words[:130] + text("own", 70).split())
    first = make_article("first", " ".join(words), published="2020-03-02")
    for day, same in (("2020-03-09", True), ("2020-03-10", False), (None, True)):
        other = make_article("other", partly, published=day)
        assert bool(groups([first, other])) == same


def test_a_text_printed_again_years_later_is_a_copy() -> None:
    first = make_article("first", text("w"), published="2001-01-01")
    again = make_article("again", text("w") + " again", published="2021-01-01")
    assert groups([first, again])


@pytest.mark.parametrize(
    ("found", "days", "same"),
    [
        (Likeness(60, 100, 100), 0, True),
        (Likeness(50, 100, 100), 0, False),
        (Likeness(60, 100, 100), WEEK + 1, False),
        (Likeness(round(100 * REPRINT), 100, 100), 999, True),
        (Likeness(100, 100, 900), 0, False),
        (Likeness(LEAST_SHARED - 1, 25, 25), 0, False),
        (Likeness(LEAST_SHARED - 1, 19, 20), None, True),
        (Likeness(0, 0, 0), 0, False),
    ],
)
def test_near_copies_share_enough_of_the_shorter_one(
    found: Likeness, days: int | None, same: bool
) -> None:
    assert near_copies(found, days) == same


def test_likeness_counts_shingles() -> None:
    found = likeness(numbers("a b c d e"), numbers("b c d e f g"))
    assert found == Likeness(2, 3, 4)
    assert found.contained == pytest.approx(2 / 3)
    assert found.jaccard == pytest.approx(2 / 5)


def test_articles_without_words_are_alone() -> None:
    assert groups([make_article("one", "…"), make_article("two", "…", path="b")]) == set()
    assert groups([]) == set()
