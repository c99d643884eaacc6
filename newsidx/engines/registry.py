"""The engines by name. Nothing of an engine is imported before it is asked for."""

from __future__ import annotations

import importlib
from typing import cast

from newsidx.engines.base import EngineFactory
from newsidx.errors import EngineError

__all__ = ["ENGINES", "factory"]

ENGINES: dict[str, str] = {
    "whoosh": "newsidx.engines.whoosh",
    "tantivy": "newsidx.engines.tantivy",
    "opensearch": "newsidx.engines.opensearch",
}


def factory(name: str) -> EngineFactory:
    """The engine called `name`.

    Raises:
        EngineError: There is none.
    """
    module = ENGINES.get(name)
    if module is None:
        raise EngineError(f"There is no engine {name!r}.", "Engines: " + ", ".join(ENGINES) + ".")
    return cast(EngineFactory, importlib.import_module(module))
