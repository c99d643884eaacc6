"""What became of a text in another one."""

from __future__ import annotations

from newsidx.searcher.changes import Text, changes
from tests.conftest import make_article

FERRY = "The ferry left the harbour at nine in the morning with forty people aboard."
STORM = "A storm broke over the wall an hour later, and the captain turned back."
MAYOR = "“Nobody could have known,” said the mayor, who had not slept that night."
BANK = "The bank across the square lent its rooms to those who could not go home."
ALL = [FERRY, STORM, MAYOR, BANK]


def compared(base: str, other: str, title: str = "Storm", *, by_word: bool = False):
    first, second = make_article("Storm", base), make_article(title, other)
    return changes(Text(first), Text(second), by_word=by_word)


def test_the_same_text_has_no_changes() -> None:
    found = compared(" ".join(ALL), "\n\n".join(ALL), by_word=True)
    assert (found.shared, found.kept, found.taken) == (1, 1, 1)
    assert (found.cut, found.added, found.words) == ((), (), ())
    assert not found.altered
    assert not found.reordered
    assert not found.headline


def test_sentences_that_follow_on_each_other_are_cut_as_one_passage() -> None:
    base = " ".join(ALL)
    found = compared(base, f"{FERRY} {BANK}")
    (cut,) = found.cut
    assert cut.text == f"{STORM} {MAYOR}"
    assert base[cut.start : cut.end] == cut.text
    assert cut.words == 14 + 13
    assert not found.added
    assert found.kept < 0.6
    assert found.taken > 0.9


def test_paragraphs_are_passages_of_their_own() -> None:
    found = compared("\n\n".join(ALL), f"{FERRY}\n\n{BANK}")
    assert [each.text for each in found.cut] == [STORM, MAYOR]


def test_what_is_added_has_its_place_in_the_other_text() -> None:
    other = f"{FERRY} {STORM} {MAYOR} {BANK}"
    found = compared(f"{FERRY} {STORM} {BANK}", other)
    (added,) = found.added
    assert other[added.start : added.end] == added.text == MAYOR
    assert not found.cut
    assert not found.altered


def test_words_replaced_in_a_sentence_that_stays_are_altered() -> None:
    found = compared(" ".join(ALL), " ".join(ALL).replace("forty", "fifty"), by_word=True)
    assert found.altered == 1
    assert (found.cut, found.added) == ((), ())
    assert found.words is not None
    (change,) = found.words
    assert (change.cut, change.added) == ("forty", "fifty")
    assert (change.before, change.after) == ("the morning with", "people aboard. A")
    assert " ".join(ALL).replace("forty", "fifty")[change.at :].startswith("fifty")


def test_another_order_is_seen_and_nothing_is_cut_then() -> None:
    found = compared(" ".join(ALL), " ".join([BANK, FERRY, STORM, MAYOR]))
    assert found.reordered
    assert (found.cut, found.added) == ((), ())


def test_a_cut_is_no_other_order() -> None:
    assert not compared(" ".join(ALL), f"{STORM} {BANK}").reordered


def test_a_headline_is_another_when_its_words_are() -> None:
    assert compared(FERRY, FERRY, "Ferry lost in storm").headline
    assert not compared(FERRY, FERRY, "STORM!").headline


def test_a_short_sentence_that_has_moved_is_not_cut() -> None:
    found = compared(f"Nobody waved. {FERRY} {STORM}", f"{FERRY} Nobody waved. {STORM}")
    assert (found.cut, found.added) == ((), ())


def test_texts_without_words_can_be_compared() -> None:
    found = compared("", "…", by_word=True)
    assert (found.shared, found.cut, found.added, found.words) == (0, (), (), ())
