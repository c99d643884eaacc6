"""A folder of articles of our own making, and what becomes of such folders with time."""

from __future__ import annotations

import json
import os
import random
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

__all__ = ["Press"]

_WHO = ("The council", "A fishing crew", "The ferry company", "A teacher", "The harbour office",
        "The mayor", "A group of farmers", "The museum", "The weather service")  # fmt: skip
_DID = ("voted on", "argued about", "praised", "gave up", "opened", "measured", "put off", "sold",
        "repaired", "asked for", "lost")  # fmt: skip
_WHAT = ("the old bridge", "a new lighthouse", "the winter timetable", "three orchards",
         "the school roof", "a café by the quay", "the tide tables", "the night bus",
         "an unexploded mine", "the town's only cinema")  # fmt: skip
_WHEN = ("on Tuesday", "after the storm", "in spring", "for the second time", "before dawn",
         "against all advice", "in front of a large crowd")  # fmt: skip
_OUTLETS = ("Courier", "Ledger", "Evening Gannet", "Quay Observer")


class Press:
    """Files below a folder: the same seed makes the same files and the same changes.

    There are copies, prints of a text under other outlets, versions under one URL, files of
    many records, an archive with members, and one file that nobody can read. Files are
    dated well in the past, each a moment after the last.

    Args:
        folder: It must not exist.
        size: About how many files to begin with.
    """

    def __init__(self, folder: Path, seed: int, size: int) -> None:
        self.folder = folder
        self.chance = random.Random(seed)
        self.clock = 1_500_000_000
        self.number = 0
        for _ in range(size // 2):
            self._write(f"courier/{self._next()}.txt", self._text())
        for _ in range(size // 4):
            self._write(f"ledger/{self._next()}.json", json.dumps(self._story()))
        self._write("wire/all.jsonl", self._lines(size))
        self._write("wire/broken.json", '{"title": "Half a')
        self._pack("years/2016.zip", 4)
        for change in (self._copy, self._reprint, self._print_again) * (1 + size // 20):
            change()

    def change(self, times: int) -> list[str]:
        """Let so many things happen; gives what they were."""
        known = (
            self._add, self._edit, self._move, self._remove, self._copy, self._reprint,
            self._print_again, self._touch, self._shift_records, self._repack, self._move_folder,
        )  # fmt: skip
        done = []
        for change in self.chance.choices(known, k=times):
            change()
            done.append(change.__name__.strip("_").replace("_", " "))
        return done

    # What is in the files

    def _next(self) -> int:
        self.number += 1
        return self.number

    def _sentences(self, count: int) -> str:
        pick = self.chance.choice
        every = (f"{pick(_WHO)} {pick(_DID)} {pick(_WHAT)} {pick(_WHEN)}." for _ in range(count))
        return " ".join(every)

    def _body(self) -> str:
        # Each has a word of its own, by which it can be found.
        own = f"File number story{self._next()} has more."
        return f"{self._sentences(5)}\n\n{own} {self._sentences(self.chance.randint(1, 8))}"

    def _text(self) -> str:
        return f"{self._sentences(1)}\n\n{self._body()}\n"

    def _story(self, **fields: Any) -> dict[str, Any]:
        number = self._next()
        day = f"20{number % 17:02}-{number % 12 + 1:02}-{number % 28 + 1:02}"
        return {
            "title": self._sentences(1),
            "text": self._body(),
            "source": self.chance.choice(_OUTLETS),
            "url": f"https://news.example/{number}/story",
            "date": day,
            "language": "en",
            "tags": ["Coast", "Towns"],
            **fields,
        }

    def _lines(self, count: int) -> str:
        return "".join(json.dumps(self._story()) + "\n" for _ in range(count))

    def _write(self, path: str, text: str) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text)
        self._date(path)

    def _date(self, path: str) -> None:
        self.clock += 10
        os.utime(self.folder / path, (self.clock, self.clock))

    def _pack(self, path: str, members: int) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(self.folder / path, "w") as packed:
            for _ in range(members):
                packed.writestr(f"{self._next()}.json", json.dumps(self._story()))
            packed.writestr(f"{self._next()}.txt", self._text())
        self._date(path)

    # What happens to them

    def _some(self, pattern: str) -> str | None:
        found = sorted(p for p in self.folder.rglob(pattern) if p.is_file())
        return str(self.chance.choice(found).relative_to(self.folder)) if found else None

    def _read_story(self) -> dict[str, Any]:
        """A story that stands alone in a file, with its fields; or a new one."""
        for _ in range(4):
            path = self._some("*.json")
            with suppress(ValueError):  # the broken one
                story: dict[str, Any] = json.loads((self.folder / path).read_text() if path else "")
                return story
        return self._story()

    def _add(self) -> None:
        if self.chance.random() < 0.5:
            self._write(f"courier/{self._next()}.txt", self._text())
        else:
            self._write(f"ledger/{self._next()}.json", json.dumps(self._story()))

    def _edit(self) -> None:
        path = self._some("courier/*.txt")
        if path:
            text = (self.folder / path).read_text()
            self._write(path, f"{text}{self._sentences(1)}\n")

    def _move(self) -> None:
        path = self._some("*.*")
        if path:
            to = self.folder / "moved" / f"{self._next()}{Path(path).suffix}"
            to.parent.mkdir(exist_ok=True)
            (self.folder / path).rename(to)

    def _remove(self) -> None:
        path = self._some("*.*")
        if path and not path.endswith((".jsonl", ".zip")):
            (self.folder / path).unlink()

    def _copy(self) -> None:
        path = self._some("*.*")
        if path:
            to = f"copies/{self._next()}{Path(path).suffix}"
            (self.folder / to).parent.mkdir(exist_ok=True)
            (self.folder / to).write_bytes((self.folder / path).read_bytes())
            self._date(to)

    def _reprint(self) -> None:
        """The same text under another outlet and URL."""
        story = self._read_story() | {"source": "Reprints Weekly"}
        story["url"] = f"https://reprints.example/{self._next()}/print"
        self._write(f"reprints/{self._next()}.json", json.dumps(story))

    def _print_again(self) -> None:
        """Another text under the same URL."""
        story = self._read_story() | {"text": self._body()}
        self._write(f"versions/{self._next()}.json", json.dumps(story))

    def _touch(self) -> None:
        path = self._some("*.*")
        if path:
            self._date(path)

    def _shift_records(self) -> None:
        """A record less at the top of a file of many, and another at its end."""
        path = self._some("*.jsonl")
        if path:
            first, *rest = (self.folder / path).read_text().splitlines(keepends=True)
            self._write(path, "".join(rest) + self._lines(1) + self.chance.choice((first, "")))

    def _repack(self) -> None:
        path = self._some("*.zip")
        self._pack(path or f"years/{self._next()}.zip", self.chance.randint(1, 5))

    def _move_folder(self) -> None:
        folders = sorted(p for p in self.folder.iterdir() if p.is_dir())
        if folders:
            self.chance.choice(folders).rename(self.folder / f"folder-{self._next()}")
