"""Files to read, made on the spot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from newsidx.article import RawArticle
from newsidx.readers.base import BadRecord, ReadOptions
from newsidx.readers.registry import reader_for
from newsidx.readers.source import Source

MakeSource = Callable[[str, bytes], Source]
ReadAll = Callable[..., list[RawArticle | BadRecord]]
ReadOne = Callable[..., RawArticle]


@pytest.fixture
def make_source(tmp_path: Path) -> MakeSource:
    """Write bytes under a name and give the source of them."""

    def make(name: str, data: bytes) -> Source:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return Source(name, path)

    return make


@pytest.fixture
def read_all(make_source: MakeSource) -> ReadAll:
    """Everything that the reader of a file yields; the reader is found by the registry."""

    def read(name: str, content: bytes | str, **fields: str) -> list[RawArticle | BadRecord]:
        data = content.encode() if isinstance(content, str) else content
        source = make_source(name, data)
        return list(reader_for(source).read(source, ReadOptions(fields)))

    return read


@pytest.fixture
def read_one(read_all: ReadAll) -> ReadOne:
    """The one article of a file."""

    def read(name: str, content: bytes | str, **fields: str) -> RawArticle:
        (article,) = read_all(name, content, **fields)
        assert isinstance(article, RawArticle)
        return article

    return read
