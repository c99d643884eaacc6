"""The lead in a Whoosh index: found in the title and the body, and written nowhere."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest
from whoosh.index import open_dir

from newsidx.analysis import index_terms
from newsidx.article import Article
from newsidx.engines import whoosh as factory
from newsidx.engines.base import Engine, SearchRequest
from newsidx.engines.memory import MemoryEngine
from newsidx.engines.whoosh import build, encoding, writer
from newsidx.engines.whoosh.gather import Gatherer
from newsidx.engines.whoosh.inversion import Occurrences, Vocabulary
from newsidx.query.bind import bind
from newsidx.query.parser import parse
from newsidx.schema import LEAD_WORDS

WORDS = (
    "harbour",
    "harbours",
    "harbor",
    "strike",
    "Strike",
    "wheat",
    "Häuser",
    "the harbour strike",
)
QUERIES = [
    "hlead:harbour",
    "hlead:harbour -hlead:strike",
    "hlead:(harbour OR wheat) the",
    "hlead:haus lang:de",
    "hlead:har*",
    "wheat hlead:har*",
    "hlead:harbuor~",
    "hlead:/h.*s/",
    "hlead:==Strike",
    'hlead:"harbour strike"',
    'hlead:"the harbour strike"',
    'hlead:"harbour wheat"~3',
    "hlead:(strike w/2 wheat)",
    "hlead:(harbour pre/1 strike)",
]


def articles() -> list[Article]:
    """Bodies of half and of twice the lead, whose rarer words stand anywhere in them."""
    chance = random.Random(11)

    def text(length: int) -> str:
        return " ".join(
            chance.choice(WORDS) if chance.random() < 0.05 else f"w{chance.randrange(9)}"
            for _ in range(length)
        )

    return [
        Article(
            id=f"{number:012x}",
            title=text(chance.choice((0, 3, 30))),
            body=text(LEAD_WORDS * chance.choice((1, 4)) // 2),
            language=("en", "de", None)[number % 3],
        )
        for number in range(120)
    ]


ARTICLES = articles()
GONE = [article.id for article in ARTICLES[::7]]


class OldGatherer(Gatherer):
    """Gathers the lead as a field of its own, as older versions wrote it."""

    def __init__(self, language: str) -> None:
        super().__init__(language)
        self._vocabulary = Vocabulary()
        self._lead = self.fields["hlead"] = Occurrences(self._vocabulary)

    def add(self, document: int, article: Article) -> dict[str, int]:
        lengths = super().add(document, article)
        for term, where in index_terms(article, "en").positions["hlead"].items():
            self._lead.add((self._vocabulary.add(term), at) for at in where)
        return lengths | {"hlead": self._lead.close(document)}


def filled(folder: Path, parts: int = 3, *, merged: bool = False) -> Engine:
    """An index of several segments with deleted articles among the others, or of one."""
    folder.mkdir()
    factory.create(folder, "en")
    for number in range(parts):
        opened = factory.open(folder, "en")
        writing = opened.writer()
        for article in ARTICLES[number::parts]:
            writing.add(article)
        writing.commit()
        opened.close()
    opened = factory.open(folder, "en")
    writing = opened.writer()
    writing.delete(GONE)
    if merged:
        writing.optimize()
    writing.commit()
    opened.close()
    return factory.open(folder, "en")


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "BLOCK_POSTINGS", 4)
    monkeypatch.setattr(writer, "to_merge", lambda sizes, deleted: [])


def assert_finds_what_it_should(engine: Engine) -> None:
    oracle = MemoryEngine((each for each in ARTICLES if each.id not in GONE), "en")
    for query in QUERIES:
        bound = bind(parse(query), query, language="en", today=date(2024, 5, 17))
        asked = SearchRequest(bound, "newest", None, scores=False)
        ours, theirs = ([hit.id for hit in each.search(asked).hits] for each in (engine, oracle))
        assert ours == theirs, query
        assert theirs, query
    engine.close()


def test_the_lead_is_found_in_every_block_and_not_in_deleted_articles(tmp_path: Path) -> None:
    engine = filled(tmp_path / "index")
    assert engine.segments().number == 3
    assert_finds_what_it_should(engine)


def test_the_lead_is_written_nowhere(tmp_path: Path) -> None:
    filled(tmp_path / "index").close()
    index = open_dir(str(tmp_path / "index"))
    assert "hlead" not in index.schema
    with index.searcher() as searcher:
        names = {name for name, _ in searcher.reader().all_terms()}
    assert "body" in names
    assert "hlead" not in names
    assert not list((tmp_path / "index").glob("*hlead*"))


@pytest.mark.parametrize("merged", [False, True])
def test_an_index_that_has_it_written_finds_the_same_and_loses_it_when_merged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, merged: bool
) -> None:
    monkeypatch.setattr(build, "Gatherer", OldGatherer)
    engine = filled(tmp_path / "index", merged=merged)
    assert_finds_what_it_should(engine)
    assert bool(list((tmp_path / "index").glob("*hlead*"))) != merged
