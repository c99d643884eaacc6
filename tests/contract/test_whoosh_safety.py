"""An index directory from a stranger: whatever its files hold is data, and never runs.

Each of the places in which Whoosh keeps a pickle is given one that would make a folder.
"""

from __future__ import annotations

import os
import pickle
import pickletools
import struct
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from whoosh.index import TOC

from newsidx.article import Article, article_id
from newsidx.engines import whoosh as engine
from newsidx.engines.base import SORTS, SearchRequest
from newsidx.engines.whoosh.decoding import steps_of
from newsidx.engines.whoosh.pickles import Unreadable, load
from newsidx.engines.whoosh.toc import read_toc
from newsidx.errors import IndexDamaged
from newsidx.query.bind import bind
from newsidx.query.parser import parse
from tests.contract.engines import FILLERS

# What a writer leaves open when it fails, which is of no account to a process that ends.
pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"
)

ARTICLES = [
    Article(
        id=article_id(f"made:{number}"),
        title=f"Story {number} of the harbour",
        body="The harbour was closed. " * (number % 5 + 1) + f"unique{number}",
        source="Ledger",
        words=number,
    )
    for number in range(30)
]


class Payload:
    """What unpickles by making a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.folder),)


@pytest.fixture
def trap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path("sprung")  # short, to fit where a posting was


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    FILLERS["whoosh"](ARTICLES, tmp_path / "index").close()
    return tmp_path / "index"


def test_the_payload_would_run(trap: Path) -> None:
    pickle.loads(pickle.dumps(Payload(trap)))
    assert trap.is_dir()


def use(directory: Path) -> None:
    """Ask for all that there is, and then rewrite all of it."""
    opened = engine.open(directory, "en")
    try:
        for text in (
            "harbour",
            '"the harbour"',
            "unique3",
            "h*",
            '"closed unique3"',
            "-story",
            "*",
        ):
            for sort in SORTS:
                query = bind(parse(text), text, language="en", today=date(2024, 5, 17))
                hits = opened.search(SearchRequest(query, sort)).hits
                opened.get([hit.id for hit in hits])
        list(opened.scan())
        list(opened.terms("body"))
        opened.facets(query, "source")
    finally:
        opened.close()


def rewrite(directory: Path) -> None:
    """Delete an article, and write the segment anew without it."""
    opened = engine.open(directory, "en")
    try:
        writer = opened.writer()
        writer.delete([ARTICLES[0].id])
        writer.reclaim()
        writer.commit()
    finally:
        opened.close()


def file_of(directory: Path, suffix: str) -> Path:
    (path,) = directory.glob(f"MAIN_*{suffix}")
    return path


def crafted_toc(directory: Path, schema: Any, segments: Any) -> None:
    """Write a table of contents with other pickles in it."""
    (path,) = directory.glob("_MAIN_*.toc")
    generation = int(path.stem.rpartition("_")[2])
    raw = pickle.dumps(schema, 2)
    size = bytearray()
    rest = len(raw)
    while rest > 127:
        size.append(rest & 127 | 128)
        rest >>= 7
    size.append(rest)
    head = path.read_bytes()[:14]
    numbers = struct.pack("!ii", generation, 0)
    path.write_bytes(head + bytes(size) + raw + numbers + pickle.dumps(segments))


def in_schema(directory: Path, payload: Payload) -> None:
    table: Any = TOC.read(_storage(directory), "MAIN")
    crafted_toc(directory, payload, table.segments)


def _storage(directory: Path) -> Any:
    from whoosh.filedb.filestore import FileStorage

    return FileStorage(str(directory))


def in_segments(directory: Path, payload: Payload) -> None:
    table: Any = TOC.read(_storage(directory), "MAIN")
    table.segments[0]._deleted = payload
    crafted_toc(directory, table.schema, table.segments)


def in_segment_list(directory: Path, payload: Payload) -> None:
    crafted_toc(directory, None, payload)


def in_blocks(directory: Path, payload: Payload) -> None:
    """Every posting block."""
    replace_blocks(directory, lambda head, data: (head, pickle.dumps((payload, None, ()))))


def in_values(directory: Path, payload: Payload) -> None:
    def crafted(head: tuple[Any, ...], data: Any) -> tuple[tuple[Any, ...], bytes]:
        return head, pickle.dumps((data[0], data[1], payload))

    replace_blocks(directory, crafted)


def in_positions(directory: Path, payload: Payload) -> None:
    value = struct.pack("!I", 2) + pickle.dumps(payload, 2)

    def crafted(head: tuple[Any, ...], data: Any) -> tuple[tuple[Any, ...], bytes]:
        if not isinstance(data[2], tuple):
            return head, pickle.dumps(data, 4)
        return head, pickle.dumps((data[0], data[1], (value,) * len(data[0])), 4)

    replace_blocks(directory, crafted)


def in_heads(directory: Path, payload: Payload) -> None:
    def crafted(head: tuple[Any, ...], data: Any) -> tuple[Any, bytes]:
        return (*head[:5], payload), pickle.dumps(data, 4)

    replace_blocks(directory, crafted)


def replace_blocks(directory: Path, crafted: Callable[[Any, Any], tuple[Any, bytes]]) -> None:
    """Write the posting file and the dictionary anew, each block through `crafted`."""
    posts, terms = file_of(directory, ".pst"), bytearray(file_of(directory, ".trm").read_bytes())
    old, new = posts.read_bytes(), bytearray()
    at = 0
    while at < len(old):
        start, more = len(new), True
        new += old[at : at + 4]
        begun, at = at, at + 4
        while more:
            (size,) = struct.unpack_from("!i", old, at)
            more = size > 0
            raw = old[at + 4 : at + 4 + abs(size)]
            head, end = load(raw)
            data = pickle.loads(zlib.decompress(raw[end:]) if head[3] else raw[end:])
            head, packed = crafted((*head[:3], 0, *head[4:]), data)
            body = pickle.dumps(head, 2) + packed
            new += struct.pack("!i", len(body) if more else -len(body)) + body
            at += 4 + abs(size)
        extent = struct.pack("!qi", begun, at - begun)
        place = terms.index(extent)
        terms[place : place + 12] = struct.pack("!qi", start, len(new) - start)
    posts.write_bytes(new)
    file_of(directory, ".trm").write_bytes(terms)


def in_inlined(directory: Path, payload: Payload) -> None:
    """The postings of every term that has only one, at their old length."""
    path = file_of(directory, ".trm")
    data = path.read_bytes()
    raw = pickletools.optimize(pickle.dumps(payload, 2))
    begun = b"\x80\x04K"
    at, found = data.find(begun), 0
    while at >= 0:
        if data[at - 23 : at - 22] == b"\x01" and load(data, at)[1] - at >= len(raw):
            data = data[:at] + raw + data[at + len(raw) :]
            found += 1
        at = data.find(begun, at + len(raw))
    assert found > 30
    path.write_bytes(data)


def in_dictionary(directory: Path, payload: Payload) -> None:
    """What the dictionary knows of itself."""
    path = file_of(directory, ".trm")
    data = path.read_bytes()
    (size,) = struct.unpack("!i", data[-4:])
    at = len(data) - 4 - size
    known, end = load(data, at)
    raw = pickle.dumps({**known, "more": payload})
    path.write_bytes(data[:at] + raw + data[end:-4] + struct.pack("!i", len(raw) + size - end + at))


def in_stored(directory: Path, payload: Payload) -> None:
    texts = [zlib.compress(pickle.dumps({"article": payload}, 2))] * len(ARTICLES)
    lengths = struct.pack(f"!{len(texts)}H", *map(len, texts))
    file_of(directory, "._stored.col").write_bytes(b"".join(texts) + lengths + b"H")


def in_column(directory: Path, payload: Payload) -> None:
    texts = [pickle.dumps(payload)] * len(ARTICLES)
    lengths = struct.pack(f"!{len(texts)}H", *map(len, texts))
    for name in ("source_values", "title_key"):
        file_of(directory, f".{name}.col").write_bytes(b"".join(texts) + lengths + b"H")


@pytest.mark.parametrize(
    "craft",
    [
        in_segments,
        in_segment_list,
        in_blocks,
        in_values,
        in_positions,
        in_heads,
        in_inlined,
        in_dictionary,
        in_stored,
        in_column,
    ],
)
def test_a_pickle_that_would_run_something_is_a_clear_error(
    directory: Path, trap: Path, craft: Callable[[Path, Payload], None]
) -> None:
    craft(directory, Payload(trap))
    with pytest.raises(IndexDamaged, match="can't be read"):
        use(directory)
    assert not trap.exists()
    if craft not in (in_column, in_positions):  # which a merge copies as they are
        with pytest.raises((IndexDamaged, Unreadable)):
            rewrite(directory)
    assert not trap.exists()


def test_a_schema_is_never_read_and_the_next_commit_puts_ours_in_its_place(
    directory: Path, trap: Path
) -> None:
    in_schema(directory, Payload(trap))
    use(directory)
    rewrite(directory)
    use(directory)
    assert not trap.exists()
    table: Any = TOC.read(_storage(directory), "MAIN")
    assert "ranking" in table.schema
    assert not trap.exists()


@pytest.mark.parametrize("name", ["posix.system", "builtins.eval", "os.mkdir", "whoosh.x"])
def test_only_the_names_that_a_table_of_contents_has_are_let_through(name: str) -> None:
    module, _, function = name.rpartition(".")
    for raw in (
        f"c{module}\n{function}\n.".encode(),
        b"\x80\x04\x8c" + bytes((len(module),)) + module.encode()
        + b"\x8c" + bytes((len(function),)) + function.encode() + b"\x93.",
    ):  # fmt: skip
        with pytest.raises(Unreadable, match="names a function"):
            load(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b".",
        b"\x80\x02",
        b"\x80\x02r\xff\xff\xff\xff.",  # remember nothing at a place far away
        b"\x80\x02K\x01r\xff\xff\xff\xff",
        b"\x80\x04B\xff\xff\xff\x7fx.",  # bytes that are not there
        b"\x80\x04\x8e\xff\xff\xff\xff\xff\xff\xff\x7fx.",
        b"\x80\x02}" + b")" + b"\x85" * 100_000 + b"K\x01s.",  # a key, deeply nested
        b"\x80\x02P1\n.",
        b"\x80\x02(K\x01K\x02R.",
        b"\x80\x02]K\x01K\x02b.",
        b"\x80\x04\x97.",
        b"K\x01K\x02.",
    ],
)
def test_a_pickle_that_makes_no_sense_is_refused(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        load(raw)


def test_positions_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(Unreadable):
        steps_of(struct.pack("!I", 2) + pickle.dumps(["a", "b"], 2))


def test_more_than_can_be_in_a_block_or_an_article_is_not_decompressed(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from newsidx.engines.whoosh import stored

    monkeypatch.setattr(stored, "_MOST", 100)
    with pytest.raises(IndexDamaged, match="too large"):
        use(directory)


@pytest.mark.parametrize("documents", [10**6, 2**31, -1, "30", None])
def test_a_segment_that_claims_more_documents_than_it_has_is_damage(
    directory: Path, documents: Any
) -> None:
    table: Any = TOC.read(_storage(directory), "MAIN")
    table.segments[0]._doccount = documents
    crafted_toc(directory, None, table.segments)
    with pytest.raises(IndexDamaged):
        use(directory)


@pytest.mark.parametrize("name", ["../../etc", "a/b", "", "x" * 40, 5])
def test_a_segment_is_never_looked_for_outside_of_the_index(directory: Path, name: Any) -> None:
    table: Any = TOC.read(_storage(directory), "MAIN")
    table.segments[0].segid = name
    crafted_toc(directory, None, table.segments)
    with pytest.raises(Unreadable, match="can't be"):
        read_toc(directory)


def test_more_segments_than_merging_leaves_are_not_opened(directory: Path) -> None:
    table: Any = TOC.read(_storage(directory), "MAIN")
    crafted_toc(directory, None, table.segments * 2000)
    with pytest.raises(IndexDamaged, match="too many"):
        engine.open(directory, "en")
