"""After a purge, no file in the index directory holds text of what was removed."""

from __future__ import annotations

import gzip
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from whoosh.index import open_dir

from newsidx.app import Index
from newsidx.engines.whoosh.writer import WhooshWriter
from newsidx.errors import Refused
from newsidx.index.ledger import Ledger
from newsidx.index.manifest import engine_directory, read_manifest
from newsidx.indexer.received import receive
from newsidx.indexer.removal import remove, restore
from newsidx.indexer.run import RunOptions, run
from newsidx.indexer.writing import Writing
from tests.indexer.archive import Archive, story
from tests.indexer.test_histories import Killed, killed_at

SEA = "The sea was calm on Monday, and the ferries went out again."
WIND = "A strong wind blew over the harbour all through the night."
# Words, a title, a URL, a source and a name that nothing else has.
SECRET: dict[str, Any] = story(
    "Quixombre resigns",
    f"Mayor quixombre took the zanvoltique papers home. {SEA}",
    url="https://courier.example/quixombre-zanvoltique",
    source="Quixombre Post",
    author="Ann Quixombre",
    tags=["zanvoltique"],
)
TRACE = re.compile(rb"quixombre|zanvoltique", re.IGNORECASE)


def traces(archive: Archive) -> list[str]:
    """Where the secret can still be read: in files as they lie, and as programs read them."""
    found = []
    for path in archive.path.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            data += gzip.decompress(data) if path.suffix == ".gz" else b""
            found += [str(path)] if TRACE.search(data) else []
    home = engine_directory(archive.path, read_manifest(archive.path))
    with open_dir(str(home)).reader() as reader:
        for leaf, _ in reader.leaf_readers():
            for number in range(leaf.doc_count_all()):  # the deleted ones as well
                if TRACE.search(json.dumps(leaf.stored_fields(number)).encode()):
                    found.append(f"document {number}")
            found += [
                f"term {field}:{term!r}" for field, term in leaf.all_terms() if TRACE.search(term)
            ]
            for name in ("title_key", "source_key") if leaf.doc_count_all() else ():
                values = leaf.column_reader(name, translate=False)
                found += [name for n in range(leaf.doc_count_all()) if TRACE.search(values[n])]
    with Index(archive.path) as index:
        ledger = index.ledger()
        found += [line for line in ledger.db.iterdump() if TRACE.search(line.encode())]
        ledger.close()
    return found


def secret_id(archive: Archive) -> str:
    (key,) = archive.ids("quixombre")
    return key


def pipe_in(archive: Archive, *stories: Any, name: str = "jsonl") -> None:
    data = "".join(json.dumps(each) + "\n" for each in stories).encode()
    label = "stdin" if name == "jsonl" else f"stdin-{name}"
    folder = receive(archive.path, io.BytesIO(data), label, f".{name}")
    run(archive.path, [str(folder)], RunOptions(roots={"format": name}))


def test_removing_alone_leaves_text_and_purging_takes_it(archive: Archive) -> None:
    archive.write("a.json", SECRET)
    archive.write("b.json", story("Sea", SEA))
    archive.index()
    state_without = Archive(archive.path.parent / "other")
    state_without.write("b.json", story("Sea", SEA))
    state_without.index()
    remove(archive.path, [secret_id(archive)])
    assert traces(archive)
    remove(archive.path, [], for_good=True)
    assert traces(archive) == []
    assert archive.titles() == ["Sea"]
    assert archive.state == state_without.state
    with Index(archive.path) as index:
        assert index.engine.segments().deleted == 0


def test_every_segment_with_deletions_is_rewritten(archive: Archive) -> None:
    for number in range(4):
        archive.write(f"{number}.jsonl", "".join(
            json.dumps({**SECRET, "title": f"Quixombre {number}{n}", "url": None}) + "\n"
            + json.dumps(story(f"Sea {number}{n}", SEA)) + "\n" for n in range(3)))  # fmt: skip
        archive.index()
    remove(archive.path, archive.ids("quixombre"), for_good=True)
    assert traces(archive) == []
    assert len(archive.titles("sea")) == 12
    assert archive.search('"ferries went out"').total == 12


def test_a_purge_with_nothing_else_in_a_segment(archive: Archive) -> None:
    archive.write("a.json", SECRET)
    archive.index()
    remove(archive.path, [secret_id(archive)], for_good=True)
    assert traces(archive) == []
    archive.write("b.json", story("Sea", SEA))
    archive.index()
    assert archive.titles() == ["Sea"]


def test_reading_the_source_again_brings_nothing_back_into_the_index(archive: Archive) -> None:
    archive.write("a.json", [SECRET, story("Sea", SEA)])
    archive.index()
    remove(archive.path, [secret_id(archive)], for_good=True)
    archive.index(reread=True)
    run(archive.path, [], RunOptions(rebuild=True, reread=True))
    assert archive.titles() == ["Sea"]
    assert traces(archive) == []


def test_what_was_purged_is_restored_from_its_source(archive: Archive) -> None:
    archive.write("a.json", SECRET)
    archive.index()
    key, state = secret_id(archive), archive.state
    remove(archive.path, [key], for_good=True)
    assert restore(archive.path, [key])[0].articles == (key,)
    assert archive.state == state


def test_purging_keeps_a_copy_out(archive: Archive) -> None:
    archive.write("a.json", SECRET)
    archive.index()
    remove(archive.path, [secret_id(archive)], for_good=True)
    archive.write("b.json", SECRET)
    archive.index()
    assert archive.titles() == []


