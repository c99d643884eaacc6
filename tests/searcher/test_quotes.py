"""Whether a quotation is in the archive, and what was changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import newsidx
from newsidx.article import Article
from newsidx.engines.memory import MemoryEngine
from newsidx.searcher.quotation import Quotation
from newsidx.searcher.quotes import Quotations, quoted_words
from tests.conftest import make_article

SPEECH = (
    "The mayor spoke on Tuesday. “I will not resign before the count is over,” she told the "
    "council, “and nobody in this room can make me.” Turnout fell to 41.5 percent in the "
    "well-established districts by the river, where 1,204 people voted without a valid card. "
    "Her deputy said that the   plan had been drawn up years ago by the council's own staff. "
    "It was an inde-\npendent report, according to the résumé that US officials released."
)
HEADLINE = "A first sentence as a headline here"
ARCHIVE = [
    make_article("Mayor stays", SPEECH, source="Harbor Courier", published="2016-11-08"),
    make_article("Mayor will stay", SPEECH, source="Pacific Ledger", published="2016-11-07"),
    make_article(
        "A brief",
        "“I will not resign before the count is over,” she told the council.",
        source="Harbor Courier",
    ),
    make_article(
        "Ganz anders",
        "Der Minister sagte, er habe das Geld nicht von der Firma genommen.",
        language="de",
        published="2017",
    ),
    make_article("Bananas are yellow and so is the sun at noon", "Nothing.", published="2018"),
    make_article(HEADLINE, f"{HEADLINE}. More.", provenance={"title": "first-sentence"}),
]


def archive(*articles: Article) -> Quotations:
    return Quotations(MemoryEngine(articles, "en"), "en", lambda article: f"/{article.path}")


@pytest.fixture(scope="module")
def check() -> Callable[[str], Quotation]:
    return archive(*ARCHIVE).check


def pieces(found: Quotation) -> list[tuple[str, str, str]]:
    assert found.place
    return [(p.kind, p.quoted, p.archived) for p in found.place.pieces if p.kind != "same"]


def flags(found: Quotation) -> list[tuple[str, str, str, str]]:
    assert found.place
    return [(flag.kind, flag.word, flag.side, flag.where) for flag in found.place.flags]


@pytest.mark.parametrize(
    "text",
    [
        "I will not resign before the count is over",
        "„I will not resign before the count is over“",
        "she told the council, «and nobody in this room»",
        "i will not resign before the count is over",
        "Nobody in this room can make me",
        "It was an independent report, according to",
        "the coun-\ncil's own staff",
        "years ago by the council’s own staff",
        "people voted without a valid card",
        "“[the] plan had been drawn up years ago",
        "Bananas are yellow and so is the sun",
    ],
)
def test_a_quotation_with_nothing_but_other_marks_is_verbatim(
    check: Callable[[str], Quotation], text: str
) -> None:
    found = check(text)
    assert found.verdict == "verbatim"
    assert found.place
    assert not found.place.changes
    assert (
        found.place.text
        == getattr(found.place.article, found.place.field)[found.place.start : found.place.end]
    )


def test_composed_and_decomposed_letters_are_the_same(check: Callable[[str], Quotation]) -> None:
    assert check("the re\u0301sume\u0301 that US officials released").verdict == "verbatim"


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("I will now resign before the count is over", ("replaced", "now", "not")),
        ("I will resign before the count is over", ("missing", "", "not")),
        ("I will not ever resign before the count is over", ("added", "ever", "")),
        ("Turnout fell to 45.5 percent in the", ("replaced", "45.5", "41.5")),
        ("Turnout fell to 41,5 percent in the", ("replaced", "41,5", "41.5")),
        ("Turnout fell to 41.5 % in the", ("replaced", "41.5 %", "percent")),
        ("where 1,204 people voted with a valid card", ("replaced", "with", "without")),
        ("drawn up years ago by the council own staff", ("replaced", "council", "council's")),
        ("according to the resume that US officials", ("spelling", "resume", "résumé")),
        ("the résumé that us officials released", ("spelling", "us", "US")),
        (
            "people voted without a valid  card or badge now",
            ("replaced", "or badge now", "Her deputy said"),
        ),
    ],
)
def test_a_quotation_that_differs_is_altered_and_the_difference_is_told(
    check: Callable[[str], Quotation], text: str, changed: tuple[str, str, str]
) -> None:
    found = check(text)
    assert found.verdict == "altered"
    assert changed in pieces(found)


def test_an_ellipsis_leaves_words_out_and_says_which(check: Callable[[str], Quotation]) -> None:
    found = check("Turnout fell … in the well-established districts [...] where 1,204 people voted")
    assert found.verdict == "verbatim"
    assert pieces(found) == [
        ("elided", "…", "to 41.5 percent"),
        ("elided", "[...]", "by the river"),
    ]
    assert ("number", "41.5", "archive", "elided") in flags(found)


def test_what_an_ellipsis_has_swallowed_is_flagged(check: Callable[[str], Quotation]) -> None:
    found = check("I will … resign before the count is over")
    assert found.verdict == "verbatim"
    assert flags(found) == [("negation", "not", "archive", "elided")]


def test_flags_go_by_the_language_of_the_article(check: Callable[[str], Quotation]) -> None:
    found = check("er habe das Geld … von der Firma genommen")
    assert found.verdict == "verbatim"
    assert flags(found) == [("negation", "nicht", "archive", "elided")]


def test_an_ellipsis_does_not_reach_over_pages() -> None:
    far = "We begin here with this " + "word after word " * 40 + "and end it there at last."
    found = archive(make_article("T", far)).check("We begin here … end it there at last")
    assert found.verdict != "verbatim"


def test_the_parts_of_a_quotation_have_to_come_in_order(check: Callable[[str], Quotation]) -> None:
    text = "nobody in this room can make me … I will not resign before the count"
    assert check(text).verdict != "verbatim"


def test_a_bracket_stands_for_what_it_replaces(check: Callable[[str], Quotation]) -> None:
    found = check("drawn up years ago by [their] own staff")
    assert found.verdict == "verbatim"
    assert pieces(found) == [("inserted", "[their]", "the council's")]
    found = check("people vote[d] without a [so-called] valid card")
    assert pieces(found) == [("inserted", "[so-called]", "")]
    found = check("people vot[ing] without a valid card")
    assert (found.verdict, pieces(found)) == ("verbatim", [("inserted", "vot[ing]", "voted")])


def test_a_bracket_that_hides_a_negation_is_flagged(check: Callable[[str], Quotation]) -> None:
    found = check("I will [surely] resign before the count is over")
    assert flags(found) == [("negation", "not", "archive", "inserted")]
    found = check("Her deputy said that the plan had [not] been drawn up")
    assert flags(found) == [("negation", "not", "quotation", "inserted")]


def test_a_gap_in_the_quotation_stands_for_a_word_with_hyphens(
    check: Callable[[str], Quotation],
) -> None:
    found = check("in the   districts by the river")
    assert found.verdict == "verbatim"
    assert pieces(found) == [("gap", "", "well-established")]


def test_a_gap_in_the_archive_stands_for_a_word_with_hyphens(
    check: Callable[[str], Quotation],
) -> None:
    found = check("Her deputy said that the two-step plan had been drawn up years ago")
    assert found.verdict == "verbatim"
    assert pieces(found) == [("gap", "two-step", "")]
    assert flags(found) == [("number", "two", "quotation", "gap")]


def test_a_gap_that_stands_for_nothing_is_no_word_that_is_the_same(
    check: Callable[[str], Quotation],
) -> None:
    plain, gaps = check("I will never count the sea"), check("I will   never   count   the sea")
    assert plain.place is not None
    assert gaps.place is not None
    assert gaps.place.likeness <= plain.place.likeness


def test_a_gap_stands_for_no_other_word(check: Callable[[str], Quotation]) -> None:
    assert check("Her deputy said that the secret plan had been drawn up").verdict == "altered"
    assert check("I will   resign before the count is over").verdict == "altered"
    assert check("Her deputy said that the plan had two-step been drawn up").verdict == "altered"


def test_what_is_not_there_is_absent_with_the_nearest_passage(
    check: Callable[[str], Quotation],
) -> None:
    found = check("The governor will raise taxes on valid parking cards before Christmas")
    assert found.verdict == "absent"
    assert found.places == ()
    assert found.place
    assert found.place.likeness < 0.6
    assert check("zzz qqq xxyx").place is None


def test_a_year_alone_is_not_said_to_be_earlier_than_a_day_in_it() -> None:
    said = "The governor will never close the northern harbour again"
    days = ("2016", "2016-11", "2016-11-07", None)
    archive = [
        make_article("", f"{said}.", id=f"{n}aaaaaaaaaaa", published=day)
        for n, day in enumerate(days)
    ]
    found = Quotations(MemoryEngine(archive, "en"), "en", lambda article: article.path).check(said)
    assert found.earliest == "2016-11-07"
    assert [place.day for place in found.places] == ["2016-11-07", "2016-11", "2016", None]


def test_all_places_are_told_once_each_the_earliest_first(
    check: Callable[[str], Quotation],
) -> None:
    found = check("I will not resign before the count is over")
    assert [place.day for place in found.places] == ["2016-11-07", "2016-11-08", None]
    assert found.place == found.places[0]
    assert (found.earliest, found.outlets) == ("2016-11-07", 2)


def test_an_article_that_has_it_verbatim_stands_before_one_that_has_it_otherwise() -> None:
    whole = make_article("A", "They said the bridge will stay closed until May.", published="2020")
    other = make_article("B", "They said the bridge will stay shut until May.", published="2019")
    found = archive(other, whole).check("the bridge will stay closed until May")
    assert (found.verdict, [p.article.title for p in found.places]) == ("verbatim", ["A"])


def test_no_single_word_has_to_be_there() -> None:
    body = "The harbor master closed both ferry lanes after midnight because of drifting ice."
    words = body.rstrip(".").split()
    search = archive(make_article("Ice", body), make_article("Other", "Something else again."))
    for at in range(len(words)):
        spoilt = " ".join([*words[:at], "zzyzx", *words[at + 1 :]])
        assert search.check(spoilt).verdict == "altered", spoilt


def test_what_stands_at_the_ends_of_a_text_is_compared_as_well() -> None:
    search = archive(make_article("T", "$5 was all the wealth that was the president's"))
    assert search.check("$5 was all the wealth that was the president's").verdict == "verbatim"
    assert search.check("$5 was all the wealth that was the president").verdict == "altered"
    assert search.check("€5 was all the wealth that was the president's").verdict == "altered"
    assert archive(make_article("T", "it fell by 50%")).check("it fell by 50").verdict == "altered"


def test_a_headline_made_of_the_first_sentence_is_no_place_of_its_own(
    check: Callable[[str], Quotation],
) -> None:
    found = check("A first sentence as a headline")
    assert found.place
    assert found.place.field == "body"


def test_brackets_are_not_counted_as_words() -> None:
    assert quoted_words("[They] said … no") == 2
    assert quoted_words("") == 0


def test_a_language_without_spaces_is_compared_by_characters() -> None:
    search = archive(make_article("新聞", "市長は火曜日に辞任しないと述べた。", language="ja"))
    assert search.check("火曜日に辞任しない").verdict == "verbatim"
    assert search.check("火曜日に退任しない").verdict == "altered"


def test_every_engine_gives_the_same_answer(demo: Path) -> None:
    asked = [
        "Calexit then needed 585,407 valid signatures within 180 days",
        "Calexit then needed 585,407 valid signatures within 90 days",
        "The two-step plan had two steps",
        "Nobody ever said this about walruses",
        "the American people",
    ]
    with newsidx.open(demo) as one, newsidx.open(demo, "memory") as other:
        assert list(one.quotations(asked)) == list(other.quotations(asked))
        assert one.quote(asked[0]).verdict == "verbatim"
        assert one.quote(asked[1]).verdict == "altered"
        assert one.quote(asked[2]).verdict == "verbatim"
