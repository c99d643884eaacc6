"""Keywords: counts as a scan gives them, and the same on every engine."""

from __future__ import annotations

import struct
from collections import Counter
from pathlib import Path

import pytest

from newsidx.engines.base import Engine
from newsidx.engines.memory import MemoryEngine
from newsidx.engines.registry import factory
from newsidx.errors import IndexDamaged, UsageError
from newsidx.searcher.association import keyness_g2, log_ratio
from newsidx.searcher.keywords import Text, keywords
from newsidx.text.tokens import forms
from tests.conftest import make_article
from tests.contract.cases import ARCHIVE
from tests.contract.engines import USUAL, factory_of, filler

FERRY = make_article("The ferry", "The ferry sails. The ferry burns.", language="en")
REST = [
    make_article("The bus", "The bus stops, and a ferry sails.", language="en"),
    make_article("Die Fähre", "Die Fähre fährt, die Busse auch.", language="de"),
]


def test_a_keyword_is_counted_here_and_there_with_its_measures() -> None:
    engine = MemoryEngine([FERRY, *REST])
    found = keywords(engine, [FERRY.id], "en")
    assert found.target == Text(1, 8)
    assert found.reference == Text(2, 9 + 8)
    (ferry,) = found.words
    assert (ferry.word, ferry.count, ferry.reference_count, ferry.articles) == ("ferry", 3, 1, 1)
    assert ferry.per_million == 3 / 8 * 1e6
    assert ferry.reference_per_million == pytest.approx(1 / 17 * 1e6)
    assert ferry.g2 == keyness_g2(3, 1, 8, 17)
    assert ferry.log_ratio == log_ratio(3, 1, 8, 17)


def test_stop_words_are_left_out_by_the_language_of_their_articles_unless_asked() -> None:
    engine = MemoryEngine([FERRY, *REST])
    german = REST[1].id
    assert {each.word for each in keywords(engine, [german], "en").words} == {"fahre"}
    kept = keywords(engine, [german], "en", stopwords=True)
    assert {each.word for each in kept.words} == {"fahre", "die"}
    english = [make_article("", "to die, to die", language="en"), *REST]
    found = keywords(MemoryEngine(english), [english[0].id], "en")
    assert {each.word for each in found.words} == {"die"}


def test_only_words_that_occur_often_enough_are_listed() -> None:
    engine = MemoryEngine([FERRY, *REST])
    found = keywords(engine, [FERRY.id], "en", least=1)
    assert {each.word for each in found.words} == {"ferry", "sails", "burns"}
    assert keywords(engine, [FERRY.id], "en", least=4).words == ()


def test_articles_of_both_sides_count_with_the_first() -> None:
    engine = MemoryEngine([FERRY, *REST])
    every = [FERRY.id, *(each.id for each in REST)]
    against = keywords(engine, [FERRY.id], "en", against=every)
    assert against == keywords(engine, [FERRY.id], "en")


def test_nothing_to_compare_with_is_an_error() -> None:
    engine = MemoryEngine([FERRY])
    with pytest.raises(UsageError, match="to compare with"):
        keywords(engine, [FERRY.id], "en")
    with pytest.raises(UsageError, match="to compare with"):
        keywords(engine, [FERRY.id], "en", against=[])


@pytest.mark.parametrize("name", sorted(USUAL))
@pytest.mark.parametrize("against", [None, ["texas", "calexit"]])
def test_every_engine_finds_the_same(name: str, against: list[str] | None, tmp_path: Path) -> None:
    ids = [ARCHIVE["texas"].id]
    other = None if against is None else [ARCHIVE[key].id for key in against]
    engine = USUAL[name](ARCHIVE.values(), tmp_path / "e")
    expected = keywords(MemoryEngine(ARCHIVE.values()), ids, "en", against=other, least=1)
    assert keywords(engine, ids, "en", against=other, least=1) == expected
    assert expected.words


@pytest.fixture(params=sorted(USUAL))
def thinned(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    """An engine from which an article was deleted."""
    engine: Engine = USUAL[request.param](ARCHIVE.values(), tmp_path / "e")
    writer = engine.writer()
    writer.delete([ARCHIVE["texas"].id])
    writer.commit()
    if request.param == "memory":
        return engine
    engine.close()
    return factory_of(request.param).open(tmp_path / "e", "en")


LEFT = [article for key, article in ARCHIVE.items() if key != "texas"]


@pytest.mark.parametrize(
    "fields", [("title",), ("body",), ("title", "body"), ("authors",), ("tags",), ("source",)]
)
def test_the_lexicon_counts_articles_and_occurrences_of_what_is_there(
    thinned: Engine, fields: tuple[str, ...]
) -> None:
    articles: Counter[str] = Counter()
    occurrences: Counter[str] = Counter()
    for article in LEFT:
        found = [form for name in fields for text in article.values(name) for form in forms(text)]
        articles.update(set(found))
        occurrences.update(found)
    expected = [(form, articles[form], occurrences[form]) for form in sorted(articles)]
    assert list(thinned.lexicon(fields)) == expected
    assert thinned.frequencies(fields) == dict(occurrences)
    begun = [each for each in expected if each[0].startswith("s")]
    assert list(thinned.lexicon(fields, "s")) == begun


def test_a_dictionary_that_counts_what_cannot_be_counted_is_damaged(tmp_path: Path) -> None:
    engine = filler("whoosh")(ARCHIVE.values(), tmp_path / "e")
    engine.close()
    (path,) = (tmp_path / "e").glob("*.trm")
    whole = path.read_bytes()
    entry = whole.index(b"california") + len(b"california")
    for wrong in (float("nan"), float("inf"), -1.0, 0.0):
        path.write_bytes(whole[: entry + 1] + struct.pack("!f", wrong) + whole[entry + 5 :])
        damaged = factory("whoosh").open(tmp_path / "e", "en")
        with pytest.raises(IndexDamaged):
            damaged.frequencies(("title", "body"))
        with pytest.raises(IndexDamaged):
            list(damaged.lexicon(("title", "body")))
        damaged.close()
