"""Which forms of a segment have a stem: a file of its own beside Whoosh's.

The positions of a stem are those of its forms, so they need not be written a second
time. The file is UTF-8 text, a line for each stem: the stem as in the ranking field, a
tab, and its forms with spaces between them.
"""

from __future__ import annotations

import mmap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

__all__ = ["STEM_FORMS_EXT", "StemForms", "write_stem_forms"]

STEM_FORMS_EXT = ".stm"

# A line is found with the end of the one before it.
_HEADER = "newsidx stem forms 1\n"


def write_stem_forms(path: Path, forms: Mapping[str, Sequence[str]]) -> None:
    """Write the forms of all stems of a segment."""
    lines = [f"{stem}\t{' '.join(each)}\n" for stem, each in sorted(forms.items())]
    path.write_bytes((_HEADER + "".join(lines)).encode())


class StemForms:
    """The file of a segment, mapped into memory.

    Raises:
        OSError: It is not there.
        ValueError: It is no such file.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if not self._data[: len(_HEADER)] == _HEADER.encode():
            raise ValueError(f"{path} holds no forms of stems")

    @classmethod
    def open(cls, reader: Any) -> Self:
        """That of the segment of a reader of Whoosh's."""
        name = reader.segment().make_filename(STEM_FORMS_EXT)
        return cls(Path(reader.storage().folder) / name)

    def of(self, stem: str) -> list[str]:
        """The forms that have a stem; none where the segment has none."""
        start = self._data.find(f"\n{stem}\t".encode())
        if start < 0:
            return []
        end = self._data.find(b"\n", start + 1)
        return self._data[start + 1 : end].decode().partition("\t")[2].split(" ")

    def all(self) -> dict[str, list[str]]:
        """Stem -> forms."""
        found = {}
        for line in self._data[len(_HEADER) :].decode().splitlines():
            stem, _, forms = line.partition("\t")
            found[stem] = forms.split(" ")
        return found

    def close(self) -> None:
        """Let go of the file."""
        self._data.close()
