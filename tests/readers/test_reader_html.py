"""Web pages: the text of the article, and what the page says of itself."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.readers import html
from newsidx.readers.base import ReadOptions
from newsidx.readers.html import READER, article_of_page
from newsidx.readers.markup import has_tags, html_text
from newsidx.readers.source import Source

TEXT = """
<h1>Storm closes harbour</h1>
<p>The ferries stayed in port on Monday &amp; Tuesday as waves of nine metres broke over
the wall, the coast guard said, and no boat is expected to leave before Friday.</p>
<p>“We have never seen anything like it,” said Kevin de L&eacute;on, who has run the
harbour for thirty years and lives in a house above it.</p>
<script>var tracker = "not text";</script><style>p { color: red }</style>
<p>Schools on the island will remain closed for the rest of the week, the council said.</p>
"""
FERRIES = (
    "The ferries stayed in port on Monday & Tuesday as waves of nine metres broke over the wall, "
    "the coast guard said, and no boat is expected to leave before Friday."
)
QUOTE = (
    "“We have never seen anything like it,” said Kevin de Léon, who has run the harbour for "
    "thirty years and lives in a house above it."
)
SCHOOLS = "Schools on the island will remain closed for the rest of the week, the council said."
PARAGRAPHS = [FERRIES, QUOTE, SCHOOLS]


def page(head: str = "", body: str = TEXT, lang: str = ' lang="en-GB"') -> str:
    navigation = '<nav><a href="/">Home</a><a href="/sport">Sport</a></nav>'
    footer = "<footer>Copyright 2031 The Example, all rights reserved.</footer>"
    return (
        f"<!DOCTYPE html><html{lang}><head>{head}</head>"
        f"<body>{navigation}<article>{body}</article>{footer}</body></html>"
    )


def linked(**fields: object) -> str:
    record = {"@context": "https://schema.org", "@type": "NewsArticle", **fields}
    return f'<script type="application/ld+json">{json.dumps(record)}</script>'


def test_the_body_is_the_paragraphs_of_the_article_and_no_more():
    article = article_of_page(page())
    assert article.body.split("\n\n") == PARAGRAPHS
    assert article.provenance["body"] == "trafilatura"


def test_a_page_that_declares_everything_is_believed():
    head = (
        "<title>Storm closes harbour | The Example</title>"
        '<link rel="canonical" href="https://example.org/storm">'
        '<meta property="og:title" content="Storm closes harbour | The Example">'
        '<meta property="og:site_name" content="The Example">'
        '<meta property="article:published_time" content="2016-11-08T23:30:00-05:00">'
        '<meta name="author" content="Jane Doe">'
        '<meta property="article:section" content="Weather">'
        '<meta property="article:tag" content="storm"><meta property="article:tag" content="sea">'
    )
    article = article_of_page(page(head))
    assert article.title == "Storm closes harbour"
    assert article.url == "https://example.org/storm"
    assert article.source == "The Example"
    assert article.published == "2016-11-08T23:30:00-05:00"
    assert article.authors == ["Jane Doe"]
    assert article.section == "Weather"
    assert article.tags == ["storm", "sea"]
    assert article.language == "en-GB"
    assert article.provenance == {
        "title": "meta:og:title",
        "url": "canonical-link",
        "source": "meta:og:site_name",
        "published": "meta:article:published_time",
        "authors": "meta:author",
        "section": "meta:article:section",
        "tags": "meta:article:tag",
        "language": "html-lang",
        "body": "trafilatura",
    }


def test_json_ld_is_read_through_graphs_and_references():
    head = (
        '<script type="application/ld+json">'
        + json.dumps(
            {
                "@context": "https://schema.org",
                "@graph": [
                    {"@type": "WebSite", "name": "Not this", "headline": "Nor this"},
                    {
                        "@type": ["Article", "NewsArticle"],
                        "headline": "Storm &amp; sea",
                        "datePublished": "2016-11-08",
                        "dateModified": "2019-01-01",
                        "author": [{"@id": "#jane"}, {"@type": "Person", "name": "John Roe"}],
                        "publisher": {"@type": "Organization", "name": "The Example"},
                        "articleSection": ["Weather"],
                        "keywords": "storm, sea",
                        "mainEntityOfPage": {"@id": "https://example.org/storm"},
                        "inLanguage": "en",
                    },
                    {"@type": "Person", "@id": "#jane", "name": "Jane Doe"},
                ],
            }
        )
        + "</script>"
    )
    article = article_of_page(page(head, lang=""))
    assert article.title == "Storm & sea"
    assert article.published == "2016-11-08"
    assert article.authors == ["Jane Doe", "John Roe"]
    assert article.source == "The Example"
    assert article.section == "Weather"
    assert article.tags == ["storm", "sea"]
    assert article.url == "https://example.org/storm"
    assert article.language == "en"
    assert {article.provenance[field] for field in ("title", "published", "url")} == {"json-ld"}


@pytest.mark.parametrize(
    "script",
    ["{not json", "[" * 100_000, '{"@graph": null}', "[1, null, []]", '{"@type": 5, "author": 5}'],
)
def test_broken_json_ld_costs_no_more_than_itself(script):
    head = f'<script type="application/ld+json">{script}</script>'
    assert article_of_page(page(head)).body.split("\n\n") == PARAGRAPHS


@pytest.mark.parametrize(
    ("body", "head"),
    [
        (TEXT + "<p>The last such storm was on 3 March 1999, the office said.</p>", ""),
        ("<p>Today is Monday, January 5, 2026</p>" + TEXT, ""),
        (TEXT, '<meta property="article:modified_time" content="2019-01-01">'),
        (TEXT, '<link rel="canonical" href="https://example.org/2016/11/08/storm">'),
        (TEXT, linked(headline="Storm", datePublished="0001-01-01T00:00:00Z")),
        (TEXT + '<time datetime="2020-01-01">New Year</time>', ""),
    ],
)
def test_a_date_is_never_taken_from_text_or_address_or_made_up(body, head):
    article = article_of_page(page(head, body))
    assert article.published is None
    assert "published" not in article.provenance


@pytest.mark.parametrize(
    ("mark", "origin"),
    [
        ('<span itemprop="datePublished">8 November 2016</span>', "itemprop"),
        ('<meta itemprop="datePublished" content="8 November 2016">', "meta:datepublished"),
        ('<time class="entry-date" datetime="8 November 2016">Tuesday</time>', "time-element"),
        ('<time pubdate datetime="8 November 2016">Tuesday</time>', "time-element"),
        (
            '<p class="byline">By Ann <time datetime="8 November 2016">Tuesday</time></p>',
            "byline-time-element",
        ),
    ],
)
def test_an_element_marked_as_the_date_gives_it_as_it_stands(mark, origin):
    article = article_of_page(page(body=mark + TEXT))
    assert article.published == "8 November 2016"
    assert article.provenance["published"] == origin


def test_the_title_loses_the_name_of_the_site_where_the_heading_shows_the_seam():
    head = '<meta property="og:title" content="Storm closes harbour - Island News">'
    assert article_of_page(page(head)).title == "Storm closes harbour"
    other = '<meta property="og:title" content="Storm: harbour closed - for days">'
    assert article_of_page(page(other)).title == "Storm: harbour closed - for days"


def test_an_undeclared_title_is_the_heading_and_says_so():
    article = article_of_page(page())
    assert article.title == "Storm closes harbour"
    assert article.provenance["title"] == "trafilatura"


def test_facebook_addresses_are_neither_people_nor_outlets():
    head = (
        '<meta property="article:author" content="https://www.facebook.com/jane">'
        '<meta property="article:publisher" content="https://www.facebook.com/example">'
        '<link rel="canonical" href="https://www.example.org/storm">'
    )
    article = article_of_page(page(head))
    assert article.authors == []
    assert (article.source, article.provenance["source"]) == ("example.org", "url-host")


@pytest.mark.parametrize(
    ("comment", "url"),
    [
        ("<!-- saved from url=(0025)https://example.org/storm -->", "https://example.org/storm"),
        (
            "<!--\n Page saved with SingleFile \n url: https://example.org/storm \n-->",
            "https://example.org/storm",
        ),
        (
            "<!-- Mirrored from example.org/storm by HTTrack Website Copier/3.x -->",
            "http://example.org/storm",
        ),
    ],
)
def test_the_address_a_page_was_saved_from_is_its_page_url(comment, url):
    article = article_of_page(comment + page())
    assert (article.page_url, article.url) == (url, None)


def test_the_declared_charset_of_a_page_counts(read_one):
    text = page('<meta charset="windows-1251">').replace("said", "сказал")
    assert "сказал" in read_one("a.html", text.encode("windows-1251")).body


def test_a_gzipped_page_in_utf_16_is_a_page(read_one):
    import gzip

    article = read_one("a.html.gz", gzip.compress(page().encode("utf-16")))
    assert article.body.split("\n\n") == PARAGRAPHS


@pytest.mark.parametrize(
    "source",
    [
        "<html></html>",
        "<html><head><title>Storm</title></head><body></body></html>",
        "<html><body><script>var x = 'text';</script></body></html>",
        "<!-- nothing -->",
    ],
)
def test_a_page_without_text_is_no_article(read_all, source):
    with pytest.raises(ReadError) as caught:
        read_all("a.html", source)
    assert caught.value.reason == "no-article"


def test_a_page_beyond_the_bound_is_too_large(monkeypatch):
    monkeypatch.setattr(html, "_MAX_PAGE", 500)
    with pytest.raises(ReadError) as caught:
        article_of_page(page())
    assert caught.value.reason == "too-large"


def test_whatever_the_parsers_raise_is_malformed(monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise AssertionError("strange page")

    monkeypatch.setattr(html, "describe", fail)
    with pytest.raises(ReadError, match="AssertionError: strange page") as caught:
        article_of_page(page())
    assert caught.value.reason == "malformed"


def test_the_libraries_keep_their_troubles_to_themselves(capfd):
    logging.getLogger("trafilatura").setLevel(logging.NOTSET)
    html._quieten.cache_clear()
    with pytest.raises(ReadError):
        article_of_page("<html><body></body></html>")
    captured = capfd.readouterr()
    assert captured.out + captured.err == ""


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 20_000 + "text",
        "<table><tr><td>" * 2_000 + "text",
        "<" * 100_000,
        "<p " + "a=b " * 50_000 + ">text",
        "<!-- -->" * 20_000 + "text",
        "\ufffe\uffff\x0b text \ud800",
    ],
)
def test_hostile_pages_end_in_an_article_or_a_reason(source):
    try:
        found = article_of_page(f"<html><body>{source}</body></html>").body
    except ReadError as error:
        found = error.reason
    assert found


@given(st.text(st.sampled_from("<>/=\"'& abp!-[]{}\n;#x"), max_size=120))
@settings(max_examples=40)
def test_any_text_in_a_page_ends_in_an_article_or_a_reason(text):
    try:
        found = article_of_page(page(body=text)).body
    except ReadError as error:
        found = error.reason
    assert found


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("<p>One &amp; two</p><p>Three<br>four</p>", "One & two\n\nThree\nfour"),
        ("One\n\nTwo with <em>stress</em>\nand more", "One\n\nTwo with stress\nand more"),
        ("<p>One\n  line</p>\n\n\n<p>Two</p>", "One line\n\nTwo"),
        ("<ul><li>one</li><li>two</li></ul><p>End", "one\n\ntwo\n\nEnd"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a | b"),
        ("<p>a<script>x</script>b<style>y</style><!-- z --></p>", "ab"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<b>\x00\x0b</b>", ""),
    ],
)
def test_a_piece_of_html_becomes_text_with_its_paragraphs(fragment, text):
    assert html_text(fragment) == text


def test_tags_are_told_from_signs():
    assert has_tags("a <b>c</b>")
    assert has_tags('<p class="x">')
    assert not has_tags("a < b > c, <john@example.org>, <3, x<y")


def _shared_words(one: str, other: str) -> float:
    """F1 of the word 4-grams of two texts."""
    grams = []
    for text in (one, other):
        words = text.split()
        grams.append({tuple(words[at : at + 4]) for at in range(len(words) - 3)})
    common = len(grams[0] & grams[1])
    return 2 * common / max(1, len(grams[0]) + len(grams[1]))


def test_the_text_of_real_pages_is_found(data: Path):
    root = data / "article_extraction_benchmark"
    truth = json.loads((root / "ground-truth.json").read_text("utf-8"))
    scores = []
    for path in sorted((root / "html").glob("*.gz"))[::12]:
        (article,) = READER.read(Source(path.name, path), ReadOptions())
        assert isinstance(article, RawArticle)
        scores.append(_shared_words(article.body, truth[path.name.split(".")[0]]["articleBody"]))
    assert sum(scores) / len(scores) > 0.9
