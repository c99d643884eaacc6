"""The same archive at native speed, on one machine: a Tantivy index, through tantivy-py.

Needs the package `tantivy`: pip install 'newsidx[tantivy]'.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from newsidx.errors import EngineError, UsageError

if TYPE_CHECKING:
    from newsidx.engines.base import EngineCheck, PartCheck
    from newsidx.engines.tantivy.engine import TantivyEngine
    from newsidx.engines.tantivy.prepare import TantivyPreparer

__all__ = ["check", "clear", "create", "discard", "drop", "latest", "open", "preparer"]
__all__ += ["publish", "settled"]


def _require() -> None:
    """See that the package is there, and new enough.

    Raises:
        EngineError: It isn't.
    """
    hint = "Install it with: pip install 'newsidx[tantivy]'"
    try:
        import tantivy
    except ImportError:
        raise EngineError("The engine tantivy needs a package that is missing.", hint) from None
    if not hasattr(tantivy.Query, "const_score_query") or not hasattr(
        tantivy.Searcher, "terms_with_prefix"
    ):
        raise EngineError(
            "The engine tantivy needs tantivy 0.27 or newer, and there is an older one.", hint
        )


def settled(options: Mapping[str, Any]) -> dict[str, Any]:
    """No options: there are none.

    Raises:
        EngineError: The package is missing.
        UsageError: There are.
    """
    _require()
    if options:
        raise UsageError(f"The engine tantivy has no option {min(options)!r}.", "Leave it out.")
    return {}


def create(
    directory: Path,
    language: str,  # noqa: ARG001 - part of the protocol
    options: Mapping[str, Any] = MappingProxyType({}),  # noqa: ARG001 - likewise
) -> None:
    """Make an empty Tantivy index in an existing, empty directory."""
    _require()
    from newsidx.engines.tantivy.files import make

    make(directory)


def publish(directory: Path) -> None:
    """Nothing: the manifest names the directory."""


def discard(directory: Path) -> None:
    """Remove the directory, which is all there is."""
    shutil.rmtree(directory, ignore_errors=True)


def preparer(directory: Path, language: str) -> TantivyPreparer:
    """Write segments for the index in a directory, which its writer can adopt."""
    _require()
    from newsidx.engines.tantivy.prepare import TantivyPreparer

    return TantivyPreparer(directory, language)


def open(directory: Path, language: str) -> TantivyEngine:  # noqa: A001 - part of the protocol
    """Open the Tantivy index in a directory.

    Raises:
        EngineError: The package is missing.
        IndexDamaged: There is no index, or its files can't be read.
    """
    _require()
    from newsidx.engines.tantivy.engine import TantivyEngine

    return TantivyEngine(directory, language)


def latest(directory: Path) -> int:
    """The number of the last commit, or -1 if there is none."""
    from newsidx.engines.tantivy.files import read_commit
    from newsidx.errors import IndexDamaged

    try:
        return read_commit(directory).number
    except IndexDamaged:
        return -1


def check(
    directory: Path, known: Mapping[str, PartCheck], tell: Callable[[int], None]
) -> EngineCheck:
    """Hold all files that the last commit names against their checksums."""
    from newsidx.engines.tantivy import checking

    return checking.check(directory, known, tell)


def drop(directory: Path, parts: Collection[str]) -> None:
    """Commit without some segments, whatever state they are in."""
    _require()
    from newsidx.engines.tantivy import checking

    checking.drop(directory, parts)


def clear(directory: Path) -> None:
    """Remove what writers left that did not come to their commit; the caller holds the lock."""
    from newsidx.engines.tantivy import checking

    checking.clear(directory)
