"""Corrections from the archive's own words, where nothing was found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsidx.engines.base import Engine
from newsidx.engines.memory import MemoryEngine
from newsidx.query.patterns import distance_within
from newsidx.results import Correction
from newsidx.searcher.corrections import PROPOSED, corrections
from newsidx.searcher.explain import articles_of
from newsidx.searcher.filters import filters_of
from newsidx.searcher.question import Ask, understand
from newsidx.searcher.spelling import near_forms
from tests.conftest import make_article
from tests.contract.cases import ARCHIVE
from tests.contract.engines import USUAL

TODAY = date(2024, 5, 17)
WORDS = st.text("abcd", max_size=7)


def corrected(engine: Engine, text: str, **options: Any) -> list[Correction]:
    given = {name: options.pop(name) for name in ("literal", "exact") if name in options}
    question = Ask(text, filters=filters_of(**options), **given)
    understood = understand(question, "en", TODAY)
    found = corrections(engine, question, understood, "en", TODAY)
    assert len(found) <= PROPOSED
    assert all(each.articles > 0 for each in found)
    return list(found)


@pytest.fixture
def engine() -> MemoryEngine:
    return MemoryEngine(ARCHIVE.values(), "en")


# Forms that are near


@given(st.lists(WORDS.filter(bool), max_size=12), WORDS.filter(lambda word: len(word) > 2))
def test_every_form_one_edit_away_is_near(forms: list[str], word: str) -> None:
    archive = [make_article("", form, path=str(at)) for at, form in enumerate(forms)]
    engine = MemoryEngine(archive, "en")
    expected = {form for form in forms if form != word and distance_within(word, form, 1)}
    near = {form for form, _ in near_forms(engine, ["body"], word, 100)}
    assert near >= expected
    assert word not in near


def test_fewer_edits_come_first_then_commoner_forms() -> None:
    bodies = ["harbour"] * 3 + ["harbout"] * 2 + ["hardour"] * 70
    archive = [make_article("", body, path=str(at)) for at, body in enumerate(bodies)]
    engine = MemoryEngine(archive, "en")
    assert near_forms(engine, ["body"], "harbou") == [("harbour", 3), ("harbout", 2)]
    assert near_forms(engine, ["body"], "harbot") == [("harbout", 2)]
    archive += [make_article("", "harbour", path=f"more {at}") for at in range(100)]
    many = MemoryEngine(archive, "en")
    assert near_forms(many, ["body"], "harbot") == [("harbout", 2), ("harbour", 103)]


def test_short_words_are_left_alone(engine: MemoryEngine) -> None:
    assert near_forms(engine, ["body"], "yz") == []
    assert near_forms(engine, ["body"], "京") == []


# Corrections


@pytest.fixture(params=USUAL, scope="module")
def filled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    engine = USUAL[request.param](ARCHIVE.values(), tmp_path_factory.mktemp(request.param))
    yield engine
    engine.close()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("calexti", "calexit"),
        ("claexit", "calexit"),
        ("alexit", "calexit"),
        ("xcalexit", "calexit"),
        ("balexit", "calexit"),
        ("californa marineli", "california marinelli"),
        ("titel OR title:calexitt", "titel OR title:calexit"),
        ('"yes califronia"', '"yes california"'),
        ("author:simth", "author:smith"),
        ("source:courrier", "source:courier"),
        ('tag:"nationl securty"', 'tag:"national security"'),
        ("(calexitt OR zzzz) -texas", "(calexit OR zzzz) NOT texas"),
        ("calexitt^2 date:2016", "calexit^2 date:2016"),
        ("новыйй", "новый"),
        ("yes NEAR/3 califronia", "yes NEAR/3 california"),
        ("=secesion", "=secession"),
        ('"yes califronia"~2', '"yes california"~2'),
        ("hlead:marineli", "hlead:marinelli"),
    ],
)
def test_a_wrong_word_is_replaced_by_one_of_the_archive(
    filled: Engine, text: str, meant: str
) -> None:
    assert meant in [each.query for each in corrected(filled, text)]


def test_what_is_proposed_finds_as_much_as_it_says(engine: MemoryEngine) -> None:
    found = corrected(engine, "califronia -russia")
    assert found[0] == Correction("california NOT russia", (), 1)
    again = understand(Ask(found[0].query), "en", TODAY)
    assert articles_of(engine, again.query.tree) == 1


def test_a_filter_is_corrected_as_well(engine: MemoryEngine) -> None:
    found = corrected(engine, "california", source="cnm", since="2016")
    assert found == [Correction("california", ("date:2016..", 'source:"cnn"'), 1)]


def test_a_correction_that_finds_nothing_either_is_not_proposed(engine: MemoryEngine) -> None:
    assert corrected(engine, "calexitt covid") == []
    assert corrected(engine, "zzzzqq") == []


def test_words_that_are_excluded_are_not_corrected(engine: MemoryEngine) -> None:
    assert corrected(engine, "zzzzqq -texsa") == []


def test_a_rare_word_gives_way_to_a_much_commoner_one() -> None:
    archive = [make_article("", "the goverment", path="slip", source="A")]
    archive += [make_article("", "government shutdown", path=str(at)) for at in range(60)]
    engine = MemoryEngine(archive, "en")
    assert corrected(engine, "goverment shutdown")[0] == Correction("government shutdown", (), 60)
    assert corrected(engine, "goverment shutdwon")[0].query == "government shutdown"


def test_forms_of_one_stem_are_proposed_once() -> None:
    archive = [
        make_article("", "harbour harbours", path="a"),
        make_article("", "harbour", path="b"),
    ]
    engine = MemoryEngine(archive, "en")
    assert [each.query for each in corrected(engine, "harbuor")] == ["harbour"]


def test_a_phrase_that_nobody_wrote_is_proposed_as_loose_words(engine: MemoryEngine) -> None:
    assert corrected(engine, '"marinelli secession"') == [Correction("marinelli secession", (), 1)]


def test_literal_words_are_corrected_as_they_can_be_given_again(engine: MemoryEngine) -> None:
    found = corrected(engine, "(calexitt AND the (", literal=True)
    assert found[0] == Correction("(calexit AND the (", (), 1)
    assert corrected(engine, found[0].query, literal=True) == []


def test_the_rarest_words_are_corrected_wherever_they_stand(engine: MemoryEngine) -> None:
    found = corrected(engine, "california marinelli yes senate state voters secesion")
    assert found[0].query == "california marinelli yes senate state voters secession"


def test_many_wrong_words_take_no_more_time_than_a_few(engine: MemoryEngine) -> None:
    read = 0
    terms = engine.terms

    def counted(*given: Any) -> Any:
        nonlocal read
        read += 1
        return terms(*given)

    engine.terms = counted  # type: ignore[method-assign]
    corrected(engine, "californai texsa marinlli secesion")
    few = read
    corrected(engine, " ".join(["californai texsa marinlli secesion"] * 50))
    assert read == 2 * few
