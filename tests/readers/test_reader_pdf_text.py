"""From lines on pages to paragraphs: joined, mended, and without what is on every page."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.readers.documents.pdftext import Line, running_text

# A line of a column 300 points wide, in letters 10 points high and 5 wide.
LEFT, WIDTH, LETTER, HEIGHT, LEADING = 72.0, 300.0, 5.0, 10.0, 12.0
FULL = 60


def line(
    text: str, base: float, left: float = LEFT, height: float = HEIGHT, *, cut: bool = False
) -> Line:
    return Line(text, left, left + LETTER * len(text), base, height, cut)


def full(start: str, length: int = FULL) -> str:
    """A line that begins with some words and fills its column."""
    return (start + " lorem ipsum dolor sit amet consectetur adipiscing elit sed do")[
        :length
    ].strip()


def page(*texts: str, top: float = 700.0) -> list[Line]:
    """Lines one under the other; an empty one is a gap."""
    return [line(text, top - LEADING * row) for row, text in enumerate(texts) if text]


def paragraphs(*pages: list[Line]) -> list[str]:
    return running_text(list(pages)).split("\n\n")


def test_lines_under_each_other_are_one_paragraph():
    assert paragraphs(page(full("The ferries"), full("stayed in"), "port on Monday.")) == [
        f"{full('The ferries')} {full('stayed in')} port on Monday."
    ]


def test_a_gap_begins_a_paragraph():
    first, second = full("The ferries") + ".", full("Schools on")
    assert paragraphs(page(first, first, first, "", second, second)) == [
        f"{first} {first} {first}",
        f"{second} {second}",
    ]


def test_an_indented_line_begins_a_paragraph():
    lines = page(
        full("The ferries"), full("stayed in") + ".", full("Schools on"), full("the island")
    )
    lines[2] = line(lines[2].text, lines[2].base, LEFT + 10)
    assert [text[:10] for text in paragraphs(lines)] == ["The ferrie", "Schools on"]


def test_a_line_with_room_for_the_next_word_ends_its_paragraph():
    lines = page(full("The ferries"), "stayed in port.", full("Schools on"), full("The island"))
    assert [text[:10] for text in paragraphs(lines)] == ["The ferrie", "Schools on"]
    lines = page("Background", full("The ferries"), full("stayed in"))
    assert [text[:10] for text in paragraphs(lines)] == ["Background", "The ferrie"]


def test_a_line_of_another_size_begins_a_paragraph():
    lines = [line("Storm closes harbour", 700, height=24), *page(full("The ferries"), top=680)]
    assert paragraphs(lines) == ["Storm closes harbour", full("The ferries")]


def test_a_sentence_that_goes_on_in_lower_case_is_never_broken():
    lines = page(full("The ferries"), "stayed in", full("port on Monday"))
    assert len(paragraphs(lines)) == 1


def test_items_of_a_list_are_paragraphs():
    lines = page("• One item of the list", "• Another item", "• The last")
    assert paragraphs(lines) == ["• One item of the list", "• Another item", "• The last"]


def test_columns_are_read_one_after_the_other():
    left = page(full("The ferries"), full("stayed in"))
    right = [line(full("port on"), 700, 400), line(full("Monday and") + ".", 688, 400)]
    assert paragraphs(left + right) == [
        f"{full('The ferries')} {full('stayed in')} {full('port on')} {full('Monday and')}."
    ]


def test_a_paragraph_goes_on_over_the_end_of_a_page():
    assert len(paragraphs(page(full("The ferries")), page("stayed in port."))) == 1
    assert len(paragraphs(page(full("The ferries") + "."), page("Schools remain closed."))) == 2


@pytest.mark.parametrize(
    ("first", "second", "text"),
    [
        ("the immi", "gration office", "the immigration office"),
        # What goes on in capitals or with a number had its hyphen before.
        ("Jean", "Claude Juncker", "Jean-Claude Juncker"),
        ("an F", "16 fighter", "an F-16 fighter"),
        ("a 21", "year sentence", "a 21-year sentence"),
        # A word with other hyphens has this one too.
        ("a two-year", "old boy", "a two-year-old boy"),
        ("her mother", "in-law", "her mother-in-law"),
        # Some words always have one.
        ("the self", "employed", "the self-employed"),
        ("a London", "based firm", "a London-based firm"),
    ],
)
def test_a_word_that_a_line_end_cut_is_mended_where_that_is_sure(first, second, text):
    lines = [line(first, 700, cut=True), line(second, 688)]
    assert running_text([lines]) == text


def test_a_word_written_with_a_hyphen_elsewhere_keeps_it():
    cut = [line("a snow", 700, cut=True), line("white coat", 688)]
    assert "snow-white coat" in running_text([[*cut, line("The snow-white cat", 640)]])
    assert "snowwhite coat" in running_text([[*cut, line("Snowwhite, a snow-white cat", 640)]])


def test_a_hyphen_that_stands_at_the_end_of_a_line_is_mended_too():
    assert running_text([page("the immi-", "gration office")]) == "the immigration office"
    assert running_text([page("the immi-"), page("gration office")]) == "the immigration office"
    assert running_text([page("the immi\xad", "gration office")]) == "the immigration office"
    assert running_text([page("from 1914-", "18 and on -", "and on")]).count("-") == 2


def edition(count: int, header: str, footer: str) -> list[list[Line]]:
    """Pages with a header and a footer, in which `{n}` is the number of the page."""
    return [
        [
            line(header.replace("{n}", str(number + 17)), 760),
            *page(*[full(f"{['one', 'two', 'three'][number]} line {row}") for row in "abcdefgh"]),
            line(footer.replace("{n}", str(number + 17)), 40),
        ]
        for number in range(count)
    ]


@pytest.mark.parametrize(
    ("header", "footer"),
    [
        ("The Example", "{n}"),
        ("The Example, 5 January 2015", "Page {n} of 212"),
        ("- {n} -", "https://example.org/storm {n}/212"),
        ("Example 5.1.2015 5:45", "{n}"),
    ],
)
def test_what_is_on_page_after_page_in_one_place_is_left_out(header, footer):
    text = running_text(edition(3, header, footer))
    assert "Example" not in text
    assert "example" not in text
    assert "212" not in text
    assert "17" not in text
    assert text.count("line") == 24


def test_what_is_on_two_pages_is_kept():
    text = running_text(edition(2, "The Example", "{n}"))
    assert text.count("The Example") == 2
    assert "17" in text


def test_a_text_that_repeats_itself_is_kept():
    pages = [page(*[full("The ferries stayed")] * 50) for _ in range(5)]
    assert running_text(pages).count("The ferries") == 250
    assert running_text(edition(3, "The Example", "{n}") + pages).count("The ferries") == 250


def test_a_header_close_to_the_text_is_told_by_its_size():
    pages = edition(3, "x", "y")
    for found in pages:
        found[0] = line("The Example", found[1].base + LEADING, height=HEIGHT)
    assert running_text(pages).count("The Example") == 3
    for found in pages:
        found[0] = found[0]._replace(height=1.2 * HEIGHT)
    assert "The Example" not in running_text(pages)


def test_a_line_that_stands_in_the_text_too_is_kept():
    pages = edition(3, "The Example", "{n}")
    pages[1][5] = pages[1][5]._replace(text="The Example")
    assert running_text(pages).count("The Example") == 4


def test_numbers_that_do_not_count_the_pages_are_kept():
    pages = edition(3, "The Example", "Total: {n}")
    for number, found in enumerate(pages):
        found[-1] = line(f"Total: {(5, 31, 2)[number]}", 40)
    text = running_text(pages)
    assert all(f"Total: {number}" in text for number in (5, 31, 2))


def test_what_repeats_elsewhere_on_the_page_is_kept():
    pages = edition(3, "x", "y")
    for number, found in enumerate(pages):
        found[0] = line("The Example", 760 + 5 * number)
        found[5] = line("Said the harbour master.", found[5].base)
    text = running_text(pages)
    assert text.count("The Example") == 3
    assert text.count("Said the harbour master.") == 3


numbers = st.floats(-3e6, 3e6) | st.sampled_from([0.0, 10.0, 700.0])
lines_ = st.builds(
    Line,
    st.text(st.sampled_from("ab -1.•A"), min_size=1, max_size=8),
    *[numbers] * 4,
    st.booleans(),
)


@given(st.lists(st.lists(lines_, max_size=8), max_size=5))
@settings(max_examples=80)
def test_no_letter_is_lost_or_added_wherever_lines_stand(pages):
    # Two pages cannot repeat anything often enough to be left out.
    text = running_text(pages[:2])
    letters = "".join(found.text for each in pages[:2] for found in each)
    kept = str.maketrans("", "", "- \n")
    assert text.translate(kept) == letters.translate(kept)
    assert isinstance(running_text(pages), str)
