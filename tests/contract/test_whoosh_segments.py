"""Our segments are those that Whoosh's own writer would have written."""

from __future__ import annotations

import pickle
import random
import tempfile
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from whoosh.formats import Positions
from whoosh.index import create_in, open_dir
from whoosh.query import Term
from whoosh.writing import SegmentWriter

from newsidx.analysis import index_terms
from newsidx.article import Article, article_id
from newsidx.engines import whoosh as engine
from newsidx.engines.merging import FEW, to_merge
from newsidx.engines.whoosh import encoding, writer
from newsidx.engines.whoosh.blocks import Postings
from newsidx.engines.whoosh.decoding import steps_of, steps_of_tokens
from newsidx.engines.whoosh.encoding import opaque, positional
from newsidx.engines.whoosh.files import opened
from newsidx.engines.whoosh.layout import FIXED, PADDING_TERM, POSITIONAL_FIELDS, whoosh_schema
from newsidx.engines.whoosh.terms import Dictionary
from newsidx.engines.whoosh.toc import read_toc
from newsidx.query.ranking import LENGTH_PADDING
from newsidx.schema import FIELDS, TEXT_FIELDS
from tests.contract.cases import ARCHIVE

LETTERS = [a + b + c for a in "bdgk" for b in "aiou" for c in "lmnr"]
RANKED = (*TEXT_FIELDS, "ranking", "tags")
ARTICLES = [
    *ARCHIVE.values(),
    *(
        Article(
            id=article_id(f"made:{number}"),
            title=f"Story {number % 7} of the harbour",
            body="The harbour was closed. " * (number % 40 + 1)
            + f"Number {number} and {number * 3}.",
            source=("Courier", "Ledger", None)[number % 3],
            words=number,
        )
        for number in range(700)
    ),
]


def ours(folder: Path, articles: list[Article]) -> Any:
    folder.mkdir()
    engine.create(folder, "en")
    opened = engine.open(folder, "en")
    writing = opened.writer()
    for article in articles:
        writing.add(article)
    writing.commit()
    opened.close()
    return open_dir(str(folder))


def theirs(folder: Path, articles: list[Article]) -> Any:
    """The same terms, by way of Whoosh's own pool and posting writer."""
    folder.mkdir()
    index = create_in(str(folder), whoosh_schema())
    stock: Any = SegmentWriter(index, compound=False)
    for article in articles:
        terms = index_terms(article, "en")
        document, store = stock.docnum, stock.perdocwriter
        store.start_doc(document)
        for name in terms.positions.keys() & POSITIONAL_FIELDS:
            places, encode = terms.positions[name], stock.schema[name].format.encode
            for term, where in places.items():
                stock.pool.add((name, term.encode(), document, float(len(where)), encode(where)))
            store.add_field(name, None, None, sum(map(len, places.values())))
        for term, count in {**terms.frequencies, PADDING_TERM: LENGTH_PADDING}.items():
            value = count.to_bytes(4, "big")
            stock.pool.add(("ranking", term.encode(), document, float(count), value))
        store.add_field("ranking", None, None, terms.length + LENGTH_PADDING)
        for field in FIELDS:
            if article.values(field.name):
                stock.pool.add(("has", field.name.encode(), document, 1.0, b"\0\0\0\1"))
        store.finish_doc()
        stock.docnum += 1
        stock._added = True
    stock.commit(merge=False)
    return index


def everything(index: Any) -> Iterator[tuple[Any, ...]]:
    """Every term with what is known of it, and every posting of it."""
    reader = index.reader()
    for name, term in reader.all_terms():
        info = reader.term_info(name, term)
        known = (info.weight(), info.doc_frequency(), info.min_length(), info.max_length())
        yield name, term, *known, info.max_weight(), info.min_id(), info.max_id()
        matcher = reader.postings(name, term)
        positions = isinstance(index.schema[name].format, Positions)
        while matcher.is_active():
            where = matcher.value_as("positions") if positions else matcher.value_as("frequency")
            yield name, term, matcher.id(), matcher.weight(), where
            matcher.next()
    for name in index.schema.names():
        lengths = [reader.doc_field_length(d, name) for d in range(reader.doc_count_all())]
        yield name, reader.field_length(name), lengths
    reader.close()


