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
from newsidx.readers.source import Source
from newsidx.readers.texts.markup import has_tags, html_text

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


def test_all_dates_are_kept_in_the_order_of_trust():
    head = (
        '<meta name="date" content="2016-11-07">'
        '<meta property="article:published_time" content="2016-11-08T10:00:00Z">'
        + linked(headline="Storm", datePublished="2016-11-08")
    )
    shown = '<p class="post-date">November 6, 2016</p>'
    article = article_of_page(
        page(head, shown + '<time pubdate datetime="2016-11-05">x</time>' + TEXT)
    )
    assert (article.published, article.provenance["published"]) == ("2016-11-08", "json-ld")
    assert article.other_dates == [
        ("meta:article:published_time", "2016-11-08T10:00:00Z"),
        ("meta:date", "2016-11-07"),
        ("time-element", "2016-11-05"),
        ("text", "November 6, 2016"),
    ]


def test_a_date_that_never_was_is_no_date_of_the_page_but_is_told():
    head = linked(headline="Storm", datePublished="0001-01-01T00:00:00Z")
    article = article_of_page(page(head + '<meta name="date" content="2016-11-08">'))
    assert (article.published, article.provenance["published"]) == ("2016-11-08", "meta:date")
    assert article.other_dates == [("json-ld", "0001-01-01T00:00:00Z")]


def test_the_first_day_of_a_clock_is_no_date():
    article = article_of_page(page(linked(headline="Storm", datePublished="1970-01-01T00:00:00Z")))
    assert (article.published, article.other_dates) == (None, [])


@pytest.mark.parametrize(
    "shown",
    [
        '<span class="date">November 8, 2016</span>',
        '<div class="entry-date">8. November 2016</div>',
        '<p class="article-dateline">8 November 2016</p>',
        '<div class="byline">8 November 2016</div>',
    ],
)
def test_what_an_element_named_for_the_date_shows_is_a_date_of_the_page(shown):
    dates = article_of_page(page(body=shown + TEXT)).other_dates
    assert [way for way, _ in dates] == ["text"]


@pytest.mark.parametrize(
    "shown",
    [
        "<span>November 8, 2016</span>",
        '<span class="update">November 8, 2016</span>',
        '<span class="date">Updated November 8, 2016</span>',
        '<p>Last modified: <span class="date">November 8, 2016</span></p>',
        '<div class="related"><p class="date">November 8, 2016</p></div>',
        '<aside><p class="date">November 8, 2016</p></aside>',
        '<ol class="comments"><li><p class="date">November 8, 2016</p></li></ol>',
        '<span class="date">November 8</span>',
        '<span class="candidate">November 8, 2016</span>',
        f'<p class="date">{"In the election of 2016, nobody won. " * 4}</p>',
    ],
)
def test_any_other_date_on_the_page_is_none_of_it(shown):
    assert article_of_page(page(body=shown + TEXT)).other_dates == []


@pytest.mark.parametrize(
    ("mark", "origin", "authors"),
    [
        ('<p class="byline">By Jane Doe</p>', "byline-element", ["By Jane Doe"]),
        (
            '<div class="byline">By <span class="author-name">Jane Doe and John Roe</span></div>',
            "byline-element",
            ["Jane Doe and John Roe"],
        ),
        (
            '<span itemprop="author"><i itemprop="name">Jane Doe</i>, 7</span>',
            "itemprop",
            ["Jane Doe"],
        ),
    ],
)
def test_names_that_a_page_marks_or_shows_as_its_authors_are(mark, origin, authors):
    article = article_of_page(page(body=mark + TEXT))
    assert (article.authors, article.provenance["authors"]) == (authors, origin)


@pytest.mark.parametrize(
    "mark",
    [
        '<p class="byline">By Jane Doe, who knows</p>',
        '<p class="byline">8 November 2016</p>',
        '<p class="byline">By Jane Doe</p><p class="byline">By John Roe</p>',
        '<div class="comments"><p class="author">Jane Doe</p></div>',
        '<aside><p class="author">Jane Doe</p></aside>',
        '<p class="authority">Jane Doe</p>',
        '<span itemprop="author">guest</span>',
        "<p>By Jane Doe</p>",
    ],
)
def test_nobody_else_on_a_page_is_its_author(mark):
    assert article_of_page(page(body=mark + TEXT)).authors == []


