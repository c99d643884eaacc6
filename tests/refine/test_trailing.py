"""Tag lists at the end of a body: taken where they are sure, else left."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.refine.trailing import split_trailing_tags

STORY = (
    "The harbour of Westhaven will be closed for a year, the Port Authority said. Mayor Ann "
    "Lee called it a blow to fishing, and the ferry to Easthaven stops in May. Few in "
    "Westhaven are surprised."
)


def test_a_list_run_together_with_the_last_sentence_is_taken() -> None:
    tags = "Local News,   Westhaven, fishing, Port Authority, Ann Lee"
    assert split_trailing_tags(f"{STORY} {tags}") == (
        STORY,
        ["Local News", "Westhaven", "fishing", "Port Authority", "Ann Lee"],
    )


def test_a_list_on_the_last_line_is_taken() -> None:
    assert split_trailing_tags(f"{STORY}\n\nWesthaven, Fishing, Ferry") == (
        STORY,
        ["Westhaven", "Fishing", "Ferry"],
    )


def test_behind_a_label_even_one_tag_is_taken() -> None:
    assert split_trailing_tags(f"{STORY}\nFiled under: weather") == (STORY, ["weather"])
    assert split_trailing_tags(f"{STORY}\nTags: a-b, c") == (STORY, ["a-b", "c"])


def test_items_that_a_scraper_emptied_and_repeated_are_left_out() -> None:
    body, tags = split_trailing_tags(f"{STORY} Westhaven,   , Fishing, Ferry, fishing")
    assert body == STORY
    assert tags == ["Westhaven", "fishing", "Ferry"]


@pytest.mark.parametrize(
    ("ending", "why"),
    [
        ("Westhaven, Fishing, Ferry.", "a full stop at the end"),
        ("Westhaven, Fishing", "two items"),
        ("Tom Fox, Eve Ray, Bob Hill", "names that the story does not mention"),
        ("— With help from Ann Lee, Westhaven, Fishing", "a dash"),
        ("Contributing: Ann Lee, Westhaven, Fishing", "a colon"),
        ("Ann Lee, Westhaven, and Fishing", "a list within a sentence"),
        ("Westhaven, Easthaven, fishing and the", "a sentence broken off"),
        ("Ann Lee said, Westhaven, Fishing", "a verb"),
        ("Westhaven, a blow to all of the fishing in the town, Ferry", "a long item"),
        ("westhaven, fishing, ferry, may", "nothing capitalised"),
        ("Sales 1,234,567 vs 2,345,678", "numbers"),
        ("Westhaven 3, 14, 15", "items without letters"),
    ],
)
def test_what_can_be_prose_stays_in_the_body(ending: str, why: str) -> None:
    body = f"{STORY} {ending}"
    assert split_trailing_tags(body) == (body, []), why


def test_a_body_that_is_nothing_but_a_list_stays() -> None:
    body = "Westhaven, Fishing, Ferry"
    assert split_trailing_tags(body) == (body, [])


def test_a_story_without_a_list_is_returned_as_it_is() -> None:
    body, tags = split_trailing_tags(STORY)
    assert body is STORY
    assert tags == []


@settings(max_examples=300)
@given(st.text() | st.text(st.sampled_from("Aab ,.\n#Tags:")))
def test_body_and_tags_hold_every_word_of_the_text(text: str) -> None:
    body, tags = split_trailing_tags(text)
    if tags:
        assert text.startswith(body)
        assert body
        missing = set(text[len(body) :].casefold().replace(",", " ").split())
        found = {word for tag in tags for word in tag.casefold().split()}
        assert {word for word in missing - found if not word.endswith(":")} == set()
    else:
        assert body == text
