"""Hashes of articles: what they are taken over, and that they stay what they were."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from newsidx.article import Article, Published
from newsidx.refine.identity import body_hash, hashes

TEXT = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from(" \n\t\xa0\u2028"))
ARTICLES = st.builds(
    Article,
    id=TEXT,
    title=TEXT,
    body=TEXT,
    authors=st.lists(TEXT, max_size=3).map(tuple),
    source=st.none() | TEXT,
    published=st.none()
    | st.builds(Published, st.integers(1, 9999), st.none() | st.integers(1, 12)),
    tags=st.lists(TEXT, max_size=3).map(tuple),
    url=st.none() | TEXT,
    record=st.none() | TEXT,
    words=st.integers(0, 10**6),
    provenance=st.dictionaries(TEXT, TEXT, max_size=3),
)


def hash_of(value: Any) -> bytes:
    text = json.dumps(value, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


@given(ARTICLES)
def test_hashes_are_taken_over_the_fields_as_json_in_the_order_of_their_names(
    article: Article,
) -> None:
    fields = article.to_dict()
    stored = {name: fields[name] for name in fields if name not in ("id", "same_text")}
    elsewhere = ("path", "root", "record", "provenance")
    content = [fields[name] for name in ("title", "body", "source", "published", "url")]
    found = hashes(article)
    assert found.title == hash_of(article.title)
    assert found.content == hash_of(content)
    assert found.facts == hash_of({n: v for n, v in stored.items() if n not in elsewhere})
    assert found.stored == hash_of(stored)
    assert found.body == body_hash(article.body)


@given(TEXT)
def test_the_hash_of_a_body_is_that_of_its_words_with_single_spaces(body: str) -> None:
    words = " ".join(body.split())
    assert body_hash(body) == (hash_of(words) if words else None)
