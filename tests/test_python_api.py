"""The public Python API."""

from __future__ import annotations

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


def test_a_missing_index_raises(tmp_path: Path) -> None:
    with pytest.raises(newsidx.NewsidxError, match="There is no index"):
        newsidx.open(tmp_path)


def test_every_public_name_can_be_had() -> None:
    for name in newsidx.__all__:
        assert getattr(newsidx, name) is not None
    assert set(newsidx.__all__) <= set(dir(newsidx))
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        newsidx.nothing_of_the_kind  # noqa: B018
