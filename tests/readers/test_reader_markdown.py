"""Markdown: front matter for the fields, the words for the body."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.readers.base import ReadOptions
from newsidx.readers.markdown import READER
from newsidx.readers.markdowntext import first_heading, plain_text
from newsidx.readers.source import Source

POST = """\
---
title: "Storm: harbour closed"
author: Jane Doe
date: 2016-11-08 04:15:00 +0100
categories: [news, sea]
tags:
- storm
link: https://example.org/storm
published: true
---
The *ferries* stayed in [port](https://example.org/port).

## What next

Nobody knows.
"""


def test_front_matter_gives_the_fields(read_one):
    article = read_one("a.md", POST)
    assert article == RawArticle(
        title="Storm: harbour closed",
        authors=["Jane Doe"],
        published="2016-11-08 04:15:00 +0100",
        tags=["storm"],
        url="https://example.org/storm",
        body="The ferries stayed in port.\n\nWhat next\n\nNobody knows.",
        provenance={
            "title": "front-matter:title",
            "authors": "front-matter:author",
            "published": "front-matter:date",
            "tags": "front-matter:tags",
            "url": "front-matter:link",
        },
    )


def test_toml_front_matter_is_understood(read_one):
    article = read_one("a.md", "+++\ntitle = 'Storm'\ndate = 2016-11-08\n+++\nText.\n")
    assert (article.title, article.published, article.body) == ("Storm", "2016-11-08", "Text.")
    assert article.provenance["published"] == "front-matter:date"


def test_values_stand_as_they_are_written(read_one):
    article = read_one("a.md", "---\ntitle: No\ndate: 2010-02-30\nid: 007\n---\nText.\n")
    assert (article.title, article.published, article.record) == ("No", "2010-02-30", "007")


@pytest.mark.parametrize(
    "matter",
    [
        "---\ntitle: Storm\nauthor: [Jane\n---\n",
        "---\ntitle: Storm\n\tx: - y: z\n---\n",
        "---\ntitle: Storm\nx: " + "[" * 700 + "\n---\n",
        "+++\ntitle = 'Storm'\nx = = 1\n+++\n",
    ],
)
def test_broken_front_matter_gives_what_its_lines_say(read_one, matter):
    article = read_one("a.md", f"{matter}The text.\n")
    assert article.title == "Storm"
    assert article.provenance["title"] == "broken-front-matter:title"
    assert article.body == "The text."


def test_yaml_that_unfolds_to_millions_of_values_is_refused(read_all):
    floors = "".join(f"x{i + 1}: &a{i + 1} [{', '.join([f'*a{i}'] * 9)}]\n" for i in range(9))
    with pytest.raises(ReadError) as caught:
        read_all("a.md", f"---\nx0: &a0 [lol]\n{floors}tags: *a9\n---\nText.\n")
    assert caught.value.reason == "too-large"


def test_yaml_tags_make_no_objects(read_one):
    article = read_one("a.md", "---\ntitle: !!python/name:os.system ''\ntags: [a]\n---\nText.\n")
    assert article.tags == ["a"]
    assert article.title is None


@pytest.mark.parametrize("text", ["# Storm *warning*\n\nText.", "Storm warning\n=====\n\nText."])
def test_without_a_title_the_first_heading_is_it_and_is_not_repeated(read_one, text):
    article = read_one("a.md", text)
    assert (article.title, article.body) == ("Storm warning", "Text.")
    assert article.provenance == {"title": "heading"}


def test_without_a_date_the_name_of_the_file_may_have_one(read_one):
    article = read_one("posts/2016-11-08-storm.md", "---\ntitle: Storm\n---\nText.")
    assert article.published == "2016-11-08"
    assert article.provenance["published"] == "file-name"
    assert read_one("posts/2016-11-08-storm.md", POST).provenance["published"] != "file-name"


def test_a_rule_at_the_top_is_no_front_matter(read_one):
    assert read_one("a.md", "---\n\nSome text.\n\n---\n\nMore.").body == "Some text.\n\nMore."
    assert read_one("a.md", "---\ntitle: never closed\n\nText.").title is None


def test_a_file_with_front_matter_only_may_have_a_title_only(read_one):
    assert read_one("a.md", "---\ntitle: Storm\n---\n").body == ""


def test_neither_text_nor_title_is_no_article(read_all):
    with pytest.raises(ReadError) as caught:
        read_all("a.md", "---\nlayout: post\n---\n\n<!-- nothing -->\n")
    assert caught.value.reason == "no-article"


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("**bold** and _soft_ and ***both*** and ~~gone~~", "bold and soft and both and gone"),
        ("un**believ**able", "unbelievable"),
        ("2 * 3 * 4 and 2*3*4 and snake_case_name", "2 * 3 * 4 and 2*3*4 and snake_case_name"),
        ("[a link](http://x.org/a_(b) 'title') here", "a link here"),
        ("[see][1] and [that][]\n\n[1]: http://x.org 'X'", "see and that"),
        ("![A boat](boat.jpg) [![Sea](s.jpg)](http://x.org)", "A boat Sea"),
        ("<https://x.org> with a note[^1]\n\n[^1]: Note", "https://x.org with a note\n\nNote"),
        ("# One #\n\n### Three\ntext", "One\n\nThree\n\ntext"),
        ("Two\n---\ntext", "Two\n\ntext"),
        ("> quoted\n> more\n\n* one\n* two\n\n1. first", "quoted\nmore\n\none\ntwo\n\n1. first"),
        ("`code` and ``more``", "code and more"),
        ("a\n\n```python\nx = *y*\n```\n\nb", "a\n\nx = *y*\n\nb"),
        ("~~~\n# not a heading\n~~~", "# not a heading"),
        ("<p>One &amp; two</p><p>Three<br/>four</p>", "One & two\n\nThree\nfour"),
        ("a <b class='x'>bold</b> <img src='x.png'> b", "a bold  b"),
        ("a < b and b > c", "a < b and b > c"),
        ("x <!-- not this\n nor this --> y", "x  y"),
        ("<script>if (a < b) alert('x')</script>text<style>p {}</style>", "text"),
        ("{% include x.html %}text {{ page.title }}{: .class}", "text "),
        ("{% highlight ruby %}\nputs 1\n{% endhighlight %}", "puts 1"),
        (r"1\. \*not emphasis\*", "1. *not emphasis*"),
        ("line one\\\nline two", "line one\nline two"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "| a | b |\n\n| 1 | 2 |"),
        ("a\r\n\r\n\r\n\r\nb", "a\n\nb"),
    ],
)  # fmt: skip
def test_the_signs_of_markdown_go_and_the_words_stay(markdown, text):
    assert plain_text(markdown).rstrip(" ") == text.rstrip(" ")


@pytest.mark.parametrize(
    "piece",
    ["[", "[a](", "![a", "<!--", "<script>", "`", "*a", "_a_", "<a ", "{{", "{%", "|-", "- ", "&"],
)
def test_a_line_of_nothing_but_markup_takes_no_longer_than_its_length(piece):
    # Quadratic time would take minutes here.
    assert isinstance(plain_text(piece * 60_000 + "x"), str)


@given(st.text(st.sampled_from("ab[](){}<>!*_`#-=~|\\&;:.^%/\n\t \"'"), max_size=200))
@settings(max_examples=200)
def test_any_text_is_markdown(text):
    first_heading(text)
    assert "\n\n\n" not in plain_text(text).replace("```", "")


def test_every_post_of_the_jekyll_set_is_read(data: Path):
    files = sorted(p for p in (data / "jekyll_posts").glob("*.md") if p.read_text("utf-8").strip())
    for path in files:
        (article,) = READER.read(Source(path.name, path), ReadOptions())
        assert isinstance(article, RawArticle)
        assert article.title
        assert article.body or path.read_text("utf-8").rstrip().endswith("---")
        assert article.provenance["published"] == "front-matter:date"
        assert "{%" not in article.body
