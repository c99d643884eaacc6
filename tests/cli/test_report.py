"""A dossier is valid, holds nothing but what we made of the articles, and says what it left out."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from newsidx import open as open_index
from newsidx.errors import NewsidxError, Refused
from newsidx.index.accounts import Original
from newsidx.indexer.run import RunOptions, run
from newsidx.indexer.writing import create_index
from newsidx.output.dossier import articles as article_part
from newsidx.output.dossier.chart import ticks_up_to
from newsidx.output.dossier.page import page
from newsidx.output.dossier.style import STYLE
from newsidx.output.originals import SUMS, copies
from newsidx.searcher import dossier as dossier_part
from tests.conftest import REPOSITORY
from tests.processes import Finished

DAY = date(2026, 11, 23)
KEPT = REPOSITORY / "docs" / "dossier-calexit.html"
UPDATE = bool(os.environ.get("NEWSIDX_UPDATE_GOLDEN"))

EVIL = (
    "</mark></p><script>alert(1)</script><img src=x onerror=alert(1)> ferry &amp; \"'` -->"
    " ]]> </style></svg><svg onload=alert(1)> \x00\x1b[2J\u202egnp.exe\ufffe\U0001ffff ferry"
)


class Seen(HTMLParser):
    """The tags of a page, with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, name: str) -> list[str]:
        return [attrs[name] or "" for _, attrs in self.tags if name in attrs]


def validate(text: str) -> None:
    """Fail unless a parser of the standard finds nothing wrong, and every link has its end."""
    html5lib = pytest.importorskip("html5lib", reason="html5lib is not installed")
    html5lib.HTMLParser(strict=True).parse(text)
    seen = Seen(text)
    ids = seen.values("id")
    assert len(ids) == len(set(ids))
    inner = {href[1:] for href in seen.values("href") if href.startswith("#")}
    assert inner <= set(ids)
    assert {name for names in seen.values("aria-labelledby") for name in names.split()} <= set(ids)


def write(press: Path, name: str, text: str, **more: object) -> None:
    press.mkdir(exist_ok=True)
    (press / f"{name}.json").write_text(json.dumps({"title": name, "text": text, **more}))


def indexed(tmp_path: Path) -> Path:
    index = tmp_path / "index"
    if not index.exists():
        create_index(index, "whoosh", "en")
    run(index, [str(tmp_path / "press")], RunOptions(jobs=1))
    return index


