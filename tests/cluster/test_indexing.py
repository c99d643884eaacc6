"""Runs of the indexer on a real cluster: whose articles are whose, and that none is lost."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import uuid4

import pytest

import newsidx
from newsidx.engines.opensearch import layout, writer
from newsidx.engines.opensearch.bulk import Bulk
from newsidx.engines.opensearch.client import Cluster
from newsidx.engines.opensearch.home import Home, read_home
from newsidx.errors import IndexDamaged, IndexNotFound, Refused, UsageError
from newsidx.index.manifest import read_manifest
from newsidx.indexer.repair import repair
from newsidx.indexer.run import RunOptions, run
from newsidx.indexer.verify import verify
from newsidx.indexer.writing import create_index
from newsidx.output.citation import citation_lines
from tests.cluster.server import address

OPTIONS = RunOptions(jobs=1)


@pytest.fixture
def url() -> Iterator[str]:
    base = address(2)
    name = f"news-{uuid4().hex[:12]}"
    yield f"{base}/{name}"
    Cluster(Home((base,), name, "", "")).call("DELETE", f"/{name}.newsidx.*")


Make = Callable[..., Path]


@pytest.fixture
def made(tmp_path: Path, url: str) -> Make:
    """Indexes a folder of articles, of which each text is a title, under one address."""

    def make(label: str, *texts: str, **options: Any) -> Path:
        folder = tmp_path / label
        folder.mkdir(exist_ok=True)
        for number, text in enumerate(texts):
            write(folder / f"{number}.json", text)
        home = tmp_path / f"index-{label}"
        create_index(home, "opensearch", "en", {"url": url, "replicas": 0, **options})
        run(home, [str(folder)], OPTIONS)
        return home

    return make


def write(path: Path, title: str) -> None:
    path.write_text(json.dumps({"title": title, "text": f"{title} and the ferry."}))


def titles(index: Path, query: str = "*") -> list[str]:
    with newsidx.open(index) as opened:
        return sorted(hit.article.title for hit in opened.search(query, limit=None).hits)


def test_people_who_index_into_one_name_find_each_others_articles(made: Make) -> None:
    ours, theirs = made("ours", "Red", "Blue"), made("theirs", "Green")
    assert titles(ours) == titles(theirs) == ["Blue", "Green", "Red"]
    with newsidx.open(ours) as opened:
        page = opened.search("ferry")
        assert (page.total, page.index.articles, page.warnings) == (3, 3, ())
    assert verify(ours).sound
    assert verify(theirs).sound


def test_removing_and_building_anew_touch_only_ones_own(made: Make, tmp_path: Path) -> None:
    ours, theirs = made("ours", "Red", "Blue"), made("theirs", "Red", "Green")
    (tmp_path / "ours/0.json").unlink()
    run(ours, [], OPTIONS)
    assert titles(theirs) == ["Blue", "Green", "Red"]
    run(ours, [], RunOptions(jobs=1, rebuild=True, reread=True))
    assert titles(theirs) == titles(ours) == ["Blue", "Green", "Red"]
    assert verify(theirs).sound


def test_an_article_that_two_have_is_named_once(made: Make, tmp_path: Path) -> None:
    page = json.dumps({"title": "Red", "text": "The ferry.", "url": "https://h.example/red"})
    for label in ("ours", "theirs"):
        made(label, "Blue")
        (tmp_path / label / "red.json").write_text(page)
        run(tmp_path / f"index-{label}", [str(tmp_path / label)], OPTIONS)
    with newsidx.open(tmp_path / "index-ours") as opened:
        (key, *others) = {hit.article.id for hit in opened.search("red").hits}
        assert not others
        assert opened.get(key[:6]).title == "Red"


def test_all_there_is_has_the_articles_of_others(made: Make, url: str, tmp_path: Path) -> None:
    ours = made("ours", "Red", "Blue")
    made("theirs", "Green")
    home = tmp_path / "attached"
    create_index(home, "opensearch", "en", {"url": url, "attached": True})
    for index in (ours, home):
        with newsidx.open(index) as opened:
            every = {hit.article.id for hit in opened.search("*").hits}
            assert opened.holdings().keys() == every
            assert {record["id"] for record in opened.export()} == every
            assert opened.freeze("all")[0].articles == 3
            assert opened.diff("all").same == 3
            (entry,) = opened.report(["green"]).entries
            assert entry.facts


def test_one_article_that_two_have_is_there_for_each(made: Make) -> None:
    ours, theirs = made("same", "Red"), made("other", "Green")
    with newsidx.open(ours) as opened:
        (mine,) = [hit.article for hit in opened.search("red").hits]
        assert opened.engine.get([mine.id]) == {mine.id: mine}
        assert opened.engine.own_ids() == [mine.id]
    with newsidx.open(theirs) as opened:
        assert opened.get(mine.id) == mine


def test_who_is_attached_searches_and_writes_nothing(made: Make, url: str, tmp_path: Path) -> None:
    made("ours", "Red", "Blue")
    home = tmp_path / "attached"
    create_index(home, "opensearch", "en", {"url": url, "attached": True})
    with newsidx.open(home) as opened:
        page = opened.search("red")
        assert (page.total, page.index.articles, page.warnings) == (1, 2, ())
    with pytest.raises(Refused):
        run(home, [str(tmp_path / "ours")], OPTIONS)
    assert verify(home).sound


def test_nobody_claims_to_know_the_state_of_what_others_fill(
    made: Make, url: str, tmp_path: Path
) -> None:
    ours = made("ours", "Red", "Blue")
    with newsidx.open(ours) as opened:
        alone = opened.cite("red")
    assert alone.index.state == read_manifest(ours).state != ""
    assert f"State:         {alone.index.state}" in "\n".join(citation_lines(alone))
    home = tmp_path / "attached"
    create_index(home, "opensearch", "en", {"url": url, "attached": True})
    made("theirs", "Green")
    for index in (ours, home):
        with newsidx.open(index) as opened:
            found = opened.cite("red")
        assert found.content == alone.content
        assert found.index.state == ""
        lines = list(citation_lines(found))
        assert "State:         not known, since others fill this index as well" in lines
        assert "Dropped:       of what others index, not known; of what was here, nothing" in lines


def test_nothing_to_attach_to_is_an_error(url: str, tmp_path: Path) -> None:
    with pytest.raises(IndexNotFound):
        create_index(tmp_path / "i", "opensearch", "en", {"url": url, "attached": True})


def test_one_name_has_one_language(made: Make, url: str, tmp_path: Path) -> None:
    made("ours", "Red")
    with pytest.raises(UsageError, match="'en'"):
        create_index(tmp_path / "i", "opensearch", "de", {"url": url})


def test_an_index_that_is_no_archive_is_not_taken_for_one(url: str, tmp_path: Path) -> None:
    base, _, name = url.rpartition("/")
    cluster = Cluster(Home((base,), name, "", ""))
    cluster.call("PUT", f"/{name}", {"settings": {"index.number_of_replicas": 0}})
    try:
        with pytest.raises(newsidx.NewsidxError, match="not made by newsidx"):
            create_index(tmp_path / "i", "opensearch", "en", {"url": url})
    finally:
        cluster.call("DELETE", f"/{name}")


def test_a_rebuild_swaps_without_a_gap(made: Make) -> None:
    index = made("ours", *(f"Red {number}" for number in range(30)))
    physical = read_home(next((index / "engine").iterdir())).physical
    found: set[int] = set()
    over = Event()

    def look() -> None:
        while not over.is_set():
            with newsidx.open(index) as opened:
                found.add(opened.count("red"))

    reader = Thread(target=look)
    reader.start()
    try:
        run(index, [], RunOptions(jobs=1, rebuild=True, reread=True))
    finally:
        over.set()
        reader.join()
    assert found == {30}
    assert read_home(next((index / "engine").iterdir())).physical != physical


def test_an_article_that_is_rejected_has_failed_and_the_others_are_there(
    made: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = layout._put_columns

    def spoilt(found: dict[str, Any], article: Any) -> None:
        columns(found, article)
        if article.title == "Bad":
            found["words"] = "a great many"

    monkeypatch.setattr(layout, "_put_columns", spoilt)
    index = made("ours", "Red", "Blue")
    write(tmp_path / "ours/2.json", "Bad")
    lines = [json.dumps({"title": title, "text": f"{title} boats."}) for title in ("Fine", "Bad")]
    (tmp_path / "ours/3.jsonl").write_text("\n".join(lines))
    report = run(index, [], OPTIONS)
    assert report.has_failures
    assert sorted((Path(p.path).name, p.reason, p.position) for p in report.problems) == [
        ("2.json", "rejected", 1),
        ("3.jsonl", "rejected", 2),
    ]
    assert all("failed to parse" in (problem.detail or "") for problem in report.problems)
    assert (report.articles, report.added) == (3, 1)
    assert titles(index) == ["Blue", "Fine", "Red"]
    assert verify(index).sound
    with newsidx.open(index) as opened:
        ledger = opened.ledger()
        rows = {row.path: (row.status, row.reason) for row in ledger.files(1).values()}
        ledger.close()
    assert rows["2.json"] == ("failed", "rejected")
    assert rows["3.jsonl"] == ("indexed", None)
    assert run(index, [], OPTIONS).articles == 3
    monkeypatch.setattr(layout, "_put_columns", columns)
    assert run(index, [], RunOptions(jobs=1, reread=True)).articles == 5


def test_the_next_run_completes_one_that_was_cut_off(
    made: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = made("ours", "Red")
    write(tmp_path / "ours/1.json", "Blue")
    write(tmp_path / "ours/0.json", "Redder")
    flush = Bulk.flush

    def cut(bulk: Bulk) -> None:
        flush(bulk)
        raise KeyboardInterrupt

    monkeypatch.setattr(Bulk, "flush", cut)
    with pytest.raises(KeyboardInterrupt):
        run(index, [], OPTIONS)
    monkeypatch.undo()
    assert run(index, [], OPTIONS).articles == 2
    assert titles(index) == ["Blue", "Redder"]
    assert verify(index).sound


def test_what_the_cluster_lost_is_found_by_verify_and_sent_again_by_repair(made: Make) -> None:
    index = made("ours", "Red", "Blue", "Green")
    home = read_home(next((index / "engine").iterdir()))
    cluster = Cluster(home)
    gone = {"query": {"term": {"title": "blue"}}}
    cluster.call("POST", f"/{home.physical}/_delete_by_query", gone, {"refresh": "true"})
    verdict = verify(index)
    assert len(verdict.missing) == 1
    assert not verdict.sound
    mended = repair(index, OPTIONS)
    assert mended.after is not None
    assert mended.after.sound
    assert titles(index) == ["Blue", "Green", "Red"]


def test_an_index_that_was_deleted_in_the_cluster_is_said_to_be_gone_and_built_anew(
    made: Make,
) -> None:
    index = made("ours", "Red", "Blue")
    home = read_home(next((index / "engine").iterdir()))
    Cluster(home).call("DELETE", f"/{home.physical}")
    with pytest.raises(IndexDamaged, match="gone from the cluster"), newsidx.open(index) as opened:
        opened.search("red")
    assert not verify(index).sound
    repair(index, OPTIONS)
    assert titles(index) == ["Blue", "Red"]
    assert verify(index).sound


def test_an_index_of_other_versions_is_refused(made: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    from newsidx.engines.opensearch import lifecycle

    index = made("ours", "Red")
    for version, said in ((0, "newer"), (2, "older")):
        monkeypatch.setattr(lifecycle, "VERSION", version)
        with pytest.raises(newsidx.NewsidxError, match=said), newsidx.open(index) as opened:
            opened.search("red")


def test_nothing_is_left_of_what_was_removed_for_good(
    made: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = made("ours", *(f"Red {number}" for number in range(12)))
    for number in range(5):
        (tmp_path / f"ours/{number}.json").unlink()
    run(index, [], OPTIONS)
    asked = []
    call, left = Cluster.call, iter([7, 0])

    def kept(cluster: Cluster, method: str, path: str, *given: Any, **more: Any) -> Any:
        asked.append(path.rpartition("/")[2])
        return call(cluster, method, path, *given, **more)

    monkeypatch.setattr(Cluster, "call", kept)
    monkeypatch.setattr(writer, "_PAUSE", 0.0)
    # That the cluster lets go of it takes half a minute; that we wait for it is ours.
    monkeypatch.setattr(writer.OpenSearchWriter, "_left", lambda _: next(left))
    with newsidx.open(index) as opened:
        writing = opened.engine.writer()
        writing.reclaim()
        writing.commit()
        assert opened.count() == 7
    assert asked.count("_forcemerge") == 2


def test_an_index_moves_to_another_directory_with_its_cluster(made: Make, tmp_path: Path) -> None:
    index = made("ours", "Red")
    shutil.move(index, tmp_path / "elsewhere")
    assert titles(tmp_path / "elsewhere") == ["Red"]
