"""The dictionary of a segment, as Whoosh's own reader finds its terms."""

from __future__ import annotations

from pathlib import Path
from zlib import crc32

import pytest
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.filetables import OrderedHashReader

from newsidx.engines.whoosh.dictionary import DictionaryWriter


def _written(folder: Path, terms: list[bytes]) -> OrderedHashReader:
    writer = DictionaryWriter(folder / "terms")
    half = len(terms) // 2
    for part in (terms[:half], terms[half:]):
        writer.add(part, [b"of " + term for term in part])
    writer.close()
    storage = FileStorage(str(folder))
    return OrderedHashReader(storage.open_file("terms"), storage.file_length("terms"))


@pytest.mark.parametrize("count", [1, 2, 300, 20_000])
def test_every_term_is_found_by_its_hash_and_in_order(tmp_path: Path, count: int) -> None:
    terms = sorted(f"term{number}".encode() for number in range(count))
    reader = _written(tmp_path, terms)
    assert [reader.get(term) for term in terms] == [b"of " + term for term in terms]
    assert list(reader.keys()) == terms
    assert reader.get(b"nothing") is None
    reader.close()


def test_a_table_that_is_full_at_its_end_goes_on_at_its_beginning(tmp_path: Path) -> None:
    every = (f"term{number}".encode() for number in range(200_000))
    # All in one table, of 40 slots, and all would have one of the last three.
    crowded = [term for term in every if crc32(term) & 255 == 7 and (crc32(term) >> 8) % 40 > 36]
    terms = sorted(crowded[:20])
    assert len(terms) == 20
    reader = _written(tmp_path, terms)
    assert [reader.get(term) for term in terms] == [b"of " + term for term in terms]
    assert all(reader.get(term) is None for term in crowded[20:])
    reader.close()
