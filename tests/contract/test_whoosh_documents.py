"""What a segment keeps by document is read by Whoosh, and by us, as it was written."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from whoosh import columns
from whoosh.filedb.filestore import FileStorage

from newsidx.engines.whoosh import documents
from newsidx.engines.whoosh.documents import Columns, DocumentWriter, packed_article, packed_list
from newsidx.engines.whoosh.files import opened
from newsidx.engines.whoosh.layout import NUMBERS, TEXT_COLUMNS
from newsidx.engines.whoosh.stored import Numbers, Stored, Texts, listed

COUNT = 700
LISTS = [name for name in TEXT_COLUMNS if name.endswith("_values")]


def value(name: str, number: int) -> Any:
    if name in NUMBERS:
        return (number, 0, 2**32 - 1 - number)[NUMBERS.index(name)]
    text = f"{number:03}" * (number % 5)
    return [text, "ж" * number] if name in LISTS else text


@pytest.fixture(params=[1, 1 << 15], ids=["with offsets", "without offsets"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(documents, "_MANY", request.param)
    writer = DocumentWriter(tmp_path / "S", ("body", "title"))
    for number in range(COUNT):
        every = {name: value(name, number) for name in (*NUMBERS, *TEXT_COLUMNS)}
        texts = [
            packed_list(tuple(every[name])) if name in LISTS else every[name].encode()
            for name in TEXT_COLUMNS
        ]
        numbers = tuple(every[name] for name in NUMBERS)
        found = Columns(numbers, f"{number:012}".encode(), tuple(texts))
        assert writer.add({"body": number}, found, packed_article(f"article {number}")) == number
    writer.close()
    assert writer.totals == {"body": sum(range(COUNT))}
    return tmp_path


def theirs(folder: Path, name: str, column: Any) -> list[Any]:
    path = folder / f"S.{name}.col"
    with closing(FileStorage(str(folder)).open_file(path.name)) as file:
        return list(column.reader(file, 0, path.stat().st_size, COUNT))


def test_whoosh_reads_every_column_as_it_was_written(folder: Path) -> None:
    for name in NUMBERS:
        expected = [value(name, number) for number in range(COUNT)]
        assert theirs(folder, name, columns.NumericColumn("I")) == expected
    for name in TEXT_COLUMNS:
        values = [value(name, number) for number in range(COUNT)]
        if name in LISTS:
            expected = [[text.encode() for text in each] for each in values]
            assert theirs(folder, name, columns.VarBytesListColumn()) == expected
        else:
            expected = [text.encode() for text in values]
            assert theirs(folder, name, columns.VarBytesColumn()) == expected
    stored = theirs(folder, "_stored", columns.PickleColumn(columns.CompressedBytesColumn()))
    assert stored == [{"article": f"article {number}"} for number in range(COUNT)]
    assert not (folder / "S._title_len.col").exists()


def test_we_read_every_column_as_it_was_written(folder: Path) -> None:
    for name in NUMBERS:
        expected = [value(name, number) for number in range(COUNT)]
        assert list(Numbers(opened(folder / f"S.{name}.col"), "I", COUNT).values) == expected
    for name in TEXT_COLUMNS:
        texts = Texts(opened(folder / f"S.{name}.col"), COUNT)
        for number in range(COUNT):
            found: Any = list(listed(texts[number])) if name in LISTS else texts[number].decode()
            assert found == value(name, number)
    stored = Stored(opened(folder / "S._stored.col"), COUNT)
    assert [stored.article(number) for number in (0, COUNT - 1)] == ["article 0", "article 699"]
