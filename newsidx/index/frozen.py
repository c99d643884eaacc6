"""Frozen sets: what an archive or an answer held on some day, kept under a name.

Each is a file of its own in the index directory, so that it can be kept while a writer is
at work. Its first line is a JSON object that says what it is, with a checksum of all the
file; every further line is an article: id, hash of what it says, where it was read. It
holds no text of articles.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import asdict

from newsidx.durable import SCRATCH, checksum_of, flush_folder, replace_file
from newsidx.errors import IndexDamaged, IndexVersionError, Refused, UsageError
from newsidx.index.failures import explaining
from newsidx.index.lock import FROZEN, freezing_lock
from newsidx.index.state import state_hash

__all__ = ["NOW", "Frozen", "Holding", "checked_name", "content_of", "every", "load"]
__all__ += ["remove", "save"]

NOW = "now"
"""What stands for the present state where a name may stand."""

VERSION = 1
_SUFFIX = ".jsonl"
_NAMES = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
# Words that mean something else where a name may stand.
_TAKEN = frozenset((NOW, "add", "list", "rm"))


class Holding(NamedTuple):
    """An article that is held, as it is.

    Attributes:
        facts: Hash of all that it says (`refine.identity.Hashes`).
        path: The label of its root, a slash, and its source file below that.
    """

    facts: bytes
    path: str


class Frozen(Struct, frozen=True):
    """A frozen set, without its articles.

    Attributes:
        day: When it was frozen, ISO 8601.
        question: What was asked, as alerts keep it; None of a whole state.
        understood: The query as it was understood, and the filters, as query text.
        articles: How many it holds.
        content: The state of these articles: a hash over their ids and what they say.
        state: That of the whole archive on that day.
        newsidx: The version that froze it; so are `tokens` and `stems`, by which words
            were told apart and reduced.
    """

    name: str
    day: str
    question: dict[str, Any] | None
    understood: str | None
    filters: tuple[str, ...]
    articles: int
    content: str
    state: str
    newsidx: str
    tokens: int
    stems: int

    @property
    def kind(self) -> str:
        """`state` of an archive, or `result` of a query."""
        return "state" if self.question is None else "result"


def checked_name(name: str) -> str:
    """The name, if a frozen set can have it.

    Raises:
        UsageError: It can't.
    """
    if not _NAMES.fullmatch(name) or name in _TAKEN:
        raise UsageError(
            f"A frozen set can't be called {name!r}.",
            "A name has up to 64 letters a-z, digits, - _ and . and begins with a letter or "
            f"digit; {', '.join(sorted(_TAKEN))} are taken.",
        )
    return name


def save(
    directory: Path, frozen: Frozen, holdings: Mapping[str, Holding], wait: float = 0.0
) -> bool:
    """Keep a set; gives whether it is new. It lasts, whole, once this returns.

    Args:
        wait: Seconds to wait while somebody else keeps or removes one.

    Raises:
        Refused: There is another of that name.
    """
    with explaining(directory):
        (directory / FROZEN).mkdir(mode=0o700, exist_ok=True)
    with freezing_lock(directory, wait), explaining(directory):
        for each in every(directory):
            # Some file systems take A and a for one name.
            if each.name.casefold() != frozen.name.casefold():
                continue
            if _what(each) == _what(frozen):
                return False
            raise Refused(
                f"There is a frozen set {each.name} already, which is another.",
                f"Choose another name, or remove that one: newsidx freeze rm {each.name}",
            )
        flush_folder(directory)
        replace_file(_path(directory, frozen.name), _written(frozen, holdings))
    return True


def _what(frozen: Frozen) -> tuple[str, str, str]:
    # As JSON, which has lists where what was just asked has tuples.
    return frozen.name, json.dumps(frozen.question, sort_keys=True), frozen.content


def every(directory: Path) -> list[Frozen]:
    """All frozen sets, by name; only the first line of each is read.

    Raises:
        IndexDamaged: One can't be read.
    """
    found = []
    for path in sorted((directory / FROZEN).glob(f"*{_SUFFIX}")):
        with explaining(directory), path.open("rb") as file:
            found.append(_frozen(path, _head(path, file.readline())))
    return found


def load(directory: Path, name: str) -> tuple[Frozen, dict[str, Holding]]:
    """A frozen set with its articles.

    Raises:
        UsageError: There is none of that name.
        IndexDamaged: It is not as it was written.
    """
    path = _known(directory, name, f"Instead of a name, {NOW} and query:QUERY will do.")
    with explaining(directory):
        data = path.read_bytes()
    line, _, rest = data.partition(b"\n")
    head = _head(path, line)
    frozen = _frozen(path, head)
    if head.get("sum") != _sum(head, rest):
        raise _damaged(path, "it is not as it was written")
    rows = (json.loads(row) for row in rest.splitlines())
    return frozen, {key: Holding(bytes.fromhex(facts), where) for key, facts, where in rows}


def remove(directory: Path, name: str, wait: float = 0.0) -> None:
    """Forget a frozen set; one that is damaged can be removed as well.

    Raises:
        UsageError: There is none of that name.
    """
    path = _known(directory, name)
    with freezing_lock(directory, wait), explaining(directory):
        path.unlink(missing_ok=True)
        path.with_name(path.name + SCRATCH).unlink(missing_ok=True)
        flush_folder(path.parent)


def _path(directory: Path, name: str) -> Path:
    return directory / FROZEN / f"{checked_name(name)}{_SUFFIX}"


def _known(directory: Path, name: str, others: str = "") -> Path:
    """The file of a frozen set.

    Args:
        others: What could have been written besides a name.
    """
    names = sorted(each.stem for each in (directory / FROZEN).glob(f"*{_SUFFIX}"))
    if name in names:
        return _path(directory, name)
    there = f"There are: {', '.join(names)}. {others}"
    none = f"{others} Make one with: newsidx freeze NAME"
    raise UsageError(f"There is no frozen set {name!r}.", (there if names else none).strip())


# The file


def _written(frozen: Frozen, holdings: Mapping[str, Holding]) -> bytes:
    rows = (
        json.dumps([key, each.facts.hex(), each.path]) + "\n"
        for key, each in sorted(holdings.items())
    )
    rest = "".join(rows).encode()
    head = {"version": VERSION, **asdict(frozen)}
    return json.dumps({**head, "sum": _sum(head, rest)}).encode() + b"\n" + rest


def _sum(head: Mapping[str, Any], rest: bytes) -> str:
    said = {name: value for name, value in head.items() if name != "sum"}
    return checksum_of(json.dumps(said, sort_keys=True).encode() + b"\n" + rest)


def _head(path: Path, line: bytes) -> dict[str, Any]:
    try:
        head = json.loads(line)
        version = int(head["version"])
    except (KeyError, TypeError, ValueError) as problem:
        raise _damaged(path, "it is none") from problem
    if version > VERSION:
        what = f"a frozen set of version {version}; this version reads {VERSION}"
        raise IndexVersionError.newer(path.parent.parent, what)
    return dict(head)


def _frozen(path: Path, head: Mapping[str, Any]) -> Frozen:
    said = {name: value for name, value in head.items() if name not in ("version", "sum")}
    try:
        frozen = Frozen(**{**said, "filters": tuple(said["filters"])})
    except (KeyError, TypeError) as problem:
        raise _damaged(path, "it is none") from problem
    if frozen.name != path.stem:
        raise _damaged(path, "it was written under another name")
    return frozen


def _damaged(path: Path, why: str) -> IndexDamaged:
    return IndexDamaged(
        f"The frozen set {path} can't be read: {why}.",
        f"Remove it with: newsidx freeze rm {path.stem}",
    )


def content_of(holdings: Mapping[str, Holding]) -> str:
    """The state of what is held."""
    return state_hash((key, each.facts) for key, each in holdings.items())