@pytest.fixture(params=[3, 128, 512])
def blocks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "BLOCK_POSTINGS", request.param)


@pytest.mark.usefixtures("blocks")
def test_every_posting_length_and_statistic_is_that_of_stock_whoosh(tmp_path: Path) -> None:
    one, other = ours(tmp_path / "ours", ARTICLES), theirs(tmp_path / "theirs", ARTICLES)
    assert list(everything(one)) == list(everything(other))


def test_scores_are_those_of_stock_whoosh(tmp_path: Path) -> None:
    found = []
    for index in (ours(tmp_path / "ours", ARTICLES), theirs(tmp_path / "theirs", ARTICLES)):
        with index.searcher() as searcher:
            for name, word in (("body", "harbour"), ("title", "story"), ("ranking", "number")):
                hits = searcher.search(Term(name, word), limit=None)
                found.append([(hit.docnum, hit.score) for hit in hits])
    assert found[:3] == found[3:]
    assert all(found)


def test_thousands_of_articles_have_every_posting_and_score_of_stock_whoosh(
    tmp_path: Path,
) -> None:
    chance = random.Random(7)
    words = [f"{stem}{ending}" for stem in LETTERS for ending in ("e", "ed", "ing", "é", "ос")]
    weights = [1 / rank for rank in range(1, len(words) + 1)]
    articles = [
        Article(
            id=article_id(f"drawn:{number}"),
            title=" ".join(chance.choices(words, weights, k=5)),
            body=" ".join(chance.choices(words, weights, k=chance.randrange(2, 60))),
            tags=tuple(chance.sample(words, 2)),
            words=number,
            language=chance.choice(("en", "fr", "ru", None)),
        )
        for number in range(2500)
    ]
    one, other = ours(tmp_path / "ours", articles), theirs(tmp_path / "theirs", articles)
    assert list(everything(one)) == list(everything(other))
    with one.searcher() as ready, other.searcher() as expected:
        scored = [(n, t) for n, t in expected.reader().all_terms() if n in RANKED]
        assert len(scored) > 1000
        for name, term in scored:
            pair = [s.search(Term(name, term), limit=None) for s in (ready, expected)]
            found, wanted = ([(hit.docnum, hit.score) for hit in hits] for hits in pair)
            assert found == wanted, (name, term)