HEADLINES = [
    f"{what} in {where} after {why}"
    for what in ("Council closes the harbour", "Minister resigns", "Storm hits the coast")
    for where in ("Westhaven", "Eastport")
    for why in ("months of talks", "a long dispute")
]
TEASER = (
    "The decision, which was taken late at night, had been expected for weeks, officials said, "
    "but it still came as a shock to many."
)
LISTS = {
    "titles": "".join(f'<h3><a href="/{n}">{line}</a></h3>' for n, line in enumerate(HEADLINES)),
    "teasers": "".join(
        f'<article><h2><a href="/{n}">{line}</a></h2><p>{TEASER}</p></article>'
        for n, line in enumerate(HEADLINES)
    ),
    "linked cards": "".join(
        f'<a href="/{n}"><div><h3>{line}</h3><p>{TEASER}</p></div></a>'
        for n, line in enumerate(HEADLINES)
    ),
    "a dated list": "<ul>"
    + "".join(
        f'<li><a href="/{n}">{line}</a> <span>8 November 2016</span></li>'
        for n, line in enumerate(HEADLINES)
    )
    + "</ul>",
    "results of a search": "<h1>Search results for storm</h1>"
    + "".join(
        f'<div><h3><a href="/{n}">{line}</a></h3><p>... {TEASER} ...</p></div>'
        for n, line in enumerate(HEADLINES)
    ),
    "a blog": "".join(
        f'<article><h2><a href="/{n}">{line}</a></h2><time class="entry-date" '
        f'datetime="2016-11-08">8 November</time><p>{TEASER} {TEASER}</p>'
        f'<p><a href="/{n}">Continue reading</a></p></article>'
        for n, line in enumerate(HEADLINES)
    ),
}


def list_page(body: str, head: str = "") -> str:
    return (
        f"<!DOCTYPE html><html><head><title>The Example</title>{head}</head><body>"
        f'<nav><a href="/">Home</a></nav><main>{body}</main></body></html>'
    )


@pytest.mark.parametrize("body", LISTS.values(), ids=LISTS)
def test_a_page_that_is_a_list_of_links_is_no_article(body):
    with pytest.raises(ReadError, match="list of links") as caught:
        article_of_page(list_page(body))
    assert caught.value.reason == "no-article"


def test_several_articles_in_the_json_ld_of_a_list_make_it_no_article():
    head = "".join(linked(headline=line, datePublished="2016-11-08") for line in HEADLINES)
    with pytest.raises(ReadError, match="list of links"):
        article_of_page(list_page(LISTS["titles"], head))


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="og:type" content="article">',
        '<meta property="article:published_time" content="2016-11-08">',
        linked(headline="Ten stories of the week"),
    ],
)
def test_a_page_that_says_it_is_an_article_is_one_whatever_its_links(head):
    assert article_of_page(list_page(LISTS["teasers"], head)).body


def test_an_article_with_links_in_it_and_around_it_is_an_article():
    linking = TEXT.replace(
        "the coast guard said", '<a href="/a">the coast guard of the island said</a>'
    )
    related = "".join(f'<h3><a href="/{n}">{line}</a></h3>' for n, line in enumerate(HEADLINES))
    article = article_of_page(
        list_page(f"<article>{linking}</article><section>{related}</section>")
    )
    assert article.body.startswith(FERRIES[:40])


def test_a_link_that_is_never_closed_makes_no_list():
    assert FERRIES in article_of_page(page(body='<a href="/top">' + TEXT)).body


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


# The pages of the benchmark that do not say in their head that they are articles.
UNDECLARED = """
0ec95c72 5ae11e58 95301fb7 9da36ae4 a860fb5e c00962aa c4a3637c c69e539d f6ac15a4 ff0f958a
"""


def test_no_real_article_is_taken_for_a_list_of_links(data: Path):
    for key in UNDECLARED.split():
        (path,) = (data / "article_extraction_benchmark" / "html").glob(f"{key}*.gz")
        (article,) = READER.read(Source(path.name, path), ReadOptions())
        assert isinstance(article, RawArticle)
        assert article.body