def test_it_is_cut_out_of_what_came_on_standard_input(archive: Archive) -> None:
    pipe_in(archive, story("Sea", SEA, id="1"), SECRET, story("Wind", WIND))
    with Index(archive.path) as index:
        before = {a.title: a.id for a in index.engine.scan()}
    done = remove(archive.path, [secret_id(archive)], for_good=True)
    assert (done.articles, done.rewritten, done.deleted) == (1, 1, 0)
    assert traces(archive) == []
    run(archive.path, [], RunOptions(reread=True))
    run(archive.path, [], RunOptions(rebuild=True, reread=True))
    with Index(archive.path) as index:
        after = {a.title: a.id for a in index.engine.scan()}
    assert after == {title: before[title] for title in ("Sea", "Wind")}


def test_it_is_cut_out_of_every_batch(archive: Archive) -> None:
    pipe_in(archive, story("Sea", SEA), SECRET)
    pipe_in(archive, SECRET, story("Wind", WIND))
    pipe_in(archive, SECRET)
    done = remove(archive.path, [secret_id(archive)], for_good=True)
    assert (done.articles, done.rewritten, done.deleted) == (1, 2, 1)
    assert traces(archive) == []
    assert [path.name for path in (archive.path / "received").rglob("*.part")] == []
    run(archive.path, [], RunOptions(reread=True))
    assert archive.titles() == ["Sea", "Wind"]


def test_the_one_article_that_is_left_keeps_its_id(archive: Archive) -> None:
    pipe_in(archive, SECRET, story("Wind", WIND))
    kept = archive.ids("wind")
    remove(archive.path, [secret_id(archive)], for_good=True)
    run(archive.path, [], RunOptions(reread=True))
    assert archive.ids() == kept


def test_what_is_left_of_a_batch_is_no_new_version(archive: Archive) -> None:
    url = "https://courier.example/2016/sea"
    pipe_in(archive, story("Sea", SEA, url=url), SECRET)
    pipe_in(archive, story("Sea and wind", WIND, url=url))
    remove(archive.path, [secret_id(archive)], for_good=True)
    run(archive.path, [], RunOptions())
    run(archive.path, [], RunOptions(reread=True))
    assert archive.titles() == ["Sea and wind"]


def test_a_batch_of_nothing_else_goes_as_a_whole(archive: Archive) -> None:
    pipe_in(archive, SECRET)
    pipe_in(archive, story("Sea", SEA))
    key = secret_id(archive)
    done = remove(archive.path, [key], for_good=True)
    assert (done.rewritten, done.deleted) == (0, 1)
    assert traces(archive) == []
    assert restore(archive.path, [key])[0].status == "lost"
    run(archive.path, [], RunOptions())
    assert archive.titles() == ["Sea"]


def test_the_same_batch_sent_again_is_kept_out(archive: Archive) -> None:
    pipe_in(archive, SECRET, story("Wind", WIND))
    remove(archive.path, [secret_id(archive)], for_good=True)
    pipe_in(archive, SECRET, story("Wind", WIND))
    assert archive.titles() == ["Wind"]
    assert traces(archive) == []


def test_a_batch_that_cannot_be_parted_is_refused_before_anything_is_done(archive: Archive) -> None:
    data = "title,text\nQuixombre,The mayor left for good.\nSea,The sea was calm.\n"
    folder = receive(archive.path, io.BytesIO(data.encode()), "stdin-csv", ".csv")
    run(archive.path, [str(folder)], RunOptions(roots={"format": "csv"}))
    state = archive.state
    with pytest.raises(Refused, match="can't be parted"):
        remove(archive.path, [secret_id(archive)], for_good=True)
    assert archive.state == state
    assert archive.titles() == ["Quixombre", "Sea"]
    remove(archive.path, archive.ids(), for_good=True)
    assert traces(archive) == []


def test_what_a_killed_process_received_in_part_is_purged(archive: Archive) -> None:
    pipe_in(archive, story("Sea", SEA))
    part = archive.path / "received" / "stdin" / ".999999999.part"
    part.write_bytes(gzip.compress(json.dumps(SECRET).encode()))
    remove(archive.path, [], for_good=True)
    assert not part.exists()


def test_source_files_are_not_touched(archive: Archive) -> None:
    path: Path = archive.write("a.json", SECRET)
    archive.index()
    before = path.read_bytes(), path.stat()
    remove(archive.path, [secret_id(archive)], for_good=True)
    assert (path.read_bytes(), path.stat()) == before


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(
    ("owner", "name", "number"),
    [
        (Ledger, "set_intent", 1),
        (WhooshWriter, "commit", 1),
        (Ledger, "move_places", 1),
        (Ledger, "delete_file", 1),
        (WhooshWriter, "reclaim", 1),
        (WhooshWriter, "commit", 2),
        (Ledger, "rewrite", 1),
        (Writing, "publish", 1),
    ],
)
def test_a_purge_that_is_cut_short_is_completed_by_the_next(
    archive: Archive, owner: Any, name: str, number: int, after: bool
) -> None:
    pipe_in(archive, story("Sea", SEA), SECRET)
    pipe_in(archive, SECRET)
    archive.write("a.json", [SECRET, story("Wind", WIND)])
    archive.index()
    key, kept = secret_id(archive), archive.ids("-quixombre")
    with pytest.raises(Killed), killed_at(owner, name, number, after):
        remove(archive.path, [key], for_good=True)
    remove(archive.path, [key], for_good=True)
    run(archive.path, [], RunOptions())
    assert archive.ids() == kept
    remove(archive.path, [], for_good=True)
    assert traces(archive) == []
