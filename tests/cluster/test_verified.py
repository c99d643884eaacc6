"""Which rows of the query language OpenSearch can't be asked for: a table, and no other."""

from __future__ import annotations

from datetime import date

import pytest

from newsidx.engines.opensearch.compile import Compiler, verifies
from newsidx.query.bind import bind
from newsidx.query.parser import parse
from tests.contract.cases import CASES

VERIFIED = {
    "==WHO": "how a word is spelt",
    '=="The WHO"': "how the words of a phrase are spelt",
    "source:==CNN": "how a value is spelt",
    "==WHO w/3 said": "a spelling near another word",
    "russia -==WHO": "what is inside a negation",
    "==WHO OR russia": "one alternative of several",
    'atleast2("yes california")': "overlapping phrases, counted",
    "atleast2(elect*)": "the occurrences of a pattern, counted",
    "atleast17(russia)": "more occurrences than 16",
    "(a1 OR a2 OR a3 OR a4 OR a5 OR a6 OR a7 OR a8 OR a9) w/3 "
    "(b1 OR b2 OR b3 OR b4 OR b5 OR b6 OR b7 OR b8)": "more than 64 pairs of alternatives",
}
"""Query -> what the cluster can't say of it, so that articles are read."""

EXECUTED = [
    "russia secession", "russia OR secession", "-russia", '"yes california"', '"yes stay"~3',
    "=secession", "elect*", "te?t", "/secess(ion|ed)/", "marinelly~2", "a w/5 b", "a pre/5 b",
    '"yes california" w/3 (stay OR "the state")', "atleast3(russia)", "atleast2(russia OR moscow)",
    "atleast1(elect*)", "hlead:calexit", "title:calexit", "source:cnn", "source:=cnn",
    "date:2016..2017-02", "words>500", "author:*", "-date:*", "term^2", "*",
]  # fmt: skip


@pytest.mark.parametrize("query", VERIFIED)
def test_what_the_cluster_cant_be_asked_for_is_verified(query: str) -> None:
    tree = bind(parse(query), query, language="en", today=date(2024, 5, 17)).tree
    assert verifies(tree)
    assert not Compiler("en", ["en"]).compiled(tree).exact


@pytest.mark.parametrize("query", EXECUTED)
def test_everything_else_is_asked_for(query: str) -> None:
    tree = bind(parse(query), query, language="en", today=date(2024, 5, 17)).tree
    assert not verifies(tree)
    assert Compiler("en", ["en", "de"]).compiled(tree).exact


def test_of_the_contract_only_these_kinds_are_verified() -> None:
    verified = set()
    for query, _ in CASES:
        if verifies(bind(parse(query), query, language="en", today=date(2024, 5, 17)).tree):
            verified.add(query)
    assert all("==" in query or "atleast" in query for query in verified)
    assert 0 < len(verified) < len(CASES) / 4
