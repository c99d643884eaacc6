"""Writing the dictionary and the postings of a segment, a chunk of terms at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

import numpy as np

from newsidx.engines.whoosh.dictionary import DictionaryWriter
from newsidx.engines.whoosh.encoding import Chunk, encoded

__all__ = ["FieldPostings", "write_postings"]


class FieldPostings(Protocol):
    """The postings of a field of a segment that is to be written."""

    def chunks(self) -> Iterator[Chunk]:
        """Yield them in the order of their terms, as bytes; nothing where there are none."""
        ...


def write_postings(
    stem: Path, fields: Mapping[str, FieldPostings], lengths: Mapping[str, bytearray]
) -> None:
    """Write the dictionary and the postings of a segment.

    Args:
        stem: Of its files: all but what follows the dot.
        fields: By their names; one without a term is left out.
        lengths: Of each field, for each document, the byte that is stored.
    """
    dictionary = DictionaryWriter(Path(f"{stem}.trm"))
    at = 0
    with Path(f"{stem}.pst").open("wb") as file:
        for name in sorted(fields):
            prefix, stored = None, np.frombuffer(lengths[name], np.uint8)
            for chunk in fields[name].chunks():
                if prefix is None:
                    prefix = dictionary.add_field(name)
                said, blocks = encoded(chunk, stored, at)
                dictionary.add([prefix + term for term in chunk.terms], said)
                at += file.write(b"".join(blocks))
    dictionary.close()
