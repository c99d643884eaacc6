"""Copies, versions, and the same text in several places."""

from __future__ import annotations

from tests.indexer.archive import Archive, story

TEXT = "The council voted on Tuesday to close the old bridge. Work begins in spring."
URL = "https://courier.example/2016/11/bridge"


def test_an_exact_copy_is_stored_once_under_the_smaller_path(archive: Archive) -> None:
    archive.write("b.json", story("Bridge", TEXT))
    archive.write("a.json", story("Bridge", TEXT))
    report = archive.index()
    assert (report.added, report.duplicates) == (1, 1)
    assert archive.paths() == ["a.json"]
    assert archive.outcomes() == {"a.json": "indexed", "b.json": "duplicate"}


def test_a_copy_with_a_smaller_path_takes_over(archive: Archive) -> None:
    archive.write("b.json", story("Bridge", TEXT))
    archive.index()
    archive.write("a.json", story("Bridge", TEXT))
    archive.index()
    assert archive.paths() == ["a.json"]
    assert archive.outcomes() == {"a.json": "indexed", "b.json": "duplicate"}


def test_when_the_kept_copy_goes_the_next_takes_its_place(archive: Archive) -> None:
    for name in ("a", "b", "c"):
        archive.write(f"{name}.json", story("Bridge", TEXT, author=f"Author {name}"))
    archive.index()
    (archive.press / "a.json").unlink()
    archive.index()
    (hit,) = archive.search("*").hits
    assert (hit.article.path, hit.article.authors) == ("b.json", ("Author b",))
    assert archive.outcomes() == {"b.json": "indexed", "c.json": "duplicate"}


def test_one_text_under_two_outlets_and_days_is_several_articles(archive: Archive) -> None:
    archive.write("a.json", story("Bridge", TEXT, source="Courier", date="2016-11-09"))
    archive.write("b.json", story("Bridge", TEXT, source="Ledger", date="2016-11-08"))
    archive.write("c.json", story("Bridge shut", TEXT, source="Courier", date="2016-11-10"))
    report = archive.index()
    assert (report.added, report.duplicates) == (3, 0)
    first = next(hit.article for hit in archive.search("source:ledger").hits)
    assert first.same_text is None
    others = [hit.article.same_text for hit in archive.search("source:courier").hits]
    assert others == [first.id, first.id]


def test_same_text_follows_when_the_first_print_goes_or_comes(archive: Archive) -> None:
    archive.write("a.json", story("Bridge", TEXT, source="Courier", date="2016-11-09"))
    archive.write("b.json", story("Bridge", TEXT, source="Ledger", date="2016-11-08"))
    archive.index()
    (archive.press / "b.json").unlink()
    archive.index()
    (left,) = archive.search("*").hits
    assert left.article.same_text is None
    archive.write("c.json", story("Bridge", TEXT, source="Lantern", date="2016-11-01"))
    archive.index()
    (lantern,) = archive.search("source:lantern").hits
    (courier,) = archive.search("source:courier").hits
    assert courier.article.same_text == lantern.article.id


def test_a_new_text_at_a_known_url_replaces_the_old_one(archive: Archive) -> None:
    archive.write("z-old.json", story("Bridge", TEXT, url=URL))
    archive.index()
    before = archive.ids()
    archive.write("a-new.json", story("Bridge", TEXT + " Corrected: in summer.", url=URL))
    report = archive.index()
    assert (report.updated, report.added) == (1, 0)
    assert archive.ids() == before
    assert archive.paths() == ["a-new.json"]
    assert archive.outcomes() == {"a-new.json": "indexed", "z-old.json": "superseded"}


def test_versions_read_in_one_run_end_as_in_two(archive: Archive) -> None:
    archive.write("z-old.json", story("Bridge", TEXT, url=URL))
    archive.write("a-new.json", story("Bridge", TEXT + " Corrected.", url=URL))
    archive.index()
    assert archive.paths() == ["a-new.json"]


def test_when_the_newer_version_goes_the_older_one_is_searched_again(archive: Archive) -> None:
    archive.write("old.json", story("Bridge", TEXT, url=URL))
    archive.index()
    archive.write("new.json", story("Bridge", TEXT + " Corrected.", url=URL))
    archive.index()
    (archive.press / "new.json").unlink()
    archive.index()
    assert archive.paths() == ["old.json"]
    assert archive.outcomes() == {"old.json": "indexed"}


def test_a_url_that_names_many_titles_is_no_identity(archive: Archive) -> None:
    url = "https://courier.example/story.php"
    for number in range(5):
        archive.write(f"{number}.json", story(f"Title {number}", f"{TEXT} {number}", url=url))
    archive.index()
    assert len(archive.ids()) == 5


def test_a_home_page_is_no_identity(archive: Archive) -> None:
    for number in range(2):
        text = f"{TEXT} {number}"
        archive.write(f"{number}.json", story("Bridge", text, url="https://courier.example/"))
    archive.index()
    assert len(archive.ids()) == 2


def test_a_record_inserted_at_the_top_moves_no_id(archive: Archive) -> None:
    stories = [story("One", "The first story is here."), story("Two", "The second story is here.")]
    archive.write("all.json", stories)
    archive.index()
    before = archive.ids()
    archive.write("all.json", [story("Zero", "A new story on top."), *stories])
    report = archive.index()
    assert (report.added, report.updated, report.removed) == (1, 0, 0)
    assert before < archive.ids()


def test_small_record_ids_of_two_files_are_not_confused(archive: Archive) -> None:
    archive.write("a.json", [story("One", "The first story of file a.", id=1)])
    archive.write("b.json", [story("Uno", "The first story of file b.", id=1)])
    archive.index()
    assert archive.titles() == ["One", "Uno"]


def test_a_global_id_is_one_article_in_all_files_of_its_root(archive: Archive) -> None:
    guid = "urn:uuid:8d7a35c2-52dd-4f5c-9bb0-0d5c2d5b1d11"
    archive.write("a.json", [story("One", "The first version of it.", guid=guid)])
    archive.index()
    archive.write("b.json", [story("One", "The second version of it.", guid=guid)])
    archive.index()
    assert archive.paths() == ["b.json"]


def test_the_order_of_runs_does_not_matter_for_copies(archive: Archive) -> None:
    archive.write("m.json", story("Bridge", TEXT))
    archive.index()
    for name in ("z", "a", "k"):
        archive.write(f"{name}.json", story("Bridge", TEXT))
        archive.index()
    assert archive.paths() == ["a.json"]
    state = archive.state
    archive.index(reread=True)
    assert archive.state == state