@pytest.fixture
def press(tmp_path: Path) -> Path:
    write(tmp_path / "press", "fares", "A ferry ticket costs more.", date="2016-11-09")
    write(tmp_path / "press", "strike", "The ferry crews went on strike.", date="2016-11-08")
    write(tmp_path / "press", "dog", "A dog was lost.")
    return tmp_path / "press"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dossier of articles that try to be more than text, in every field."""
    folder = tmp_path_factory.mktemp("hostile")
    write(
        folder / "press",
        "a",
        f"{EVIL}\n\n{EVIL}",
        title=f"ferry {EVIL}",
        source=EVIL,
        authors=[EVIL],
        tags=[EVIL, "ferry"],
        section=EVIL,
        date="2016-11-08",
        url="javascript:alert(1)",
    )
    for number, url in enumerate(
        ("data:text/html,<script>alert(1)</script>", 'https://a.example/"><script>x</script>')
    ):
        write(folder / "press", f"b{number}", f"Ferry {number}.", url=url)
    strange = folder / "press" / '"><img src=x onerror=alert(1)> #&.txt'
    strange.write_text("The ferry again.\n\nIt came late.\n")
    with open_index(indexed(folder)) as archive:
        yield page(archive.report(["ferry", f"ferry OR '{EVIL[:20]}'".replace("<", "")], day=DAY))


def normal(text: str) -> str:
    """Without what the libraries decide that extract text, and the version."""
    text = re.sub(r"\b[0-9a-f]{32}\b", "HASH", text)
    return re.sub(r"(?<=newsidx )\d+\.\d+\.\d+", "VERSION", text)


def test_the_dossier_in_the_docs_is_made_of_the_sample_data(demo: Path) -> None:
    with open_index(demo) as archive:
        text = page(archive.report(["calexit"], day=DAY))
    if UPDATE:
        KEPT.write_text(text, encoding="utf-8")
    assert normal(KEPT.read_text(encoding="utf-8")) == normal(text)
    assert str(demo) not in text
    assert str(REPOSITORY) not in text


@pytest.mark.parametrize("queries", [["calexit"], ["zzzzqq"], ["california", "ferry"], ["*"]])
def test_it_is_valid_html(demo: Path, queries: list[str]) -> None:
    with open_index(demo) as archive:
        validate(page(archive.report(queries, day=DAY)))


def test_hostile_articles_stay_text(hostile: str) -> None:
    validate(hostile)
    seen = Seen(hostile)
    assert not {"script", "img", "iframe", "object", "form", "link", "base"} & {
        tag for tag, _ in seen.tags
    }
    assert not [name for _, attrs in seen.tags for name in attrs if name.startswith("on")]
    assert "alert(1)" in seen.text
    assert hostile.count("<svg") == hostile.count("</svg>") == hostile.count('class="chart"')
    assert hostile.count("<style>") == hostile.count("</style>") == 1
    assert not re.search("[\x00\x1b\u202e\ufffe\U0001ffff]", hostile)


def test_links_lead_to_the_web_or_into_the_page(hostile: str, demo: Path) -> None:
    with open_index(demo) as archive:
        usual = page(archive.report(["*"], day=DAY))
    for text in (hostile, usual):
        for href in Seen(text).values("href"):
            assert href.startswith(("#", "http://", "https://"))
            assert not re.search(r"[\s\"<>]", href)
    assert any(href.startswith("https://") for href in Seen(usual).values("href"))


def test_the_policy_allows_its_own_style_and_nothing_else(demo: Path) -> None:
    with open_index(demo) as archive:
        seen = Seen(page(archive.report(["calexit"], day=DAY)))
    (policy,) = [
        attrs["content"] for tag, attrs in seen.tags if tag == "meta" and "http-equiv" in attrs
    ]
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    assert policy is not None
    assert "default-src 'none'" in policy
    assert f"style-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    assert not seen.values("style")
    assert not seen.values("src")
    assert "url(" not in STYLE
    assert "@import" not in STYLE


def test_every_match_stands_in_its_context_and_is_marked_in_its_article(demo: Path) -> None:
    with open_index(demo) as archive:
        lines = archive.kwic("calexit", limit=None)
        hits = archive.search("calexit").hits
        seen = Seen(page(archive.report(["calexit"], day=DAY)))
    shown = [span for hit in hits for span in hit.highlights if span.field in ("title", "body")]
    assert seen.values("class").count("match") == lines.total > 0
    assert sum(tag == "mark" for tag, _ in seen.tags) == lines.total + len(shown)
    for line in lines.lines:
        assert f"#a-{line.id}" in seen.values("href")


def test_it_has_what_the_citation_has_and_where_each_field_came_from(demo: Path) -> None:
    from newsidx.output.citation import citation_lines

    with open_index(demo) as archive:
        cited = list(citation_lines(archive.cite("calexit", day=DAY)))
        article = archive.get("6n62mv6pwzbb")
        text = Seen(page(archive.report(["calexit"], day=DAY))).text
    assert "\n".join(cited) in text
    for origin in article.provenance.values():
        assert f"({origin})" in text
    for paragraph in filter(str.strip, article.body.split("\n")):
        assert paragraph in text


def test_what_a_limit_leaves_out_is_said(
    press: Path, tmp_path: Path, newsidx: Callable[..., Finished]
) -> None:
    out = tmp_path / "dossier.html"
    where = ("--index", indexed(tmp_path), "-o", out)
    done = newsidx("report", "ferry", "-n", "1", *where)
    assert done.status == 0
    assert "1 article of ferry left out" in done.err
    text = out.read_text()
    assert "1 article that ferry finds was left out" in Seen(text).text
    assert "crews" in text
    assert "ticket" not in text
    newsidx("report", "ferry", "-n", "1", "--sort", "newest", *where)
    assert "ticket" in out.read_text()


def test_matches_and_text_are_bounded_and_that_is_said(
    press: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(press, "long", "ferry " * 300 + "end.", date="2016-11-10")
    monkeypatch.setattr(dossier_part, "MOST_LINES", 10)
    monkeypatch.setattr(article_part, "LONGEST", 600)
    with open_index(indexed(tmp_path)) as archive:
        text = page(archive.report(["ferry"], day=DAY))
    validate(text)
    assert text.count('class="match"') == 10
    assert "292 more matches were left out" in text
    assert "1,204 more characters were left out." in text


def test_it_is_written_whole_or_not_at_all(
    press: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from newsidx.cli.main import main

    index, out = indexed(tmp_path), tmp_path / "dossier.html"
    args = ["report", "ferry", "--index", str(index), "-o", str(out)]
    args += ["--with-files", str(tmp_path / "files")]
    out.write_text("before")
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
        assert main(args) == 2
    assert out.read_text() == "before"
    assert not (tmp_path / "files").exists()
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".part")]
    assert main(args) == 0
    assert out.read_text().startswith("<!DOCTYPE html>")


def test_it_goes_down_a_pipe_and_is_the_same_twice(
    press: Path, tmp_path: Path, newsidx: Callable[..., Finished]
) -> None:
    where = ("--index", indexed(tmp_path), "-o", "-", "--date", "2026-11-23")
    one, two = (newsidx("report", "ferry", "dog", *where) for _ in range(2))
    assert one == two
    validate(one.out)
    assert one.out.count('<section><h2 id="query-') == 2
    assert newsidx("report", "zzzzqq", *where).status == 1
    assert newsidx("report", "ferry", *where[:2]).status == 2


# Copies of the originals


def test_originals_are_copied_with_their_sums(
    press: Path, tmp_path: Path, newsidx: Callable[..., Finished]
) -> None:
    folder, out = tmp_path / "files", tmp_path / "dossier.html"
    done = newsidx(
        *("report", "ferry", "--index", indexed(tmp_path), "-o", out, "--with-files", folder)
    )
    assert done.status == 0, done.err
    sums = dict(reversed(line.split("  ", 1)) for line in (folder / SUMS).read_text().splitlines())
    assert set(sums) == {"press/fares.json", "press/strike.json"}
    for name, digest in sums.items():
        data = (folder / name).read_bytes()
        assert data == (press / Path(name).name).read_bytes()
        assert hashlib.sha256(data).hexdigest() == digest
        assert digest in out.read_text()
    links = [href for href in Seen(out.read_text()).values("href") if href.startswith("./files/")]
    assert {(tmp_path / href).resolve() for href in links} == {folder / name for name in sums}


def test_nothing_is_overwritten(press: Path, tmp_path: Path) -> None:
    index, folder = indexed(tmp_path), tmp_path / "files"
    folder.mkdir()
    with open_index(index) as archive:
        originals = archive.originals([hit.article.id for hit in archive.search("ferry").hits])
    with copies(originals, folder):
        pass
    before = (folder / SUMS).read_bytes()
    with pytest.raises(Refused, match="not empty"), copies(originals, folder):
        pass
    assert (folder / SUMS).read_bytes() == before
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Refused), copies(originals, link):
        pass


def test_a_file_that_changed_or_went_is_named_and_not_copied(
    press: Path, tmp_path: Path, newsidx: Callable[..., Finished]
) -> None:
    index, folder, out = indexed(tmp_path), tmp_path / "files", tmp_path / "dossier.html"
    write(press, "fares", "A ferry ticket costs nothing.")
    (press / "strike.json").unlink()
    done = newsidx("report", "ferry", "--index", index, "-o", out, "--with-files", folder)
    assert done.status == 0
    assert "press/fares.json: it has changed since it was indexed" in done.err
    assert "press/strike.json: it is not there any more" in done.err
    assert [path.name for path in folder.iterdir()] == [SUMS]
    assert (folder / SUMS).read_text() == ""
    assert "not copied: it has changed since it was indexed" in out.read_text()


def test_of_an_archive_the_whole_is_copied_once(tmp_path: Path) -> None:
    (tmp_path / "press").mkdir()
    with zipfile.ZipFile(tmp_path / "press/all.zip", "w") as archive:
        for name in ("a", "b"):
            archive.writestr(f"{name}.txt", f"The ferry {name}\n\nIt came on Monday {name}.\n")
    with open_index(indexed(tmp_path)) as index:
        ids = [hit.article.id for hit in index.search("ferry").hits]
        originals = index.originals(ids)
    assert len(ids) == 2
    with copies(originals, tmp_path / "files") as found:
        assert [each.name for each in found.files] == ["press/all.zip"]
    data = (tmp_path / "press/all.zip").read_bytes()
    assert (tmp_path / "files/press/all.zip").read_bytes() == data


UNSAFE = [
    "../../etc/passwd",
    "/etc/passwd",
    "..",
    "a\nb.txt",
    "a\\b.txt",
    "-rf",
    "con:aux.txt",
    "ends. ",
    "x" * 300 + ".txt",
    "ü" * 200,
    "byte\udcff.txt",
    "\u202egnp.exe",
    "SHA256SUMS",
    "100%.txt",
]


@pytest.mark.parametrize("path", UNSAFE)
@pytest.mark.parametrize("root", ["press", "..", "SHA256SUMS"])
def test_no_name_leads_out_of_the_folder_or_breaks_the_list(
    tmp_path: Path, path: str, root: str
) -> None:
    # What is read is always the same file, under whatever name the index has for it.
    base = tmp_path / "base"
    base.mkdir()
    real = base / "file"
    real.write_bytes(b"ferry")
    digest = hashlib.blake2b(b"ferry", digest_size=16).digest()

    class Named(Original):
        """An original that lies elsewhere than its path says."""

    original = Named(root, str(base), path, digest)
    opened = os.open

    def redirected(name: object, *args: int, **more: object) -> int:
        is_ours = isinstance(name, bytes) and name.startswith(os.fsencode(base))
        return opened(os.fspath(real) if is_ours else name, *args, **more)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "open", redirected)
        with copies({"aaaaaaaaaaaa": original}, tmp_path / "files") as found:
            (copy,) = found.files
    files = [each for each in (tmp_path / "files").rglob("*") if each.is_file()]
    assert len(files) == 2
    lines = (tmp_path / "files" / SUMS).read_text().split("\n")
    assert lines == [f"{hashlib.sha256(b'ferry').hexdigest()}  {copy.name}", ""]
    assert copy.name is not None
    assert (tmp_path / "files" / copy.name).read_bytes() == b"ferry"
    assert not re.search(r'[\\:*?"<>|\x00-\x1f\u202e]|(^|/)\.+(/|$)', copy.name)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["base", "files"]


def test_a_file_whose_hash_is_not_known_is_not_called_changed(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "a.txt").write_bytes(b"ferry")
    for digest, said in ((None, "its hash is not known"), (b"0" * 16, "it has changed since")):
        original = Original("press", str(tmp_path / "base"), "a.txt", digest)
        with copies({"aaaaaaaaaaaa": original}, tmp_path / said[:3]) as found:
            (copy,) = found.files
        assert copy.name is None
        assert str(copy.problem).startswith(said)


def test_names_that_come_to_the_same_are_told_apart(tmp_path: Path) -> None:
    digest = hashlib.blake2b(b"x", digest_size=16).digest()
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_bytes(b"x")
    originals = {
        "a" * 12: Original("Press", str(tmp_path / "one"), "a.txt", digest),
        "b" * 12: Original("press", str(tmp_path / "two"), "a.txt", digest),
    }
    with copies(originals, tmp_path / "files") as found:
        names = [each.name for each in found.files]
    assert names == ["Press/a.txt", "press/a~2.txt"]


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    original = Original("press", str(tmp_path), "pipe", b"")
    with copies({"a" * 12: original}, tmp_path / "files") as found:
        assert [each.problem for each in found.files] == ["it is no file any more"]


def test_a_folder_that_cannot_be_made_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(NewsidxError, match="can't be written"):
        with copies({}, tmp_path / "no" / "such" / "folder"):
            pass


@pytest.mark.parametrize("most", [0, 1, 2, 5, 6, 9, 10, 11, 99, 1000, 123456])
def test_the_axis_reaches_the_highest_bar_in_whole_steps(most: int) -> None:
    ticks = ticks_up_to(most)
    assert ticks[0] == 0
    assert most <= ticks[-1] < 2 * max(most, 1) + 1
    assert 2 <= len(ticks) <= 6
    assert len({two - one for one, two in zip(ticks, ticks[1:], strict=False)}) == 1