def test_many_segments_merge_into_what_one_would_have_been(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = ours(tmp_path / "whole", ARTICLES)
    monkeypatch.setattr(writer, "_MEMORY", 20_000)
    monkeypatch.setattr(writer, "to_merge", lambda sizes, deleted: [list(range(len(sizes)))])
    merged = ours(tmp_path / "merged", ARTICLES)
    assert len(merged._segments()) == 1
    assert list(everything(merged)) == list(everything(whole))


def test_a_merge_leaves_deleted_articles_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, gone = ARTICLES[::2], [article.id for article in ARTICLES[1::2]]
    directory = tmp_path / "ours"
    ours(directory, ARTICLES)
    monkeypatch.setattr(writer, "to_merge", lambda sizes, deleted: [list(range(len(sizes)))])
    opened = engine.open(directory, "en")
    writing = opened.writer()
    writing.delete(gone)
    writing.commit()
    opened.close()
    fresh = ours(tmp_path / "fresh", kept)
    found, expected = list(everything(open_dir(str(directory)))), list(everything(fresh))
    # What was deleted is known by its rounded length alone, so totals are a little off.
    totals = len(fresh.schema.names())
    assert found[:-totals] == expected[:-totals]
    for (name, total, lengths), (_, exact, right) in zip(
        found[-totals:], expected[-totals:], strict=True
    ):
        assert (name, total, lengths) == (name, pytest.approx(exact, rel=0.05), right)


def encoded_positions(positions: list[int]) -> bytes:
    values = positional(np.array(positions, np.uint32), np.array([0, len(positions)]))
    (value,) = pickle.loads(b"(" + values.data + b"t.")
    assert opaque([value]) == values
    return value


@given(st.lists(st.integers(0, 2**20), min_size=1, max_size=50, unique=True).map(sorted))
def test_positions_are_read_by_whoosh_as_they_were(positions: list[int]) -> None:
    value = encoded_positions(positions)
    assert Positions().decode_positions(value) == positions
    assert Positions().decode_frequency(value) == len(positions)


def merged(sizes: list[int]) -> list[list[int]]:
    return to_merge(sizes, [0] * len(sizes))


@given(st.lists(st.integers(0, 2**17), min_size=1, max_size=60, unique=True).map(sorted))
@example([75])
@example([75 + 256])
@example([77 * 256 + 75, 77 * 256 + 77])
def test_positions_are_read_by_us_as_they_were(positions: list[int]) -> None:
    value = encoded_positions(positions)
    assert list(accumulate(steps_of(value))) == positions
    for steps in steps_of_tokens([opaque([value]).data] * 2):
        assert list(accumulate(steps)) == positions


def test_every_posting_is_read_by_us_as_by_whoosh(tmp_path: Path) -> None:
    for made in (ours, theirs):
        directory = tmp_path / made.__name__
        reader = made(directory, ARTICLES).reader()
        (info,) = read_toc(directory).segments
        terms = Dictionary(opened(directory / f"{info.name}.trm"), info.documents)
        data = opened(directory / f"{info.name}.pst")
        for name, term in reader.all_terms():
            fixed = name in FIXED
            at = terms.find(name, term)
            assert at is not None
            found = Postings(data, terms, terms.entry_at(at), info.documents, fixed=fixed)
            places: list[Any] = []
            for number, block in enumerate(found.blocks):
                places += (
                    []
                    if fixed
                    else [
                        list(accumulate(steps)) for steps in found.steps(number, range(block.size))
                    ]
                )
            matcher = reader.postings(name, term)
            expected = []
            while matcher.is_active():
                where = None if fixed else matcher.value_as("positions")
                expected.append((matcher.id(), matcher.weight(), where))
                matcher.next()
            both = zip(
                found.all_ids(), found.all_weights(), places or [None] * found.size, strict=True
            )
            assert list(both) == expected, (name, term)
        reader.close()


def test_segments_of_one_size_are_merged_when_there_are_many() -> None:
    assert merged([]) == []
    assert merged([100] * FEW) == []
    assert merged([100] * (FEW + 1)) == [list(range(FEW + 1))]
    assert merged([100_000, *[3] * (FEW + 1)]) == [list(range(1, FEW + 2))]


def test_what_is_deleted_is_left_behind_when_it_is_much() -> None:
    assert to_merge([1000, 1000], [300, 0]) == []
    assert to_merge([1000, 1000], [600, 0]) == [[0]]
    assert to_merge([40], [60]) == []


@given(st.lists(st.integers(1, 500), max_size=300))
def test_segments_stay_few_and_an_article_is_seldom_rewritten(batches: list[int]) -> None:
    segments: list[int] = []
    rewritten = 0
    for size in batches:
        segments.append(size)
        for group in merged(segments):
            whole = sum(segments[number] for number in group)
            rewritten += whole
            segments = [s for number, s in enumerate(segments) if number not in group]
            segments.append(whole)
    assert sum(segments) == sum(batches)
    assert len(segments) <= FEW * 9
    assert rewritten <= 9 * sum(batches)


@given(st.lists(st.tuples(st.integers(1, 3000), st.booleans()), min_size=2, max_size=12))
@example([(1, False), (1, False), (3000, True), (1777, True)])
@settings(max_examples=25, deadline=None)
def test_a_merge_never_leaves_a_length_that_cannot_be(documents: list[tuple[int, bool]]) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        directory = Path(scratch) / "ours"
        made = [
            Article(id=article_id(f"long:{n}"), title="", body="sea " * words, words=words)
            for n, (words, _) in enumerate(documents)
        ]
        ours(directory, made)
        for keys in ([a.id for a, (_, gone) in zip(made, documents, strict=True) if gone], []):
            opened = engine.open(directory, "en")
            writing = opened.writer()
            writing.delete(keys)
            writing.optimize()
            writing.commit()
            opened.close()
        opened = engine.open(directory, "en")
        kept = [words for words, gone in documents if not gone]
        assert opened.statistics().articles == len(kept)
        average = sum(kept) / len(kept) + LENGTH_PADDING if kept else 1.0
        assert opened.statistics().average_length == pytest.approx(average, rel=0.15)
        opened.close()
