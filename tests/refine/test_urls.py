"""Addresses: written one way, or left out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.refine.identity import own_identity
from newsidx.refine.urls import clean_url, site_of


@pytest.mark.parametrize(
    ("raw", "url"),
    [
        ("https://example.com/a?b=1", "https://example.com/a?b=1"),
        (" HTTP://WWW.Example.COM:80/A#top \n", "http://www.example.com/A"),
        ("https://example.com", "https://example.com/"),
        ("https://example.com./x", "https://example.com/x"),
        ("https://example.com:8080/x", "https://example.com:8080/x"),
        ("https://me:secret@example.com/x", "https://example.com/x"),
        ("https://example.com/two words", "https://example.com/two%20words"),
        ("http://[::1]:81/x", "http://[::1]:81/x"),
        ("https://example.com/a//b;c?d=[e]&f=@", "https://example.com/a//b;c?d=[e]&f=@"),
        ("https://example.com/a?", "https://example.com/a"),
        ("https://example.com/a?b#", "https://example.com/a?b"),
        ("https://example.com/?b#c?d", "https://example.com/?b"),
    ],
)
def test_an_address_is_written_one_way(raw: str, url: str) -> None:
    assert clean_url(raw) == url


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "",
        "#",
        "/a/b",
        "example.com/a",
        "ftp://example.com/a",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://",
        "http://.",
        "http://a b/",
        "http://[::1",
        "http://example.com:99999/",
    ],
)
def test_what_is_no_web_address_is_none(raw: str | None) -> None:
    assert clean_url(raw) is None


def test_a_relative_address_is_resolved_where_the_page_is_known() -> None:
    assert clean_url("/b", "https://example.com/a") == "https://example.com/b"
    assert clean_url("//news.example.com/b", "https://example.com/a") == (
        "https://news.example.com/b"
    )
    assert clean_url("/b", "saved page.html") is None


def test_the_site_is_the_host_without_www() -> None:
    assert site_of("https://www.example.com/a") == "example.com"


@settings(max_examples=300)
@given(st.text() | st.text(st.sampled_from("htps:/@[].a#?% \n")).map("http://{}".format))
def test_cleaning_an_address_twice_changes_nothing_more(raw: str) -> None:
    url = clean_url(raw)
    assert url is None or clean_url(url) == url


@pytest.mark.parametrize(
    ("record", "scope"),
    [
        ("17", "press/a.jsonl"),
        ("<20161108.7f3@wire.example>", "press"),
        ("20161108.7f3@wire.example", "press"),
        ("urn:uuid:9f2c", "press"),
        ("@handle", "press/a.jsonl"),
    ],
)
def test_an_id_that_is_unique_everywhere_is_known_in_the_whole_root(record, scope):
    assert own_identity("press/a.jsonl", record, True, b"x") == f"record:{scope}#{record}"
