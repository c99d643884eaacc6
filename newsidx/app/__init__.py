"""The composition root: an index directory becomes an open `Index`.

What an index can be asked stands in the modules beside this, one upon another: `opened`,
`searching`, `counting`, `evidence`, and `exporting`.
"""

from __future__ import annotations

import os
from pathlib import Path

from newsidx.app.evidence import Evidence
from newsidx.app.opened import NOT_FINISHED, NOTHING_YET

__all__ = ["NOTHING_YET", "NOT_FINISHED", "Index", "open"]


class Index(Evidence):
    """An open index, as of its last commit. A context manager."""


def open(path: str | os.PathLike[str], engine: str | None = None) -> Index:  # noqa: A001 - the public name
    """Open an index for reading.

    Args:
        path: The index directory.
        engine: `memory` answers from a list of all articles, to check another engine;
            default: the engine that the index was built with.

    Raises:
        IndexNotFound: There is none.
        IndexVersionError: It was made by a newer newsidx, or by one that wrote other files.
        IndexDamaged: Its files make no sense.
    """
    return Index(Path(path).expanduser(), engine)
