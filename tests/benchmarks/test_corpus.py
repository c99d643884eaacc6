"""The corpus that benchmarks are run on: the same each time, and like its sources."""

from __future__ import annotations

import json
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from benchmarks.corpus import Parent, Renaming, parents, stories, write_lines, write_texts
from newsidx.indexer.extract import Job, extract
from newsidx.indexer.options import RootOptions

SOURCES = [
    Parent(
        f"Port {number} opens",
        ("harbours", "trade")[number % 2],
        tuple(
            f"Paragraph {part} of article {number} says {part * 1.5:.1f} pct." for part in range(9)
        ),
    )
    for number in range(12)
]
ALL = Counter(paragraph for parent in SOURCES for paragraph in parent.paragraphs)


def test_the_same_sources_and_seed_give_the_same_stories() -> None:
    first, again = (list(islice(stories(SOURCES, 7), 40)) for _ in range(2))
    assert first == again
    assert first != list(islice(stories(SOURCES, 8), 40))
    assert list(islice(stories(SOURCES, 7), 10)) == first[:10]


def test_every_paragraph_is_used_once_before_any_is_used_again() -> None:
    used: Counter[str] = Counter()
    for story in stories(SOURCES):
        used.update(story.paragraphs)
        if used.total() >= ALL.total():
            break
    assert used == ALL


def test_a_story_keeps_to_one_topic() -> None:
    topic = {text: parent.topic for parent in SOURCES for text in parent.paragraphs}
    for story in islice(stories(SOURCES), 3):
        assert {topic[text] for text in story.paragraphs} == {story.section}


def test_rare_words_become_others_and_common_ones_stay() -> None:
    counts = Counter({"government": 90, **dict.fromkeys(("quibble", "farrago", "zeugma"), 1)})
    renamed = Renaming(counts, 0)
    text = "The government has a quibble, a farrago and a zeugma: Quibble."
    assert renamed(text, 0, None) == text  # type: ignore[arg-type] - it needs no random numbers
    names = {renamed._name("quibble", time) for time in range(1, 30)}
    assert len(names) > 1
    changed = [renamed(text, time, None) for time in range(1, 30)]  # type: ignore[arg-type]
    assert all(other.startswith("The government has a ") for other in changed)
    for time, other in enumerate(changed, 1):
        name = renamed._name("quibble", time)
        assert f"a {name}," in other
        assert other.endswith(f"{name.title()}.")


@pytest.mark.parametrize("form", ["texts", "lines"])
def test_newsidx_reads_what_was_made_of_a_story(tmp_path: Path, form: str) -> None:
    found = islice(stories(SOURCES), 5)
    out = tmp_path / "out"
    made = list(write_texts(found, out) if form == "texts" else write_lines(found, out, 2))
    files = sorted(path for path in out.rglob("*") if path.is_file())
    assert len(files) == (5 if form == "texts" else 2)
    read = {}
    for path in files:
        for piece in extract(Job(str(path.parent), path.name, "made", RootOptions())):
            read |= {item.article.url: item.article for item in piece.items}
    assert set(read) == {story.url for story in made}
    for story in made:
        article = read[story.url]
        assert article.title == story.title
        assert article.source == story.source
        assert article.authors == (story.author,)
        assert article.section == story.section
        assert article.published
        assert article.published.isoformat() == story.published
        assert article.body == "\n\n".join(story.paragraphs)


def test_real_articles_are_taken_apart_into_paragraphs(data: Path, tmp_path: Path) -> None:
    reuters, articles = tmp_path / "reuters", tmp_path / "json"
    reuters.mkdir()
    articles.mkdir()
    (reuters / "reut2-021.sgm").write_bytes((data / "reuters21578" / "reut2-021.sgm").read_bytes())
    record = {"title": "A port", "topic": "sea_trade", "body": "One.\n\nTwo."}
    (articles / "a.json").write_text(json.dumps(record), "utf-8")
    *wires, made = parents(reuters, articles)
    assert len(wires) == 578
    assert made == Parent("A port", "sea trade", ("One.", "Two."))
    paragraphs = [text for parent in wires for text in parent.paragraphs]
    assert len(paragraphs) > 3 * len(wires)
    assert not any("\n" in text for text in paragraphs)
