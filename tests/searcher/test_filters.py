"""Filters beside a query: what they let through, and what is no value of one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from newsidx.engines.base import Engine, SearchRequest
from newsidx.errors import UsageError
from newsidx.searcher.filters import Filters, filters_of
from newsidx.searcher.question import Ask, understand
from newsidx.searcher.search import ask
from tests.contract.cases import ARCHIVE, EVERYTHING
from tests.contract.engines import USUAL

TODAY = date(2024, 5, 17)
NAMES = {article.id: name for name, article in ARCHIVE.items()}

CASES: list[tuple[str, dict[str, Any], set[str]]] = [
    ("*", {}, set(EVERYTHING)),
    ("*", {"since": "2016-12"}, {"texas", "haeuser", "moscow"}),
    ("*", {"since": "2016-12-02"}, {"haeuser", "moscow"}),
    ("*", {"until": "2016-11-08"}, {"calexit"}),
    ("*", {"until": "2016-12"}, {"calexit", "texas"}),
    ("*", {"until": "2016-12-30"}, {"calexit"}),
    ("*", {"since": "2016", "until": "2016"}, {"calexit", "texas"}),
    ("*", {"until": "yesterday", "since": "2020"}, {"moscow"}),
    ("*", {"source": "cnn"}, {"texas", "undated"}),
    ("*", {"source": "cnn international"}, {"texas"}),
    ("*", {"source": ["harbor courier", "chronik"]}, {"calexit", "haeuser"}),
    ("*", {"author": "smith"}, {"calexit"}),
    ("*", {"author": "ann lee"}, {"calexit"}),
    ("*", {"tag": "national security"}, {"calexit"}),
    ("*", {"tag": ["national security", "national park"]}, {"calexit", "texas"}),
    ("*", {"lang": "de"}, {"haeuser"}),
    ("*", {"lang": ["de", "ja"]}, {"haeuser", "tokyo"}),
    ("*", {"section": "politics"}, {"calexit"}),
    ("*", {"source": "cnn", "author": "lee"}, {"texas"}),
    ("california", {"tag": "national park"}, {"texas"}),
    ("california OR haus", {"lang": "de"}, {"haeuser"}),
    ("-california", {"source": "cnn"}, {"undated"}),
    ("the rain", {"source": "cnn"}, {"undated"}),
    # Values are words, whatever they would be in a query
    ("*", {"source": "c*"}, set()),
    ("*", {"source": "cnn OR chronik"}, set()),
    ("*", {"tag": 'national" OR "security'}, set()),
    ("*", {"author": "O'Brien) OR (lee"}, set()),
]


def asked(engine: Engine, text: str, filters: Filters, **options: bool) -> dict[str, float]:
    understood = understand(Ask(text, filters=filters, **options), "en", TODAY)  # type: ignore[arg-type]
    found = engine.search(SearchRequest(understood.query, limit=None))
    assert found.total == len(found.hits)
    return {NAMES[hit.id]: hit.score for hit in found.hits}


@pytest.mark.parametrize("name", USUAL)
def test_filters_let_through_what_the_same_fields_of_a_query_do(name: str, tmp_path: Path) -> None:
    engine = USUAL[name](ARCHIVE.values(), tmp_path)
    for text, filters, expected in CASES:
        assert set(asked(engine, text, filters_of(**filters))) == expected, (text, filters)
    engine.close()


@pytest.mark.parametrize("name", USUAL)
def test_filters_change_no_score(name: str, tmp_path: Path) -> None:
    engine = USUAL[name](ARCHIVE.values(), tmp_path)
    without = asked(engine, "california OR texas^2 OR elect*", Filters())
    filters = filters_of(since="2016-01-01", source="cnn", author="lee", lang="en")
    filtered = asked(engine, "california OR texas^2 OR elect*", filters)
    assert set(filtered) == {"texas"}
    assert filtered["texas"] == without["texas"] > 0
    engine.close()


def test_filters_hold_also_where_any_word_will_do(tmp_path: Path) -> None:
    engine = USUAL["memory"](ARCHIVE.values(), tmp_path)
    filters = filters_of(source="cnn")
    assert set(asked(engine, "marinelli texas rain", filters, any_word=True)) == {
        "texas",
        "undated",
    }


def test_the_answer_says_which_filters_held() -> None:
    filters = filters_of(since="2016-11-08", until="2017", source=["CNN", 'The "Sun"'], lang="en")
    info = understand(Ask("x", filters=filters), "en", TODAY).info
    assert info.understood == "x"
    assert info.filters == (
        "date:2016-11-08..2017",
        'source:("CNN" OR “The "Sun"”)',
        'lang:"en"',
    )


def test_a_day_may_be_given_as_one() -> None:
    assert filters_of(since=date(2016, 11, 8)) == Filters(since="2016-11-08")


def test_a_wildcard_in_a_filter_is_warned_of() -> None:
    info = understand(Ask("x", filters=filters_of(source="cn*")), "en", TODAY).info
    assert info.starred == ("cn*",)


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"since": "soon"}, "--since: 'soon' is not a date."),
        ({"until": "2016-13"}, "--until: There is no month 13"),
        ({"since": ""}, "--since: '' is not a date."),
        ({"since": "03/04/2016"}, "--since: 03/04/2016 could be two days"),
        ({"since": "2017", "until": "2016"}, "--since 2017 is after --until 2016."),
        ({"since": "2016-11-08", "until": "2016-11-07"}, "is after --until"),
        ({"source": "&"}, "--source '&' holds no word"),
        ({"tag": ["secession", ""]}, "--tag '' holds no word"),
    ],
)
def test_a_value_that_makes_no_sense_is_an_error_that_names_the_option(
    filters: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError) as caught:
        understand(Ask("x", filters=filters_of(**filters)), "en", TODAY)
    assert message in caught.value.message


def test_a_filter_is_not_highlighted() -> None:
    engine = USUAL["memory"](ARCHIVE.values(), Path())
    question = Ask("california", filters=filters_of(source="cnn"))
    understood = understand(question, "en", TODAY)
    _, hits = ask(engine, understood.query, question, "en", {}, shown=understood.tree)
    assert [{span.field for span in hit.highlights} for hit in hits] == [{"body"}]
