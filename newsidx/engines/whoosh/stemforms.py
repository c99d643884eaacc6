"""Which forms of a segment have a stem: a file of its own beside Whoosh's.

The positions of a stem are those of its forms, so they need not be written a second
time. The file is UTF-8 text, a line for each stem: the stem as in the ranking field, a
tab, and its forms with spaces between them; in the order of the stems.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from newsidx.engines.whoosh.files import Data
from newsidx.engines.whoosh.pickles import Unreadable

__all__ = ["STEM_FORMS_EXT", "StemForms", "write_stem_forms"]

STEM_FORMS_EXT = ".stm"

_HEADER = "newsidx stem forms 1\n"


def write_stem_forms(path: Path, forms: Mapping[str, Sequence[str]]) -> None:
    """Write the forms of all stems of a segment."""
    lines = [f"{stem}\t{' '.join(each)}\n" for stem, each in sorted(forms.items())]
    path.write_bytes((_HEADER + "".join(lines)).encode())


class StemForms:
    """The forms of the stems of a segment.

    Args:
        data: The file.

    Raises:
        Unreadable: It is no such file.
    """

    def __init__(self, data: Data) -> None:
        self._data = data
        if not data[: len(_HEADER)] == _HEADER.encode() or data[-1:] != b"\n":
            raise Unreadable("a file of the forms of stems is none")

    def of(self, stem: str) -> list[str]:
        """The forms that have a stem; none where the segment has none."""
        data, wanted = self._data, stem.encode()
        low, high = len(_HEADER), len(data)
        while low < high:
            start = data.rfind(b"\n", 0, (low + high) >> 1) + 1
            end = data.find(b"\n", start)
            found, _, forms = data[start:end].partition(b"\t")
            if found == wanted:
                return forms.decode().split(" ")
            if found < wanted:
                low = end + 1
            else:
                high = start
        return []

    def all(self) -> dict[str, list[str]]:
        """Stem -> forms."""
        found = {}
        for line in self._data[len(_HEADER) :].decode().splitlines():
            stem, _, forms = line.partition("\t")
            found[stem] = forms.split(" ")
        return found
