"""What was frozen is there whole, as it was written, or it is an error that says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from newsidx import durable
from newsidx.errors import IndexDamaged, IndexNotWritten, IndexVersionError, Refused, UsageError
from newsidx.index import frozen
from newsidx.index.frozen import Frozen, Holding, content_of
from newsidx.index.state import state_hash

HELD = {
    "aaaaaaaaaaaa": Holding(b"\x01" * 16, "press/a.txt"),
    "bbbbbbbbbbbb": Holding(b"\x02" * 16, 'press/ü\n"b.txt'),
}


def a_set(name: str = "spring", held: dict[str, Holding] = HELD) -> Frozen:
    return Frozen(
        name=name,
        day="2026-11-23",
        question={"text": "fog", "filters": {"lang": ["en"]}},
        understood="fog",
        filters=("lang:en",),
        articles=len(held),
        content=content_of(held),
        state="0" * 32,
        newsidx="1.2.3",
        tokens=2,
        stems=1,
    )


def test_what_was_kept_comes_back(tmp_path: Path) -> None:
    assert frozen.save(tmp_path, a_set(), HELD)
    assert frozen.load(tmp_path, "spring") == (a_set(), HELD)
    assert frozen.every(tmp_path) == [a_set()]


def test_the_same_again_is_no_error_and_another_is(tmp_path: Path) -> None:
    frozen.save(tmp_path, a_set(), HELD)
    tuples = replace(a_set(), question={"text": "fog", "filters": {"lang": ("en",)}})
    assert not frozen.save(tmp_path, replace(tuples, day="2027-01-01"), HELD)
    fewer = {"aaaaaaaaaaaa": HELD["aaaaaaaaaaaa"]}
    with pytest.raises(Refused, match="already"):
        frozen.save(tmp_path, a_set(held=fewer), fewer)
    assert frozen.load(tmp_path, "spring")[1] == HELD


def test_names_that_differ_in_case_only_are_one(tmp_path: Path) -> None:
    frozen.save(tmp_path, a_set(), HELD)
    with pytest.raises(Refused):
        frozen.save(tmp_path, a_set("Spring"), HELD)


@pytest.mark.parametrize(
    "name", ["", "now", "list", "rm", "add", "../x", "a/b", ".a", "query:x", "a b", "x" * 65]
)
def test_a_name_that_means_something_else_or_leads_elsewhere_is_refused(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(UsageError):
        frozen.save(tmp_path, a_set(name), HELD)
    with pytest.raises(UsageError):
        frozen.load(tmp_path, name)


def test_any_byte_that_changed_is_noticed(tmp_path: Path) -> None:
    frozen.save(tmp_path, a_set(), HELD)
    path = tmp_path / "frozen/spring.jsonl"
    data = path.read_bytes()
    for at in range(0, len(data), 7):
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        with pytest.raises((IndexDamaged, IndexVersionError)):
            frozen.load(tmp_path, "spring")
    path.write_bytes(data[:-10])
    with pytest.raises(IndexDamaged, match="freeze rm|not as it was written"):
        frozen.load(tmp_path, "spring")


def test_one_that_is_damaged_can_be_removed(tmp_path: Path) -> None:
    frozen.save(tmp_path, a_set(), HELD)
    (tmp_path / "frozen/spring.jsonl").write_bytes(b"torn")
    with pytest.raises(IndexDamaged):
        frozen.every(tmp_path)
    frozen.remove(tmp_path, "spring")
    assert frozen.every(tmp_path) == []


def test_one_of_a_later_version_is_not_misread(tmp_path: Path) -> None:
    frozen.save(tmp_path, a_set(), HELD)
    path = tmp_path / "frozen/spring.jsonl"
    head, _, rest = path.read_bytes().partition(b"\n")
    path.write_bytes(json.dumps({**json.loads(head), "version": 9}).encode() + b"\n" + rest)
    with pytest.raises(IndexVersionError):
        frozen.load(tmp_path, "spring")


def test_one_that_was_copied_under_another_name_is_not_taken_for_that(tmp_path: Path) -> None:
    frozen.save(tmp_path, a_set(), HELD)
    path = tmp_path / "frozen/spring.jsonl"
    path.rename(path.with_name("summer.jsonl"))
    with pytest.raises(IndexDamaged, match="another name"):
        frozen.load(tmp_path, "summer")


def test_one_whose_writing_was_cut_off_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Path) -> None:
        raise OSError(28, "No space left on device", str(tmp_path / "frozen/spring.jsonl.new"))

    with monkeypatch.context() as patched:
        patched.setattr(durable, "flush", full)
        with pytest.raises(IndexNotWritten, match="full"):
            frozen.save(tmp_path, a_set(), HELD)
    assert frozen.every(tmp_path) == []
    assert frozen.save(tmp_path, a_set(), HELD)


def test_the_order_of_articles_does_not_matter_to_their_hash() -> None:
    pairs = [(key, each.facts) for key, each in HELD.items()]
    assert state_hash(pairs) == state_hash(reversed(pairs)) == content_of(HELD)
    assert state_hash(pairs) != state_hash(pairs[:1])
