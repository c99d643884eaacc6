"""Lines that belong to a page and not to its article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsidx.refine.boilerplate import without_boilerplate

BODY = "The ferries stayed in port.\n\nNo boat is expected to leave."

LINES = [
    "Read more",
    "READ MORE »",
    "Continue reading…",
    "Advertisement",
    "Weiterlesen",
    "Lesen Sie auch:",
    "Lire la suite de l’article",
    "Leer más",
    "Leia também",
    "Leggi anche:",
    "Lees meer",
    "This site uses cookies to improve your experience. By continuing to use it, you agree. OK",
    "We use cookies to show you news. By continuing to browse, you agree to that. Learn more",
    "Diese Website verwendet Cookies. Durch die Nutzung stimmen Sie dem zu.",
    "Ce site utilise des cookies. En poursuivant, vous acceptez leur utilisation.",
    "Este sitio web utiliza cookies.",
]


@pytest.mark.parametrize("line", LINES)
def test_a_line_of_the_page_goes_from_the_top_and_the_end(line: str) -> None:
    assert without_boilerplate(f"{line}\n\n{BODY}\n{line}\n\n{line}") == BODY


@pytest.mark.parametrize("line", LINES)
def test_the_same_line_within_the_text_stays(line: str) -> None:
    text = f"{BODY}\n\n{line}\n\n{BODY}"
    assert without_boilerplate(text) is text


@pytest.mark.parametrize(
    "line",
    [
        "Read more books, she said.",
        "Read more about the storm",
        "We use cookies to track them, the minister said.",
        "“This site uses cookies,” she read.",
        "This site uses cookies, and nobody asked. The minister was not amused. He resigned.",
        "Cookies",
        "More",
        "Share",
    ],
)
def test_a_line_that_only_looks_like_it_stays(line: str) -> None:
    text = f"{line}\n\n{BODY}\n\n{line}"
    assert without_boilerplate(text) is text


@pytest.mark.parametrize("text", ["", "Read more", "Read more\n\nAdvertisement"])
def test_a_body_of_nothing_else_stays(text: str) -> None:
    assert without_boilerplate(text) == text


@given(st.lists(st.sampled_from(["Read more", "A sentence.", "", "Leer más", "x"]), max_size=8))
def test_no_line_goes_that_is_not_on_the_list_and_never_all(lines: list[str]) -> None:
    text = "\n".join(lines).strip()
    left = without_boilerplate(text)
    assert left in text
    assert left.count("A sentence.") == text.count("A sentence.")
    assert bool(left) == bool(text)
