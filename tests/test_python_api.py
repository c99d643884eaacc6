"""The public Python API."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import newsidx
from newsidx.output.records import page_record


def test_open_gives_the_page_that_the_command_prints(demo: Path) -> None:
    with newsidx.open(demo) as index:
        page = index.search("calexit", limit=2)
        assert isinstance(page, newsidx.Page)
        assert page_record(page)["results"][0]["rank"] == 1
        assert (page.total, len(page.hits), page.next_offset) == (4, 2, 2)
        assert index.count("calexit") == 4
        article = index.get(page.hits[0].article.id[:5])
        assert article == page.hits[0].article
        assert Path(page.hits[0].path).is_file()


def test_a_wrong_query_raises_with_its_place(demo: Path) -> None:
    with newsidx.open(demo) as index, pytest.raises(newsidx.QueryError) as caught:
        index.search("calexit AND (")
    assert caught.value.start == 12


def test_filters_take_one_value_or_several_and_days(demo: Path) -> None:
    with newsidx.open(demo) as index:
        everything = index.count()
        assert index.count(lang=["es", "de"]) == index.count("lang:(es OR de)") < everything
        since = index.search(since=date(2024, 1, 1), limit=None)
        assert since.total == index.count("date>=2024") > 0
        assert since.query.filters == ("date:2024-01-01..",)
        with pytest.raises(newsidx.NewsidxError, match="--until"):
            index.search("x", until="soon")


def test_a_page_can_be_explained(demo: Path) -> None:
    with newsidx.open(demo) as index:
        page = index.search("california elect*", explain=True)
        assert page.explanation is not None
        assert page.explanation.tree.articles == page.total
        for hit in page.hits:
            assert hit.reckoning is not None
            assert sum(share.score for share in hit.reckoning.shares) == pytest.approx(hit.score)
        assert index.search("california").explanation is None


def test_a_page_without_hits_says_what_was_perhaps_meant(demo: Path) -> None:
    with newsidx.open(demo) as index:
        page = index.search("califronia -texas")
        assert [leaf.articles for leaf in page.leaves] == [0, 1]
        assert page.suggestions[0].articles == index.count(page.suggestions[0].query) > 0
        silent = index.search("califronia", suggest=False)
        assert (silent.leaves, silent.suggestions) == ((), ())


def test_a_page_can_be_widened(demo: Path) -> None:
    with newsidx.open(demo) as index:
        page = index.search("calexit", expand=True, limit=None)
        assert page.total > index.count("calexit")
        assert page.query.expanded
        assert any(note.startswith("Added by --expand: ") for note in page.warnings)
        assert index.search("calexit").query.expanded == ()


def test_a_missing_index_raises(tmp_path: Path) -> None:
    with pytest.raises(newsidx.NewsidxError, match="There is no index"):
        newsidx.open(tmp_path)


def test_every_public_name_can_be_had() -> None:
    for name in newsidx.__all__:
        assert getattr(newsidx, name) is not None
    assert set(newsidx.__all__) <= set(dir(newsidx))
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        newsidx.nothing_of_the_kind  # noqa: B018
