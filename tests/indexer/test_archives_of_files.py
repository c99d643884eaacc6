"""Files in archives are source files in their own right."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from newsidx.app import Index
from newsidx.index import accounts
from newsidx.readers import members
from tests.indexer.archive import Archive, story

SEA = "The sea was calm on Monday, and the ferries went out again."
WIND = "A strong wind blew over the harbour all through the night."
RAIN = "It rained on the market, and nobody bought any fish."

Files = dict[str, Any]


def as_bytes(content: Any) -> bytes:
    return content if isinstance(content, bytes) else json.dumps(content).encode()


def zipped(files: Files) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, as_bytes(content))
    return packed.getvalue()


def tarred(files: Files, mode: str = "w") -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            data = as_bytes(content)
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return packed.getvalue()


PACKERS = {
    "press.zip": zipped,
    "press.tar": tarred,
    "press.tar.gz": lambda files: tarred(files, "w:gz"),
    "press.tar.bz2": lambda files: tarred(files, "w:bz2"),
    "press.tar.xz": lambda files: tarred(files, "w:xz"),
    "press": zipped,
}


def put(archive: Archive, name: str, data: bytes) -> Path:
    path = archive.write(name, "")
    path.write_bytes(data)
    return path


def outcomes(archive: Archive) -> dict[str, tuple[str, str | None]]:
    with Index(archive.path) as index:
        ledger = index.ledger()
        found = {row.path: (row.status, row.reason) for row in accounts.outcomes(ledger)}
        ledger.close()
    return found


@pytest.mark.parametrize("name", PACKERS)
def test_members_are_source_files_with_paths_of_their_own(archive: Archive, name: str) -> None:
    files = {"a/sea.json": story("Sea", SEA), "wind.json": story("Wind", WIND), "x.bin": b"\0\1"}
    put(archive, name, PACKERS[name](files))
    report = archive.index()
    assert archive.titles() == ["Sea", "Wind"]
    assert archive.paths() == [f"{name}!/a/sea.json", f"{name}!/wind.json"]
    assert (report.seen, report.read, report.members.read, report.members.skipped) == (1, 1, 3, 1)
    assert outcomes(archive) == {
        name: ("indexed", None),
        f"{name}!/a/sea.json": ("indexed", None),
        f"{name}!/wind.json": ("indexed", None),
        f"{name}!/x.bin": ("skipped", "unknown-format"),
    }


def test_an_unchanged_archive_is_not_opened_again(archive: Archive) -> None:
    put(archive, "press.zip", zipped({"sea.json": story("Sea", SEA)}))
    archive.index()
    report = archive.index()
    assert (report.unchanged, report.read, report.members.read) == (1, 0, 0)
    assert archive.titles() == ["Sea"]


def test_a_member_that_goes_takes_its_articles_along(archive: Archive) -> None:
    put(archive, "press.zip", zipped({"a.json": story("Sea", SEA), "b.json": story("Wind", WIND)}))
    archive.index()
    before = archive.ids("sea")
    put(archive, "press.zip", zipped({"a.json": story("Sea", SEA), "c.json": story("Rain", RAIN)}))
    archive.index()
    assert archive.titles() == ["Rain", "Sea"]
    assert archive.ids("sea") == before
    assert "press.zip!/b.json" not in outcomes(archive)


def test_an_archive_that_goes_takes_its_members_along(archive: Archive) -> None:
    path = put(archive, "press.zip", zipped({"a.json": story("Sea", SEA)}))
    archive.write("b.json", story("Wind", WIND))
    archive.index()
    path.unlink()
    report = archive.index()
    assert (report.files_removed, report.removed) == (1, 1)
    assert archive.titles() == ["Wind"]
    assert outcomes(archive) == {"b.json": ("indexed", None)}


def test_an_archive_that_is_renamed_keeps_the_ids_of_its_articles(archive: Archive) -> None:
    path = put(archive, "press.zip", zipped({"a.json": story("Sea", SEA)}))
    archive.index()
    before = archive.ids()
    path.rename(path.with_name("old.zip"))
    report = archive.index()
    assert (report.moved, report.added, report.removed) == (1, 0, 0)
    assert archive.ids() == before
    assert archive.paths() == ["old.zip!/a.json"]


def test_a_copy_in_an_archive_takes_the_place_of_a_file_that_goes(archive: Archive) -> None:
    first = archive.write("a.json", story("Sea", SEA))
    put(
        archive, "press.zip", zipped({"b.json": story("Wind", WIND), "sea.json": story("Sea", SEA)})
    )
    archive.index()
    assert archive.paths("sea") == ["a.json"]
    assert outcomes(archive)["press.zip!/sea.json"] == ("duplicate", None)
    first.unlink()
    archive.index()
    assert archive.paths("sea") == ["press.zip!/sea.json"]


def test_archives_in_archives_are_opened_and_not_without_end(archive: Archive) -> None:
    inner: Files = {"sea.json": story("Sea", SEA)}
    for _ in range(members.MAX_DEPTH - 1):
        inner = {"inner.zip": zipped(inner), "wind.json": story("Wind", WIND)}
    put(archive, "fits.zip", zipped(inner))
    put(archive, "deeper.zip", zipped({"inner.tar": tarred({"inner.zip": zipped(inner)})}))
    archive.index()
    assert "Sea" in archive.titles()
    found = outcomes(archive)
    assert found["fits.zip!/inner.zip!/inner.zip!/sea.json"] == ("indexed", None)
    assert found["deeper.zip!/inner.tar!/inner.zip!/inner.zip"] == ("failed", "too-large")


def test_no_member_leads_out_of_its_archive(archive: Archive) -> None:
    files = {"../../evil.json": story("Evil", WIND), "/etc/evil.json": story("Evil", WIND)}
    put(archive, "press.tar", tarred({**files, "sea.json": story("Sea", SEA)}))
    put(archive, "press.zip", zipped({**files, "rain.json": story("Rain", RAIN)}))
    before = set(archive.press.parent.glob("*")) | set(archive.press.rglob("*"))
    archive.index()
    assert archive.titles() == ["Rain", "Sea"]
    assert list(archive.press.parent.rglob("evil*")) == []
    assert set(archive.press.parent.glob("*")) | set(archive.press.rglob("*")) == before
    reasons = [reason for path, (_, reason) in outcomes(archive).items() if "evil" in path]
    assert reasons == ["outside-root"] * 4


def test_links_and_hidden_files_in_archives_are_left_out(archive: Archive) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        link = tarfile.TarInfo("link.json")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
        pipe = tarfile.TarInfo("pipe")
        pipe.type = tarfile.FIFOTYPE
        tar.addfile(pipe)
    put(archive, "press.tar", packed.getvalue())
    mac = {"__MACOSX/._sea.json": b"\0", ".DS_Store": b"\0", "sea.json": story("Sea", SEA)}
    put(archive, "press.zip", zipped(mac))
    archive.index()
    found = outcomes(archive)
    assert found["press.tar!/link.json"] == ("excluded", "link")
    assert found["press.tar!/pipe"] == ("skipped", "not-a-file")
    assert found["press.tar"] == ("skipped", "no-article")
    assert found["press.zip!/__MACOSX/._sea.json"] == ("excluded", "hidden")
    assert archive.titles() == ["Sea"]


def test_the_rules_of_a_root_hold_in_its_archives(archive: Archive) -> None:
    files = {"news/sea.json": story("Sea", SEA), "drafts/wind.json": story("Wind", WIND)}
    put(archive, "press.zip", zipped(files))
    archive.index(roots={"exclude": ("drafts/",)})
    assert archive.titles() == ["Sea"]
    assert outcomes(archive)["press.zip!/drafts/wind.json"] == ("excluded", "ignored")


def test_what_a_damaged_archive_still_gives_is_indexed_and_the_damage_told(
    archive: Archive,
) -> None:
    files = {f"{n}.json": story(f"Story {n}", f"{SEA} {n}") for n in range(30)}
    whole = tarred(files)
    put(archive, "cut.tar", whole[: len(whole) // 2 + 700])
    broken = bytearray(zipped({"a.json": story("Wind", WIND), "b.json": story("Rain", RAIN)}))
    broken[broken.find(b"a.json") + 8] ^= 0xFF
    put(archive, "broken.zip", bytes(broken))
    report = archive.index()
    assert 10 < len(archive.titles("story")) < 30
    assert archive.titles("rain") == ["Rain"]
    reasons = {(Path(p.path).name, p.reason) for p in report.problems}
    assert reasons == {("cut.tar", "malformed"), ("a.json", "malformed")}


def test_an_encrypted_member_fails_as_such(archive: Archive) -> None:
    data = bytearray(zipped({"a.json": story("Sea", SEA), "b.json": story("Wind", WIND)}))
    central = data.find(b"PK\x01\x02")
    data[central + 8] |= 1
    data[6] |= 1
    put(archive, "press.zip", bytes(data))
    archive.index()
    assert outcomes(archive)["press.zip!/a.json"] == ("failed", "encrypted")
    assert archive.titles() == ["Wind"]


def test_a_bomb_is_defused(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "_FREE_BYTES", 1_000_000)
    bomb = zipped({f"{n}.txt": b" " * 900_000 for n in range(9)})
    put(archive, "bomb.zip", zipped({"sea.json": story("Sea", SEA), "bomb.zip": bomb}))
    report = archive.index()
    assert archive.titles() == ["Sea"]
    assert "too-large" in {problem.reason for problem in report.problems}


def test_long_members_go_through_a_temporary_file(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(members, "_IN_MEMORY", 1000)
    rows = [story(f"Story {n}", f"{SEA} {n}") for n in range(100)]
    lines = "\n".join(map(json.dumps, rows)).encode()
    put(archive, "press.zip", zipped({"all.jsonl": lines}))
    put(
        archive, "press.tar", tarred({"inner.zip": zipped({"all.json": json.dumps(rows).encode()})})
    )
    archive.index()
    assert len(archive.titles()) == 100


def test_two_members_of_one_name_are_both_read(archive: Archive) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("a.json", as_bytes(story("Sea", SEA)))
        with pytest.warns(UserWarning, match="Duplicate"):
            file.writestr("a.json", as_bytes(story("Wind", WIND)))
    put(archive, "press.zip", packed.getvalue())
    archive.index()
    assert archive.paths() == ["press.zip!/a.json", "press.zip!/a.json~2"]


def test_workers_read_archives_as_one_process_does(archive: Archive, tmp_path: Path) -> None:
    alone = Archive(tmp_path / "alone")
    for number in range(60):
        files = {f"{n}.json": story(f"Story {number} {n}", f"{SEA} {number} {n}") for n in range(3)}
        for one in (archive, alone):
            put(one, f"{number:02}.zip", zipped(files))
    archive.index(jobs=2)
    alone.index()
    assert len(archive.ids()) == 180
    assert archive.ids() == alone.ids()
    assert archive.state == alone.state
