"""Bylines taken apart into names."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.refine.names import split_byline


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By GARY LANGER and Ann Lee", ["Gary Langer", "Ann Lee"]),
        ("by: Ann Lee & Bob Ray", ["Ann Lee", "Bob Ray"]),
        ("Ann Lee, Bob Ray, and Cy Fox", ["Ann Lee", "Bob Ray", "Cy Fox"]),
        ("Ann Lee; Bob Ray\nCy Fox", ["Ann Lee", "Bob Ray", "Cy Fox"]),
        ("Lee, Ann; Ray, Bob", ["Lee, Ann", "Ray, Bob"]),
        ("Von Hans Müller und Eva Groß", ["Hans Müller", "Eva Groß"]),
        ("Por Ana Pérez y Luis Gómez", ["Ana Pérez", "Luis Gómez"]),
        ("Par Jean Dupont et Ève Roy", ["Jean Dupont", "Ève Roy"]),
        ("Door Jan de Vries", ["Jan de Vries"]),
        ("Von HANS MÜLLER", ["Hans Müller"]),
        ("By GARY LANGER and Ann Lee, Associated Press Writer", ["Gary Langer", "Ann Lee"]),
        ("Analysis by Ann Lee, Outlet Editor-at-large", ["Ann Lee"]),
        ("Posted by Ann Lee", ["Ann Lee"]),
        ("Ann Lee in Berlin and BOB RAY IN PARIS", ["Ann Lee", "Bob Ray"]),
        ("Ann Lee, MS, RD", ["Ann Lee MS RD"]),
        ("Ludwig van Dam, Maria de la Cruz", ["Ludwig van Dam", "Maria de la Cruz"]),
        ("John Doe, Jr., and Ann Lee", ["John Doe Jr.", "Ann Lee"]),
    ],
)
def test_names_are_parted_where_all_parts_look_like_full_names(
    byline: str, names: list[str]
) -> None:
    assert split_byline(byline) == names


@pytest.mark.parametrize(
    "byline",
    [
        "Lee, Ann",
        "Johnson & Johnson",
        "José Ortega y Gasset",
        "Department of Health and Human Services",
        "Madonna, Ann Lee",
        "Von Miller",
        "von der Leyen, Ursula",
        "Bystander Jones",
        "Story Jones",
        "Staffan Report",
        "Ann Lee Environment editor",
        "Smith in the City",
        "Jack Ma",
        "The Editorial Board",
        "Ann Lee and the Editors",
        "王小明",
        "jane doe",
    ],
)
def test_what_is_not_sure_stays_one_name(byline: str) -> None:
    assert split_byline(byline) == [byline]


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("Ann Lee, Associated Press Writer", ["Ann Lee"]),
        ("Ann Lee, Reuters", ["Ann Lee"]),
        ("Ann Lee, National Politics Reporter, Bob Ray", ["Ann Lee", "Bob Ray"]),
        ("Ann Lee, Special to the Times", ["Ann Lee"]),
        ("Ann Lee (ann.lee@example.com)", ["Ann Lee"]),
        ("Ann Lee, https://example.com/ann", ["Ann Lee"]),
        ("Ann Lee, Ann.Lee Example.Com", ["Ann Lee"]),
        ("Ann Lee @annlee", ["Ann Lee"]),
        ("View All Posts,Ann Lee", ["Ann Lee"]),
        ("AFP/Ann Lee", ["Ann Lee"]),
        ("Ann Lee / Reuters", ["Ann Lee"]),
        ("Ann Lee, CNN Business", ["Ann Lee"]),
        ("https://www.facebook.com/annlee", []),
        ("facebook.com/annlee", []),
        ("Staff", []),
        ("Reuters Staff", []),
        ("By Staff and Wire Reports", []),
        ("From Herald staff reports", []),
        ("Redaktion", []),
        ("Por la Redacción", []),
        ("La rédaction", []),
        ("By Staff Writer", []),
        ("ann@example.com", []),
        ("By", []),
        ("  ", []),
    ],
)
def test_addresses_and_jobs_are_no_names(byline: str, names: list[str]) -> None:
    assert split_byline(byline) == names


def test_an_agency_is_the_author_where_nobody_else_is() -> None:
    assert split_byline("By REUTERS") == ["Reuters"]
    assert split_byline("By the Associated Press") == ["Associated Press"]
    assert split_byline("The Associated Press") == ["Associated Press"]
    assert split_byline("AP") == ["AP"]
    assert split_byline(["Associated Press", "Ann Lee"]) == ["Ann Lee"]


@pytest.mark.parametrize(
    ("byline", "name"),
    [
        ("DAVID J.R. MCCARTHY III", "David J.R. McCarthy III"),
        ("ANNE-MARIE O’NEILL", "Anne-Marie O’Neill"),
        ("ÉMILE ZOLA", "Émile Zola"),
        ("Ann McLee", "Ann McLee"),
        ("bell hooks", "bell hooks"),
    ],
)
def test_only_all_capitals_are_written_as_names_are(byline: str, name: str) -> None:
    assert split_byline(byline) == [name]


def test_a_name_comes_once_in_the_place_it_first_had() -> None:
    assert split_byline(["Bob Ray", "Ann Lee and BOB RAY", "ann lee"]) == ["Bob Ray", "Ann Lee"]


@settings(max_examples=300)
@given(st.text() | st.text(st.sampled_from("AnnLe ,;&.@yBby\n'")))
def test_names_are_never_empty_and_never_twice(byline: str) -> None:
    names = split_byline(byline)
    assert all(name.strip() for name in names)
    assert len({name.casefold() for name in names}) == len(names)
