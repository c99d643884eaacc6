"""From a record to an article: names, nesting, mapping, and what there is no article in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.article import RawArticle
from newsidx.readers import limits
from newsidx.readers.base import BadRecord, ReadOptions
from newsidx.readers.records.containers import articles_in
from newsidx.readers.records.fieldnames import NAMES, field_for, normal
from newsidx.readers.records.record import article_from_record, values

BODY = "The ferries stayed in port."


def article_of(record: dict[str, Any], **fields: str) -> RawArticle:
    found = article_from_record(record, ReadOptions(fields), 1)
    assert isinstance(found, RawArticle)
    return found


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("title", "headline"), ("title", "title"), ("title", "webTitle"),
        ("body", "text"), ("body", "content"), ("body", "body"), ("body", "content_original"),
        ("body", "articleBody"), ("body", "maintext"), ("body", "full_text"),
        ("authors", "byline"), ("authors", "author"), ("authors", "authors"),
        ("source", "outlet"), ("source", "publication"), ("source", "source"),
        ("source", "site_name"), ("source", "publisher"),
        ("published", "date"), ("published", "published"), ("published", "publish_date"),
        ("published", "published_at"), ("published", "pubDate"), ("published", "datePublished"),
        ("section", "section"), ("section", "category"),
        ("tags", "tags"), ("tags", "keywords"), ("tags", "topic"),
        ("url", "link"), ("url", "url"), ("url", "canonical_link"), ("url", "canonical-url"),
        ("record", "id"), ("record", "guid"), ("record", "_id"), ("record", "ID"),
        ("language", "lang"), ("language", "inLanguage"),
    ],
)  # fmt: skip
def test_common_names_are_understood(field, name):
    value = "https://example.org/a" if field == "url" else "8 Nov 2016"
    article = article_of({name: value} if field == "body" else {name: value, "text": BODY})
    assert getattr(article, field) == ([value] if field in ("authors", "tags") else value)
    assert article.provenance[field] == f"record:{name}"


@pytest.mark.parametrize("name", ["published_at", "Published-At", "PUBLISHED AT", "publishedAt"])
def test_names_are_understood_without_case_and_punctuation(name):
    article = article_of({"text": BODY, name: "2016-11-08"})
    assert article.published == "2016-11-08"
    assert article.provenance["published"] == f"record:{name}"


def test_every_name_of_the_table_is_in_its_normal_form_and_known():
    for field, names in NAMES.items():
        assert len(set(names)) == len(names)
        for name in names:
            assert normal(name) == name
            assert field_for(name.upper()) is not None
            assert field_for(name) in NAMES, (field, name)


def test_of_two_texts_the_original_is_taken():
    record = {"content": "ferry stay port", "content_original": BODY, "title": "Storm"}
    article = article_of(record)
    assert (article.body, article.provenance["body"]) == (BODY, "record:content_original")


def test_an_empty_value_makes_way_for_the_next_name():
    record = {"headline": "", "title": "Storm", "text": None, "content": " ", "body": BODY}
    article = article_of(record)
    assert (article.title, article.body) == ("Storm", BODY)
    assert article.provenance == {"title": "record:title", "body": "record:body"}


@pytest.mark.parametrize("nothing", ["None", "null", "NaN", "n/a", "", "  ", [], {}, None, True])
def test_what_exports_write_for_nothing_is_nothing(nothing):
    article = article_of(
        {"text": BODY, "author": nothing, "date": nothing, "source": nothing, "tags": nothing}
    )
    assert article == RawArticle(body=BODY, provenance={"body": "record:text"})


def test_a_flag_that_says_published_is_no_date():
    article = article_of({"text": BODY, "published": True, "date": "2016"})
    assert article.published == "2016"


@pytest.mark.parametrize(
    ("value", "authors"),
    [
        ("Jane Doe", ["Jane Doe"]),
        ("Jane Doe, John Roe", ["Jane Doe", "John Roe"]),
        ("Doe, Jane; Roe, John", ["Doe, Jane", "Roe, John"]),
        ("Doe, Jane", ["Doe, Jane"]),
        ("John Roe, Jr., Ann Lee", ["John Roe, Jr.", "Ann Lee"]),
        ("Jane Doe, Editor in London", ["Jane Doe, Editor in London"]),
        (["Jane Doe", "John Roe", "Jane Doe"], ["Jane Doe", "John Roe"]),
        ({"name": "Jane Doe", "url": "https://x.org"}, ["Jane Doe"]),
        (
            [{"name": "Jane Doe"}, {"firstname": "John", "lastname": "Roe"}],
            ["Jane Doe", "John Roe"],
        ),
        ({"given_name": "Jane", "familyName": "Doe"}, ["Jane Doe"]),
        ({"original": "By Jane Doe", "person": []}, ["By Jane Doe"]),
    ],
)
def test_authors_come_as_strings_lists_or_objects(value, authors):
    assert article_of({"text": BODY, "authors": value}).authors == authors


@pytest.mark.parametrize(
    ("field", "name", "value", "expected"),
    [
        ("source", "source", {"id": None, "name": "CNN"}, "CNN"),
        ("source", "source", "https://www.example.org/feed", "example.org"),
        ("published", "date", {"$date": "2016-11-08T04:15:00Z"}, "2016-11-08T04:15:00Z"),
        ("published", "date", {"$date": {"$numberLong": "1478577600000"}}, "1478577600000"),
        ("published", "timestamp", 1478577600, "1478577600"),
        ("published", "date", datetime(2016, 11, 8, tzinfo=UTC), "2016-11-08T00:00:00+00:00"),
        ("published", "date", date(2016, 11, 8), "2016-11-08"),
        ("record", "_id", {"$oid": "5f2b"}, "5f2b"),
        ("record", "id", 12345678901234567890, "12345678901234567890"),
        ("title", "title", {"rendered": "Storm <em>now</em>"}, "Storm now"),
        ("title", "headline", {"main": "Storm", "kicker": "Sea"}, "Storm"),
        ("tags", "tags", "storm, sea", ["storm", "sea"]),
        ("tags", "keywords", "storm; sea, wind", ["storm", "sea, wind"]),
        ("tags", "keywords", [{"name": "subject", "value": "Storms"}], ["Storms"]),
        ("tags", "tags", ["storm", "sea", "storm"], ["storm", "sea"]),
        ("url", "mainEntityOfPage", {"@id": "https://example.org/a"}, "https://example.org/a"),
        ("url", "permalink", "/2016/storm", None),
        ("title", "title", "lone \ud800 half", "lone \ufffd half"),
    ],
)
def test_values_are_found_inside_of_what_they_are_wrapped_in(field, name, value, expected):
    assert getattr(article_of({"text": BODY, name: value}), field) == expected


@pytest.mark.parametrize(
    ("value", "body"),
    [
        (["One.", "", "Two."], "One.\n\nTwo."),
        ([{"type": "paragraph", "text": "One."}, {"type": "image", "url": "x"}], "One."),
        ({"rendered": "<p>One &amp;</p>\n<p>two.</p>"}, "One &\n\ntwo."),
        ("<p>One.</p><script>no</script><p>Two.</p>", "One.\n\nTwo."),
        ("if a < b and b > c", "if a < b and b > c"),
        ("  kept as it stands \n", "  kept as it stands \n"),
    ],
)
def test_a_body_is_text_with_its_paragraphs(value, body):
    assert article_of({"content": value}).body == body


def test_a_whole_page_in_a_record_is_read_as_a_page():
    page = (
        "<!DOCTYPE html><html lang='de'><head><meta property='og:title' content='Not this'></head>"
        f"<body><nav>Home</nav><article><p>{BODY * 5}</p><p>{BODY * 4}</p></article></body></html>"
    )
    article = article_of({"title": "Storm", "html": page})
    assert article.title == "Storm"
    assert article.body == f"{BODY * 5}\n\n{BODY * 4}"
    assert article.language == "de"
    assert article.provenance["body"] == "record:html (trafilatura)"
    assert article.provenance["language"] == "record:html (html-lang)"


def test_the_canonical_address_is_the_url_and_the_other_that_of_the_page():
    article = article_of(
        {"text": BODY, "url": "https://x.org/a?utm=1", "canonical_link": "https://x.org/a"}
    )
    assert (article.url, article.page_url) == ("https://x.org/a", "https://x.org/a?utm=1")
    alone = article_of({"text": BODY, "url": "https://x.org/a"})
    assert (alone.url, alone.page_url) == ("https://x.org/a", None)
    assert "page_url" not in alone.provenance


def test_a_category_is_not_a_tag_as_well():
    article = article_of({"text": BODY, "category": "Weather"})
    assert (article.section, article.tags) == ("Weather", [])


def test_a_titled_summary_stands_in_for_a_missing_text():
    article = article_of({"title": "Storm", "description": BODY})
    assert (article.body, article.provenance["body"]) == (BODY, "record:description")
    assert article_of({"title": "Storm", "summary": "no", "text": BODY}).body == BODY


def test_a_title_alone_is_an_article_and_a_summary_alone_is_none():
    assert article_of({"title": "Storm"}).body == ""
    bad = article_from_record({"description": BODY, "x": 1}, ReadOptions(), 7)
    assert isinstance(bad, BadRecord)
    assert (bad.position, bad.reason) == (7, "no-article")
    assert "'description', 'x'" in bad.message


def test_a_mapped_name_overrides_the_common_ones():
    record = {"title": "No", "kop": "Storm", "meta": {"when": {"day": "2016"}}, "text": BODY}
    article = article_of(record, title="kop", date="meta.when.day")
    assert (article.title, article.provenance["title"]) == ("Storm", "record:kop")
    assert (article.published, article.provenance["published"]) == ("2016", "record:meta.when.day")


def test_a_mapped_name_goes_by_any_name_of_the_field_and_into_lists():
    record = {"a.b": "Storm", "parts": [{"t": "no"}, {"t": BODY}], "nr": 5, "who": "Jane Doe"}
    article = article_of(record, headline="a.b", text="parts.1.t", id="nr", by="who")
    assert (article.title, article.body, article.record) == ("Storm", BODY, "5")
    assert article.authors == ["Jane Doe"]


def test_a_mapped_name_that_is_empty_leaves_the_field_empty():
    assert article_of({"title": "No", "kop": "", "text": BODY}, title="kop").title is None


def test_a_record_without_the_mapped_name_is_read_by_the_common_ones():
    assert article_of({"title": "Storm", "text": BODY}, title="kop").title == "Storm"
    assert article_of({"title": "Storm", "text": BODY}, title="a.b.c").title == "Storm"


@pytest.mark.parametrize("wrapper", ["_source", "fields", "attributes", "article", "data"])
def test_a_record_may_be_wrapped_in_another(wrapper):
    inner = {"title": "Storm", "text": BODY, "source": {"name": "The Example"}}
    article = article_of({"_id": "x1", "_score": 1.5, wrapper: inner})
    assert (article.title, article.body, article.record) == ("Storm", BODY, "x1")
    assert article.source == "The Example"


def test_a_body_beyond_the_bound_is_too_large(monkeypatch):
    monkeypatch.setattr(limits, "MAX_BODY", 20)
    bad = article_from_record({"title": "Storm", "text": BODY}, ReadOptions(), 3)
    assert isinstance(bad, BadRecord)
    assert (bad.position, bad.reason) == (3, "too-large")


def test_values_that_contain_themselves_come_to_an_end():
    loop: list[Any] = ["a"]
    loop.append(loop)
    nest: dict[str, Any] = {}
    nest["name"] = nest
    article = article_of({"text": BODY, "tags": loop, "source": nest})
    assert article.tags == ["a"]
    assert article.source is None


STORM = {"title": "Storm", "text": BODY}
SEA = {"headline": "Sea", "content": BODY}


def titles(value: object) -> list[str | None]:
    return [
        found.title if isinstance(found, RawArticle) else found.reason
        for found in articles_in(value, ReadOptions(), 1)
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (STORM, ["Storm"]),
        ({"articles": [STORM, SEA]}, ["Storm", "Sea"]),
        ({"anything": [STORM], "more": [SEA]}, ["Storm", "Sea"]),
        ({"status": "ok", "data": {"page": {"items": [STORM, SEA]}}}, ["Storm", "Sea"]),
        ({"took": 1, "hits": {"hits": [{"_id": "1", "_source": STORM}]}}, ["Storm"]),
        ({"a1": STORM, "b2": SEA}, ["Storm", "Sea"]),
        # A feed has a title of its own and is no article.
        ({"title": "Feed", "description": "All", "items": [STORM, SEA]}, ["Storm", "Sea"]),
        ({"title": "Feed", "items": [{"title": "One"}, {"title": "Two"}]}, ["One", "Two"]),
        # What belongs to an article is none.
        ({**STORM, "comments": [{"author": "x", "text": "First!"}]}, ["Storm"]),
        ({"title": "Video", "images": [{"title": "Still", "url": "x"}]}, ["Video"]),
        ({"articles": [STORM, 5, {"x": 1}]}, ["Storm", "no-article", "no-article"]),
        ({"a": 1, "b": [1, 2]}, ["no-article"]),
        ([STORM], ["no-article"]),
        (5, ["no-article"]),
        (None, ["no-article"]),
    ],
)
def test_the_articles_in_a_value_are_found_wherever_they_are(value, expected):
    assert titles(value) == expected


def test_articles_named_by_a_key_have_it_for_their_record():
    found = list(articles_in({"a1": STORM, "b2": {**SEA, "id": "own"}}, ReadOptions(), 1))
    assert [article.record for article in found if isinstance(article, RawArticle)] == ["a1", "own"]
    assert [a.provenance["record"] for a in found if isinstance(a, RawArticle)] == [
        "key",
        "record:id",
    ]


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["title", "text", "author", "date", "url", "data", "items", "_source"])
            | st.text(max_size=6),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(JSON_VALUES)
@settings(max_examples=150)
def test_any_value_ends_in_articles_or_reasons(value):
    found = list(articles_in(value, ReadOptions({"title": "data.x"}), 1))
    assert found
    for article in found:
        if isinstance(article, BadRecord):
            assert article.reason in ("no-article", "too-large")
            article.message.encode()
        else:
            assert article.title or article.body
            f"{article.title}{article.body}{article.authors}{article.tags}".encode()


def test_a_name_with_a_host_nobody_can_parse_is_kept():
    assert values.outlet("https://[broken") == "https://[broken"
