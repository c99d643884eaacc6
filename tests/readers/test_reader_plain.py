"""Plain text: a body, and a headline only where there clearly is one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.article import RawArticle
from newsidx.readers.base import ReadOptions
from newsidx.readers.plain import READER
from newsidx.readers.source import Source

PARAGRAPH = (
    "The ferries stayed in port on Monday as waves of nine metres broke over the harbour wall, "
    "the coast guard said, and no boat is expected to leave before the end of the week."
)


@pytest.mark.parametrize(
    "headline",
    [
        "Storm closes harbour",
        "Who closed the harbour?",
        "Trump returns to the U.S.",
        "‘It was hell’ – sailors remember",
        "Bürger wehren sich gegen Hafen",
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_short_first_line_above_a_blank_one_is_the_headline(read_one, headline, line_end):
    article = read_one("a.txt", line_end.join((headline, "", PARAGRAPH, "", PARAGRAPH)))
    assert article.title == headline
    assert article.provenance == {"title": "first-line"}
    assert article.body == line_end.join((PARAGRAPH, "", PARAGRAPH))


def test_a_short_line_right_above_a_long_paragraph_is_the_headline(read_one):
    article = read_one("a.txt", f"Storm closes harbour\n{PARAGRAPH}\n")
    assert (article.title, article.body) == ("Storm closes harbour", f"{PARAGRAPH}\n")


@pytest.mark.parametrize(
    "text",
    [
        PARAGRAPH,
        f"{PARAGRAPH} {PARAGRAPH}\n\n{PARAGRAPH}",
        f"It was a dark night.\n\n{PARAGRAPH}",
        f"The harbour, closed since Monday,\n\n{PARAGRAPH}",
        f"This is what we know:\n\n{PARAGRAPH}",
        f"By Jane Doe\n\n{PARAGRAPH}",
        f"https://example.org/storm\n\n{PARAGRAPH}",
        f"Monday, November 8, 2016\n\n{PARAGRAPH}",
        f"8 November 2016 04:15 pm\n\n{PARAGRAPH}",
        f"* * *\n\n{PARAGRAPH}",
        # Text wrapped at a fixed width has no headline in its first line.
        "\n".join(PARAGRAPH[at : at + 60] for at in range(0, len(PARAGRAPH), 60)),
        "Storm closes harbour\n\n",
    ],
)
def test_any_other_first_line_belongs_to_the_text(read_one, text):
    article = read_one("a.txt", text)
    assert article.title is None
    assert article.body == text
    assert article.provenance == {}


def test_a_header_block_is_understood(read_one):
    article = read_one(
        "a.txt",
        "Title: Storm closes harbour\nDate: 8 November 2016\nURL: https://example.org/a\n"
        f"Author: Jane Doe, John Roe\nSource: The Example\nTags: storm, sea\n\n{PARAGRAPH}\n",
    )
    assert article.title == "Storm closes harbour"
    assert article.published == "8 November 2016"
    assert article.url == "https://example.org/a"
    assert article.authors == ["Jane Doe", "John Roe"]
    assert article.source == "The Example"
    assert article.tags == ["storm", "sea"]
    assert set(article.provenance.values()) == {"header-line"}
    assert article.body == f"{PARAGRAPH}\n"


def test_a_header_that_means_nothing_to_us_stays_in_the_text(read_one):
    article = read_one("a.txt", f"Title: Storm\nEditor: Zelda\nDate: 2016\n\n{PARAGRAPH}")
    assert article.title == "Storm"
    assert article.body == f"Editor: Zelda\n\n{PARAGRAPH}"


def test_a_mapped_header_is_taken_as_mapped(read_one):
    article = read_one("a.txt", f"Kop: Storm\nDate: 2016\n\n{PARAGRAPH}", title="Kop")
    assert (article.title, article.published) == ("Storm", "2016")


@pytest.mark.parametrize(
    "text",
    [
        f"Date: yesterday\n\n{PARAGRAPH}",
        f"Title: Storm\nDate: 2016\n{PARAGRAPH}",
        f"From: jane@example.org\nSubject: Storm\nDate: 8 Nov 2016\n\n{PARAGRAPH}",
    ],
)
def test_one_known_name_no_blank_line_or_a_mail_is_no_header_block(read_one, text):
    article = read_one("a.txt", text)
    assert article.body == text
    assert article.published is None


def test_the_scraped_seed_article_is_one_untouched_body(data: Path):
    for path in sorted((data / "seed").glob("*.txt")):
        (article,) = READER.read(Source(path.name, path), ReadOptions())
        assert article == RawArticle(body=path.read_bytes().decode())


def test_the_bbc_set_has_its_headlines(data: Path):
    files = sorted(data.glob("bbc/*/*.txt"))
    titled = 0
    for path in files:
        (article,) = READER.read(Source(path.name, path), ReadOptions())
        assert isinstance(article, RawArticle)
        first = path.read_text("utf-8", errors="replace").splitlines()[0]
        assert article.title in (None, first.strip().replace("\ufffd", "£"))
        titled += article.title is not None
    # Two end in dots, which a sentence might do.
    assert len(files) - titled == 2


@given(st.text(max_size=300).map(lambda text: text.lstrip("\ufeff")))  # a mark of the encoding
@settings(max_examples=150)
def test_no_word_of_a_text_is_lost(text):
    class InMemory(Source):
        def read(self, limit: int = 0) -> bytes:
            return text.encode("utf-8", "replace")

    if not text.strip() or "\0" in text or sum(c < " " or c == "\x7f" for c in text) > 3:
        return
    (article,) = READER.read(InMemory("a.txt", Path("a.txt")), ReadOptions())
    assert isinstance(article, RawArticle)
    kept = f"{article.title or ''} {article.body}".split()
    assert kept == text.encode("utf-8", "replace").decode().split()


@pytest.mark.parametrize(
    "line", ["November 8, 2016", "8 de noviembre de 2016", "Dienstag, 8. November 2016, 15.04 Uhr"]
)
def test_a_short_line_near_the_top_with_a_year_may_be_the_date(read_one, line):
    article = read_one("a.txt", f"Storm closes harbour\n\nBy Jane Doe\n\n{line}\n\n{PARAGRAPH}\n")
    assert article.published is None
    assert article.other_dates == [("text", line)]
    assert line in article.body


def test_a_year_within_a_sentence_or_further_down_is_no_date_line(read_one):
    lines = "\n\n".join([PARAGRAPH] * 6)
    assert read_one("a.txt", f"{PARAGRAPH} In 2016.\n\n{lines}\n\n8 May 2016").other_dates == []
